//! The commands that take something with them.

use crate::ast::{Alphabet, Math};

/// The kinds of commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// A fraction: with a bar, and how large.
    Fraction(Option<bool>),
    Binomial,
    Root,
    /// A mark over or under one argument.
    Accent {
        mark: char,
        below: bool,
        stretchy: bool,
    },
    Alphabet(Alphabet),
    /// Upright letters, together a name.
    Upright,
    /// Letters that lean.
    Italic,
    /// Words of the language.
    Text,
    /// The name of a function; with `*`, limits are over and under it.
    OperatorName,
    /// Content over and under a base; the argument comes first.
    Over,
    Under,
    /// Lines one over the other, as under a sum.
    Substack,
    /// An arrow with text over it, and optional text under it in brackets.
    Arrow(char),
    Left,
    /// `\middle`: a delimiter in the midst of others.
    Middle,
    /// A delimiter of a size, and what it is to its neighbours.
    Big(u8),
    Space(i16),
    /// `\displaystyle` for what follows in its group.
    Style(bool),
    Begin,
    Not,
    /// `\pmod{n}`: in parentheses.
    Modulo,
    /// Colours are left out: how many arguments name one.
    Color,
    /// Says something about numbers, which the document decides.
    Nothing,
    /// Numbers, names and marks that are written otherwise here.
    Foreign(&'static str),
}

/// The command with a name.
pub fn named(name: &str) -> Option<Command> {
    COMMANDS.iter().find(|(own, _)| *own == name).map(|(_, command)| *command)
}

/// The names of all commands that are known.
pub fn names() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(name, _)| *name).chain(FUNCTIONS).chain(LIMITS.iter().map(|(name, _)| *name))
}

/// The name of a function, and whether limits are under it.
pub fn function(name: &str) -> Option<(&'static str, bool)> {
    if let Some((_, shown)) = LIMITS.iter().find(|(own, _)| *own == name) {
        return Some((shown, true));
    }
    FUNCTIONS.iter().find(|own| **own == name).map(|name| (*name, false))
}

/// The command of a function by the name that is shown, and whether limits are under it.
pub fn function_of(shown: &str) -> Option<(&'static str, bool)> {
    if let Some((name, _)) = LIMITS.iter().find(|(_, own)| *own == shown) {
        return Some((name, true));
    }
    FUNCTIONS.iter().find(|own| **own == shown).map(|name| (*name, false))
}

/// Names of functions whose scripts are beside them.
const FUNCTIONS: [&str; 23] = [
    "arccos", "arcsin", "arctan", "arg", "cos", "cosh", "cot", "coth", "csc", "deg", "dim", "exp", "hom", "ker", "lg",
    "ln", "log", "sec", "sin", "sinh", "tan", "tanh", "Var",
];

/// Names of functions whose limits are under them, and how they are shown.
const LIMITS: [(&str, &str); 10] = [
    ("det", "det"),
    ("gcd", "gcd"),
    ("inf", "inf"),
    ("lim", "lim"),
    ("liminf", "lim inf"),
    ("limsup", "lim sup"),
    ("max", "max"),
    ("min", "min"),
    ("Pr", "Pr"),
    ("sup", "sup"),
];

const fn over(mark: char) -> Command {
    Command::Accent { mark, below: false, stretchy: false }
}

const fn wide(mark: char, below: bool) -> Command {
    Command::Accent { mark, below, stretchy: true }
}

const TAGS: &str = "equations are numbered by their id: write `{#eq-name}` behind the formula";
const MACROS: &str = "documents hold no macros: write out what it stands for";

const COMMANDS: &[(&str, Command)] = &[
    ("frac", Command::Fraction(None)),
    ("dfrac", Command::Fraction(Some(true))),
    ("cfrac", Command::Fraction(Some(true))),
    ("tfrac", Command::Fraction(Some(false))),
    ("binom", Command::Binomial),
    ("dbinom", Command::Binomial),
    ("tbinom", Command::Binomial),
    ("xrightarrow", Command::Arrow('→')),
    ("xleftarrow", Command::Arrow('←')),
    ("sqrt", Command::Root),
    ("hat", over('^')),
    ("check", over('ˇ')),
    ("tilde", over('~')),
    ("acute", over('´')),
    ("grave", over('`')),
    ("breve", over('˘')),
    ("bar", over('¯')),
    ("dot", over('˙')),
    ("ddot", over('¨')),
    ("mathring", over('˚')),
    ("vec", over('→')),
    ("widehat", wide('^', false)),
    ("widetilde", wide('~', false)),
    ("overline", wide('‾', false)),
    ("underline", wide('_', true)),
    ("overrightarrow", wide('→', false)),
    ("overleftarrow", wide('←', false)),
    ("overleftrightarrow", wide('↔', false)),
    ("overbrace", wide('⏞', false)),
    ("underbrace", wide('⏟', true)),
    ("mathbf", Command::Alphabet(Alphabet::Bold)),
    ("boldsymbol", Command::Alphabet(Alphabet::BoldItalic)),
    ("bm", Command::Alphabet(Alphabet::BoldItalic)),
    ("mathcal", Command::Alphabet(Alphabet::Script)),
    ("mathscr", Command::Alphabet(Alphabet::Script)),
    ("mathfrak", Command::Alphabet(Alphabet::Fraktur)),
    ("mathbb", Command::Alphabet(Alphabet::DoubleStruck)),
    ("mathsf", Command::Alphabet(Alphabet::SansSerif)),
    ("mathtt", Command::Alphabet(Alphabet::Monospace)),
    ("mathrm", Command::Upright),
    ("mathit", Command::Italic),
    ("mathnormal", Command::Italic),
    ("text", Command::Text),
    ("textrm", Command::Text),
    ("textnormal", Command::Text),
    ("mbox", Command::Text),
    ("operatorname", Command::OperatorName),
    ("overset", Command::Over),
    ("stackrel", Command::Over),
    ("underset", Command::Under),
    ("substack", Command::Substack),
    ("left", Command::Left),
    ("middle", Command::Middle),
    ("big", Command::Big(1)),
    ("bigl", Command::Big(1)),
    ("bigr", Command::Big(1)),
    ("bigm", Command::Big(1)),
    ("Big", Command::Big(2)),
    ("Bigl", Command::Big(2)),
    ("Bigr", Command::Big(2)),
    ("Bigm", Command::Big(2)),
    ("bigg", Command::Big(3)),
    ("biggl", Command::Big(3)),
    ("biggr", Command::Big(3)),
    ("biggm", Command::Big(3)),
    ("Bigg", Command::Big(4)),
    ("Biggl", Command::Big(4)),
    ("Biggr", Command::Big(4)),
    ("Biggm", Command::Big(4)),
    (",", Command::Space(3)),
    ("thinspace", Command::Space(3)),
    (":", Command::Space(4)),
    (">", Command::Space(4)),
    (";", Command::Space(5)),
    (" ", Command::Space(6)),
    ("!", Command::Space(-3)),
    ("quad", Command::Space(18)),
    ("qquad", Command::Space(36)),
    ("enspace", Command::Space(9)),
    ("medspace", Command::Space(4)),
    ("thickspace", Command::Space(5)),
    ("negthinspace", Command::Space(-3)),
    ("displaystyle", Command::Style(true)),
    ("textstyle", Command::Style(false)),
    ("begin", Command::Begin),
    ("not", Command::Not),
    ("pmod", Command::Modulo),
    ("color", Command::Color),
    ("textcolor", Command::Color),
    ("nonumber", Command::Nothing),
    ("notag", Command::Nothing),
    ("label", Command::Foreign(TAGS)),
    ("tag", Command::Foreign(TAGS)),
    ("eqref", Command::Foreign("refer to an equation from the text: `[](#eq-name)`")),
    ("ref", Command::Foreign("refer to an equation from the text: `[](#eq-name)`")),
    ("newcommand", Command::Foreign(MACROS)),
    ("renewcommand", Command::Foreign(MACROS)),
    ("def", Command::Foreign(MACROS)),
    ("DeclareMathOperator", Command::Foreign("write `\\operatorname{name}` where it stands")),
    ("ce", Command::Foreign("write the formula with plain scripts: `\\mathrm{H_2O}`")),
    ("SI", Command::Foreign("write number and unit: `3{,}5\\,\\mathrm{km}`")),
    ("qty", Command::Foreign("write number and unit: `3{,}5\\,\\mathrm{km}`")),
    ("over", Command::Foreign("write `\\frac{a}{b}`")),
    ("choose", Command::Foreign("write `\\binom{n}{k}`")),
    ("bf", Command::Foreign("write `\\mathbf{x}`")),
    ("rm", Command::Foreign("write `\\mathrm{x}`")),
    ("it", Command::Foreign("write `\\mathit{x}`")),
    ("cal", Command::Foreign("write `\\mathcal{X}`")),
    ("phantom", Command::Foreign("leave it out: what nobody sees is no part of a document")),
    ("hphantom", Command::Foreign("leave it out: what nobody sees is no part of a document")),
    ("vphantom", Command::Foreign("leave it out: what nobody sees is no part of a document")),
    ("hspace", Command::Foreign("write `\\quad` or `\\,`")),
    ("includegraphics", Command::Foreign("put the picture into the text")),
];

/// The name and the mark for a relation that does not hold.
pub fn negated(sign: &str) -> String {
    let known = [("=", "≠"), ("∈", "∉"), ("<", "≮"), (">", "≯"), ("≤", "≰"), ("≥", "≱"), ("⊂", "⊄"), ("⊆", "⊈")];
    let more = [("≡", "≢"), ("∼", "≁"), ("≈", "≉"), ("∥", "∦"), ("∣", "∤"), ("∃", "∄"), ("≅", "≇"), ("→", "↛")];
    let found = known.iter().chain(&more).find(|(plain, _)| *plain == sign);
    found.map_or_else(|| format!("{sign}\u{338}"), |(_, negated)| (*negated).to_owned())
}

/// Gives the letters and figures of a formula's part an alphabet of their own.
pub fn restyle(content: &mut [Math], alphabet: Alphabet) {
    for math in content {
        match math {
            Math::Identifier { text, upright } => {
                *text = text.chars().map(|c| crate::ast::letter(c, alphabet)).collect();
                *upright = true;
            }
            Math::Number(text) => *text = text.chars().map(|c| crate::ast::letter(c, alphabet)).collect(),
            Math::Scripts { base, .. } => {
                restyle(std::slice::from_mut(base.as_mut()), alphabet);
                continue;
            }
            _ => {}
        }
        math.rows_mut().into_iter().for_each(|row| restyle(row, alphabet));
    }
}
