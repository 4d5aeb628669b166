//! Documents that are compiled repeatedly in one process. A result whose dependencies did not
//! change is reused.

use super::dependencies::{Dependencies, QueryDependency};
use super::{Compilation, read_incremental};
use crate::backend::html::{BlockCache, Page, emit_incremental};
use crate::backend::pdf::{DrawingCache, drawing_problems};
use crate::diagnostic::Diagnostics;
use crate::format::Format;
use crate::layout::font::FontBook;
use crate::layout::frame::Layout;
use crate::layout::{LayoutCache, layout_incremental};
use crate::lint::LintCache;
use crate::parallel::locked;
use crate::parse::{Chunk, ParseCache};
use crate::project::Project;
use crate::resolve::{Context, ResolveCache, audiences};
use crate::source::file_dependencies::Recorder;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};

/// A cache of compiled documents, limited in bytes. The results are the same as those of compiling
/// from nothing.
#[derive(Debug, Default)]
pub struct Session {
    /// Maximum size of the kept sources and editions, in bytes.
    budget: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// Settings that the documents were compiled with.
    settings: Settings,
    documents: BTreeMap<String, Arc<Compiled>>,
    /// Their paths, the most recently used one last.
    order: Vec<String>,
}

/// Inputs of a compilation besides files.
#[derive(Debug, Clone, Default, PartialEq)]
struct Settings {
    project: Project,
    profiles: Vec<String>,
    source_date_epoch: Option<i64>,
    index: Option<String>,
    compared: BTreeSet<String>,
    dead_links_stay: bool,
}

/// A compiled source with its dependencies and the editions that were requested.
#[derive(Debug)]
pub struct Compiled {
    /// The document with its diagnostics.
    pub compilation: Compilation,
    /// While none of them changes, the document is not compiled again.
    pub dependencies: Dependencies,
    /// Audiences that parts of the document are meant for. Some readers must not see these names,
    /// so they are collected only if a profile is active.
    pub audiences: BTreeSet<String>,
    editions: Mutex<BTreeMap<Format, Arc<Edition>>>,
    pages: OnceLock<Arc<Pages>>,
    in_drawings: OnceLock<Diagnostics>,
    /// Caches shared with the previous version of the document.
    caches: Arc<Caches>,
}

/// Caches of the stages for the next compilation of a document.
#[derive(Debug, Default)]
struct Caches {
    parse: Mutex<ParseCache>,
    resolved: Mutex<ResolveCache>,
    lint: Mutex<LintCache>,
    layout: Mutex<LayoutCache>,
    drawings: Mutex<DrawingCache>,
    html: Mutex<BlockCache>,
}

/// The pages of a document and the diagnostics of their layout.
#[derive(Debug, Default)]
pub struct Pages {
    /// The finished layout.
    pub layout: Layout,
    /// Problems that only layout finds, such as a line that is too wide.
    pub diagnostics: Diagnostics,
}

/// One edition and the diagnostics of its backend.
#[derive(Debug)]
pub struct Edition {
    /// The whole file; shared with the session.
    pub bytes: Arc<Vec<u8>>,
    /// Problems of this edition only, such as a table too wide for the page.
    pub diagnostics: Diagnostics,
}

impl Session {
    /// A session that keeps up to `budget` bytes of sources and editions. Their trees and caches
    /// take about twenty times as much memory. With 0 nothing is kept.
    pub fn new(budget: usize) -> Session {
        Session { budget, kept: Mutex::default() }
    }

    /// The document at a project-relative path, compiled now or earlier.
    pub fn compile(&self, path: &str, context: &Context) -> Arc<Compiled> {
        let known = self.kept(context).documents.get(path).map(Arc::clone);
        // The dependencies are checked without the lock, so other threads need not wait.
        let caches = known.as_ref().map(|known| Arc::clone(&known.caches)).unwrap_or_default();
        let compiled = known
            .filter(|known| known.dependencies.is_up_to_date(context, &known.compilation.sources))
            .unwrap_or_else(|| Arc::new(Compiled::from_path(path, context, caches, self.budget > 0)));
        if self.budget > 0 {
            self.keep(path, &compiled, context);
        }
        compiled
    }

    /// The chunks of the last parse of the document at a path, each with its byte position. `None`
    /// if they are not the chunks of this text from `start` on.
    pub fn parts(&self, path: &str, text: &str, start: usize) -> Option<Vec<(usize, Arc<Chunk>)>> {
        let known = locked(&self.kept).documents.get(path).map(Arc::clone)?;
        let parse = locked(&known.caches.parse);
        parse.parts(text, start).map(<[_]>::to_vec)
    }

    /// A copy of the parse cache of the document at a path.
    pub fn parse_cache(&self, path: &str) -> ParseCache {
        let known = locked(&self.kept).documents.get(path).map(Arc::clone);
        known.map(|known| locked(&known.caches.parse).clone()).unwrap_or_default()
    }

    /// The cached documents, emptied if the settings of the context differ.
    fn kept(&self, context: &Context) -> MutexGuard<'_, Kept> {
        let mut kept = locked(&self.kept);
        if self.budget > 0 && !kept.settings.are_those_of(context) {
            *kept = Kept { settings: Settings::from_context(context), ..Kept::default() };
        }
        kept
    }

    fn keep(&self, path: &str, compiled: &Arc<Compiled>, context: &Context) {
        let mut kept = self.kept(context);
        kept.order.retain(|known| known != path);
        kept.order.push(path.to_owned());
        let replaced = kept.documents.insert(path.to_owned(), Arc::clone(compiled));
        let mut bytes: usize = kept.documents.values().map(|compiled| compiled.bytes()).sum();
        while bytes > self.budget && kept.order.len() > 1 {
            let oldest = kept.order.remove(0);
            let removed = kept.documents.remove(&oldest);
            bytes -= removed.map_or(0, |compiled| compiled.bytes());
        }
        drop(kept);
        // Dropping a long document takes a while; another thread does it.
        if let Some(replaced) = replaced.filter(|replaced| !Arc::ptr_eq(replaced, compiled)) {
            rayon::spawn(move || drop(replaced));
        }
    }
}

impl Settings {
    fn from_context(context: &Context) -> Settings {
        Settings {
            project: context.project.clone(),
            profiles: context.profiles.to_vec(),
            source_date_epoch: context.source_date_epoch,
            index: context.index.map(str::to_owned),
            compared: context.compared.clone(),
            dead_links_stay: context.dead_links_stay,
        }
    }

    fn are_those_of(&self, context: &Context) -> bool {
        let Settings { project, profiles, source_date_epoch, index, compared, dead_links_stay } = self;
        project == context.project
            && profiles == context.profiles
            && *source_date_epoch == context.source_date_epoch
            && index.as_deref() == context.index
            && compared == context.compared
            && *dead_links_stay == context.dead_links_stay
    }
}

impl Compiled {
    /// Compiles the document at a path and records its dependencies.
    fn from_path(path: &str, context: &Context, caches: Arc<Caches>, remembers: bool) -> Compiled {
        let recorder = Recorder::new(context.files);
        let library = context.library.view();
        let own = Context { library: &library, files: &recorder, ..*context };
        let draft = {
            let mut parsed = remembers.then(|| locked(&caches.parse));
            read_incremental(path, &recorder, parsed.as_deref_mut())
        };
        let audiences = match (context.profiles, &draft.document) {
            ([], _) | (_, None) => BTreeSet::new(),
            (_, Some(document)) => audiences(document),
        };
        let compilation = {
            let mut resolved = remembers.then(|| locked(&caches.resolved));
            let mut looked_at = remembers.then(|| locked(&caches.lint));
            draft.resolve_incremental(&own, resolved.as_deref_mut(), looked_at.as_deref_mut())
        };
        let queries = library.into_queries().into_iter();
        let queries = queries.map(|query| QueryDependency::evaluate(query, context)).collect();
        let dependencies = Dependencies { reads: recorder.into_dependencies(), queries };
        let (editions, pages, in_drawings) = (Mutex::default(), OnceLock::new(), OnceLock::new());
        Compiled { compilation, dependencies, audiences, editions, pages, in_drawings, caches }
    }

    /// One edition, cached with the document. `None` if there is no document.
    pub fn edition(&self, format: Format) -> Option<Arc<Edition>> {
        let known = self.editions().get(&format).map(Arc::clone);
        known.or_else(|| {
            let mut diagnostics = Diagnostics::default();
            let bytes = self.compilation.edition(format, &mut diagnostics)?;
            let edition = Arc::new(Edition { bytes: Arc::new(bytes), diagnostics });
            self.editions().insert(format, Arc::clone(&edition));
            Some(edition)
        })
    }

    /// The document's pages, cached with it. `None` if there is no document. Paragraphs and tables
    /// of the previous version are reused.
    pub fn pages(&self) -> Option<Arc<Pages>> {
        let Compilation { document, theme, .. } = &self.compilation;
        let document = document.as_ref()?;
        let pages = self.pages.get_or_init(|| {
            let mut diagnostics = Diagnostics::default();
            let mut cache = locked(&self.caches.layout);
            let layout = layout_incremental(document, theme, &mut cache, &mut diagnostics);
            diagnostics.locate(&self.compilation.sources);
            Arc::new(Pages { layout, diagnostics })
        });
        Some(Arc::clone(pages))
    }

    /// The HTML edition with the positions of its elements. `None` if there is no document. Blocks
    /// of the previous version are reused.
    pub fn html(&self) -> Option<Page> {
        Some(emit_incremental(self.compilation.document.as_ref()?, &mut locked(&self.caches.html)))
    }

    /// The pages, if the document has been laid out already.
    pub fn known_pages(&self) -> Option<&Pages> {
        self.pages.get().map(Arc::as_ref)
    }

    /// Problems of the drawings in the PDF, such as a letter that no font has. Cached with the
    /// document; `None` if there is no document.
    pub fn in_drawings(&self) -> Option<&Diagnostics> {
        let Compilation { document, theme, sources, .. } = &self.compilation;
        let (document, pages) = (document.as_ref()?, self.pages()?);
        let look = || {
            let mut found = Diagnostics::default();
            let mut cache = locked(&self.caches.drawings);
            drawing_problems(document, &pages.layout, &FontBook::for_theme(theme), &mut cache, &mut found);
            found.locate(sources);
            found
        };
        Some(self.in_drawings.get_or_init(look))
    }

    /// Problems of the drawings in the PDF, if they have been checked already.
    pub fn known_in_drawings(&self) -> Option<&Diagnostics> {
        self.in_drawings.get()
    }

    fn editions(&self) -> MutexGuard<'_, BTreeMap<Format, Arc<Edition>>> {
        locked(&self.editions)
    }

    /// Size of its sources and editions, in bytes.
    fn bytes(&self) -> usize {
        let sources: usize = self.compilation.sources.iter().map(|(_, source)| source.text().len()).sum();
        sources + self.editions().values().map(|edition| edition.bytes.len()).sum::<usize>()
    }
}
