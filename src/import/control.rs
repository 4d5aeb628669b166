//! The table of document control that our editions show, as front matter again.

use crate::ast::{Author, Contact, Embargo, Licence, Metadata, Revision, Spanned, Status};
use crate::language::{Date, Labels, Language, fill};

/// A line of a value, and where the links in it lead.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub text: String,
    pub addresses: Vec<String>,
}

/// Reads a row of the table into the front matter. What other data of the file say more
/// exactly, such as the names of authors, is there already. Returns whether the row is known.
pub fn row(metadata: &mut Metadata, language: &Language, term: &str, lines: &[Line]) -> bool {
    let labels = language.labels;
    let text = lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" ");
    let value = || Some(spanned(text.clone()));
    match term {
        term if term == labels.reference => metadata.reference = value(),
        term if term == labels.date => metadata.date = Date::from_long(&text, language).map(spanned),
        term if term == labels.version => metadata.version = value(),
        term if term == labels.status => status(metadata, labels, &text),
        term if term == labels.marking => metadata.marking = value(),
        term if term == labels.embargo => metadata.embargo = embargo(&text, language).map(spanned),
        term if term == labels.distribution => metadata.distribution = value(),
        term if [labels.author, labels.authors].contains(&term) => authors(metadata, lines),
        term if term == labels.contact => metadata.contact = Some(contact(lines)),
        term if term == labels.licence => {
            let url = lines.iter().flat_map(|line| &line.addresses).next().cloned();
            metadata.licence = Some(spanned(Licence { name: text, url }));
        }
        term if term == labels.keywords => {
            if metadata.keywords.join(", ") != text {
                metadata.keywords = text.split(", ").map(str::to_owned).collect();
            }
        }
        term if term == labels.history => {
            metadata.history = lines.iter().map(|line| revision(&line.text, language)).collect();
        }
        term if term == labels.imprint => metadata.imprint = value(),
        _ => return false,
    }
    true
}

/// A value without a place.
pub fn spanned<T>(value: T) -> Spanned<T> {
    Spanned { value, span: None }
}

/// The text after a label in a line, as in `Status: reason`. `None` if the line has another label.
pub fn behind<'t>(labels: &Labels, label: &str, text: &'t str) -> Option<&'t str> {
    let pattern = fill(labels.label_value, &[label, "\u{0}"]);
    let (before, after) = pattern.split_once('\u{0}')?;
    text.strip_prefix(before)?.strip_suffix(after)
}

fn status(metadata: &mut Metadata, labels: &Labels, text: &str) {
    const STATUSES: [Status; 4] = [Status::Draft, Status::Review, Status::Final, Status::Withdrawn];
    for (name, status) in labels.statuses.iter().zip(STATUSES) {
        let reason = behind(labels, name, text);
        if text == *name || reason.is_some() {
            metadata.status = Some(spanned(status));
            metadata.reason = reason.map(|reason| spanned(reason.to_owned()));
            return;
        }
    }
}

fn embargo(text: &str, language: &Language) -> Option<Embargo> {
    let (moment, zone) = text.strip_suffix(')')?.rsplit_once(" (UTC")?;
    let (day, time) = moment.rsplit_once(", ")?;
    let zone = if zone.is_empty() { "Z" } else { zone };
    Some(Embargo { date: Date::from_long(day, language)?, time: time.to_owned(), zone: zone.to_owned() })
}

/// Lines of a name, an affiliation and an address each; names with a comma are known by
/// other data.
fn authors(metadata: &mut Metadata, lines: &[Line]) {
    let known = std::mem::take(&mut metadata.authors);
    let author = |(index, line): (usize, &Line)| {
        let email = line.addresses.iter().find_map(|address| address.strip_prefix("mailto:")).map(str::to_owned);
        let ending = email.as_ref().map(|email| format!(", {email}")).unwrap_or_default();
        let words = line.text.strip_suffix(&ending).unwrap_or(&line.text);
        let name = known.get(index).map(|author| author.name.as_str()).filter(|name| words.starts_with(name));
        let (name, rest) = match name {
            Some(name) => (name, words.get(name.len()..).unwrap_or_default().strip_prefix(", ")),
            None => words.split_once(", ").map_or((words, None), |(name, rest)| (name, Some(rest))),
        };
        Author { name: name.to_owned(), affiliation: rest.map(str::to_owned), email }
    };
    metadata.authors = lines.iter().enumerate().map(author).collect();
}

fn contact(lines: &[Line]) -> Contact {
    let mut contact = Contact::default();
    for line in lines {
        let text = Some(line.text.clone());
        match line.addresses.first().map(String::as_str) {
            Some(address) if address.starts_with("mailto:") => contact.email = text,
            Some(address) if address.starts_with("tel:") => contact.phone = text,
            Some(address) => contact.url = Some(address.to_owned()),
            None => contact.name = text,
        }
    }
    contact
}

/// A line of the history, such as `1.0 (23 November 2026): first version`.
fn revision(text: &str, language: &Language) -> Revision {
    let pattern = fill(language.labels.label_value, &["\u{0}", "\u{0}"]);
    let between = pattern.split('\u{0}').nth(1).unwrap_or_default();
    let (head, change) = text.split_once(between).unwrap_or((text, ""));
    let dated = head.strip_suffix(')').and_then(|head| head.rsplit_once(" ("));
    let dated = dated.and_then(|(version, day)| Some((version, Date::from_long(day, language)?)));
    let (version, date) = dated.map_or((head, None), |(version, date)| (version, Some(date)));
    Revision { version: version.to_owned(), date, change: change.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::{Line, row};
    use crate::ast::{Metadata, Status};
    use crate::language::Language;

    #[test]
    fn rows_are_what_they_were_made_of() {
        let language = Language::from_tag("fr");
        let mut metadata = Metadata::default();
        let line = |text: &str, address: Option<&str>| Line {
            text: text.to_owned(),
            addresses: address.map(str::to_owned).into_iter().collect(),
        };
        let labels = language.labels;
        let withdrawn = format!("{}\u{a0}: remplacé", labels.statuses[3]);
        let mut read = |term: &str, lines: &[Line]| assert!(row(&mut metadata, &language, term, lines), "{term}");
        read(labels.date, &[line("1er mars 2026", None)]);
        read(labels.status, &[line(&withdrawn, None)]);
        read(labels.embargo, &[line("23 novembre 2026, 12:00 (UTC+01:00)", None)]);
        read(labels.author, &[line("Anne, Office, a@example.org", Some("mailto:a@example.org"))]);
        read(labels.contact, &[line("Bureau", None), line("+32 2", Some("tel:+322"))]);
        read(labels.history, &[line("1.0 (2 mars 2026)\u{a0}: premier texte", None)]);
        assert!(!row(&mut metadata, &language, labels.audience, &[]));
        assert_eq!(metadata.date.map(|date| date.value.to_string()).as_deref(), Some("2026-03-01"));
        assert_eq!(metadata.status.map(|status| status.value), Some(Status::Withdrawn));
        assert_eq!(metadata.reason.map(|reason| reason.value).as_deref(), Some("remplacé"));
        let embargo = metadata.embargo.map(|embargo| embargo.value).expect("an embargo");
        assert_eq!(
            (embargo.date.to_string().as_str(), &*embargo.time, &*embargo.zone),
            ("2026-11-23", "12:00", "+01:00")
        );
        let author = metadata.authors.first().expect("an author");
        assert_eq!((&*author.name, author.affiliation.as_deref()), ("Anne", Some("Office")));
        assert_eq!(author.email.as_deref(), Some("a@example.org"));
        let contact = metadata.contact.expect("a contact");
        assert_eq!((contact.name.as_deref(), contact.phone.as_deref()), (Some("Bureau"), Some("+32 2")));
        let revision = metadata.history.first().expect("a revision");
        assert_eq!((&*revision.version, &*revision.change), ("1.0", "premier texte"));
    }
}
