//! Where a document's title comes from: the front matter, else a first and
//! only heading of level 1, else the file's name.

use super::variable::{self, Variables};
use crate::ast::{
    Block, BlockKind, Expanded, ExpandedBlock, Heading, Inline, InlineKind, Metadata, Parsed, ParsedInline, Visit,
    plain_text, walk_blocks,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;

/// Bytes of a title.
pub const TITLE_BYTES: usize = 16 * 1024;

/// Bytes of a title that other documents repeat, which may do it often: it bounds
/// what a project comes to in which every document names every other. The longest
/// titles of laws are half as long.
pub const QUOTED_TITLE_BYTES: usize = 1024;

/// Bytes of a summary that landing pages and the index repeat.
pub const QUOTED_SUMMARY_BYTES: usize = 4 * 1024;

/// A document's title.
pub enum Title {
    /// Words of the front matter or of the file's name. A heading of the same
    /// words was taken out of the text.
    Words { text: String, heading: Option<HeadingId> },
    /// A heading, taken out of the text. It is behind other text where `late` says where.
    Heading { content: Vec<Inline<Parsed>>, heading: HeadingId, late: Option<Span> },
}

/// The id that the title's heading had.
pub type HeadingId = String;

impl Title {
    /// The title as a run of text; words without a heading are at `place`.
    pub fn into_content(self, place: Span) -> Vec<Inline<Parsed>> {
        match self {
            Title::Words { text, .. } => variable::content(&text, place),
            Title::Heading { content, .. } => content,
        }
    }

    /// The content of the heading that became the title.
    pub fn heading_content(&self) -> Option<&[Inline<Parsed>]> {
        match self {
            Title::Words { .. } => None,
            Title::Heading { content, .. } => Some(content),
        }
    }

    /// The id of the heading that was taken out of the text.
    pub fn heading(&self) -> Option<&str> {
        match self {
            Title::Words { heading, .. } => heading.as_deref(),
            Title::Heading { heading, .. } => Some(heading),
        }
    }
}

/// Finds the title. A heading that becomes the title, or that only repeats it,
/// is taken out of the blocks.
pub fn take(metadata: &Metadata, variables: &Variables, blocks: &mut Vec<Block<Expanded>>, path: &str) -> Title {
    let given = metadata.title.as_ref().map(|title| title.value.clone()).filter(|title| !title.trim().is_empty());
    let first = blocks.iter().position(|block| heading(block).is_some());
    let first = first.filter(|at| blocks.get(*at).and_then(heading).is_some_and(|heading| heading.level == 1));
    let taken = match (&given, first) {
        (Some(title), Some(0)) => {
            let words = |content: &[Inline<Parsed>]| variables.with_values(content);
            let title = words(&variable::content(title, Span::default()));
            let same =
                blocks.first().and_then(heading).is_some_and(|heading| same_words(&title, &words(&heading.content)));
            same.then_some(0)
        }
        (None, Some(at)) => {
            let tops = blocks.iter().filter_map(heading).filter(|heading| heading.level == 1).count();
            let has_words = blocks.get(at).and_then(heading).is_some_and(|heading| has_words(&heading.content));
            (tops == 1 && has_words).then_some(at)
        }
        _ => None,
    };
    let late = taken.filter(|at| blocks.iter().take(*at).any(says_something));
    let taken = taken.map(|at| blocks.remove(at));
    let id = taken.as_ref().and_then(|block| block.attrs.id()).map(str::to_owned);
    // Words cannot hold a note or a link that the heading has.
    let given = given.filter(|_| !taken.as_ref().and_then(heading).is_some_and(|heading| holds_more(&heading.content)));
    match (given, taken) {
        (Some(text), _) => Title::Words { text, heading: id },
        (None, Some(Block { kind: BlockKind::Stage(ExpandedBlock::Heading(heading)), span, .. })) => {
            let late = late.map(|_| span);
            Title::Heading { content: heading.content.into_inner(), heading: id.unwrap_or_default(), late }
        }
        (None, _) => Title::Words { text: of_path(path), heading: None },
    }
}

/// Reports a title that is late, or has more than [`TITLE_BYTES`], and goes on with
/// its beginning.
pub fn check(title: Title, metadata: &Metadata, start: Span, diagnostics: &mut Diagnostics) -> Title {
    if let Title::Heading { late: Some(place), .. } = &title {
        let message = "this heading becomes the title, and the text before it follows the title";
        let hint = "put the heading first, or set `title` in the front matter";
        diagnostics.push(Diagnostic::new(Code::Slip, *place, message).hint(hint));
    }
    let text = match &title {
        Title::Words { text, .. } => text.clone(),
        Title::Heading { content, .. } => plain_text(content),
    };
    if text.len() <= TITLE_BYTES {
        return title;
    }
    let place = match &title {
        Title::Words { .. } => metadata.title.as_ref().and_then(|title| title.span),
        Title::Heading { content, .. } => content.first().map(|first| first.span),
    };
    let place = place.unwrap_or(start);
    check_length(&text, place, diagnostics);
    let text = quoted_title(text);
    match title {
        Title::Words { heading, .. } => Title::Words { text, heading },
        Title::Heading { heading, late, .. } => {
            Title::Heading { content: vec![Inline::new(InlineKind::Text(text), place)], heading, late }
        }
    }
}

/// Says it where the words of a title have more than [`TITLE_BYTES`], with what
/// its values stand for.
pub fn check_length(text: &str, place: Span, diagnostics: &mut Diagnostics) {
    if text.len() > TITLE_BYTES {
        let message = format!("the title has more than {} KiB", TITLE_BYTES / 1024);
        let hint = "keep the title short, and say the rest in the text";
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, place, message).hint(hint));
    }
}

/// The title as other documents repeat it: past [`QUOTED_TITLE_BYTES`], only its
/// beginning.
pub fn quoted_title(text: String) -> String {
    cut(text, QUOTED_TITLE_BYTES)
}

/// The summary as other pages repeat it: past [`QUOTED_SUMMARY_BYTES`], only its
/// beginning.
pub fn quoted_summary(text: String) -> String {
    cut(text, QUOTED_SUMMARY_BYTES)
}

/// Words, or their beginning with an ellipsis where they are longer than a limit in
/// bytes.
fn cut(mut text: String, limit: usize) -> String {
    if text.len() <= limit {
        return text;
    }
    let mut end = limit;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text.push('…');
    text
}

fn heading(block: &Block<Expanded>) -> Option<&Heading> {
    match &block.kind {
        BlockKind::Stage(ExpandedBlock::Heading(heading)) => Some(heading),
        _ => None,
    }
}

/// Whether a block holds words; pictures and lists made of the document may be before a title.
fn says_something(block: &Block<Expanded>) -> bool {
    struct Words(bool);
    impl Visit<Expanded> for Words {
        fn inline(&mut self, inline: &Inline<Parsed>) {
            self.0 |= matches!(&inline.kind, InlineKind::Text(words) if !words.trim().is_empty());
        }
    }
    let mut words = Words(false);
    walk_blocks(std::slice::from_ref(block), &mut words);
    words.0
}

/// Whether a heading says something.
fn has_words(content: &[Inline<Parsed>]) -> bool {
    let stage = |inline: &Inline<Parsed>| match &inline.kind {
        InlineKind::Stage(_) => true,
        kind => has_words(kind.children()),
    };
    !plain_text(content).trim().is_empty() || content.iter().any(stage)
}

/// Whether a heading holds what its words do not say: notes, citations, links, pictures, formulas.
fn holds_more(content: &[Inline<Parsed>]) -> bool {
    content.iter().any(|inline| match &inline.kind {
        InlineKind::Note(_)
        | InlineKind::Link { .. }
        | InlineKind::Image(_)
        | InlineKind::Math(_)
        | InlineKind::Stage(ParsedInline::Reference { .. } | ParsedInline::Citation(_)) => true,
        kind => holds_more(kind.children()),
    })
}

/// Whether two titles differ in marks and capitals at most.
fn same_words(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    letters(one) == letters(other)
}

/// A title from a file's name: `fields/eau-potable.md` is "Eau potable"; an
/// `index.md` is called after its folder.
pub fn of_path(path: &str) -> String {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or_default();
    let mut stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    if stem == "index" {
        stem = parts.next().filter(|folder| !folder.is_empty()).unwrap_or(stem);
    }
    let words = stem.replace(['-', '_'], " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
