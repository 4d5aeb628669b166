//! The index of all editions: collections, their documents, and what each was
//! made into.

use super::head;
use super::navigation::{changes_name, media_type, name};
use crate::backend::hypertext::{CONTENT_ID, direction_name};
use crate::backend::markup::Markup;
use crate::format::Format;
use crate::language::{Direction, Language, fill};

/// Bytes in a kilobyte and kilobytes in a megabyte, as the SI counts.
const THOUSAND: u64 = 1000;

/// The content of an index, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    /// The project's title.
    pub title: String,
    /// The profiles that the editions were made with, where there are any.
    pub audience: Option<String>,
    /// The language of the index itself.
    pub language: Language,
    /// Groups of documents.
    pub collections: Vec<IndexCollection>,
}

/// Documents that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexCollection {
    /// `None` for documents outside any collection.
    pub title: Option<String>,
    /// Its members.
    pub documents: Vec<IndexDocument>,
}

/// A document of the index.
#[derive(Debug, Clone, PartialEq)]
pub struct IndexDocument {
    /// Without markup.
    pub title: String,
    /// Description in one or two sentences; `None` if the document has none.
    pub description: Option<String>,
    /// BCP 47 tag of the document.
    pub lang: String,
    /// Date for display.
    pub date: Option<String>,
    /// Its editions.
    pub editions: Vec<IndexEdition>,
}

/// A produced file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexEdition {
    /// Format of the file.
    pub format: Format,
    /// Whether it says what changed since an earlier version.
    pub is_redline: bool,
    /// Address relative to the index.
    pub address: String,
    /// Size in bytes.
    pub size: u64,
}

/// Makes the index page.
pub fn index(index: &Index) -> String {
    let mut out = Markup::html();
    out.raw("<!DOCTYPE html>\n");
    let direction = direction_name(index.language.direction);
    out.element("html", &[("lang", &index.language.tag), ("dir", direction)], |out| {
        out.raw("\n");
        out.element("head", &[], |out| {
            out.raw("\n");
            head::head_start(out, &index.title);
            head::style(out);
        });
        out.raw("\n");
        out.element("body", &[], |out| body(out, index));
        out.raw("\n");
    });
    out.raw("\n");
    out.into_string()
}

fn body(out: &mut Markup, index: &Index) {
    out.raw("\n");
    let skip = format!("#{CONTENT_ID}");
    out.leaf("a", &[("class", "skip"), ("href", &skip)], index.language.labels.skip_to_content);
    out.raw("\n");
    out.element("main", &[("id", CONTENT_ID), ("class", "index")], |out| {
        out.raw("\n");
        out.element("header", &[("class", "title-block")], |out| {
            out.leaf("h1", &[], &index.title);
            if let Some(audience) = &index.audience {
                let labels = index.language.labels;
                out.leaf("p", &[("class", "facts")], &fill(labels.label_value, &[labels.audience, audience]));
            }
        });
        out.raw("\n");
        for collection in &index.collections {
            section(out, collection, &index.language);
        }
    });
    out.raw("\n");
}

fn section(out: &mut Markup, collection: &IndexCollection, language: &Language) {
    let title = collection.title.as_deref().unwrap_or(language.labels.documents);
    out.element("section", &[], |out| {
        out.raw("\n");
        out.leaf("h2", &[], title);
        out.raw("\n");
        out.element("ul", &[("class", "plain")], |out| {
            out.raw("\n");
            for document in &collection.documents {
                out.element("li", &[], |out| entry(out, document, language));
                out.raw("\n");
            }
        });
        out.raw("\n");
    });
    out.raw("\n");
}

fn entry(out: &mut Markup, document: &IndexDocument, language: &Language) {
    let labels = language.labels;
    let foreign = attributes_of(document, language);
    out.raw("\n");
    out.element("h3", &foreign, |out| {
        let html = document.editions.iter().find(|edition| edition.format == Format::Html && !edition.is_redline);
        match html {
            Some(edition) => out.leaf("a", &[("href", &edition.address)], &document.title),
            None => out.text(&document.title),
        }
    });
    out.raw("\n");
    if let Some(description) = &document.description {
        out.leaf("p", &foreign, description);
        out.raw("\n");
    }
    out.element("p", &[("class", "facts")], |out| {
        if let Some(date) = &document.date {
            out.leaf("span", &[], &fill(labels.label_value, &[labels.date, date]));
            out.raw("\n");
        }
        out.leaf("span", &[], &fill(labels.label_value, &[labels.language, &document.lang]));
    });
    out.raw("\n");
    out.element("ul", &[("class", "editions")], |out| {
        out.raw("\n");
        for edition in &document.editions {
            out.element("li", &[], |out| {
                // The address says which document; the words beside it do so
                // to those who hear the link alone.
                let name = match edition.is_redline {
                    true => changes_name(edition.format, language),
                    false => name(edition.format, labels),
                };
                let spoken = fill(labels.label_value, &[&name, &document.title]);
                let attributes =
                    [("href", &*edition.address), ("type", media_type(edition.format)), ("aria-label", &*spoken)];
                out.leaf("a", &attributes, &name);
                out.raw(" ");
                out.leaf("span", &[("class", "size")], &size(edition.size, labels.decimal_sign));
            });
            out.raw("\n");
        }
    });
    out.raw("\n");
}

/// Attributes of a document in another language than the index.
fn attributes_of<'a>(document: &'a IndexDocument, language: &Language) -> Vec<(&'a str, &'a str)> {
    if document.lang == language.tag {
        return Vec::new();
    }
    let mut attributes = vec![("lang", document.lang.as_str())];
    let direction = Direction::for_language(&document.lang);
    if direction != language.direction {
        attributes.push(("dir", direction_name(direction)));
    }
    attributes
}

/// A size for people: "840 B", "12 kB", "1.4 MB".
fn size(bytes: u64, decimal_sign: &str) -> String {
    let kilobytes = bytes.saturating_add(THOUSAND / 2) / THOUSAND;
    if bytes < THOUSAND {
        format!("{bytes}\u{a0}B")
    } else if kilobytes < THOUSAND {
        format!("{kilobytes}\u{a0}kB")
    } else {
        let tenths = kilobytes.saturating_add(50) / 100;
        format!("{}{decimal_sign}{}\u{a0}MB", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::{Index, IndexCollection, IndexDocument, IndexEdition, index, size};
    use crate::format::Format;
    use crate::language::Language;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(999, "."), "999\u{a0}B");
        assert_eq!(size(1_499, "."), "1\u{a0}kB");
        assert_eq!(size(999_499, "."), "999\u{a0}kB");
        assert_eq!(size(999_500, ","), "1,0\u{a0}MB");
        assert_eq!(size(1_440_000, "."), "1.4\u{a0}MB");
        assert_eq!(size(u64::MAX, "."), "18446744073709.6\u{a0}MB");
    }

    #[test]
    fn an_edition_is_linked_with_its_size() {
        let edition =
            IndexEdition { format: Format::Pdf, is_redline: false, address: "a/note.pdf".into(), size: 20_480 };
        let document = IndexDocument {
            title: "Une note".into(),
            description: None,
            lang: "fr".into(),
            date: Some("1 March 2012".into()),
            editions: vec![edition],
        };
        let page = index(&Index {
            title: "Papers".into(),
            audience: None,
            language: Language::from_tag("en"),
            collections: vec![IndexCollection { title: None, documents: vec![document] }],
        });
        for expected in [
            "<h2>Documents</h2>",
            "<h3 lang=\"fr\">Une note</h3>",
            "<span>Date: 1 March 2012</span>\n<span>Language: fr</span>",
            "<a href=\"a/note.pdf\" type=\"application/pdf\" aria-label=\"PDF: Une note\">PDF</a> \
             <span class=\"size\">20\u{a0}kB</span>",
        ] {
            assert!(page.contains(expected), "{expected} is not in\n{page}");
        }
    }
}
