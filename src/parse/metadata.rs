//! Types the front matter: every key to its field, every fault to its place.

use super::keys::{
    self, ALIASES, AUTHOR_KEYS, CONTACT_KEYS, FOREIGN_KEYS, HISTORY_KEYS, KEYS, LICENCE_KEYS, LIMIT_KEYS,
    NUMBERING_KEYS,
};
use super::link::is_unsafe;
use super::publication::{self, Says};
use super::yaml::{Entry, Yaml, YamlKind};
use crate::ast::{Author, CitationStyle, Contact, Embargo, Licence, Metadata, Revision, Spanned, Status, Toc};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, guess, nearest};
use crate::language::{Date, Language};
use crate::source::Span;

/// Reads the whole front matter.
pub fn read(root: &Yaml, diagnostics: &mut Diagnostics) -> Metadata {
    let mut reader = Reader { diagnostics, unknown: Vec::new() };
    let mut metadata = Metadata::default();
    match &root.kind {
        YamlKind::Null => {}
        YamlKind::Map(entries) => {
            for entry in entries {
                reader.entry(entry, entries, &mut metadata);
            }
            reader.unknown_keys();
            reader.contradictions(&metadata);
        }
        YamlKind::Scalar(_) | YamlKind::List(_) => {
            reader.wrong_type(root.span, "the front matter", "keys and values, one `key: value` a line");
        }
    }
    metadata
}

/// Says what lines `key: value` without marks round them, at the head of a text, keep from
/// readers. They are text here, and front matter elsewhere.
pub fn withheld_in_head(root: &Yaml, diagnostics: &mut Diagnostics) {
    let YamlKind::Map(entries) = &root.kind else { return };
    for entry in entries {
        let is_status = entry.key.eq_ignore_ascii_case("status");
        let unread = matches!(&entry.value.kind, YamlKind::Scalar(text)
            if matches!(text.trim().to_lowercase().as_str(), "draft" | "hidden" | "private"));
        match publication::publication_status(entry) {
            Says::NotForAll { entry, hint } => diagnostics.push(withheld(entry, hint)),
            Says::Nothing | Says::ForAll if is_status && unread => {
                diagnostics.push(withheld(entry, "put a line `---` before and after what is data, or take it out"));
            }
            Says::Nothing | Says::ForAll => {}
        }
    }
}

/// An author as a string names one, perhaps with an address.
fn written_author(text: &str) -> Author {
    let (name, email) = super::names::addressed(text).map_or((text.trim(), None), |(name, email)| (name, Some(email)));
    Author { name: name.to_owned(), email: email.map(str::to_owned), ..Author::default() }
}

fn withheld(entry: &Entry, hint: &str) -> Diagnostic {
    let message = format!("`{}` says that this is not for everybody, so no edition is made", entry.key);
    Diagnostic::new(Code::NotPublished, entry.key_span.to(entry.value.span), message).hint(hint)
}

/// The hint if the intended value is unknown.
const NO_HINT: &str = "correct the value, or take the key out";

struct Reader<'a> {
    diagnostics: &'a mut Diagnostics,
    /// Keys of the front matter that are not known.
    unknown: Vec<(String, Span)>,
}

impl Reader<'_> {
    fn entry(&mut self, entry: &Entry, all: &[Entry], metadata: &mut Metadata) {
        let value = &entry.value;
        let alias =
            ALIASES.iter().find(|(alias, key)| *alias == entry.key && !all.iter().any(|other| other.key == *key));
        if entry.key.starts_with("x-") {
            if let Some(text) = self.text(&entry.key, value) {
                metadata.extra.push((entry.key.clone(), text.value));
            }
            return;
        }
        if self.withholds(entry) {
            return;
        }
        let name = alias.map_or(entry.key.as_str(), |(_, key)| *key);
        if !KEYS.iter().any(|key| key.name == name) {
            if !FOREIGN_KEYS.contains(&name) {
                self.unknown.push((entry.key.clone(), entry.key_span));
            }
            return;
        }
        if value.kind == YamlKind::Null {
            return;
        }
        let key = name;
        match key {
            "title" => metadata.title = self.title(key, value),
            "subtitle" => metadata.subtitle = self.title(key, value),
            "reference" => metadata.reference = self.text(key, value),
            "date" => metadata.date = self.date(key, value),
            "version" => metadata.version = self.text(key, value),
            "status" => metadata.status = self.status(value),
            "reason" => metadata.reason = self.text(key, value),
            "marking" => metadata.marking = self.text(key, value),
            "embargo" => metadata.embargo = self.embargo(value),
            "history" => metadata.history = self.history(value),
            "distribution" => metadata.distribution = self.text(key, value),
            "imprint" => metadata.imprint = self.text(key, value),
            "limits" => self.limits(value, metadata),
            "lang" => metadata.lang = self.language(value),
            "authors" => metadata.authors = self.authors(value),
            "contact" => metadata.contact = self.contact(value),
            "abstract" => metadata.abstract_text = self.text(key, value),
            "keywords" => metadata.keywords = self.word_list(key, value).into_iter().map(|word| word.value).collect(),
            "licence" => metadata.licence = self.licence(value),
            "toc" => metadata.toc = self.toc(value),
            "numbering" => self.numbering(value, metadata),
            "theme" => metadata.theme = self.text(key, value),
            "bibliography" => metadata.bibliography = self.paths(key, value),
            "citation-style" => metadata.citation_style = self.citation_style(value),
            "abbreviations" => self.abbreviations(value, metadata),
            _ => {}
        }
    }

    /// Whether an entry says, as for other tools, who may read the document. Where that is
    /// not everybody, the document stops.
    fn withholds(&mut self, entry: &Entry) -> bool {
        match publication::publication_status(entry) {
            Says::Nothing => return false,
            Says::ForAll => {}
            Says::NotForAll { entry, hint } => self.diagnostics.push(withheld(entry, hint)),
        }
        true
    }

    /// Contradictions that the front matter alone shows; those with the
    /// project's settings are for resolution.
    fn contradictions(&mut self, metadata: &Metadata) {
        if let Some(status) = &metadata.status
            && status.value == Status::Withdrawn
            && metadata.reason.is_none()
            && let Some(span) = status.span
        {
            self.diagnostics.push(
                Diagnostic::new(Code::Contradiction, span, "a withdrawn document needs a reason")
                    .hint("say why under the key `reason`"),
            );
        }
    }

    fn unknown<'k>(&mut self, key: &str, span: Span, known: impl IntoIterator<Item = &'k str>) {
        let problem = Diagnostic::new(Code::UnknownKey, span, format!("the key `{key}` is not known"));
        let problem = problem.hint(format!("keys of your own begin with `x-`: `x-{key}`"));
        self.diagnostics.push(problem.guess(guess(key, known)));
    }

    /// Says in one message which keys of the front matter are not known.
    fn unknown_keys(&mut self) {
        let unknown = std::mem::take(&mut self.unknown);
        let known = || KEYS.iter().map(|key| key.name);
        match unknown.as_slice() {
            [] => {}
            [(key, span)] => self.unknown(key, *span, known()),
            [(first, span), ..] => {
                let names: Vec<String> = unknown.iter().map(|(key, _)| format!("`{key}`")).collect();
                let meant =
                    |(key, _): &(String, Span)| nearest(key, known()).map(|near| format!("`{near}` for `{key}`"));
                let near: Vec<String> = unknown.iter().filter_map(meant).collect();
                let hint = if near.is_empty() {
                    format!("keys of your own begin with `x-`: `x-{first}`")
                } else {
                    format!("did you mean {}?", near.join(", "))
                };
                let message = format!("the keys {} are not known", names.join(", "));
                let fixes = unknown.iter().filter_map(|(key, span)| guess(key, known())?.fix(*span));
                self.diagnostics.push(Diagnostic::new(Code::UnknownKey, *span, message).hint(hint).fixes(fixes));
            }
        }
    }

    fn wrong_type(&mut self, span: Span, key: &str, takes: &str) {
        let hint = if takes.contains("text") {
            "put the words into quotation marks"
        } else if takes.contains("list") {
            "write each of them in a line of its own, after `- `"
        } else {
            "write the parts below it, indented, as `name: value`"
        };
        self.diagnostics.push(Diagnostic::new(Code::WrongType, span, format!("{key} takes {takes}")).hint(hint));
    }

    fn wrong_value(&mut self, span: Span, key: &str, takes: &str) {
        self.diagnostics
            .push(Diagnostic::new(Code::InvalidValue, span, format!("`{key}` takes {takes}")).hint(NO_HINT));
    }

    /// A single value, as it is written. `None`, and a message, for a list or map.
    fn text(&mut self, key: &str, value: &Yaml) -> Option<Spanned<String>> {
        match &value.kind {
            YamlKind::Scalar(text) => Some(Spanned { value: text.trim().to_owned(), span: Some(value.span) }),
            YamlKind::Null => None,
            YamlKind::List(_) | YamlKind::Map(_) => {
                self.wrong_type(value.span, &format!("`{key}`"), "text");
                None
            }
        }
    }

    /// Text that is shown as it is written, in which marks mean nothing.
    fn title(&mut self, key: &str, value: &Yaml) -> Option<Spanned<String>> {
        let text = self.text(key, value)?;
        let twice = |mark: &str| text.value.matches(mark).count() > 1;
        if twice("**") || twice("`") || text.value.contains("](") {
            let message = format!("the marks in `{key}` are shown as they stand");
            let problem = Diagnostic::new(Code::Slip, value.span, message);
            self.diagnostics.push(problem.hint("take them out: a title has no marks; a heading in the text may"));
        }
        Some(text)
    }

    /// The entries of a map whose keys are known.
    fn map<'y>(&mut self, key: &str, value: &'y Yaml, known: &[&'static str]) -> Vec<&'y Entry> {
        let YamlKind::Map(entries) = &value.kind else {
            self.wrong_type(value.span, &format!("`{key}`"), keys::takes(key));
            return Vec::new();
        };
        let (found, unknown): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| known.contains(&entry.key.as_str()));
        for entry in unknown {
            self.unknown(&entry.key, entry.key_span, known.iter().copied());
        }
        found.into_iter().filter(|entry| entry.value.kind != YamlKind::Null).collect()
    }

    fn date(&mut self, key: &str, value: &Yaml) -> Option<Spanned<Date>> {
        let text = self.text(key, value)?;
        let Some(date) = Date::parse(&text.value) else {
            let message = format!("`{key}` takes {}", keys::takes("date"));
            let meant: Vec<String> = Date::meant(&text.value).iter().map(|date| format!("`{date}`")).collect();
            let hint = if meant.is_empty() { NO_HINT.to_owned() } else { format!("write {}", meant.join(" or ")) };
            self.diagnostics.push(Diagnostic::new(Code::InvalidValue, value.span, message).hint(hint));
            return None;
        };
        Some(Spanned { value: date, span: text.span })
    }

    fn status(&mut self, value: &Yaml) -> Option<Spanned<Status>> {
        let text = self.text("status", value)?;
        let status = match text.value.as_str() {
            "draft" => Status::Draft,
            "review" => Status::Review,
            "final" => Status::Final,
            "withdrawn" => Status::Withdrawn,
            other => {
                let near = guess(other, ["draft", "review", "final", "withdrawn"]);
                let message = format!("`status` takes {}", keys::takes("status"));
                let problem = Diagnostic::new(Code::InvalidValue, value.span, message);
                self.diagnostics.push(problem.hint("what is published is `final`").guess(near));
                return None;
            }
        };
        Some(Spanned { value: status, span: text.span })
    }

    fn citation_style(&mut self, value: &Yaml) -> Option<Spanned<CitationStyle>> {
        let text = self.text("citation-style", value)?;
        let Some(style) = CitationStyle::parse(&text.value) else {
            let near = guess(&text.value, CitationStyle::NAMES);
            let message = format!("`citation-style` takes {}", keys::takes("citation-style"));
            self.diagnostics.push(Diagnostic::new(Code::InvalidValue, value.span, message).guess(near));
            return None;
        };
        Some(Spanned { value: style, span: text.span })
    }

    fn embargo(&mut self, value: &Yaml) -> Option<Spanned<Embargo>> {
        let text = self.text("embargo", value)?;
        match moment(&text.value) {
            Moment::Whole(embargo) => Some(Spanned { value: embargo, span: text.span }),
            Moment::WithoutZone => {
                self.diagnostics.push(
                    Diagnostic::new(Code::Contradiction, value.span, "the embargo has no time zone")
                        .hint("add `Z` or the distance from UTC, such as `+01:00`"),
                );
                None
            }
            Moment::None => {
                self.wrong_value(value.span, "embargo", keys::takes("embargo"));
                None
            }
        }
    }

    fn history(&mut self, value: &Yaml) -> Vec<Revision> {
        let YamlKind::List(items) = &value.kind else {
            self.wrong_type(value.span, "`history`", keys::takes("history"));
            return Vec::new();
        };
        let mut history = Vec::new();
        for item in items {
            let mut revision = Revision { version: String::new(), date: None, change: String::new() };
            for entry in self.map("history", item, HISTORY_KEYS) {
                match entry.key.as_str() {
                    "date" => revision.date = self.date("date", &entry.value).map(|date| date.value),
                    "version" => revision.version = self.plain("version", &entry.value),
                    _ => revision.change = self.plain("change", &entry.value),
                }
            }
            history.push(revision);
        }
        history
    }

    fn plain(&mut self, key: &str, value: &Yaml) -> String {
        self.text(key, value).map(|text| text.value).unwrap_or_default()
    }

    fn limits(&mut self, value: &Yaml, metadata: &mut Metadata) {
        for entry in self.map("limits", value, LIMIT_KEYS) {
            let Some(text) = self.text(&entry.key, &entry.value) else { continue };
            let Some(count) = text.value.parse::<u32>().ok().filter(|count| *count > 0) else {
                self.wrong_value(entry.value.span, &entry.key, "a whole number above 0");
                continue;
            };
            metadata.limits.span =
                Some(metadata.limits.span.map_or(entry.value.span, |span| span.to(entry.value.span)));
            match entry.key.as_str() {
                "pages" => metadata.limits.pages = Some(count),
                _ => metadata.limits.words = Some(count),
            }
        }
    }

    fn language(&mut self, value: &Yaml) -> Option<Spanned<String>> {
        let text = self.text("lang", value)?;
        if !Language::is_allowed(&text.value) {
            let message = format!("`lang` takes {}", keys::takes("lang"));
            let hint = Language::meant(&text.value).map_or(NO_HINT.to_owned(), |tag| format!("write `{tag}`"));
            self.diagnostics.push(Diagnostic::new(Code::InvalidValue, value.span, message).hint(hint));
            return None;
        }
        Some(text)
    }

    fn authors(&mut self, value: &Yaml) -> Vec<Author> {
        match &value.kind {
            YamlKind::List(items) => items.iter().flat_map(|item| self.named_authors(item)).collect(),
            YamlKind::Scalar(_) | YamlKind::Map(_) | YamlKind::Null => self.named_authors(value),
        }
    }

    /// The author of a value, or several that are in one string.
    fn named_authors(&mut self, value: &Yaml) -> Vec<Author> {
        if let YamlKind::Scalar(text) = &value.kind
            && let Some(names) = super::names::split(text)
        {
            let message = format!("these are read as {} authors: {}", names.len(), names.join("; "));
            let problem = Diagnostic::new(Code::ForeignForm, value.span, message);
            self.diagnostics.push(problem.hint("write each of them in a line of its own, after `- `"));
            return names.iter().map(|name| written_author(name)).collect();
        }
        self.author(value).into_iter().collect()
    }

    fn author(&mut self, value: &Yaml) -> Option<Author> {
        if let YamlKind::Scalar(name) = &value.kind {
            return Some(written_author(name));
        }
        let mut author = Author::default();
        for entry in self.map("authors", value, AUTHOR_KEYS) {
            let text = self.text(&entry.key, &entry.value).map(|text| text.value);
            match entry.key.as_str() {
                "name" => author.name = text.unwrap_or_default(),
                "affiliation" => author.affiliation = text,
                _ => author.email = text,
            }
        }
        if author.name.is_empty() && matches!(value.kind, YamlKind::Map(_)) {
            self.wrong_value(value.span, "authors", "a `name` for every author");
            return None;
        }
        (author != Author::default()).then_some(author)
    }

    fn contact(&mut self, value: &Yaml) -> Option<Contact> {
        let mut contact = Contact::default();
        if let YamlKind::Scalar(text) = &value.kind {
            let text = text.trim().to_owned();
            if text.starts_with("https://") || text.starts_with("http://") {
                contact.url = Some(text);
            } else if text.contains('@') && !text.contains(char::is_whitespace) {
                contact.email = Some(text);
            } else {
                contact.name = Some(text);
            }
            return Some(contact);
        }
        for entry in self.map("contact", value, CONTACT_KEYS) {
            let text = self.text(&entry.key, &entry.value).map(|text| text.value);
            match entry.key.as_str() {
                "name" => contact.name = text,
                "email" => contact.email = text,
                "phone" => contact.phone = text,
                _ => contact.url = self.address(text, entry.value.span),
            }
        }
        (contact != Contact::default()).then_some(contact)
    }

    fn licence(&mut self, value: &Yaml) -> Option<Spanned<Licence>> {
        let mut licence = Licence { name: String::new(), url: None };
        if let YamlKind::Scalar(text) = &value.kind {
            licence.name = text.trim().to_owned();
        } else {
            for entry in self.map("licence", value, LICENCE_KEYS) {
                let text = self.text(&entry.key, &entry.value).map(|text| text.value);
                match entry.key.as_str() {
                    "name" => licence.name = text.unwrap_or_default(),
                    _ => licence.url = self.address(text, entry.value.span),
                }
            }
        }
        if licence.name.is_empty() {
            licence.name = licence.url.clone()?;
        }
        Some(Spanned { value: licence, span: Some(value.span) })
    }

    /// An address, by the same check as those of links in the text.
    fn address(&mut self, address: Option<String>, span: Span) -> Option<String> {
        let address = address?;
        if is_unsafe(&address) {
            let message = "this address could run code and is left out";
            self.diagnostics.push(
                Diagnostic::new(Code::UnsafeLink, span, message).hint("give an `https:` address, or take the key out"),
            );
            return None;
        }
        Some(address)
    }

    fn toc(&mut self, value: &Yaml) -> Option<Spanned<Toc>> {
        /// Headings have six levels.
        const DEEPEST: u8 = 6;
        let text = self.text("toc", value)?;
        let toc = match text.value.to_ascii_lowercase().as_str() {
            "auto" => Toc::Auto,
            "yes" | "true" => Toc::Depth(DEEPEST),
            "no" | "false" => Toc::No,
            other => match other.parse::<u8>() {
                Ok(0) => Toc::No,
                Ok(depth) if depth <= DEEPEST => Toc::Depth(depth),
                _ => {
                    self.wrong_value(value.span, "toc", keys::takes("toc"));
                    return None;
                }
            },
        };
        Some(Spanned { value: toc, span: text.span })
    }

    fn numbering(&mut self, value: &Yaml, metadata: &mut Metadata) {
        for entry in self.map("numbering", value, NUMBERING_KEYS) {
            let Some(on) = self.truth(&entry.key, &entry.value) else { continue };
            let field = match entry.key.as_str() {
                "sections" => &mut metadata.numbering.sections,
                "paragraphs" => &mut metadata.numbering.paragraphs,
                "figures" => &mut metadata.numbering.figures,
                "tables" => &mut metadata.numbering.tables,
                _ => &mut metadata.numbering.boxes,
            };
            *field = Some(on);
        }
    }

    fn truth(&mut self, key: &str, value: &Yaml) -> Option<bool> {
        let text = self.text(key, value)?;
        match text.value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => {
                self.wrong_value(value.span, key, "`true` or `false`");
                None
            }
        }
    }

    /// A list of words, or words with commas between them.
    fn word_list(&mut self, key: &str, value: &Yaml) -> Vec<Spanned<String>> {
        match &value.kind {
            YamlKind::Scalar(text) => {
                let between = if text.contains(';') { ';' } else { ',' };
                let words = text.split(between).map(str::trim).filter(|word| !word.is_empty());
                words.map(|word| Spanned { value: word.to_owned(), span: Some(value.span) }).collect()
            }
            YamlKind::List(items) => items.iter().filter_map(|item| self.text(key, item)).collect(),
            YamlKind::Null => Vec::new(),
            YamlKind::Map(_) => {
                self.wrong_type(value.span, &format!("`{key}`"), keys::takes(key));
                Vec::new()
            }
        }
    }

    /// A path or a list of them. A path may hold a comma.
    fn paths(&mut self, key: &str, value: &Yaml) -> Vec<Spanned<String>> {
        match &value.kind {
            YamlKind::Scalar(_) => self.text(key, value).into_iter().collect(),
            YamlKind::List(_) | YamlKind::Map(_) | YamlKind::Null => self.word_list(key, value),
        }
    }

    fn abbreviations(&mut self, value: &Yaml, metadata: &mut Metadata) {
        let YamlKind::Map(entries) = &value.kind else {
            self.wrong_type(value.span, "`abbreviations`", keys::takes("abbreviations"));
            return;
        };
        for entry in entries {
            let Some(expansion) = self.text(&entry.key, &entry.value) else { continue };
            let span = Some(entry.key_span.to(entry.value.span));
            metadata.abbreviations.push((entry.key.clone(), Spanned { value: expansion.value, span }));
        }
    }
}

enum Moment {
    Whole(Embargo),
    WithoutZone,
    None,
}

/// Reads `2026-11-23T12:00+01:00` (RFC 3339, with a space allowed for the T,
/// and seconds optional).
fn moment(text: &str) -> Moment {
    let Some((date, rest)) = text.split_at_checked("2026-11-23".len()) else {
        return Moment::None;
    };
    let Some(date) = Date::parse(date) else { return Moment::None };
    if rest.is_empty() {
        return Moment::WithoutZone;
    }
    let Some(rest) = rest.strip_prefix(['T', 't', ' ']) else { return Moment::None };
    let zone_start = rest.find(['Z', 'z', '+', '-', ' ']).unwrap_or(rest.len());
    let (time, zone) = rest.split_at(zone_start);
    let Some(time) = clock(time) else { return Moment::None };
    let zone = zone.trim();
    match zone {
        "" => Moment::WithoutZone,
        "Z" | "z" => Moment::Whole(Embargo { date, time, zone: "Z".to_owned() }),
        _ if zone.strip_prefix(['+', '-']).and_then(clock).is_some() => {
            Moment::Whole(Embargo { date, time, zone: zone.to_owned() })
        }
        _ => Moment::None,
    }
}

/// `hh:mm` of `hh:mm` or `hh:mm:ss`.
fn clock(text: &str) -> Option<String> {
    let mut parts = text.split(':');
    let (hours, minutes) = (parts.next()?, parts.next()?);
    let within = |part: &str, limit: u8| {
        part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u8>().is_ok_and(|n| n < limit)
    };
    /// A leap second is the 60th.
    const SECONDS: u8 = 61;
    let seconds = parts.next().is_none_or(|seconds| within(seconds, SECONDS));
    (within(hours, 24) && within(minutes, 60) && seconds && parts.next().is_none())
        .then(|| format!("{hours}:{minutes}"))
}
