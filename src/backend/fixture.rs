//! Resolved documents built by hand, for the tests of backends.

use crate::ast::{Block, BlockKind, Inline, InlineKind, Metadata};
use crate::language::Language;
use crate::resolve::{
    Brief, Label, Navigation, Note, NoteUse, RBlock, RInline, Resolved, ResolvedBlock, ResolvedStage, Section,
};
use crate::source::Span;

/// An English document with a title.
pub fn document(blocks: Vec<RBlock>) -> Resolved {
    Resolved {
        metadata: Metadata::default(),
        language: Language::from_tag("en"),
        stem: "note".to_owned(),
        title: vec![text("A note")],
        title_text: "A note".to_owned(),
        subtitle: None,
        description: None,
        banners: Vec::new(),
        control: Vec::new(),
        control_title: "Document control".to_owned(),
        summary: Vec::new(),
        contents: None,
        blocks,
        notes: Vec::new(),
        outline: Vec::new(),
        abbreviations: Vec::new(),
        pictures: Vec::new(),
        files: std::collections::BTreeMap::new(),
        navigation: Navigation::default(),
        brief: Brief::default(),
        timestamp: None,
        is_redline: false,
        tracked: None,
    }
}

pub fn inline(kind: InlineKind<ResolvedStage>) -> RInline {
    Inline::new(kind, Span::default())
}

pub fn text(words: &str) -> RInline {
    inline(InlineKind::Text(words.to_owned()))
}

pub fn block(kind: BlockKind<ResolvedStage>) -> RBlock {
    Block::new(kind, Span::default())
}

pub fn paragraph(words: &str) -> RBlock {
    block(BlockKind::Paragraph(vec![text(words)].into()))
}

pub fn section(id: &str, level: u8, number: Option<&str>, title: &str, blocks: Vec<RBlock>) -> RBlock {
    let mut node = block(BlockKind::Stage(ResolvedBlock::Section(Section {
        annex: false,
        level,
        number: number.map(str::to_owned),
        title: vec![text(title)].into(),
        heading_span: Span::default(),
        blocks,
    })));
    node.attrs.edit().id = Some(id.to_owned());
    node
}

pub fn note(number: &str, blocks: Vec<RBlock>) -> Note {
    let id = format!("fn-{number}");
    Note { number: number.to_owned(), references: vec![format!("{id}-1")], id, blocks, span: Span::default() }
}

pub fn note_use(note: usize) -> RInline {
    inline(InlineKind::Note(NoteUse { note, id: format!("ref-{note}"), separator: "" }))
}

pub fn label(name: &str, number: &str) -> Option<Label> {
    Some(Label { name: name.to_owned(), number: number.to_owned(), text: format!("{name} {number}") })
}
