//! Formulas of other programs in LaTeX's way of writing.

use crate::ast::{Alphabet, Formula, plain_letter};
use crate::import::spaced;
use crate::parse::{formula_command, formula_function};

/// Marks over or under something, and the commands that set them: over one sign, and over more.
const ACCENTS: [(char, &str, &str); 27] = [
    ('\u{302}', "hat", "widehat"),
    ('^', "hat", "widehat"),
    ('ˆ', "hat", "widehat"),
    ('\u{303}', "tilde", "widetilde"),
    ('~', "tilde", "widetilde"),
    ('˜', "tilde", "widetilde"),
    ('\u{30c}', "check", "check"),
    ('ˇ', "check", "check"),
    ('\u{301}', "acute", "acute"),
    ('´', "acute", "acute"),
    ('\u{300}', "grave", "grave"),
    ('`', "grave", "grave"),
    ('\u{306}', "breve", "breve"),
    ('˘', "breve", "breve"),
    ('\u{304}', "bar", "bar"),
    ('¯', "bar", "bar"),
    ('\u{305}', "overline", "overline"),
    ('‾', "overline", "overline"),
    ('→', "vec", "overrightarrow"),
    ('\u{20d7}', "vec", "overrightarrow"),
    ('←', "overleftarrow", "overleftarrow"),
    ('\u{20d6}', "overleftarrow", "overleftarrow"),
    ('↔', "overleftrightarrow", "overleftrightarrow"),
    ('\u{20e1}', "overleftrightarrow", "overleftrightarrow"),
    ('⏞', "overbrace", "overbrace"),
    ('\u{307}', "dot", "dot"),
    ('\u{308}', "ddot", "ddot"),
];

/// Spacing forms of combining marks.
const SPACING: [(char, char); 4] = [('˙', '\u{307}'), ('¨', '\u{308}'), ('˚', '\u{30a}'), ('°', '\u{30a}')];

/// Space between characters, and the commands for it.
const SPACES: [(char, &str); 9] = [
    ('\u{2003}', "\\quad "),
    ('\u{2002}', "\\enspace "),
    ('\u{2004}', "\\ "),
    ('\u{2005}', "\\; "),
    ('\u{205f}', "\\: "),
    ('\u{2006}', "\\, "),
    ('\u{2009}', "\\, "),
    ('\u{202f}', "\\,"),
    ('\u{200a}', " "),
];

/// A formula of a source, if it can be read.
pub fn formula(source: &str) -> Option<Formula> {
    let source = spaced(source);
    // A space that a command names keeps its sign at the end.
    let source = if source.ends_with('\\') { format!("{source} ") } else { source };
    let is_good = !source.is_empty() && crate::parse::reads_formula(&source);
    is_good.then(|| Formula { source, content: Vec::new(), alt: None })
}

/// A letter, a number or a sign, or several of them.
pub fn signs(text: &str) -> String {
    let mut out = String::new();
    // Letters of an alphabet that follow one another share the command.
    let mut open: Option<Alphabet> = None;
    for sign in text.chars() {
        let styled = plain_letter(sign);
        let (plain, alphabet) = styled.map_or((sign, None), |(plain, alphabet)| (plain, Some(alphabet)));
        let wanted = alphabet.filter(|alphabet| *alphabet != Alphabet::Italic);
        if wanted != open {
            out.push_str(if open.is_some() { "}" } else { "" });
            if let Some(alphabet) = wanted {
                out.push_str(&format!("\\{}{{", alphabet_command(alphabet)));
            }
            open = wanted;
        }
        push_sign(plain, &mut out);
    }
    out.push_str(if open.is_some() { "}" } else { "" });
    out.replace("\\quad \\quad ", "\\qquad ")
}

fn push_sign(sign: char, out: &mut String) {
    match sign {
        '\\' => out.push_str("\\backslash "),
        '{' | '}' | '$' | '&' | '#' | '%' | '_' => {
            out.push('\\');
            out.push(sign);
        }
        '^' => out.push_str("\\wedge "),
        '~' => out.push_str("\\sim "),
        '−' => out.push('-'),
        '\u{200b}' => out.push(' '),
        '\u{2061}'..='\u{2064}' => {}
        sign => match SPACES.iter().find(|(space, _)| *space == sign) {
            Some((_, command)) => out.push_str(command),
            None if sign.is_whitespace() => out.push_str("\\ "),
            None => match formula_command(sign).filter(|_| !sign.is_ascii()) {
                Some(command) => out.push_str(&format!("\\{command} ")),
                None => out.push(sign),
            },
        },
    }
}

/// The command for letters of an alphabet.
pub fn alphabet_command(alphabet: Alphabet) -> &'static str {
    match alphabet {
        Alphabet::Bold => "mathbf",
        Alphabet::Italic => "mathit",
        Alphabet::BoldItalic => "boldsymbol",
        Alphabet::Script => "mathcal",
        Alphabet::Fraktur => "mathfrak",
        Alphabet::DoubleStruck => "mathbb",
        Alphabet::SansSerif => "mathsf",
        Alphabet::Monospace => "mathtt",
    }
}

/// An upright name: a function if it is a known one.
pub fn name(text: &str) -> String {
    if let Some((command, _)) = formula_function(text) {
        return format!("\\{command} ");
    }
    if text.chars().nth(1).is_none() {
        return signs(text);
    }
    if text.chars().all(char::is_alphabetic) && text.chars().all(|letter| plain_letter(letter).is_none()) {
        return format!("\\mathrm{{{}}}", signs(text));
    }
    let is_plain = |c: char| c.is_alphanumeric() || c == ' ';
    if text.chars().all(is_plain) && text.contains(' ') {
        return format!("\\operatorname{{{text}}}");
    }
    signs(text)
}

/// Writes an upright letter or sign.
pub fn upright(sign: char) -> String {
    let leans = sign.is_alphabetic() && !('Α'..='Ω').contains(&sign) && plain_letter(sign).is_none();
    let written = signs(sign.encode_utf8(&mut [0; 4]));
    if leans && !written.starts_with('\\') { format!("\\mathrm{{{written}}}") } else { written }
}

/// A name with a limit under or over it: `_` or `^` and the limit.
pub fn limits(name: &str, limits: &str) -> String {
    match formula_function(name) {
        Some((command, true)) => format!("\\{command}{limits}"),
        _ => format!("\\operatorname*{{{}}}{limits}", name.replace(['{', '}', '\\', '$'], "")),
    }
}

/// Words in a formula.
pub fn text(words: &str) -> String {
    let mut out = String::new();
    for c in words.chars() {
        if matches!(c, '{' | '}' | '\\' | '~') {
            out.push('\\');
        }
        out.push(if c == '\u{a0}' { ' ' } else { c });
    }
    if out.is_empty() { out } else { format!("\\text{{{out}}}") }
}

/// Something in braces.
pub fn group(content: &str) -> String {
    format!("{{{}}}", trimmed(content))
}

/// Without the space around it, but for one that a command names.
pub fn trimmed(content: &str) -> &str {
    let content = content.trim_start();
    let short = content.trim_end();
    if short.ends_with('\\') && !short.ends_with("\\\\") { content.get(..=short.len()).unwrap_or(short) } else { short }
}

/// A root of a degree, whose radicand is in braces.
pub fn root(degree: &str, radicand: &str) -> String {
    let degree = trimmed(degree);
    // A bracket would end the degree.
    match degree.contains(['[', ']']) {
        true => format!("\\sqrt[{{{degree}}}]{radicand}"),
        false => format!("\\sqrt[{degree}]{radicand}"),
    }
}

/// Writes a stack of two parts without a line.
pub fn stack(above: &str, below: &str) -> String {
    format!("\\substack{{{} \\\\ {}}}", trimmed(above), trimmed(below))
}

/// A mark over or under something.
pub fn accent(base: &str, mark: char, below: bool, wide: bool) -> String {
    let mark = SPACING.iter().find(|(sign, _)| *sign == mark).map_or(mark, |(_, combining)| *combining);
    let command = match (mark, below) {
        ('⏟', true) => Some("underbrace"),
        ('_' | '\u{332}' | '\u{331}' | '‗' | '¯' | '‾', true) => Some("underline"),
        ('\u{30a}', false) => Some("mathring"),
        (_, true) => None,
        (_, false) => ACCENTS
            .iter()
            .find(|(sign, ..)| *sign == mark)
            .map(|(_, narrow, broad)| if wide { *broad } else { *narrow }),
    };
    let sign = || signs(mark.encode_utf8(&mut [0; 4]));
    match command {
        Some(command) => format!("\\{command}{}", group(base)),
        None if below => format!("\\underset{}{}", group(&sign()), group(base)),
        None => format!("\\overset{}{}", group(&sign()), group(base)),
    }
}

/// Something between delimiters as high as it is; a delimiter may be missing.
pub fn fenced(open: &str, content: &str, close: &str) -> String {
    let matrix = match (open, close) {
        ("(", ")") => Some("pmatrix"),
        ("[", "]") => Some("bmatrix"),
        ("{", "}") => Some("Bmatrix"),
        ("|", "|") => Some("vmatrix"),
        ("‖", "‖") => Some("Vmatrix"),
        _ => None,
    };
    let lines = content.trim().strip_prefix("\\begin{matrix}").and_then(|rest| rest.strip_suffix("\\end{matrix}"));
    if let (Some(kind), Some(lines)) = (matrix, lines.filter(|lines| !lines.contains("{matrix}"))) {
        return format!("\\begin{{{kind}}}{lines}\\end{{{kind}}}");
    }
    format!("\\left{} {} \\right{} ", delimiter(open), trimmed(content), delimiter(close))
}

/// Writes a delimiter as high as its content.
pub fn delimiter(sign: &str) -> String {
    match sign {
        "" => ".".to_owned(),
        "{" | "}" => format!("\\{sign}"),
        "⟨" | "〈" => "\\langle".to_owned(),
        "⟩" | "〉" => "\\rangle".to_owned(),
        "⌈" => "\\lceil".to_owned(),
        "⌉" => "\\rceil".to_owned(),
        "⌊" => "\\lfloor".to_owned(),
        "⌋" => "\\rfloor".to_owned(),
        "‖" | "∥" => "\\Vert".to_owned(),
        "|" | "∣" => "|".to_owned(),
        "\\" => "\\backslash".to_owned(),
        other => other.to_owned(),
    }
}

/// Rows of cells.
pub fn rows(kind: &str, rows: &[Vec<String>]) -> String {
    let lines: Vec<String> = rows.iter().map(|row| row.join(" & ")).collect();
    format!("\\begin{{{kind}}} {} \\end{{{kind}}}", lines.join(" \\\\ "))
}

/// Whether LaTeX takes something for one part: a sign, or a command with its groups.
pub fn is_one(latex: &str) -> bool {
    if latex.chars().nth(1).is_none() {
        return !latex.is_empty();
    }
    let Some(command) = latex.strip_prefix('\\') else { return false };
    if ["underbrace", "overbrace", "begin", "left"].iter().any(|own| command.starts_with(own)) {
        return false;
    }
    let name = command.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let mut depth = 0_usize;
    name.chars().all(|c| {
        depth = match c {
            '{' => depth + 1,
            '}' => depth.saturating_sub(1),
            _ if depth == 0 => return false,
            _ => depth,
        };
        true
    })
}

/// Whether it is a brace over or under something, without anything at the brace.
pub fn is_brace(latex: &str) -> bool {
    let braced = ["\\overbrace", "\\underbrace"].iter().find_map(|command| latex.trim().strip_prefix(command));
    let mut depth = 0_usize;
    braced.is_some_and(|group| {
        let end = group.find(|c| {
            depth = if c == '{' { depth + 1 } else { depth.saturating_sub(usize::from(c == '}')) };
            depth == 0
        });
        end.is_some_and(|end| end + 1 == group.len())
    })
}

/// Whether it is a large sign that has limits over and under it.
pub fn is_large(latex: &str) -> bool {
    let name = latex.trim().trim_start_matches('\\');
    name.starts_with("big") && name.chars().all(char::is_alphabetic) || matches!(name, "sum" | "prod" | "coprod")
}
