//! The HTML edition: one self-contained file. The style sheet is inside,
//! pictures are data URIs, there is no script, and nothing is loaded from
//! anywhere.

mod block;
mod context;
mod equation;
mod head;
mod href;
mod index;
mod inline;
mod list;
mod navigation;
mod notes;
#[cfg(test)]
mod palette;
mod picture;
mod report;
mod revision;
mod table;
#[cfg(test)]
mod tests;
mod title;

use crate::backend::markup::Markup;
use crate::resolve::Resolved;
use context::Context;

pub use index::{Index, IndexCollection, IndexDocument, IndexEdition, index};
pub use report::{Report, ReportEdition, ReportRule, report};

/// Where the skip link leads. Ids that documents use do not begin with `_`.
const CONTENT_ID: &str = "_content";

/// Makes the edition.
pub fn emit(document: &Resolved) -> String {
    let context = Context::new(document);
    let mut out = Markup::html();
    out.raw("<!DOCTYPE html>\n");
    let direction = context::direction_name(document.language.direction);
    out.element("html", &[("lang", &document.language.tag), ("dir", direction)], |out| {
        out.raw("\n");
        head::write(out, document);
        out.raw("\n");
        out.element("body", &[], |out| body(out, &context));
        out.raw("\n");
    });
    out.raw("\n");
    out.into_string()
}

fn body(out: &mut Markup, context: &Context) {
    let document = context.document;
    out.raw("\n");
    out.leaf("a", &[("class", "skip"), ("href", &format!("#{CONTENT_ID}"))], document.language.labels.skip_to_content);
    out.raw("\n");
    navigation::header(out, document);
    let class = if document.contents.is_some() { "with-contents" } else { "without-contents" };
    out.element("main", &[("id", CONTENT_ID), ("class", class)], |out| {
        out.raw("\n");
        title::write(out, context);
        if let Some(contents) = &document.contents {
            list::listing(out, contents, context);
        }
        out.element("div", &[("class", "text")], |out| {
            out.raw("\n");
            block::blocks(out, &document.blocks, context);
            navigation::members(out, context);
            notes::write(out, context);
        });
        out.raw("\n");
    });
    out.raw("\n");
    navigation::footer(out, document);
}
