//! Sections without text (W0505), and headings that are repeated (W0506) or say their number.

use crate::ast::BlockKind;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::{RBlock, Resolved, ResolvedBlock, Section};
use crate::source::Span;
use std::collections::BTreeMap;

/// Looks at all sections of a document.
pub fn check(document: &Resolved, diagnostics: &mut Diagnostics) {
    siblings(&document.blocks, diagnostics);
}

fn siblings(blocks: &[RBlock], diagnostics: &mut Diagnostics) {
    let mut first: BTreeMap<&str, Span> = BTreeMap::new();
    for section in blocks.iter().filter_map(section) {
        let title = section.title.plain_text();
        // An annex without a title is called by its number.
        let name = if title.trim().is_empty() { section.number.as_deref().unwrap_or_default() } else { title.trim() };
        match first.get(name) {
            Some(place) => diagnostics.push(
                Diagnostic::new(Code::RepeatedHeading, section.heading_span, format!("“{name}” is repeated"))
                    .secondary(*place, "first here")
                    .hint("say in the heading what is different about this section"),
            ),
            None => {
                first.insert(name, section.heading_span);
            }
        }
        super::doubled_label::check_section(section, diagnostics);
        if section.blocks.iter().all(says_nothing) && !is_explained(title) {
            let message = format!("nothing follows the heading “{name}”");
            diagnostics.push(
                Diagnostic::new(Code::EmptySection, section.heading_span, message)
                    .hint("write the section, or take the heading out"),
            );
        }
        siblings(&section.blocks, diagnostics);
    }
}

/// Whether a heading ends with words in brackets, which say why nothing follows it:
/// `Art. 49 (repealed)`, `§ 12 (weggefallen)`, `[reserved]`.
fn is_explained(title: &str) -> bool {
    const BRACKETS: [(char, char); 2] = [('(', ')'), ('[', ']')];
    let title = title.trim_end_matches(['.', ' ']);
    BRACKETS.into_iter().any(|(open, close)| {
        let inside = title.strip_suffix(close).and_then(|title| title.rsplit_once(open));
        inside.is_some_and(|(_, inside)| inside.starts_with(char::is_lowercase) && !inside.contains(char::is_numeric))
    })
}

fn section(block: &RBlock) -> Option<&Section> {
    match &block.kind {
        BlockKind::Stage(ResolvedBlock::Section(section)) => Some(section),
        _ => None,
    }
}

fn says_nothing(block: &RBlock) -> bool {
    matches!(block.kind, BlockKind::Rule | BlockKind::PageBreak)
}
