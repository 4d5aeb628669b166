//! Sets citations and the bibliography by the rules of a style.

use super::Group;
use super::locator::CitedPart;
use crate::ast::Citation;
use hayagriva::citationberg::{IndependentStyle, Locale, LocaleCode, StyleClass};
use hayagriva::types::{Date, EntryType};
use hayagriva::{BibliographyDriver, BibliographyRequest, CitationItem, CitationRequest, Entry, Library, Rendered};
use std::collections::BTreeSet;

/// Key of an entry that stands for no source. It is dated: only where a date
/// is cited does the processor tell works without one apart.
pub const ANCHOR: &str = "\u{fffc}";

/// The citation processor.
pub struct Processor<'a> {
    pub groups: &'a [Group],
    pub library: &'a Library,
    pub style: &'a IndependentStyle,
    pub code: LocaleCode,
    pub locale: &'a [Locale],
}

impl Processor<'_> {
    /// Sets all citations and the bibliography.
    pub fn render(&self) -> Rendered {
        let rendered = self.pass(&[]);
        if self.style.settings.class == StyleClass::Note || !self.are_alike() {
            return rendered;
        }
        // The letters after years count in the order of the bibliography, not in that of the text:
        // it is cited as a whole before.
        let keys = rendered.bibliography.iter().flat_map(|bibliography| &bibliography.items).map(|item| &item.key);
        let mut anchor = Entry::new(ANCHOR, EntryType::Misc);
        anchor.set_date(Date::from_year(0));
        let ordered: Vec<&Entry> = keys.filter_map(|key| self.library.get(key)).chain([&anchor]).collect();
        let mut rendered = self.pass(&ordered);
        if !rendered.citations.is_empty() {
            rendered.citations.remove(0);
        }
        rendered
    }

    fn pass(&self, before: &[&Entry]) -> Rendered {
        let place = |citation: &Citation| citation.locator.as_deref().map(CitedPart::read);
        let places: Vec<Vec<Option<CitedPart>>> =
            self.groups.iter().map(|group| group.citations.iter().map(place).collect()).collect();
        let mut driver = BibliographyDriver::new();
        if !before.is_empty() {
            let items = before.iter().map(|entry| CitationItem::with_entry(*entry)).collect();
            driver.citation(CitationRequest::new(items, self.style, Some(self.code.clone()), self.locale, None));
        }
        for (group, places) in self.groups.iter().zip(&places) {
            let items = group.citations.iter().zip(places).filter_map(|(citation, place)| {
                let locator = place.as_ref().map(CitedPart::as_locator);
                Some(CitationItem::with_locator(self.library.get(&citation.key)?, locator))
            });
            let items = items.collect();
            driver.citation(CitationRequest::new(items, self.style, Some(self.code.clone()), self.locale, group.note));
        }
        driver.finish(BibliographyRequest::new(self.style, Some(self.code.clone()), self.locale))
    }

    /// Whether two works that are cited share their authors and their year.
    fn are_alike(&self) -> bool {
        let keys: BTreeSet<&str> =
            self.groups.iter().flat_map(|group| &group.citations).map(|citation| citation.key.as_str()).collect();
        let mut seen = BTreeSet::new();
        keys.into_iter().filter_map(|key| self.library.get(key)).any(|entry| {
            let names = entry.authors().unwrap_or_default().iter().map(|author| author.name.clone());
            !seen.insert((names.collect::<Vec<_>>(), entry.date().map(|date| date.year)))
        })
    }
}
