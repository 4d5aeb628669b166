//! Requests about a position in a text.

use super::open::{Open, ProjectFile};
use super::position::{difference, path_of};
use super::server::{address, diagnostic};
use super::symbols::{Kind, Name, Reading};
use crate::Compiled;

use crate::ast::{BlockKind, InlineKind, Visit, plain_text, walk_blocks, walk_inlines};
use crate::diagnostic::Fix;
use crate::formatting;
use crate::resolve::{RBlock, RInline, Resolved, ResolvedBlock, ResolvedInline, ResolvedStage, Section};
use crate::source::edit::{Edit, has_room};
use crate::source::{FileId, Source, Sources, Span, percent, relative_path};
use serde_json::{Map, Value, json};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// Maximum number of listed symbols of a project.
const SYMBOLS: usize = 200;
/// LSP, SymbolKind: sections are shown as the kind `String`.
const SECTION_SYMBOL: u8 = 15;

/// A request about a position in a text.
pub struct Asked<'a> {
    pub open: &'a mut Open,
    pub file: PathBuf,
    pub project_file: ProjectFile,
    /// The text in the editor.
    pub source: Arc<Source>,
    /// The byte position; 0 if the request is about the whole text.
    pub at: usize,
    /// The documents that it is part of, computed at first use.
    documents: Option<Vec<Arc<Compiled>>>,
}

/// An element with an id, for display.
pub struct Named {
    pub id: String,
    /// "Section 2.1" or "Table 3", where it is numbered.
    pub label: String,
    /// Its title or caption.
    pub title: String,
    pub span: Span,
}

impl<'a> Asked<'a> {
    /// Finds the text; `None` if it is not open or has no project.
    pub fn from_params(open: &'a mut Open, params: &Value) -> Option<Asked<'a>> {
        let file = path_of(params["textDocument"]["uri"].as_str()?)?;
        let source = Arc::clone(open.texts.get(&file)?);
        let project_file = open.project_file(&file).ok()?;
        let at = open.encoding.offset(&source, &params["position"]).unwrap_or_default();
        Some(Asked { open, file, project_file, source, at, documents: None })
    }

    /// The reading of the text.
    pub fn reading(&mut self) -> Arc<Reading> {
        self.open.reading(&self.project_file.workspace, &self.project_file.path, &self.file, self.source.text())
    }

    /// An LSP range for a part of the text.
    pub fn range(&self, range: Range<usize>) -> Value {
        self.open.encoding.range(&self.source, range)
    }

    /// The requested part of the text, or all of it.
    pub fn part(&self, params: &Value) -> Range<usize> {
        self.open.encoding.bytes(&self.source, &params["range"]).unwrap_or(0..self.text().len())
    }

    /// The text in the editor.
    pub fn text(&self) -> &str {
        self.source.text()
    }

    /// The documents that the text is part of, compiled at most once per request.
    pub fn documents(&mut self) -> Vec<Arc<Compiled>> {
        self.documents.get_or_insert_with(|| self.open.documents(&self.project_file)).clone()
    }

    /// The first document that the text is part of.
    pub fn compiled(&mut self) -> Option<Arc<Compiled>> {
        self.documents().into_iter().next()
    }

    /// Calls `work` with the document and the text among its files.
    fn in_document<T: Default>(&mut self, work: impl FnOnce(&Self, &Resolved, &Located) -> T) -> T {
        let Some(compiled) = self.compiled() else { return T::default() };
        let compilation = &compiled.compilation;
        let file = compilation.sources.iter().find(|(_, source)| source.path() == self.project_file.path);
        match (&compilation.document, file) {
            (Some(document), Some((file, source))) => work(self, document, &Located { file, source }),
            _ => T::default(),
        }
    }

    /// The edit that formats the text, if it changes.
    pub fn formatting(&mut self) -> Value {
        let mut cache = self.open.session(&self.project_file.workspace).parse_cache(&self.project_file.path);
        let formatted = formatting::format_incremental(&self.project_file.path, self.text(), &mut cache);
        let edit = formatted.and_then(|formatted| difference(self.text(), &formatted.text));
        edit.iter().map(|edit| self.open.encoding.edit(&self.source, edit)).collect()
    }

    /// Its sections, nested.
    pub fn symbols(&mut self) -> Value {
        self.in_document(|asked, document, file| asked.sections(&document.blocks, file).into())
    }

    fn sections(&self, blocks: &[RBlock], file: &Located) -> Vec<Value> {
        let mut symbols = Vec::new();
        for (section, end) in sections(blocks) {
            let children = self.sections(&section.blocks, file);
            let Some(heading) = file.range(section.heading_span) else {
                symbols.extend(children);
                continue;
            };
            let end = end.and_then(|end| file.range(end)).map_or(heading.end, |end| end.end.max(heading.end));
            symbols.push(json!({
                "name": title(section),
                "kind": SECTION_SYMBOL,
                "range": self.range(heading.start..end),
                "selectionRange": self.range(heading),
                "children": children,
            }));
        }
        symbols
    }

    /// Its blocks of more than one line, and the front matter.
    pub fn folding(&mut self) -> Value {
        let start = crate::parse::body_start(self.text());
        let front = (start > 0).then(|| 0..self.text().get(..start).unwrap_or_default().trim_end().len());
        self.in_document(|asked, document, file| {
            let mut spans = Spans { file, found: Vec::new() };
            walk_blocks(&document.blocks, &mut spans);
            let ranges = front.into_iter().chain(spans.found);
            let lines = ranges.filter_map(|range| {
                let [start, end] = [range.start, range.end].map(|at| asked.source.line_of(at) - 1);
                (start < end).then(|| json!({ "startLine": start, "endLine": end }))
            });
            lines.collect::<Vec<_>>().into()
        })
    }

    /// The ranges around each position: the word, its blocks, the text.
    pub fn selection(&mut self, params: &Value) -> Value {
        let positions = params["positions"].as_array().cloned().unwrap_or_default();
        self.in_document(|asked, document, file| {
            let mut spans = Spans { file, found: Vec::new() };
            walk_blocks(&document.blocks, &mut spans);
            let grown = positions.iter().map(|position| {
                let at = asked.open.encoding.offset(&asked.source, position).unwrap_or_default();
                let mut around: Vec<Range<usize>> =
                    spans.found.iter().filter(|range| range.contains(&at)).cloned().collect();
                around.push(word(asked.text(), at));
                around.push(0..asked.text().len());
                around.sort_by_key(|range| std::cmp::Reverse(range.len()));
                around.dedup();
                around.into_iter().fold(Value::Null, |parent, range| match parent {
                    Value::Null => json!({ "range": asked.range(range) }),
                    parent => json!({ "range": asked.range(range), "parent": parent }),
                })
            });
            grown.collect::<Vec<_>>().into()
        })
    }

    /// The path of the file that a name refers to.
    pub fn path_of(&self, name: &Name) -> Option<String> {
        relative_path(&self.project_file.path, &percent::decode(&name.text)).ok()
    }

    /// Another document of the project.
    pub fn compile(&mut self, path: &str) -> Arc<Compiled> {
        self.open.with_context(&self.project_file, |session, context| session.compile(path, context))
    }

    /// The elements of a document that have ids, in the order of the text.
    pub fn named(&mut self, document: Option<&str>) -> (Vec<Named>, Option<Arc<Compiled>>) {
        let compiled = match document {
            Some(path) if path != self.project_file.path => Some(self.compile(path)),
            _ => self.compiled(),
        };
        let named = compiled.as_ref().and_then(|compiled| compiled.compilation.document.as_ref()).map(|document| {
            let mut collector = Collector { named: Vec::new() };
            walk_blocks(&document.blocks, &mut collector);
            collector.named
        });
        (named.unwrap_or_default(), compiled)
    }

    /// Links to existing files in the text.
    pub fn links(&mut self) -> Value {
        let files = self.reading().names(|name| name.kind == Kind::File);
        let links = files.iter().filter_map(|name| {
            let path = self.path_of(name)?;
            let is_there = self.project_file.workspace.root().join(&path).is_file();
            is_there.then(
                || json!({ "range": self.range(name.range.clone()), "target": address(&path, &self.project_file) }),
            )
        });
        links.collect()
    }

    /// Numbers that are generated and not in the source, in the requested part.
    pub fn hints(&mut self, params: &Value) -> Value {
        let part = self.part(params);
        self.in_document(|asked, document, file| {
            let mut shown = Shown { document, file, found: Vec::new() };
            walk_blocks(&document.blocks, &mut shown);
            let inside = shown.found.iter().filter(|(at, _)| part.start <= *at && *at <= part.end);
            let hints = inside.map(|(at, label)| {
                let position = asked.open.encoding.position(&asked.source, *at);
                json!({ "position": position, "label": label, "paddingLeft": true })
            });
            hints.collect::<Vec<_>>().into()
        })
    }

    /// Fixes of the problems in a range, and one action for all safe fixes.
    pub fn actions(&mut self, params: &Value) -> Value {
        let wanted = self.part(params);
        let mut actions = Vec::new();
        let mut safe: Vec<Edit> = Vec::new();
        for compiled in self.documents() {
            let sources = &compiled.compilation.sources;
            for problem in Open::problems(&self.project_file, &compiled) {
                let own = problem.span.filter(|span| {
                    sources.get(span.file).is_some_and(|source| source.path() == self.project_file.path)
                });
                let Some(span) = own else { continue };
                for fix in &problem.fixes {
                    let all_own = fix.edits.iter().all(|edit| edit.span.file == span.file);
                    if fix.is_safe && all_own && fix.edits.iter().all(|edit| has_room(&safe, edit)) {
                        safe.extend(fix.edits.iter().cloned());
                    }
                    if span.range().start <= wanted.end && wanted.start <= span.range().end {
                        let (_, shown) = diagnostic(&problem, sources, &self.project_file, self.open.encoding);
                        actions.push(self.action(fix, &shown, sources));
                    }
                }
            }
        }
        if !safe.is_empty() {
            let edits: Vec<Value> = safe.iter().map(|edit| self.open.encoding.edit(&self.source, edit)).collect();
            let uri = address(&self.project_file.path, &self.project_file);
            actions.push(json!({
                "title": "Fix what is certain",
                "kind": "source.fixAll",
                "edit": { "changes": { uri: edits } },
            }));
        }
        actions.into()
    }

    fn action(&self, fix: &Fix, problem: &Value, sources: &Sources) -> Value {
        let mut changes: Map<String, Value> = Map::new();
        for edit in &fix.edits {
            let Some(source) = sources.get(edit.span.file) else { continue };
            let edits = changes.entry(address(source.path(), &self.project_file)).or_insert_with(|| json!([]));
            let edit = self.open.encoding.edit(source, edit);
            edits.as_array_mut().into_iter().for_each(|edits| edits.push(edit.clone()));
        }
        json!({
            "title": fix.title,
            "kind": "quickfix",
            "diagnostics": [problem],
            "isPreferred": fix.is_safe,
            "edit": { "changes": changes },
        })
    }
}

/// Sections of the projects in which something is open, by words of their titles.
pub fn workspace_symbols(open: &mut Open, params: &Value) -> Value {
    let query = params["query"].as_str().unwrap_or_default().to_lowercase();
    let files: Vec<PathBuf> = open.texts.keys().cloned().collect();
    let mut roots: Vec<PathBuf> = Vec::new();
    let mut symbols = Vec::new();
    for file in files {
        let Ok(project_file) = open.project_file(&file) else { continue };
        if roots.iter().any(|root| root == project_file.workspace.root()) {
            continue;
        }
        roots.push(project_file.workspace.root().to_owned());
        for path in project_file.workspace.documents.clone() {
            let compiled = open.with_context(&project_file, |session, context| session.compile(&path, context));
            let Some(document) = &compiled.compilation.document else { continue };
            let mut collector = Collector { named: Vec::new() };
            walk_blocks(&document.blocks, &mut collector);
            for named in collector.named.iter().filter(|named| named.label_and_title().to_lowercase().contains(&query))
            {
                let Some(source) = compiled.compilation.sources.get(named.span.file) else { continue };
                let range = open.encoding.range(source, compiled.compilation.sources.locate(named.span).range());
                symbols.push(json!({
                    "name": named.label_and_title(),
                    "kind": SECTION_SYMBOL,
                    "location": { "uri": address(source.path(), &project_file), "range": range },
                    "containerName": document.title_text,
                }));
            }
        }
    }
    symbols.truncate(SYMBOLS);
    symbols.into()
}

/// An LSP location in one of a document's files.
pub fn location(span: Span, sources: &Sources, asked: &Asked) -> Value {
    let Some(source) = sources.get(span.file) else { return Value::Null };
    let range = asked.open.encoding.range(source, sources.locate(span).range());
    json!({ "uri": address(source.path(), &asked.project_file), "range": range })
}

/// The sections directly among blocks, each with the span of its last block.
fn sections(blocks: &[RBlock]) -> impl Iterator<Item = (&Section, Option<Span>)> {
    blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Stage(ResolvedBlock::Section(section)) => Some((section, end(&section.blocks))),
        _ => None,
    })
}

/// The span of the last of some blocks.
fn end(blocks: &[RBlock]) -> Option<Span> {
    let last = blocks.last()?;
    match &last.kind {
        BlockKind::Stage(ResolvedBlock::Section(section)) => end(&section.blocks).or(Some(section.heading_span)),
        _ => Some(last.span),
    }
}

fn title(section: &Section) -> String {
    let words = section.title.plain_text();
    match &section.number {
        Some(number) => format!("{number} {words}"),
        None if words.is_empty() => "…".to_owned(),
        None => words.to_owned(),
    }
}

/// A file of a document, whose spans may be virtual.
struct Located<'a> {
    file: FileId,
    source: &'a Source,
}

impl Located<'_> {
    /// The bytes of the file that a span covers; `None` for one of another file.
    fn range(&self, span: Span) -> Option<Range<usize>> {
        let [start, end] = [span.start, span.end].map(|place| self.source.locate(place) as usize);
        (span.file == self.file).then_some(start..end)
    }
}

/// The word around a byte.
pub fn word(text: &str, at: usize) -> Range<usize> {
    let is_word = |letter: &char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
    let (before, after) = (text.get(..at).unwrap_or(text), text.get(at..).unwrap_or_default());
    let back: usize = before.chars().rev().take_while(is_word).map(char::len_utf8).sum();
    let on: usize = after.chars().take_while(is_word).map(char::len_utf8).sum();
    before.len() - back..before.len() + on
}

impl Named {
    /// Its label and its title.
    pub fn label_and_title(&self) -> String {
        [self.label.as_str(), self.title.as_str()]
            .into_iter()
            .filter(|words| !words.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Visits the content of blocks that only resolved documents have.
fn inside(block: &ResolvedBlock, visit: &mut impl Visit<ResolvedStage>) {
    match block {
        ResolvedBlock::Section(section) => {
            walk_inlines(&section.title, visit);
            walk_blocks(&section.blocks, visit);
        }
        ResolvedBlock::NumberedParagraph { number: _, content } => walk_inlines(content, visit),
        ResolvedBlock::ForFormats { formats: _, blocks } => walk_blocks(blocks, visit),
        ResolvedBlock::Changed { change: _, block } => walk_blocks(std::slice::from_ref(block), visit),
        ResolvedBlock::Listing(_) => {}
    }
}

/// Collects elements with ids.
struct Collector {
    named: Vec<Named>,
}

impl Visit<ResolvedStage> for Collector {
    fn stage_block(&mut self, block: &ResolvedBlock) {
        inside(block, self);
    }

    fn block(&mut self, block: &RBlock) {
        let Some(id) = block.attrs.id() else { return };
        let (label, title, span) = match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                (section.number.clone(), section.title.plain_text().to_owned(), section.heading_span)
            }
            BlockKind::Figure(figure) => (
                figure.label.as_ref().map(|label| label.text.clone()),
                figure.caption.as_deref().map(plain_text).unwrap_or_default(),
                block.span,
            ),
            BlockKind::Table(table) => (
                table.label.as_ref().map(|label| label.text.clone()),
                table.caption.as_deref().map(plain_text).unwrap_or_default(),
                block.span,
            ),
            BlockKind::Panel(panel) => (
                panel.label.as_ref().map(|label| label.text.clone()),
                panel.title.as_deref().map(plain_text).unwrap_or_default(),
                block.span,
            ),
            BlockKind::Equation(equation) => {
                (equation.label.as_ref().map(|label| label.text.clone()), String::new(), block.span)
            }
            _ => (None, String::new(), block.span),
        };
        self.named.push(Named { id: id.to_owned(), label: label.unwrap_or_default(), title, span });
    }

    fn inline(&mut self, inline: &RInline) {
        if let Some(id) = inline.attrs.id() {
            let (label, title) = (String::new(), plain_text(std::slice::from_ref(inline)));
            self.named.push(Named { id: id.to_owned(), label, title, span: inline.span });
        }
    }
}

/// Collects the spans of blocks of a file.
struct Spans<'a> {
    file: &'a Located<'a>,
    found: Vec<Range<usize>>,
}

impl Visit<ResolvedStage> for Spans<'_> {
    fn stage_block(&mut self, block: &ResolvedBlock) {
        inside(block, self);
    }

    fn block(&mut self, block: &RBlock) {
        let span = match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                let start = section.heading_span;
                end(&section.blocks).map_or(start, |end| start.through(end))
            }
            _ => block.span,
        };
        self.found.extend(self.file.range(span));
    }
}

/// Collects generated numbers, with the byte after which they are shown.
struct Shown<'a> {
    document: &'a Resolved,
    file: &'a Located<'a>,
    found: Vec<(usize, String)>,
}

impl Shown<'_> {
    fn push(&mut self, span: Span, label: &str) {
        if let Some(range) = self.file.range(span).filter(|_| !label.is_empty()) {
            self.found.push((range.end, label.to_owned()));
        }
    }
}

impl Visit<ResolvedStage> for Shown<'_> {
    fn stage_block(&mut self, block: &ResolvedBlock) {
        inside(block, self);
    }

    fn block(&mut self, block: &RBlock) {
        match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                self.push(section.heading_span, section.number.as_deref().unwrap_or_default());
            }
            BlockKind::Equation(equation) => {
                let number = equation.label.as_ref().map(|label| label.in_parentheses());
                self.push(block.span, &number.unwrap_or_default());
            }
            _ => {}
        }
    }

    fn inline(&mut self, inline: &RInline) {
        match &inline.kind {
            InlineKind::Stage(ResolvedInline::Reference { text, .. }) => self.push(inline.span, text),
            InlineKind::Note(used) => {
                let number = self.document.notes.get(used.note).map(|note| note.number.clone());
                self.push(inline.span, &number.unwrap_or_default());
            }
            _ => {}
        }
    }
}
