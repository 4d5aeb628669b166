//! The way through a collection, and from one edition to the others.

use crate::backend::hypertext::href;
use crate::backend::markup::Markup;
use crate::format::{Format, REDLINE};
use crate::language::{ChangeLabels, Labels, Language, fill};
use crate::resolve::{Navigation, NavigationLink, Resolved, Target};

/// Links for machines: around the document, and to its other editions.
pub fn links(out: &mut Markup, document: &Resolved) {
    let navigation = &document.navigation;
    let around = [("up", &navigation.up), ("prev", &navigation.previous), ("next", &navigation.next)];
    for (relation, link) in around {
        if let Some(link) = link {
            out.empty("link", &[("rel", relation), ("href", &href(&link.target)), ("title", &link.title)]);
            out.raw("\n");
        }
    }
    for OtherEdition { format, address, name } in other_editions(document) {
        let attributes = [("rel", "alternate"), ("type", media_type(format)), ("href", &*address), ("title", &*name)];
        out.empty("link", &attributes);
        out.raw("\n");
    }
}

/// Writes the navigation above the text: the way back.
pub fn header(out: &mut Markup, document: &Resolved) {
    let Some(up) = &document.navigation.up else { return };
    out.element("header", &[("class", "site")], |out| {
        out.raw("\n");
        out.element("nav", &[("aria-label", document.language.labels.main_navigation)], |out| {
            out.leaf("a", &[("class", "back"), ("href", &href(&up.target))], &up.text);
        });
        out.raw("\n");
    });
    out.raw("\n");
}

/// Writes the navigation below the text: the neighbours and the other editions.
pub fn footer(out: &mut Markup, document: &Resolved) {
    let navigation = &document.navigation;
    let labels = document.language.labels;
    let around = [&navigation.up, &navigation.previous, &navigation.next].iter().any(|link| link.is_some());
    let editions = other_editions(document);
    if !around && editions.is_empty() && navigation.index.is_none() {
        return;
    }
    out.element("footer", &[("class", "site")], |out| {
        out.raw("\n");
        if around {
            // On a landing page the list of members has that name. Only the way back is left here,
            // and the page's header is its landmark.
            let (element, attributes) = match navigation.members.as_slice() {
                [] => ("nav", &[("class", "around"), ("aria-label", labels.in_this_collection)][..]),
                _ => ("div", &[("class", "around")][..]),
            };
            out.element(element, attributes, |out| {
                out.raw("\n");
                neighbour(out, "previous", labels.previous, navigation.previous.as_ref());
                neighbour(out, "next", labels.next, navigation.next.as_ref());
                if let Some(up) = &navigation.up {
                    out.leaf("a", &[("class", "back"), ("href", &href(&up.target))], &up.text);
                    out.raw("\n");
                }
            });
            out.raw("\n");
        }
        if !editions.is_empty() || navigation.index.is_some() {
            formats(out, &editions, navigation.index.as_ref(), labels);
        }
    });
    out.raw("\n");
}

fn neighbour(out: &mut Markup, class: &str, word: &str, link: Option<&NavigationLink>) {
    let Some(link) = link else { return };
    out.element("a", &[("class", class), ("href", &href(&link.target))], |out| {
        out.leaf("span", &[("class", "label")], word);
        out.raw(" ");
        out.text(&link.title);
    });
    out.raw("\n");
}

fn formats(out: &mut Markup, editions: &[OtherEdition], index: Option<&NavigationLink>, labels: &Labels) {
    out.element("nav", &[("class", "formats"), ("aria-label", labels.other_formats)], |out| {
        out.raw("\n");
        out.leaf("h2", &[], labels.other_formats);
        out.raw("\n");
        out.element("ul", &[], |out| {
            out.raw("\n");
            for OtherEdition { format, address, name } in editions {
                out.element("li", &[], |out| {
                    out.leaf("a", &[("href", address), ("type", media_type(*format))], name);
                });
                out.raw("\n");
            }
            if let Some(index) = index {
                out.element("li", &[], |out| out.leaf("a", &[("href", &href(&index.target))], &index.text));
                out.raw("\n");
            }
        });
        out.raw("\n");
    });
    out.raw("\n");
}

/// An edition that is beside this one.
struct OtherEdition {
    format: Format,
    address: String,
    name: String,
}

/// The other formats the document is published in, and what changed in each.
fn other_editions(document: &Resolved) -> Vec<OtherEdition> {
    let labels = document.language.labels;
    let file = document.stem.rsplit('/').next().unwrap_or_default();
    let beside = |stem: String| Target::Document { path: stem, fragment: None };
    let Navigation { formats, has_changes, .. } = &document.navigation;
    let here = beside(file.to_owned());
    let others = formats.iter().filter(|format| **format != Format::Html);
    let others = others.map(|format| OtherEdition {
        format: *format,
        address: here.address(*format),
        name: name(*format, labels),
    });
    let redline = beside(format!("{file}{REDLINE}"));
    let changes = formats.iter().filter(|_| *has_changes).map(|format| OtherEdition {
        format: *format,
        address: redline.address(*format),
        name: changes_name(*format, &document.language),
    });
    others.chain(changes).collect()
}

/// The name of an edition that shows changes.
pub fn changes_name(format: Format, language: &Language) -> String {
    fill(
        language.labels.label_value,
        &[ChangeLabels::for_language(&language.tag).changes, &name(format, language.labels)],
    )
}

/// The name of a format.
pub fn name(format: Format, labels: &Labels) -> String {
    match format {
        Format::Pdf => "PDF".to_owned(),
        Format::Html => "HTML".to_owned(),
        Format::Docbook => "DocBook XML".to_owned(),
        Format::Text => labels.plain_text.to_owned(),
        Format::Brief => labels.short_form.to_owned(),
        Format::Pandoc => "pandoc JSON".to_owned(),
        Format::Epub => "EPUB".to_owned(),
        Format::Docx => "Word".to_owned(),
    }
}

/// The media type of a format's files (RFC 6838).
pub fn media_type(format: Format) -> &'static str {
    match format {
        Format::Pdf => "application/pdf",
        Format::Html => "text/html",
        Format::Docbook => "application/docbook+xml",
        Format::Text | Format::Brief => "text/plain",
        Format::Pandoc => "application/json",
        Format::Epub => "application/epub+zip",
        Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    }
}
