//! The directives there are, in one place: what "did you mean" chooses from
//! and which attributes each takes.

use super::scan::Opening;
use crate::ast::{ListingKind, PanelRole};

/// What a directive makes of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Directive {
    Panel(PanelRole),
    Figure,
    Table,
    Annex,
    Chart,
    Include,
    Only,
    PageBreak,
    Listing(ListingKind),
    Quote,
    /// Only carries attributes.
    Group,
    /// No directive of ours; its content is kept.
    Unknown,
}

const NAMES: &[(&str, Directive)] = &[
    ("key-points", Directive::Panel(PanelRole::KeyPoints)),
    ("box", Directive::Panel(PanelRole::Box)),
    ("recommendation", Directive::Panel(PanelRole::Recommendation)),
    ("example", Directive::Panel(PanelRole::Example)),
    ("figure", Directive::Figure),
    ("table", Directive::Table),
    ("annex", Directive::Annex),
    ("chart", Directive::Chart),
    ("include", Directive::Include),
    ("only", Directive::Only),
    ("pagebreak", Directive::PageBreak),
    ("contents", Directive::Listing(ListingKind::Contents)),
    ("figures", Directive::Listing(ListingKind::Figures)),
    ("tables", Directive::Listing(ListingKind::Tables)),
    ("abbreviations", Directive::Listing(ListingKind::Abbreviations)),
    ("bibliography", Directive::Listing(ListingKind::Bibliography)),
    ("members", Directive::Listing(ListingKind::Members)),
    ("quote", Directive::Quote),
    ("group", Directive::Group),
];

/// The names of all directives.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// The directive that a line opens.
pub fn of(opening: &Opening) -> Directive {
    let name = opening.name.as_ref().map(|name| name.text.as_str());
    NAMES.iter().find(|(known, _)| Some(*known) == name).map_or(Directive::Unknown, |(_, directive)| *directive)
}

impl Directive {
    /// Whether it has no content and so needs no closing line.
    pub fn is_leaf(self, opening: &Opening) -> bool {
        match self {
            Directive::Chart | Directive::Include | Directive::PageBreak | Directive::Listing(_) => true,
            Directive::Table => opening.attributes.pairs.iter().any(|(key, _)| key.text == "src"),
            Directive::Panel(_)
            | Directive::Figure
            | Directive::Annex
            | Directive::Only
            | Directive::Quote
            | Directive::Group
            | Directive::Unknown => false,
        }
    }

    /// The attributes it takes, beside `lang` and those in short form.
    pub fn attributes(self) -> &'static [&'static str] {
        match self {
            Directive::Panel(_) | Directive::Annex => &["title"],
            Directive::Figure => &["caption"],
            Directive::Table => &["caption", "src", "header-columns", "orientation"],
            Directive::Chart => &["type", "src", "x", "y", "caption", "alt", "stacked"],
            Directive::Include => &["src"],
            Directive::Only => &["audience", "format"],
            Directive::Quote => &["attribution"],
            Directive::PageBreak | Directive::Listing(_) | Directive::Group | Directive::Unknown => &[],
        }
    }

    /// The attribute that words behind the name stand for, as in `:::box A title`.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Directive::Panel(_) | Directive::Annex => Some("title"),
            Directive::Figure | Directive::Table | Directive::Chart => Some("caption"),
            Directive::Quote => Some("attribution"),
            Directive::Include
            | Directive::Only
            | Directive::PageBreak
            | Directive::Listing(_)
            | Directive::Group
            | Directive::Unknown => None,
        }
    }
}
