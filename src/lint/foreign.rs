//! Syntax of other tools in a text. It has no meaning here and would be printed as it is (W0216),
//! as would a link without a definition (W0313). Code is no text, so an example in it is left
//! alone.

use super::prose::Prose;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::search::find_byte;
use crate::source::{Sources, Span};

/// Bytes of a tag that are looked through for its end.
const MAX_TAG: usize = 1_000;

/// Lines that stand for a list of contents, in any case.
const CONTENTS: [&str; 5] = ["[TOC]", "[[TOC]]", "[[_TOC_]]", "@[TOC]", "${TOC}"];

/// Commands of LaTeX for a new page.
const NEW_PAGE: [&str; 3] = [r"\newpage", r"\pagebreak", r"\clearpage"];

/// How ids of Quarto begin.
const QUARTO_KINDS: [&str; 5] = ["fig-", "tbl-", "sec-", "eq-", "lst-"];

/// A finding: its length in bytes and its message.
struct Finding {
    length: usize,
    code: Code,
    message: String,
    hint: String,
}

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    let is_mark = |byte: u8| matches!(byte, b'{' | b'[' | b'(' | b'@' | b'$' | b'\\' | b'^');
    let mut at = 0;
    while let Some(rest) = prose.text.get(at..)
        && let Some(mark) = find_byte(rest, &is_mark)
        && let Some((before, rest)) = prose.text.split_at_checked(at + mark)
    {
        let start = at + mark;
        if let Some((length, problem)) = formula_of_latex(prose, start, sources) {
            diagnostics.push(problem);
            at = start + length;
            continue;
        }
        let Some(Finding { length, code, message, hint }) = find(before, rest) else {
            at = start + 1;
            continue;
        };
        at = start + length;
        // The two ends are looked up alone: quotation marks between them may
        // have been made smart.
        let span = prose.span(start..start + 1, sources).to(prose.span(at - 1..at, sources));
        if !is_escaped(span, sources) {
            diagnostics.push(Diagnostic::new(code, span, message).hint(hint));
        }
    }
}

/// The finding that starts between two parts of a run.
fn find(before: &str, rest: &str) -> Option<Finding> {
    template(rest)
        // The line of a caption is looked at as a whole.
        .or_else(|| attributes(rest).filter(|_| !before.starts_with(": ")))
        .or_else(|| link(before, rest))
        .or_else(|| line(rest, before.is_empty()))
        .or_else(|| reference(before, rest))
        .or_else(|| command(rest))
        .or_else(|| formula(before, rest))
        .or_else(|| before.ends_with(char::is_whitespace).then(|| name_of_paragraph(rest)).flatten())
}

/// A writer who puts a backslash before a bracket means the bracket.
fn is_escaped(span: Span, sources: &Sources) -> bool {
    let before = sources.get(span.file).and_then(|source| source.text().get(..source.locate(span.start) as usize));
    let within = sources.text(span);
    before.is_some_and(|before| before.ends_with('\\'))
        || [r"\[", r"\]", r"\{", r"\}", r"\\"].into_iter().any(|escape| within.contains(escape))
}

/// `{% … %}`, `{{ … }}` and `{{< … >}}`: tags of Liquid, Jinja, Hugo and Quarto.
fn template(rest: &str) -> Option<Finding> {
    const TAGS: [(&str, &str); 2] = [("{%", "%}"), ("{{", "}}")];
    let (open, close) = TAGS.into_iter().find(|(open, _)| rest.starts_with(open))?;
    let end = near(rest).find(close)? + close.len();
    // A plain name is a variable of ours that was reported as unknown.
    let name = rest.get(open.len()..end - close.len())?.trim();
    if open == "{{" && !name.is_empty() && !name.contains(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '_')) {
        return None;
    }
    Some(Finding {
        length: end,
        code: Code::ForeignSyntax,
        message: format!("a template’s tag, `{open} … {close}`, is no command here and stays as text"),
        hint: instead_of_tag(name),
    })
}

/// A replacement for a template tag.
fn instead_of_tag(inside: &str) -> String {
    let inside = inside.trim_matches(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '%' | '-'));
    let mut words = inside.split_whitespace();
    let name = words.next().unwrap_or_default();
    let path = words.map(|word| word.rsplit('=').next().unwrap_or(word)).find_map(|word| {
        let path = word.trim_matches(['"', '\'', '“', '”', '‘', '’']);
        (!path.is_empty()).then_some(path)
    });
    match (name, path) {
        ("include" | "include_relative" | "embed" | "readfile", Some(path)) => {
            format!("write `:::include {{src={path}}}` on a line of its own")
        }
        ("figure" | "image" | "img", Some(path)) => format!("write `![what it shows]({path})`"),
        ("ref" | "relref" | "link", Some(path)) => format!("write `[words]({path})`"),
        ("pagebreak", None) => "write `:::pagebreak` on a line of its own".to_owned(),
        _ => "write out what it stands for; `{{name}}` gives a value of the front matter".to_owned(),
    }
}

/// `{: .class}` of kramdown, and `{.class}`, `{#id}` or `{key=value}` after what takes none, or
/// what cannot be read as attributes.
fn attributes(rest: &str) -> Option<Finding> {
    let inside = rest.strip_prefix('{')?;
    let (inside, _) = near(inside).split_once('}')?;
    let words = inside.strip_prefix(':').unwrap_or(inside);
    let is_pair = |word: &str| word.split_once('=').is_some_and(|(key, value)| is_key(key) && !value.is_empty());
    let is_attribute = |word: &str| word.starts_with(['.', '#']) && word.len() > 1 || word.contains('=');
    let kramdown = words.len() < inside.len();
    let mut all = words.split_whitespace();
    let begins = words.starts_with(['.', '#']) || all.next().is_some_and(is_pair);
    let is_whole = words.split_whitespace().all(is_attribute);
    let found = |message: &str, hint: &str| Finding {
        length: inside.len() + "{}".len(),
        code: Code::ForeignSyntax,
        message: message.to_owned(),
        hint: hint.to_owned(),
    };
    if kramdown || (begins && is_whole) {
        return Some(found(
            "nothing here takes these attributes, and they stay as text",
            "put them in a heading’s line, behind a link, a picture, code or `[words]`, \
             or open a directive with them: `:::{.class}`",
        ));
    }
    (begins && words.contains('=')).then(|| {
        found(
            "these attributes cannot be read and stay as text",
            "put a value of several words into quotation marks: `{key=\"two words\"}`",
        )
    })
}

/// Whether a word may name an attribute; in formulas letters stand alone.
fn is_key(word: &str) -> bool {
    word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-')
}

/// `[words][id]` without a definition of `id`, and `[[Page]]` of a wiki.
fn link(before: &str, rest: &str) -> Option<Finding> {
    let no_contents = || !CONTENTS.iter().any(|contents| is_prefix(contents, rest));
    if let Some(inside) = rest.strip_prefix("[[").filter(|_| no_contents()) {
        let (page, _) = near(inside).split_once("]]")?;
        return is_words(page).then(|| {
            let (message, hint) = wiki(page, before.ends_with('!'));
            Finding { length: page.len() + "[[]]".len(), code: Code::ForeignSyntax, message, hint }
        });
    }
    let (words, behind) = near(rest.strip_prefix('[')?).split_once(']')?;
    let (id, _) = behind.strip_prefix('[')?.split_once(']')?;
    let is_link = is_words(words) && !id.contains('[') && !words.starts_with(['@', '^']) && !id.starts_with(['@', '^']);
    let name = if id.trim().is_empty() { words } else { id };
    is_link.then(|| Finding {
        length: words.len() + id.len() + "[][]".len(),
        code: Code::UndefinedLink,
        message: format!("no address is defined for `{name}`, so this is no link"),
        hint: format!("define it in a line of its own: `[{name}]: https://…`"),
    })
}

/// The message for a wiki link, or for content embedded by one.
fn wiki(page: &str, is_embedded: bool) -> (String, String) {
    let (place, words) = page.split_once('|').unwrap_or((page, page));
    let name = place.split('#').next().unwrap_or_default().trim();
    let path = if name.contains('.') { name.to_owned() } else { format!("{name}.md") };
    let path = match (name.is_empty(), path.contains(' ')) {
        (true, _) => "document.md".to_owned(),
        (false, true) => format!("<{path}>"),
        (false, false) => path,
    };
    if is_embedded {
        let hint = format!("write `:::include {{src=\"{}\"}}` on a line of its own", path.trim_matches(['<', '>']));
        return ("a wiki puts another page here; nothing does so here, and it stays as text".to_owned(), hint);
    }
    let hint = format!("write `[{}]({path})`", words.trim());
    ("a wiki’s link leads nowhere here and stays as text".to_owned(), hint)
}

/// `@fig-map` and the like, as Quarto refers to places.
fn reference(before: &str, rest: &str) -> Option<Finding> {
    let id = quarto_id(rest.strip_prefix('@')?)?;
    let stands_alone = !before.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '@' | '.' | '_' | '/'));
    stands_alone.then(|| Finding {
        length: "@".len() + id.len(),
        code: Code::ForeignSyntax,
        message: format!("`@{id}` refers to nothing here and stays as text"),
        hint: format!("write `[](#{id})`, and give the place the id: `{{#{id}}}`"),
    })
}

/// An id at the start of a text that says, as in Quarto, first what it is of.
fn quarto_id(text: &str) -> Option<&str> {
    let kind = QUARTO_KINDS.into_iter().find(|kind| text.starts_with(kind))?;
    let legal = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    let name = text.get(kind.len()..)?.split(|letter| !legal(letter)).next()?.trim_end_matches(['-', '_']);
    text.get(..kind.len() + name.len()).filter(|_| !name.is_empty())
}

/// `\ref{x}` and other commands of LaTeX.
fn command(rest: &str) -> Option<Finding> {
    let body = near(rest.strip_prefix('\\')?);
    let (name, tail) = body.split_at(body.find(|letter: char| !letter.is_ascii_alphabetic())?);
    let options = tail.strip_prefix('[').and_then(|tail| tail.split_once(']')).map_or(tail, |(_, tail)| tail);
    let (argument, _) = options.strip_prefix('{')?.split_once('}')?;
    let hint = match name {
        "ref" | "autoref" | "cref" | "Cref" | "nameref" | "eqref" | "vref" | "pageref" => {
            format!("write `[](#{argument})`")
        }
        "label" => format!("put the id `{{#{argument}}}` behind the heading, or into the line of the directive"),
        "cite" | "citep" | "citet" | "parencite" | "textcite" | "autocite" | "footcite" => {
            format!("write `[@{}]`", argument.split(',').map(str::trim).collect::<Vec<_>>().join("; @"))
        }
        "footnote" => "write `^[words]`".to_owned(),
        "textbf" | "textit" | "emph" | "underline" => "write `**words**` or `*words*`".to_owned(),
        "section" | "subsection" | "subsubsection" | "chapter" => "write `# Heading`".to_owned(),
        "url" | "href" => "write `[words](https://…)`".to_owned(),
        "begin" | "end" | "input" | "include" | "includegraphics" | "caption" => {
            "write it in Markdown; the handbook says how".to_owned()
        }
        _ => return None,
    };
    Some(Finding {
        length: "\\{}".len() + name.len() + (tail.len() - options.len()) + argument.len(),
        code: Code::ForeignSyntax,
        message: format!("`\\{name}{{…}}` is a command of LaTeX and stays as text"),
        hint,
    })
}

/// `$x^2$`, as most other tools write formulas; a sign of money is none.
fn formula(before: &str, rest: &str) -> Option<Finding> {
    let (inside, behind) = near(rest.strip_prefix('$')?).split_once('$')?;
    let is_open = !before.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '$' | '`'));
    let is_closed = !behind.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '$' | '`'));
    // A number may be a sum of money.
    let is_number = inside.starts_with(|first: char| first.is_ascii_digit()) && !inside.contains(['\\', '^']);
    let is_letter = inside.len() == 1 && inside.chars().all(char::is_alphabetic);
    let is_formula = !is_number && inside.trim_matches([' ', '`']) == inside && (is_letter || is_formula(inside));
    (is_open && is_closed && is_formula).then(|| Finding {
        length: inside.len() + "$$".len(),
        code: Code::ForeignSyntax,
        message: "a formula between dollar signs alone stays as text here".to_owned(),
        hint: format!("write it as code between them: $`{inside}`$"),
    })
}

/// Finds `\(x^2\)` and `\[x^2\]`, of which Markdown keeps only the brackets.
fn formula_of_latex(prose: &Prose, start: usize, sources: &Sources) -> Option<(usize, Diagnostic)> {
    let rest = prose.text.get(start..)?;
    let (close, hint) = match rest.as_bytes().first()? {
        b'(' => (')', "write it as code between dollar signs: $`x^2`$"),
        b'[' => (']', "write it between two lines of `$$`, or in a fence of the language `math`"),
        _ => return None,
    };
    let is_behind_backslash = |at: usize| {
        let span = prose.span(at..at + 1, sources);
        let before = sources.get(span.file).and_then(|file| file.text().get(..file.locate(span.start) as usize));
        before.is_some_and(|before| before.ends_with('\\')).then_some(span)
    };
    let open = is_behind_backslash(start)?;
    let (end, closed) =
        near(rest).match_indices(close).find_map(|(at, _)| Some((at, is_behind_backslash(start + at)?)))?;
    is_formula(rest.get(1..end)?).then(|| {
        let message = "a formula as LaTeX writes it stays as text here, without its backslashes";
        (end + 1, Diagnostic::new(Code::ForeignSyntax, open.to(closed), message).hint(hint))
    })
}

/// Whether words hold what only formulas do.
fn is_formula(words: &str) -> bool {
    let is_command =
        |at: usize| words.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    words.contains(['^', '_', '=', '≤', '≥', '<', '>']) || words.match_indices('\\').any(|(at, _)| is_command(at))
}

/// `^name` at the end of a paragraph, as Obsidian names it.
fn name_of_paragraph(rest: &str) -> Option<Finding> {
    let name = rest.strip_prefix('^')?;
    let is_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    is_name.then(|| Finding {
        length: rest.len(),
        code: Code::ForeignSyntax,
        message: "Obsidian’s name of a paragraph is no name here and stays as text".to_owned(),
        hint: format!("put `[]{{#{name}}}` at the start of the paragraph, and link to `#{name}`"),
    })
}

/// Finds markup alone in its line: `[TOC]`, `\newpage`.
fn line(rest: &str, whole_run: bool) -> Option<Finding> {
    let found = |words: &&&str| is_prefix(words, rest) && rest.trim_end().len() == words.len() && whole_run;
    let contents = CONTENTS.iter().find(found).map(|words| (words, ":::contents", "makes no contents"));
    let page = || NEW_PAGE.iter().find(found).map(|words| (words, ":::pagebreak", "begins no page"));
    contents.or_else(page).map(|(words, directive, what)| Finding {
        length: words.len(),
        code: Code::ForeignSyntax,
        message: format!("`{words}` {what} here and stays as text"),
        hint: format!("write `{directive}`"),
    })
}

/// The start of a text, as far as a tag may reach.
fn near(text: &str) -> &str {
    let mut end = MAX_TAG.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

fn is_words(text: &str) -> bool {
    !text.contains(['[', ']']) && text.chars().any(char::is_alphabetic)
}

fn is_prefix(words: &str, rest: &str) -> bool {
    rest.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words))
}
