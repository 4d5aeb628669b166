//! `{{name}}`: values of the front matter in the text.

use super::budget::Budget;
use crate::ast::{Inline, InlineKind, Metadata, Parsed, ParsedInline};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, did_you_mean};
use crate::parse::keys::KEYS;
use std::collections::BTreeMap;

/// The values that text can name.
pub struct Variables {
    values: BTreeMap<String, String>,
    /// Whether the text is written for another tool's templates.
    foreign: bool,
}

/// Signs of templates of other tools, of which there are none in our language.
const TEMPLATES: [&str; 9] = ["{%", "{{?", "{{<", "{{#", "{{/", "{{ .", "{{.", "{{=", "{{&"];

impl Variables {
    /// The values of a document, with its final title.
    /// `texts` are the sources that it is made of.
    pub fn of<'a>(
        metadata: &Metadata,
        title: &str,
        date: Option<String>,
        status: Option<&str>,
        texts: impl IntoIterator<Item = &'a str>,
    ) -> Self {
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
        let foreign = texts.into_iter().any(|text| TEMPLATES.iter().any(|sign| text.contains(sign)));
        Variables { values, foreign }
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
                        let hint = did_you_mean(name, self.values.keys().map(String::as_str));
                        let is_key = name.starts_with("x-") || KEYS.iter().any(|key| key.name == name);
                        if self.foreign && hint.is_none() && !is_key {
                            let message = format!("`{{{{{name}}}}}` is another tool’s and stays as text");
                            let hint = "write out what it stands for, or set it in the front matter as `x-…`";
                            diagnostics.push(Diagnostic::new(Code::ForeignSyntax, inline.span, message).hint(hint));
                            continue;
                        }
                        let fallback = format!("set `{name}` in the front matter");
                        diagnostics.push(
                            Diagnostic::new(Code::UnknownVariable, inline.span, message).hint(hint.unwrap_or(fallback)),
                        );
                    }
                }
            } else if let Some(children) = inline.kind.children_mut() {
                self.replace(children, budget, diagnostics);
            }
        }
    }
}
