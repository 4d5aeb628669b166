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

use crate::backend::hypertext::{self, CONTENT_ID, Context, direction_name};
use crate::backend::markup::Markup;
use crate::format::Format;
use crate::resolve::Resolved;

pub use index::{Index, IndexCollection, IndexDocument, IndexEdition, index};
pub use report::{Report, ReportEdition, ReportRule, report};

/// Makes the edition.
pub fn emit(document: &Resolved) -> String {
    let context = Context::new(document, Format::Html);
    let mut out = Markup::html();
    out.raw("<!DOCTYPE html>\n");
    let direction = direction_name(document.language.direction);
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
    hypertext::main(out, context);
    out.raw("\n");
    navigation::footer(out, document);
}
