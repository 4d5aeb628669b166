//! Super- and subscript in plain text.

/// Which way characters are moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Super,
    Sub,
}

/// Puts raised or lowered words after what is written already. Digits and signs become the
/// characters that Unicode has for them; letters after a number stay as they are ("1st"), for that
/// is how they are read.
pub(super) fn push_script(script: Script, words: &str, out: &mut String) {
    // Space at an end parts words, and is not moved with them.
    let inner = words.trim_matches(' ');
    let lead = words.len() - words.trim_start_matches(' ').len();
    out.push_str(words.get(..lead).unwrap_or_default());
    push_moved(script, inner, out);
    out.push_str(words.get(lead + inner.len()..).unwrap_or_default());
}

fn push_moved(script: Script, words: &str, out: &mut String) {
    let after_digit = out.chars().next_back().is_some_and(|c| c.is_ascii_digit());
    if let Some(moved) = words.chars().map(|c| moved(script, c)).collect::<Option<String>>() {
        out.push_str(&moved);
    } else if words.starts_with('[')
        || !is_balanced(words)
        || (script == Script::Super && after_digit && words.chars().all(char::is_alphabetic))
    {
        out.push_str(words);
    } else {
        out.push_str(match script {
            Script::Super => "^(",
            Script::Sub => "_(",
        });
        out.push_str(words);
        out.push(')');
    }
}

/// Whether brackets round words would be seen to end where they do.
fn is_balanced(words: &str) -> bool {
    let mut open = Some(0_usize);
    for c in words.chars() {
        open = match c {
            '(' => open.map(|open| open + 1),
            ')' => open.and_then(|open| open.checked_sub(1)),
            _ => open,
        };
    }
    open == Some(0)
}

fn moved(script: Script, c: char) -> Option<char> {
    const PLAIN: &str = "0123456789+-−=()";
    let moved = match script {
        Script::Super => "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾",
        Script::Sub => "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎",
    };
    PLAIN.chars().zip(moved.chars()).find(|(plain, _)| *plain == c).map(|(_, moved)| moved)
}

#[cfg(test)]
mod tests {
    use super::{Script, push_script};

    #[test]
    fn digits_are_moved_and_words_are_marked() {
        let cases = [
            (Script::Super, "m", "2", "m²"),
            (Script::Sub, "CO", "2", "CO₂"),
            (Script::Super, "1", "st", "1st"),
            (Script::Super, "x", "n", "x^(n)"),
            (Script::Sub, "x", "max", "x_(max)"),
            (Script::Super, "word", "[3]", "word[3]"),
            (Script::Super, "x", " n ", "x ^(n) "),
            (Script::Sub, "x", "  ", "x  "),
            (Script::Sub, "x", "f(a)b", "x_(f(a)b)"),
            (Script::Sub, "x", "a)b", "xa)b"),
            (Script::Sub, "x", ")a(", "x)a("),
        ];
        for (script, before, words, expected) in cases {
            let mut out = before.to_owned();
            push_script(script, words, &mut out);
            assert_eq!(out, expected);
        }
    }
}
