//! A document whose places have their ids and numbers: as much as others must know of
//! it, and what its own text is set with.

use super::abbreviation::Abbreviations;
use super::budget::Budget;
use super::citation::{self, Citations};
use super::id::Ids;
use super::inline::RunLowering;
use super::library::NAMING;
use super::note::NoteCalls;
use super::number::{self, Anchors};
use super::title::{self, Title};
use super::typography::Typographer;
use super::variable::Variables;
use super::{Context, DEFAULT_LANGUAGE, metadata, note, picture, profile, section, summary};
use crate::ast::{AbbreviationDefinition, Block, Document, Expanded, Inline, Metadata, NoteDefinition, Parsed};
use crate::diagnostic::Diagnostics;
use crate::language::Language;
use crate::source::{Sources, Span};
use std::collections::BTreeMap;

/// A document before its text is set.
pub struct Numbered {
    pub metadata: Metadata,
    pub blocks: Vec<Block<Expanded>>,
    pub title: Title,
    /// The paragraphs of the abstract.
    pub summary: Vec<Vec<Inline<Parsed>>>,
    pub parts: Parts,
    /// Where the document begins.
    pub start: Span,
}

/// Data needed to lower a document's text.
pub struct Parts {
    pub language: Language,
    pub ids: Ids,
    pub anchors: Anchors,
    pub abbreviations: Vec<AbbreviationDefinition<Expanded>>,
    title_id: Option<String>,
    number_paragraphs: bool,
    notes: Vec<NoteDefinition<Expanded>>,
    variables: Variables,
}

/// Names and numbers the places of a document that holds all that it includes.
pub fn number(
    document: Document<Expanded>,
    path: &str,
    context: &Context,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Numbered {
    let start = Span::point(document.span.file, 0);
    let Document { mut metadata, mut blocks, mut notes, abbreviations, .. } = document;
    metadata::complete(&mut metadata, &context.project.defaults);
    let language = Language::from_tag(metadata.lang.as_ref().map_or(DEFAULT_LANGUAGE, |lang| &lang.value));
    profile::check_formats(&mut blocks, diagnostics);
    let mut ids = name(&mut blocks, diagnostics);
    for note in &mut notes {
        ids.collect(&mut note.blocks, diagnostics);
    }
    let (mut summary, in_summary) = summary::parse(&metadata, start, sources, diagnostics);
    let mut in_summary: Vec<_> = in_summary.into_iter().map(|note| note.into_definition(())).collect();
    summary.iter_mut().for_each(|paragraph| ids.collect_in_text(paragraph, diagnostics));
    in_summary.iter_mut().for_each(|note| ids.collect(&mut note.blocks, diagnostics));
    let mut variables = Variables::from_metadata(&metadata, &language, sources.iter().map(|(_, source)| source.text()));
    if metadata.title.is_none() {
        variables.define("title", title::of_path(path));
    }
    let title = title::take(&metadata, &variables, &mut blocks, path);
    let title = title::check(title, &metadata, start, diagnostics);
    let title_id = title.heading().map(str::to_owned);
    if let Some(id) = &title_id {
        ids.forget(id);
    }
    section::level(&mut blocks, matches!(title, Title::Heading { .. }), diagnostics);
    let anchors = number::number(&mut blocks, &mut notes, metadata.numbering, language.labels, &mut ids);
    let number_paragraphs = metadata.numbering.paragraphs.unwrap_or(false);
    notes.append(&mut in_summary);
    let parts = Parts { language, ids, anchors, abbreviations, title_id, number_paragraphs, notes, variables };
    Numbered { metadata, blocks, title, summary, parts, start }
}

/// Lays the headings open and names them.
fn name(blocks: &mut Vec<Block<Expanded>>, diagnostics: &mut Diagnostics) -> Ids {
    section::dissolve_groups(blocks);
    section::drop_wordless(blocks, diagnostics);
    section::name_languages(blocks);
    section::title_annexes(blocks);
    Ids::assign(blocks, diagnostics)
}

impl Numbered {
    /// Sets the citations of the document, which lies at a path.
    pub fn citations(
        &mut self,
        (path, context): (&str, &Context),
        budget: &mut Budget,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) -> Citations {
        let Numbered { metadata, blocks, title, summary, parts: Parts { language, notes, ids, .. }, start } = self;
        let cited = citation::Document { metadata, path, context, language, start: *start };
        let before = title.heading_content().into_iter().chain(summary.iter().map(Vec::as_slice)).collect();
        let text = citation::Text { before, blocks, notes };
        citation::set_citations(&cited, text, ids, budget, sources, diagnostics)
    }
}

impl Parts {
    /// The lowering for the text of the document at a path.
    pub fn runs<'a>(
        &'a mut self,
        (path, context): (&'a str, &'a Context<'a>),
        abbreviations: Abbreviations,
        citations: Citations,
        budget: Budget,
        sources: &'a Sources,
        diagnostics: &'a mut Diagnostics,
    ) -> RunLowering<'a> {
        RunLowering {
            context,
            cache: None,
            changeable: 0,
            path,
            title_id: self.title_id.take(),
            language: &self.language,
            number_paragraphs: self.number_paragraphs,
            guesses: 0,
            apart: false,
            named_others: false,
            quoting: false,
            only_labels: false,
            naming: NAMING,
            budget,
            note_calls: NoteCalls::default(),
            at_end: true,
            ids: &mut self.ids,
            anchors: &self.anchors,
            sources,
            diagnostics,
            variables: std::mem::take(&mut self.variables),
            typographer: Typographer::for_language(&self.language.tag),
            abbreviations,
            citations,
            notes: note::Notes::new(std::mem::take(&mut self.notes)),
            pictures: picture::Pictures::default(),
            files: BTreeMap::new(),
        }
    }
}
