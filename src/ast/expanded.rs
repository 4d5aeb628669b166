//! The stage between parsing and resolution: everything a document is made of is there,
//! and nothing that others get.

use super::{Annex, Block, Chart, Heading, ListingKind, Parsed, Stage};
use crate::format::Format;
use crate::source::FileId;

/// The stage after expansion: no includes, no tables that are still in data files, no
/// conditions but on the format, which is chosen last.
///
/// Its text is as it was parsed. Variables stay in it because some of them (`title`,
/// `abstract`) stand for what resolution makes of other text.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Expanded;

impl Stage for Expanded {
    type Block = ExpandedBlock;
    type Label = ();
    type Condition = ();
    type Inlines = Parsed;
}

/// Blocks that resolution replaces.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ExpandedBlock {
    /// `## Title`; a section is made of it, or a run-in heading inside other blocks.
    Heading(Heading),
    /// Becomes a section of its own, numbered with letters.
    Annex(Annex<Expanded>),
    /// Content for some formats only.
    ForFormats {
        /// Formats in the order in which they are written.
        formats: Vec<Format>,
        /// Content for these formats.
        blocks: Vec<Block<Expanded>>,
    },
    /// Figures as a drawing, which resolution makes.
    Chart {
        /// The chart as parsed.
        chart: Chart,
        /// Its data file among the sources, for places in messages; `None` where it cannot be read.
        file: Option<FileId>,
    },
    /// A list that is made from the document.
    Listing(ListingKind),
}
