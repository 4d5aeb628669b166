//! The document-control table and the banners.

use super::link;
use super::resolved::{ControlKey, ControlRow, RInline, Target};
use crate::ast::{Author, Contact, Embargo, Inline, InlineKind, Metadata, Status};
use crate::language::{Date, Labels, Language, fill};
use crate::source::Span;
use std::collections::BTreeSet;

/// The rows of the control table, in the order in which they are shown.
pub fn rows(metadata: &Metadata, profiles: &[String], language: &Language, span: Span) -> Vec<ControlRow> {
    let labels = language.labels;
    let mut rows = Vec::new();
    let mut row = |key, label: &str, lines: Vec<Vec<RInline>>| {
        if !lines.is_empty() {
            rows.push(ControlRow { key, label: label.to_owned(), value: lines });
        }
    };
    let line = |value: &str| vec![vec![text(value, span)]];
    let lines = |value: Option<&crate::ast::Spanned<String>>| value.map_or(Vec::new(), |value| line(&value.value));
    row(ControlKey::Reference, labels.reference, lines(metadata.reference.as_ref()));
    let date = metadata.date.as_ref().map(|date| line(&date.value.long(language)));
    row(ControlKey::Date, labels.date, date.unwrap_or_default());
    row(ControlKey::Version, labels.version, lines(metadata.version.as_ref()));
    let status = metadata.status.as_ref().map(|status| status_lines(metadata, status.value, labels, span));
    row(ControlKey::Status, labels.status, status.unwrap_or_default());
    row(ControlKey::Marking, labels.marking, lines(metadata.marking.as_ref()));
    let embargo = metadata.embargo.as_ref().map(|embargo| line(&embargo_words(&embargo.value, language)));
    row(ControlKey::Embargo, labels.embargo, embargo.unwrap_or_default());
    row(ControlKey::Distribution, labels.distribution, lines(metadata.distribution.as_ref()));
    let profiles: BTreeSet<&str> = profiles.iter().map(String::as_str).collect();
    let audience = (!profiles.is_empty()).then(|| line(&Vec::from_iter(profiles).join(", ")));
    row(ControlKey::Audience, labels.audience, audience.unwrap_or_default());
    let authors: Vec<_> = metadata.authors.iter().map(|author| author_line(author, span)).collect();
    let label = if authors.len() == 1 { labels.author } else { labels.authors };
    row(ControlKey::Authors, label, authors);
    let contact = metadata.contact.as_ref().map(|contact| contact_lines(contact, span));
    row(ControlKey::Contact, labels.contact, contact.unwrap_or_default());
    let licence = metadata.licence.as_ref().map(|licence| {
        let name = text(&licence.value.name, span);
        vec![vec![match &licence.value.url {
            Some(url) => external(url, name, span),
            None => name,
        }]]
    });
    row(ControlKey::Licence, labels.licence, licence.unwrap_or_default());
    let keywords = (!metadata.keywords.is_empty()).then(|| line(&metadata.keywords.join(", ")));
    row(ControlKey::Keywords, labels.keywords, keywords.unwrap_or_default());
    let history = metadata.history.iter().map(|revision| {
        let date = revision.date.map(|date| format!(" ({})", date.long(language))).unwrap_or_default();
        let version = format!("{}{date}", revision.version);
        vec![text(&fill(labels.label_value, &[&version, &revision.change]), span)]
    });
    row(ControlKey::History, labels.history, history.collect());
    row(ControlKey::Imprint, labels.imprint, lines(metadata.imprint.as_ref()));
    rows
}

/// The name of a status.
pub fn status_name(status: Status, labels: &Labels) -> &'static str {
    let [draft, review, done, withdrawn] = labels.statuses;
    match status {
        Status::Draft => draft,
        Status::Review => review,
        Status::Final => done,
        Status::Withdrawn => withdrawn,
    }
}

/// The banners: any status but final, the marking, the embargo.
pub fn banners(metadata: &Metadata, language: &Language) -> Vec<String> {
    let mut banners = Vec::new();
    if let Some(status) = &metadata.status
        && status.value != Status::Final
    {
        banners.push(status_name(status.value, language.labels).to_owned());
    }
    if let Some(marking) = &metadata.marking {
        banners.push(marking.value.clone());
    }
    if let Some(embargo) = &metadata.embargo {
        banners.push(fill(language.labels.not_before, &[&embargo_words(&embargo.value, language)]));
    }
    banners
}

fn status_lines(metadata: &Metadata, status: Status, labels: &Labels, span: Span) -> Vec<Vec<RInline>> {
    let name = status_name(status, labels);
    let words = match &metadata.reason {
        Some(reason) => fill(labels.label_value, &[name, &reason.value]),
        None => name.to_owned(),
    };
    vec![vec![text(&words, span)]]
}

fn embargo_words(embargo: &Embargo, language: &Language) -> String {
    let zone = if embargo.zone == "Z" { "UTC".to_owned() } else { format!("UTC{}", embargo.zone) };
    format!("{}, {} ({zone})", Date::long(embargo.date, language), embargo.time)
}

fn author_line(author: &Author, span: Span) -> Vec<RInline> {
    let words = match &author.affiliation {
        Some(affiliation) => format!("{}, {affiliation}", author.name),
        None => author.name.clone(),
    };
    let mut line = vec![text(&words, span)];
    if let Some(email) = &author.email {
        line.push(text(", ", span));
        line.push(mail(email, span));
    }
    line
}

fn contact_lines(contact: &Contact, span: Span) -> Vec<Vec<RInline>> {
    let mut lines = Vec::new();
    lines.extend(contact.name.as_ref().map(|name| vec![text(name, span)]));
    lines.extend(contact.email.as_ref().map(|email| vec![mail(email, span)]));
    lines.extend(contact.phone.as_ref().map(|phone| {
        let number: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
        vec![external(&format!("tel:{number}"), text(phone, span), span)]
    }));
    lines.extend(contact.url.as_ref().map(|url| vec![external(url, text(url, span), span)]));
    lines
}

fn mail(email: &str, span: Span) -> RInline {
    external(&format!("mailto:{email}"), text(email, span), span)
}

/// A link, or its words alone where the address is one that is never let through.
fn external(address: &str, words: RInline, span: Span) -> RInline {
    if link::is_unsafe(address) {
        return words;
    }
    let target = Target::external(address);
    Inline::new(InlineKind::Link { target, title: None, content: vec![words] }, span)
}

fn text(words: &str, span: Span) -> RInline {
    Inline::new(InlineKind::Text(words.to_owned()), span)
}
