//! Lists made from the document.

use super::block::Title;
use super::writer::Writer;
use super::xml::{Attributes, WriteXml};
use crate::ast::{Attrs, ListingKind};
use crate::resolve::{Listing, ListingEntry, NavigationLink};

impl Writer<'_> {
    /// A listing that is among blocks.
    pub(super) fn listing(&mut self, attrs: &Attrs, listing: &Listing) {
        if listing.entries.is_empty() {
            return;
        }
        let mut attributes = self.attributes(attrs, Some(listing.kind.name()));
        if !attributes.iter().any(|(name, _)| *name == "xml:id") {
            self.push_id(&mut attributes, &listing.id);
        }
        let name = match listing.kind {
            ListingKind::Abbreviations => "glosslist",
            ListingKind::Contents | ListingKind::Figures | ListingKind::Tables | ListingKind::Members => "itemizedlist",
            ListingKind::Bibliography => "bibliolist",
        };
        let title = (!listing.title.is_empty()).then_some(Title::Words(&listing.title));
        self.apart(name, &attributes, title, |w| match listing.kind {
            ListingKind::Abbreviations => {
                for entry in &listing.entries {
                    w.abbreviation_entry(entry.label.as_deref().unwrap_or_default(), |w| w.inlines(&entry.content));
                }
            }
            // Notes in a heading are not repeated where it is listed.
            ListingKind::Contents | ListingKind::Figures | ListingKind::Tables => {
                w.within(|place| place.listing = true, |w| w.items(&listing.entries));
            }
            ListingKind::Bibliography => {
                let none = Attributes::new();
                for entry in &listing.entries {
                    w.leaf("bibliomixed", &none, |w| w.entry_words(entry));
                }
            }
            ListingKind::Members => w.items(&listing.entries),
        });
    }

    /// Entries as items, those of deeper levels in lists of their own.
    fn items(&mut self, entries: &[ListingEntry]) {
        let none = Attributes::new();
        for (entry, below) in nested(entries) {
            self.block("listitem", &none, |w| {
                w.leaf("para", &none, |w| w.linked_entry(entry));
                if !below.is_empty() {
                    w.block("itemizedlist", &none, |w| w.items(below));
                }
            });
        }
    }

    fn linked_entry(&mut self, entry: &ListingEntry) {
        match &entry.target {
            None => self.entry_words(entry),
            Some(target) => {
                let mut attributes = Attributes::new();
                self.push_target(&mut attributes, target);
                self.inline("link", &attributes, |w| w.entry_words(entry));
            }
        }
    }

    fn entry_words(&mut self, entry: &ListingEntry) {
        if let Some(label) = &entry.label {
            let role = vec![("role", "number".to_owned())];
            self.inline("phrase", &role, |w| w.xml.text(label));
            self.xml.text(" ");
        }
        self.inlines(&entry.content);
    }

    /// The contents list after the title.
    pub(super) fn contents(&mut self, listing: &Listing) {
        let mut attributes = Attributes::new();
        self.push_id(&mut attributes, &listing.id);
        self.block("toc", &attributes, |w| {
            w.title(&Title::Words(&listing.title));
            w.within(|place| place.listing = true, |w| w.contents_entries(&listing.entries));
        });
    }

    fn contents_entries(&mut self, entries: &[ListingEntry]) {
        let none = Attributes::new();
        for (entry, below) in nested(entries) {
            if below.is_empty() {
                self.leaf("tocentry", &none, |w| w.linked_entry(entry));
            } else {
                self.block("tocdiv", &none, |w| {
                    w.leaf("title", &none, |w| w.linked_entry(entry));
                    w.contents_entries(below);
                });
            }
        }
    }

    pub(super) fn abbreviation_entry(&mut self, short: &str, expansion: impl FnOnce(&mut Self)) {
        let none = Attributes::new();
        self.block("glossentry", &none, |w| {
            w.leaf("glossterm", &none, |w| w.inline("acronym", &none, |w| w.xml.text(short)));
            w.block("glossdef", &none, |w| w.leaf("para", &none, expansion));
        });
    }

    /// The way to another document of the collection.
    pub(super) fn navigation_link(&mut self, link: &NavigationLink, text: &str) {
        let mut attributes = Attributes::new();
        self.push_target(&mut attributes, &link.target);
        self.inline("link", &attributes, |w| w.xml.text(text));
    }
}

/// The outermost entries, each with those below it.
fn nested(entries: &[ListingEntry]) -> impl Iterator<Item = (&ListingEntry, &[ListingEntry])> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        let (first, after) = rest.split_first()?;
        let below = after.iter().take_while(|entry| entry.level > first.level).count();
        let (below, after) = after.split_at_checked(below)?;
        rest = after;
        Some((first, below))
    })
}
