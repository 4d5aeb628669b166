//! Makes visible what a document, a name or an argument may have in it to deceive
//! a terminal or the reader of a log: control characters, characters that turn the
//! direction of a line or are not seen, and commands of build servers.

use std::borrow::Cow;
use std::fmt::Write;

/// Prefixes of commands: of GitHub Actions and Azure Pipelines anywhere in a line of a log, of
/// TeamCity at its start.
const COMMANDS: [&str; 3] = ["##[", "##vso[", "##teamcity["];

/// A name of a file: nothing of it ends the line, and no line starts with it that GitHub Actions
/// could take for a command (`::error::`, also after spaces).
pub fn name(text: &str) -> Cow<'_, str> {
    let escaped = escape(text, |character| is_deceptive(character) || character == '\t');
    if escaped.starts_with([':', '#', ' ']) { Cow::Owned(format!("./{escaped}")) } else { escaped }
}

/// Words of a message in one line.
pub fn escape_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(['\n', '\r']) {
        return escape(text, is_deceptive);
    }
    let lines = text.replace("\r\n", " ").replace(['\n', '\r'], " ");
    Cow::Owned(escape(&lines, is_deceptive).into_owned())
}

/// Escapes a text whose line breaks are our own; its content may not be.
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |character| is_deceptive(character) && character != '\n')
}

/// Lines of a source with what deceives made visible, and where the byte offsets of the text went.
pub fn with_offsets(text: &str) -> (String, impl Fn(usize) -> usize) {
    let mut escaped = String::with_capacity(text.len());
    // Where an escape ends, and how many bytes there are more from there on.
    let mut longer: Vec<(usize, usize)> = Vec::new();
    let is_bad = |character| is_deceptive(character) && !matches!(character, '\n' | '\r');
    for (at, character) in text.char_indices() {
        let before = escaped.len();
        push(&mut escaped, character, text.get(at..).unwrap_or_default(), is_bad);
        let added = (escaped.len() - before).saturating_sub(character.len_utf8());
        if added > 0 {
            let so_far = longer.last().map_or(0, |(_, more)| *more);
            longer.push((at + character.len_utf8(), so_far + added));
        }
    }
    let offset = move |offset: usize| {
        let known = longer.partition_point(|(end, _)| *end <= offset);
        offset + known.checked_sub(1).and_then(|last| longer.get(last)).map_or(0, |(_, more)| *more)
    };
    (escaped, offset)
}

/// JSON that means the same and in which nothing deceives: the characters stand as
/// escapes (RFC 8259, section 7). Outside strings there are none of them.
pub fn json(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if (is_deceptive(character) && character != '\n') || is_command(character, rest) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn escape(text: &str, is_bad: impl Fn(char) -> bool + Copy) -> Cow<'_, str> {
    let is_fine = |(at, character): (usize, char)| {
        !is_bad(character) && !is_command(character, text.get(at..).unwrap_or_default())
    };
    if text.char_indices().all(is_fine) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        push(&mut escaped, character, text.get(at..).unwrap_or_default(), is_bad);
    }
    Cow::Owned(escaped)
}

fn push(escaped: &mut String, character: char, rest: &str, is_bad: impl Fn(char) -> bool) {
    if is_bad(character) || is_command(character, rest) {
        let _ = write!(escaped, "\\u{{{:x}}}", u32::from(character));
    } else {
        escaped.push(character);
    }
}

/// Whether a command starts with this `#`.
fn is_command(character: char, rest: &str) -> bool {
    character == '#' && COMMANDS.iter().any(|command| rest.starts_with(command))
}

/// Characters that act on a terminal, are not seen, or change the order of what is
/// (Unicode Technical Standard 55, 3.1): controls but tabs, line and paragraph
/// separators, marks of direction, tags, annotations, private use.
fn is_deceptive(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(
            u32::from(character),
            0x061C | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0xE000..=0xF8FF | 0xFEFF
                | 0xFFF9..=0xFFFB | 0xE_0000..=0xE_0FFF | 0xF_0000..=0x10_FFFF
        )
}

#[cfg(test)]
mod tests {
    use super::{escape_controls, json, lines, name, with_offsets};

    #[test]
    fn what_deceives_is_made_visible() {
        assert_eq!(escape_controls("a\u{1b}]0;x\u{7}b\u{9b}c"), "a\\u{1b}]0;x\\u{7}b\\u{9b}c");
        assert_eq!(escape_controls("one\r\ntwo\nthree"), "one two three");
        assert_eq!(escape_controls("abc \u{202e}def"), "abc \\u{202e}def");
        assert_eq!(escape_controls("x ##[error]y ##vso[z] # [a]"), "x \\u{23}#[error]y \\u{23}#vso[z] # [a]");
        assert_eq!(lines("one\n::two\r"), "one\n::two\\u{d}");
        assert_eq!(escape_controls("Été 🎉 \u{200d}"), "Été 🎉 \u{200d}");
    }

    #[test]
    fn a_name_neither_ends_a_line_nor_begins_a_command() {
        assert_eq!(name("a\n::error::b.md"), "a\\u{a}::error::b.md");
        assert_eq!(name("::error::b.md"), "./::error::b.md");
        assert_eq!(name(" ::error::b.md"), "./ ::error::b.md");
        assert_eq!(name("source/é b.md"), "source/é b.md");
    }

    #[test]
    fn offsets_follow_the_escapes() {
        let (text, offset) = with_offsets("a\u{1b}bé\u{9b}c");
        assert_eq!(text, "a\\u{1b}bé\\u{9b}c");
        let at = |part: &str| text.find(part).unwrap_or_default();
        assert_eq!([offset(0), offset(1), offset(2), offset(3), offset(7)], [0, 1, at("bé"), at("é"), at("c")]);
        assert_eq!(offset(8), text.len());
    }

    #[test]
    fn json_means_the_same() {
        let value = serde_json::json!({ "a": "x\u{85}\u{202e}\u{e0001}##[error]" });
        let text = json(&value.to_string());
        assert!(text.is_ascii() && !text.contains("##["), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).ok(), Some(value));
    }
}
