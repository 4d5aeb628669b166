//! The directives there are, in one place: what "did you mean" chooses from
//! and which attributes each takes.

use super::scan::Opening;
use crate::ast::{AdmonitionKind, ListingKind, PanelRole};

/// The kinds of directives.
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
    /// A note, a warning and the like, as site generators write it.
    Admonition(AdmonitionKind),
    /// Only carries attributes.
    Group,
    /// A tab of MkDocs: its name and its content.
    Tab,
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

/// How a tab of MkDocs is marked; no directive can be called so.
pub const TAB: &str = "===";

/// Attributes that say something without a value.
pub const FLAGS: [&str; 1] = ["stacked"];

/// The names of all directives.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// Admonitions by the names that we give them.
pub const ADMONITIONS: [&str; 5] = ["note", "tip", "important", "warning", "caution"];

/// The directive of a name.
pub fn named(name: &str) -> Directive {
    let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, directive)| *directive);
    known.or_else(|| admonition(name).map(Directive::Admonition)).unwrap_or(Directive::Unknown)
}

/// The directive that a line opens. One without a name is what its class says
/// (`::: {.callout-note}`), or a group.
pub fn read_directive(opening: &Opening) -> Directive {
    let Some(name) = &opening.name else {
        let mut classes = opening.attributes.classes.iter();
        let kind = classes.find_map(|class| admonition(&class.text));
        return match kind {
            Some(kind) => Directive::Admonition(kind),
            None if opening.attributes.is_empty() => Directive::Unknown,
            None => Directive::Group,
        };
    };
    if name.text == TAB {
        return Directive::Tab;
    }
    named(&name.text)
}

/// The admonition that other tools call by a name, whatever its case.
pub fn admonition(name: &str) -> Option<AdmonitionKind> {
    let name = name.to_lowercase();
    let name = name.strip_prefix("callout-").unwrap_or(&name);
    Some(match name {
        "note" | "notes" | "info" | "information" | "seealso" | "abstract" | "summary" | "tldr" | "question"
        | "faq" => AdmonitionKind::Note,
        "tip" | "hint" | "success" | "check" | "done" => AdmonitionKind::Tip,
        "important" => AdmonitionKind::Important,
        "warning" | "warn" | "attention" => AdmonitionKind::Warning,
        "caution" | "danger" | "error" | "failure" | "fail" | "bug" => AdmonitionKind::Caution,
        _ => return None,
    })
}

/// The title of an admonition of a kind that is not known, as tools make it of its name.
pub fn title_of(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let rest = letters.as_str();
    let is_loud = rest.chars().all(|letter| !letter.is_lowercase());
    let rest = if is_loud { rest.to_lowercase() } else { rest.to_owned() };
    first.chain(rest.chars()).map(|letter| if letter == '-' || letter == '_' { ' ' } else { letter }).collect()
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
            | Directive::Admonition(_)
            | Directive::Group
            | Directive::Tab
            | Directive::Unknown => false,
        }
    }

    /// The attributes it takes, beside `lang` and those in short form.
    pub fn attributes(self) -> &'static [&'static str] {
        match self {
            Directive::Panel(_) | Directive::Annex => &["title"],
            Directive::Admonition(_) => &["title", "collapse", "icon", "appearance"],
            Directive::Figure => &["caption"],
            Directive::Table => &["caption", "src", "header-columns", "orientation", "delimiter"],
            Directive::Chart => &["type", "src", "x", "y", "caption", "alt", "stacked", "delimiter"],
            Directive::Include => &["src"],
            Directive::Only => &["audience", "format"],
            Directive::Quote => &["attribution"],
            Directive::PageBreak | Directive::Listing(_) | Directive::Group | Directive::Tab | Directive::Unknown => {
                &[]
            }
        }
    }

    /// The attribute that words behind the name stand for, as in `:::box A title`.
    pub fn words_attribute(self) -> Option<&'static str> {
        match self {
            Directive::Panel(_) | Directive::Annex | Directive::Admonition(_) => Some("title"),
            Directive::Figure | Directive::Table | Directive::Chart => Some("caption"),
            Directive::Quote => Some("attribution"),
            Directive::Include
            | Directive::Only
            | Directive::PageBreak
            | Directive::Listing(_)
            | Directive::Group
            | Directive::Tab
            | Directive::Unknown => None,
        }
    }
}
