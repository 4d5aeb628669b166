//! Detects content meant for some readers only but written so that it would reach all. Such a
//! document has an error.

use super::attributes::{Attributes, Word};
use super::directive::{self, Directive};
use super::html::Tag;
use super::lower::Lowering;
use super::scan::{Line, LineKind, Scanned};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, slips};
use crate::source::search::find_any;
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

/// Whether a style hides what it is put on.
fn hides(style: Option<&str>) -> bool {
    let style = style.unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    let ground = style.contains("background");
    style.split(';').filter_map(|declaration| declaration.split_once(':')).any(|(property, value)| {
        let value = value.trim_end_matches("!important");
        match property {
            "display" => value == "none",
            "visibility" => matches!(value, "hidden" | "collapse"),
            "opacity" | "font-size" => value.trim_end_matches(char::is_alphabetic).parse() == Ok(0.0),
            "color" => !ground && is_invisible_colour(value),
            _ => false,
        }
    })
}

/// Whether a colour is not seen on white.
fn is_invisible_colour(colour: &str) -> bool {
    matches!(colour.to_ascii_lowercase().as_str(), "white" | "transparent" | "#fff" | "#ffffff" | "rgb(255,255,255)")
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

/// Attributes that say for whom something is, in other tools.
const READERS: [&str; 18] = [
    "for",
    "profile",
    "profiles",
    "visibility",
    "visible",
    "access",
    "readers",
    "show",
    "when",
    "if",
    "unless",
    "role",
    "status",
    "state",
    "level",
    "classification",
    "marking",
    "condition",
];

/// Whether an attribute resembles `audience` or `only`, or names readers who are not all.
pub fn is_condition(key: &str, value: &str) -> bool {
    let folded = key.to_lowercase();
    resembles_audience(key)
        || resembles_only(key) && !folded.ends_with("-only") && folded != "readonly"
        || READERS.contains(&folded.as_str()) && value.split([' ', ',']).any(|word| is_for_some(word, &[]))
}

/// Whether a tag of a template decides for whom something is: `{% if internal %}`,
/// `{{% private %}}`.
fn is_conditional_tag(text: &str) -> bool {
    const NEAR: usize = 100;
    ["{%", "{{<", "{{%", "{{#"].into_iter().any(|open| {
        text.split(open).skip(1).any(|rest| {
            let inside: String = rest.chars().take(NEAR).take_while(|letter| *letter != '}').collect();
            let mut words = inside.split(|letter: char| !letter.is_alphanumeric() && !matches!(letter, '-' | '_'));
            let first = words.find(|word| word.chars().any(char::is_alphabetic)).unwrap_or_default();
            let decides = matches!(first, "if" | "elif" | "elsif" | "unless" | "when" | "case" | "ifversion");
            is_for_some(first, &[]) || (decides && words.any(|word| is_for_some(word, &["public", "profile"])))
        })
    })
}

/// A class in braces that are text, as in `{: .internal}`.
fn class_in_text(text: &str) -> Option<&str> {
    text.split('{').skip(1).find_map(|rest| {
        let (inside, _) = rest.split_once('}')?;
        let classes = inside.split_whitespace().filter_map(|word| word.trim_start_matches(':').strip_prefix('.'));
        classes.filter(|class| !class.is_empty()).find(|class| is_for_some(class, &[]))
    })
}

/// Whether a callout or an admonition of another tool has a name that keeps it from some.
/// A task that is to be done is shown in other tools.
pub fn is_withheld_callout(name: &str) -> bool {
    super::directive::admonition(name).is_none() && is_for_some(name, &[]) && !name.eq_ignore_ascii_case("todo")
}

/// Checks that every directive is closed in a document with content for some readers only. After a
/// wrong end, hidden content would be printed.
pub fn check_balance(scanned: &Scanned, file: FileId, diagnostics: &mut Diagnostics) {
    let is_only = |line: &Line| matches!(&line.kind, LineKind::Open(opening) if directive::read_directive(opening) == Directive::Only);
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
        // The wide sign of equality starts with the second of these bytes.
        if find_any(text, [b'=', 0xef]).is_some() && text.contains(['=', '＝']) && has_audience(text) {
            let span = self.first_line(span);
            self.not_for_all(span, "this looks like an attribute for some readers only, and would be printed");
        } else if text.contains(':')
            && text.contains(":::")
            && text.split(":::").skip(1).any(|rest| {
                let word: String = rest.trim_start().chars().take_while(|letter| letter.is_alphanumeric()).collect();
                is_for_some(&word, &[])
            })
        {
            let span = self.first_line(span);
            self.not_for_all(span, "`:::only` opens a line of its own, and would be printed here");
        }
    }

    /// Looks at marks in text that were written as they are, and not escaped.
    pub fn guard_marks(&mut self, text: &str, span: Span) {
        // A quotation mark may follow where the signs themselves are spoken of.
        if text.contains('<') && ["<!-", "<!–", "<!—", "<! "].into_iter().any(|begin| text.contains(begin)) {
            let span = self.first_line(span);
            self.not_for_all(span, "this begins a comment that does not end in its paragraph, and would be printed");
        } else if text.contains('{') && is_conditional_tag(text) {
            let span = self.first_line(span);
            self.not_for_all(span, "this tag of a template is for some readers only, and nothing carries it out");
        } else if let Some(class) = class_in_text(text) {
            let message = format!("the class `{class}` keeps nothing from readers");
            let span = self.first_line(span);
            self.not_for_all(span, message);
        }
    }

    /// Looks at attributes of anything but `:::only`; whether they were fine.
    pub fn guard_attributes(&mut self, attributes: &Attributes) -> bool {
        let value = |value: &Option<Word>| value.as_ref().map(|value| value.text.clone()).unwrap_or_default();
        let condition = attributes.pairs.iter().find(|(key, given)| is_condition(&key.text, &value(given)));
        if let Some((key, _)) = condition {
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
        condition.is_none()
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
        let audience = tag.attributes.iter().find(|(name, value)| {
            is_condition(name, value) || (value.is_empty() && name != "hidden" && is_for_some(name, &[]))
        });
        let colour = tag.get("color").filter(|_| tag.name == "font").unwrap_or_default();
        let hides = tag.get("hidden").is_some() || is_invisible_colour(colour) || hides(tag.get("style"));
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
    use super::{
        class_in_text, has_audience, hides, is_condition, is_conditional_tag, is_for_some, is_withheld_callout, line,
        resembles_only,
    };

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
    fn conditions_of_other_tools_are_seen() {
        for text in ["{% if internal %}", "{%- unless page.draft -%}", "{{% private %}}", "{{#if confidential}}"] {
            assert!(is_conditional_tag(text), "{text}");
        }
        for text in ["{% if page.title %}", "{{ draft }}", "{% include internal.md %}", "{{< figure src=\"a\" >}}", "{"]
        {
            assert!(!is_conditional_tag(text), "{text}");
        }
        assert_eq!(class_in_text("words {: .internal} more"), Some("internal"));
        assert_eq!(class_in_text("words {.wide #id} { .5 } {"), None);
        assert!(is_condition("only", "x") && is_condition("for", "staff, all") && !is_condition("for", "everybody"));
        assert!(!is_condition("title", "Draft") && !is_condition("data-only", "") && is_withheld_callout("INTERNAL"));
    }

    #[test]
    fn styles_that_hide_are_seen() {
        for style in ["display: none", "opacity:0", "font-size: 0px", "color: #FFF", "visibility:hidden!important"] {
            assert!(hides(Some(style)), "{style}");
        }
        for style in ["opacity: 0.5", "font-size:10px", "color:white;background:black", "color:red", ""] {
            assert!(!hides(Some(style)), "{style}");
        }
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
