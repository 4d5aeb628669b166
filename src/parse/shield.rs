//! Shields: bare addresses contain no markup (GFM 0.29, 6.9). `https://a.example/~b*c` is one
//! address, whatever its characters.
//!
//! comrak parses markup before addresses. So markup characters in a future address are replaced
//! beforehand by control characters of the same length, which comrak takes for letters. They are
//! restored in its tree.

use super::autolink;
use super::formula::is_formula;
use super::lower::options;
use comrak::nodes::{Node as Comrak, NodeValue};
use comrak::{Arena, parse_document};
use std::borrow::Cow;

/// Markup characters and their replacements: control characters, which texts do not use.
const SHIELDS: [(char, char); 3] = [('*', '\u{1c}'), ('_', '\u{1d}'), ('~', '\u{1e}')];

/// Whether a text holds a character that stands for a mark: none of its marks is replaced then.
pub fn holds_shields(text: &str) -> bool {
    let is_shield = |byte: u8| SHIELDS.iter().any(|(_, shield)| u32::from(byte) == u32::from(*shield));
    text.bytes().fold(false, |found, byte| found | is_shield(byte))
}

/// Has comrak read a text, with the marks in bare addresses and in formulas as text.
pub fn parse<'a>(arena: &'a Arena<'a>, text: &str) -> Comrak<'a> {
    let shielded = shielded(text);
    let root = parse_document(arena, &shielded, &options());
    if matches!(shielded, Cow::Owned(_)) {
        root.descendants().for_each(put_back);
    }
    root
}

/// The text with the marks in its addresses and formulas replaced. One that holds the characters that
/// would stand for them stays as it is.
fn shielded(text: &str) -> Cow<'_, str> {
    let has_addresses = text.contains("://") || text.contains("www.");
    let has_formulas = text.contains("$$");
    if !has_addresses && !has_formulas || holds_shields(text) {
        return Cow::Borrowed(text);
    }
    let text = if has_formulas { shield_formulas(text) } else { Cow::Borrowed(text) };
    if !has_addresses {
        return text;
    }
    match shield_addresses(&text) {
        Cow::Owned(shielded) => Cow::Owned(shielded),
        Cow::Borrowed(_) => text,
    }
}

/// The text with the marks in formulas between double dollar signs replaced.
fn shield_formulas(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(open) = text.get(at..).and_then(|rest| rest.find("$$")) {
        let inside = at + open + "$$".len();
        let Some(length) = text.get(inside..).and_then(|rest| rest.find("$$")) else { break };
        let formula = text.get(inside..inside + length).unwrap_or_default();
        if !is_formula(formula) {
            at = inside;
            continue;
        }
        out.push_str(text.get(copied..inside).unwrap_or_default());
        let shield = |c: char| SHIELDS.iter().find(|(mark, _)| *mark == c).map_or(c, |(_, shield)| *shield);
        out.extend(formula.chars().map(shield));
        at = inside + length + "$$".len();
        copied = inside + length;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// The text with the marks in bare addresses replaced.
fn shield_addresses(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for address in autolink::addresses(text) {
        let bytes = text.as_bytes();
        for at in address.start..marks_end(text, &address) {
            let Some((mark, shield)) =
                SHIELDS.iter().find(|(mark, _)| bytes.get(at).copied().map(char::from) == Some(*mark))
            else {
                continue;
            };
            if holds(text, at, *mark) {
                out.push_str(text.get(copied..at).unwrap_or_default());
                out.push(*shield);
                copied = at + mark.len_utf8();
            }
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Where the marks of an address end: before the border of a cell, and before what closes
/// the emphasis that begins right before it (`**https://a.example**`).
fn marks_end(text: &str, address: &std::ops::Range<usize>) -> usize {
    let written = text.get(address.clone()).unwrap_or_default();
    let before = text.get(..address.start).unwrap_or_default();
    let opening = before.get(before.trim_end_matches(['*', '_', '~']).len()..).unwrap_or_default();
    let closed = (!opening.is_empty()).then(|| written.find(opening.chars().next().unwrap_or('*'))).flatten();
    let length = closed.or_else(|| written.find('|')).unwrap_or(written.len());
    address.start + length
}

/// Whether a mark belongs to the address around it: it is not escaped, and words go on
/// after it, or it is one tilde, as before the names of people and parts of pages.
fn holds(text: &str, at: usize, mark: char) -> bool {
    let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
    if before.ends_with('\\') {
        return false;
    }
    match mark {
        '~' => !before.ends_with('~') && !after.starts_with('~'),
        _ => after.starts_with(|next: char| next.is_alphanumeric() || next == '/'),
    }
}

/// Puts the marks back that a node holds.
fn put_back(node: Comrak<'_>) {
    let mend = |text: &mut String| {
        if !holds_shields(text) {
            return;
        }
        for (mark, shield) in SHIELDS {
            if text.contains(shield) {
                *text = text.replace(shield, mark.encode_utf8(&mut [0; 4]));
            }
        }
    };
    match &mut node.data_mut().value {
        NodeValue::Text(text) => mend(text.to_mut()),
        NodeValue::Code(code) => mend(&mut code.literal),
        NodeValue::CodeBlock(code) => {
            mend(&mut code.literal);
            mend(&mut code.info);
        }
        NodeValue::HtmlBlock(html) => mend(&mut html.literal),
        NodeValue::HtmlInline(html) => mend(html),
        NodeValue::Link(link) | NodeValue::Image(link) => {
            mend(&mut link.url);
            mend(&mut link.title);
        }
        NodeValue::FootnoteDefinition(note) => mend(&mut note.name),
        NodeValue::FootnoteReference(note) => mend(&mut note.name),
        // Titles of alerts are read from the source; the others hold no text.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::shielded;

    fn shown(text: &str) -> String {
        shielded(text).replace('\u{1c}', "A").replace('\u{1d}', "U").replace('\u{1e}', "T")
    }

    #[test]
    fn marks_in_addresses_are_shielded() {
        for (text, expected) in [
            ("https://a.example/~b and www.c.example/d*e*f", "https://a.example/Tb and www.c.example/dAeAf"),
            ("https://a.example/#:~:text=b", "https://a.example/#:T:text=b"),
            ("[^a]: https://a.example/~b", "[^a]: https://a.example/Tb"),
            ("https://a.example/_b_ c", "https://a.example/Ub_ c"),
        ] {
            assert_eq!(shown(text), expected);
        }
    }

    #[test]
    fn marks_in_formulas_are_shielded() {
        assert_eq!(shown("*$$a*b$$* $$\\alpha_1$$ $$ x_1 *y* $$"), "*$$aAb$$* $$\\alphaU1$$ $$ x_1 *y* $$");
        assert_eq!(shown("$$a_b$$ www.a.example/c_d"), "$$aUb$$ www.a.example/cUd");
    }

    #[test]
    fn other_marks_stay() {
        for text in [
            "**https://a.example/b**, c",
            "~~https://a.example~~.",
            "*see https://a.example/b*.",
            "[a](https://a.example/~b)",
            "[a]( https://a.example/b_c*d )",
            "[a]: https://a.example/b_c",
            "[a]:\n  https://a.example/b_c",
            "<https://a.example/~b>",
            "https://a.example/b\\_c",
            "|https://a.example|*b*c|",
            "~a and *b*",
            "https://a.example/~b \u{1c}",
        ] {
            assert_eq!(shown(text), text.replace('\u{1c}', "A"), "{text}");
        }
    }
}
