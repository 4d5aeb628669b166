//! Documents that are compiled again and again in one process: what still stands is not
//! compiled again.

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

/// What was compiled, up to a number of bytes. A session says of every document what
/// compiling it from nothing says.
#[derive(Debug, Default)]
pub struct Session {
    /// How many bytes of sources and editions are kept.
    budget: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    /// For what the documents were compiled.
    settings: Settings,
    documents: BTreeMap<String, Arc<Compiled>>,
    /// Their paths, the one that was asked for last at the end.
    order: Vec<String>,
}

/// What decides beside files what becomes of a document.
#[derive(Debug, Clone, Default, PartialEq)]
struct Settings {
    project: Project,
    profiles: Vec<String>,
    source_date_epoch: Option<i64>,
    index: Option<String>,
    compared: BTreeSet<String>,
    dead_links_stay: bool,
}

/// What became of one source, what it rests on, and the editions that were asked for.
#[derive(Debug)]
pub struct Compiled {
    /// The document with what was found.
    pub compilation: Compilation,
    /// As long as all of it stands, the document is not compiled again.
    pub dependencies: Dependencies,
    /// Audiences for which parts of the document are meant. They are names that some must
    /// not see, so that they are asked for only where a profile is.
    pub audiences: BTreeSet<String>,
    editions: Mutex<BTreeMap<Format, Arc<Edition>>>,
    pages: OnceLock<Arc<Pages>>,
    in_drawings: OnceLock<Diagnostics>,
    /// What the document and the one before it share.
    caches: Arc<Caches>,
}

/// What is kept of a document for the next time that it is compiled.
#[derive(Debug, Default)]
struct Caches {
    parse: Mutex<ParseCache>,
    resolved: Mutex<ResolveCache>,
    lint: Mutex<LintCache>,
    layout: Mutex<LayoutCache>,
    drawings: Mutex<DrawingCache>,
    html: Mutex<BlockCache>,
}

/// A document on its pages, and what was found while it was laid out.
#[derive(Debug, Default)]
pub struct Pages {
    /// Everything on its place.
    pub layout: Layout,
    /// What only the pages meet, such as a line that is too wide.
    pub diagnostics: Diagnostics,
}

/// One edition, and what was found while it was made.
#[derive(Debug)]
pub struct Edition {
    /// The whole file; shared with the session.
    pub bytes: Arc<Vec<u8>>,
    /// What only this edition meets, such as a table too wide for the page.
    pub diagnostics: Diagnostics,
}

impl Session {
    /// A session that keeps so many bytes of sources and editions, and about twenty times as
    /// many of what they were parsed into. With 0 bytes nothing is kept.
    pub fn new(budget: usize) -> Session {
        Session { budget, kept: Mutex::default() }
    }

    /// The document at a project-relative path, compiled now or earlier.
    pub fn compile(&self, path: &str, context: &Context) -> Arc<Compiled> {
        let known = self.kept(context).documents.get(path).map(Arc::clone);
        // Whether it stands is found out without holding up the others.
        let caches = known.as_ref().map(|known| Arc::clone(&known.caches)).unwrap_or_default();
        let compiled = known
            .filter(|known| known.dependencies.is_up_to_date(context, &known.compilation.sources))
            .unwrap_or_else(|| Arc::new(Compiled::from_path(path, context, caches, self.budget > 0)));
        if self.budget > 0 {
            self.keep(path, &compiled, context);
        }
        compiled
    }

    /// The parts of which the document at a path was parsed last, each with the byte at which it
    /// stands; `None` where they are not those of this text, from a byte on.
    pub fn parts(&self, path: &str, text: &str, start: usize) -> Option<Vec<(usize, Arc<Chunk>)>> {
        let known = locked(&self.kept).documents.get(path).map(Arc::clone)?;
        let parse = locked(&known.caches.parse);
        parse.parts(text, start).map(<[_]>::to_vec)
    }

    /// What helps to parse the document at a path once more.
    pub fn parse_cache(&self, path: &str) -> ParseCache {
        let known = locked(&self.kept).documents.get(path).map(Arc::clone);
        known.map(|known| locked(&known.caches.parse).clone()).unwrap_or_default()
    }

    /// What is kept for the settings of a context.
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
        // Letting go of a long document takes a while, for which nobody has to wait.
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
    /// Compiles the document at a path, and notes what the result rests on.
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
        let told = library.into_queries().into_iter().map(|query| QueryDependency::now(query, context)).collect();
        let dependencies = Dependencies { reads: recorder.into_dependencies(), told };
        let (editions, pages, in_drawings) = (Mutex::default(), OnceLock::new(), OnceLock::new());
        Compiled { compilation, dependencies, audiences, editions, pages, in_drawings, caches }
    }

    /// One edition; `None` where there is no document. It is kept with the document.
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

    /// The document's pages, kept with it; `None` where there is no document. Paragraphs and
    /// tables are not set again that stood in the document before.
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

    /// The HTML edition and where its elements are; `None` where there is no document. Blocks are not
    /// written again that stood in the document before.
    pub fn html(&self) -> Option<Page> {
        Some(emit_incremental(self.compilation.document.as_ref()?, &mut locked(&self.caches.html)))
    }

    /// The pages, where the document has been laid out.
    pub fn known_pages(&self) -> Option<&Pages> {
        self.pages.get().map(Arc::as_ref)
    }

    /// What is found in the drawings on the pages when the PDF is made, such as a letter that no font
    /// has; `None` where there is no document. It is kept with the document.
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

    /// The same, where they have been looked at.
    pub fn known_in_drawings(&self) -> Option<&Diagnostics> {
        self.in_drawings.get()
    }

    fn editions(&self) -> MutexGuard<'_, BTreeMap<Format, Arc<Edition>>> {
        locked(&self.editions)
    }

    /// Bytes of its sources and editions.
    fn bytes(&self) -> usize {
        let sources: usize = self.compilation.sources.iter().map(|(_, source)| source.text().len()).sum();
        sources + self.editions().values().map(|edition| edition.bytes.len()).sum::<usize>()
    }
}
