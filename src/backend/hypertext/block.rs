//! Writes blocks.

use super::context::{Context, classes, labelled};
use super::inline::inlines;
use super::written::cached;
use super::{equation, list, revision, table};
use crate::ast::{AdmonitionKind, Attrs, BlockKind, Figure, InlineKind, Panel};
use crate::backend::markup::Markup;
use crate::resolve::{RBlock, RInline, ResolvedBlock, ResolvedStage, Section};

/// Writes blocks in order.
pub fn blocks(out: &mut Markup, blocks: &[RBlock], context: &Context) {
    for child in blocks {
        block(out, child, context);
    }
}

/// Writes one block and ends its line.
pub fn block(out: &mut Markup, block: &RBlock, context: &Context) {
    let holds_others = match &block.kind {
        BlockKind::Group(_) => true,
        BlockKind::Stage(stage) => !matches!(stage, ResolvedBlock::NumberedParagraph { .. }),
        BlockKind::Paragraph(_)
        | BlockKind::List(_)
        | BlockKind::Definitions(_)
        | BlockKind::Quote { .. }
        | BlockKind::Code { .. }
        | BlockKind::Equation(_)
        | BlockKind::Admonition { .. }
        | BlockKind::Panel(_)
        | BlockKind::Figure(_)
        | BlockKind::Table(_)
        | BlockKind::Rule
        | BlockKind::PageBreak => false,
    };
    if holds_others {
        new_block(out, block, context);
    } else {
        cached(out, block, context, |out, context| new_block(out, block, context));
    }
}

fn new_block(out: &mut Markup, block: &RBlock, context: &Context) {
    let attrs = &block.attrs;
    match &block.kind {
        BlockKind::Paragraph(content) => {
            out.element("p", &context.attributes(attrs), |out| inlines(out, content, context));
        }
        BlockKind::List(content) => list::list(out, content, attrs, context),
        BlockKind::Definitions(content) => list::definitions(out, content, attrs, context),
        BlockKind::Quote { blocks, attribution } => quote(out, blocks, attribution.as_deref(), attrs, context),
        BlockKind::Code { language, text } => code(out, language.as_deref(), text, attrs, context),
        BlockKind::Equation(content) => equation::block(out, content, attrs, context),
        BlockKind::Admonition { kind, title, blocks } => {
            admonition(out, *kind, title.as_deref(), blocks, attrs, context);
        }
        BlockKind::Panel(content) => panel(out, content, attrs, context),
        BlockKind::Figure(content) => figure(out, content, attrs, context),
        BlockKind::Table(content) => return table::table(out, content, attrs, context),
        BlockKind::Rule => out.empty("hr", &[]),
        BlockKind::PageBreak => out.element("div", &[("class", "page-break")], |_| {}),
        BlockKind::Group(content) => group(out, content, attrs, context),
        BlockKind::Stage(content) => return stage(out, content, attrs, context),
    }
    out.raw("\n");
}

fn stage(out: &mut Markup, content: &ResolvedBlock, attrs: &Attrs, context: &Context) {
    match content {
        ResolvedBlock::Section(content) => section(out, content, attrs, context),
        ResolvedBlock::Listing(content) => list::listing(out, content, context),
        ResolvedBlock::NumberedParagraph { number, content } => {
            let mut attributes = context.attributes(attrs);
            attributes.push(("class", "numbered"));
            out.element("p", &attributes, |out| {
                out.leaf("span", &[("class", "number")], number);
                out.raw(" ");
                inlines(out, content, context);
            });
            out.raw("\n");
        }
        ResolvedBlock::ForFormats { formats, blocks: content } => {
            if formats.contains(&context.format) {
                blocks(out, content, context);
            }
        }
        ResolvedBlock::Changed { change, block: content } => {
            revision::changed(out, change, attrs, context, |out| {
                out.raw("\n");
                block(out, content, context);
            });
            out.raw("\n");
        }
    }
}

fn section(out: &mut Markup, section: &Section, attrs: &Attrs, context: &Context) {
    let mut attributes = context.attributes(attrs);
    if section.annex {
        attributes.push(("class", "annex"));
    }
    // The title's level in the outline, which never jumps.
    let context = Context { heading: Some(usize::from(section.level) + 1), ..*context };
    out.element("section", &attributes, |out| {
        out.raw("\n");
        context.heading(out, &[], |out| {
            if let Some(number) = &section.number {
                out.leaf("span", &[("class", "number")], number);
                out.raw(" ");
            }
            inlines(out, &section.title, &context);
        });
        blocks(out, &section.blocks, &context.below_heading());
    });
    out.raw("\n");
}

fn quote(out: &mut Markup, content: &[RBlock], attribution: Option<&[RInline]>, attrs: &Attrs, context: &Context) {
    let quotation = |out: &mut Markup, attributes: &[(&str, &str)]| {
        out.element("blockquote", attributes, |out| {
            out.raw("\n");
            blocks(out, content, context);
        });
    };
    match attribution {
        None => quotation(out, &context.attributes(attrs)),
        Some(attribution) => {
            let mut attributes = context.attributes(attrs);
            attributes.push(("class", "quotation"));
            out.element("figure", &attributes, |out| {
                out.raw("\n");
                quotation(out, &[]);
                out.raw("\n");
                out.element("figcaption", &[], |out| inlines(out, attribution, context));
                out.raw("\n");
            });
        }
    }
}

fn code(out: &mut Markup, language: Option<&str>, text: &str, attrs: &Attrs, context: &Context) {
    let class = language.filter(|name| !name.contains(char::is_whitespace)).map(|name| format!("language-{name}"));
    out.element("pre", &context.of_code(attrs), |out| {
        let attributes: Vec<(&str, &str)> = class.iter().map(|class| ("class", class.as_str())).collect();
        out.leaf("code", &attributes, text);
    });
}

/// An admonition says by a word what it is; colour only repeats it.
fn admonition(
    out: &mut Markup,
    kind: AdmonitionKind,
    title: Option<&[RInline]>,
    content: &[RBlock],
    attrs: &Attrs,
    context: &Context,
) {
    let (class, word) = (format!("admonition {}", kind.name()), kind.label(context.labels()));
    let mut attributes = context.attributes(attrs);
    attributes.extend([("class", class.as_str()), ("role", "note")]);
    out.element("div", &attributes, |out| {
        out.raw("\n");
        out.element("p", &[("class", "title")], |out| match title {
            Some(title) => labelled(out, context, word, |out| inlines(out, title, context)),
            None => out.leaf("span", &[("class", "label")], word),
        });
        out.raw("\n");
        blocks(out, content, context);
    });
}

fn panel(out: &mut Markup, panel: &Panel<ResolvedStage>, attrs: &Attrs, context: &Context) {
    let (class, word) = (format!("panel {}", panel.role.name()), panel.role.label(context.labels()));
    let mut attributes = context.attributes(attrs);
    attributes.push(("class", class.as_str()));
    // Without a heading it is no section.
    let element = if context.heading.is_some() { "section" } else { "div" };
    out.element(element, &attributes, |out| {
        out.raw("\n");
        context.heading(out, &[("class", "title")], |out| match (&panel.label, &panel.title) {
            (Some(label), Some(title)) => {
                labelled(out, context, &label.text, |out| inlines(out, title, context));
            }
            (Some(label), None) => out.text(&label.text),
            (None, Some(title)) => inlines(out, title, context),
            (None, None) => out.text(word),
        });
        blocks(out, &panel.blocks, &context.below_heading());
    });
}

fn figure(out: &mut Markup, figure: &Figure<ResolvedStage>, attrs: &Attrs, context: &Context) {
    let caption = figure.caption.as_deref().unwrap_or_default();
    out.element("figure", &context.attributes(attrs), |out| {
        out.raw("\n");
        for child in &figure.blocks {
            match &child.kind {
                BlockKind::Paragraph(content) if is_picture(content) => {
                    inlines(out, content, context);
                    out.raw("\n");
                }
                _ => block(out, child, context),
            }
        }
        if figure.label.is_none() && caption.is_empty() {
            return;
        }
        out.element("figcaption", &[], |out| match &figure.label {
            Some(label) if caption.is_empty() => out.leaf("span", &[("class", "label")], &label.text),
            Some(label) => labelled(out, context, &label.text, |out| inlines(out, caption, context)),
            None => inlines(out, caption, context),
        });
        out.raw("\n");
    });
}

fn is_picture(content: &[RInline]) -> bool {
    matches!(content, [only] if matches!(only.kind, InlineKind::Image(_)))
}

fn group(out: &mut Markup, content: &[RBlock], attrs: &Attrs, context: &Context) {
    let classes = classes(attrs);
    let mut attributes = context.attributes(attrs);
    if !classes.is_empty() {
        attributes.push(("class", &classes));
    }
    out.element("div", &attributes, |out| {
        out.raw("\n");
        blocks(out, content, context);
    });
}
