//! Formulas of other programs in LaTeX's way of writing.

use crate::ast::Formula;

/// Names of functions that have commands of their own.
const FUNCTIONS: [&str; 26] = [
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "det", "dim", "exp", "gcd", "inf",
    "ker", "lim", "ln", "log", "max", "min", "sec", "sin", "sinh", "sup", "tan",
];

/// Marks over or under something, and the commands that set them.
const ACCENTS: [(char, &str); 18] = [
    ('\u{302}', "hat"),
    ('^', "hat"),
    ('ˆ', "hat"),
    ('\u{303}', "tilde"),
    ('~', "tilde"),
    ('˜', "tilde"),
    ('\u{304}', "bar"),
    ('\u{305}', "overline"),
    ('¯', "bar"),
    ('‾', "overline"),
    ('→', "vec"),
    ('\u{20d7}', "vec"),
    ('\u{307}', "dot"),
    ('˙', "dot"),
    ('\u{308}', "ddot"),
    ('¨', "ddot"),
    ('⏞', "overbrace"),
    ('⏟', "underbrace"),
];

/// A formula of a source, if it can be read.
pub fn formula(source: &str) -> Option<Formula> {
    let source = source.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_good = !source.is_empty() && crate::parse::reads_formula(&source);
    is_good.then(|| Formula { source, content: Vec::new(), alt: None })
}

/// A letter, a number or a sign, or several of them.
pub fn signs(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '\\' => out.push_str("\\backslash "),
            '{' | '}' | '$' | '&' | '#' | '%' | '_' => {
                out.push('\\');
                out.push(sign);
            }
            '^' => out.push_str("\\wedge "),
            '~' => out.push_str("\\sim "),
            '−' => out.push('-'),
            '\u{2061}'..='\u{2064}' => {}
            sign if sign.is_whitespace() => out.push_str("\\ "),
            sign => out.push(sign),
        }
    }
    out
}

/// A name: a function where it is one that is known.
pub fn name(text: &str) -> String {
    if FUNCTIONS.contains(&text) {
        return format!("\\{text} ");
    }
    if text.chars().count() <= 1 { signs(text) } else { format!("\\mathrm{{{}}}", signs(text)) }
}

/// Words in a formula.
pub fn text(words: &str) -> String {
    let clean: String = words.chars().filter(|c| !matches!(c, '{' | '}' | '\\' | '$')).collect();
    if clean.is_empty() { String::new() } else { format!("\\text{{{}}}", clean.replace('\u{a0}', " ")) }
}

/// Something in braces.
pub fn group(content: &str) -> String {
    format!("{{{}}}", content.trim())
}

/// A mark over or under something.
pub fn accent(base: &str, mark: char, below: bool) -> String {
    let known = ACCENTS.iter().find(|(sign, _)| *sign == mark).map(|(_, command)| *command);
    match known {
        Some(command) if !below || command == "underbrace" => format!("\\{command}{}", group(base)),
        _ if below && matches!(mark, '_' | '\u{332}' | '̱' | '‗' | '¯' | '‾') => {
            format!("\\underline{}", group(base))
        }
        _ if below => format!("\\underset{}{}", group(&signs(&mark.to_string())), group(base)),
        _ => format!("\\overset{}{}", group(&signs(&mark.to_string())), group(base)),
    }
}

/// Something between delimiters as high as it is; a delimiter may be missing.
pub fn fenced(open: &str, content: &str, close: &str) -> String {
    let sign = |sign: &str| match sign {
        "" => ".".to_owned(),
        "{" | "}" => format!("\\{sign}"),
        "⟨" => "\\langle".to_owned(),
        "⟩" => "\\rangle".to_owned(),
        "⌈" => "\\lceil".to_owned(),
        "⌉" => "\\rceil".to_owned(),
        "⌊" => "\\lfloor".to_owned(),
        "⌋" => "\\rfloor".to_owned(),
        "‖" => "\\Vert".to_owned(),
        "|" | "∣" => "|".to_owned(),
        other => other.to_owned(),
    };
    format!("\\left{} {content} \\right{} ", sign(open), sign(close))
}

/// Rows of cells.
pub fn rows(kind: &str, rows: &[Vec<String>]) -> String {
    let lines: Vec<String> = rows.iter().map(|row| row.join(" & ")).collect();
    format!("\\begin{{{kind}}} {} \\end{{{kind}}}", lines.join(" \\\\ "))
}
