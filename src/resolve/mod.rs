//! Meaning, decided once: sections, numbers, labels, notes, references,
//! abbreviations, navigation. One file for each pass, in this order:
//! profiles, includes, ids, title, levels, numbers, lowering (which sets runs
//! of text, notes, links and pictures on its way), lists and outline.

mod abbreviation;
mod apostrophe;
#[cfg(feature = "citations")]
mod bibliography;
mod bookmark;
mod budget;
mod cache;
mod chart;
#[cfg_attr(not(feature = "citations"), path = "citation_absent.rs")]
mod citation;
#[cfg(feature = "citations")]
mod citation_style;
#[cfg(feature = "citations")]
mod composed;
mod control;
mod data;
mod expand;
mod file;
mod formula;
mod id;
mod include;
mod inline;
mod library;
mod link;
mod listing;
mod lower;
mod matter;
mod metadata;
mod navigation;
mod nesting;
mod note;
mod number;
mod numbered;
pub mod picture;
mod profile;
mod reference;
mod resolved;
mod section;
mod side;
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
pub use bibliography::{BIBLIOGRAPHY_BYTES, BRACES, JOINS, VALUES, citable};
pub use bookmark::bookmark;
pub use budget::{DOCUMENT, NODE};
pub use cache::ResolveCache;
#[cfg(feature = "citations")]
pub use citation::CITATIONS;
#[cfg(not(feature = "citations"))]
pub use citation::citable;
#[cfg(feature = "citations")]
pub use citation_style::{STYLE_BYTES, STYLE_NESTING, STYLE_WORDS};
pub use data::{DATA_BYTES, DATA_CELLS};
pub use include::{INCLUDE_DEPTH, INCLUDE_NESTING, INCLUDED_FILES};
pub use inline::{LINKED_FILES, RUN_BYTES};
pub use library::{DocumentSummary, Library, Query, full_summary};
pub use link::relative;
pub use matter::{Line, Matter};
pub use navigation::member_of;
pub use picture::{PICTURE_BYTES, PICTURE_PIXELS, load_picture};
pub use profile::audiences;
pub use resolved::{
    AbbreviationEntry, Brief, Change, ChangeKind, Citable, ControlKey, ControlRow, Label, Listing, ListingEntry,
    Navigation, NavigationLink, Note, NoteUse, OutlineEntry, Picture, PictureFormat, PictureId, PictureWidth, RBlock,
    RGridCell, RInline, Resolved, ResolvedBlock, ResolvedInline, ResolvedStage, Section, Side, Target, Tracked,
};
pub use side::{Whole, change_of, change_of_inlines, said_by};
pub use table::TABLE_COLUMNS;
pub use title::{QUOTED_SUMMARY_BYTES, QUOTED_TITLE_BYTES, TITLE_BYTES, quoted_title};
pub use xml_name::{is_xml_name, xml_name};

use crate::ast::{Document, Expanded, plain_text};
use crate::diagnostic::{Diagnosed, Diagnostics};
use crate::project::Project;
use crate::source::{Files, Sources};
use budget::Budget;
use inline::RunLowering;
use numbered::Numbered;
use std::collections::BTreeSet;

/// The context of resolution besides the document itself.
pub struct Context<'a> {
    /// Settings of `chancery.toml`, or the defaults.
    pub project: &'a Project,
    /// All documents of the project, or only this one.
    pub library: &'a Library,
    /// Files, by project-relative path.
    pub files: &'a dyn Files,
    /// Active profiles.
    pub profiles: &'a [String],
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    pub source_date_epoch: Option<i64>,
    /// The path without an ending, among the editions, of the page that lists them all.
    pub index: Option<&'a str>,
    /// Documents beside whose editions others say what changed since an earlier version.
    pub compared: &'a BTreeSet<String>,
    /// Whether links to documents and files that are not here stay as they are, with a warning:
    /// in a version to compare with, which may have been taken out of its folder.
    pub dead_links_stay: bool,
}

impl<'a> Context<'a> {
    /// A context for standalone documents: for all readers, without an index or an earlier version.
    pub fn new(project: &'a Project, library: &'a Library, files: &'a dyn Files) -> Self {
        const NONE: &BTreeSet<String> = &BTreeSet::new();
        Context {
            project,
            library,
            files,
            profiles: &[],
            source_date_epoch: None,
            index: None,
            compared: NONE,
            dead_links_stay: false,
        }
    }
}

/// The language of documents that do not say theirs.
const DEFAULT_LANGUAGE: &str = "en";

/// Resolves a document. Included files are added to `sources`. Always returns
/// a document; whether it may be published is for the diagnostics to say, which are
/// those of the parsed document and what was found since. Those that quote what a
/// profile drops are taken out.
pub fn resolve(
    parsed: Diagnosed<Document>,
    path: &str,
    context: &Context,
    sources: &mut Sources,
) -> Diagnosed<Resolved> {
    resolve_incremental(parsed, path, context, None, sources)
}

/// Like [`resolve`], but reuses results that `cache` holds.
pub fn resolve_incremental(
    parsed: Diagnosed<Document>,
    path: &str,
    context: &Context,
    mut cache: Option<&mut ResolveCache>,
    sources: &mut Sources,
) -> Diagnosed<Resolved> {
    let mut budget = Budget::default();
    let Diagnosed { value, mut diagnostics } =
        expand::expand(parsed, path, context, cache.as_deref_mut(), &mut budget, sources);
    let value = resolve_expanded(value, (path, context), budget, cache, sources, &mut diagnostics);
    Diagnosed { value, diagnostics }
}

fn resolve_expanded(
    document: Document<Expanded>,
    (path, context): (&str, &Context),
    mut budget: Budget,
    cache: Option<&mut ResolveCache>,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let mut numbered = numbered::number(document, path, context, sources, diagnostics);
    metadata::check(&numbered.metadata, context, numbered.start, diagnostics);
    metadata::check_language(&numbered.metadata, &numbered.parts.language, numbered.start, diagnostics);

    let citations = numbered.citations((path, context), &mut budget, sources, diagnostics);
    let Numbered { metadata, blocks, title, summary, mut parts, start } = numbered;
    let known = abbreviation::Abbreviations::new(&parts.abbreviations, &metadata, context.project, start, diagnostics);
    let language = parts.language.clone();
    let mut runs = parts.runs((path, context), known, citations, budget, sources, diagnostics);
    runs.begin_cache(cache);
    let place = metadata.title.as_ref().and_then(|title| title.span).unwrap_or(start);
    let title = runs.own_title(title.into_content(place));
    let title_text = plain_text(&title);
    title::check_length(&title_text, place, runs.diagnostics);
    runs.variables.define("title", title_text.clone());
    let subtitle = metadata.subtitle.as_ref().map(|subtitle| runs.plain(&subtitle.value, subtitle.span, start));
    if let Some(words) = &subtitle {
        runs.variables.define("subtitle", words.clone());
    }
    let summary = summary::summary(&mut runs, summary, &metadata, start);
    if let Some(words) = summary::summary_text(&summary) {
        runs.variables.define("abstract", words);
    }
    let mut blocks = runs.flow(blocks);
    runs.remaining_notes();
    runs.finish_cache();
    let labels = language.labels;
    let RunLowering { abbreviations, citations, notes, pictures, files, mut budget, .. } = runs;
    let ids = &mut parts.ids;
    let notes = notes.finish();
    let pictures = pictures.finish();
    let abbreviations = abbreviations.finish(diagnostics);

    let navigation = navigation::navigation(path, context, labels, &mut budget, start, diagnostics);
    listing::place_bibliography(&mut blocks, &citations.bibliography, labels, ids, start);
    let mut inventory = listing::Inventory::from_blocks(&blocks, &abbreviations, &navigation, start);
    inventory.bibliography = citations.bibliography;
    let toc = metadata.toc.as_ref().map(|toc| toc.value).unwrap_or_default();
    let contents = inventory.contents(toc, &blocks, labels, ids, start);
    inventory.fill(&mut blocks, &mut budget, diagnostics);
    metadata::check_words(&metadata, &blocks, start, diagnostics);
    Resolved {
        stem: summary::stem(path, context.project),
        description: summary::description(&summary, &blocks).map(title::quoted_summary),
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
        files,
        navigation,
        is_redline: false,
        tracked: None,
    }
}

#[cfg(test)]
mod tests;
