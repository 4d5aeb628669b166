//! The words of a document as the lints read them: one run of text for each
//! paragraph, heading, caption and term, with the way back to the source.

use super::cache::RunKey;
use crate::ast::{Block, BlockKind, Inline, InlineKind, References, Run, plain_text};
use crate::resolve::{Label, RBlock, RInline, Resolved, ResolvedBlock, ResolvedInline, ResolvedStage, Target};
use crate::source::hash::hasher;
use crate::source::{Sources, Span};
use std::hash::{Hash, Hasher};
use std::ops::Range;

/// Placeholder for something that is not prose: code, a picture, a note, an
/// abbreviation that is marked up, words of another language.
pub const OBJECT: char = '\u{fffc}';
const OBJECT_WORDS: &str = "\u{fffc}";

/// The content that lints check.
#[derive(Debug, Default)]
pub struct Content<'a> {
    /// Runs in reading order.
    pub runs: Vec<ProseRun<'a>>,
    /// Every two blocks that follow one another.
    pub neighbours: Vec<[&'a RBlock; 2]>,
    /// What has a number, and the words beside it.
    pub captions: Vec<(&'a Label, &'a [RInline])>,
}

/// A run of inlines, whose words are collected at first use.
#[derive(Debug, Clone, Copy)]
pub struct ProseRun<'a> {
    kind: Kind,
    lang: &'a str,
    content: &'a [RInline],
    /// The whole run, where it is one that trees share: it knows its hash.
    whole: Option<&'a Run<ResolvedStage>>,
}

/// The words of a run.
#[derive(Debug, Default)]
pub struct Words<'a> {
    /// Texts by language; nested ones come first.
    pub prose: Vec<Prose<'a>>,
    pub links: Vec<Link<'a>>,
    /// Words before references that begin with them, and the place of each reference.
    pub doubled: Vec<(String, &'a str, Span)>,
}

/// The words of a run that are in one language.
#[derive(Debug)]
pub struct Prose<'a> {
    pub kind: Kind,
    /// BCP 47 tag.
    pub lang: &'a str,
    pub text: String,
    pieces: Vec<RunPart>,
}

/// The position of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    Paragraph,
    /// A title, caption, term or cell: no sentence is expected.
    Fragment,
}

/// A part of a run that comes from one node.
#[derive(Debug)]
struct RunPart {
    start: usize,
    len: usize,
    span: Span,
    /// The inline that the words are in, to tell markup between words.
    container: u32,
    fit: Fit,
}

/// Whether words are what their source says, byte by byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Exact,
    Loose,
}

impl Fit {
    fn from_words(words: &str, span: Span, sources: &Sources) -> Fit {
        if sources.text(span) == words { Fit::Exact } else { Fit::Loose }
    }
}

/// Maximum length of a piece that differs from its source and whose words are looked up. Without a
/// limit the time would grow with the square of a line's length.
const MAX_LOOKUP: usize = 4_000;

/// A link and its words.
#[derive(Debug)]
pub struct Link<'a> {
    pub lang: &'a str,
    pub text: String,
    pub target: &'a Target,
    pub span: Span,
}

impl Prose<'_> {
    /// The place of a range of the run's text.
    pub fn span(&self, range: Range<usize>, sources: &Sources) -> Span {
        let first = self.piece(range.start);
        let last = self.piece(range.end.saturating_sub(1).max(range.start));
        match (first, last) {
            (Some(first), Some(last)) => {
                let start = self.locate(first, range.start..range.end, sources);
                let end = self.locate(last, range.start..range.end, sources);
                start.to(end)
            }
            _ => self.pieces.first().map(|piece| piece.span).unwrap_or_default(),
        }
    }

    /// Whether no markup opens or closes in a range.
    pub fn is_plain(&self, range: Range<usize>) -> bool {
        let after = self.pieces.partition_point(|piece| piece.start + piece.len <= range.start);
        let mut containers =
            self.pieces.iter().skip(after).take_while(|piece| piece.start < range.end).map(|piece| piece.container);
        let first = containers.next();
        containers.all(|container| Some(container) == first)
    }

    fn piece(&self, offset: usize) -> Option<&RunPart> {
        let after = self.pieces.partition_point(|piece| piece.start <= offset);
        self.pieces.get(after.checked_sub(1)?)
    }

    /// The part of a piece that is in `range`. Words that differ from their
    /// source (character references, quotation marks that were made smart) are
    /// looked up in it; where they are not found the whole piece is the place.
    fn locate(&self, piece: &RunPart, range: Range<usize>, sources: &Sources) -> Span {
        let start = range.start.max(piece.start) - piece.start;
        let end = range.end.min(piece.start + piece.len).saturating_sub(piece.start);
        if piece.fit == Fit::Exact {
            return piece.span.slice(start..end);
        }
        if piece.len > MAX_LOOKUP {
            return piece.span;
        }
        let source = sources.text(piece.span);
        let text = self.text.get(piece.start..piece.start + piece.len).unwrap_or_default();
        let (Some(before), Some(words)) = (text.get(..start), text.get(start..end)) else {
            return piece.span;
        };
        let nth = before.matches(words).count();
        match source.match_indices(words).nth(nth) {
            Some((offset, _)) if !words.is_empty() => piece.span.slice(offset..offset + words.len()),
            _ => piece.span,
        }
    }
}

impl<'a> Content<'a> {
    /// The runs of a document in reading order.
    pub fn from_document(document: &'a Resolved) -> Content<'a> {
        let mut content = Content::default();
        let lang = document.language.tag.as_str();
        content.fragment(&document.title, lang);
        content.blocks(&document.summary, lang);
        content.blocks(&document.blocks, lang);
        for note in &document.notes {
            content.blocks(&note.blocks, lang);
        }
        content
    }

    fn blocks(&mut self, blocks: &'a [RBlock], lang: &'a str) {
        for block in blocks {
            self.block(block, block.attrs.lang().unwrap_or(lang));
        }
        self.neighbours.extend(blocks.iter().zip(blocks.iter().skip(1)).map(|(one, next)| [one, next]));
    }

    fn block(&mut self, block: &'a Block<ResolvedStage>, lang: &'a str) {
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(content, lang),
            BlockKind::List(list) => {
                for item in &list.items {
                    self.blocks(&item.blocks, item.attrs.lang().unwrap_or(lang));
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    for term in &definition.terms {
                        self.fragment(term, lang);
                    }
                    for details in &definition.details {
                        self.blocks(details, lang);
                    }
                }
            }
            BlockKind::Quote { blocks, attribution } => {
                self.blocks(blocks, lang);
                self.maybe(attribution.as_ref(), lang);
            }
            BlockKind::Admonition { title, blocks, kind: _ } => {
                self.maybe(title.as_ref(), lang);
                self.blocks(blocks, lang);
            }
            BlockKind::Panel(panel) => {
                self.captioned(panel.label.as_ref(), panel.title.as_ref(), lang);
                self.blocks(&panel.blocks, lang);
            }
            BlockKind::Figure(figure) => {
                self.blocks(&figure.blocks, lang);
                self.captioned(figure.label.as_ref(), figure.caption.as_ref(), lang);
            }
            BlockKind::Table(table) => {
                self.captioned(table.label.as_ref(), table.caption.as_ref(), lang);
                for cell in table.head.iter().chain(&table.body).flat_map(|row| &row.cells) {
                    self.blocks(&cell.blocks, cell.attrs.lang().unwrap_or(lang));
                }
            }
            BlockKind::Group(blocks) => self.blocks(blocks, lang),
            BlockKind::Stage(block) => self.stage(block, lang),
            BlockKind::Code { .. } | BlockKind::Equation(_) | BlockKind::Rule | BlockKind::PageBreak => {}
        }
    }

    fn stage(&mut self, block: &'a ResolvedBlock, lang: &'a str) {
        match block {
            ResolvedBlock::Section(section) => {
                self.heading(&section.title, lang);
                self.blocks(&section.blocks, lang);
            }
            ResolvedBlock::NumberedParagraph { number: _, content } => self.paragraph(content, lang),
            ResolvedBlock::ForFormats { formats: _, blocks } => self.blocks(blocks, lang),
            ResolvedBlock::Changed { change: _, block } => self.blocks(std::slice::from_ref(block), lang),
            // Made from what is looked at elsewhere.
            ResolvedBlock::Listing(_) => {}
        }
    }

    fn maybe(&mut self, content: Option<&'a Vec<RInline>>, lang: &'a str) {
        if let Some(content) = content {
            self.fragment(content, lang);
        }
    }

    fn captioned(&mut self, label: Option<&'a Label>, caption: Option<&'a Vec<RInline>>, lang: &'a str) {
        self.captions.extend(label.zip(caption.map(Vec::as_slice)));
        self.maybe(caption, lang);
    }

    fn fragment(&mut self, content: &'a [RInline], lang: &'a str) {
        self.runs.push(ProseRun::new(Kind::Fragment, content, lang));
    }

    fn paragraph(&mut self, content: &'a Run<ResolvedStage>, lang: &'a str) {
        self.runs.push(ProseRun { whole: Some(content), ..ProseRun::new(Kind::Paragraph, content, lang) });
    }

    fn heading(&mut self, content: &'a Run<ResolvedStage>, lang: &'a str) {
        self.runs.push(ProseRun { whole: Some(content), ..ProseRun::new(Kind::Fragment, content, lang) });
    }
}

impl<'a> ProseRun<'a> {
    /// A run in a language.
    pub fn new(kind: Kind, content: &'a [RInline], lang: &'a str) -> ProseRun<'a> {
        ProseRun { kind, lang, content, whole: None }
    }

    /// Its words and links.
    pub fn gather(&self, sources: &'a Sources) -> Words<'a> {
        let mut collector = Collector { words: Words::default(), sources, containers: 0 };
        collector.run(self.kind, self.content, self.lang);
        collector.words
    }

    /// Where it starts.
    pub fn place(&self) -> Option<Span> {
        Some(self.content.first()?.span)
    }

    /// The language around it.
    pub fn lang(&self) -> &'a str {
        self.lang
    }

    /// The run itself, where the tree before this one may share it.
    pub fn shared(&self) -> Option<&'a Run<ResolvedStage>> {
        self.whole.filter(|whole| whole.references() <= References::NotesOnly)
    }

    /// Its key in the cache; `None` if its source is not contiguous.
    pub fn key(&self, sources: &Sources) -> Option<RunKey> {
        match self.shared() {
            Some(shared) => Some(RunKey::Shared(shared.address())),
            None => self.hash(sources).map(RunKey::Written),
        }
    }

    /// A hash of what the run says, in which language, and how it is written: of all that decides
    /// whether something is found in it.
    fn hash(&self, sources: &Sources) -> Option<u128> {
        let (first, last) = (self.content.first()?.span, self.content.last()?.span);
        // Includes the byte before it, which may be a backslash.
        let source = sources.get(first.file).filter(|_| first.file == last.file)?;
        let Span { start, end, .. } = sources.locate(first.through(last));
        let written = source.text().as_bytes().get((start as usize).saturating_sub(1)..end as usize)?;
        let half = |seed: u64| {
            let mut hasher = hasher(seed);
            written.hash(&mut hasher);
            hasher
        };
        let mut said = half(0);
        match self.whole {
            Some(whole) => (self.kind, self.lang, whole).hash(&mut said),
            None => (self.kind, self.lang, self.content).hash(&mut said),
        }
        Some(u128::from(said.finish()) << u64::BITS | u128::from(half(1).finish()))
    }
}

struct Collector<'a> {
    words: Words<'a>,
    sources: &'a Sources,
    containers: u32,
}

impl<'a> Collector<'a> {
    fn run(&mut self, kind: Kind, content: &'a [RInline], lang: &'a str) {
        let mut prose = Prose { kind, lang, text: String::new(), pieces: Vec::new() };
        self.inlines(content, &mut prose);
        if !prose.text.is_empty() {
            self.words.prose.push(prose);
        }
    }

    fn inlines(&mut self, content: &'a [RInline], prose: &mut Prose<'a>) {
        self.containers = self.containers.saturating_add(1);
        let container = self.containers;
        for inline in content {
            match inline.attrs.lang() {
                Some(lang) if lang != prose.lang => {
                    prose.push(OBJECT_WORDS, inline.span, container, Fit::Loose);
                    self.links(inline, lang);
                    self.run(Kind::Fragment, std::slice::from_ref(inline), lang);
                }
                _ => self.inline(inline, container, prose),
            }
        }
    }

    fn inline(&mut self, inline: &'a Inline<ResolvedStage>, container: u32, prose: &mut Prose<'a>) {
        self.links(inline, prose.lang);
        match &inline.kind {
            InlineKind::Text(words) => {
                prose.push(words, inline.span, container, Fit::from_words(words, inline.span, self.sources));
            }
            InlineKind::SoftBreak | InlineKind::LineBreak => prose.push(" ", inline.span, container, Fit::Exact),
            InlineKind::Code(_)
            | InlineKind::Math(_)
            | InlineKind::Keyboard(_)
            | InlineKind::Image(_)
            | InlineKind::Note(_)
            | InlineKind::Abbreviation { .. } => prose.push(OBJECT_WORDS, inline.span, container, Fit::Loose),
            InlineKind::Stage(ResolvedInline::Reference { text, .. }) => {
                if let Some(word) = super::doubled_label::doubled(&prose.text, text) {
                    self.words.doubled.push((word.to_owned(), text, inline.span));
                }
                prose.push(OBJECT_WORDS, inline.span, container, Fit::Loose);
            }
            InlineKind::Link { content, target, .. } if is_address(&plain_text(content), target) => {
                prose.push(OBJECT_WORDS, inline.span, container, Fit::Loose);
            }
            other => self.inlines(other.children(), prose),
        }
    }

    fn links(&mut self, inline: &'a Inline<ResolvedStage>, lang: &'a str) {
        if let InlineKind::Link { target, content, .. } = &inline.kind {
            self.words.links.push(Link { lang, text: plain_text(content), target, span: inline.span });
        }
    }
}

impl Prose<'_> {
    fn push(&mut self, words: &str, span: Span, container: u32, fit: Fit) {
        self.pieces.push(RunPart { start: self.text.len(), len: words.len(), span, container, fit });
        self.text.push_str(words);
    }
}

#[cfg(test)]
impl<'a> Prose<'a> {
    /// A paragraph of plain words that are all of a file.
    pub fn of_words(text: &str, lang: &'a str) -> Prose<'a> {
        let mut prose = Prose { kind: Kind::Paragraph, lang, text: String::new(), pieces: Vec::new() };
        prose.push(text, Span::new(crate::source::FileId(0), 0, text.len()), 0, Fit::Exact);
        prose
    }
}

/// Whether a link's words are only its address.
pub fn is_address(text: &str, target: &Target) -> bool {
    let bare = |address: &str| {
        let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
        rest.trim_end_matches('/').to_owned()
    };
    match target {
        Target::External(address) => {
            let (text, address) = (text.trim(), address.trim());
            text.contains("://") || bare(text) == bare(address) || address.strip_prefix("mailto:") == Some(text)
        }
        Target::Internal(_) | Target::Document { .. } => false,
    }
}
