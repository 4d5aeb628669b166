//! Headings: which of them make sections, and how deep each section lies.

use crate::ast::{Attrs, Block, BlockKind, Expanded, ExpandedBlock, Inline, InlineKind};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::source::Span;

/// The deepest heading a document without a title in its text may start with before a level counts
/// as skipped: many documents start with `##`.
const DEEPEST_FIRST_LEVEL: u8 = 2;

/// Dissolves groups that hold headings, so that a `<div>` round a chapter does
/// not hide it. What the group said about language goes to its blocks.
pub fn dissolve_groups(blocks: &mut Vec<Block<Expanded>>) {
    for block in blocks.iter_mut() {
        if let BlockKind::Stage(ExpandedBlock::Annex(annex)) = &mut block.kind {
            dissolve_groups(&mut annex.blocks);
        }
    }
    if !blocks.iter().any(holds_headings) {
        return;
    }
    let mut flat = Vec::with_capacity(blocks.len());
    for mut block in blocks.drain(..) {
        if !holds_headings(&block) {
            flat.push(block);
            continue;
        }
        let mut group = std::mem::take(&mut block.attrs);
        if let BlockKind::Group(mut children) = block.kind {
            dissolve_groups(&mut children);
            for child in &mut children {
                inherit(&mut child.attrs, &mut group);
            }
            flat.append(&mut children);
        }
    }
    *blocks = flat;
}

/// Takes out headings that say nothing: no list of contents could lead there.
pub fn drop_wordless(blocks: &mut Vec<Block<Expanded>>, diagnostics: &mut Diagnostics) {
    for block in blocks.iter_mut() {
        if let BlockKind::Stage(ExpandedBlock::Annex(annex)) = &mut block.kind {
            drop_wordless(&mut annex.blocks, diagnostics);
        }
    }
    blocks.retain(|block| {
        let BlockKind::Stage(ExpandedBlock::Heading(heading)) = &block.kind else { return true };
        let says_nothing = heading.content.iter().all(|inline| match &inline.kind {
            InlineKind::Text(text) => text.trim().is_empty(),
            kind => matches!(kind, InlineKind::SoftBreak | InlineKind::LineBreak),
        });
        if says_nothing {
            diagnostics.push(
                Diagnostic::new(Code::EmptySection, block.span, "a heading has no words")
                    .hint("give it words, or take it out"),
            );
        }
        !says_nothing
    });
}

/// Leaves the language of a heading to its words: the section under it has its own.
pub fn name_languages(blocks: &mut [Block<Expanded>]) {
    for block in blocks {
        match &mut block.kind {
            BlockKind::Stage(ExpandedBlock::Annex(annex)) => name_languages(&mut annex.blocks),
            BlockKind::Stage(ExpandedBlock::Heading(heading)) if block.attrs.lang().is_some() => {
                let lang = block.attrs.edit().lang.take();
                let place = heading.content.first().map_or(block.span, |first| first.span);
                let mut words = Inline::new(InlineKind::Span(heading.content.to_vec()), place);
                words.attrs.edit().lang = lang;
                heading.content = vec![words].into();
            }
            _ => {}
        }
    }
}

fn holds_headings(block: &Block<Expanded>) -> bool {
    let BlockKind::Group(children) = &block.kind else { return false };
    children.iter().any(|child| {
        matches!(child.kind, BlockKind::Stage(ExpandedBlock::Heading(_) | ExpandedBlock::Annex(_)))
            || holds_headings(child)
    })
}

/// Passes a group's language on, and its id to the first block that has none.
fn inherit(attrs: &mut Attrs, group: &mut Attrs) {
    if let Some(lang) = group.lang()
        && attrs.lang().is_none()
    {
        attrs.edit().lang = Some(lang.to_owned());
    }
    if group.id().is_some() && attrs.id().is_none() {
        attrs.edit().id = group.edit().id.take();
    }
}

/// Makes the levels of headings grow by one at a time, beginning with 1
/// (2 inside annexes).
pub fn level(blocks: &mut [Block<Expanded>], title_in_text: bool, diagnostics: &mut Diagnostics) {
    let above = if title_in_text { vec![1] } else { Vec::new() };
    let hidden = usize::from(title_in_text);
    let mut skipped = Vec::new();
    level_flow(blocks, Open { levels: above, hidden, above: 0, deepest: DEEPEST_FIRST_LEVEL }, &mut skipped);
    // A document that skips levels does so by habit, as laws do: once is enough.
    if let Some((Skipped { span, written, expected }, others)) = skipped.split_first() {
        let message = format!("a heading of level {written} where level {expected} is the deepest that fits");
        let message = match others.len() {
            0 => message,
            1 => format!("{message}, and one more"),
            count => format!("{message}, and {count} more"),
        };
        diagnostics.push(
            Diagnostic::new(Code::SkippedLevel, *span, message)
                .hint(format!("write {} before its words", "#".repeat(usize::from(*expected))))
                .fixes(skipped.iter().map(Skipped::fix)),
        );
    }
}

impl Skipped {
    /// Writes the level that it has.
    fn fix(&self) -> Fix {
        let [written, expected] = [self.written, self.expected].map(usize::from);
        Fix::rename(self.span.slice(0..written), &"#".repeat(written), &"#".repeat(expected))
    }
}

/// A heading that lies deeper than it can.
struct Skipped {
    span: Span,
    written: u8,
    expected: u8,
}

/// The headings that are open at a place.
struct Open {
    /// Their levels as written, outermost first.
    levels: Vec<u8>,
    /// How many of them are no sections (the document's title).
    hidden: usize,
    /// How many sections lie above the flow (the annex).
    above: usize,
    /// The deepest level that the first heading may have.
    deepest: u8,
}

fn level_flow(blocks: &mut [Block<Expanded>], mut open: Open, skipped: &mut Vec<Skipped>) {
    for block in blocks {
        let span = block.span;
        match &mut block.kind {
            BlockKind::Stage(ExpandedBlock::Heading(heading)) => {
                let expected = open.levels.last().map_or(open.deepest, |last| last.saturating_add(1));
                if heading.level > expected {
                    skipped.push(Skipped { span, written: heading.level, expected });
                }
                let written = heading.level;
                // The title's own level stays open under its sections.
                while open.levels.len() > open.hidden && open.levels.last().is_some_and(|last| *last >= written) {
                    open.levels.pop();
                }
                open.levels.push(written);
                let depth = open.levels.len() - open.hidden + open.above;
                heading.level = u8::try_from(depth).unwrap_or(u8::MAX);
            }
            BlockKind::Stage(ExpandedBlock::Annex(annex)) => {
                let inside = Open { levels: Vec::new(), hidden: 0, above: 1, deepest: DEEPEST_FIRST_LEVEL + 1 };
                level_flow(&mut annex.blocks, inside, skipped);
                open.levels.truncate(open.hidden);
            }
            _ => {}
        }
    }
}

/// Gives an annex without a title its first heading as one.
pub fn title_annexes(blocks: &mut [Block<Expanded>]) {
    for block in blocks {
        let BlockKind::Stage(ExpandedBlock::Annex(annex)) = &mut block.kind else { continue };
        let first = annex.blocks.first();
        let headed = matches!(first.map(|block| &block.kind), Some(BlockKind::Stage(ExpandedBlock::Heading(_))));
        if annex.title.is_none() && headed {
            let first = annex.blocks.remove(0);
            if let BlockKind::Stage(ExpandedBlock::Heading(heading)) = first.kind {
                annex.title = Some(heading.content.into_inner());
                if block.attrs.id().is_none()
                    && let Some(id) = first.attrs.id()
                {
                    block.attrs.edit().id = Some(id.to_owned());
                }
            }
        }
    }
}
