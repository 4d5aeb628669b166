//! Front and back matter: the lines that are before and after the text.

use super::resolved::{AbbreviationEntry, NavigationLink, Resolved, Side};
use crate::ast::ListingKind;
use crate::format::Format;

/// A line, and the version that alone has it; `None` where there is one version, or both have it.
pub type Line<T> = (Option<Side>, T);

/// Lines before and after the text, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Matter {
    /// Banners: marking, status, embargo.
    pub banners: Vec<Line<String>>,
    /// The subtitle; two where each version has its own.
    pub subtitles: Vec<Line<String>>,
    /// The version that alone has contents.
    pub contents: Option<Side>,
    /// Members of a collection, where the text does not list them.
    pub members: Vec<Line<NavigationLink>>,
    /// Abbreviations, where the text does not list them.
    pub abbreviations: Vec<Line<AbbreviationEntry>>,
    /// The way to the collection.
    pub up: Vec<Line<NavigationLink>>,
}

impl Matter {
    /// The content around the text of a document in editions of a format.
    pub fn from_document(document: &Resolved, format: Format) -> Matter {
        let navigation = &document.navigation;
        Matter {
            banners: lines(&document.banners),
            subtitles: lines(document.subtitle.as_slice()),
            contents: None,
            members: lines(if document.lists(ListingKind::Members, format) { &[] } else { &navigation.members }),
            abbreviations: lines(match document.lists(ListingKind::Abbreviations, format) {
                true => &[],
                false => &document.abbreviations,
            }),
            up: lines(navigation.up.as_slice()),
        }
    }
}

fn lines<T: Clone>(lines: &[T]) -> Vec<Line<T>> {
    lines.iter().map(|line| (None, line.clone())).collect()
}
