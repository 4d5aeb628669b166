//! Front matter as JSON, by the keys that writers use.

use crate::ast::{Author, Contact, Embargo, Licence, Metadata, Revision, Spanned, Status, Toc};
use serde_json::{Map, Value, json};

/// The fields of the front matter; absent ones are left out.
pub fn metadata(metadata: &Metadata) -> Value {
    let text = |value: &Option<Spanned<String>>| json!(value.as_ref().map(|text| &text.value));
    let list = |values: Vec<Value>| if values.is_empty() { Value::Null } else { Value::Array(values) };
    let abbreviations: Map<String, Value> =
        metadata.abbreviations.iter().map(|(short, long)| (short.clone(), json!(long.value))).collect();
    let limits = object([("pages", json!(metadata.limits.pages)), ("words", json!(metadata.limits.words))]);
    let numbering = object([
        ("sections", json!(metadata.numbering.sections)),
        ("paragraphs", json!(metadata.numbering.paragraphs)),
        ("figures", json!(metadata.numbering.figures)),
        ("tables", json!(metadata.numbering.tables)),
        ("boxes", json!(metadata.numbering.boxes)),
    ]);
    let own = object([
        ("title", text(&metadata.title)),
        ("subtitle", text(&metadata.subtitle)),
        ("reference", text(&metadata.reference)),
        ("date", json!(metadata.date.as_ref().map(|date| date.value.to_string()))),
        ("version", text(&metadata.version)),
        ("status", json!(metadata.status.as_ref().map(|status| status_name(status.value)))),
        ("reason", text(&metadata.reason)),
        ("marking", text(&metadata.marking)),
        ("embargo", json!(metadata.embargo.as_ref().map(|embargo| moment(&embargo.value)))),
        ("history", list(metadata.history.iter().map(revision).collect())),
        ("distribution", text(&metadata.distribution)),
        ("imprint", text(&metadata.imprint)),
        ("limits", limits),
        ("lang", text(&metadata.lang)),
        ("authors", list(metadata.authors.iter().map(author).collect())),
        ("contact", metadata.contact.as_ref().map_or(Value::Null, contact)),
        ("abstract", text(&metadata.abstract_text)),
        ("keywords", list(metadata.keywords.iter().map(|word| json!(word)).collect())),
        ("licence", metadata.licence.as_ref().map_or(Value::Null, |licence| self::licence(&licence.value))),
        ("toc", metadata.toc.as_ref().map_or(Value::Null, |toc| contents(toc.value))),
        ("numbering", numbering),
        ("theme", text(&metadata.theme)),
        ("bibliography", list(metadata.bibliography.iter().map(|path| json!(path.value)).collect())),
        ("citation-style", json!(metadata.citation_style.as_ref().map(|style| style.value.name()))),
        ("abbreviations", if abbreviations.is_empty() { Value::Null } else { Value::Object(abbreviations) }),
    ]);
    let mut all = own.as_object().cloned().unwrap_or_default();
    all.extend(metadata.extra.iter().map(|(key, value)| (key.clone(), json!(value))));
    if all.is_empty() { Value::Null } else { Value::Object(all) }
}

/// An object of what is not null; null where there is nothing.
fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entries: Map<String, Value> =
        entries.into_iter().filter(|(_, value)| !value.is_null()).map(|(key, value)| (key.to_owned(), value)).collect();
    if entries.is_empty() { Value::Null } else { Value::Object(entries) }
}

fn status_name(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Review => "review",
        Status::Final => "final",
        Status::Withdrawn => "withdrawn",
    }
}

fn moment(embargo: &Embargo) -> String {
    format!("{}T{}{}", embargo.date, embargo.time, embargo.zone)
}

fn revision(revision: &Revision) -> Value {
    object([
        ("version", json!(revision.version)),
        ("date", json!(revision.date.map(|date| date.to_string()))),
        ("change", json!(revision.change)),
    ])
}

fn author(author: &Author) -> Value {
    object([("name", json!(author.name)), ("affiliation", json!(author.affiliation)), ("email", json!(author.email))])
}

fn contact(contact: &Contact) -> Value {
    object([
        ("name", json!(contact.name)),
        ("email", json!(contact.email)),
        ("phone", json!(contact.phone)),
        ("url", json!(contact.url)),
    ])
}

fn licence(licence: &Licence) -> Value {
    object([("name", json!(licence.name)), ("url", json!(licence.url))])
}

fn contents(toc: Toc) -> Value {
    match toc {
        Toc::Auto => json!("auto"),
        Toc::No => json!("no"),
        Toc::Depth(depth) => json!(depth),
    }
}
