//! Marks of strong type that make none (W0223): `**words **`, where a space is inside, and
//! `**words:**more`, where a letter follows a punctuation mark (CommonMark 0.31.2, 6.2). They stand
//! as text.

use super::prose::Prose;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Sources;
use crate::source::search::places;

/// Words between two marks, in bytes.
const LONGEST: usize = 300;

/// Looks at one run.
pub fn check(prose: &Prose, sources: &Sources, diagnostics: &mut Diagnostics) {
    for (sign, mark) in [(b'*', "**"), (b'_', "__")] {
        let marks = pairs_of(&prose.text, sign);
        let mut at = 0;
        while let (Some(open), Some(close)) = (marks.get(at).copied(), marks.get(at + 1).copied()) {
            at += 1;
            let Some(slip) = slip(&prose.text, open, close, mark) else { continue };
            at += 1;
            let end = close + mark.len();
            let span = prose.span(open..open + mark.len(), sources).to(prose.span(close..end, sources));
            let before =
                sources.get(span.file).and_then(|source| source.text().get(..source.locate(span.start) as usize));
            let escape = format!("\\{}", char::from(sign));
            if sources.text(span).contains(&escape) || before.is_some_and(|before| before.ends_with('\\')) {
                continue;
            }
            let message = format!("`{mark}` makes no strong type here and stays as text");
            diagnostics.push(Diagnostic::new(Code::Slip, span, message).hint(slip));
        }
    }
}

/// The positions of exactly two of a sign in a row.
fn pairs_of(text: &str, sign: u8) -> Vec<usize> {
    let bytes = text.as_bytes();
    let is_sign = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&sign);
    let alone = |at: &usize| !is_sign(at.checked_sub(1)) && is_sign(Some(at + 1)) && !is_sign(Some(at + 2));
    places(text, |byte| byte == sign).filter(alone).collect()
}

/// The correct form of text between two marks that was meant as strong.
fn slip(text: &str, open: usize, close: usize, mark: &str) -> Option<String> {
    let inside = text.get(open + mark.len()..close).filter(|inside| inside.len() <= LONGEST)?;
    let before = text.get(..open)?.chars().next_back();
    let after = text.get(close + mark.len()..)?.chars().next();
    let words = inside.trim();
    let (space_before, space_after) = (inside.starts_with(char::is_whitespace), inside.ends_with(char::is_whitespace));
    let letters = words.chars().filter(|letter| letter.is_alphabetic()).count();
    let is_letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    // Marks after words and figures refer to remarks, and those between figures multiply.
    let opens = before.is_none_or(|letter| letter.is_whitespace() || matches!(letter, '(' | '[' | '“' | '„' | '«'));
    const FEW: usize = 3;
    let spaced = opens && letters > 0 && (space_before != space_after || (space_before && letters >= FEW));
    if spaced {
        return Some(format!("leave no space inside the marks: `{mark}{words}{mark}`"));
    }
    let is_mark = |letter: Option<char>| letter.is_some_and(|letter| !letter.is_alphanumeric());
    let closes_early = opens && is_mark(words.chars().next_back()) && is_letter(after);
    let opens_late = is_letter(before) && is_mark(words.chars().next()) && !is_letter(after);
    let stuck = mark == "**" && !space_before && !space_after && letters >= FEW && (closes_early || opens_late);
    stuck.then(|| format!("put a space outside the marks, or the punctuation: `{mark}{words}{mark} …`"))
}

#[cfg(test)]
mod tests {
    use super::{pairs_of, slip};

    fn is_slip(text: &str) -> bool {
        [(b'*', "**"), (b'_', "__")].into_iter().any(|(sign, mark)| {
            let marks = pairs_of(text, sign);
            marks.windows(2).any(|pair| matches!(pair, [open, close] if slip(text, *open, *close, mark).is_some()))
        })
    }

    #[test]
    fn slips_are_told_from_signs() {
        for text in
            ["**bold ** and", "so ** bold** it", "__x __", "a ** bold words ** b", "**Note:**text", "(**a b **)"]
        {
            assert!(is_slip(text), "{text}");
        }
        for text in
            ["2 ** 3 ** 4", "0.5** and 0.6**", "a ** b ** c", "***", "** and", "____ and ____", "x**y**z", "****"]
        {
            assert!(!is_slip(text), "{text}");
        }
    }
}
