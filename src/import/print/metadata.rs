//! The front matter.

use crate::ast::{Metadata, Status, Toc};
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
    text("abstract", metadata.abstract_text.as_ref().map(|value| &value.value));
    if let Some(status) = &metadata.status {
        let _ = writeln!(out, "status: {}", status_name(status.value));
    }
    let names: Vec<String> = metadata.authors.iter().map(|author| quoted(&author.name)).collect();
    for (key, words) in [("authors", names), ("keywords", metadata.keywords.iter().map(|word| quoted(word)).collect())]
    {
        if !words.is_empty() {
            let _ = writeln!(out, "{key}: [{}]", words.join(", "));
        }
    }
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

/// A text as YAML takes it whatever it holds (YAML 1.2.2, 7.3.1).
fn quoted(text: &str) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean: String = words.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", clean.replace('\\', "\\\\").replace('"', "\\\""))
}
