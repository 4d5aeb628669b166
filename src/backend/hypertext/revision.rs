//! Writes changes between two versions, of words and whole blocks. Most screen readers do not
//! announce `ins` and `del`, so there are hidden words at both ends.

use super::context::{Context, WordsIn};
use super::inline::inlines;
use crate::ast::Attrs;
use crate::backend::markup::Markup;
use crate::language::ChangeLabels;
use crate::resolve::{Change, ChangeKind, RInline};

/// Writes changed words, with the ways to the changes before and after.
pub fn change(out: &mut Markup, change: &Change, content: &[RInline], attrs: &Attrs, context: &Context) {
    changed(out, change, attrs, context, |out| inlines(out, content, context));
}

/// Writes what is changed, which `content` writes, between its ends.
pub fn changed(out: &mut Markup, change: &Change, attrs: &Attrs, context: &Context, content: impl FnOnce(&mut Markup)) {
    let labels = ChangeLabels::for_language(&context.document.language.tag);
    let mark = |title| {
        let mut attributes = context.attributes(attrs);
        attributes.extend([("class", change.kind.name()), ("title", title)]);
        attributes
    };
    let element = match change.kind {
        ChangeKind::Inserted | ChangeKind::MovedTo => "ins",
        ChangeKind::Deleted | ChangeKind::MovedFrom => "del",
        ChangeKind::Former => return out.element("span", &[("class", "former")], content),
        ChangeKind::Split => return out.element("span", &mark(labels.paragraph_split), content),
        ChangeKind::Joined => return out.element("span", &mark(labels.paragraphs_joined), content),
    };
    let [start, end] = change.kind.said(labels).unwrap_or_default();
    let class = format!("change {}", change.kind.name());
    let mut attributes = context.attributes(attrs);
    attributes.push(("class", &class));
    out.element(element, &attributes, |out| {
        out.leaf("span", &[("class", "said")], &format!(" {start} "));
        content(out);
        out.leaf("span", &[("class", "said")], &format!(" {end} "));
    });
    change_links(out, change, labels, context);
}

/// Links to the changes before and after one.
fn change_links(out: &mut Markup, change: &Change, labels: &ChangeLabels, context: &Context) {
    if (change.previous.is_none() && change.next.is_none()) || context.words_in != WordsIn::Text {
        return;
    }
    let links = [(&change.previous, "↑", labels.previous_change), (&change.next, "↓", labels.next_change)];
    out.element("span", &[("class", "ways")], |out| {
        for (id, sign, name) in links {
            if let Some(id) = id {
                out.leaf("a", &[("href", &format!("#{id}")), ("aria-label", name)], sign);
            }
        }
    });
}
