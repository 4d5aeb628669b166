//! The page's head: what machines read.

use super::navigation;
use crate::backend::hypertext::href;
use crate::backend::markup::Markup;
use crate::resolve::Resolved;

/// The style sheet of every page.
pub const STYLE: &str = include_str!("style.css");

/// Nothing runs, and nothing is loaded. Pictures are data URIs; the policy does
/// not speak of them, as the Nu HTML checker takes `img-src data:` to forbid them.
pub const POLICY: &str = "script-src 'none'; style-src 'unsafe-inline'; connect-src 'none'; font-src 'none'; \
     frame-src 'none'; media-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'";

/// Generator of the page, for its metadata.
pub const GENERATOR: &str = concat!("Chancery ", env!("CARGO_PKG_VERSION"));

/// Writes the head.
pub fn write(out: &mut Markup, document: &Resolved) {
    out.element("head", &[], |out| {
        out.raw("\n");
        head_start(out, &page_title(document));
        description(out, document);
        dublin_core(out, document);
        navigation::links(out, document);
        style(out);
        marking(out, document);
    });
}

/// The document's markings at the foot of every printed page.
fn marking(out: &mut Markup, document: &Resolved) {
    if document.banners.is_empty() {
        return;
    }
    let words = css_string(&document.banners.join(" · "));
    out.element("style", &[], |out| {
        out.raw("@page { @bottom-left { content: ");
        // Nothing in it is left to be escaped as in text, which a style is not.
        out.text(&words);
        out.raw("; font: bold 8pt sans-serif; } }");
    });
    out.raw("\n");
}

/// A string of CSS (CSS Syntax, 4.3.7): what could end it, or the element that it
/// stands in, is written as its number.
fn css_string(words: &str) -> String {
    let mut out = String::from("\"");
    for c in words.chars() {
        match c {
            '"' | '\\' | '<' | '>' | '&' => out += &format!("\\{:x} ", c as u32),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Writes the start of every page's head.
pub fn head_start(out: &mut Markup, title: &str) {
    line(out, "meta", &[("charset", "utf-8")]);
    named(out, "viewport", "width=device-width, initial-scale=1");
    line(out, "meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
    out.leaf("title", &[], title);
    out.raw("\n");
    named(out, "generator", GENERATOR);
    named(out, "color-scheme", "light dark");
}

/// The style sheet.
pub fn style(out: &mut Markup) {
    out.element("style", &[], |out| {
        out.raw("\n");
        out.raw(STYLE);
    });
    out.raw("\n");
}

/// The title, and the collection it belongs to.
fn page_title(document: &Resolved) -> String {
    match &document.navigation.up {
        Some(up) => format!("{} – {}", document.title_text, up.title),
        None => document.title_text.clone(),
    }
}

fn description(out: &mut Markup, document: &Resolved) {
    if let Some(description) = &document.description {
        named(out, "description", description);
    }
    let authors: Vec<&str> = document.metadata.authors.iter().map(|author| author.name.as_str()).collect();
    if !authors.is_empty() {
        named(out, "author", &authors.join(", "));
    }
    if !document.metadata.keywords.is_empty() {
        named(out, "keywords", &document.metadata.keywords.join(", "));
    }
}

/// DCMI Metadata Terms, as HTML metadata names.
fn dublin_core(out: &mut Markup, document: &Resolved) {
    let metadata = &document.metadata;
    line(out, "link", &[("rel", "schema.dcterms"), ("href", "http://purl.org/dc/terms/")]);
    named(out, "dcterms.title", &document.title_text);
    named(out, "dcterms.language", &document.language.tag);
    let mut term = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            named(out, name, value);
        }
    };
    term("dcterms.identifier", metadata.reference.as_ref().map(|reference| reference.value.as_str()));
    let date = metadata.date.as_ref().map(|date| date.value.to_string());
    term("dcterms.issued", date.as_deref());
    for author in &metadata.authors {
        term("dcterms.creator", Some(&author.name));
    }
    for keyword in &metadata.keywords {
        term("dcterms.subject", Some(keyword));
    }
    term("dcterms.abstract", document.description.as_deref().filter(|_| !document.summary.is_empty()));
    term("dcterms.publisher", metadata.imprint.as_ref().map(|imprint| imprint.value.as_str()));
    let licence = metadata.licence.as_ref().map(|licence| &licence.value);
    term("dcterms.rights", licence.map(|licence| licence.name.as_str()));
    term("dcterms.license", licence.and_then(|licence| licence.url.as_deref()));
    term("dcterms.accessRights", metadata.marking.as_ref().map(|marking| marking.value.as_str()));
    let collection = document.navigation.up.as_ref().map(|up| href(&up.target));
    term("dcterms.isPartOf", collection.as_deref());
    for (name, value) in &metadata.extra {
        term(name, Some(value));
    }
}

fn named(out: &mut Markup, name: &str, content: &str) {
    line(out, "meta", &[("name", name), ("content", content)]);
}

fn line(out: &mut Markup, element: &str, attributes: &[(&str, &str)]) {
    out.empty(element, attributes);
    out.raw("\n");
}

#[cfg(test)]
mod tests {
    use super::css_string;

    #[test]
    fn nothing_ends_a_string_of_css() {
        assert_eq!(css_string("Only \"A\" </style>\n\\ é"), "\"Only \\22 A\\22  \\3c /style\\3e  \\5c  é\"");
    }
}
