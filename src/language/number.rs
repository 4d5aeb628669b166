//! Numbers as people write them, read by the conventions of a language: which sign is before the
//! fraction, which between groups of digits.

/// Which sign is before the fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// 1.5.
    FullStop,
    /// 1,5.
    Comma,
}

impl Point {
    fn sign(self) -> char {
        match self {
            Point::FullStop => '.',
            Point::Comma => ',',
        }
    }

    fn other(self) -> Point {
        match self {
            Point::FullStop => Point::Comma,
            Point::Comma => Point::FullStop,
        }
    }
}

/// How a language writes numbers (CLDR 46, symbols `decimal` and `group`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    /// The sign before the fraction.
    pub point: Point,
    /// Whether the other of full stop and comma is between groups of digits, instead of a space or
    /// an apostrophe.
    grouped: bool,
}

impl Signs {
    /// The signs of a BCP 47 tag; a region that differs from its language has
    /// its own.
    pub fn for_language(tag: &str) -> Signs {
        let language = super::primary(tag);
        let region = tag.split('-').skip(1).find(|part| part.len() == 2 || part.bytes().all(|b| b.is_ascii_digit()));
        let region = region.map(str::to_ascii_uppercase);
        let (point, grouped) = match (language.as_str(), region.as_deref()) {
            ("de" | "it" | "rm" | "gsw", Some("CH" | "LI")) => (Point::FullStop, false),
            ("de", Some("AT")) | ("pt", Some("PT")) | ("en", Some("ZA")) => (Point::Comma, false),
            ("es", Some("MX" | "US" | "PR" | "GT" | "HN" | "NI" | "PA" | "PE" | "SV" | "DO" | "419")) => {
                (Point::FullStop, true)
            }
            ("ar", Some("MA" | "DZ" | "TN" | "LY" | "MR")) => (Point::Comma, true),
            (
                "ca" | "da" | "de" | "el" | "es" | "eu" | "gl" | "hr" | "bs" | "sr" | "mk" | "is" | "id" | "it" | "nl"
                | "pt" | "ro" | "sl" | "tr" | "vi",
                _,
            ) => (Point::Comma, true),
            (
                "be" | "bg" | "cs" | "et" | "fi" | "fr" | "hu" | "hy" | "ka" | "kk" | "lt" | "lv" | "nb" | "nn" | "no"
                | "pl" | "ru" | "sk" | "sq" | "sv" | "uk",
                _,
            ) => (Point::Comma, false),
            _ => (Point::FullStop, true),
        };
        Signs { point, grouped }
    }

    /// The sign between groups of digits.
    pub fn group_sign(self) -> &'static str {
        match (self.point, self.grouped) {
            (Point::FullStop, true) => ",",
            (Point::Comma, true) => ".",
            (Point::FullStop, false) => "’",
            (Point::Comma, false) => "\u{a0}",
        }
    }
}

/// The content of a table cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// Nothing, or a mark that represents it.
    Nothing,
    /// A number with its affixes.
    Figure(Figure),
    /// Anything else.
    Words,
}

/// A number as it is written, with what it can mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Read with a full stop before the fraction, and with a comma.
    readings: [Option<Digits>; 2],
    negative: bool,
    /// Whether signs such as `<` or `~` say that it is not exact.
    pub inexact: bool,
    /// Whether parentheses enclose it, as accounts write what is negative.
    pub bracketed: bool,
    /// The currency, percent sign or unit beside the digits.
    pub unit: String,
    /// Whether the Arabic decimal sign is in it.
    arabic: bool,
    /// Text before and after the digits.
    affixes: [String; 2],
}

/// The digits of a number, in ASCII.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Digits {
    /// Groups of the whole part.
    groups: Vec<String>,
    fraction: Option<String>,
}

/// Why the numbers of a column cannot be read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The figure at this index can be read in two ways.
    Ambiguous(usize),
    /// The figure at this index is written in another way than others.
    Mixed(usize),
    /// The sign between groups of digits is in the figure at this index where none ends.
    Grouping(usize),
    /// The figure at this index has another unit than others.
    Units(usize),
}

/// Marks for a value that is missing, in several languages.
const NOTHING: [&str; 23] = [
    "", "-", "–", "—", "−", "…", "..", "...", ":", "n/a", "n.a.", "N/A", "NA", "n.d.", "n. d.", "nd", "s.o.", "s. o.",
    "s/o", "k.A.", "k. A.", "s.d.", "b.d.",
];
const CURRENCIES: &str = "€$£¥₹₽₺₴₪₩₦¢";
/// Signs of a share, an angle, and marks of notes.
const MARKS: &str = "%‰°٪*†‡";
/// Currencies that are written in letters beside the digits.
const LETTERED: [&str; 14] = ["US$", "A$", "C$", "R$", "kr", "kr.", "zł", "Kč", "лв.", "lei", "Ft", "Fr.", "Rs.", "Rs"];

/// Reads a cell.
pub fn read(text: &str) -> Written {
    let text: String = text.chars().filter(|c| !is_direction_mark(*c)).collect();
    let text = text.trim();
    if NOTHING.contains(&text) {
        return Written::Nothing;
    }
    figure(text).map_or(Written::Words, Written::Figure)
}

fn figure(text: &str) -> Option<Figure> {
    let start = text.find(|c| digit(c).is_some())?;
    let (last, sign) = text.char_indices().rfind(|(_, c)| digit(*c).is_some())?;
    let end = last + sign.len_utf8();
    let (before, body, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    let mut figure = Figure {
        readings: digits(body)?,
        negative: false,
        inexact: false,
        bracketed: false,
        unit: String::new(),
        arabic: body.contains('٫'),
        affixes: [before.to_owned(), after.to_owned()],
    };
    let before = figure.prefix(before)?;
    let after = match (figure.bracketed, after.strip_suffix(')')) {
        (true, Some(after)) => after,
        (true, None) => after.strip_prefix(')')?,
        (false, None) => after,
        (false, Some(_)) => return None,
    };
    let unit = unit(before, after)?;
    figure.negative |= figure.bracketed;
    figure.unit = unit;
    Some(figure)
}

impl Figure {
    /// Removes parentheses and signs from the text before the digits, and returns the rest.
    fn prefix(&mut self, before: &str) -> Option<String> {
        let mut left = String::new();
        let mut signs = 0;
        for c in before.chars() {
            match c {
                '(' if left.trim().is_empty() && !self.bracketed => self.bracketed = true,
                '+' => signs += 1,
                c if is_minus(c) => {
                    signs += 1;
                    self.negative = true;
                }
                '±' | '<' | '>' | '≤' | '≥' | '~' | '≈' => self.inexact = true,
                c => left.push(c),
            }
        }
        (signs < 2 && !(self.bracketed && signs > 0)).then_some(left)
    }

    /// Whether letters are beside the digits.
    pub fn has_letters(&self) -> bool {
        self.unit.chars().any(char::is_alphabetic)
    }

    fn digits(&self, point: Point) -> Option<&Digits> {
        let [stop, comma] = &self.readings;
        match point {
            Point::FullStop => stop.as_ref(),
            Point::Comma => comma.as_ref(),
        }
    }

    /// Whether it can be read in two ways.
    fn is_open(&self) -> bool {
        let [stop, comma] = &self.readings;
        stop.is_some() && comma.is_some() && stop != comma
    }

    /// Whether nothing but a fraction can follow this sign, whatever slipped: `1,2345` may
    /// have lost a digit or a sign, `1,5` and `0,125` have not.
    fn proves(&self, point: Point) -> bool {
        let Some(digits) = self.digits(point).filter(|_| self.digits(point.other()).is_none()) else { return false };
        let is_short = digits.fraction.as_ref().is_none_or(|fraction| fraction.len() < 3);
        is_short || self.arabic || digits.groups.len() > 1 || digits.groups.iter().any(|group| group.starts_with('0'))
    }

    /// Whether the language alone says what it means.
    fn follows(&self, signs: Signs) -> bool {
        signs.grouped || self.digits(signs.point).is_some_and(|digits| digits.fraction.is_some())
    }

    /// The value, where the sign before the fraction is known.
    pub fn value(&self, point: Point) -> Option<f64> {
        let digits = self.digits(point)?;
        let plain = format!("{}.{}", digits.groups.concat(), digits.fraction.as_deref().unwrap_or("0"));
        let value: f64 = plain.parse().ok()?;
        value.is_finite().then_some(if self.negative { -value } else { value })
    }

    /// The number with other signs: before the fraction, between groups.
    pub fn with_signs(&self, point: Point, decimal_sign: &str, group_sign: &str) -> Option<String> {
        let digits = self.digits(point)?;
        let [before, after] = &self.affixes;
        let mut written = format!("{before}{}", digits.groups.join(group_sign));
        if let Some(fraction) = &digits.fraction {
            written.push_str(decimal_sign);
            written.push_str(fraction);
        }
        written.push_str(after);
        Some(written)
    }
}

/// Which sign is before the fractions of a column, whose language has these signs: what is written
/// decides, and the language where that can be read in two ways.
///
/// # Errors
/// Where figures contradict one another, where one can be read in two ways and
/// neither the language nor another figure decides, and where the groups of its digits
/// are none of the language's and nothing proves that they are a fraction.
pub fn point(figures: &[&Figure], signs: Signs) -> Result<Point, Fault> {
    let only = |point: Point| figures.iter().position(|figure| figure.digits(point.other()).is_none());
    let point = match (only(signs.point), only(signs.point.other())) {
        (Some(_), Some(other)) => return Err(Fault::Mixed(other)),
        (None, Some(at)) => {
            let other = signs.point.other();
            if signs.grouped && !figures.iter().any(|figure| figure.proves(other)) {
                return Err(Fault::Grouping(at));
            }
            other
        }
        (Some(_), None) => signs.point,
        (None, None) => {
            return match figures.iter().position(|figure| figure.is_open() && !figure.follows(signs)) {
                Some(at) => Err(Fault::Ambiguous(at)),
                None => Ok(signs.point),
            };
        }
    };
    if point != signs.point
        && let Some(at) = figures.iter().position(|figure| figure.is_open() && figure.follows(signs))
    {
        return Err(Fault::Ambiguous(at));
    }
    Ok(point)
}

/// The sign before the fractions of a column as it is there.
pub fn point_sign(figures: &[&Figure], point: Point) -> char {
    if figures.iter().any(|figure| figure.arabic) { '٫' } else { point.sign() }
}

/// The first figure whose unit differs from that of the first one.
///
/// # Errors
/// Where there is such a figure.
pub fn same_unit(figures: &[&Figure]) -> Result<(), Fault> {
    let unit = |figure: &Figure| figure.unit.trim_end_matches(['*', '†', '‡']).to_owned();
    let first = figures.first().map(|figure| unit(figure));
    match figures.iter().position(|figure| Some(unit(figure)) != first) {
        Some(at) => Err(Fault::Units(at)),
        None => Ok(()),
    }
}

/// The currency, sign or unit of a number; `None` where other words are beside it.
fn unit(before: String, after: &str) -> Option<String> {
    let before = before.trim();
    let code = before.len() == 3 && before.bytes().all(|byte| byte.is_ascii_uppercase());
    let known = before.chars().all(|c| CURRENCIES.contains(c) || MARKS.contains(c));
    if !(code || known || LETTERED.contains(&before)) {
        return None;
    }
    let words = after.trim();
    let apart = after.starts_with(char::is_whitespace);
    let sign = words.chars().all(|c| CURRENCIES.contains(c) || MARKS.contains(c) || c.is_whitespace());
    let beside = |c: char| c.is_alphabetic() || matches!(c, '/' | '²' | '³' | '·' | '.' | '%' | '€' | '$' | '£' | '°');
    const LONGEST_UNIT: usize = 16;
    let is_unit = apart && words.chars().count() <= LONGEST_UNIT && words.chars().all(beside);
    (sign || is_unit || LETTERED.contains(&words)).then(|| format!("{before}{words}"))
}

/// The possible readings of digits with signs between them; `None` if they are no number.
fn digits(body: &str) -> Option<[Option<Digits>; 2]> {
    let mut parts = vec![String::new()];
    let mut signs = Vec::new();
    let mut script = None;
    for c in body.chars() {
        if let Some((value, zero)) = digit(c) {
            if *script.get_or_insert(zero) != zero {
                return None;
            }
            parts.last_mut()?.push(value);
        } else {
            signs.push(sign(c)?);
            parts.push(String::new());
        }
    }
    let read = |point: Point| reading(&parts, &signs, point);
    let readings = [read(Point::FullStop), read(Point::Comma)];
    readings.iter().any(Option::is_some).then_some(readings)
}

/// The canonical form of a sign.
fn sign(c: char) -> Option<char> {
    match c {
        '.' | '٫' | '٬' => Some(c),
        ',' | '،' => Some(','),
        '\'' | '’' | 'ʼ' => Some('\''),
        ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' | '\u{2008}' => Some(' '),
        _ => None,
    }
}

fn reading(parts: &[String], signs: &[char], point: Point) -> Option<Digits> {
    // The Arabic sign is never anything else.
    let decimal = if signs.contains(&'٫') { '٫' } else { point.sign() };
    let fraction = signs.last() == Some(&decimal);
    let groups = if fraction { parts.get(..parts.len() - 1)? } else { parts };
    let between = signs.get(..groups.len().saturating_sub(1))?;
    let first = between.first();
    if between.iter().any(|sign| *sign == decimal || Some(sign) != first) || parts.iter().any(String::is_empty) {
        return None;
    }
    if groups.len() > 1 && !are_groups(groups, first == Some(&',')) {
        return None;
    }
    let fraction = if fraction { parts.last().cloned() } else { None };
    Some(Digits { groups: groups.to_vec(), fraction })
}

/// Whether parts of a number are groups of three digits; in India two after the first, and three at
/// the end.
fn are_groups(groups: &[String], indian: bool) -> bool {
    let Some((first, rest)) = groups.split_first() else { return false };
    let Some((last, inner)) = rest.split_last() else { return false };
    let of = |size: usize| inner.iter().all(|group| group.len() == size);
    !first.starts_with('0') && last.len() == 3 && ((first.len() <= 3 && of(3)) || (indian && first.len() <= 2 && of(2)))
}

/// A digit in ASCII, and the zero of its script.
fn digit(c: char) -> Option<(char, u32)> {
    const ZEROS: [char; 12] = ['0', '٠', '۰', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '０'];
    let zero = ZEROS.iter().map(|zero| u32::from(*zero)).find(|zero| (*zero..zero + 10).contains(&u32::from(c)))?;
    Some((char::from_digit(u32::from(c) - zero, 10)?, zero))
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '−' | '–' | '‐' | '‑' | '﹣' | '－')
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::{Fault, Figure, Signs, Written, point, read, same_unit};

    fn figures(cells: &[&str]) -> Vec<Figure> {
        let figure = |cell: &&str| match read(cell) {
            Written::Figure(figure) => Some(figure),
            Written::Nothing | Written::Words => None,
        };
        cells.iter().filter_map(figure).collect()
    }

    /// The values of a column in a language.
    fn values(lang: &str, cells: &[&str]) -> Result<Vec<f64>, Fault> {
        let figures = figures(cells);
        let figures: Vec<&Figure> = figures.iter().collect();
        let point = point(&figures, Signs::for_language(lang))?;
        Ok(figures.iter().filter_map(|figure| figure.value(point)).collect())
    }

    #[test]
    fn numbers_are_read_by_the_language() {
        for (lang, cell, value) in [
            ("en-GB", "1,234", 1234.0),
            ("en", "1,234,567.5", 1_234_567.5),
            ("en", "1.234", 1.234),
            ("de", "1.234", 1234.0),
            ("de", "1.234,5", 1234.5),
            ("de", "1,234", 1.234),
            ("fr", "1\u{202f}234,5", 1234.5),
            ("fr", "1,234", 1.234),
            ("pl", "12 345", 12345.0),
            ("de-CH", "1’234.50", 1234.5),
            ("es-MX", "1,234", 1234.0),
            ("it", "1.234", 1234.0),
            ("en-IN", "12,34,567", 1_234_567.0),
            ("en", "−3.5 %", -3.5),
            ("en", "- 4", -4.0),
            ("en", "‑7", -7.0),
            ("en", "(1,234)", -1234.0),
            ("en", "€1,200", 1200.0),
            ("de", "1.200 €", 1200.0),
            ("en", "CHF 5.20", 5.2),
            ("en", "12 km²", 12.0),
            ("ar", "١٬٢٣٤٫٥", 1234.5),
            ("ar-EG", "٤٢", 42.0),
            ("hi", "१२,३४,५६७", 1_234_567.0),
            ("fr", "0.125", 0.125),
            ("de", "0.125", 0.125),
            ("de", "12.5", 12.5),
            ("en", "0,1250", 0.125),
            ("de", "1234.56", 1234.56),
            ("fr", "1.2345", 1.2345),
        ] {
            assert_eq!(values(lang, &[cell]), Ok(vec![value]), "{lang}: {cell}");
        }
    }

    #[test]
    fn a_column_decides_what_one_figure_cannot() {
        assert_eq!(values("fr", &["1.234", "12.5"]), Ok(vec![1.234, 12.5]));
        assert_eq!(values("fr", &["1.234", "1.234.567"]), Ok(vec![1234.0, 1_234_567.0]));
        assert_eq!(values("fr", &["5", "1.234"]), Err(Fault::Ambiguous(1)));
        assert_eq!(values("de", &["12.5", "1.234"]), Err(Fault::Ambiguous(1)));
        assert_eq!(values("en", &["1,5", "2,25"]), Ok(vec![1.5, 2.25]));
        assert_eq!(values("en", &["1,5", "1,234"]), Err(Fault::Ambiguous(1)));
        assert_eq!(values("en", &["1,5", "2.5"]), Err(Fault::Mixed(0)));
        assert_eq!(values("de-CH", &["1,234"]), Err(Fault::Ambiguous(0)));
    }

    #[test]
    fn groups_that_a_language_does_not_write_are_no_fractions() {
        for (lang, cell) in [("en", "1,2345"), ("en", "1234,567"), ("en-GB", "12,34567"), ("de", "1.2345")] {
            assert_eq!(values(lang, &[cell]), Err(Fault::Grouping(0)), "{lang}: {cell}");
        }
        assert_eq!(values("en", &["12,345", "1,2345"]), Err(Fault::Grouping(1)));
        assert_eq!(values("en", &["1,5", "1,2345"]), Ok(vec![1.5, 1.2345]));
        assert_eq!(values("en", &["1.5", "1,2345"]), Err(Fault::Mixed(1)));
    }

    #[test]
    fn units_of_a_column_agree() {
        let unit = |cells: &[&str]| {
            let figures = figures(cells);
            same_unit(&figures.iter().collect::<Vec<_>>())
        };
        assert_eq!(unit(&["1 %", "2 %*"]), Ok(()));
        assert_eq!(unit(&["1 km", "2 m"]), Err(Fault::Units(1)));
        assert_eq!(unit(&["€ 1", "$ 2"]), Err(Fault::Units(1)));
    }

    #[test]
    fn what_is_no_number_is_words() {
        for words in
            ["mg/l", "1.2.2026", "2.1.3", "Section 2", "1st", "3-4", "1/2", "12:30", "1, 2", "1,23,4", "A4", "1 20"]
        {
            assert_eq!(read(words), Written::Words, "{words}");
        }
        for nothing in ["", " – ", "n/a", ".."] {
            assert_eq!(read(nothing), Written::Nothing, "{nothing}");
        }
    }

    #[test]
    fn signs_are_exchanged_and_nothing_else() {
        let written = |lang: &str, cell: &str, decimal: &str, group: &str| {
            let figures = figures(&[cell]);
            let figure = figures.first()?;
            figure.with_signs(point(&[figure], Signs::for_language(lang)).ok()?, decimal, group)
        };
        assert_eq!(written("de", "−12.50 %", ",", "."), Some("−12,50 %".to_owned()));
        assert_eq!(written("en", "1,234.5", ",", "\u{a0}"), Some("1\u{a0}234,5".to_owned()));
    }
}
