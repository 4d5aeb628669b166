//! The library: what documents of a project know about one another.

use super::abbreviation::Abbreviations;
use super::budget::Budget;
use super::citation::Citations;
use super::id::{self, Similar};
use super::inline::{RunKind, RunLowering};
use super::numbered::{self, Numbered};
use super::title;
use super::{Context, expand, link, navigation, summary};
use crate::ast::{Block, BlockKind, Expanded, Inline, InlineKind, Parsed, ParsedInline};
use crate::diagnostic::Diagnostics;
use crate::parallel::locked;
use crate::project::Project;
use crate::source::file_dependencies::Recorder;
use crate::source::{Sources, Untracked};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// All documents of a project by project-relative source path. The summary of a document is
/// computed at the first query and kept. A view records its queries.
#[derive(Debug, Default)]
pub struct Library {
    shared: Arc<Shared>,
    queries: Mutex<BTreeSet<Query>>,
}

#[derive(Debug, Default)]
struct Shared {
    documents: BTreeMap<String, LibraryDocument>,
    /// Source paths by their stems (the path without its extension).
    by_stem: BTreeMap<String, String>,
    /// Members of collections by folder, in reading order.
    by_folder: BTreeMap<String, Vec<String>>,
}

/// The summaries of one document, computed at first use.
#[derive(Debug, Default)]
struct LibraryDocument {
    /// The previous and next member of its collection.
    neighbours: Neighbours,
    /// The summary without titles of other documents; `None` if the document cannot be read.
    own: OnceLock<Option<Box<DocumentSummary>>>,
    /// The title with referenced titles expanded to depth 1, 2, … ([`NAMING`]); index 0 is depth 1.
    titles: [OnceLock<Option<Box<DocumentSummary>>>; NAMING - 1],
    /// The summary with titles of referenced documents.
    whole: OnceLock<Option<Box<DocumentSummary>>>,
}

/// How deeply titles may quote other titles. Deeper references are left out, so cycles between
/// titles end.
pub const NAMING: usize = 3;

/// The previous and next member of a collection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    pub before: Option<String>,
    pub after: Option<String>,
}

/// A query about other documents, made during resolution. The answers are dependencies of the
/// result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Query {
    /// Which documents there are.
    Documents,
    /// Whether there is a document at a path.
    Document(String),
    /// The document whose editions have a stem (a path without extension).
    Source(String),
    /// The members of a folder's collection.
    Members(String),
    /// The previous and next member of the collection of the document at a path.
    Neighbours(String),
    /// Title and description of the document at a path.
    Title(String),
    /// Where a fragment leads in the document at a path.
    Place(String, String),
    /// Everything about the document at a path.
    Summary(String),
}

impl Query {
    /// The queried document, if the query is about one.
    pub fn named(&self) -> Option<&str> {
        match self {
            Query::Document(path) => Some(path),
            query => query.document(),
        }
    }

    /// The document whose text decides the answer, if there is one.
    pub fn document(&self) -> Option<&str> {
        match self {
            Query::Documents | Query::Document(_) | Query::Source(_) | Query::Members(_) | Query::Neighbours(_) => None,
            Query::Title(path) | Query::Place(path, _) | Query::Summary(path) => Some(path),
        }
    }
}

/// One document as others see it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DocumentSummary {
    /// Its title.
    pub title: String,
    /// Its summary, or else its first paragraph.
    pub description: Option<String>,
    /// Every id that a link can name, in alphabetical order.
    pub ids: Vec<String>,
    /// Other names that links may use for the ids.
    pub aliases: BTreeMap<String, String>,
    /// Ids by the names that other tools would give them.
    pub similar: Similar,
    /// The files that this summary depends on, including the document's own.
    pub files: BTreeSet<String>,
    /// Whether its title or description quotes titles of other documents.
    pub names_others: bool,
}

impl Library {
    /// A library of a project's documents at some paths.
    pub fn from_paths(paths: impl IntoIterator<Item = String>, project: &Project) -> Library {
        let mut shared = Shared::default();
        for path in paths {
            shared.by_stem.entry(link::stem(&path).to_owned()).or_insert_with(|| path.clone());
            if let Some(folder) = navigation::collection(&path) {
                shared.by_folder.entry(folder.to_owned()).or_default().push(path.clone());
            }
            shared.documents.insert(path, LibraryDocument::default());
        }
        for (folder, members) in &mut shared.by_folder {
            navigation::order(folder, members, project);
            for (at, path) in members.iter().enumerate() {
                if let Some(known) = shared.documents.get_mut(path) {
                    let before = at.checked_sub(1).and_then(|before| members.get(before));
                    known.neighbours = Neighbours { before: before.cloned(), after: members.get(at + 1).cloned() };
                }
            }
        }
        Library { shared: Arc::new(shared), queries: Mutex::default() }
    }

    /// A view of this library without recorded queries.
    pub fn view(&self) -> Library {
        Library { shared: Arc::clone(&self.shared), queries: Mutex::default() }
    }

    /// The recorded queries, sorted.
    pub fn into_queries(self) -> BTreeSet<Query> {
        self.queries.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The existing documents that the queries are about.
    pub fn documents_of<'f>(&self, queries: impl IntoIterator<Item = &'f Query>) -> BTreeSet<&'f str> {
        let named = queries.into_iter().filter_map(Query::named);
        named.filter(|path| self.shared.documents.contains_key(*path)).collect()
    }

    fn ask(&self, query: Query) {
        locked(&self.queries).insert(query);
    }

    /// All documents, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.ask(Query::Documents);
        self.shared.documents.keys().map(String::as_str)
    }

    /// Whether there is a document at a path.
    pub fn holds(&self, path: &str) -> bool {
        self.ask(Query::Document(path.to_owned()));
        self.shared.documents.contains_key(path)
    }

    /// The source of the editions with a stem relative to the project's root.
    pub fn source(&self, stem: &str) -> Option<&str> {
        self.ask(Query::Source(stem.to_owned()));
        self.shared.by_stem.get(stem).map(String::as_str)
    }

    /// The members of a folder's collection in reading order.
    pub fn members(&self, folder: &str) -> &[String] {
        self.ask(Query::Members(folder.to_owned()));
        self.shared.by_folder.get(folder).map_or(&[], Vec::as_slice)
    }

    /// The previous and next member of the collection of the document at a path.
    pub fn neighbours(&self, path: &str) -> Option<&Neighbours> {
        self.ask(Query::Neighbours(path.to_owned()));
        self.shared.documents.get(path).map(|known| &known.neighbours)
    }

    /// The summary of the document at a path, for its title and description.
    pub fn entry(&self, path: &str, context: &Context) -> Option<&DocumentSummary> {
        self.ask(Query::Title(path.to_owned()));
        let own = self.own(path, context)?;
        let whole = if own.names_others { self.whole(path, context) } else { None };
        Some(whole.unwrap_or(own))
    }

    /// The title of the document at a path with titles quoted up to `depth` levels deep, and the
    /// files that it depends on.
    pub fn title(&self, path: &str, depth: usize, context: &Context) -> Option<&DocumentSummary> {
        self.ask(Query::Title(path.to_owned()));
        let own = self.own(path, context)?;
        let Some(at) = depth.checked_sub(1).filter(|_| own.names_others) else { return Some(own) };
        let title = self.shared.documents.get(path)?.titles.get(at)?;
        let title = title.get_or_init(|| {
            let (library, files) = (self.view(), Untracked(context.files));
            read_summary(path, Wanted::Title(depth), &Context { library: &library, files: &files, ..*context })
                .map(Box::new)
        });
        title.as_deref()
    }

    /// Where a link's fragment leads in the document at a path.
    pub fn find(&self, path: &str, fragment: &str, context: &Context) -> Found {
        self.ask(Query::Place(path.to_owned(), fragment.to_owned()));
        self.own(path, context).map_or(Found::Nothing, |entry| lookup(entry, fragment))
    }

    /// All ids of the document at a path.
    pub fn ids(&self, path: &str, context: &Context) -> Option<&[String]> {
        self.ask(Query::Summary(path.to_owned()));
        self.own(path, context).map(|entry| entry.ids.as_slice())
    }

    /// The summary of the document at a path without titles of other documents.
    pub fn own(&self, path: &str, context: &Context) -> Option<&DocumentSummary> {
        let known = self.shared.documents.get(path)?;
        let own = known.own.get_or_init(|| own_summary(path, context).map(Box::new));
        own.as_deref()
    }

    /// The summary including titles of referenced documents. Reads are not recorded: which caller
    /// computes it first is not deterministic.
    fn whole(&self, path: &str, context: &Context) -> Option<&DocumentSummary> {
        let known = self.shared.documents.get(path)?;
        let whole = known.whole.get_or_init(|| {
            let files = Untracked(context.files);
            full_summary(path, &Context { files: &files, ..*context }).map(Box::new)
        });
        whole.as_deref()
    }

    /// Evaluates a query. The flag is true if the answer depends on more documents than the queried
    /// one.
    pub fn answer(&self, query: &Query, context: &Context) -> (String, bool) {
        let view = self.view();
        let own = query.document().and_then(|path| view.own(path, context));
        let is_transitive = own.is_some_and(|entry| entry.names_others);
        let answer = match query {
            Query::Documents => view.paths().collect::<Vec<_>>().join("\n"),
            Query::Document(path) => view.holds(path).to_string(),
            Query::Source(stem) => format!("{:?}", view.source(stem)),
            Query::Members(folder) => view.members(folder).join("\n"),
            Query::Neighbours(path) => format!("{:?}", view.neighbours(path)),
            Query::Title(path) => {
                let answer = view.entry(path, context).map(|entry| (&entry.title, &entry.description));
                // Inside another title it is quoted with one level less.
                let short = view.title(path, NAMING - 2, context).filter(|_| is_transitive).map(|short| &short.title);
                format!("{answer:?}{}", short.map(|short| format!(" {short:?}")).unwrap_or_default())
            }
            Query::Place(path, fragment) => format!("{:?}", view.find(path, fragment, context)),
            Query::Summary(path) => format!("{:?}", view.own(path, context)),
        };
        (answer, is_transitive)
    }
}

/// Reads the summary of a document without titles of other documents.
fn own_summary(path: &str, context: &Context) -> Option<DocumentSummary> {
    let (nobody, files) = (Library::default(), Untracked(context.files));
    read_summary(path, Wanted::Own, &Context { library: &nobody, files: &files, ..*context })
}

/// Reads the summary of a document including titles of referenced documents.
pub fn full_summary(path: &str, context: &Context) -> Option<DocumentSummary> {
    // Queries made here belong to that document, not to the caller's.
    let library = context.library.view();
    read_summary(path, Wanted::Whole, &Context { library: &library, ..*context })
}

/// Which summary of a document to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Without titles of other documents.
    Own,
    /// With titles of other documents.
    Whole,
    /// The title alone, with titles quoted up to this many levels deep.
    Title(usize),
}

impl Wanted {
    /// How many levels of other titles the title quotes.
    fn naming(self) -> usize {
        match self {
            Wanted::Own => 0,
            Wanted::Whole => NAMING - 1,
            Wanted::Title(depth) => depth,
        }
    }
}

/// Reads a document like resolution does, with its includes and citations.
fn read_summary(path: &str, wanted: Wanted, context: &Context) -> Option<DocumentSummary> {
    let recorder = Recorder::new(context.files);
    let context = &Context { files: &recorder, ..*context };
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let file = crate::load::load(path, context.files, &mut sources, &mut diagnostics)?;
    let parsed = crate::parse::parse(file, &mut sources);
    let mut budget = Budget::default();
    let document = expand::expand(parsed, path, context, None, &mut budget, &mut sources).value;
    let mut numbered = numbered::number(document, path, context, &sources, &mut diagnostics);
    let mut citations = Citations::default();
    if cites(&numbered) {
        citations = numbered.citations((path, context), &mut budget, &mut sources, &mut diagnostics);
    }
    let entry = entry((path, wanted, context), numbered, (citations, budget), &sources, &mut diagnostics);
    Some(DocumentSummary { files: recorder.into_dependencies().inputs.into_keys().collect(), ..entry })
}

/// Builds the summary of a document.
fn entry(
    (path, wanted, context): (&str, Wanted, &Context),
    numbered: Numbered,
    (citations, budget): (Citations, Budget),
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> DocumentSummary {
    let Numbered { metadata, blocks, title, summary, mut parts, start } = numbered;
    let own = title.heading().map(str::to_owned);
    let known = Abbreviations::new(&parts.abbreviations, &metadata, context.project, start, diagnostics);
    let mut runs = parts.runs((path, context), known, citations, budget, sources, diagnostics);
    runs.apart = true;
    let outer = std::mem::replace(&mut runs.naming, wanted.naming());
    let title = runs.quoted(title.into_content(start), RunKind::Heading);
    runs.naming = outer;
    if let Wanted::Title(_) = wanted {
        return DocumentSummary {
            title: title::quoted_title(title),
            names_others: runs.named_others,
            ..DocumentSummary::default()
        };
    }
    runs.variables.define("title", title.clone());
    let description = summary::quoted_summary(&mut runs, summary);
    if let Some(words) = &description {
        runs.variables.define("abstract", words.clone());
    }
    let description = description.or_else(|| first_paragraph(blocks, &mut runs));
    let names_others = runs.named_others;
    let mut ids = parts.ids;
    DocumentSummary {
        title: title::quoted_title(title),
        description: description.map(title::quoted_summary),
        similar: ids.all_similar(),
        aliases: ids.take_aliases(own.as_deref()),
        ids: ids.into_names(),
        files: BTreeSet::new(),
        names_others,
    }
}

/// The target of a link's fragment in another document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Id(String),
    /// The heading that became the document's title.
    Title,
    /// An id that another tool makes otherwise of the same words.
    Similar(String),
    Nothing,
}

/// Whether the title or the description of a document has a citation.
fn cites(numbered: &Numbered) -> bool {
    fn holds(content: &[Inline<Parsed>]) -> bool {
        content.iter().any(|inline| match &inline.kind {
            InlineKind::Stage(ParsedInline::Citation(_)) => true,
            kind => holds(kind.children()),
        })
    }
    let in_title = numbered.title.heading_content().is_some_and(holds);
    let first = numbered.summary.is_empty().then(|| paragraphs(&numbered.blocks).next()).flatten();
    in_title || numbered.summary.iter().any(|paragraph| holds(paragraph)) || first.is_some_and(holds)
}

fn lookup(entry: &DocumentSummary, fragment: &str) -> Found {
    let exact = |name: &str| {
        if entry.ids.binary_search_by(|id| id.as_str().cmp(name)).is_ok() {
            return Some(Found::Id(name.to_owned()));
        }
        let id = entry.aliases.get(name)?;
        Some(if id.is_empty() { Found::Title } else { Found::Id(id.clone()) })
    };
    let found = exact(fragment).or_else(|| exact(&link::percent_decode(fragment)));
    found.unwrap_or_else(|| match id::similar(&entry.similar, fragment) {
        Some(id) => Found::Similar(id.to_owned()),
        None => Found::Nothing,
    })
}

/// The words of the first paragraph of the text that has some.
fn first_paragraph(blocks: Vec<Block<Expanded>>, runs: &mut RunLowering) -> Option<String> {
    paragraphs(&blocks).find_map(|content| summary::in_one_line(&runs.quoted(content.to_vec(), RunKind::Text)))
}

/// The paragraphs of the text itself, in order.
fn paragraphs(blocks: &[Block<Expanded>]) -> impl Iterator<Item = &[Inline<Parsed>]> {
    blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Paragraph(content) => Some(content.as_slice()),
        _ => None,
    })
}
