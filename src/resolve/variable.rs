//! `{{name}}`: values of the front matter in the text.

use super::budget::Budget;
use super::control;
use crate::ast::{Inline, InlineKind, Metadata, Parsed, ParsedInline, plain_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, guess};
use crate::language::Language;
use crate::parse::keys::KEYS;
use crate::source::Span;
use std::collections::BTreeMap;

/// The values that text can name.
#[derive(Default)]
pub struct Variables {
    values: BTreeMap<String, String>,
    /// Whether the text is written for another tool's templates.
    foreign: bool,
}

/// Template markup of other tools, which our language does not have.
const TEMPLATES: [&str; 9] = ["{%", "{{?", "{{<", "{{#", "{{/", "{{ .", "{{.", "{{=", "{{&"];

impl Variables {
    /// The values of a document, without those that are only known when they are
    /// set. `texts` are the sources that it is made of.
    pub fn from_metadata<'a>(
        metadata: &Metadata,
        language: &Language,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut values = BTreeMap::new();
        let mut set = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                values.insert(name.to_owned(), value);
            }
        };
        let text = |value: &Option<crate::ast::Spanned<String>>| value.as_ref().map(|value| value.value.clone());
        let status = metadata.status.as_ref().map(|status| control::status_name(status.value, language.labels));
        set("title", text(&metadata.title));
        set("date", metadata.date.as_ref().map(|date| date.value.long(language)));
        set("status", status.map(str::to_owned));
        set("subtitle", text(&metadata.subtitle));
        set("reference", text(&metadata.reference));
        set("version", text(&metadata.version));
        set("reason", text(&metadata.reason));
        set("marking", text(&metadata.marking));
        set("distribution", text(&metadata.distribution));
        set("imprint", text(&metadata.imprint));
        set("lang", text(&metadata.lang));
        set("abstract", text(&metadata.abstract_text));
        let names = metadata.authors.iter().map(|author| author.name.as_str()).collect::<Vec<_>>();
        set("authors", (!names.is_empty()).then(|| names.join(", ")));
        set("licence", metadata.licence.as_ref().map(|licence| licence.value.name.clone()));
        for (name, value) in &metadata.extra {
            set(name, Some(value.clone()));
        }
        let opens = |rest: &str| TEMPLATES.iter().any(|sign| rest.starts_with(sign));
        let is_foreign = |text: &str| text.match_indices('{').any(|(at, _)| text.get(at..).is_some_and(opens));
        let foreign = texts.into_iter().any(is_foreign);
        Variables { values, foreign }
    }

    /// Sets a value to what the document says in its place.
    pub fn define(&mut self, name: &str, value: String) {
        self.values.insert(name.to_owned(), value);
    }

    /// The words of a run with the values in it.
    pub fn with_values(&self, content: &[Inline<Parsed>]) -> String {
        let mut content = content.to_vec();
        self.replace(&mut content, &mut Budget::default(), &mut Diagnostics::default());
        plain_text(&content)
    }

    /// Puts the values into a run.
    pub fn replace(&self, content: &mut [Inline<Parsed>], budget: &mut Budget, diagnostics: &mut Diagnostics) {
        for inline in content {
            if let InlineKind::Stage(ParsedInline::Variable(name)) = &inline.kind {
                match self.values.get(name.trim()) {
                    Some(value) => {
                        let fits = budget.take_words(value, inline.span, diagnostics);
                        inline.kind = InlineKind::Text(if fits { value.clone() } else { String::new() });
                    }
                    None => {
                        let message = format!("the document has no value `{name}`");
                        let near = guess(name.trim(), self.values.keys().map(String::as_str));
                        let is_key = name.starts_with("x-") || KEYS.iter().any(|key| key.name == name);
                        if self.foreign && near.is_none() && !is_key {
                            let message = format!("`{{{{{name}}}}}` is another tool’s and stays as text");
                            let hint = "write out what it stands for, or set it in the front matter as `x-…`";
                            diagnostics.push(Diagnostic::new(Code::ForeignSyntax, inline.span, message).hint(hint));
                            continue;
                        }
                        let fallback = format!("set `{name}` in the front matter");
                        diagnostics.push(
                            Diagnostic::new(Code::UnknownVariable, inline.span, message).hint(fallback).guess(near),
                        );
                    }
                }
            } else if let Some(children) = inline.kind.children_mut() {
                self.replace(children, budget, diagnostics);
            }
        }
    }
}

/// Plain words of the front matter, in which values may be named, as a run.
pub fn content(words: &str, span: Span) -> Vec<Inline<Parsed>> {
    let mut content = Vec::new();
    let text = |words: &str| Inline::new(InlineKind::Text(words.to_owned()), span);
    let mut rest = words;
    while let Some((before, name, after)) = next(rest) {
        content.push(text(before));
        content.push(Inline::new(InlineKind::Stage(ParsedInline::Variable(name.to_owned())), span));
        rest = after;
    }
    content.push(text(rest));
    content.retain(|inline| !matches!(&inline.kind, InlineKind::Text(words) if words.is_empty()));
    content
}

/// The name of the next variable in some words, with the text before and after it.
fn next(words: &str) -> Option<(&str, &str, &str)> {
    let legal = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ');
    words.match_indices("{{").find_map(|(at, open)| {
        let rest = words.get(at + open.len()..)?;
        let (name, after) = rest.split_at_checked(rest.find(|letter| !legal(letter))?)?;
        let name = name.trim();
        let is_name = !name.is_empty() && !name.contains(' ') && (!name.contains('.') || name.starts_with("x-"));
        Some((words.get(..at)?, name, after.strip_prefix("}}")?)).filter(|_| is_name)
    })
}
