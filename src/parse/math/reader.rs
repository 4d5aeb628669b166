//! Reads a formula part by part: letters, signs, commands, and the scripts after them.

use super::command::{self, Command};
use super::symbol::{self, Kind};
use super::{Problem, command::negated};
use crate::ast::{Class, Math, OperatorSize, ScriptPosition, TableKind};
use crate::diagnostic::{Code, guess};
use std::ops::Range;

/// How deep the parts of a formula may nest.
const NESTING: usize = 40;

/// A formula under way.
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    /// How many `\left` are open.
    fences: usize,
    pub problems: Vec<Problem>,
}

/// The end of a row of parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminator {
    /// The end of the formula, or a row of aligned lines.
    Formula,
    /// `}`
    Brace,
    /// `]`
    Bracket,
    /// `\right`
    Right,
    /// A cell: `&`, `\\` or `\end`.
    Cell,
}

/// The next sign of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token<'a> {
    Command(&'a str),
    Character(char),
}

impl<'a> Reader<'a> {
    /// A reader at a formula's start.
    pub fn new(text: &'a str) -> Self {
        Reader { text, at: 0, depth: 0, fences: 0, problems: Vec::new() }
    }

    /// The whole formula. Lines of one (`\\`) are aligned at their `&`.
    pub fn whole(&mut self) -> Vec<Math> {
        let mut rows = vec![vec![self.row(Terminator::Formula)]];
        loop {
            let start = self.at;
            match self.next() {
                None => break,
                Some(Token::Command("\\")) => rows.push(vec![self.row(Terminator::Formula)]),
                Some(Token::Character('&')) => {
                    let cell = self.row(Terminator::Formula);
                    rows.last_mut().into_iter().for_each(|row| row.push(cell.clone()));
                }
                Some(Token::Character('}')) => {
                    self.problem(start..self.at, "this brace closes nothing", Some("write `\\}` for the sign"));
                    self.resume(&mut rows);
                }
                Some(Token::Command(name)) => {
                    let message = format!("`\\{name}` closes nothing");
                    self.problem(start..self.at, message, None);
                    self.skip_group(name);
                    self.resume(&mut rows);
                }
                Some(Token::Character(_)) => {}
            }
        }
        super::environment::drop_empty_last(&mut rows);
        match rows.as_slice() {
            [row] if row.len() == 1 => rows.remove(0).remove(0),
            _ => vec![Math::Table { kind: TableKind::Aligned, rows }],
        }
    }

    /// Goes on in the last cell.
    fn resume(&mut self, rows: &mut [Vec<Vec<Math>>]) {
        let more = self.row(Terminator::Formula);
        if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
            cell.extend(more);
        }
    }

    /// Passes the name after an `\end` that nothing opened.
    fn skip_group(&mut self, name: &str) {
        if name == "end" {
            self.raw_argument();
        } else if name == "right" {
            self.delimiter();
        }
    }

    /// The parts up to what stops them, which stays to be read.
    pub fn row(&mut self, stop: Terminator) -> Vec<Math> {
        let mut row = Vec::new();
        if self.depth >= NESTING {
            let message = format!("this nests deeper than {NESTING} levels");
            self.problems.push(Problem {
                code: Code::LimitExceeded,
                range: self.at..self.at,
                message,
                hint: None,
                near: None,
            });
            self.at = self.text.len();
            return row;
        }
        self.depth += 1;
        while let Some(token) = self.peek() {
            if stops(token, stop) {
                break;
            }
            if let Token::Command(name) = token
                && let Some(Command::Style(display)) = command::named(name)
            {
                self.next();
                let content = self.row(stop);
                row.push(Math::Style { display, content });
                break;
            }
            self.part(&mut row);
        }
        self.depth -= 1;
        row
    }

    /// A part with its scripts.
    fn part(&mut self, row: &mut Vec<Math>) {
        let start = self.at;
        let Some(token) = self.peek() else { return };
        let base = match token {
            // Scripts of nothing, as in ²³⁵U.
            Token::Character('^' | '_' | '\'') => Some((Math::Group(Vec::new()), ScriptPosition::Beside)),
            _ => self.atom(),
        };
        if let Some((base, position)) = base {
            row.push(self.scripts(base, position, start));
        }
    }

    /// The scripts that follow a base.
    fn scripts(&mut self, base: Math, mut position: ScriptPosition, start: usize) -> Math {
        let (mut below, mut above): (Option<Vec<Math>>, Option<Vec<Math>>) = (None, None);
        let mut primed = false;
        loop {
            let here = self.at;
            match self.peek() {
                Some(Token::Character('_')) => {
                    self.next();
                    let script = self.argument("`_`");
                    if below.is_some() {
                        self.problem(
                            here..self.at,
                            "a second subscript",
                            Some("put braces around what has the first: `{a_b}_c`"),
                        );
                    }
                    below.get_or_insert_default().extend(script);
                }
                Some(Token::Character('^')) => {
                    self.next();
                    let script = self.argument("`^`");
                    if above.is_some() && !primed {
                        self.problem(
                            here..self.at,
                            "a second superscript",
                            Some("put braces around what has the first: `{a^b}^c`"),
                        );
                    }
                    primed = false;
                    above.get_or_insert_default().extend(script);
                }
                Some(Token::Character('\'')) => {
                    self.next();
                    primed = true;
                    above.get_or_insert_default().push(Math::operator("′", Class::Ordinary));
                }
                Some(Token::Command("limits")) => {
                    self.next();
                    position = ScriptPosition::Stacked;
                }
                Some(Token::Command("nolimits")) => {
                    self.next();
                    position = ScriptPosition::Beside;
                }
                _ => break,
            }
        }
        let is_nothing = base == Math::Group(Vec::new());
        if is_nothing && below.is_none() && above.is_none() && self.at > start {
            return base;
        }
        if below.is_none() && above.is_none() {
            return base;
        }
        Math::Scripts { base: Box::new(base), below, above, position }
    }

    /// Reads the argument of a command: a group in braces, or the next sign.
    pub fn argument(&mut self, of: &str) -> Vec<Math> {
        let start = self.at;
        match self.peek() {
            Some(Token::Character('{')) => self.group(),
            None | Some(Token::Character('}' | '&' | '^' | '_') | Token::Command("\\" | "right" | "end")) => {
                self.problem(
                    start..self.at,
                    format!("{of} lacks what it belongs to"),
                    Some("write it behind, in braces: `{…}`"),
                );
                Vec::new()
            }
            Some(Token::Character(digit)) if digit.is_ascii_digit() => {
                self.next();
                vec![Math::Number(digit.to_string())]
            }
            Some(_) if self.depth < NESTING => {
                self.depth += 1;
                let argument = self.atom().map(|(atom, _)| atom);
                self.depth -= 1;
                argument.into_iter().collect()
            }
            Some(_) => self.row(Terminator::Brace),
        }
    }

    /// The content of braces, which open here.
    pub fn group(&mut self) -> Vec<Math> {
        self.next();
        let open = self.at - 1;
        let content = self.row(Terminator::Brace);
        if self.peek() == Some(Token::Character('}')) {
            self.next();
        } else {
            self.problem(open..open + 1, "this brace is not closed", Some("close it with `}`"));
        }
        content
    }

    /// Reads a part without its scripts, and the position of its scripts.
    fn atom(&mut self) -> Option<(Math, ScriptPosition)> {
        let start = self.at;
        let beside = |math| Some((math, ScriptPosition::Beside));
        match self.next()? {
            Token::Command(name) => self.command(name, start..self.at),
            Token::Character('{') => {
                self.at = start;
                let start = self.skipped();
                self.at = start;
                beside(Math::Group(self.group()))
            }
            Token::Character('~') => beside(Math::Space(6)),
            Token::Character('-') => beside(Math::operator("−", Class::Binary)),
            Token::Character('*') => beside(Math::operator("∗", Class::Binary)),
            Token::Character(digit) if digit.is_ascii_digit() => beside(self.number()),
            Token::Character(sign @ ('$' | '#' | '%')) => {
                let message = format!("`{sign}` cannot stand in a formula");
                let hint = format!("write `\\{sign}` for the sign");
                self.problem(self.at - 1..self.at, message, Some(&hint));
                None
            }
            Token::Character(sign) => beside(character(sign)),
        }
    }

    /// A number, whose first figure was read. Signs between figures belong to it; the document's
    /// language decides on those that may as well be between two numbers.
    fn number(&mut self) -> Math {
        let start = self.at - 1;
        let figures = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mut end = start + figures(self.text.get(start..).unwrap_or_default());
        loop {
            let rest = self.text.get(end..).unwrap_or_default();
            let sign = ["{,}", ",", ".", "\\,"].into_iter().find(|sign| rest.starts_with(sign));
            let Some(sign) = sign else { break };
            let more = figures(rest.get(sign.len()..).unwrap_or_default());
            if more == 0 || (sign == "\\," && more != 3) {
                break;
            }
            end += sign.len() + more;
        }
        self.at = end;
        let written = self.text.get(start..end).unwrap_or_default();
        // A thin space between groups; braces say that the comma is no punctuation.
        Math::Number(written.replace("{,}", "\u{2}").replace("\\,", "\u{202f}"))
    }

    fn command(&mut self, name: &'a str, range: Range<usize>) -> Option<(Math, ScriptPosition)> {
        if let Some(symbol) = symbol::named(name) {
            return Some(sign(symbol));
        }
        if let Some((shown, limits)) = command::function(name) {
            let position = if limits { ScriptPosition::Movable } else { ScriptPosition::Beside };
            return Some((Math::Identifier { text: shown.to_owned(), upright: true }, position));
        }
        let Some(command) = command::named(name) else {
            let known = symbol::names().chain(command::names()).chain(["right", "end", "limits"]);
            let (start, end) = (range.end.saturating_sub(name.len() + 1), range.end);
            let near = guess(name, known).map(|near| near.behind("\\"));
            let message = format!("the command `\\{name}` is not known");
            let hint = Some("the handbook lists the commands that formulas can have".to_owned());
            self.problems.push(Problem { code: Code::UnknownMathCommand, range: start..end, message, hint, near });
            return None;
        };
        self.apply(command, name, range.end.saturating_sub(name.len() + 1)..range.end)
    }

    /// Applies a command to its arguments.
    fn apply(&mut self, command: Command, name: &str, range: Range<usize>) -> Option<(Math, ScriptPosition)> {
        let of = format!("`\\{name}`");
        let math = match command {
            Command::Fraction(display) => {
                let (numerator, denominator) = (self.argument(&of), self.argument(&of));
                Math::Fraction { numerator, denominator, bar: true, display }
            }
            Command::Binomial => {
                let (numerator, denominator) = (self.argument(&of), self.argument(&of));
                let content = vec![Math::Fraction { numerator, denominator, bar: false, display: None }];
                Math::Fenced { open: "(".to_owned(), content, close: ")".to_owned() }
            }
            Command::Root => Math::Root { degree: self.optional(), radicand: self.argument(&of) },
            Command::Accent { mark, below, stretchy } => {
                let accent = Math::Accent { base: self.argument(&of), mark, below, stretchy };
                let braced = matches!(mark, '⏞' | '⏟');
                return Some((accent, if braced { ScriptPosition::Stacked } else { ScriptPosition::Beside }));
            }
            Command::Alphabet(alphabet) => {
                let mut content = self.argument(&of);
                command::restyle(&mut content, alphabet);
                single(content)
            }
            Command::Upright | Command::Italic => self.letters(&of, command == Command::Upright),
            Command::Text => Math::Text(self.raw_argument()),
            Command::OperatorName => return Some(self.operator_name()),
            Command::Over | Command::Under => return Some((self.set_over(&of, command), ScriptPosition::Beside)),
            Command::Substack => self.substack(),
            Command::Arrow(sign) => {
                let (below, above) = (self.optional(), Some(self.argument(&of)));
                let base = Box::new(Math::operator(sign, Class::Relation));
                Math::Scripts { base, below, above, position: ScriptPosition::Stacked }
            }
            Command::Left => self.fenced(range)?,
            Command::Middle => self.middle(range)?,
            Command::Big(step) => self.big(step, name)?,
            Command::Space(width) => Math::Space(width),
            Command::Begin => self.environment(range)?,
            Command::Not => self.negated(&of),
            Command::Modulo => self.modulo(&of),
            Command::Color => {
                self.raw_argument();
                let message = "colours are left out: editions say nothing by colour".to_owned();
                self.problems.push(Problem { code: Code::ForeignSyntax, range, message, hint: None, near: None });
                return None;
            }
            Command::Nothing | Command::Style(_) => return None,
            Command::Foreign(hint) => {
                let message = format!("`{of}` is not read in formulas").replace("``", "`");
                self.problems.push(Problem {
                    code: Code::UnknownMathCommand,
                    range,
                    message,
                    hint: Some(hint.to_owned()),
                    near: None,
                });
                return None;
            }
        };
        Some((math, ScriptPosition::Beside))
    }

    /// `[…]` after a command.
    fn optional(&mut self) -> Option<Vec<Math>> {
        if self.peek() != Some(Token::Character('[')) {
            return None;
        }
        self.next();
        let content = self.row(Terminator::Bracket);
        if self.peek() == Some(Token::Character(']')) {
            self.next();
        }
        Some(content)
    }

    /// Upright or italic letters; upright ones side by side are one name.
    fn letters(&mut self, of: &str, upright: bool) -> Math {
        let mut joined: Vec<Math> = Vec::new();
        for part in self.argument(of) {
            match (part, joined.last_mut()) {
                (Math::Identifier { text, .. }, Some(Math::Identifier { text: before, upright: true })) if upright => {
                    before.push_str(&text);
                }
                (Math::Identifier { text, .. }, _) => joined.push(Math::Identifier { text, upright }),
                (Math::Scripts { mut base, below, above, position }, _) => {
                    if let Math::Identifier { upright: own, .. } = base.as_mut() {
                        *own = upright;
                    }
                    joined.push(Math::Scripts { base, below, above, position });
                }
                (other, _) => joined.push(other),
            }
        }
        single(joined)
    }

    fn operator_name(&mut self) -> (Math, ScriptPosition) {
        let limits = self.peek() == Some(Token::Character('*'));
        if limits {
            self.next();
        }
        let name = self.raw_argument().replace("\\,", " ");
        let position = if limits { ScriptPosition::Movable } else { ScriptPosition::Beside };
        (Math::Identifier { text: name, upright: true }, position)
    }

    fn set_over(&mut self, of: &str, command: Command) -> Math {
        let script = self.argument(of);
        let base = Box::new(single(self.argument(of)));
        let (below, above) = if command == Command::Over { (None, Some(script)) } else { (Some(script), None) };
        Math::Scripts { base, below, above, position: ScriptPosition::Stacked }
    }

    /// `\left( … \right)`.
    fn fenced(&mut self, range: Range<usize>) -> Option<Math> {
        let open = self.delimiter()?;
        self.fences += 1;
        let content = self.row(Terminator::Right);
        self.fences -= 1;
        if self.peek() != Some(Token::Command("right")) {
            self.problem(
                range,
                "`\\left` has no `\\right`",
                Some("close it with `\\right)`, or with `\\right.` for nothing"),
            );
            return Some(Math::Fenced { open: open.to_owned(), content, close: String::new() });
        }
        self.next();
        let close = self.delimiter().unwrap_or_default();
        Some(Math::Fenced { open: open.to_owned(), content, close: close.to_owned() })
    }

    /// `\middle|`, as high as the delimiters around it.
    fn middle(&mut self, range: Range<usize>) -> Option<Math> {
        if self.fences == 0 {
            let hint = "put it between `\\left` and `\\right`";
            self.problem(range, "`\\middle` stands between no delimiters", Some(hint));
        }
        Some(Math::operator(self.delimiter()?, Class::Middle))
    }

    /// The delimiter that is here.
    pub fn delimiter(&mut self) -> Option<&'static str> {
        self.at = self.skipped();
        let start = self.at;
        self.next();
        let written = self.text.get(start..self.at).unwrap_or_default();
        let found = symbol::delimiter(written.trim_end());
        if found.is_none() {
            self.problem(
                start..self.at,
                format!("`{written}` is no delimiter"),
                Some("write `(`, `[`, `\\{`, `|` or `.` for none"),
            );
        }
        found
    }

    fn big(&mut self, step: u8, name: &str) -> Option<Math> {
        let text = self.delimiter()?.to_owned();
        let by_sign = match text.as_str() {
            "(" | "[" | "{" | "⟨" | "⌈" | "⌊" => Class::Opening,
            ")" | "]" | "}" | "⟩" | "⌉" | "⌋" => Class::Closing,
            _ => Class::Ordinary,
        };
        let class = match name.as_bytes().last() {
            Some(b'l') => Class::Opening,
            Some(b'r') => Class::Closing,
            Some(b'm') => Class::Relation,
            _ => by_sign,
        };
        Some(Math::Operator { text, class, size: OperatorSize::Step(step) })
    }

    fn negated(&mut self, of: &str) -> Math {
        let mut content = self.argument(of);
        if let Some(Math::Operator { text, .. }) = content.first_mut() {
            *text = negated(text);
        }
        single(content)
    }

    fn modulo(&mut self, of: &str) -> Math {
        let mut content = vec![Math::Identifier { text: "mod".to_owned(), upright: true }, Math::Space(6)];
        content.extend(self.argument(of));
        let fenced = Math::Fenced { open: "(".to_owned(), content, close: ")".to_owned() };
        Math::Group(vec![Math::Space(18), fenced])
    }

    /// The source between braces, as it is.
    pub fn raw_argument(&mut self) -> String {
        self.at = self.skipped();
        let rest = self.text.get(self.at..).unwrap_or_default();
        let mut depth = 0_usize;
        let mut escaped = false;
        for (at, c) in rest.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '{' => depth += 1,
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                self.at += at + c.len_utf8();
                let inside = rest.get(..at).unwrap_or_default();
                return plain(inside.strip_prefix('{').unwrap_or(rest.get(..c.len_utf8()).unwrap_or_default()));
            }
        }
        self.problem(self.at..self.at + 1, "this brace is not closed", Some("close it with `}`"));
        self.at = self.text.len();
        plain(rest.trim_start_matches('{'))
    }

    /// Reports what is wrong with the formula's form.
    pub fn problem(&mut self, range: Range<usize>, message: impl Into<String>, hint: Option<&str>) {
        let hint = hint.map(str::to_owned);
        self.problems.push(Problem { code: Code::BadFormula, range, message: message.into(), hint, near: None });
    }

    /// The position of the next sign.
    pub fn skipped(&self) -> usize {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at + (rest.len() - rest.trim_start().len())
    }

    /// Where the reader is.
    pub fn position(&self) -> usize {
        self.at
    }

    /// The next sign, which stays.
    pub fn peek(&self) -> Option<Token<'a>> {
        let rest = self.text.get(self.skipped()..)?;
        let first = rest.chars().next()?;
        if first != '\\' {
            return Some(Token::Character(first));
        }
        let name = rest.get(1..)?;
        let letters = name.len() - name.trim_start_matches(|c: char| c.is_ascii_alphabetic()).len();
        let length = if letters > 0 { letters } else { name.chars().next().map_or(0, char::len_utf8) };
        Some(Token::Command(name.get(..length)?))
    }

    /// The next sign.
    pub fn next(&mut self) -> Option<Token<'a>> {
        let token = self.peek()?;
        self.at = self.skipped()
            + match token {
                Token::Command(name) => 1 + name.len(),
                Token::Character(c) => c.len_utf8(),
            };
        Some(token)
    }
}

fn stops(token: Token, stop: Terminator) -> bool {
    match token {
        Token::Character('}') | Token::Command("end") => true,
        Token::Character(']') => stop == Terminator::Bracket,
        Token::Command("right") => true,
        Token::Character('&') | Token::Command("\\") => true,
        _ => false,
    }
}

/// A sign that a command names, and the position of its scripts.
fn sign(symbol: symbol::Symbol) -> (Math, ScriptPosition) {
    let text = symbol.text.to_owned();
    match symbol.kind {
        Kind::Letter => (Math::Identifier { text, upright: false }, ScriptPosition::Beside),
        Kind::Upright => (Math::Identifier { text, upright: true }, ScriptPosition::Beside),
        Kind::Operator(class) => (Math::operator(text, class), ScriptPosition::Beside),
        Kind::Limits => (Math::operator(text, Class::Large), ScriptPosition::Movable),
    }
}

/// A character as it is in the source.
fn character(c: char) -> Math {
    match symbol::class(c) {
        Some(class) => Math::operator(c, class),
        None => {
            let greek_capital = ('Α'..='Ω').contains(&c);
            Math::Identifier { text: c.to_string(), upright: !c.is_alphabetic() || greek_capital }
        }
    }
}

/// The command that a sign must be written by, because it would be read as something else where it
/// is as it is.
pub fn command_of(character: char) -> Option<&'static str> {
    let own = (self::character(character), ScriptPosition::Beside);
    let mut buffer = [0; 4];
    let text: &str = character.encode_utf8(&mut buffer);
    let mut commands = symbol::commands_for(text).map(|(name, symbol)| (name, sign(symbol))).peekable();
    let (first, _) = commands.peek()?.clone();
    commands.all(|(_, math)| math != own).then_some(first)
}

/// Parts as one.
pub fn single(mut content: Vec<Math>) -> Math {
    if content.len() == 1 { content.remove(0) } else { Math::Group(content) }
}

/// Words in a formula, without the backslashes of signs.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut escaped = false;
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            escaped = false;
            out.push(if c == '~' || c.is_whitespace() { ' ' } else { c });
        }
    }
    out
}
