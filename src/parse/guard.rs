//! What was meant for some readers only and is written so that it would reach
//! all of them: it stops the document.

use super::attributes::Attributes;
use super::directive::{self, Directive};
use super::html::Tag;
use super::lower::Lowering;
use super::scan::{Line, LineKind, Scanned};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, slips};
use crate::source::{FileId, Span};

/// Names by which other tools, or hurried writers, mark what is not for all.
const AUDIENCES: &[&str] = &[
    "internal",
    "intern",
    "interne",
    "interno",
    "confidential",
    "confidentiel",
    "vertraulich",
    "restricted",
    "secret",
    "private",
    "privat",
    "hidden",
    "hide",
    "staff",
    "editors",
    "reviewers",
    "draft",
    "comment",
    "comments",
    "remark",
    "redacted",
    "embargoed",
    "noexport",
    "content-hidden",
    "content-visible",
    "unless-format",
    "when-format",
    "unless-profile",
    "when-profile",
    "conditional",
    "todo",
];

/// More of them, which are too common as classes.
const DIRECTIVES: &[&str] = &["public", "external", "profile", "notes", "if", "ifdef", "unless", "when", "press"];

/// Longer words are no slips of short ones.
const LONGEST: usize = 40;

const HINT: &str = "write `:::only {audience=internal}` on a line of its own, and `:::` on a line after the content";

/// Whether a word may stand for `only`.
fn resembles_only(word: &str) -> bool {
    if word.len() > LONGEST {
        return false;
    }
    let word: String = word
        .to_lowercase()
        .chars()
        .filter_map(|letter| match letter {
            '0' => Some('o'),
            '1' => Some('l'),
            letter if letter.is_alphanumeric() => Some(letter),
            _ => None,
        })
        .collect();
    word.contains("only") || (word.len() >= 3 && slips(&word, "only") <= 1)
}

/// Whether a directive's name is `only` or resembles it.
pub fn is_only(name: &str) -> bool {
    is_for_some(name, &[])
}

/// Whether a word may stand for the attribute `audience`.
pub fn resembles_audience(word: &str) -> bool {
    let word = word.to_lowercase();
    let word = word.strip_prefix("data-").unwrap_or(&word);
    word.len() <= LONGEST && slips(word, "audience") <= 2
}

/// Whether a directive's name or a class sounds like content for some only.
fn is_for_some(name: &str, more: &[&str]) -> bool {
    let folded = name.to_lowercase().replace('_', "-");
    let audience = folded.split('-').any(|part| matches!(part, "internal" | "confidential" | "restricted"));
    // `sr-only` and the like are names of style sheets.
    let only = resembles_only(name) && !(folded.ends_with("-only") || folded == "readonly");
    only || resembles_audience(name)
        || audience
        || AUDIENCES.contains(&folded.as_str())
        || more.contains(&folded.as_str())
}

/// A hint, where a line that is no directive seems to be meant as `:::only`.
pub fn line(line: &str) -> Option<String> {
    let colons = |letter: char| matches!(letter, ':' | '：' | '﹕' | 'ː' | '∶' | '꞉' | ';');
    if !line.starts_with(colons) {
        return None;
    }
    let rest = line.trim_start_matches(|letter: char| colons(letter) || letter.is_whitespace() || is_invisible(letter));
    let run = line.get(..line.len() - rest.len())?;
    let count = run.chars().filter(|letter| colons(*letter)).count();
    let rest = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let word: String =
        rest.chars().take_while(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_')).collect();
    let is_directive = line.starts_with(":::") && super::scan::is_directive(line);
    let braces = rest.get(word.len()..).is_some_and(|rest| rest.trim_start().starts_with('{'));
    let meant = (count > 1 || braces) && (is_for_some(&word, DIRECTIVES) || has_audience(line));
    (meant && !is_directive).then(|| HINT.to_owned())
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// Whether text sets an attribute that resembles `audience`.
fn has_audience(text: &str) -> bool {
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(['=', '＝']) {
        let before = before.trim_end();
        let start = before.rfind(|letter: char| !letter.is_alphanumeric() && letter != '-');
        let word = start.map_or(before, |at| before.get(at..).unwrap_or_default());
        if resembles_audience(word.trim_matches(|letter: char| !letter.is_alphanumeric())) {
            return true;
        }
        rest = after;
    }
    false
}

/// In a document with content for some readers only, every directive must end
/// where its writer thinks it does: what stands past the wrong end is printed.
pub fn check_balance(scanned: &Scanned, file: FileId, diagnostics: &mut Diagnostics) {
    let is_only =
        |line: &Line| matches!(&line.kind, LineKind::Open(opening) if directive::of(opening) == Directive::Only);
    if !scanned.lines.iter().any(is_only) {
        return;
    }
    let doubtful = |problem: &&Diagnostic| {
        matches!(problem.code, Code::UnclosedDirective | Code::StrayDirectiveEnd)
            && problem.span.is_some_and(|span| span.file == file)
    };
    let places: Vec<Span> = diagnostics.iter().filter(doubtful).filter_map(|problem| problem.span).collect();
    for place in places {
        let message = "the document has content for some readers only, and this leaves in doubt where it ends";
        let hint = "give every directive a closing line of as many colons";
        diagnostics.push(Diagnostic::new(Code::NotForAll, place, message).hint(hint));
    }
}

impl Lowering<'_> {
    /// Reports what looks like content for some readers only, once a line.
    pub fn not_for_all(&mut self, span: Span, message: impl Into<String>) {
        let before = self.text.get(..span.start as usize).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
        if !self.guarded.insert(line) {
            return;
        }
        self.diagnostics.push(Diagnostic::new(Code::NotForAll, span, message).hint(HINT));
    }

    /// Looks at text as it will be printed.
    pub fn guard_text(&mut self, text: &str, span: Span) {
        if text.contains(['=', '＝']) && has_audience(text) {
            let span = self.first_line(span);
            self.not_for_all(span, "this looks like an attribute for some readers only, and would be printed");
        } else if text.contains(":::")
            && text.split(":::").skip(1).any(|rest| {
                let word: String = rest.trim_start().chars().take_while(|letter| letter.is_alphanumeric()).collect();
                is_for_some(&word, &[])
            })
        {
            let span = self.first_line(span);
            self.not_for_all(span, "`:::only` opens a line of its own, and would be printed here");
        }
    }

    /// Looks at attributes of anything but `:::only`; whether they were fine.
    pub fn guard_attributes(&mut self, attributes: &Attributes) -> bool {
        if let Some((key, _)) = attributes.pairs.iter().find(|(key, _)| resembles_audience(&key.text)) {
            self.not_for_all(
                key.span,
                format!("`{}` has no effect here: only `:::only` keeps content from readers", key.text),
            );
        }
        if let Some(class) = attributes.classes.iter().find(|class| is_for_some(&class.text, &[])) {
            let message = format!("the class `{}` keeps nothing from readers", class.text);
            self.not_for_all(class.span, message);
            return false;
        }
        !attributes.pairs.iter().any(|(key, _)| resembles_audience(&key.text))
    }

    /// Looks at the name of a directive that is not known.
    pub fn guard_name(&mut self, name: &str, span: Span) -> bool {
        let meant = is_for_some(name, DIRECTIVES);
        if meant {
            self.not_for_all(span, format!("the directive `{name}` is not known, and would be printed for everybody"));
        }
        meant
    }

    /// Looks at an HTML element.
    pub fn guard_tag(&mut self, tag: &Tag) {
        let audience = tag.attributes.iter().find(|(name, _)| resembles_audience(name));
        let style = tag.get("style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
        let hides =
            tag.get("hidden").is_some() || style.contains("display:none") || style.contains("visibility:hidden");
        let class = tag.get("class").unwrap_or_default().split_whitespace().find(|class| is_for_some(class, &[]));
        let what = match (audience, class) {
            (Some((name, _)), _) => format!("`{name}` has no effect here"),
            (None, None) if hides && self.is_empty(tag) => return,
            (None, _) if hides => format!("what this `<{}>` hides in a browser would be printed", tag.name),
            (None, Some(class)) => format!("the class `{class}` keeps nothing from readers"),
            (None, None) => return,
        };
        self.not_for_all(tag.span, what);
    }

    /// Whether an element ends where its content would begin.
    fn is_empty(&self, tag: &Tag) -> bool {
        let written = self.text.get(tag.span.range()).unwrap_or_default();
        let is_tag = written.starts_with('<') && written.ends_with('>') && written.matches('<').count() == 1;
        let after = self.text.get(tag.span.end as usize..).unwrap_or_default().trim_start();
        let end = after.strip_prefix("</").and_then(|rest| rest.split_once('>'));
        is_tag && end.is_some_and(|(name, _)| name.trim_end().eq_ignore_ascii_case(&tag.name))
    }
}

#[cfg(test)]
mod tests {
    use super::{has_audience, is_for_some, line, resembles_only};

    #[test]
    fn slips_of_only_are_seen() {
        for word in ["only", "Only", "ONLY", "olny", "onyl", "onl", "onlly", "0nly", "only-internal", "forOnly"] {
            assert!(resembles_only(word), "{word}");
        }
        for word in ["on", "one", "box", "table", "tip", "note", "quote", "toll"] {
            assert!(!resembles_only(word), "{word}");
        }
        assert!(is_for_some("Internal", &[]) && is_for_some("audience", &[]) && !is_for_some("lexique", &[]));
    }

    #[test]
    fn lines_that_are_meant_as_only_are_seen() {
        for text in [
            "::only {audience=internal}",
            "::Only",
            ":only{audience=x}",
            "：：：only",
            ": : : only",
            ":::\u{200b}only",
            ":::(only)",
        ] {
            assert!(line(text).is_some(), "{text}");
        }
        for text in [": only one of them", ":::only {audience=a}", "::: tip", ":::", "::", ":-)"] {
            assert!(line(text).is_none(), "{text}");
        }
    }

    #[test]
    fn audiences_are_seen_through_spaces_and_slips() {
        for text in
            ["{audience=internal}", "{ audience = internal }", "{Audience=x}", "{audiance=“x”}", "x audience= y"]
        {
            assert!(has_audience(text), "{text}");
        }
        for text in ["an audience", "a = b", "audience: all", "="] {
            assert!(!has_audience(text), "{text}");
        }
    }
}
