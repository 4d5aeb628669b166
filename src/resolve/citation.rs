//! Citations, set by a style of the Citation Style Language (CSL 1.0.2). All
//! of a document's are gathered first, because what one says depends on those
//! before it and on all that are cited; lowering then takes each at its place.

mod locator;
mod processor;

use self::processor::{ANCHOR, Processor};
use super::budget::Budget;
use super::citation_style::Style;
use super::id::Ids;
use super::note::NOTE_DEPTH;
use super::resolved::{ListingEntry, RInline, Target};
use super::{Context, bibliography, walk};
use crate::ast::{Block, Citation, Expanded, Inline, InlineKind, Metadata, NoteDefinition, Parsed, ParsedInline};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::Language;
use crate::source::{Sources, Span};
use hayagriva::citationberg::{
    FontStyle, FontWeight, IndependentStyle, Locale, LocaleCode, LocaleFile, TextDecoration, VerticalAlign,
};
use hayagriva::{ElemChild, ElemChildren, ElemMeta, Formatted, Library};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The most citations of a document. What sets them takes some hundred
/// microseconds for each.
pub const CITATIONS: usize = 10_000;

/// A document's citations as they are to be read.
#[derive(Default)]
pub struct Citations {
    /// Rendered citations by position.
    rendered: BTreeMap<Span, AtPlace>,
    /// The keys of the bibliography.
    keys: BTreeSet<String>,
    /// Whether a bibliography could not be read, so that there may be more keys.
    pub keys_are_missing: bool,
    /// Whether a citation is in a note.
    pub in_notes: bool,
    pub bibliography: Vec<ListingEntry>,
}

/// The citations at a place. A file that is included twice has two there.
#[derive(Default)]
struct AtPlace {
    waiting: VecDeque<Vec<RInline>>,
    /// The one that was taken before, which titles still quote.
    taken: Option<Vec<RInline>>,
}

impl Citations {
    /// Takes the next citation at a place.
    pub fn take(&mut self, place: Span) -> Option<Vec<RInline>> {
        let at_place = self.rendered.get_mut(&place)?;
        let next = at_place.waiting.pop_front()?;
        at_place.taken = Some(next.clone());
        Some(next)
    }

    /// The next citation at a place without taking it, for quoted text.
    pub fn peek(&self, place: Span) -> Option<&Vec<RInline>> {
        let AtPlace { waiting, taken } = self.rendered.get(&place)?;
        waiting.front().or(taken.as_ref())
    }

    /// Whether there is a bibliography, be it one that could not be read.
    pub fn has_bibliography(&self) -> bool {
        self.keys_are_missing || !self.keys.is_empty()
    }

    /// Whether the bibliography has a key.
    pub fn knows(&self, key: &str) -> bool {
        self.keys.contains(key)
    }

    /// The keys of the bibliography.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(String::as_str)
    }
}

/// The document data needed to render its citations.
pub struct Document<'a> {
    pub metadata: &'a Metadata,
    pub path: &'a str,
    pub context: &'a Context<'a>,
    pub language: &'a Language,
    /// The start of the document.
    pub start: Span,
}

/// The text of a document.
pub struct Text<'a> {
    /// Runs read before the blocks: the title, the abstract.
    pub before: Vec<&'a [Inline<Parsed>]>,
    pub blocks: &'a mut [Block<Expanded>],
    pub notes: &'a mut [NoteDefinition<Expanded>],
}

/// Gathers and sets a document's citations. Where it has none, and names no
/// bibliography, nothing is read.
pub fn set_citations(
    document: &Document,
    Text { before, blocks, notes }: Text,
    ids: &mut Ids,
    budget: &mut Budget,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Citations {
    let Document { metadata, path, context, language, start } = *document;
    let style = Style::load_style(document, sources, diagnostics);
    let in_notes = style.is_in_notes();
    let by_name = notes.iter().enumerate().rev().map(|(at, note)| (note.name.clone(), at)).collect();
    let mut gathered = Gathered {
        in_notes,
        ids,
        notes,
        by_name,
        seen: BTreeSet::new(),
        notes_seen: 0,
        inside: None,
        depth: 0,
        waiting: Vec::new(),
        found: Vec::new(),
    };
    before.into_iter().for_each(|content| gathered.inlines(content));
    gathered.blocks(blocks);
    gathered.rest();
    let Gathered { found, .. } = gathered;
    if found.is_empty() && metadata.bibliography.is_empty() {
        return Citations { in_notes, ..Citations::default() };
    }
    let (library, whole) = bibliography::read(metadata, path, context, start, sources, diagnostics);
    let keys = library.keys().map(str::to_owned).collect();
    let mut citations = Citations { keys, keys_are_missing: !whole, in_notes, ..Citations::default() };
    let groups: Vec<Group> = found.into_iter().flat_map(|group| group.known(&library, ids)).collect();
    if !groups.is_empty() && affordable(&groups, &library, budget, diagnostics) {
        let style = match style.into_rules() {
            Ok(style) => style,
            Err(problem) => {
                diagnostics.push(problem);
                return citations;
            }
        };
        render(&groups, &library, &style, document, ids, &mut citations, diagnostics);
        if locale_of(&language.tag).is_none() {
            let span = metadata.lang.as_ref().and_then(|lang| lang.span).unwrap_or(start);
            let message = format!(
                "the words of citations are not known in the language `{}` and appear in English",
                language.tag
            );
            let hint = "the text is not touched; a `citation-style` of the project can bring words of its own";
            diagnostics.push(Diagnostic::new(Code::UntranslatedLabel, span, message).hint(hint));
        }
    }
    citations
}

/// Keys that are cited together.
pub struct Group {
    place: Span,
    pub citations: Vec<Citation>,
    /// Number of the note they are in, counted in reading order.
    pub note: Option<usize>,
}

impl Group {
    /// The citations of a group: as one where the bibliography has all keys, else each that it has
    /// for itself, so that labels can be among them.
    fn known(self, library: &Library, ids: &Ids) -> Vec<Group> {
        let known = |citation: &Citation| library.get(&citation.key).is_some() && ids.find(&citation.key).is_none();
        if self.citations.iter().all(known) {
            return vec![self];
        }
        let single = |citation: Citation| Group { place: citation.span, citations: vec![citation], note: self.note };
        self.citations.into_iter().filter(known).map(single).collect()
    }
}

struct Gathered<'a> {
    in_notes: bool,
    ids: &'a Ids,
    notes: &'a mut [NoteDefinition<Expanded>],
    /// Index of a note, by name; of several with one name the first counts.
    by_name: BTreeMap<String, usize>,
    /// Notes that were met, by their definitions.
    seen: BTreeSet<usize>,
    notes_seen: usize,
    /// Number of the note that is being read.
    inside: Option<usize>,
    /// How deep notes are read inside notes.
    depth: usize,
    /// Notes whose text is still to be read, with their numbers.
    waiting: Vec<(usize, usize)>,
    found: Vec<Group>,
}

impl Gathered<'_> {
    fn blocks(&mut self, blocks: &mut [Block<Expanded>]) {
        for block in blocks {
            walk::runs(block, &mut |run| self.inlines(run.inlines()));
            walk::child_lists(block, &mut |blocks| self.blocks(blocks));
        }
    }

    fn inlines(&mut self, content: &[Inline<Parsed>]) {
        for inline in content {
            match &inline.kind {
                InlineKind::Note(name) => {
                    if let Some(at) = self.by_name.get(name) {
                        self.note(*at);
                    }
                }
                InlineKind::Stage(ParsedInline::Citation(citations)) => {
                    if citations.iter().all(|citation| self.ids.find(&citation.key).is_some()) {
                        // Labels, unless the bibliography has the key too.
                        self.found.push(Group { place: inline.span, citations: citations.clone(), note: None });
                        continue;
                    }
                    let note = self.inside.or_else(|| {
                        self.notes_seen += usize::from(self.in_notes);
                        self.in_notes.then_some(self.notes_seen)
                    });
                    self.found.push(Group { place: inline.span, citations: citations.clone(), note });
                }
                kind => self.inlines(kind.children()),
            }
        }
    }

    /// A reference to a note: its first one numbers it, and it is read where that is, unless notes
    /// nest too deep.
    fn note(&mut self, at: usize) {
        if !self.seen.insert(at) {
            return;
        }
        self.notes_seen += 1;
        if self.depth == NOTE_DEPTH {
            self.waiting.push((at, self.notes_seen));
        } else {
            self.read(at, self.notes_seen);
        }
    }

    fn read(&mut self, at: usize, number: usize) {
        let outer = self.inside.replace(number);
        self.depth += 1;
        let mut blocks = self.notes.get_mut(at).map(|note| std::mem::take(&mut note.blocks)).unwrap_or_default();
        self.blocks(&mut blocks);
        if let Some(note) = self.notes.get_mut(at) {
            note.blocks = blocks;
        }
        self.depth -= 1;
        self.inside = outer;
    }

    /// Reads the notes that had to wait, then those that nothing refers to.
    fn rest(&mut self) {
        self.waiting();
        for at in 0..self.notes.len() {
            self.note(at);
            self.waiting();
        }
    }

    fn waiting(&mut self) {
        while let Some((at, number)) = self.waiting.pop() {
            self.read(at, number);
        }
    }
}

/// Whether what the citations repeat of their entries fits into the document.
fn affordable(groups: &[Group], library: &Library, budget: &mut Budget, diagnostics: &mut Diagnostics) -> bool {
    let mut weights = BTreeMap::new();
    let mut count = 0;
    groups.iter().flat_map(|group| &group.citations).all(|citation| {
        count += 1;
        if count > CITATIONS {
            let message = format!("the document has more than {CITATIONS} citations");
            let problem = Diagnostic::new(Code::LimitExceeded, citation.span, message);
            diagnostics.push(problem.hint("make several documents of it"));
            return false;
        }
        let weight = weights.entry(citation.key.as_str()).or_insert_with(|| {
            library.get(&citation.key).and_then(|entry| serde_json::to_vec(entry).ok()).map_or(0, |entry| entry.len())
        });
        budget.take(*weight, citation.span, diagnostics)
    })
}

fn render(
    groups: &[Group],
    library: &Library,
    style: &IndependentStyle,
    document: &Document,
    ids: &mut Ids,
    citations: &mut Citations,
    diagnostics: &mut Diagnostics,
) {
    let (code, locale) = locale_of(&document.language.tag).unwrap_or(ENGLISH);
    let locale = match LocaleFile::from_xml(locale) {
        Ok(locale) => [Locale::from(locale)],
        Err(error) => {
            diagnostics
                .push(Diagnostic::without_place(Code::Internal, format!("a citation locale is broken: {error}")));
            return;
        }
    };
    let processor = Processor { groups, library, style, code: LocaleCode(code.to_owned()), locale: &locale };
    let rendered = processor.render();
    let mut entries = BTreeMap::new();
    for item in rendered.bibliography.iter().flat_map(|bibliography| &bibliography.items) {
        if item.key == ANCHOR {
            continue;
        }
        let id = ids.unique(&format!("ref-{}", item.key), document.start);
        entries.insert(item.key.clone(), id.clone());
        let mut content = Vec::new();
        let setting = Setting { span: document.start, ..Setting::default() };
        item.first_field.iter().for_each(|first| setting.child(first, &mut content));
        setting.children(&item.content, &mut content);
        let mut entry = Inline::new(InlineKind::Span(content), document.start);
        entry.attrs.edit().id = Some(id);
        citations.bibliography.push(ListingEntry { target: None, level: 1, label: None, content: vec![entry].into() });
    }
    for (group, rendered) in groups.iter().zip(&rendered.citations) {
        let targets: Vec<_> = group.citations.iter().map(|citation| entries.get(&citation.key)).collect();
        let without_author: Vec<bool> = group.citations.iter().map(|citation| citation.without_author).collect();
        let prefixes: Vec<Option<&str>> = group.citations.iter().map(|citation| citation.prefix.as_deref()).collect();
        let mut content = Vec::new();
        Setting { targets: &targets, without_author: &without_author, prefixes: &prefixes, span: group.place }
            .children(&rendered.citation, &mut content);
        citations.rendered.entry(group.place).or_default().waiting.push_back(content);
    }
}

/// How what the style made becomes inlines.
#[derive(Default)]
struct Setting<'a> {
    /// Ids of the entries that a citation's parts lead to.
    targets: &'a [Option<&'a String>],
    /// Whether each part omits its author.
    without_author: &'a [bool],
    /// The words before each part: "see".
    prefixes: &'a [Option<&'a str>],
    span: Span,
}

impl Setting<'_> {
    fn children(&self, children: &ElemChildren, out: &mut Vec<RInline>) {
        children.0.iter().for_each(|child| self.child(child, out));
    }

    fn child(&self, child: &ElemChild, out: &mut Vec<RInline>) {
        match child {
            ElemChild::Text(text) => self.text(text, out),
            ElemChild::Markup(text) => push_text(text, self.span, out),
            ElemChild::Elem(elem) => {
                let part = match elem.meta {
                    Some(ElemMeta::Entry(at)) => Some(at),
                    _ => None,
                };
                let shortened = part
                    .and_then(|at| self.without_author.get(at))
                    .filter(|without| **without)
                    .map(|_| without_author(&elem.children));
                let children = shortened.as_ref().unwrap_or(&elem.children);
                if let Some(prefix) = part.and_then(|at| self.prefixes.get(at).copied().flatten()) {
                    push_text(&format!("{prefix} "), self.span, out);
                }
                match part.and_then(|at| self.targets.get(at).copied().flatten()) {
                    Some(id) => {
                        let mut content = Vec::new();
                        Setting { span: self.span, ..Setting::default() }.children(children, &mut content);
                        let target = Target::Internal(id.clone());
                        let content = without_links(content);
                        out.push(Inline::new(InlineKind::Link { target, title: None, content }, self.span));
                    }
                    None => self.children(children, out),
                }
            }
            ElemChild::Link { text, url } => {
                let mut content = Vec::new();
                self.text(text, &mut content);
                let is_safe = url.starts_with("https://") || url.starts_with("http://");
                let target = Target::external(url);
                let kind =
                    if is_safe { InlineKind::Link { target, title: None, content } } else { InlineKind::Span(content) };
                out.push(Inline::new(kind, self.span));
            }
            ElemChild::Transparent { .. } => {}
        }
    }

    fn text(&self, text: &Formatted, out: &mut Vec<RInline>) {
        let looks = text.formatting;
        let wrap = |kind: fn(Vec<RInline>) -> InlineKind<super::ResolvedStage>, inner: RInline| {
            Inline::new(kind(vec![inner]), self.span)
        };
        let mut inline = Inline::new(InlineKind::Text(text.text.clone()), self.span);
        let mut plain = true;
        let mut apply = |is_so: bool, kind: fn(Vec<RInline>) -> InlineKind<super::ResolvedStage>| {
            if is_so {
                let inner = std::mem::replace(&mut inline, Inline::new(InlineKind::SoftBreak, self.span));
                inline = wrap(kind, inner);
                plain = false;
            }
        };
        apply(looks.font_style == FontStyle::Italic, InlineKind::Emphasis);
        apply(looks.font_weight == FontWeight::Bold, InlineKind::Strong);
        apply(looks.text_decoration == TextDecoration::Underline, InlineKind::Underline);
        apply(looks.vertical_align == VerticalAlign::Sup, InlineKind::Superscript);
        apply(looks.vertical_align == VerticalAlign::Sub, InlineKind::Subscript);
        if plain {
            push_text(&text.text, self.span, out);
        } else {
            out.push(inline);
        }
    }
}

/// A citation without the names at its start and the separator after them.
fn without_author(children: &ElemChildren) -> ElemChildren {
    /// Takes the first names out; whether there were any.
    fn take(children: &mut ElemChildren) -> bool {
        let names = children
            .0
            .iter()
            .position(|child| matches!(child, ElemChild::Elem(elem) if matches!(elem.meta, Some(ElemMeta::Names(_)))));
        if let Some(at) = names {
            children.0.remove(at);
            return true;
        }
        children.0.iter_mut().any(|child| match child {
            ElemChild::Elem(elem) => take(&mut elem.children),
            ElemChild::Text(_) | ElemChild::Markup(_) | ElemChild::Link { .. } | ElemChild::Transparent { .. } => false,
        })
    }
    /// Whether words are left at the beginning, after what parts is gone.
    fn trim(children: &mut ElemChildren) -> bool {
        children.0.iter_mut().any(|child| match child {
            ElemChild::Elem(elem) => trim(&mut elem.children),
            ElemChild::Text(text) | ElemChild::Link { text, .. } => {
                text.text = text.text.trim_start_matches([' ', ',', '\u{a0}']).to_owned();
                !text.text.is_empty()
            }
            ElemChild::Markup(text) => !text.is_empty(),
            ElemChild::Transparent { .. } => true,
        })
    }
    let mut shortened = children.clone();
    if take(&mut shortened) {
        trim(&mut shortened);
    }
    shortened
}

/// Adds words to a run, joined to the words before them.
fn push_text(words: &str, span: Span, out: &mut Vec<RInline>) {
    if let Some(Inline { kind: InlineKind::Text(before), .. }) = out.last_mut() {
        before.push_str(words);
    } else if !words.is_empty() {
        out.push(Inline::new(InlineKind::Text(words.to_owned()), span));
    }
}

/// Links are not inside links.
fn without_links(content: Vec<RInline>) -> Vec<RInline> {
    super::listing::without_anchors(&content)
}

const ENGLISH: (&str, &str) = ("en-GB", include_str!("../../assets/csl/locales/locales-en-GB.xml"));

/// The locale of CSL for a language: its code and its file.
fn locale_of(tag: &str) -> Option<(&'static str, &'static str)> {
    macro_rules! locales {
        ($($language:literal => $code:literal),* $(,)?) => {
            match tag.split('-').next().unwrap_or_default() {
                $($language => Some(($code, include_str!(concat!("../../assets/csl/locales/locales-", $code, ".xml")))),)*
                _ => None,
            }
        };
    }
    // CSL has no locales for Irish and Maltese.
    locales! {
        "en" => "en-GB", "bg" => "bg-BG", "hr" => "hr-HR", "cs" => "cs-CZ", "da" => "da-DK", "nl" => "nl-NL",
        "et" => "et-EE", "fi" => "fi-FI", "fr" => "fr-FR", "de" => "de-DE", "el" => "el-GR", "hu" => "hu-HU",
        "it" => "it-IT", "lv" => "lv-LV", "lt" => "lt-LT", "pl" => "pl-PL", "pt" => "pt-PT", "ro" => "ro-RO",
        "sk" => "sk-SK", "sl" => "sl-SI", "es" => "es-ES", "sv" => "sv-SE", "ru" => "ru-RU", "uk" => "uk-UA",
        "ar" => "ar",
    }
}
