//! Comments of other tools. Their authors believe that no reader sees them, so none may reach an
//! edition: known ones are left out, incomplete ones are errors.
//!
//! They are searched before comrak reads the text, outside of code as far as lines and backticks
//! show it. Those that comrak then finds in code are put back.

use super::audience_guard;
use super::scan::prefix;
use crate::source::search::find_any;
use std::ops::Range;

/// A way of writing comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    /// Whose it is.
    pub tool: &'static str,
    /// How it looks.
    pub looks: &'static str,
    open: &'static str,
    close: &'static str,
}

impl Form {
    /// Whether it is a comment rather than a mark that says nothing here.
    pub fn is_comment(&self) -> bool {
        !self.close.is_empty()
    }
}

const fn form(tool: &'static str, looks: &'static str, open: &'static str, close: &'static str) -> Form {
    Form { tool, looks, open, close }
}

/// Comments between two marks; of two that begin alike the longer comes first.
const FORMS: &[Form] = &[
    form("Obsidian", "%%…%%", "%%", "%%"),
    form("CriticMarkup", "{>>…<<}", "{>>", "<<}"),
    form("CriticMarkup", "{--…--}", "{--", "--}"),
    form("Liquid", "{% comment %}…{% endcomment %}", "{% comment", "endcomment %}"),
    form("Liquid", "{% comment %}…{% endcomment %}", "{%- comment", "endcomment"),
    form("Liquid", "{%comment%}…{%endcomment%}", "{%comment", "endcomment"),
    form("Liquid", "{% # … %}", "{% #", "%}"),
    form("Handlebars", "{{!-- … --}}", "{{!--", "--}}"),
    form("Handlebars", "{{! … }}", "{{!", "}}"),
    form("Hugo", "{{/* … */}}", "{{/*", "*/}}"),
    form("Hugo", "{{- /* … */ -}}", "{{- /*", "*/ -}}"),
    form("Hugo", "{{% comment %}}…{{% /comment %}}", "{{% comment", "/comment %}}"),
    form("Hugo", "{{< comment >}}…{{< /comment >}}", "{{< comment", "/comment >}}"),
    form("kramdown", "{::comment}…{:/comment}", "{::comment}", "{:/comment}"),
    form("Jinja", "{# … #}", "{# ", "#}"),
    form("Jinja", "{#- … #}", "{#-", "#}"),
    form("MDX", "{/* … */}", "{/*", "*/}"),
    form("Smarty", "{* … *}", "{* ", "*}"),
    form("templates", "<%-- … --%>", "<%--", "--%>"),
    form("templates", "<%# … %>", "<%#", "%>"),
    form("FreeMarker", "<#-- … -->", "<#--", "-->"),
    form("DocBook", "<remark>…</remark>", "<remark>", "</remark>"),
    form("wikis", "<comment>…</comment>", "<comment>", "</comment>"),
    form("LaTeX", "\\begin{comment}…\\end{comment}", "\\begin{comment}", "\\end{comment}"),
    form("Org", "#+BEGIN_COMMENT…#+END_COMMENT", "#+BEGIN_COMMENT", "#+END_COMMENT"),
    form("Org", "#+begin_comment…#+end_comment", "#+begin_comment", "#+end_comment"),
];

/// Opens CriticMarkup's `{~~old~>new~~}`.
const SUBSTITUTION: &str = "{~~";

const SECTION_MARK: Form = form("kramdown-rfc", "--- middle", "--- ", "");
const ASCIIDOC: Form = form("AsciiDoc", "////…////", "////", "////");
const LINK_DEFINITION: Form = form("Markdown", "[comment]: # (…)", "[comment]:", ")");

/// Openings of lines that are comments elsewhere and may be text here.
const LINES: [(&str, &str); 6] = [
    ("// ", "AsciiDoc"),
    (".. ", "reStructuredText"),
    ("% ", "LaTeX"),
    ("/* ", "programming languages"),
    ("#+COMMENT", "Org"),
    ("\\iffalse", "LaTeX"),
];

/// The most backticks that open a span of code, as comrak has it.
const BACKTICKS: usize = 80;

/// A comment in a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    pub form: Form,
    /// Its bytes, with the space that would be left double without it.
    pub range: Range<usize>,
    /// Whether nothing else is in its lines.
    pub is_block: bool,
}

/// Content that seems to be hidden from readers and is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suspect {
    pub range: Range<usize>,
    /// The byte at which its line starts.
    pub line: usize,
    /// Whether it is text where its line turns out to be code.
    pub unless_code: bool,
    pub message: String,
    pub hint: String,
}

/// The comments and suspects of a source.
#[derive(Debug, Default)]
pub struct Found {
    pub comments: Vec<Comment>,
    pub suspects: Vec<Suspect>,
    /// Comments of HTML, which stay in the text: comrak knows them.
    pub html: Vec<Range<usize>>,
}

impl Found {
    /// Whether there are comments of other tools, or what may be some.
    pub fn is_there_any(&self) -> bool {
        !self.comments.is_empty() || !self.suspects.is_empty()
    }
}

/// Whether a text may open a comment that it does not close: a comment in it that is whole is
/// found by [`find`].
pub fn may_open(text: &str) -> bool {
    FORMS.iter().any(|form| text.contains(form.open)) || text.contains(SUBSTITUTION) || text.contains(ASCIIDOC.open)
}

/// Looks through the source from a byte on.
pub fn find(text: &str, start: usize) -> Found {
    let mut finder = Finder {
        text,
        first: start,
        at: start,
        fence: None,
        spent: Vec::new(),
        found: Found::default(),
        paragraph: (0, 0),
        no_run: [0; BACKTICKS],
    };
    while finder.at < text.len() {
        finder.line();
    }
    finder.found
}

/// Comments in front matter that ends at a byte, but for those of the front matter's
/// own language. Values of keys are shown as they are, and so would these be.
pub fn find_in_front_matter(text: &str, end: usize) -> Vec<Suspect> {
    let found = find(text.get(..end).unwrap_or_default(), 0);
    let ranges = found.comments.into_iter().filter(|comment| comment.form.is_comment()).map(|comment| comment.range);
    let suspect = |range: Range<usize>| {
        let line = text.get(..range.start).unwrap_or_default().rfind(['\n', '\r']).map_or(0, |end| end + 1);
        let is_comment = text.get(line..).unwrap_or_default().trim_start().starts_with('#');
        let message = "a comment in a value would be shown with it".to_owned();
        let hint = "take it out, or put it on a line of its own that begins with `#`".to_owned();
        (!is_comment).then_some(Suspect { range, line, unless_code: false, message, hint })
    };
    ranges.chain(found.html).filter_map(suspect).collect()
}

/// The text with the bytes of comments blanked, so that every place stays
/// where it is. Marks of quotations at the start of lines are kept.
pub fn blank(text: &str, comments: &[Comment]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for comment in comments {
        for part in parts(text, comment) {
            bytes.get_mut(part).into_iter().flatten().for_each(|byte| *byte = b' ');
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// The lines of a comment, without their container prefixes.
pub fn parts(text: &str, comment: &Comment) -> Vec<Range<usize>> {
    let written = text.get(comment.range.clone()).unwrap_or_default();
    if !written.contains(['\n', '\r']) {
        return vec![comment.range.clone()];
    }
    let before = text.get(..comment.range.start).unwrap_or_default();
    let line_start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let lead = text.get(line_start..comment.range.start).unwrap_or_default();
    let quotes =
        lead.bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'>')).filter(|byte| *byte == b'>').count();
    let mut parts = Vec::new();
    let mut at = comment.range.start;
    for (number, line) in written.split_inclusive(['\n', '\r']).enumerate() {
        let content = line.trim_end_matches(['\n', '\r']);
        let kept = if number == 0 { 0 } else { container(content, quotes) };
        if kept < content.len() {
            parts.push(at + kept..at + content.len());
        }
        at += line.len();
    }
    parts
}

/// Length of a line's prefix of spaces and up to `quotes` quotation marks (`>`), in bytes.
fn container(line: &str, mut quotes: usize) -> usize {
    let mut at = 0;
    for byte in line.bytes() {
        match byte {
            b' ' | b'\t' => {}
            b'>' if quotes > 0 => quotes -= 1,
            _ => break,
        }
        at += 1;
    }
    at
}

struct Finder<'a> {
    text: &'a str,
    first: usize,
    at: usize,
    /// The mark and length of the code fence that is open.
    fence: Option<(u8, usize)>,
    /// Openings whose closing does not occur any more.
    spent: Vec<&'static str>,
    found: Found,
    /// The paragraph that was looked at last, from a byte in it to its end.
    paragraph: (usize, usize),
    /// For each length of a run of backticks, the position up to which no such run follows.
    no_run: [usize; BACKTICKS],
}

impl Finder<'_> {
    fn rest(&self, from: usize) -> &str {
        self.text.get(from..).unwrap_or_default()
    }

    fn line_end(&self, from: usize) -> usize {
        find_any(self.rest(from), *b"\n\r").map_or(self.text.len(), |length| from + length)
    }

    /// The end of the paragraph that goes on at a byte: a line without words.
    fn paragraph_end(&mut self, from: usize) -> usize {
        let (start, end) = self.paragraph;
        if !(start..end).contains(&from) {
            self.paragraph = (from, self.next_blank(from));
        }
        self.paragraph.1
    }

    fn next_blank(&self, from: usize) -> usize {
        let mut at = self.line_end(from);
        while at < self.text.len() {
            let next = at + if self.rest(at).starts_with("\r\n") { 2 } else { 1 };
            let end = self.line_end(next);
            if self.text.get(next..end).unwrap_or_default().trim_matches([' ', '\t', '>']).is_empty() {
                return at;
            }
            at = end;
        }
        at
    }

    /// Reads a line, and with it the lines of comments that start in it.
    fn line(&mut self) {
        let start = self.at;
        let end = self.line_end(start);
        let content = start + prefix(self.text.get(start..end).unwrap_or_default());
        let line = self.text.get(content..end).unwrap_or_default();
        let next = end + if self.rest(end).starts_with("\r\n") { 2 } else { 1 };
        let mark = line.bytes().next().unwrap_or_default();
        let run = line.bytes().take_while(|byte| *byte == mark).count();
        if let Some((open, length)) = self.fence {
            if mark == open && run >= length && line.trim_end().len() == run {
                self.fence = None;
            }
            self.at = next;
            return;
        }
        if run >= 3 && (mark == b'~' || (mark == b'`' && !line.get(run..).unwrap_or_default().contains('`'))) {
            self.fence = Some((mark, run));
            self.at = next;
            return;
        }
        if self.whole_line(line, content, end, next) {
            return;
        }
        let mut at = content;
        let mut end = end;
        while let Some(mark) = self.next_mark(at, end) {
            at = self.mark(mark, content);
            if at > end {
                end = self.line_end(at);
            }
        }
        self.at = end + if self.rest(end).starts_with("\r\n") { 2 } else { 1 };
    }

    /// The next byte of the line that may open something.
    fn next_mark(&self, at: usize, end: usize) -> Option<usize> {
        let line = self.text.get(at..end)?;
        Some(at + find_any(line, *b"%{<`\\#")?)
    }

    /// Reads what may open at a byte; gives the byte to go on at.
    fn mark(&mut self, at: usize, content: usize) -> usize {
        let rest = self.rest(at);
        if rest.starts_with('`') {
            return self.code_span(at);
        }
        if let Some(inside) = rest.strip_prefix("<!--") {
            let end = inside.find("-->").map_or(self.text.len(), |length| at + "<!---->".len() + length);
            self.found.html.push(at..end);
            return end;
        }
        let escaped = rest.strip_prefix('\\').filter(|rest| !rest.starts_with("begin"));
        if let Some(escaped) = escaped {
            return at + 1 + escaped.chars().next().map_or(0, char::len_utf8);
        }
        if rest.starts_with(SUBSTITUTION) {
            return self.substitution(at);
        }
        let Some(form) = FORMS.iter().find(|form| rest.starts_with(form.open)) else { return at + 1 };
        self.pair(*form, at, content).unwrap_or(at + form.open.len())
    }

    /// Words that CriticMarkup puts in the place of others stop the document: which
    /// of them readers are to see is not decided. Gives the byte to go on at.
    fn substitution(&mut self, at: usize) -> usize {
        let end = self.paragraph_end(at);
        let written = self.text.get(at..end).unwrap_or_default();
        let length = written.find("~>").and_then(|middle| Some(middle + written.get(middle..)?.find("~~}")? + 3));
        let Some(length) = length else { return at + SUBSTITUTION.len() };
        let message = "a change of CriticMarkup is open here: the old words and the new ones".to_owned();
        self.push_suspect(at..at + length, message, "accept or reject the change".to_owned());
        at + length
    }

    /// The byte past a span of code, or past its backticks where they open none.
    fn code_span(&mut self, at: usize) -> usize {
        let run = self.rest(at).bytes().take_while(|byte| *byte == b'`').count();
        let past = at + run;
        let Some(none_before) = self.no_run.get(run.saturating_sub(1)).copied() else { return past };
        if none_before > at {
            return past;
        }
        let end = self.paragraph_end(at);
        let mut from = past;
        while let Some(found) = self.text.get(from..end).and_then(|rest| rest.find('`')) {
            let start = from + found;
            let length = self.rest(start).bytes().take_while(|byte| *byte == b'`').count();
            from = start + length;
            if length == run {
                return from;
            }
        }
        if let Some(none) = self.no_run.get_mut(run.saturating_sub(1)) {
            *none = end;
        }
        past
    }

    /// A comment between two marks; the byte past it where there is one.
    fn pair(&mut self, form: Form, at: usize, content: usize) -> Option<usize> {
        let inside = at + form.open.len();
        let symmetric = form.open == form.close;
        let reach = if symmetric && at > content { self.paragraph_end(at) } else { self.text.len() };
        if self.spent.contains(&form.open) {
            return None;
        }
        let closing = self.text.get(inside..reach).and_then(|rest| rest.find(form.close));
        let digit = self.text.get(..at).is_some_and(|before| before.ends_with(|last: char| last.is_ascii_digit()));
        let Some(length) = closing else {
            if reach == self.text.len() {
                self.spent.push(form.open);
            }
            // `100%%` is no comment.
            if !(symmetric && digit) {
                self.suspect(at..inside, format!("this begins a comment of {} and has no end", form.tool), &form);
            }
            return None;
        };
        let mut end = inside + length + form.close.len();
        if form.close.starts_with("endcomment") || form.close.starts_with("/comment") {
            end = self.rest(end).find('}').filter(|_| form.close == "endcomment").map_or(end, |more| end + more + 1);
        }
        let figures = self
            .text
            .get(..end - form.close.len())
            .is_some_and(|before| before.ends_with(|last: char| last.is_ascii_digit()));
        if symmetric && digit && figures {
            return None;
        }
        if symmetric && digit {
            let message = format!("it does not show whether `{}` is a comment of {}", form.looks, form.tool);
            self.suspect(at..end, message, &form);
            return Some(end);
        }
        self.add(form, at, end, content);
        Some(end)
    }

    fn suspect(&mut self, range: Range<usize>, message: String, form: &Form) {
        let sign = form.open.chars().next().unwrap_or('%');
        let hint = format!("write `<!-- … -->` for a comment, or `\\{sign}` where the sign itself is meant");
        self.push_suspect(range, message, hint);
    }

    fn push_suspect(&mut self, range: Range<usize>, message: String, hint: String) {
        let before = self.text.get(..range.start).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        self.found.suspects.push(Suspect { range, line, unless_code: false, message, hint });
    }

    /// Takes a comment down, with the space that would be too much without it.
    fn add(&mut self, form: Form, start: usize, end: usize, content: usize) {
        let after = self.rest(end);
        let bare = after.trim_start_matches([' ', '\t']);
        let space = after.len() - bare.len();
        let at_end = bare.is_empty() || bare.starts_with(['\n', '\r']);
        let before = self.text.get(content.min(start)..start).unwrap_or_default();
        let blank_before = before.len() - before.trim_end_matches([' ', '\t']).len();
        let at_start = blank_before == before.len();
        let range = if at_end {
            start - blank_before..end + space
        } else if at_start || blank_before > 0 {
            start..end + space
        } else {
            start..end
        };
        self.found.comments.push(Comment { form, range, is_block: at_start && at_end });
    }

    /// Comments and suspects that are whole lines; whether the line was one.
    fn whole_line(&mut self, line: &str, content: usize, end: usize, next: usize) -> bool {
        let slashes = line.trim_end();
        if slashes.len() >= 4 && slashes.bytes().all(|byte| byte == b'/') {
            let slashes = slashes.to_owned();
            let mut at = next;
            while at < self.text.len() {
                let stop = self.line_end(at);
                let from = at + prefix(self.text.get(at..stop).unwrap_or_default());
                if self.text.get(from..stop).unwrap_or_default().trim_end() == slashes {
                    self.found.comments.push(Comment { form: ASCIIDOC, range: content..stop, is_block: true });
                    self.at = stop + if self.rest(stop).starts_with("\r\n") { 2 } else { 1 };
                    return true;
                }
                at = stop + if self.rest(stop).starts_with("\r\n") { 2 } else { 1 };
            }
            self.suspect(content..end, "this begins a comment of AsciiDoc and has no end".to_owned(), &ASCIIDOC);
        }
        if is_section_mark(line) {
            self.found.comments.push(Comment { form: SECTION_MARK, range: content..end, is_block: true });
            self.at = next;
            return true;
        }
        if is_definition(line) {
            let close = if line.contains('"') { '"' } else { ')' };
            let whole = line.trim_end().ends_with([')', '"', '\'', '#', '>']);
            let paragraph = self.paragraph_end(content);
            let more = self.text.get(end..paragraph).and_then(|rest| rest.find(close)).map(|found| end + found);
            let stop = if whole { end } else { more.map_or(end, |at| self.line_end(at)) };
            self.found.comments.push(Comment { form: LINK_DEFINITION, range: content..stop, is_block: true });
            self.at = stop + if self.rest(stop).starts_with("\r\n") { 2 } else { 1 };
            return true;
        }
        let is_comment = |open: &str| line.starts_with(open) && !(open == ".. " && is_restructured(line));
        if let Some((open, tool)) = LINES.iter().find(|(open, _)| is_comment(open)) {
            let title_block = *open == "% "
                && self.text.get(self.first..content).unwrap_or_default().lines().all(|line| line.starts_with("% "));
            let percentage = *open == "% " && self.goes_on_with_number(content);
            if !title_block && !percentage {
                let message = format!("this line would be a comment of {tool}");
                let hint = format!(
                    "write `<!-- … -->` for a comment, or a backslash before `{}` where it is text",
                    open.trim_end()
                );
                self.push_suspect(content..end, message, hint);
                if let Some(suspect) = self.found.suspects.last_mut() {
                    suspect.unless_code = true;
                }
            }
        }
        if let Some(hint) = audience_guard::line(line) {
            let message = "this looks like content for some readers only, and is not understood".to_owned();
            self.push_suspect(content..end, message, hint);
        }
        false
    }

    /// Whether a line continues prose whose previous line ends in a number: "rose by 5⏎% in 2020".
    /// `content` is the start of its content.
    fn goes_on_with_number(&self, content: usize) -> bool {
        let before = self.text.get(self.first..content).unwrap_or_default();
        let Some((before, lead)) = before.rsplit_once('\n') else { return false };
        let previous = before.rsplit('\n').next().unwrap_or_default().trim_end();
        let Some((previous_lead, words)) = previous.split_at_checked(prefix(previous)) else { return false };
        let quotes = |lead: &str| lead.matches('>').count();
        // In another container, or after code, a new paragraph would start.
        let same_container =
            lead.chars().all(|sign| matches!(sign, ' ' | '\t' | '>')) && quotes(lead) == quotes(previous_lead);
        let after_code = lead != previous_lead && (previous_lead.contains("    ") || previous_lead.contains('\t'));
        let is_prose = !words.starts_with(['#', ':', '<', '%', '!', '?'])
            && !words.contains(['|', '=', '$', '\\', '{'])
            && !words.contains("]:");
        same_container && !after_code && is_prose && words.ends_with(|last: char| last.is_ascii_digit())
    }
}

/// `--- abstract`, `--- middle`, `--- back` and `--- note_Title` of kramdown-rfc.
pub fn is_section_mark(line: &str) -> bool {
    let word = line.strip_prefix("--- ").unwrap_or_default().trim();
    matches!(word, "abstract" | "middle" | "back") || (word.starts_with("note_") && !word.contains(' '))
}

/// `[comment]: # (…)` and the like: definitions of links that no link names.
fn is_definition(line: &str) -> bool {
    let Some((label, rest)) = line.strip_prefix('[').and_then(|rest| rest.split_once("]:")) else { return false };
    let label = label.trim().to_lowercase();
    let rest = rest.trim_start();
    let named =
        matches!(label.as_str(), "//" | "comment" | "comments" | "hidden" | "_" | "#" | "-" | "todo" | "note to self");
    let nowhere = rest.starts_with("<>")
        || rest == "#"
        || rest.starts_with("# ")
        || rest.starts_with("#(")
        || rest.starts_with("/ ");
    named || (nowhere && rest.len() > 2)
}

/// Whether a line that starts with two full stops is no comment: a directive, a target or a note.
fn is_restructured(line: &str) -> bool {
    let rest = line.trim_start_matches("..").trim_start();
    let word = rest.split_whitespace().next().unwrap_or_default();
    (word.ends_with("::") && word != "comment::") || rest.starts_with(['_', '|', '['])
}

#[cfg(test)]
mod tests {
    use super::{blank, find};

    fn without(text: &str) -> String {
        blank(text, &find(text, 0).comments).lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn comments_go_and_code_stays() {
        for (text, expected) in [
            ("A %%b%% c", "A       c"),
            ("`%%a%%` %%b%%", "`%%a%%`"),
            ("```\n%%a%%\n```\n%%b\n\nc%%", "```\n%%a%%\n```\n\n\n"),
            ("> %%a\n> b%%\n> c", ">\n>\n> c"),
            ("%% > a\n> b %%", "\n"),
            ("{% comment 'x' %}a{% endcomment %}b", "                                  b"),
            ("////\na\n////\nb", "\n\n\nb"),
            ("[//]: # (a (b) c)\nd", "\nd"),
            ("100%% and 50%", "100%% and 50%"),
            ("\\%%a%%", "\\%%a%%"),
            ("<!-- %% -->\na", "<!-- %% -->\na"),
            ("{#id} {.a}", "{#id} {.a}"),
        ] {
            assert_eq!(without(text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_is_not_whole_is_suspect() {
        for text in ["%%a", "a {>>b", "{% comment %}\na", "////\na", "// a", ".. a", "2024%%a%%", "::only {audience=a}"]
        {
            assert_eq!(find(text, 0).suspects.len(), 1, "{text:?}");
        }
        for text in ["a // b", ".. note:: a", ": only one", "::: box", "50%% off", "`%%`", "```\n// a\n```"] {
            assert!(find(text, 0).suspects.is_empty(), "{text:?} {:?}", find(text, 0).suspects);
        }
    }
}
