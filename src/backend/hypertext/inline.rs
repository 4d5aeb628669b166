//! Words inside paragraphs, headings and cells.

use super::context::{Context, WordsIn, classes};
use super::{equation, notes, picture, revision};
use crate::ast::InlineKind;
use crate::backend::markup::Markup;
use crate::resolve::{RInline, ResolvedInline};

/// Writes inlines in order.
pub fn inlines(out: &mut Markup, content: &[RInline], context: &Context) {
    for inline in content {
        write(out, inline, context);
    }
}

fn write(out: &mut Markup, inline: &RInline, context: &Context) {
    let wrap = |out: &mut Markup, name: &str, content: &[RInline]| {
        out.element(name, &context.attributes(&inline.attrs), |out| inlines(out, content, context));
    };
    match &inline.kind {
        InlineKind::Text(words) => out.text(words),
        InlineKind::SoftBreak => out.raw("\n"),
        InlineKind::LineBreak => {
            out.empty("br", &[]);
            out.raw("\n");
        }
        InlineKind::Code(words) => out.leaf("code", &context.of_code(&inline.attrs), words),
        InlineKind::Math(formula) => equation::inline(out, formula, &inline.attrs, context),
        InlineKind::Emphasis(content) => wrap(out, "em", content),
        InlineKind::Strong(content) => wrap(out, "strong", content),
        InlineKind::Strikethrough(content) => wrap(out, "s", content),
        InlineKind::Superscript(content) => wrap(out, "sup", content),
        InlineKind::Subscript(content) => wrap(out, "sub", content),
        InlineKind::Underline(content) => wrap(out, "u", content),
        InlineKind::Highlight(content) => wrap(out, "mark", content),
        InlineKind::Inserted(content) => wrap(out, "ins", content),
        InlineKind::Deleted(content) => wrap(out, "del", content),
        InlineKind::Small(content) => wrap(out, "small", content),
        InlineKind::Quoted(content) => quoted(out, inline, content, context),
        InlineKind::CitedTitle(content) => wrap(out, "cite", content),
        InlineKind::DefinedTerm(content) => wrap(out, "dfn", content),
        InlineKind::Keyboard(content) => wrap(out, "kbd", content),
        InlineKind::Span(content) => {
            let classes = classes(&inline.attrs);
            let mut attributes = context.attributes(&inline.attrs);
            if !classes.is_empty() {
                attributes.push(("class", &classes));
            }
            spanned(out, content, &attributes, context);
        }
        InlineKind::Abbreviation { content, expansion } => {
            let mut attributes = context.attributes(&inline.attrs);
            attributes.push(("title", expansion));
            out.element("abbr", &attributes, |out| inlines(out, content, context));
        }
        InlineKind::Link { target, title, content } => match context.words_in {
            WordsIn::Link | WordsIn::Copy => inlines(out, content, context),
            WordsIn::Text => {
                let address = context.href(target);
                let mut attributes = context.attributes(&inline.attrs);
                attributes.extend(address.as_deref().map(|address| ("href", address)));
                attributes.extend(title.as_deref().map(|title| ("title", title)));
                match address {
                    Some(_) => out.element("a", &attributes, |out| inlines(out, content, &context.link())),
                    None => spanned(out, content, &attributes, context),
                }
            }
        },
        InlineKind::Image(image) => picture::write(out, image, &inline.attrs, context),
        InlineKind::Change { change, content } => revision::change(out, change, content, &inline.attrs, context),
        InlineKind::Note(note) => notes::reference(out, note, context),
        InlineKind::Stage(ResolvedInline::Reference { target, text }) => match context.words_in {
            WordsIn::Link | WordsIn::Copy => out.text(text),
            WordsIn::Text => {
                let address = context.href(target);
                let mut attributes = context.attributes(&inline.attrs);
                attributes.extend(address.as_deref().map(|address| ("href", address)));
                out.leaf(if address.is_some() { "a" } else { "span" }, &attributes, text);
            }
        },
    }
}

/// A quotation with the marks of the document's language. Marks that are in the text survive
/// copying; HTML's `q` would only paint them.
fn quoted(out: &mut Markup, inline: &RInline, content: &[RInline], context: &Context) {
    let [outer_open, outer_close, inner_open, inner_close] = context.labels().quotes;
    let (open, close) =
        if context.quotations.is_multiple_of(2) { (outer_open, outer_close) } else { (inner_open, inner_close) };
    let inside = Context { quotations: context.quotations + 1, ..*context };
    out.text(open);
    spanned(out, content, &context.attributes(&inline.attrs), &inside);
    out.text(close);
}

/// Words that an element holds only where it has something to say.
fn spanned(out: &mut Markup, content: &[RInline], attributes: &[(&str, &str)], context: &Context) {
    if attributes.is_empty() {
        inlines(out, content, context);
    } else {
        out.element("span", attributes, |out| inlines(out, content, context));
    }
}
