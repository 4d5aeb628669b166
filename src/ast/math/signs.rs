//! The signs of a formula that is set, in the order in which they are drawn.

use super::{Alphabet, Math, letter};

/// Every sign that is on the page, without spaces and strokes.
pub fn signs(content: &[Math]) -> String {
    let mut out = String::new();
    content.iter().for_each(|part| push(part, &mut out));
    out
}

/// The letter that is drawn for an identifier: one alone leans unless it is upright.
pub fn drawn(text: &str, upright: bool) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (Some(only), None) if !upright => letter(only, Alphabet::Italic).to_string(),
        _ => text.to_owned(),
    }
}

/// The sign that is drawn for a mark over or under something; `None` for a stroke.
pub fn accent(mark: char, stretchy: bool) -> Option<char> {
    Some(match (mark, stretchy) {
        ('‾' | '_', _) => return None,
        ('^', _) => '\u{302}',
        ('ˇ', _) => '\u{30c}',
        ('~', _) => '\u{303}',
        ('´', _) => '\u{301}',
        ('`', _) => '\u{300}',
        ('˘', _) => '\u{306}',
        ('¯', _) => '\u{304}',
        ('˙', _) => '\u{307}',
        ('¨', _) => '\u{308}',
        ('˚', _) => '\u{30a}',
        ('→', false) => '\u{20d7}',
        (other, _) => other,
    })
}

fn push(part: &Math, out: &mut String) {
    match part {
        Math::Identifier { text, upright } => out.push_str(&drawn(text, *upright)),
        Math::Number(text) | Math::Operator { text, .. } => push_seen(text, out),
        Math::Text(text) => push_seen(text, out),
        Math::Space(_) => {}
        Math::Root { radicand, degree } => {
            degree.iter().flatten().for_each(|part| push(part, out));
            out.push('√');
            radicand.iter().for_each(|part| push(part, out));
        }
        Math::Accent { base, mark, stretchy, .. } => {
            base.iter().for_each(|part| push(part, out));
            out.extend(accent(*mark, *stretchy));
        }
        Math::Fenced { open, content, close } => {
            push_seen(open, out);
            content.iter().for_each(|part| push(part, out));
            push_seen(close, out);
        }
        Math::Group(_) | Math::Fraction { .. } | Math::Scripts { .. } | Math::Table { .. } | Math::Style { .. } => {
            part.rows().into_iter().flatten().for_each(|part| push(part, out))
        }
    }
}

fn push_seen(text: &str, out: &mut String) {
    out.extend(text.chars().filter(|character| is_seen(*character)));
}

/// Whether a character has a sign: spaces and operators that are only meant have none.
pub fn is_seen(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}')
}
