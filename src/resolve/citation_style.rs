//! The style in which citations are set: one of ours, or a file of the Citation
//! Style Language (CSL 1.0.2) in the project.

use super::citation::Document;
use super::composed::{self, Fault, NameDependencies};
use super::include::unreadable;
use super::tags;
use crate::ast::{CitationStyle, Spanned};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::load::add_bytes;
use crate::project::PROJECT_FILE;
use crate::source::{Source, Sources, Span, relative_path};
use hayagriva::citationberg::{IndependentStyle, StyleClass};
use std::collections::BTreeMap;
use std::error::Error;

/// The largest style file, in bytes.
pub const STYLE_BYTES: usize = 1024 * 1024;

/// How deep elements of a style may nest.
pub const STYLE_NESTING: usize = 64;

/// How many bytes of its own words a style may add to a citation, all its macros
/// written out.
pub const STYLE_WORDS: usize = 16 * 1024;

const NOTES: &str = include_str!("../../assets/csl/notes.csl");
const AUTHOR_DATE: &str = include_str!("../../assets/csl/author-date.csl");

/// The style that a document asks for.
pub enum Style {
    AuthorDate,
    Notes,
    File(Box<IndependentStyle>),
}

impl Style {
    /// The style that a document asks for. A file that cannot be used is
    /// reported, and the style for documents that ask for none takes its place.
    pub fn load_style(document: &Document, sources: &mut Sources, diagnostics: &mut Diagnostics) -> Style {
        match &document.metadata.citation_style {
            None | Some(Spanned { value: CitationStyle::AuthorDate, .. }) => Style::AuthorDate,
            Some(Spanned { value: CitationStyle::Notes, .. }) => Style::Notes,
            Some(Spanned { value: CitationStyle::File(path), span }) => {
                let read = file(path, *span, document, sources, diagnostics);
                read.map_or(Style::AuthorDate, |style| Style::File(Box::new(style)))
            }
        }
    }

    /// Whether the style sets its citations as notes.
    pub fn is_in_notes(&self) -> bool {
        match self {
            Style::AuthorDate => false,
            Style::Notes => true,
            Style::File(style) => style.settings.class == StyleClass::Note,
        }
    }

    /// The rules of the style. Reading ours takes longer than a brief without
    /// citations: call it where there are some.
    ///
    /// # Errors
    /// Where our own style is broken.
    pub fn into_rules(self) -> Result<IndependentStyle, Diagnostic> {
        let own = |text| {
            IndependentStyle::from_xml(text).map_err(|error| {
                Diagnostic::without_place(Code::Internal, format!("a citation style is broken: {error}"))
            })
        };
        match self {
            Style::AuthorDate => own(AUTHOR_DATE),
            Style::Notes => own(NOTES),
            Style::File(style) => Ok(*style),
        }
    }
}

/// Reads a file, named relative to the document, or to the project where it
/// is named there.
fn file(
    written: &str,
    span: Option<Span>,
    document: &Document,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<IndependentStyle> {
    let from = if span.is_some() { document.path } else { PROJECT_FILE };
    let span = span.unwrap_or(document.start);
    let found = relative_path(from, written).and_then(|path| {
        let bytes = document.context.files.read(&path)?;
        Ok((path, bytes))
    });
    let (path, bytes) = match found {
        Ok(found) => found,
        Err(error) => {
            diagnostics.push(unreadable(written, span, &error));
            return None;
        }
    };
    if bytes.len() > STYLE_BYTES {
        let message = format!("the style `{written}` has more than {} KiB", STYLE_BYTES / 1024);
        diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint("take a shorter style"));
        return None;
    }
    let file = add_bytes(&path, bytes, sources, diagnostics)?;
    let text = sources.get(file).map(Source::text).unwrap_or_default();
    let start = Span::point(file, 0);
    let style = bounded(text, start).and_then(|()| {
        IndependentStyle::from_xml(text).map_err(|error| {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            Diagnostic::new(Code::BadCitationStyle, start, format!("the style cannot be read: {cause}"))
                .hint("take an independent style of CSL 1.0")
        })
    });
    style.map_err(|problem| diagnostics.push(problem)).ok()
}

/// Whether a style can be read and carried out in bounded time: macros that
/// call themselves would never end.
fn bounded(text: &str, start: Span) -> Result<(), Diagnostic> {
    if !tags::is_plain(text) {
        let message = "the style cannot be read: a tag holds a `<`";
        let problem = Diagnostic::new(Code::BadCitationStyle, start, message);
        return Err(problem.hint("take an independent style of CSL 1.0"));
    }
    if tags::nesting(text) > STYLE_NESTING {
        let message = format!("the style nests deeper than {STYLE_NESTING} levels");
        return Err(Diagnostic::new(Code::LimitExceeded, start, message).hint("put what is deep inside into a macro"));
    }
    let bad = |message: String, hint: &str| Diagnostic::new(Code::BadCitationStyle, start, message).hint(hint);
    let mut composed = NameDependencies::new();
    let mut inside = String::new();
    let mut words: BTreeMap<String, usize> = BTreeMap::new();
    for tag in tags::tags(text) {
        let element = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        if element == "link" && attribute(tag, "rel") == Some("independent-parent") {
            let message = "the style has no rules and only names another".to_owned();
            return Err(bad(message, "take the style that it names"));
        }
        let own = ["value", "prefix", "suffix", "delimiter"].iter().filter_map(|name| attribute(tag, name));
        *words.entry(inside.clone()).or_default() += own.map(str::len).sum::<usize>();
        if element == "macro" {
            inside = attribute(tag, "name").unwrap_or_default().to_owned();
        } else if tag.starts_with("/macro") {
            inside.clear();
        } else if let Some(name) = attribute(tag, "macro") {
            if name.contains('&') {
                let message = format!("the macro’s name `{name}` is written with a reference");
                return Err(bad(message, "write the letters themselves"));
            }
            composed.entry(inside.clone()).or_default().push(name.to_owned());
        }
    }
    composed::check(&composed).map_err(|fault| match fault {
        Fault::Circle(name) => {
            let message = format!("the style’s macro `{name}` calls itself");
            bad(message, "a macro may call only others that do not lead back to it")
        }
        Fault::TooLarge(name) => {
            let message = format!("the style’s macro `{name}` calls too many others");
            Diagnostic::new(Code::LimitExceeded, start, message).hint("call fewer macros")
        }
    })?;
    if composed::totals(&composed, &words).values().any(|total| *total > STYLE_WORDS) {
        let message = format!("the style adds more than {} KiB of its own words", STYLE_WORDS / 1024);
        return Err(Diagnostic::new(Code::LimitExceeded, start, message).hint("take a style with fewer words"));
    }
    Ok(())
}

/// The value of an attribute in a tag.
fn attribute<'a>(tag: &'a str, wanted: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default();
        let after = after.trim_start();
        let quote = after.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
        let (value, behind) = after.get(1..)?.split_once(quote)?;
        if name == wanted {
            return Some(value);
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn where_a_style_of_ours_sets_citations_is_what_its_rules_say() {
        for style in [Style::AuthorDate, Style::Notes] {
            let in_notes = style.is_in_notes();
            let rules = style.into_rules().unwrap();
            assert_eq!(Style::File(Box::new(rules)).is_in_notes(), in_notes);
        }
    }
}
