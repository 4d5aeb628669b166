//! Lists: the author's, and those that are made from the document.

use super::block;
use super::context::Context;
use super::inline::inlines;
use crate::ast::{Attrs, BlockKind, Definition, List, ListItem, ListMarker, ListingKind, NumberStyle};
use crate::backend::markup::Markup;
use crate::resolve::{Listing, ListingEntry, RBlock, ResolvedStage};

/// A bullet, numbered or task list.
pub fn list(out: &mut Markup, list: &List<ResolvedStage>, attrs: &Attrs, context: &Context) {
    let mut attributes = context.attributes(attrs);
    let first;
    let name = match list.marker {
        ListMarker::Bullet => "ul",
        ListMarker::Plain => {
            attributes.push(("class", "plain"));
            "ul"
        }
        ListMarker::Ordered { start, style } => {
            if start != 1 {
                first = start.to_string();
                attributes.push(("start", &first));
            }
            attributes.extend(number_type(style).map(|style| ("type", style)));
            "ol"
        }
    };
    out.element(name, &attributes, |out| {
        out.raw("\n");
        for entry in &list.items {
            item(out, entry, list.tight, context);
        }
    });
}

fn number_type(style: NumberStyle) -> Option<&'static str> {
    match style {
        NumberStyle::Decimal => None,
        NumberStyle::LowerAlpha => Some("a"),
        NumberStyle::UpperAlpha => Some("A"),
        NumberStyle::LowerRoman => Some("i"),
        NumberStyle::UpperRoman => Some("I"),
    }
}

fn item(out: &mut Markup, item: &ListItem<ResolvedStage>, tight: bool, context: &Context) {
    let mut attributes = context.attributes(&item.attrs);
    if item.task.is_some() {
        attributes.push(("class", "task"));
    }
    out.element("li", &attributes, |out| {
        if let Some(done) = item.task {
            // A picture with a name says the state without being a control
            // that does nothing.
            let labels = context.labels();
            let (sign, name) = if done { ("☑", labels.done) } else { ("☐", labels.not_done) };
            out.leaf("span", &[("role", "img"), ("aria-label", name)], sign);
            out.raw(" ");
        }
        if tight {
            close_blocks(out, &item.blocks, context);
        } else {
            out.raw("\n");
            block::blocks(out, &item.blocks, context);
        }
    });
    out.raw("\n");
}

/// Blocks without space between them: paragraphs are bare words.
fn close_blocks(out: &mut Markup, blocks: &[RBlock], context: &Context) {
    for (index, child) in blocks.iter().enumerate() {
        match &child.kind {
            BlockKind::Paragraph(content) if child.attrs.is_empty() && index == 0 => {
                inlines(out, content, context);
                if blocks.len() > 1 {
                    out.raw("\n");
                }
            }
            _ => block::block(out, child, context),
        }
    }
}

/// Terms and what they mean.
pub fn definitions(out: &mut Markup, definitions: &[Definition<ResolvedStage>], attrs: &Attrs, context: &Context) {
    out.element("dl", &context.attributes(attrs), |out| {
        out.raw("\n");
        for definition in definitions {
            for term in &definition.terms {
                out.element("dt", &[], |out| inlines(out, term, context));
                out.raw("\n");
            }
            for details in &definition.details {
                out.element("dd", &[], |out| flow(out, details, context));
                out.raw("\n");
            }
        }
    });
}

/// The content of a cell or definition: a lone paragraph is bare words.
pub fn flow(out: &mut Markup, blocks: &[RBlock], context: &Context) {
    match blocks {
        [] => {}
        [only] if only.attrs.is_empty() => match &only.kind {
            BlockKind::Paragraph(content) => inlines(out, content, context),
            _ => block::blocks(out, blocks, context),
        },
        _ => {
            out.raw("\n");
            block::blocks(out, blocks, context);
        }
    }
}

/// A list that was made from the document.
pub fn listing(out: &mut Markup, listing: &Listing, context: &Context) {
    if listing.entries.is_empty() {
        return;
    }
    context.looks_elsewhere();
    let again = context.document.contents.as_ref().is_some_and(|contents| contents.id != listing.id);
    let (element, class) = match listing.kind {
        // The first of two tables of contents is the landmark.
        ListingKind::Contents if again => ("div", "listing contents"),
        ListingKind::Contents => ("nav", "listing contents"),
        ListingKind::Figures => ("nav", "listing figures"),
        ListingKind::Tables => ("nav", "listing tables"),
        ListingKind::Members => ("nav", "listing members"),
        ListingKind::Abbreviations => ("section", "listing abbreviations"),
        ListingKind::Bibliography => ("section", "listing bibliography"),
    };
    let mut attributes = vec![("id", listing.id.as_str()), ("class", class)];
    if listing.kind == ListingKind::Bibliography {
        attributes.push(("role", "doc-bibliography"));
    }
    if element == "nav" && !listing.title.is_empty() {
        attributes.push(("aria-label", listing.title.as_str()));
    }
    out.element(element, &attributes, |out| {
        out.raw("\n");
        if !listing.title.is_empty() {
            context.heading(out, &[], |out| out.text(&listing.title));
        }
        match listing.kind {
            ListingKind::Abbreviations => terms(out, &listing.entries, context),
            ListingKind::Contents
            | ListingKind::Figures
            | ListingKind::Tables
            | ListingKind::Members
            | ListingKind::Bibliography => entries(out, &listing.entries, context),
        }
    });
    out.raw("\n");
}

fn terms(out: &mut Markup, entries: &[ListingEntry], context: &Context) {
    out.element("dl", &[], |out| {
        out.raw("\n");
        for entry in entries {
            out.leaf("dt", &[], entry.label.as_deref().unwrap_or_default());
            out.raw("\n");
            out.element("dd", &[], |out| inlines(out, &entry.content, context));
            out.raw("\n");
        }
    });
    out.raw("\n");
}

/// Entries as a tree: what follows on a deeper level is inside.
fn entries(out: &mut Markup, mut rest: &[ListingEntry], context: &Context) {
    out.element("ul", &[], |out| {
        out.raw("\n");
        while let Some((first, after)) = rest.split_first() {
            let inside = after.iter().take_while(|entry| entry.level > first.level).count();
            let (children, next) = after.split_at_checked(inside).unwrap_or((after, &[]));
            out.element("li", &[], |out| {
                entry(out, first, context);
                if !children.is_empty() {
                    out.raw("\n");
                    self::entries(out, children, context);
                }
            });
            out.raw("\n");
            rest = next;
        }
    });
    out.raw("\n");
}

fn entry(out: &mut Markup, entry: &ListingEntry, context: &Context) {
    let words = |out: &mut Markup, context: &Context| {
        if let Some(label) = &entry.label {
            out.leaf("span", &[("class", "number")], label);
            out.raw(" ");
        }
        inlines(out, &entry.content, context);
    };
    match entry.target.as_ref().map(|target| context.href(target)) {
        Some(Some(address)) => out.element("a", &[("href", &address)], |out| words(out, &context.copy())),
        Some(None) => words(out, &context.copy()),
        None => words(out, context),
    }
}
