//! Places in a source: "p. 3", "ch. 2", "the map".

use hayagriva::citationberg::taxonomy::Locator;
use hayagriva::types::Numeric;
use hayagriva::{LocatorPayload, SpecificLocator};

/// A name of places in a source.
struct Name {
    /// The words with the space after them.
    words: &'static str,
    kind: Locator,
    plural: bool,
}

const fn one(words: &'static str, kind: Locator) -> Name {
    Name { words, kind, plural: false }
}

const fn many(words: &'static str, kind: Locator) -> Name {
    Name { words, kind, plural: true }
}

/// The names that a style replaces by its own, longest first.
const NAMES: [Name; 20] = [
    many("chapters ", Locator::Chapter),
    many("sections ", Locator::Section),
    one("chapter ", Locator::Chapter),
    one("section ", Locator::Section),
    many("pages ", Locator::Page),
    many("paras. ", Locator::Paragraph),
    one("page ", Locator::Page),
    one("para. ", Locator::Paragraph),
    one("chap. ", Locator::Chapter),
    many("figs. ", Locator::Figure),
    many("vols. ", Locator::Volume),
    one("fig. ", Locator::Figure),
    one("vol. ", Locator::Volume),
    one("sec. ", Locator::Section),
    many("chs. ", Locator::Chapter),
    many("pp. ", Locator::Page),
    one("ch. ", Locator::Chapter),
    one("no. ", Locator::Issue),
    one("p. ", Locator::Page),
    one("n. ", Locator::Note),
];

/// A cited part: the kind of unit, and its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedPart {
    kind: Locator,
    words: String,
}

impl CitedPart {
    /// Reads a place. Figures alone are pages; what a style would count
    /// otherwise than it is written stays as it is.
    pub fn read(written: &str) -> CitedPart {
        let written = dashed(&unmarked(written));
        let custom = |words: &str| CitedPart { kind: Locator::Custom, words: words.to_owned() };
        for name in &NAMES {
            let Some(rest) = written.strip_prefix(name.words) else { continue };
            let counted = rest.parse().is_ok_and(|number: Numeric| number.is_plural(false));
            // A style writes "p." where it counts one: a written "pp." stays.
            return match (name.plural, counted) {
                (true, false) => custom(&written),
                _ => CitedPart { kind: name.kind, words: rest.to_owned() },
            };
        }
        match are_pages(&written) {
            true => CitedPart { kind: Locator::Page, words: written },
            false => custom(&written),
        }
    }

    /// The locator in the form of the citation processor.
    pub fn as_locator(&self) -> SpecificLocator<'_> {
        SpecificLocator(self.kind, LocatorPayload::Str(&self.words))
    }
}

/// Whether figures are there, at most with an "f." or "ff." after them.
fn are_pages(written: &str) -> bool {
    let figures = written.trim_end_matches('.').trim_end_matches('f').trim_end();
    figures.starts_with(|c: char| c.is_ascii_digit())
        && figures.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | ',' | '-' | '–' | '&'))
}

/// Without the marks of emphasis, which a place cannot have.
fn unmarked(written: &str) -> String {
    match written.matches('*').count() {
        0 | 1 => written.to_owned(),
        _ => written.replace('*', ""),
    }
}

/// Sets dashes in ranges: between two figures, Roman numbers, or letters with figures.
fn dashed(written: &str) -> String {
    let hyphen = |c: char| matches!(c, '-' | '–');
    let mut out = String::with_capacity(written.len());
    for (at, word) in written.split(' ').enumerate() {
        if at > 0 {
            out.push(' ');
        }
        let bare = word.trim_end_matches([',', '.', ')']);
        let ends: Vec<&str> = bare.split(hyphen).filter(|end| !end.is_empty()).collect();
        match (ends.as_slice(), word.get(bare.len()..)) {
            ([from, to], Some(after)) if is_number(from) && is_number(to) && !bare.starts_with(hyphen) => {
                out.push_str(from);
                out.push('–');
                out.push_str(to);
                out.push_str(after);
            }
            _ => out.push_str(word),
        }
    }
    out
}

/// A number, also with letters (`85r`, `A3`), or a Roman one in small letters.
fn is_number(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let plain = letters + digits == text.chars().count();
    let roman = text.chars().all(|c| matches!(c, 'i' | 'v' | 'x' | 'l' | 'c' | 'd' | 'm'));
    roman || plain && digits > 0 && letters <= 1
}

#[cfg(test)]
mod tests {
    use super::{CitedPart, Locator};

    #[test]
    fn places_are_told_from_words() {
        for (written, kind, words) in [
            ("pp. 12-13", Locator::Page, "12–13"),
            ("pp. 12--13", Locator::Page, "12–13"),
            ("p. 12", Locator::Page, "12"),
            ("33-35", Locator::Page, "33–35"),
            ("33", Locator::Page, "33"),
            ("5 ff.", Locator::Page, "5 ff."),
            ("pp. 12", Locator::Custom, "pp. 12"),
            ("pp. iv-ix", Locator::Custom, "pp. iv–ix"),
            ("pp. A3-A5", Locator::Custom, "pp. A3–A5"),
            ("fols. 85r-88r", Locator::Custom, "fols. 85r–88r"),
            ("pp. 3 and 5", Locator::Custom, "pp. 3 and 5"),
            ("pp. 12 *et seq.*", Locator::Custom, "pp. 12 et seq."),
            ("99 years later", Locator::Custom, "99 years later"),
            ("2nd edition", Locator::Custom, "2nd edition"),
            ("see the well-known map", Locator::Custom, "see the well-known map"),
            ("p. iv", Locator::Page, "iv"),
            ("§ 5", Locator::Custom, "§ 5"),
        ] {
            assert_eq!(CitedPart::read(written), CitedPart { kind, words: words.to_owned() }, "{written}");
        }
    }
}
