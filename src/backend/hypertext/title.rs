//! The title block: banners, title, control data, summary.

use super::block;
use super::context::Context;
use super::inline::inlines;
use crate::backend::markup::Markup;
use crate::resolve::ControlRow;

/// Titles of more characters than this are long.
const LONG_TITLE: usize = 90;

/// Writes everything that is above the text.
pub fn write(out: &mut Markup, context: &Context) {
    let document = context.document;
    out.element("header", &[("class", "title-block")], |out| {
        out.raw("\n");
        for banner in &document.banners {
            out.leaf("p", &[("class", "banner")], banner);
            out.raw("\n");
        }
        // A very long title is set smaller, so that it stays a title.
        let is_long = document.title_text.chars().count() > LONG_TITLE;
        let class: &[(&str, &str)] = if is_long { &[("class", "long")] } else { &[] };
        out.element("h1", class, |out| inlines(out, &document.title, context));
        out.raw("\n");
        if let Some(subtitle) = &document.subtitle {
            out.leaf("p", &[("class", "subtitle")], subtitle);
            out.raw("\n");
        }
        control(out, context);
        summary(out, context);
    });
    out.raw("\n");
}

fn control(out: &mut Markup, context: &Context) {
    let document = context.document;
    if document.control.is_empty() {
        return;
    }
    out.element("section", &[("class", "control")], |out| {
        out.raw("\n");
        context.heading(out, &[], |out| out.text(&document.control_title));
        out.element("dl", &[], |out| {
            out.raw("\n");
            for row in &document.control {
                control_row(out, row, context);
            }
        });
        out.raw("\n");
    });
    out.raw("\n");
}

fn control_row(out: &mut Markup, row: &ControlRow, context: &Context) {
    out.leaf("dt", &[], &row.label);
    out.raw("\n");
    for line in &row.value {
        out.element("dd", &[], |out| inlines(out, line, context));
        out.raw("\n");
    }
}

fn summary(out: &mut Markup, context: &Context) {
    let document = context.document;
    if document.summary.is_empty() {
        return;
    }
    out.element("section", &[("class", "summary")], |out| {
        out.raw("\n");
        context.heading(out, &[], |out| out.text(context.labels().abstract_title));
        block::blocks(out, &document.summary, &context.below_heading());
    });
    out.raw("\n");
}
