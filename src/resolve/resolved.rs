//! The stage that backends get: nested, numbered, every reference settled.

use super::bookmark::bookmark;
use super::matter::Matter;
use super::xml_name::xml_name;
use crate::ast::{
    Block, BlockKind, GridCell, Inline, InlineStage, ListingKind, Metadata, Run, Stage, Visit, walk_blocks,
};
use crate::format::Format;
use crate::language::{ChangeLabels, Language};
use crate::source::{Span, percent};
use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};
use std::mem;
use std::sync::Arc;

/// The stage after resolution.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ResolvedStage;

impl Stage for ResolvedStage {
    type Block = ResolvedBlock;
    type Label = Option<Label>;
    type Condition = ();
    type Inlines = ResolvedStage;
}

impl InlineStage for ResolvedStage {
    type Inline = ResolvedInline;
    type Target = Target;
    type Picture = PictureId;
    /// `None` for its own size.
    type PictureWidth = Option<PictureWidth>;
    type Note = NoteUse;
    type Change = Change;
}

/// A resolved block.
pub type RBlock = Block<ResolvedStage>;
/// A resolved cell with its places in the grid of its table.
pub type RGridCell<'a> = GridCell<'a, ResolvedStage>;
/// A resolved inline.
pub type RInline = Inline<ResolvedStage>;

/// A document that says everything there is to show. Backends number, name
/// and order nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Content of the front matter, completed from the project.
    pub metadata: Metadata,
    /// Language, for added words, quotation marks and direction.
    pub language: Language,
    /// Path of the source without its `.md`, such as `fields/justice`.
    pub stem: String,
    /// Title as a run of inlines.
    pub title: Vec<RInline>,
    /// The title without markup.
    pub title_text: String,
    /// Without markup.
    pub subtitle: Option<String>,
    /// Short description for metadata: the abstract, else the first paragraph.
    pub description: Option<String>,
    /// Status and marking that must stand out, such as "Draft" or "LIMITED".
    pub banners: Vec<String>,
    /// The document-control table, row by row; empty where there is nothing to control.
    pub control: Vec<ControlRow>,
    /// Title of the control table in the document's language.
    pub control_title: String,
    /// The summary from the front matter's `abstract`.
    pub summary: Vec<RBlock>,
    /// The contents list after the title, if any.
    pub contents: Option<Listing>,
    /// Preamble first, then sections and annexes.
    pub blocks: Vec<RBlock>,
    /// All footnotes, in the order of their numbers.
    pub notes: Vec<Note>,
    /// Sections and annexes as a tree, for bookmarks.
    pub outline: Vec<OutlineEntry>,
    /// Abbreviations used, in alphabetical order.
    pub abbreviations: Vec<AbbreviationEntry>,
    /// Each once, however often it is shown; images name them by index.
    pub pictures: Vec<Picture>,
    /// Files that links lead to: project-relative paths by where they are among the editions.
    pub files: BTreeMap<String, String>,
    /// Where readers can go from here.
    pub navigation: Navigation,
    /// The short form.
    pub brief: Brief,
    /// Timestamp for metadata, in seconds since 1970: from `SOURCE_DATE_EPOCH`, else midnight UTC
    /// of the document's date.
    pub timestamp: Option<i64>,
    /// Whether it is a redline, which contains two versions.
    pub is_redline: bool,
    /// The two versions for editions with changes that can be accepted or rejected.
    pub tracked: Option<Arc<Tracked>>,
}

/// Two versions of a document, and both as one in which each change can be accepted or
/// rejected. What is derived, such as numbers, is not marked there: it follows from what is left.
#[derive(Debug, Clone, PartialEq)]
pub struct Tracked {
    /// Both, with what one version alone says marked. Every block has the number, and every
    /// item the place, that its own version gives it.
    pub document: Resolved,
    /// Content before and after the text of both.
    pub matter: Matter,
    /// Whether the notes of both are numbered in the order in which the text calls them.
    pub counts_notes: bool,
    /// Numbers in the version before of the notes that both have.
    pub note_numbers_before: BTreeMap<usize, String>,
    /// The version before, alone.
    pub old: Resolved,
    /// The version that is published now, alone.
    pub new: Resolved,
    /// How many files the new version was made from: those of the old one are counted on.
    pub files: u32,
}

impl Tracked {
    /// The number in the version before of a note of the document of both, if that has it.
    pub fn note_number_before(&self, note: usize) -> Option<&str> {
        let gone = || self.document.notes.get(note).filter(|_| note >= self.new.notes.len()).map(|note| &note.number);
        self.note_numbers_before.get(&note).or_else(gone).map(String::as_str)
    }
}

impl Resolved {
    /// Whether the author placed a list of this kind in editions of a format,
    /// so that none is to be added.
    pub fn lists(&self, kind: ListingKind, format: Format) -> bool {
        struct Search {
            kind: ListingKind,
            format: Format,
            found: bool,
        }
        impl Visit<ResolvedStage> for Search {
            fn stage_block(&mut self, block: &ResolvedBlock) {
                match block {
                    ResolvedBlock::Listing(listing) => self.found |= listing.kind == self.kind,
                    ResolvedBlock::Section(section) => walk_blocks(&section.blocks, self),
                    ResolvedBlock::ForFormats { formats, blocks } if formats.contains(&self.format) => {
                        walk_blocks(blocks, self);
                    }
                    ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
                    ResolvedBlock::ForFormats { .. } | ResolvedBlock::NumberedParagraph { .. } => {}
                }
            }
        }
        let mut search = Search { kind, format, found: false };
        walk_blocks(&self.blocks, &mut search);
        search.found
    }

    /// The blocks of the text that are in no other but sections, groups and the like, and these
    /// before what is in them, as editions of a format show them.
    pub fn outer_blocks(&self, format: Format) -> Vec<&RBlock> {
        fn add<'b>(blocks: &'b [RBlock], format: Format, all: &mut Vec<&'b RBlock>) {
            for block in blocks {
                all.push(block);
                add(block.outer_blocks(format), format, all);
            }
        }
        let mut all = Vec::new();
        add(&self.blocks, format, &mut all);
        all
    }
}

impl RBlock {
    /// The blocks in a block that are laid out as if it were not there; none where it has a place of
    /// its own.
    pub fn outer_blocks(&self, format: Format) -> &[RBlock] {
        match &self.kind {
            BlockKind::Group(blocks) => blocks,
            BlockKind::Stage(ResolvedBlock::Section(section)) => &section.blocks,
            BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks }) if formats.contains(&format) => blocks,
            BlockKind::Stage(ResolvedBlock::Changed { block, .. }) => std::slice::from_ref(block),
            BlockKind::Stage(
                ResolvedBlock::ForFormats { .. } | ResolvedBlock::NumberedParagraph { .. } | ResolvedBlock::Listing(_),
            )
            | BlockKind::Paragraph(_)
            | BlockKind::List(_)
            | BlockKind::Definitions(_)
            | BlockKind::Quote { .. }
            | BlockKind::Code { .. }
            | BlockKind::Equation(_)
            | BlockKind::Admonition { .. }
            | BlockKind::Panel(_)
            | BlockKind::Figure(_)
            | BlockKind::Table(_)
            | BlockKind::Rule
            | BlockKind::PageBreak => &[],
        }
    }
}

/// Content of the short edition besides title and control rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Brief {
    /// The blocks of the first key-points panel.
    pub key_points: Vec<RBlock>,
    /// The first paragraph of the text, where there is one.
    pub first_paragraph: Option<RBlock>,
}

/// One line of document control.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlRow {
    /// Which of the rows it is, whatever the language calls it.
    pub key: ControlKey,
    /// "Reference", in the document's language.
    pub label: String,
    /// Lines of the value.
    pub value: Vec<Vec<RInline>>,
}

/// The subject of a line of document control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlKey {
    /// The document's number in a register.
    Reference,
    /// The day of publication, as the language writes it.
    Date,
    /// Version as written in the front matter.
    Version,
    /// The language's word for it.
    Status,
    /// How widely the document may be passed on.
    Marking,
    /// Time before which it must not be published.
    Embargo,
    /// Recipients.
    Distribution,
    /// The profiles that the edition was made with.
    Audience,
    /// Authors.
    Authors,
    /// Whom readers may ask.
    Contact,
    /// Its name, which leads to its terms.
    Licence,
    /// Subjects of the document, in a few words.
    Keywords,
    /// Earlier versions, and what changed.
    History,
    /// Legal notice: who is responsible for the publication.
    Imprint,
}

/// Blocks that only a resolved document has.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ResolvedBlock {
    /// A heading with all that it heads.
    Section(Section),
    /// A list that was made from the document.
    Listing(Listing),
    /// A paragraph numbered for citation.
    NumberedParagraph {
        /// Number for display, such as "12".
        number: String,
        /// The paragraph without its number.
        content: Run<ResolvedStage>,
    },
    /// Content for some formats only.
    ForFormats {
        /// Editions that show the blocks.
        formats: Vec<Format>,
        /// Content for these formats; other editions skip it.
        blocks: Vec<RBlock>,
    },
    /// A block that one version alone has and whose words bear no marks, such as a formula.
    Changed {
        /// Its change.
        change: Change,
        /// The block.
        block: Box<RBlock>,
    },
}

/// A heading and everything under it. The id is on the node that holds it.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Section {
    /// An annex, and no section of the text.
    pub annex: bool,
    /// 1 for a section directly under the title; never jumps.
    pub level: u8,
    /// "2.1", or "Annex A" for an annex.
    pub number: Option<String>,
    /// Without the number.
    pub title: Run<ResolvedStage>,
    /// Place of the heading alone.
    pub heading_span: Span,
    /// The text, then the sections below it.
    pub blocks: Vec<RBlock>,
}

/// The number of a figure, table or panel.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Label {
    /// "Table"
    pub name: String,
    /// "3"
    pub number: String,
    /// "Table 3", in the document's order of words.
    pub text: String,
}

impl Label {
    /// The number as it is beside an equation: "(3)".
    pub fn in_parentheses(&self) -> String {
        format!("({})", self.number)
    }
}

/// A list made from the document.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Listing {
    /// Kind of the listing.
    pub kind: ListingKind,
    /// The heading of the list, in the document's language.
    pub title: String,
    /// Id of the listing itself.
    pub id: String,
    /// Entries in reading order, or in alphabetical order for abbreviations.
    pub entries: Vec<ListingEntry>,
}

/// One line of a listing.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ListingEntry {
    /// Where it leads; `None` for an abbreviation.
    pub target: Option<Target>,
    /// 1 for the outermost.
    pub level: u8,
    /// "2.1", "Table 3", "PPC".
    pub label: Option<String>,
    /// The entry's words, without the label.
    pub content: Run<ResolvedStage>,
}

/// A source that a document can cite.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citable {
    /// The key by which it is cited.
    pub key: String,
    /// Authors, title and date, as far as they are known.
    pub words: String,
    /// The key where the bibliography gives it.
    pub span: Option<Span>,
}

/// Inlines that only a resolved document has.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ResolvedInline {
    /// A cross-reference; `text` is its rendering ("Section 2").
    Reference {
        /// Where it leads.
        target: Target,
        /// Its words in every edition.
        text: String,
    },
}

impl AsRef<str> for ResolvedInline {
    fn as_ref(&self) -> &str {
        match self {
            ResolvedInline::Reference { text, .. } => text,
        }
    }
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Target {
    /// An address outside the project, safe to follow.
    External(String),
    /// An id of this document.
    Internal(String),
    /// Another document: path without extension, relative to this document's
    /// folder (`../index`). Each backend adds its own extension.
    Document {
        /// The other document, without an ending.
        path: String,
        /// An id in it, without `#`.
        fragment: Option<String>,
    },
}

impl Target {
    /// An outside address. Line ends and tabs are no part of it, and a space in
    /// it is written as `%20`, so that it is one word everywhere (URL Standard,
    /// 4.4).
    pub fn external(address: &str) -> Target {
        let is_gap = |c: char| c.is_whitespace() || c.is_control();
        if !address.contains(is_gap) {
            return Target::External(address.to_owned());
        }
        let mut whole = String::with_capacity(address.len());
        for c in address.trim().chars() {
            match c {
                _ if c.is_control() => {}
                _ if c.is_whitespace() => whole.push_str(&percent::character(c)),
                _ => whole.push(c),
            }
        }
        Target::External(whole)
    }

    /// The address in editions of a format.
    pub fn address(&self, format: Format) -> String {
        let name = |id| match format {
            Format::Docbook | Format::Epub => xml_name(id),
            Format::Docx => bookmark(id).into(),
            Format::Pdf | Format::Html | Format::Text | Format::Brief | Format::Pandoc => id.into(),
        };
        match self {
            Target::External(address) => address.clone(),
            Target::Internal(id) => format!("#{}", name(id)),
            Target::Document { path, fragment } => {
                let fragment = fragment.as_deref().map(|id| format!("#{}", name(id))).unwrap_or_default();
                format!("{path}.{}{fragment}", format.extension())
            }
        }
    }

    /// Whether it can be followed from a file that stands alone: it leads to a place inside
    /// or to a whole address (RFC 3986, 4.3).
    pub fn stands_alone(&self) -> bool {
        match self {
            Target::Internal(_) => true,
            Target::Document { .. } => false,
            Target::External(address) => address.split_once(':').is_some_and(|(scheme, _)| {
                scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                    && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
            }),
        }
    }

    /// Whether words say an outside address as people say it: without scheme
    /// and `www.`, a telephone number in groups.
    pub fn is_said_by(&self, words: &str) -> bool {
        let Target::External(address) = self else { return false };
        let bare = |text: &str| {
            let text = text.trim().trim_end_matches('/');
            let text =
                ["https://", "http://", "mailto:"].iter().find_map(|scheme| text.strip_prefix(scheme)).unwrap_or(text);
            text.strip_prefix("www.").unwrap_or(text).to_owned()
        };
        match address.strip_prefix("tel:") {
            Some(number) => words.chars().filter(|c| c.is_ascii_digit() || *c == '+').eq(number.chars()),
            None => bare(words) == bare(address),
        }
    }
}

/// A change of words between two versions of a document. The id is on the inline that contains
/// them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Change {
    /// Kind of the change.
    pub kind: ChangeKind,
    /// Id of the change before this one.
    pub previous: Option<String>,
    /// Id of the change after it.
    pub next: Option<String>,
    /// The move that it is one end of; both ends have one number.
    pub pair: Option<u32>,
}

/// The kind of a change. Some mark words of one version only; others are marks that are in neither
/// version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Only the new version has them.
    Inserted,
    /// Only the old version has them.
    Deleted,
    /// Moved, at the new place.
    MovedTo,
    /// Moved, at the old place.
    MovedFrom,
    /// A number or a name that the old version gave, and the new one does not.
    Former,
    /// Where a paragraph was split.
    Split,
    /// Where paragraphs were joined.
    Joined,
}

/// A version of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The version before.
    Old,
    /// The version that is published now.
    New,
}

impl ChangeKind {
    /// The version that alone says the words; `None` for a mark.
    pub fn side(self) -> Option<Side> {
        match self {
            ChangeKind::Inserted | ChangeKind::MovedTo => Some(Side::New),
            ChangeKind::Deleted | ChangeKind::MovedFrom => Some(Side::Old),
            ChangeKind::Former | ChangeKind::Split | ChangeKind::Joined => None,
        }
    }

    /// Words for screen readers before and after the change; `None` for a mark.
    pub fn said(self, labels: &ChangeLabels) -> Option<[&'static str; 2]> {
        match self {
            ChangeKind::Inserted => Some([labels.insertion, labels.end_of_insertion]),
            ChangeKind::Deleted => Some([labels.deletion, labels.end_of_deletion]),
            ChangeKind::MovedTo => Some([labels.moved_here, labels.end_of_move]),
            ChangeKind::MovedFrom => Some([labels.moved_away, labels.end_of_move]),
            ChangeKind::Former | ChangeKind::Split | ChangeKind::Joined => None,
        }
    }

    /// The name that programs know.
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::Inserted => "inserted",
            ChangeKind::Deleted => "deleted",
            ChangeKind::MovedTo => "moved-to",
            ChangeKind::MovedFrom => "moved-from",
            ChangeKind::Former => "former",
            ChangeKind::Split => "split",
            ChangeKind::Joined => "joined",
        }
    }
}

/// Index into [`Resolved::notes`] and which use of the note this is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NoteUse {
    /// Index into [`Resolved::notes`].
    pub note: usize,
    /// Id of this reference, for the way back.
    pub id: String,
    /// Separator from an adjacent call before it, so that "1" and "2" are not read as "12"; empty
    /// if there is none.
    pub separator: &'static str,
}

/// A footnote with its number.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Number for display, such as "3".
    pub number: String,
    /// The anchor that references lead to, unique in the document.
    pub id: String,
    /// Content of the note.
    pub blocks: Vec<RBlock>,
    /// Ids of the references to it, in order; empty for a note that is never
    /// referred to.
    pub references: Vec<String>,
    /// Its definition in the source.
    pub span: Span,
}

/// A section in the outline.
#[derive(Debug, Clone, PartialEq)]
pub struct OutlineEntry {
    /// The section's id, which is unique in the document.
    pub id: String,
    /// "2.1", or "Annex A"; `None` where sections have no numbers.
    pub number: Option<String>,
    /// Without the number, notes and links.
    pub title: Run<ResolvedStage>,
    /// Sections below it, in reading order.
    pub children: Vec<OutlineEntry>,
}

/// An abbreviation that the document uses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AbbreviationEntry {
    /// The form that the text uses.
    pub short: String,
    /// Its expansion.
    pub expansion: String,
}

/// Index into [`Resolved::pictures`].
pub type PictureId = usize;

/// A picture with its bytes, checked and measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// Project-relative path.
    pub path: String,
    /// Format of the bytes.
    pub format: PictureFormat,
    /// The file as editions show it, converted if viewers would show it differently.
    pub bytes: Arc<[u8]>,
    /// Pixels, or CSS pixels for SVG.
    pub width: u32,
    /// Height in the unit of the width.
    pub height: u32,
    /// Pixels per inch where the file says so.
    pub density: Option<f32>,
    /// Where the document asks for it first.
    pub span: Span,
}

/// How wide a picture is shown where the author says so. Its height follows,
/// and it is never wider than the room that it has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum PictureWidth {
    /// A share of the room in percent, to a hundredth.
    Percent(f32),
    /// Points of 1/72 inch, to a hundredth.
    Points(f32),
}

impl Hash for PictureWidth {
    fn hash<H: Hasher>(&self, state: &mut H) {
        mem::discriminant(self).hash(state);
        match self {
            PictureWidth::Percent(width) | PictureWidth::Points(width) => width.to_bits().hash(state),
        }
    }
}

impl Picture {
    /// Width and height in points of 1/72 inch at the picture's own density,
    /// else at that of CSS pixels (CSS Values and Units, section 6.2).
    pub fn natural_size(&self) -> (f32, f32) {
        const POINTS_PER_INCH: f32 = 72.0;
        const CSS_PIXELS_PER_INCH: f32 = 96.0;
        let own = self.density.filter(|density| *density >= 1.0 && self.format != PictureFormat::Svg);
        let scale = POINTS_PER_INCH / own.unwrap_or(CSS_PIXELS_PER_INCH);
        (self.width.max(1) as f32 * scale, self.height.max(1) as f32 * scale)
    }
}

/// The kind of a picture's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureFormat {
    /// PNG; GIF becomes one too.
    Png,
    /// JPEG.
    Jpeg,
    /// SVG as rewritten by Chancery, without scripts and external references.
    Svg,
}

impl PictureFormat {
    /// The media type (RFC 2046).
    pub fn media_type(self) -> &'static str {
        match self {
            PictureFormat::Png => "image/png",
            PictureFormat::Jpeg => "image/jpeg",
            PictureFormat::Svg => "image/svg+xml",
        }
    }
}

/// The way through a collection.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Navigation {
    /// The landing page of the collection.
    pub up: Option<NavigationLink>,
    /// The member before this one in the collection's order.
    pub previous: Option<NavigationLink>,
    /// The member after this one in the collection's order.
    pub next: Option<NavigationLink>,
    /// Members in order, on a landing page.
    pub members: Vec<NavigationLink>,
    /// The formats the document is published in, for links from one edition to the others that are
    /// beside it; empty where that is not known.
    pub formats: Vec<Format>,
    /// Whether an edition in each of the formats says what changed since an earlier version.
    pub has_changes: bool,
    /// The index of all editions of the project, where there is one.
    pub index: Option<NavigationLink>,
}

/// A link of a document's navigation.
#[derive(Debug, Clone, PartialEq)]
pub struct NavigationLink {
    /// Where it leads.
    pub target: Target,
    /// The other document's title, without markup.
    pub title: String,
    /// The whole phrase, such as "Back to Fields of cooperation".
    pub text: String,
    /// Description of the other document, if it has one.
    pub description: Option<String>,
}
