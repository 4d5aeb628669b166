//! References and links whose targets turned out to be elsewhere, or nowhere.

use crate::ast::{Block, BlockKind, Document, Inline, InlineKind, Parsed, ParsedBlock, ParsedInline};
use crate::diagnostic::Code;
use crate::import::loss::Losses;
use crate::import::marks::node;
use crate::import::walk::{each_content, each_content_mut};
use std::collections::{BTreeMap, BTreeSet};

/// The ids of a document, and those that references can name.
#[derive(Default)]
struct Ids {
    all: BTreeSet<String>,
    labelled: BTreeSet<String>,
}

/// Makes references to what has no label links of the words that the file shows, and links
/// to what is not there plain words.
pub fn settle(document: &mut Document, labels: &BTreeMap<String, String>, losses: &mut Losses) {
    let mut ids = Ids::default();
    ids.add(&document.blocks);
    document.notes.iter().for_each(|note| ids.add(&note.blocks));
    let summary = document.metadata.abstract_text.as_ref();
    ids.all.extend(summary.into_iter().flat_map(|text| printed_ids(&text.value)));
    let mut settle = |content: &mut Vec<Inline<Parsed>>| inlines(content, &ids, labels, losses);
    each_content_mut(&mut document.blocks, &mut settle);
    for note in &mut document.notes {
        each_content_mut(&mut note.blocks, &mut settle);
    }
}

/// The ids in running text that is printed already.
fn printed_ids(text: &str) -> impl Iterator<Item = String> {
    let ids = |start: &'static str| {
        let behind = text.split(start).skip(1);
        behind.filter_map(|behind| behind.split(['"', '}', ' ']).next()).map(str::to_owned)
    };
    ids("id=\"").chain(ids("{#"))
}

impl Ids {
    fn add(&mut self, blocks: &[Block<Parsed>]) {
        crate::import::walk::each_block(blocks, &mut |block| {
            let Some(id) = block.attrs.id() else { return };
            self.all.insert(id.to_owned());
            let has_label = match &block.kind {
                BlockKind::Table(table) => table.caption.is_some(),
                BlockKind::Figure(figure) => figure.caption.is_some(),
                BlockKind::Panel(panel) => panel.title.is_some(),
                BlockKind::Stage(ParsedBlock::Heading(_) | ParsedBlock::Annex(_)) | BlockKind::Equation(_) => true,
                _ => false,
            };
            if has_label {
                self.labelled.insert(id.to_owned());
            }
        });
        each_content(blocks, &mut |content| self.places(content));
    }

    fn places(&mut self, content: &[Inline<Parsed>]) {
        for inline in content {
            self.all.extend(inline.attrs.id().map(str::to_owned));
            self.places(inline.kind.children());
        }
    }
}

fn inlines(content: &mut Vec<Inline<Parsed>>, ids: &Ids, labels: &BTreeMap<String, String>, losses: &mut Losses) {
    let mut settled = Vec::with_capacity(content.len());
    for mut inline in std::mem::take(content) {
        let serial = inline.span.start;
        if let Some(children) = inline.kind.children_mut() {
            inlines(children, ids, labels, losses);
        }
        match inline.kind {
            InlineKind::Stage(ParsedInline::Reference { ref id, .. }) if !ids.labelled.contains(id) => {
                let words = labels.get(id).cloned().unwrap_or_default();
                if let Some(at) = losses.generated.iter().position(|known| *known == words) {
                    losses.generated.swap_remove(at);
                }
                let text = node(InlineKind::Text(words), serial);
                if ids.all.contains(id) {
                    let link = InlineKind::Link { target: format!("#{id}"), title: None, content: vec![text] };
                    settled.push(node(link, serial));
                } else {
                    settled.push(text);
                }
            }
            InlineKind::Link { ref target, .. } if target.strip_prefix('#').is_some_and(|id| !ids.all.contains(id)) => {
                let message =
                    format!("a link leads to `{target}`, which is nowhere in the text: its words are plain text");
                losses.add(Code::Simplified, serial, message, None);
                if let InlineKind::Link { content, .. } = inline.kind {
                    settled.extend(content);
                }
            }
            _ => settled.push(inline),
        }
    }
    *content = settled;
}
