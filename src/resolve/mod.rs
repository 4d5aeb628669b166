//! Meaning, decided once: sections, numbers, labels, notes, references,
//! abbreviations, navigation. One file for each pass, in this order:
//! profiles, includes, ids, title, levels, numbers, lowering (which sets runs
//! of text, notes, links and pictures on its way), lists and outline.

mod abbreviation;
mod apostrophe;
#[cfg(feature = "citations")]
mod bibliography;
mod budget;
mod chart;
#[cfg_attr(not(feature = "citations"), path = "citation_absent.rs")]
mod citation;
#[cfg(feature = "citations")]
mod citation_style;
#[cfg(feature = "citations")]
mod composed;
mod control;
mod data;
mod id;
mod include;
mod inline;
mod library;
mod link;
mod listing;
mod lower;
mod metadata;
mod navigation;
mod nesting;
mod note;
mod number;
pub mod picture;
mod prepare;
mod profile;
mod reference;
mod resolved;
mod section;
mod summary;
mod table;
mod tags;
mod title;
mod typography;
mod variable;
mod walk;
mod xml_name;

pub use abbreviation::SHORT_FORM;
#[cfg(feature = "citations")]
pub use bibliography::BIBLIOGRAPHY_BYTES;
pub use budget::{DOCUMENT, NODE};
#[cfg(feature = "citations")]
pub use citation::CITATIONS;
#[cfg(feature = "citations")]
pub use citation_style::STYLE_WORDS;
pub use data::{DATA_BYTES, DATA_CELLS};
pub use include::{INCLUDE_DEPTH, INCLUDE_NESTING, INCLUDED_FILES};
pub use inline::RUN_BYTES;
pub use library::{Entry, Library, entry, whole_entry};
pub use picture::{PICTURE_BYTES, PICTURE_PIXELS, load_picture};
pub use profile::audiences;
pub use resolved::{
    AbbreviationEntry, Brief, ControlKey, ControlRow, Label, Listing, ListingEntry, Navigation, NavigationLink, Note,
    NoteUse, OutlineEntry, Picture, PictureFormat, PictureId, PictureWidth, RBlock, RInline, Res, Resolved,
    ResolvedBlock, ResolvedInline, Section, Target,
};
pub use table::TABLE_COLUMNS;
pub use title::TITLE_BYTES;
pub use xml_name::{is_xml_name, xml_name};

use crate::ast::{Document, plain_text};
use crate::diagnostic::Diagnostics;
use crate::language::Language;
use crate::project::Project;
use crate::source::{Files, Sources, Span};
use budget::Budget;
use inline::{Place, Runs};

/// What resolution may look at beside the document itself.
pub struct Context<'a> {
    pub project: &'a Project,
    /// All documents of the project, or only this one.
    pub library: &'a Library,
    pub files: &'a dyn Files,
    /// Active profiles.
    pub profiles: &'a [String],
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    pub source_date_epoch: Option<i64>,
}

/// The language of documents that do not say theirs.
const DEFAULT_LANGUAGE: &str = "en";

/// Resolves a document. Included files are added to `sources`. Always returns
/// a document; whether it may be published is for the diagnostics to say.
pub fn resolve(
    document: Document,
    path: &str,
    context: &Context,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let start = Span::point(document.span.file, 0);
    let mut budget = Budget::default();
    let Document { mut metadata, mut blocks, mut notes, abbreviations, .. } =
        prepare::expand(document, path, context, &mut budget, sources, diagnostics);
    metadata::complete(&mut metadata, &context.project.defaults);
    metadata::check(&metadata, context, start, diagnostics);
    let language = Language::of(metadata.lang.as_ref().map_or(DEFAULT_LANGUAGE, |lang| &lang.value));
    metadata::check_language(&metadata, &language, start, diagnostics);
    let labels = language.labels;

    profile::check_formats(&mut blocks, diagnostics);
    let mut ids = prepare::name(&mut blocks, diagnostics);
    for note in &mut notes {
        section::run_in(&mut note.blocks);
        ids.collect(&mut note.blocks, diagnostics);
    }
    let title = title::take(&metadata, &mut blocks, path);
    let title = title::check(title, &metadata, start, diagnostics);
    let title_id = title.heading().map(str::to_owned);
    if let Some(id) = &title_id {
        ids.forget(id);
    }
    section::level(&mut blocks, matches!(title, title::Title::Heading { .. }), diagnostics);
    let anchors = number::number(&mut blocks, metadata.numbering, labels, &mut ids);

    let cited = citation::Document { metadata: &metadata, path, context, language: &language, start };
    let citations = citation::set(&cited, &mut blocks, &mut notes, &mut ids, &mut budget, sources, diagnostics);
    let typographer = typography::Typographer::of(&language.tag);
    let date = metadata.date.as_ref().map(|date| date.value.long(&language));
    let status = metadata.status.as_ref().map(|status| control::status_name(status.value, labels));
    let texts: Vec<&str> = sources.iter().map(|(_, source)| source.text()).collect();
    let variables = variable::Variables::of(&metadata, &typographer.words(&title.text()), date, status, texts);
    let known = abbreviation::Abbreviations::new(&abbreviations, &metadata, context.project, start, diagnostics);
    let mut runs = Runs {
        context,
        path,
        title_id,
        language: &language,
        number_paragraphs: metadata.numbering.paragraphs.unwrap_or(false),
        guesses: 0,
        budget,
        at_end: true,
        ids: &mut ids,
        anchors: &anchors,
        sources,
        diagnostics,
        variables,
        typographer,
        abbreviations: known,
        citations,
        notes: note::Notes::new(notes),
        pictures: picture::Pictures::default(),
    };
    let title = match title {
        title::Title::Words { text, .. } => {
            let span = metadata.title.as_ref().and_then(|title| title.span).unwrap_or(start);
            runs.words(&text, span, Place::Heading)
        }
        title::Title::Heading { content, .. } => runs.run(content, Place::Heading),
    };
    let title_text = plain_text(&title);
    let subtitle = metadata.subtitle.as_ref().map(|subtitle| runs.typographer.words(&subtitle.value));
    let summary = summary::summary(&mut runs, &metadata, start);
    let mut blocks = runs.flow(blocks);
    runs.remaining_notes();
    let Runs { abbreviations, citations, notes, pictures, mut budget, .. } = runs;
    let notes = notes.finish();
    let pictures = pictures.finish();
    let abbreviations = abbreviations.finish(diagnostics);

    let navigation = navigation::navigation(path, context, labels);
    listing::place_bibliography(&mut blocks, &citations.bibliography, labels, &mut ids, start);
    let mut inventory = listing::Inventory::of(&blocks, &abbreviations, &navigation, start);
    inventory.bibliography = citations.bibliography;
    let toc = metadata.toc.as_ref().map(|toc| toc.value).unwrap_or_default();
    let contents = inventory.contents(toc, &blocks, labels, &mut ids, start);
    inventory.fill(&mut blocks, &mut budget, diagnostics);
    metadata::check_words(&metadata, listing::count_words(&blocks), start, diagnostics);
    Resolved {
        stem: summary::stem(path, context.project),
        description: summary::description(&summary, &blocks),
        banners: control::banners(&metadata, &language),
        control: control::rows(&metadata, context.profiles, &language, start),
        control_title: labels.document_control.to_owned(),
        outline: listing::outline(&blocks),
        brief: summary::brief(&blocks),
        timestamp: context
            .source_date_epoch
            .or_else(|| metadata.date.as_ref().map(|date| summary::midnight(date.value))),
        metadata,
        language,
        title,
        title_text,
        subtitle,
        summary,
        contents,
        blocks,
        notes,
        abbreviations,
        pictures,
        navigation,
    }
}

#[cfg(test)]
mod tests;
