//! What other tools' syntax leaves in a text: it means nothing here and would
//! be printed as it is (W0216), as would a link whose definition is missing
//! (W0313). Code is no text, so an example in it is left alone.

use super::prose::Prose;
use super::words::find_byte;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Sources, Span};

/// Bytes of a tag that are looked through for its end.
const MAX_TAG: usize = 1_000;

/// Lines that stand for a list of contents, in any case.
const CONTENTS: [&str; 5] = ["[TOC]", "[[TOC]]", "[[_TOC_]]", "@[TOC]", "${TOC}"];

/// Commands of LaTeX for a new page.
const NEW_PAGE: [&str; 3] = [r"\newpage", r"\pagebreak", r"\clearpage"];

/// Something that was found: how many bytes it has, and what is said of it.
struct Finding {
    length: usize,
    code: Code,
    message: String,
    hint: String,
}

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    let is_mark = |byte: u8| matches!(byte, b'{' | b'[' | b'@' | b'$' | b'\\' | b'^');
    let mut at = 0;
    while let Some(rest) = prose.text.get(at..)
        && let Some(mark) = find_byte(rest, &is_mark)
        && let Some(rest) = rest.get(mark..)
    {
        let start = at + mark;
        let whole_run = start == 0;
        let found =
            template(rest).or_else(|| attributes(rest)).or_else(|| link(rest)).or_else(|| line(rest, whole_run));
        let is_last = prose.text.get(..start).is_some_and(|before| before.ends_with(char::is_whitespace));
        let found = found.or_else(|| is_last.then(|| name_of_paragraph(rest)).flatten());
        let Some(Finding { length, code, message, hint }) = found else {
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

/// A writer who puts a backslash before a bracket means the bracket.
fn is_escaped(span: Span, sources: &Sources) -> bool {
    let before = sources.get(span.file).and_then(|source| source.text().get(..span.start as usize));
    let within = sources.text(span);
    before.is_some_and(|before| before.ends_with('\\'))
        || [r"\[", r"\]", r"\{", r"\}"].into_iter().any(|escape| within.contains(escape))
}

/// `{% … %}`, `{{ … }}` and `{{< … >}}`: tags of Liquid, Jinja and Hugo.
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
        hint: "write out what it stands for; `{{name}}` gives a value of the front matter".to_owned(),
    })
}

/// `{: .class}` of kramdown, and `{.class}` or `{#id}` behind what takes none.
fn attributes(rest: &str) -> Option<Finding> {
    let inside = rest.strip_prefix('{')?;
    let (inside, _) = near(inside).split_once('}')?;
    let words = inside.strip_prefix(':').unwrap_or(inside);
    let is_attribute = |word: &str| word.starts_with(['.', '#']) && word.len() > 1 || word.contains('=');
    let kramdown = words.len() < inside.len();
    let own = words.starts_with(['.', '#']) && words.split_whitespace().all(is_attribute);
    (kramdown || own).then(|| Finding {
        length: inside.len() + "{}".len(),
        code: Code::ForeignSyntax,
        message: "nothing here takes these attributes, and they stay as text".to_owned(),
        hint: "put them in a heading’s line, behind a link, a picture, code or `[words]`, \
               or open a directive with them: `:::{.class}`"
            .to_owned(),
    })
}

/// `[words][id]` without a definition of `id`, and `[[Page]]` of a wiki.
fn link(rest: &str) -> Option<Finding> {
    let no_contents = || !CONTENTS.iter().any(|contents| is_prefix(contents, rest));
    if let Some(inside) = rest.strip_prefix("[[").filter(|_| no_contents()) {
        let (page, _) = near(inside).split_once("]]")?;
        return is_words(page).then(|| Finding {
            length: page.len() + "[[]]".len(),
            code: Code::ForeignSyntax,
            message: "a wiki’s link leads nowhere here and stays as text".to_owned(),
            hint: "write `[words](document.md)`".to_owned(),
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

/// What stands alone in its line: `[TOC]`, `\newpage`.
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
