//! A document's text in HTML, in either syntax: what the page and the e-book share.

mod block;
mod context;
mod equation;
mod href;
mod inline;
mod list;
mod notes;
mod picture;
mod revision;
mod table;
mod title;
mod written;

use crate::ast::ListingKind;
use crate::backend::markup::Markup;

pub use context::{Context, direction_name, picture_file};
pub use href::href;
pub use written::{BlockCache, Written};

/// Where the text starts. Ids that documents use do not start with `_`.
pub const CONTENT_ID: &str = "_content";

/// Writes the main part: title block, contents, text and notes.
pub fn main(out: &mut Markup, context: &Context) {
    let document = context.document;
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
            members(out, context);
            notes::write(out, context);
        });
        out.raw("\n");
    });
}

/// The members of a collection on its landing page, unless the author put
/// them somewhere else.
fn members(out: &mut Markup, context: &Context) {
    let document = context.document;
    let members = &document.navigation.members;
    if members.is_empty() || document.lists(ListingKind::Members, context.format) {
        return;
    }
    let title = context.labels().in_this_collection;
    out.element("nav", &[("class", "listing members"), ("aria-label", title)], |out| {
        out.raw("\n");
        context.heading(out, &[], |out| out.text(title));
        out.element("ul", &[], |out| {
            out.raw("\n");
            for member in members {
                out.element("li", &[], |out| {
                    match context.href(&member.target) {
                        Some(address) => out.leaf("a", &[("href", &address)], &member.title),
                        None => out.text(&member.title),
                    }
                    if let Some(description) = &member.description {
                        out.raw("\n");
                        out.leaf("p", &[], description);
                    }
                });
                out.raw("\n");
            }
        });
        out.raw("\n");
    });
    out.raw("\n");
}
