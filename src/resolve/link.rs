//! Where links lead.

use super::id::Ids;
use super::library::Found;
use super::resolved::Target;
use super::{Context, library};
use crate::diagnostic::did_you_mean;
use crate::language::fold;
pub use crate::parse::is_unsafe;
pub use crate::source::percent::decode as percent_decode;
use crate::source::relative_path;

/// Endings of source files, in any case.
const SOURCE_EXTENSIONS: [&str; 2] = [".md", ".markdown"];

/// What became of a link's address.
#[derive(Debug, PartialEq, Eq)]
pub enum Destination {
    Target(Target),
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
    let (file, fragment) = match address.split_once('#') {
        Some((file, fragment)) => (file, Some(fragment)),
        None => (address, None),
    };
    if stem(file).len() < file.len() && scheme(address).is_none() && !address.starts_with('/') {
        return document(file, fragment.filter(|id| !id.is_empty()), from, path, context);
    }
    Destination::Target(Target::external(address))
}

fn document(file: &str, fragment: Option<&str>, from: &str, path: &str, context: &Context) -> Destination {
    let decoded = percent_decode(file);
    let Ok(found) = relative_path(from, &decoded) else {
        return Destination::NoSuchDocument(decoded);
    };
    let stem = relative(path, stem(&found));
    let target = |id: Option<String>| Destination::Target(Target::Document { path: stem.clone(), fragment: id });
    let Some(entry) = context.library.entries.get(&found) else {
        let alone = context.library.entries.keys().all(|known| known == path);
        let readable = alone && context.files.read(&found).is_ok();
        return if readable { target(fragment.map(str::to_owned)) } else { Destination::NoSuchDocument(decoded) };
    };
    match fragment {
        None => target(None),
        Some(fragment) => match library::find_id(entry, &found, fragment, context) {
            Found::Id(id) => target(Some(id)),
            Found::Title => target(None),
            Found::Similar(id) => {
                let place = Target::Document { path: stem.clone(), fragment: Some(id.clone()) };
                Destination::Similar(place, id)
            }
            Found::Nothing => Destination::NoSuchFragment { document: decoded, id: fragment.to_owned() },
        },
    }
}

/// A hint at the document that may have been meant by `written` in the file
/// `from`, which stands in the document at `path`: another one, as it is
/// written from there.
pub fn similar(written: &str, from: &str, path: &str, context: &Context) -> Option<String> {
    let others = context.library.entries.keys().filter(|known| *known != path);
    let names: Vec<String> = others.map(|known| relative(from, known)).collect();
    did_you_mean(written, names.iter().map(String::as_str))
}

/// A hint at the id that may have been meant in another document. Where
/// profiles decide which ids there are, none is given away.
pub fn similar_id(document: &str, id: &str, from: &str, context: &Context) -> Option<String> {
    let entry = context.library.entries.get(&relative_path(from, document).ok()?)?;
    if entry.conditional {
        return None;
    }
    did_you_mean(id, entry.ids.iter().map(String::as_str))
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

/// Whether an address stops behind its scheme: `http://`, `mailto:`.
fn is_hollow(address: &str) -> bool {
    let place = address.split('#').next().unwrap_or_default();
    let behind = match scheme(place) {
        Some(scheme) => place.get(scheme.len() + 1..).unwrap_or_default(),
        None if place.starts_with("//") => place,
        None => return false,
    };
    behind.trim_matches('/').is_empty()
}
