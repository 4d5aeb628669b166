//! Runs of text: variables, typography, abbreviations, references, notes and
//! links, in reading order.

use super::abbreviation::Abbreviations;
#[cfg(feature = "citations")]
use super::budget;
use super::budget::{Budget, length};
use super::cache::ResolveCache;
use super::citation::Citations;
use super::file::{self, Places};
use super::id::Ids;
use super::include::unreadable;
use super::library::NAMING;
use super::link::{self, Destination};
use super::nesting::Link;
use super::note::{self, NoteCall, NoteCalls, Notes};
use super::number::Anchors;
use super::picture::Pictures;
use super::resolved::{NoteUse, RInline, ResolvedInline, ResolvedStage, Target};
use super::typography::Typographer;
use super::variable::Variables;
use super::{Context, reference};
#[cfg(feature = "citations")]
use crate::ast::{Attrs, Block, BlockKind};
use crate::ast::{Inline, InlineKind, Parsed, ParsedInline, plain_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix, guess};
use crate::language::{Labels, Language};
use crate::source::{Sources, Span, relative_path};
use std::collections::BTreeMap;

/// How many unknown names are compared with all known ones. Without a limit the time would grow
/// with the product of both.
pub const GUESSES: usize = 50;

/// Maximum number of linked files that are copied beside a document's editions.
pub const LINKED_FILES: usize = 10_000;

/// The longest paragraph, title or other run of text, in bytes as written: five
/// hundred pages. Its lines are chosen together, and all in it is at hand until
/// they are.
pub const RUN_BYTES: usize = 1024 * 1024;

/// The kind of text in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// Running text, in which abbreviations are explained at first use.
    Text,
    /// Text of a footnote.
    Note,
    Heading,
    /// Captions, titles of panels, header cells, terms.
    Caption,
    /// The abstract, in which abbreviations are not explained.
    Summary,
}

/// State of lowering a document.
pub struct RunLowering<'a> {
    pub context: &'a Context<'a>,
    /// Parts that were lowered before.
    pub cache: Option<&'a mut ResolveCache>,
    /// The document's path.
    pub path: &'a str,
    /// Id of the heading that became the title.
    pub title_id: Option<String>,
    pub language: &'a Language,
    pub number_paragraphs: bool,
    /// Number of runs whose lowering must not be cached.
    pub changeable: usize,
    /// Number of searches for similar names.
    pub guesses: usize,
    /// True while computing this document's summary for another document.
    pub apart: bool,
    /// Whether a link took its text from another document's title.
    pub named_others: bool,
    /// Budget left for the rest of the document.
    pub budget: Budget,
    /// True for a quoted run, which has no side effects.
    pub quoting: bool,
    /// Whether references are labels only; those without a label are empty.
    pub only_labels: bool,
    /// Remaining depth for titles quoted inside titles.
    pub naming: usize,
    /// Whether this is the last inline of the run.
    pub at_end: bool,
    pub ids: &'a mut Ids,
    pub anchors: &'a Anchors,
    pub sources: &'a Sources,
    pub diagnostics: &'a mut Diagnostics,
    pub variables: Variables,
    pub typographer: Typographer,
    pub abbreviations: Abbreviations,
    pub citations: Citations,
    pub notes: Notes,
    /// Note calls of the current run.
    pub note_calls: NoteCalls,
    pub pictures: Pictures,
    /// Linked files, by their paths among the editions.
    pub files: BTreeMap<String, String>,
}

impl<'a> RunLowering<'a> {
    /// The words of the document's language.
    pub fn labels(&self) -> &'static Labels {
        self.language.labels
    }

    /// Whether paragraphs are numbered for citation.
    pub fn numbers_paragraphs(&self) -> bool {
        self.number_paragraphs
    }

    /// The path of the file a span lies in.
    pub fn path_of(&self, span: Span) -> &'a str {
        self.sources.get(span.file).map_or(self.path, crate::source::Source::path)
    }

    /// Sets the typography of a language; gives back what was set before.
    pub fn enter_language(&mut self, lang: Option<&str>) -> Option<Typographer> {
        let lang = lang?;
        Some(std::mem::replace(&mut self.typographer, Typographer::for_language(lang)))
    }

    /// Sets back what [`enter_language`](Self::enter_language) gave.
    pub fn leave_language(&mut self, outer: Option<Typographer>) {
        if let Some(outer) = outer {
            self.typographer = outer;
        }
    }

    /// Plain words of the front matter as they are set.
    pub fn plain(&mut self, words: &str, span: Option<Span>, start: Span) -> String {
        let content = super::variable::content(words, span.unwrap_or(start));
        plain_text(&self.run(content, RunKind::Heading))
    }

    /// Lowers a run.
    pub fn run(&mut self, mut content: Vec<Inline<Parsed>>, place: RunKind) -> Vec<RInline> {
        if length(&content) > RUN_BYTES {
            let place = content.first().map_or_else(Span::default, |first| first.span);
            let message = format!("a paragraph has more than {} KiB", RUN_BYTES / 1024);
            let problem = Diagnostic::new(Code::LimitExceeded, place, message);
            self.diagnostics.push(problem.hint("part it by blank lines"));
            return Vec::new();
        }
        self.variables.replace(&mut content, &mut self.budget, self.diagnostics);
        self.typographer.run(&mut content);
        if !self.quoting || place == RunKind::Text {
            let spending = (&mut self.budget, &mut *self.diagnostics);
            self.abbreviations.run(&mut content, place, &self.typographer, spending);
        }
        // A note in the run has runs of its own.
        let outer = std::mem::replace(&mut self.at_end, true);
        let lowered = self.inlines(content, place);
        self.at_end = outer;
        lowered
    }

    fn inlines(&mut self, content: Vec<Inline<Parsed>>, place: RunKind) -> Vec<RInline> {
        let mut lowered = Vec::with_capacity(content.len());
        let at_end = self.at_end;
        let mut content = content.into_iter().peekable();
        while let Some(inline) = content.next() {
            self.at_end = at_end && content.peek().is_none();
            self.inline(inline, place, &mut lowered);
        }
        self.at_end = at_end;
        lowered
    }

    fn inline(&mut self, inline: Inline<Parsed>, place: RunKind, out: &mut Vec<RInline>) {
        let Inline { kind, span, attrs } = inline;
        let kind: InlineKind<ResolvedStage> = match kind {
            InlineKind::Text(text) => {
                self.bare_citation(&text, span);
                InlineKind::Text(text)
            }
            InlineKind::SoftBreak => InlineKind::SoftBreak,
            InlineKind::LineBreak => InlineKind::LineBreak,
            InlineKind::Code(text) => InlineKind::Code(text),
            InlineKind::Math(formula) => InlineKind::Math(Box::new(self.formula(*formula))),
            InlineKind::Emphasis(content) => InlineKind::Emphasis(self.inlines(content, place)),
            InlineKind::Strong(content) => InlineKind::Strong(self.inlines(content, place)),
            InlineKind::Strikethrough(content) => InlineKind::Strikethrough(self.inlines(content, place)),
            InlineKind::Superscript(content) => InlineKind::Superscript(self.inlines(content, place)),
            InlineKind::Subscript(content) => InlineKind::Subscript(self.inlines(content, place)),
            InlineKind::Underline(content) => InlineKind::Underline(self.inlines(content, place)),
            InlineKind::Highlight(content) => InlineKind::Highlight(self.inlines(content, place)),
            InlineKind::Inserted(content) => InlineKind::Inserted(self.inlines(content, place)),
            InlineKind::Deleted(content) => InlineKind::Deleted(self.inlines(content, place)),
            InlineKind::Small(content) => InlineKind::Small(self.inlines(content, place)),
            InlineKind::Quoted(content) => InlineKind::Quoted(self.inlines(content, place)),
            InlineKind::CitedTitle(content) => InlineKind::CitedTitle(self.inlines(content, place)),
            InlineKind::DefinedTerm(content) => InlineKind::DefinedTerm(self.inlines(content, place)),
            InlineKind::Keyboard(content) => InlineKind::Keyboard(self.inlines(content, place)),
            InlineKind::Span(content) => InlineKind::Span(self.inlines(content, place)),
            InlineKind::Abbreviation { content, expansion } => {
                InlineKind::Abbreviation { content: self.inlines(content, place), expansion }
            }
            InlineKind::Link { target, title, content } => {
                let mut content = self.inlines(content, place);
                match self.target(&target, span) {
                    Some(target) => {
                        if says_nothing(&content) {
                            // Its anchors stay.
                            content.retain(|inline| {
                                inline.kind.children().iter().len() > 0 || inline.attrs.id().is_some()
                            });
                            content.push(self.name_of(&target, span));
                        }
                        let link = Link { target, title, span, attrs };
                        link.around(content, |target| self.name_of(target, span), out);
                        return;
                    }
                    None => InlineKind::Span(content),
                }
            }
            InlineKind::Image(image) => self.image(image, span, &attrs),
            InlineKind::Change { change, .. } => match change {},
            InlineKind::Note(name) => {
                if let Some(used) = self.note_call(name, span) {
                    note::push(used, span, attrs, out);
                }
                return;
            }
            InlineKind::Stage(stage) => {
                self.stage_inline(stage, span, place, out);
                return;
            }
        };
        out.push(Inline { kind, span, attrs });
    }

    fn stage_inline(&mut self, stage: ParsedInline, span: Span, place: RunKind, out: &mut Vec<RInline>) {
        match stage {
            ParsedInline::Reference { id, with_title } => {
                let style = if with_title { reference::Style::WithTitle } else { reference::Style::Label };
                out.push(self.reference(&id, style, place, span));
            }
            ParsedInline::Citation(citations) => self.citations(citations, span, place, out),
            // Variables were replaced; one that is not known was reported.
            ParsedInline::Variable(name) => out.push(text(format!("{{{{{name}}}}}"), span)),
        }
    }

    fn reference(&mut self, id: &str, style: reference::Style, place: RunKind, span: Span) -> RInline {
        if self.budget.is_spent() {
            return text(String::new(), span);
        }
        let mut found = self.ids.find(id).map(str::to_owned);
        if found.is_none()
            && let Some(similar) = self.ids.similar(id).map(str::to_owned)
        {
            self.foreign_id(id, &similar, span);
            found = Some(similar);
        }
        let Some(id) = found else {
            let near = self.may_guess().then(|| guess(id, self.ids.names())).flatten();
            let message = format!("nothing has the id `{id}`");
            let hint = format!("give what is meant this id, as in `## Heading {{#{id}}}`");
            self.diagnostics.push(Diagnostic::new(Code::DanglingReference, span, message).hint(hint).guess(near));
            return text(id.to_owned(), span);
        };
        let anchors = self.anchors;
        if self.only_labels {
            let label = anchors.get(&id).and_then(|anchor| anchor.label.as_ref());
            return text(label.map(|label| label.text.clone()).unwrap_or_default(), span);
        }
        let words = anchors.get(&id).and_then(|anchor| self.reference_words(anchor, style, place));
        match words {
            Some(words) if !self.budget.take_reference(&words, &id, span, self.diagnostics) => {
                text(String::new(), span)
            }
            Some(words) => {
                let kind = ResolvedInline::Reference { target: Target::Internal(id), text: words };
                Inline::new(InlineKind::Stage(kind), span)
            }
            None => {
                let message = format!("what has the id `{id}` has neither number nor title to refer to");
                let hint = format!("give the words yourself: [words](#{id})");
                self.diagnostics.push(Diagnostic::new(Code::DanglingReference, span, message).hint(hint));
                text(id, span)
            }
        }
    }

    fn citations(&mut self, citations: Vec<crate::ast::Citation>, span: Span, place: RunKind, out: &mut Vec<RInline>) {
        // Several citations at one position are rendered together if all keys are known.
        let is_whole = citations.iter().all(|citation| self.cites(&citation.key));
        if is_whole && let Some(content) = self.citation(span) {
            self.cite(content, span, place, out);
            return;
        }
        // Without a bibliography `[ask @somebody]` is no citation.
        let prefixed = citations.iter().any(|citation| citation.prefix.is_some());
        let known = |citation: &crate::ast::Citation| self.ids.find(&citation.key).is_some();
        if prefixed && !self.citations.has_bibliography() && !citations.iter().any(known) {
            out.push(text(self.sources.text(span).to_owned(), span));
            return;
        }
        for (at, citation) in citations.into_iter().enumerate() {
            if at > 0 {
                out.push(text(", ".to_owned(), span));
            }
            let key = &citation.key;
            if let Some(prefix) = &citation.prefix {
                out.push(text(format!("{prefix} "), citation.span));
            }
            if self.ids.find(key).is_some() {
                if self.citations.knows(key) {
                    let message = format!("`{key}` is an id of the document and a key of the bibliography");
                    let problem = Diagnostic::new(Code::DuplicateId, citation.span, message);
                    self.diagnostics.push(problem.hint("give the place in the document another id"));
                }
                out.push(self.reference(key, reference::Style::Label, place, citation.span));
            } else if let Some(content) = self.citation(citation.span) {
                self.cite(content, citation.span, place, out);
                continue;
            } else {
                self.no_such_citation(&citation);
                out.push(text(format!("@{key}"), citation.span));
            }
            if let Some(locator) = citation.locator {
                out.push(text(format!(", {locator}"), citation.span));
            }
        }
    }

    /// Whether a key means a source, and no place of the document.
    fn cites(&self, key: &str) -> bool {
        self.citations.knows(key) && self.ids.find(key).is_none()
    }

    /// The text of the citation at a place.
    fn citation(&mut self, place: Span) -> Option<Vec<RInline>> {
        if self.quoting { self.citations.peek(place).cloned() } else { self.citations.take(place) }
    }

    /// Reports the key of a citation that is in the text without brackets.
    fn bare_citation(&mut self, words: &str, span: Span) {
        if !words.contains('@') || !self.citations.has_bibliography() {
            return;
        }
        for (number, (at, _)) in words.match_indices('@').enumerate() {
            let bordered = words.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric));
            let legal = |c: char| c.is_alphanumeric() || "-_.:/+#%&".contains(c);
            let rest = words.get(at + 1..).unwrap_or_default();
            let key = rest.get(..rest.find(|c| !legal(c)).unwrap_or(rest.len())).unwrap_or_default();
            let key = key.trim_end_matches(['.', ':', '/', '-']);
            if bordered && self.citations.knows(key) {
                let message = format!("`@{key}` is printed as it stands");
                let hint = format!("cite it in brackets: `[@{key}]`, or `Name [-@{key}]` where you name its author");
                let mark = self.sources.text(span).match_indices('@').nth(number).map(|(mark, _)| mark);
                let place = mark.map_or(span, |mark| span.slice(mark..mark + 1 + key.len()));
                self.diagnostics.push(Diagnostic::new(Code::BareCitation, place, message).hint(hint));
            }
        }
    }

    /// Sets a citation: in the text, or as a note unless it is in one.
    #[cfg(feature = "citations")]
    fn cite(&mut self, mut content: Vec<RInline>, span: Span, place: RunKind, out: &mut Vec<RInline>) {
        if !self.budget.take(budget::NODE + budget::inlines(&content), span, self.diagnostics) {
            return;
        }
        if !self.citations.in_notes || place == RunKind::Note {
            // The author ends the sentence, unless it ends here.
            if self.citations.in_notes
                && !self.at_end
                && let Some(Inline { kind: InlineKind::Text(last), .. }) = content.last_mut()
            {
                last.truncate(last.trim_end_matches('.').len());
            }
            out.extend(content);
            return;
        }
        // The mark follows the word, without the space of the source.
        if let Some(Inline { kind: InlineKind::Text(before), .. }) = out.last_mut() {
            before.truncate(before.trim_end_matches(' ').len());
        }
        if self.quoting {
            return;
        }
        let blocks = vec![Block::new(BlockKind::Paragraph(content.into()), span)];
        let used = self.notes.add(blocks, span, self.ids);
        note::push(used, span, Attrs::default(), out);
    }

    #[cfg(feature = "citations")]
    fn no_such_citation(&mut self, citation: &crate::ast::Citation) {
        if self.citations.keys_are_missing {
            return;
        }
        let guesses = self.may_guess();
        let key = &citation.key;
        let names = || self.ids.names().chain(self.citations.names());
        let near = guesses.then(|| guess(key, names())).flatten();
        let message = format!("neither the bibliography nor the document has `{key}`");
        let place = ["fig-", "tbl-", "sec-", "eq-", "lst-"].iter().any(|kind| key.starts_with(kind));
        let hint = match place {
            true => format!("give the place it refers to the id: `{{#{key}}}`"),
            false if self.citations.has_bibliography() => {
                "put an entry with this key into the bibliography, or correct the key".to_owned()
            }
            false => "name its file in the key `bibliography` of the front matter".to_owned(),
        };
        self.diagnostics.push(Diagnostic::new(Code::UnknownCitation, citation.span, message).hint(hint).guess(near));
    }

    #[cfg(not(feature = "citations"))]
    fn cite(&mut self, _: Vec<RInline>, _: Span, _: RunKind, _: &mut Vec<RInline>) {}

    #[cfg(not(feature = "citations"))]
    fn no_such_citation(&mut self, citation: &crate::ast::Citation) {
        let message = "this build of Chancery has no citations";
        self.diagnostics.push(Diagnostic::new(Code::Unsupported, citation.span, message));
    }

    /// The text of a link without words: the title of the linked document, else the address.
    fn name_of(&mut self, target: &Target, span: Span) -> RInline {
        let title = match target {
            Target::Document { .. } if self.naming == 0 => {
                self.named_others |= self.apart;
                return text(String::new(), span);
            }
            Target::Document { path, .. } => self.title_of(path),
            Target::External(_) | Target::Internal(_) => None,
        };
        let words = title.filter(|title| !title.is_empty()).unwrap_or_else(|| match target {
            Target::Document { path, .. } => path.clone(),
            Target::External(address) | Target::Internal(address) => address.clone(),
        });
        let fits = self.budget.take_words(&words, span, self.diagnostics);
        text(if fits { words } else { String::new() }, span)
    }

    /// The title of the document whose editions lie at a path, seen from this one's.
    fn title_of(&mut self, path: &str) -> Option<String> {
        let library = self.context.library;
        self.named_others |= self.apart;
        let source = library.source(&relative_path(self.path, path).ok()?)?;
        if self.apart {
            // This document's summary depends on that one, even if it cannot be read.
            let _ = self.context.files.probe(source);
        }
        let named = library.title(source, self.naming.saturating_sub(1), self.context)?;
        if self.apart {
            named.files.iter().for_each(|file| drop(self.context.files.probe(file)));
        }
        Some(named.title.clone())
    }

    /// Lowers the document's own title, in which others are named as wherever it is quoted.
    pub fn own_title(&mut self, title: Vec<Inline<Parsed>>) -> Vec<RInline> {
        let outer = std::mem::replace(&mut self.naming, NAMING - 1);
        let title = self.run(title, RunKind::Heading);
        self.naming = outer;
        title
    }

    /// Where files are looked for that the document names.
    pub fn places(&self) -> Places<'a> {
        Places::for_document(self.path, self.context.project, self.context.files)
    }

    /// Counts a search for similar names; false when the limit is reached.
    fn may_guess(&mut self) -> bool {
        self.guesses += 1;
        self.guesses <= GUESSES
    }

    /// Remembers a file that is copied beside the editions, and says so once there are too many.
    fn add_file(&mut self, place: String, source: String, span: Span) {
        self.files.insert(place, source);
        if self.files.len() == LINKED_FILES + 1 {
            let message = format!("the document leads to more than {LINKED_FILES} files, which are copied");
            let problem = Diagnostic::new(Code::LimitExceeded, span, message);
            self.diagnostics.push(problem.hint("publish them in another way, and link to where they are listed"));
        }
    }

    /// The diagnostic for a link in the file at `path` to a missing file.
    fn dead_file_link(&mut self, written: &str, path: &str, span: Span) -> Diagnostic {
        let guesses = self.may_guess();
        let places = self.places();
        let place = places.path(written, path).ok();
        let hint = place.as_ref().filter(|_| guesses).and_then(|place| places.similar(place, path));
        let hint = hint.or_else(|| link::as_web_address(written));
        let place = place.unwrap_or_else(|| written.to_owned());
        let hint = hint.unwrap_or_else(|| {
            format!("put the file at `{place}`, or write the address at which it is published (`https://…`)")
        });
        let message = format!("the link leads to `{written}`, and the project has no such file");
        Diagnostic::new(Code::DeadFileLink, span, message).hint(hint)
    }

    /// Where a link leads; `None` where it leads nowhere, which is reported.
    fn target(&mut self, address: &str, span: Span) -> Option<Target> {
        let path = self.path_of(span);
        if self.apart && link::is_file(address) && !link::is_document(address) {
            return Some(Target::external(address));
        }
        // Links of included files are relative to the file they are in.
        let found = link::destination(address, path, self.path, self.title_id.as_deref(), self.ids, self.context);
        let problem = match found {
            Destination::Target(target) => return Some(target),
            Destination::Elsewhere(target, source) => {
                let problem = file::from_root(address, path, &source, span);
                self.diagnostics.extend(problem.or_else(|| file::as_page(address, path, &source, span)));
                return Some(target);
            }
            Destination::File { target, place, source } => {
                self.diagnostics.extend(file::from_root(address, path, &source, span));
                self.add_file(place, source, span);
                return Some(target);
            }
            Destination::AbsentFromRoot(target) => {
                let message = format!("`{address}` is not in the folder of sources, and stays as it is");
                let hint = "write the whole address, which leads there from a PDF too";
                self.diagnostics.push(Diagnostic::new(Code::ForeignPath, span, message).hint(hint));
                return Some(target);
            }
            Destination::Template(target) => {
                let message = format!("the address `{address}` is another tool’s and stays as it is");
                let problem = Diagnostic::new(Code::ForeignSyntax, span, message);
                self.diagnostics.push(problem.hint("write the address itself"));
                return Some(target);
            }
            Destination::Uncopied(target, why) => {
                let message = format!("`{address}` {why}, and is not copied beside the editions");
                let problem = Diagnostic::new(Code::UncopiedFile, span, message);
                self.diagnostics.push(problem.hint(link::HINT_AT_FILES));
                return Some(target);
            }
            Destination::NoSuchFile(written) | Destination::NoSuchDocument(written) if self.context.dead_links_stay => {
                return Some(self.absent(address, &written, span));
            }
            Destination::NoSuchFragment { document, .. } if self.context.dead_links_stay => {
                return Some(self.absent(address, &document, span));
            }
            Destination::NoSuchFile(written) => self.dead_file_link(&written, path, span),
            Destination::Unreadable(error) => unreadable(address, span, &error),
            Destination::Taken(place) => {
                let message = format!("a copy of `{address}` would take the place of the edition {place}");
                Diagnostic::new(Code::DuplicateOutput, span, message).hint("give the file another name")
            }
            Destination::Similar(target, id) => {
                self.foreign_id(address.rsplit('#').next().unwrap_or_default(), &id, span);
                return Some(target);
            }
            Destination::Unsafe => {
                Diagnostic::new(Code::UnsafeLink, span, format!("the address `{address}` is not passed on"))
            }
            Destination::NoSuchId(id) => {
                let near = self.may_guess().then(|| guess(&id, self.ids.names())).flatten();
                let hint = format!("give what is meant this id, as in `## Heading {{#{id}}}`");
                let message = format!("the document has no id `{id}`");
                Diagnostic::new(Code::DeadFragment, span, message).hint(hint).guess(near)
            }
            Destination::NoSuchDocument(document) => {
                let guesses = self.may_guess();
                let near = guesses.then(|| link::similar(&document, path, self.path, self.context)).flatten();
                let message = format!("`{document}` is no document of the project");
                let hint = "paths begin at the file in which they are written";
                Diagnostic::new(Code::DeadDocumentLink, span, message).hint(hint).guess(near)
            }
            Destination::NoSuchFragment { document, id } => {
                let guesses = self.may_guess();
                let near = guesses.then(|| link::similar_id(&document, &id, path, self.context)).flatten();
                let message = format!("the document `{document}` has no id `{id}`");
                let hint = format!("give a heading there this id: `{{#{id}}}`");
                Diagnostic::new(Code::DeadDocumentLink, span, message).hint(hint).guess(near)
            }
        };
        self.diagnostics.push(problem);
        None
    }

    /// A link to what is not here, which stays as it is.
    fn absent(&mut self, address: &str, what: &str, span: Span) -> Target {
        let message = format!("`{what}` is not here, and the link stays as it is");
        let hint = "compare the projects that the versions are of";
        self.diagnostics.push(Diagnostic::new(Code::ForeignPath, span, message).hint(hint));
        Target::external(address)
    }

    /// Says that an id is another tool's, and what the place is called here.
    fn foreign_id(&mut self, written: &str, id: &str, span: Span) {
        let message = format!("`#{written}` is found by its words: the place is `#{id}` here");
        let hint = format!("write `#{id}`, or give the place an id of its own");
        let fix = Fix::rename(span, &format!("#{written}"), &format!("#{id}"));
        self.diagnostics.push(Diagnostic::new(Code::ForeignId, span, message).hint(hint).fix(fix));
    }

    /// A reference to a note in a run.
    fn note_call(&mut self, name: String, span: Span) -> Option<NoteUse> {
        if let Some(known) = self.note_calls.known.pop_front() {
            return known;
        }
        // Runs of the note have references of their own.
        let outer = std::mem::take(&mut self.note_calls);
        let left = self.budget.left();
        let used = self.note(&name, span);
        let weight = outer.weight + left.saturating_sub(self.budget.left());
        self.note_calls = NoteCalls { weight, ..outer };
        self.note_calls.met.push(NoteCall { name, span, used: used.clone() });
        used
    }

    /// Refers to a note, and lowers it where it was not referred to before.
    pub fn note(&mut self, name: &str, span: Span) -> Option<NoteUse> {
        let Some(index) = self.notes.refer(name, self.ids) else {
            let near = self.may_guess().then(|| guess(name, self.notes.names())).flatten();
            let message = format!("the footnote `{name}` is not defined");
            let diagnostic = Diagnostic::new(Code::UndefinedNote, span, message);
            let hint = format!("define it on a line of its own: `[^{name}]: …`");
            self.diagnostics.push(diagnostic.hint(hint).guess(near));
            return None;
        };
        self.write_note(index.note);
        Some(index)
    }

    /// Lowers a note's text at its first reference, so that notes
    /// in notes are numbered in the order of reading.
    fn write_note(&mut self, note: usize) {
        if let Some(blocks) = self.notes.open(note) {
            let blocks = self.blocks(blocks, RunKind::Note);
            self.notes.close(note, blocks);
        }
    }

    /// Lowers what notes are left: those too deep in one another, and those
    /// that nothing refers to.
    pub fn remaining_notes(&mut self) {
        loop {
            while let Some(note) = self.notes.waiting() {
                self.write_note(note);
            }
            let Some((name, span, note)) = self.notes.next_unused(self.ids) else { return };
            // Second definitions carry their place after the name, and are reported already.
            if !name.contains(" [") {
                let shown = name.split(super::include::NOTE_COPY).next().unwrap_or_default();
                let message = format!("nothing refers to the footnote `{shown}`");
                self.diagnostics.push(Diagnostic::new(Code::UnusedNote, span, message));
            }
            self.write_note(note);
        }
    }
}

/// Whether the words of a link are none that anyone could follow.
fn says_nothing(content: &[RInline]) -> bool {
    content.iter().all(|inline| match &inline.kind {
        InlineKind::Text(words) | InlineKind::Code(words) => words.trim().is_empty(),
        InlineKind::SoftBreak | InlineKind::LineBreak => true,
        InlineKind::Math(_) | InlineKind::Image(_) | InlineKind::Note(_) | InlineKind::Stage(_) => false,
        kind => says_nothing(kind.children()),
    })
}

fn text(words: String, span: Span) -> RInline {
    Inline::new(InlineKind::Text(words), span)
}
