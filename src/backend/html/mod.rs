//! The HTML edition: one self-contained file. The style sheet is inside,
//! pictures are data URIs, there is no script, and nothing is loaded from
//! anywhere.

mod head;
mod index;
mod navigation;
#[cfg(test)]
mod palette;
mod report;
#[cfg(test)]
mod tests;

use crate::backend::hypertext::{self, CONTENT_ID, Context, Written, direction_name};
use crate::backend::markup::Markup;
use crate::format::Format;
use crate::resolve::Resolved;
use std::cell::RefCell;

pub use crate::backend::hypertext::BlockCache;
pub use crate::backend::markup::Element;
pub use index::{Index, IndexCollection, IndexDocument, IndexEdition, index};
pub use report::{Report, ReportEdition, ReportRule, report};

/// Makes the edition.
pub fn emit(document: &Resolved) -> String {
    let mut out = Markup::html();
    write(&mut out, &Context::new(document, Format::Html));
    out.into_string()
}

/// The edition of a document that is written over and over, and where its elements are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The whole file.
    pub text: String,
    /// Elements in the order of their start tags.
    pub elements: Vec<Element>,
}

/// Makes the edition, reusing the cached markup of blocks.
pub fn emit_incremental(document: &Resolved, cache: &mut BlockCache) -> Page {
    cache.begin(&document.language);
    let blocks = RefCell::new(std::mem::take(cache));
    let written = Some(Written::Blocks(&blocks));
    let mut out = Markup::html_with_elements();
    write(&mut out, &Context { written, ..Context::new(document, Format::Html) });
    *cache = blocks.into_inner();
    cache.finish();
    let (text, elements) = out.into_parts();
    Page { text, elements }
}

fn write(out: &mut Markup, context: &Context) {
    let document = context.document;
    out.raw("<!DOCTYPE html>\n");
    let direction = direction_name(document.language.direction);
    out.element("html", &[("lang", &document.language.tag), ("dir", direction)], |out| {
        out.raw("\n");
        head::write(out, document);
        out.raw("\n");
        out.element("body", &[], |out| body(out, context));
        out.raw("\n");
    });
    out.raw("\n");
}

fn body(out: &mut Markup, context: &Context) {
    let document = context.document;
    out.raw("\n");
    out.leaf("a", &[("class", "skip"), ("href", &format!("#{CONTENT_ID}"))], document.language.labels.skip_to_content);
    out.raw("\n");
    navigation::header(out, document);
    hypertext::main(out, context);
    out.raw("\n");
    navigation::footer(out, document);
}
