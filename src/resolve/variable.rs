//! `{{name}}`: values of the front matter in the text.

use crate::ast::{Inline, InlineKind, Metadata, Parsed, ParsedInline};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use std::collections::BTreeMap;

/// The values that text can name.
pub struct Variables {
    values: BTreeMap<String, String>,
}

impl Variables {
    /// The values of a document, with its final title.
    pub fn of(metadata: &Metadata, title: &str, date: Option<String>, status: Option<&str>) -> Self {
        let mut values = BTreeMap::new();
        let mut set = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                values.insert(name.to_owned(), value);
            }
        };
        let text = |value: &Option<crate::ast::Spanned<String>>| value.as_ref().map(|value| value.value.clone());
        set("title", Some(title.to_owned()));
        set("date", date);
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
        Variables { values }
    }

    /// Puts the values into a run.
    pub fn replace(&self, content: &mut [Inline<Parsed>], diagnostics: &mut Diagnostics) {
        for inline in content {
            if let InlineKind::Stage(ParsedInline::Variable(name)) = &inline.kind {
                match self.values.get(name.trim()) {
                    Some(value) => inline.kind = InlineKind::Text(value.clone()),
                    None => {
                        let message = format!("the document has no value `{name}`");
                        let hint = did_you_mean(name, self.values.keys().map(String::as_str));
                        let fallback = format!("set `{name}` in the front matter");
                        diagnostics.push(
                            Diagnostic::new(Code::UnknownVariable, inline.span, message).hint(hint.unwrap_or(fallback)),
                        );
                    }
                }
            } else if let Some(children) = inline.kind.children_mut() {
                self.replace(children, diagnostics);
            }
        }
    }
}
