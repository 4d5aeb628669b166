//! Metadata: the project's defaults, and checks that need the project.

use super::Context;
use super::RBlock;
use super::listing::count_words;
use crate::ast::{Metadata, Numbering, Spanned};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, guess};
use crate::language::Language;
use crate::source::Span;

/// Fills what the front matter leaves out from the project's defaults.
pub fn complete(metadata: &mut Metadata, defaults: &Metadata) {
    // A default has its place in the project file, which is none in the
    // document.
    fn or<T: Clone>(value: &mut Option<Spanned<T>>, default: &Option<Spanned<T>>) {
        if value.is_none() {
            *value = default.as_ref().map(|default| Spanned { value: default.value.clone(), span: None });
        }
    }
    fn or_list<T: Clone>(value: &mut Vec<T>, default: &[T]) {
        if value.is_empty() {
            value.extend_from_slice(default);
        }
    }
    // Every field is named, so that a new one is not forgotten. A title, a
    // date, a reference and the like are a document's own and have no default.
    let Metadata {
        title: _,
        subtitle,
        reference: _,
        date,
        version,
        status,
        reason: _,
        marking,
        embargo,
        history: _,
        distribution,
        imprint,
        limits,
        lang,
        authors,
        contact,
        abstract_text: _,
        keywords,
        licence,
        toc,
        numbering,
        theme,
        bibliography: _,
        citation_style,
        abbreviations: _,
        extra,
    } = metadata;
    or(subtitle, &defaults.subtitle);
    or(date, &defaults.date);
    or(version, &defaults.version);
    or(status, &defaults.status);
    or(marking, &defaults.marking);
    or(embargo, &defaults.embargo);
    or(distribution, &defaults.distribution);
    or(imprint, &defaults.imprint);
    or(lang, &defaults.lang);
    if contact.is_none() {
        contact.clone_from(&defaults.contact);
    }
    or(licence, &defaults.licence);
    or(toc, &defaults.toc);
    or(citation_style, &defaults.citation_style);
    or(theme, &defaults.theme);
    or_list(authors, &defaults.authors);
    or_list(keywords, &defaults.keywords);
    limits.pages = limits.pages.or(defaults.limits.pages);
    limits.words = limits.words.or(defaults.limits.words);
    let Numbering { sections, paragraphs, figures, tables, boxes } = numbering;
    *sections = sections.or(defaults.numbering.sections);
    *paragraphs = paragraphs.or(defaults.numbering.paragraphs);
    *figures = figures.or(defaults.numbering.figures);
    *tables = tables.or(defaults.numbering.tables);
    *boxes = boxes.or(defaults.numbering.boxes);
    for (key, value) in &defaults.extra {
        if !extra.iter().any(|(known, _)| known == key) {
            extra.push((key.clone(), value.clone()));
        }
    }
}

/// Checks what the project has a say in.
pub fn check(metadata: &Metadata, context: &Context, start: Span, diagnostics: &mut Diagnostics) {
    let allowed = &context.project.markings;
    if let Some(marking) = &metadata.marking
        && !allowed.is_empty()
        && !allowed.contains(&marking.value)
    {
        let message = format!("the project does not allow the marking `{}`", marking.value);
        let names = allowed.iter().map(String::as_str);
        diagnostics.push(
            Diagnostic::new(Code::Contradiction, marking.span.unwrap_or(start), message)
                .hint(format!("it allows {}", allowed.join(", ")))
                .guess(guess(&marking.value, names)),
        );
    }
}

/// Reports a language whose labels are not known.
pub fn check_language(metadata: &Metadata, language: &Language, start: Span, diagnostics: &mut Diagnostics) {
    if language.translated {
        return;
    }
    let span = metadata.lang.as_ref().and_then(|lang| lang.span).unwrap_or(start);
    let message = format!("labels are not known in the language `{}` and appear in English", language.tag);
    let hint = match Language::meant(&language.tag) {
        Some(tag) => format!("did you mean `{tag}`?"),
        None if Language::is_known(&language.tag) => {
            "the tag is right; `chancery explain W0404` tells in which languages there are labels".to_owned()
        }
        None => "there is no such language, so that the PDF does not claim PDF/UA-1; write one as in `fr`".to_owned(),
    };
    diagnostics.push(Diagnostic::new(Code::UntranslatedLabel, span, message).hint(hint));
}

/// Checks the limit on words.
pub fn check_words(metadata: &Metadata, blocks: &[RBlock], start: Span, diagnostics: &mut Diagnostics) {
    let Some(limit) = metadata.limits.words else { return };
    let words = count_words(blocks, usize::MAX);
    if words > limit as usize {
        let span = metadata.limits.span.unwrap_or(start);
        let message = format!("the document has {words} words, and its limit is {limit}");
        diagnostics.push(Diagnostic::new(Code::LimitOfDocument, span, message));
    }
}
