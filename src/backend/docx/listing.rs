//! Generated lists. Contents and lists of captions are fields that Word can update, if that would
//! give the same lines.

use super::caption::sequence_name;
use super::style::{LEVELS, Mark, Role, Style};
use super::writer::Writer;
use crate::ast::ListingKind;
use crate::language::fill;
use crate::resolve::{Listing, ListingEntry, Target};

impl Writer<'_> {
    /// A list with its title.
    pub fn listing(&mut self, listing: &Listing) {
        if listing.entries.is_empty() {
            return;
        }
        self.start_item();
        self.pending.push(listing.id.clone());
        if !listing.title.is_empty() {
            self.paragraph(Style::for_role(Role::ListingTitle), |w| w.text(&listing.title));
        }
        match listing.kind {
            ListingKind::Contents | ListingKind::Figures | ListingKind::Tables => {
                self.within(|context| context.in_listing = true, |w| w.entries(listing));
            }
            ListingKind::Abbreviations => {
                for entry in &listing.entries {
                    let short = entry.label.as_deref().unwrap_or_default();
                    self.text_changed(&entry.content, |w| w.abbreviation(short, |w| w.inlines(&entry.content)));
                }
            }
            ListingKind::Bibliography | ListingKind::Members => {
                let role = if listing.kind == ListingKind::Members { Role::Entry } else { Role::Bibliography };
                for entry in &listing.entries {
                    self.text_changed(&entry.content, |w| w.paragraph(w.style(role), |w| w.entry(entry, " ")));
                }
            }
        }
    }

    /// An abbreviation and its expansion.
    pub fn abbreviation(&mut self, short: &str, expansion: impl FnOnce(&mut Self)) {
        self.paragraph(self.style(Role::Term), |w| w.text(short));
        self.paragraph(self.style(Role::Definition), expansion);
    }

    fn entries(&mut self, listing: &Listing) {
        let instruction = self.instruction(listing);
        let last = listing.entries.len() - 1;
        for (index, entry) in listing.entries.iter().enumerate() {
            let role = match listing.kind {
                ListingKind::Contents => Role::Contents(entry.level.clamp(1, LEVELS)),
                _ => Role::Captions,
            };
            self.paragraph(Style::for_role(role), |w| {
                if let Some(instruction) = instruction.as_deref().filter(|_| index == 0) {
                    w.begin_field(instruction);
                }
                w.entry(entry, if listing.kind == ListingKind::Contents { "\t" } else { "" });
                if instruction.is_some() && index == last {
                    w.end_field();
                }
            });
        }
    }

    /// An entry as a link. Without a separator, label and words stand as they do
    /// in a caption.
    fn entry(&mut self, entry: &ListingEntry, separator: &str) {
        let words = |w: &mut Self| match &entry.label {
            Some(label) if separator.is_empty() && !entry.content.is_empty() => {
                let pattern = fill(w.document.language.labels.label_value, &[label, "\u{0}"]);
                let (before, behind) = pattern.split_once('\u{0}').unwrap_or((&pattern, ""));
                w.text(before);
                w.inlines(&entry.content);
                w.text(behind);
            }
            label => {
                if let Some(label) = label {
                    w.text(label);
                    w.text(separator);
                }
                w.inlines(&entry.content);
            }
        };
        match &entry.target {
            Some(target) if separator == " " => self.hyperlink(target, None, |w| w.marked(Mark::Link, words)),
            Some(target) => self.hyperlink(target, None, words),
            None => words(self),
        }
    }

    /// The instruction of the field that makes a list, where Word would find just
    /// its entries.
    fn instruction(&self, listing: &Listing) -> Option<String> {
        let targets: Option<Vec<&str>> = listing
            .entries
            .iter()
            .map(|entry| match &entry.target {
                Some(Target::Internal(id)) => Some(id.as_str()),
                Some(Target::External(_) | Target::Document { .. }) | None => None,
            })
            .collect();
        let targets = targets?;
        let labels = self.document.language.labels;
        let captions = |name: &str| {
            let name = sequence_name(name);
            let all = self.survey.captions.get(&name)?;
            all.iter().eq(&targets).then(|| format!(" TOC \\h \\z \\n \\c \"{name}\" "))
        };
        match listing.kind {
            ListingKind::Contents if self.survey.has_noted_heading => None,
            ListingKind::Contents => {
                let deepest = listing.entries.iter().map(|entry| entry.level).max()?.min(LEVELS);
                let found = self.survey.headings.iter().filter(|(level, _)| *level <= deepest).map(|(_, id)| id);
                found.eq(&targets).then(|| format!(" TOC \\o \"1-{deepest}\" \\h \\z \\n "))
            }
            ListingKind::Figures => captions(labels.figure),
            ListingKind::Tables => captions(labels.table),
            ListingKind::Abbreviations | ListingKind::Bibliography | ListingKind::Members => None,
        }
    }
}
