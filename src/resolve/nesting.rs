//! Restricts the content of links, because one text cannot have two targets: a nested link becomes
//! its words, a reference its label, and a note call divides the link.

use super::resolved::{RInline, ResolvedInline, Target};
use crate::ast::{Attrs, Inline, InlineKind};
use crate::source::Span;

/// A link that is being made.
pub struct Link {
    pub target: Target,
    pub title: Option<String>,
    pub span: Span,
    pub attrs: Attrs,
}

impl Link {
    /// The link around some content, in several parts where notes are called
    /// in it. `name` is what the link is called where only notes are in it.
    pub fn around(self, content: Vec<RInline>, name: impl FnOnce(&Target) -> RInline, out: &mut Vec<RInline>) {
        let mut parts: Vec<(Vec<RInline>, Vec<RInline>)> = vec![Default::default()];
        for inline in content {
            let mut notes = Vec::new();
            let words = plain(inline, &mut notes);
            if let Some((part, calls)) = parts.last_mut().filter(|(_, calls)| calls.is_empty() || words.is_none()) {
                part.extend(words);
                calls.append(&mut notes);
            } else {
                parts.push((words.into_iter().collect(), notes));
            }
        }
        let Link { target, title, span, mut attrs } = self;
        if let [(part, calls)] = parts.as_mut_slice()
            && !calls.is_empty()
            && !says_something(part)
        {
            part.push(name(&target));
        }
        let is_whole = parts.len() == 1;
        for (content, notes) in parts {
            if is_whole || says_something(&content) {
                let kind = InlineKind::Link { target: target.clone(), title: title.clone(), content };
                out.push(Inline { kind, span, attrs: attrs.clone() });
                if attrs.id().is_some() {
                    attrs.edit().id = None;
                }
            } else {
                out.extend(content);
            }
            out.extend(notes);
        }
    }
}

/// Whether there is more than space.
fn says_something(content: &[RInline]) -> bool {
    content.iter().any(|inline| match &inline.kind {
        InlineKind::Text(text) => !text.trim().is_empty(),
        InlineKind::SoftBreak | InlineKind::LineBreak => false,
        _ => true,
    })
}

/// An inline without links in it; its calls of notes are put after it.
fn plain(mut inline: RInline, notes: &mut Vec<RInline>) -> Option<RInline> {
    if matches!(inline.kind, InlineKind::Note(_)) {
        notes.push(inline);
        return None;
    }
    inline.kind = match inline.kind {
        InlineKind::Link { content, .. } => InlineKind::Span(content),
        InlineKind::Stage(ResolvedInline::Reference { text, .. }) => InlineKind::Text(text),
        kind => kind,
    };
    if let Some(children) = inline.kind.children_mut() {
        let all = std::mem::take(children);
        *children = all.into_iter().filter_map(|child| plain(child, notes)).collect();
    }
    Some(inline)
}
