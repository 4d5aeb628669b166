//! The rules of PDF/UA-1 and PDF/A-2 that our own writer could break, checked
//! on the finished file. Names of rules are those of the veraPDF profiles:
//! clause and number of the test.

mod annotation;
mod file;
mod font;
pub mod page;
mod structure;

use super::super::Check;
use super::file::File;

/// The standards that a file claims in its metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Claims {
    /// PDF/UA-1 (ISO 14289-1, 5).
    pub accessible: bool,
    /// The conformance level of PDF/A-2, such as `A` (ISO 19005-2, 6.6.4).
    pub archival: Option<char>,
}

impl Claims {
    /// The standards by their names.
    pub fn names(self) -> Vec<String> {
        let accessible = self.accessible.then(|| "PDF/UA-1".to_owned());
        let archival = self.archival.map(|level| format!("PDF/A-2{}", level.to_ascii_lowercase()));
        accessible.into_iter().chain(archival).collect()
    }

    fn from_file(file: &File) -> Claims {
        let metadata = file.catalog().and_then(|catalog| file.stream(catalog.get(b"Metadata")?));
        let xmp = String::from_utf8_lossy(&metadata.unwrap_or_default()).into_owned();
        let value = |name: &str| {
            let open = format!("<{name}>");
            let (_, behind) = xmp.split_once(open.as_str())?;
            behind.chars().next()
        };
        let archival = value("pdfaid:conformance").filter(|_| value("pdfaid:part") == Some('2'));
        Claims { accessible: value("pdfuaid:part") == Some('1'), archival }
    }
}

/// Checks a file against the rules of the standards that it claims. `bytes` are those that
/// it was opened from, `pages` is what was found on its pages.
pub fn check(file: &File, bytes: &[u8], pages: page::Found) -> (Claims, Vec<Check>) {
    let claims = Claims::from_file(file);
    let mut rules = Rules { file, claims, checks: Vec::new() };
    file::check(&mut rules, bytes);
    font::check(&mut rules);
    pages.report(&mut rules);
    annotation::check(&mut rules);
    structure::check(&mut rules);
    (claims, rules.checks)
}

/// Which standard a rule is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standard {
    /// ISO 14289-1.
    Accessible,
    /// ISO 19005-2, at every level.
    Archival,
    /// ISO 19005-2 at level A, which asks for structure.
    Structured,
}

/// The checks as they are made.
pub struct Rules<'a> {
    file: &'a File<'a>,
    claims: Claims,
    checks: Vec<Check>,
}

impl Rules<'_> {
    /// Adds the result of a rule, if the file claims its standard.
    fn rule(&mut self, standard: Standard, clause: &str, states: &str, faults: Vec<String>) {
        let (applies, name) = match standard {
            Standard::Accessible => (self.claims.accessible, "UA-1"),
            Standard::Archival => (self.claims.archival.is_some(), "A-2"),
            Standard::Structured => (self.claims.archival == Some('A'), "A-2"),
        };
        if applies {
            self.checks.push(Check { rule: format!("{name} {clause}"), states: states.to_owned(), faults });
        }
    }

    /// Adds the result of a rule that holds or not.
    fn holds(&mut self, standard: Standard, clause: &str, states: &str, holds: bool) {
        let faults = if holds { Vec::new() } else { vec!["it does not".to_owned()] };
        self.rule(standard, clause, states, faults);
    }
}
