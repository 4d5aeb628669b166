//! The front matter.

use crate::ast::{Author, Embargo, Metadata, Status, Toc};
use crate::import::spaced;
use std::fmt::Write;

/// The front matter of a document, between its lines of hyphens.
pub fn front_matter(metadata: &Metadata) -> String {
    let mut out = "---\n".to_owned();
    let mut text = |key: &str, value: Option<&String>| {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{key}: {}", quoted(value));
        }
    };
    text("title", metadata.title.as_ref().map(|title| &title.value));
    text("subtitle", metadata.subtitle.as_ref().map(|value| &value.value));
    text("reference", metadata.reference.as_ref().map(|value| &value.value));
    if let Some(date) = &metadata.date {
        let (year, month, day) = (date.value.year(), date.value.month(), date.value.day());
        let _ = writeln!(out, "date: {year:04}-{month:02}-{day:02}");
    }
    let mut text = |key: &str, value: Option<&String>| {
        if let Some(value) = value {
            let _ = writeln!(out, "{key}: {}", quoted(value));
        }
    };
    text("version", metadata.version.as_ref().map(|value| &value.value));
    text("marking", metadata.marking.as_ref().map(|value| &value.value));
    text("distribution", metadata.distribution.as_ref().map(|value| &value.value));
    text("imprint", metadata.imprint.as_ref().map(|value| &value.value));
    text("lang", metadata.lang.as_ref().map(|value| &value.value));
    text("reason", metadata.reason.as_ref().map(|value| &value.value));
    if let Some(text) = &metadata.abstract_text {
        let paragraphs: Vec<String> = text.value.split("\n\n").map(escaped).collect();
        let _ = writeln!(out, "abstract: \"{}\"", paragraphs.join("\\n\\n"));
    }
    if let Some(status) = &metadata.status {
        let _ = writeln!(out, "status: {}", status_name(status.value));
    }
    if let Some(Embargo { date, time, zone }) = metadata.embargo.as_ref().map(|embargo| &embargo.value) {
        let _ = writeln!(out, "embargo: {date}T{time}{zone}");
    }
    let names: Vec<String> = metadata.authors.iter().map(author).collect();
    for (key, words) in [("authors", names), ("keywords", metadata.keywords.iter().map(|word| quoted(word)).collect())]
    {
        if !words.is_empty() {
            let _ = writeln!(out, "{key}: [{}]", words.join(", "));
        }
    }
    contact_and_history(metadata, &mut out);
    if let Some(licence) = &metadata.licence {
        let url = licence.value.url.as_ref().map(|url| format!(", url: {}", quoted(url))).unwrap_or_default();
        let _ = writeln!(out, "licence: {{name: {}{url}}}", quoted(&licence.value.name));
    }
    match metadata.toc.as_ref().map(|toc| toc.value) {
        Some(Toc::Depth(depth)) => _ = writeln!(out, "toc: {depth}"),
        Some(Toc::No) => _ = writeln!(out, "toc: no"),
        Some(Toc::Auto) | None => {}
    }
    let numbering = metadata.numbering;
    let kinds = [
        ("sections", numbering.sections),
        ("paragraphs", numbering.paragraphs),
        ("figures", numbering.figures),
        ("tables", numbering.tables),
        ("boxes", numbering.boxes),
    ];
    let given: Vec<String> = kinds.iter().filter_map(|(kind, is)| Some(format!("{kind}: {}", (*is)?))).collect();
    if !given.is_empty() {
        let _ = writeln!(out, "numbering: {{{}}}", given.join(", "));
    }
    for (key, value) in &metadata.extra {
        let _ = writeln!(out, "{key}: {}", quoted(value));
    }
    out.push_str("---\n");
    out
}

const fn status_name(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Review => "review",
        Status::Final => "final",
        Status::Withdrawn => "withdrawn",
    }
}

/// Whom to ask, and earlier versions.
fn contact_and_history(metadata: &Metadata, out: &mut String) {
    if let Some(contact) = &metadata.contact {
        let parts =
            [("name", &contact.name), ("email", &contact.email), ("phone", &contact.phone), ("url", &contact.url)];
        let _ = writeln!(out, "contact: {}", map(&parts.map(|(key, value)| (key, value.as_deref()))));
    }
    if !metadata.history.is_empty() {
        out.push_str("history:\n");
    }
    for revision in &metadata.history {
        let date = revision.date.map(|date| date.to_string());
        let parts =
            [("version", Some(&*revision.version)), ("date", date.as_deref()), ("change", Some(&*revision.change))];
        let _ = writeln!(out, "  - {}", map(&parts));
    }
}

/// Writes an author as a plain name, if it cannot be mistaken for several.
fn author(author: &Author) -> String {
    let is_name = |word: &str| {
        word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || "-.’'".contains(c))
    };
    if author.affiliation.is_none() && author.email.is_none() && author.name.split(' ').all(is_name) {
        return quoted(&author.name);
    }
    map(&[
        ("name", Some(&author.name)),
        ("affiliation", author.affiliation.as_deref()),
        ("email", author.email.as_deref()),
    ])
}

/// A map in one line, without what has no value.
fn map(parts: &[(&str, Option<&str>)]) -> String {
    let given = parts.iter().filter_map(|(key, value)| Some(format!("{key}: {}", quoted((*value)?))));
    format!("{{{}}}", given.collect::<Vec<_>>().join(", "))
}

/// A text as YAML takes it whatever it holds (YAML 1.2.2, 7.3.1).
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text))
}

fn escaped(text: &str) -> String {
    let words = spaced(text);
    let clean: String = words.chars().filter(|c| !c.is_control()).collect();
    clean.replace('\\', "\\\\").replace('"', "\\\"")
}
