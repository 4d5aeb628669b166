//! Where links lead.

use super::Context;
use super::file::{Places, is_hidden};
use super::id::Ids;
use super::library::Found;
use super::resolved::Target;
use crate::diagnostic::{Guess, guess};
use crate::format::Format;
use crate::language::fold;
pub use crate::parse::is_unsafe;
use crate::project::{PROJECT_FILE, Project};
pub use crate::source::percent::decode as percent_decode;
use crate::source::{FileError, percent, relative_path};

/// Endings of source files, in any case.
const SOURCE_EXTENSIONS: [&str; 2] = [".md", ".markdown"];

/// The resolution of a link's address.
#[derive(Debug, PartialEq, Eq)]
pub enum Destination {
    Target(Target),
    /// The target and its source, found by a path that only other tools resolve so.
    Elsewhere(Target, String),
    /// A file of the project, with its path among the editions and in the project.
    File {
        target: Target,
        place: String,
        source: String,
    },
    /// A path from the root of a site, at which there is nothing.
    AbsentFromRoot(Target),
    /// A file that is not copied, with the reason.
    Uncopied(Target, &'static str),
    /// A file that is not there.
    NoSuchFile(String),
    /// An address that another tool's template completes.
    Template(Target),
    /// A file that must not be read.
    Unreadable(FileError),
    /// A file whose copy would lie where an edition does.
    Taken(String),
    /// An id as another tool makes it of the words of a heading: where it
    /// leads, and what the place is called here.
    Similar(Target, String),
    /// The address is empty, or names no place, or could run code.
    Unsafe,
    /// An id that this document does not have.
    NoSuchId(String),
    /// A source file that is no document of the project.
    NoSuchDocument(String),
    /// A document that has no such id.
    NoSuchFragment {
        document: String,
        id: String,
    },
}

/// Finds out where an address leads that is written in the file `from`, for
/// the document at `path`. `title` is the id of the heading that became the
/// document's title.
pub fn destination(
    address: &str,
    from: &str,
    path: &str,
    title: Option<&str>,
    ids: &Ids,
    context: &Context,
) -> Destination {
    let address = address.trim();
    if address.is_empty() || is_unsafe(address) || is_hollow(address) {
        return Destination::Unsafe;
    }
    if let Some(fragment) = address.strip_prefix('#') {
        return match ids.find(fragment) {
            Some(id) => Destination::Target(Target::Internal(id.to_owned())),
            None if fragment.is_empty() || title == Some(fragment) => Destination::Target(own_document(path)),
            None if title.is_some_and(|title| fold(title) == fold(&percent_decode(fragment))) => {
                Destination::Target(own_document(path))
            }
            None => match ids.similar(fragment) {
                Some(id) => Destination::Similar(Target::Internal(id.to_owned()), id.to_owned()),
                None => Destination::NoSuchId(fragment.to_owned()),
            },
        };
    }
    if !is_file(address) {
        return Destination::Target(Target::external(address));
    }
    let way = Way { from, path, context, places: Places::for_document(path, context.project, context.files) };
    let (file, fragment) = match address.split_once('#') {
        Some((file, fragment)) => (file, Some(fragment)),
        None => (address, None),
    };
    if is_document(address) {
        return way.document(file, fragment.filter(|id| !id.is_empty()));
    }
    way.file(address)
}

/// Whether an address is a path in the project, and no address of the web.
pub fn is_file(address: &str) -> bool {
    let address = address.trim();
    scheme(address).is_none() && !address.starts_with("//") && !address.starts_with(['#', '?'])
}

/// Whether a path names a source.
pub fn is_document(address: &str) -> bool {
    let file = address.split('#').next().unwrap_or_default();
    stem(file).len() < file.len()
}

/// The hint if no file has a similar name.
pub const HINT_AT_FILES: &str = "put the file among the sources, or write the whole address (`https://…`)";

/// A hint at an address of the web without its scheme.
pub fn as_web_address(written: &str) -> Option<String> {
    let is_host = written.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    is_host.then(|| format!("did you mean `https://{written}`?"))
}

/// Signs of templates in addresses.
const TEMPLATES: [&str; 4] = ["{{", "{%", "<%", "${"];

/// Between two documents, or a document and a file.
struct Way<'a> {
    /// The file in which the address is written.
    from: &'a str,
    /// The document.
    path: &'a str,
    context: &'a Context<'a>,
    places: Places<'a>,
}

impl Way<'_> {
    fn document(&self, file: &str, fragment: Option<&str>) -> Destination {
        let decoded = percent_decode(file);
        let Ok(found) = self.places.path(&decoded, self.from) else {
            return Destination::NoSuchDocument(decoded);
        };
        if !self.context.library.holds(&found) {
            let alone = self.context.library.paths().all(|known| known == self.path);
            if !alone || self.context.files.probe(&found).is_err() {
                return Destination::NoSuchDocument(decoded);
            }
        }
        self.place_in(&found, &decoded, fragment)
    }

    /// A place in the document at a path.
    fn place_in(&self, found: &str, written: &str, fragment: Option<&str>) -> Destination {
        let stem = relative(self.path, stem(found));
        let target = |id: Option<String>| {
            let target = Target::Document { path: stem.clone(), fragment: id };
            let is_foreign = written.starts_with('/') || self::stem(written).len() == written.len();
            if is_foreign { Destination::Elsewhere(target, found.to_owned()) } else { Destination::Target(target) }
        };
        if !self.context.library.holds(found) {
            return target(fragment.map(str::to_owned));
        }
        match fragment {
            None => target(None),
            Some(fragment) => match self.context.library.find(found, fragment, self.context) {
                Found::Id(id) => target(Some(id)),
                Found::Title => target(None),
                Found::Similar(id) => {
                    let place = Target::Document { path: stem.clone(), fragment: Some(id.clone()) };
                    Destination::Similar(place, id)
                }
                Found::Nothing => Destination::NoSuchFragment { document: written.to_owned(), id: fragment.to_owned() },
            },
        }
    }

    /// A file that is no document, which is copied beside the editions; or an edition, or
    /// a document as generators of sites name it.
    fn file(&self, address: &str) -> Destination {
        let length = address.find(['?', '#']).unwrap_or(address.len());
        let (file, tail) = address.split_at_checked(length).unwrap_or((address, ""));
        let written = percent_decode(file);
        let found = match self.places.path(&written, self.from) {
            Ok(found) => found,
            Err(error) => return Destination::Unreadable(error),
        };
        if TEMPLATES.iter().any(|sign| written.contains(sign)) {
            return Destination::Template(Target::external(address));
        }
        let place = placed(&found, self.context.project);
        let external = |place: &str| {
            let way = relative(placed(self.path, self.context.project), place);
            Target::External(format!("{}{tail}", percent::path(&way)))
        };
        let (is_edition, page) = (self.is_edition(&found), self.page(&found, written.ends_with('/')));
        if let Some(page) = page.filter(|_| !is_edition) {
            let fragment = tail.split_once('#').map(|(_, id)| id).filter(|id| !id.is_empty());
            return self.place_in(page, &written, fragment);
        }
        if found.split('/').any(is_hidden) || found == PROJECT_FILE {
            return Destination::Uncopied(Target::external(address), "is a hidden file or the project’s own");
        }
        match self.context.files.probe(&found) {
            Ok(()) if is_edition => Destination::Taken(place.to_owned()),
            Ok(()) => Destination::File { target: external(place), place: place.to_owned(), source: found },
            Err(FileError::NotFound) if is_edition => Destination::Target(external(place)),
            Err(FileError::NotFound) if written.starts_with('/') => {
                Destination::AbsentFromRoot(Target::external(address))
            }
            Err(FileError::NotFound) => Destination::NoSuchFile(written),
            Err(FileError::Other(_)) => Destination::Uncopied(Target::external(address), "is no ordinary file"),
            Err(error) => Destination::Unreadable(error),
        }
    }

    /// Whether a path, as seen from the sources, is that of an edition.
    fn is_edition(&self, found: &str) -> bool {
        let format = Format::NAMED.iter().find_map(|format| {
            let stem = found.strip_suffix(format.extension())?.strip_suffix('.')?;
            let source = self.context.library.source(stem)?;
            Some(self.context.project.formats_of(source).contains(format))
        });
        format.unwrap_or(false)
    }

    /// The document that a generator of sites makes the page at a path of: the one of a
    /// folder, or one without its ending.
    fn page(&self, found: &str, is_folder: bool) -> Option<&str> {
        const OF_FOLDERS: [&str; 2] = ["index", "README"];
        let source = |stem: &str| self.context.library.source(stem);
        let inside =
            |name: &&str| source(&if found.is_empty() { (*name).to_owned() } else { format!("{found}/{name}") });
        let of_folder = || OF_FOLDERS.iter().find_map(inside);
        if is_folder { of_folder().or_else(|| source(found)) } else { source(found).or_else(of_folder) }
    }
}

/// Where a file of the project lies among the editions: what is in the folder of sources,
/// as it lies there.
pub fn placed<'a>(path: &'a str, project: &Project) -> &'a str {
    let source = project.source.trim_end_matches('/');
    path.strip_prefix(source).and_then(|rest| rest.strip_prefix('/')).unwrap_or(path)
}

/// The document that may have been meant by `written` in the file `from`, which is in the document
/// at `path`: another one, as it is written from there.
pub fn similar(written: &str, from: &str, path: &str, context: &Context) -> Option<Guess> {
    let others = context.library.paths().filter(|known| *known != path);
    let names: Vec<String> = others.map(|known| relative(from, known)).collect();
    guess(written, names.iter().map(String::as_str))
}

/// The id that may have been meant in another document. Where
/// profiles decide which ids there are, none is given away.
pub fn similar_id(document: &str, id: &str, from: &str, context: &Context) -> Option<Guess> {
    let ids = context.library.ids(&relative_path(from, document).ok()?, context)?;
    guess(id, ids.iter().map(String::as_str))
}

/// The document itself, for links to its title.
fn own_document(path: &str) -> Target {
    Target::Document { path: relative(path, stem(path)), fragment: None }
}

/// A source's path without its ending.
pub fn stem(path: &str) -> &str {
    let stem = |extension: &&str| {
        let (stem, ending) = path.split_at_checked(path.len().checked_sub(extension.len())?)?;
        ending.eq_ignore_ascii_case(extension).then_some(stem)
    };
    SOURCE_EXTENSIONS.iter().find_map(stem).unwrap_or(path)
}

/// The way from the folder of the file `from` to `to`, both from the root of
/// the project.
pub fn relative(from: &str, to: &str) -> String {
    let folders: Vec<&str> = from.split('/').collect();
    let folders = folders.split_last().map_or(&[][..], |(_, folders)| folders);
    let target: Vec<&str> = to.split('/').collect();
    let names = target.len().saturating_sub(1);
    let shared = folders.iter().zip(target.iter().take(names)).take_while(|(one, other)| one == other).count();
    let up = std::iter::repeat_n("..", folders.len() - shared);
    up.chain(target.into_iter().skip(shared)).collect::<Vec<_>>().join("/")
}

/// The scheme of an address (RFC 3986, section 3.1), without the colon.
pub fn scheme(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let valid = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    valid.then_some(scheme)
}

/// Whether an address stops after its scheme: `http://`, `mailto:`.
fn is_hollow(address: &str) -> bool {
    let place = address.split('#').next().unwrap_or_default();
    let behind = match scheme(place) {
        Some(scheme) => place.get(scheme.len() + 1..).unwrap_or_default(),
        None if place.starts_with("//") => place,
        None => return false,
    };
    behind.trim_matches('/').is_empty()
}
