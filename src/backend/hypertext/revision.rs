//! What differs between two versions. Most screen readers say nothing of `ins`
//! and `del`: real words that are not shown stand at both ends.

use super::context::{Context, Place};
use super::inline::inlines;
use crate::ast::Attrs;
use crate::backend::markup::Markup;
use crate::language::ChangeLabels;
use crate::resolve::{Change, ChangeKind, RInline};

/// Writes changed words, with the ways to the changes before and behind.
pub fn change(out: &mut Markup, change: &Change, content: &[RInline], attrs: &Attrs, context: &Context) {
    let labels = ChangeLabels::for_language(&context.document.language.tag);
    let mark = |out: &mut Markup, title: &str| {
        let mut attributes = context.attributes(attrs);
        attributes.extend([("class", change.kind.name()), ("title", title)]);
        out.element("span", &attributes, |out| inlines(out, content, context));
    };
    let element = match change.kind {
        ChangeKind::Inserted | ChangeKind::MovedTo => "ins",
        ChangeKind::Deleted | ChangeKind::MovedFrom => "del",
        ChangeKind::Former => {
            return out.element("span", &[("class", "former")], |out| inlines(out, content, context));
        }
        ChangeKind::Split => return mark(out, labels.paragraph_split),
        ChangeKind::Joined => return mark(out, labels.paragraphs_joined),
    };
    let [start, end] = change.kind.said(labels).unwrap_or_default();
    let class = format!("change {}", change.kind.name());
    let mut attributes = context.attributes(attrs);
    attributes.push(("class", &class));
    out.element(element, &attributes, |out| {
        out.leaf("span", &[("class", "said")], &format!(" {start} "));
        inlines(out, content, context);
        out.leaf("span", &[("class", "said")], &format!(" {end} "));
    });
    ways(out, change, labels, context);
}

/// Links to the changes before and behind one.
fn ways(out: &mut Markup, change: &Change, labels: &ChangeLabels, context: &Context) {
    if (change.previous.is_none() && change.next.is_none()) || context.place != Place::Text {
        return;
    }
    let ways = [(&change.previous, "↑", labels.previous_change), (&change.next, "↓", labels.next_change)];
    out.element("span", &[("class", "ways")], |out| {
        for (id, sign, name) in ways {
            if let Some(id) = id {
                out.leaf("a", &[("href", &format!("#{id}")), ("aria-label", name)], sign);
            }
        }
    });
}
