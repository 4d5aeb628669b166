//! A formula in a line of text, as people write it in letters: √(x² + 1), (a + b)/c, ∑_{i=1}^{n}
//! x_i. What belongs together is in parentheses, in scripts in braces.

use super::{Class, Math, TableKind, is_sign};

/// A formula in one line.
pub fn linear(content: &[Math]) -> String {
    lines(content).join("; ")
}

/// A formula in a line for each row that the author aligned with others.
pub fn lines(content: &[Math]) -> Vec<String> {
    match content {
        [Math::Table { kind: TableKind::Aligned | TableKind::Gathered, rows }] => {
            rows.iter().map(|row| written(&row.concat(), Spacing::Open)).filter(|line| !line.is_empty()).collect()
        }
        _ => vec![written(content, Spacing::Open)],
    }
}

/// Whether operators have space around them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spacing {
    Open,
    /// In scripts.
    Tight,
}

fn written(content: &[Math], spacing: Spacing) -> String {
    let mut out = String::new();
    push_row(content, spacing, &mut out);
    let mut words = out.split_whitespace();
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    line
}

fn push_row(content: &[Math], spacing: Spacing, out: &mut String) {
    let parts: Vec<&Math> = content.iter().filter(|part| !matches!(part, Math::Space(width) if *width <= 0)).collect();
    for (index, part) in parts.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| parts.get(before)).copied();
        let after = parts.get(index + 1).copied();
        if before.is_some_and(|before| touches_badly(before, part)) {
            out.push(' ');
        }
        match part {
            Math::Operator { text, class, .. } => push_operator(text, *class, is_sign(before), spacing, out),
            // A sign with something over it has the space that it has alone.
            Math::Scripts { .. } if joins(part) && spacing == Spacing::Open => {
                out.push(' ');
                push(part, spacing, out);
                out.push(' ');
            }
            // Beside a factor it would not be clear where the fraction ends.
            Math::Fraction { .. } if before.is_some_and(is_factor) || after.is_some_and(is_factor) => {
                out.push('(');
                push(part, spacing, out);
                out.push(')');
            }
            _ => push(part, spacing, out),
        }
    }
}

/// Whether two parts need a space to be distinguished: names and numbers.
fn touches_badly(before: &Math, part: &Math) -> bool {
    let is_name = |math: &Math| match base(math) {
        Math::Identifier { text, .. } => text.chars().nth(1).is_some(),
        _ => false,
    };
    let is_word = |math: &Math| match base(math) {
        Math::Operator { class, .. } => matches!(class, Class::Ordinary | Class::Large),
        Math::Text(_) | Math::Space(_) => false,
        _ => true,
    };
    let is_large = |math: &Math| matches!(base(math), Math::Operator { class: Class::Large, .. });
    let is_number = |math: &Math| matches!(base(math), Math::Number(_));
    ((is_name(before) || is_large(before)) && is_word(part))
        || (is_word(before) && (is_name(part) || is_large(part)))
        || (is_number(part) && is_number(before))
}

/// Whether it is a sign that joins or relates, with scripts.
fn joins(math: &Math) -> bool {
    matches!(base(math), Math::Operator { class: Class::Binary | Class::Relation, .. })
}

fn base(math: &Math) -> &Math {
    match math {
        Math::Scripts { base: inner, .. } => base(inner),
        other => other,
    }
}

/// Whether something beside it is multiplied, or could be taken for it.
fn is_factor(math: &Math) -> bool {
    match math {
        Math::Operator { class, .. } => *class == Class::Ordinary,
        Math::Space(_) | Math::Text(_) => false,
        _ => true,
    }
}

fn push_operator(text: &str, class: Class, sign: bool, spacing: Spacing, out: &mut String) {
    let apart = spacing == Spacing::Open;
    match class {
        Class::Binary if sign => out.push_str(text),
        Class::Binary | Class::Relation if apart => {
            out.push(' ');
            out.push_str(text);
            out.push(' ');
        }
        Class::Punctuation => {
            out.push_str(text);
            out.push_str(if apart { " " } else { "" });
        }
        Class::Ordinary
        | Class::Large
        | Class::Binary
        | Class::Relation
        | Class::Opening
        | Class::Closing
        | Class::Middle => out.push_str(text),
    }
}

fn push(math: &Math, spacing: Spacing, out: &mut String) {
    match math {
        Math::Identifier { text, .. } | Math::Number(text) | Math::Text(text) | Math::Operator { text, .. } => {
            out.push_str(text);
        }
        Math::Space(_) => out.push(' '),
        Math::Group(content) | Math::Style { content, .. } => push_row(content, spacing, out),
        Math::Fraction { numerator, denominator, bar, display: _ } => {
            push_part(numerator, is_single(numerator), out);
            out.push(if *bar { '/' } else { '¦' });
            push_part(denominator, is_single(denominator), out);
        }
        Math::Root { radicand, degree } => {
            out.push('√');
            if let Some(degree) = degree {
                out.push('[');
                push_row(degree, Spacing::Tight, out);
                out.push(']');
            }
            push_part(radicand, is_atom(radicand), out);
        }
        Math::Scripts { base, below, above, .. } => {
            let base = std::slice::from_ref(base.as_ref());
            match base {
                [Math::Operator { text, .. }] => out.push_str(text),
                _ => push_part(base, is_atom(base) || *base == [Math::Group(Vec::new())], out),
            }
            if let Some(below) = below {
                push_script(below, '_', &SUBSCRIPTS, out);
            }
            if let Some(above) = above {
                push_script(above, '^', &SUPERSCRIPTS, out);
            }
        }
        Math::Accent { base, mark, .. } => push_accent(base, *mark, spacing, out),
        Math::Fenced { open, content, close } => {
            out.push_str(open);
            push_row(content, spacing, out);
            out.push_str(close);
        }
        Math::Table { kind, rows } => push_table(*kind, rows, spacing, out),
    }
}

/// Writes a part of something larger, in parentheses if its end would not be clear.
fn push_part(content: &[Math], is_clear: bool, out: &mut String) {
    if is_clear {
        push_row(content, Spacing::Open, out);
    } else {
        out.push('(');
        push_row(content, Spacing::Open, out);
        out.push(')');
    }
}

fn is_atom(content: &[Math]) -> bool {
    match content {
        [Math::Identifier { .. } | Math::Number(_) | Math::Operator { .. } | Math::Text(_) | Math::Accent { .. }] => {
            true
        }
        [Math::Fenced { open, close, .. }] => !open.is_empty() && !close.is_empty(),
        [Math::Group(content) | Math::Style { content, .. }] => is_atom(content),
        _ => false,
    }
}

/// Whether content is one sign, with scripts or without.
fn is_single(content: &[Math]) -> bool {
    match content {
        [Math::Scripts { base, .. }] => is_atom(std::slice::from_ref(base.as_ref())),
        _ => is_atom(content),
    }
}

const SUBSCRIPTS: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

fn push_script(script: &[Math], mark: char, digits: &[char; 10], out: &mut String) {
    let is_prime = |math: &Math| matches!(math, Math::Operator { text, .. } if text.starts_with('′'));
    if !script.is_empty() && script.iter().all(is_prime) {
        return push_row(script, Spacing::Tight, out);
    }
    if let [Math::Number(number)] = script
        && let Some(raised) = number.chars().map(|c| digits.get(c.to_digit(10)? as usize)).collect::<Option<String>>()
    {
        return out.push_str(&raised);
    }
    out.push(mark);
    let written = written(script, Spacing::Tight);
    if written.chars().nth(1).is_none() && !written.is_empty() {
        out.push_str(&written);
    } else {
        out.push('{');
        out.push_str(&written);
        out.push('}');
    }
}

/// A mark after a letter, as combining characters stand; braces and the like before what they hold.
fn push_accent(base: &[Math], mark: char, spacing: Spacing, out: &mut String) {
    let Some(combining) = combining(mark) else {
        out.push(mark);
        out.push('(');
        push_row(base, spacing, out);
        out.push(')');
        return;
    };
    push_part(base, is_atom(base), out);
    out.push(combining);
}

/// The combining character that says what a mark says.
pub fn combining(mark: char) -> Option<char> {
    Some(match mark {
        '^' => '\u{302}',
        'ˇ' => '\u{30c}',
        '~' => '\u{303}',
        '´' => '\u{301}',
        '`' => '\u{300}',
        '˘' => '\u{306}',
        '¯' => '\u{304}',
        '‾' => '\u{305}',
        '_' => '\u{332}',
        '˙' => '\u{307}',
        '¨' => '\u{308}',
        '˚' => '\u{30a}',
        '→' => '\u{20d7}',
        '←' => '\u{20d6}',
        '↔' => '\u{20e1}',
        _ => return None,
    })
}

fn push_table(kind: TableKind, rows: &[Vec<Vec<Math>>], spacing: Spacing, out: &mut String) {
    for (index, row) in rows.iter().enumerate() {
        if index > 0 {
            out.push_str("; ");
        }
        if matches!(kind, TableKind::Aligned | TableKind::Gathered) {
            push_row(&row.concat(), spacing, out);
            continue;
        }
        for (index, cell) in row.iter().filter(|cell| kind == TableKind::Matrix || !cell.is_empty()).enumerate() {
            if index > 0 {
                out.push_str(if out.ends_with([',', ';']) { " " } else { ", " });
            }
            out.push_str(&written(cell, Spacing::Open));
        }
    }
}
