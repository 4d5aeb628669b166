//! A document as a sequence: headings, blocks, items of lists. Sections and
//! lists are taken apart, so that a heading or an item that comes in between
//! moves nothing.

use super::align::{Class, Unit};
use super::token::{Leaf, Sort, Tokenizer, Tokens, leaves, written};
use crate::ast::{BlockKind, Definition, List, ListItem, linear, plain_text};
use crate::resolve::{Label, RBlock, RInline, ResolvedBlock, ResolvedStage, Section};
use crate::source::hash::hash;

/// A member of the sequence.
#[derive(Debug, Clone, Copy)]
pub enum Entry<'a> {
    Heading {
        block: &'a RBlock,
        section: &'a Section,
    },
    Block(&'a RBlock),
    Item {
        block: &'a RBlock,
        list: &'a List<ResolvedStage>,
        item: &'a ListItem<ResolvedStage>,
        /// Which list of the sequence.
        group: usize,
        /// Place in the list.
        at: usize,
    },
    Definition {
        block: &'a RBlock,
        definition: &'a Definition<ResolvedStage>,
        group: usize,
    },
}

/// Takes sections and lists apart.
pub fn flatten(blocks: &[RBlock]) -> Vec<Entry<'_>> {
    let mut out = Vec::new();
    push(blocks, &mut out, &mut 0);
    out
}

fn push<'a>(blocks: &'a [RBlock], out: &mut Vec<Entry<'a>>, groups: &mut usize) {
    for block in blocks {
        match &block.kind {
            BlockKind::Stage(ResolvedBlock::Section(section)) => {
                out.push(Entry::Heading { block, section });
                push(&section.blocks, out, groups);
            }
            BlockKind::List(list) => {
                *groups += 1;
                let items = list.items.iter().enumerate();
                out.extend(items.map(|(at, item)| Entry::Item { block, list, item, group: *groups, at }));
            }
            BlockKind::Definitions(definitions) => {
                *groups += 1;
                let group = *groups;
                out.extend(definitions.iter().map(|definition| Entry::Definition { block, definition, group }));
            }
            _ => out.push(Entry::Block(block)),
        }
    }
}

impl<'a> Entry<'a> {
    /// The words of an entry that is one paragraph, whatever its container.
    pub fn flow(&self) -> Option<&'a [RInline]> {
        match *self {
            Entry::Block(block) => paragraph(block),
            Entry::Item { item, .. } => match item.blocks.as_slice() {
                [only] => paragraph(only),
                _ => None,
            },
            Entry::Heading { .. } | Entry::Definition { .. } => None,
        }
    }

    /// Its words, those of its parts one after the other.
    pub fn said(&self) -> String {
        let mut said = Vec::new();
        let mut say = |leaf: Leaf| {
            if let Leaf::Text(text) = leaf {
                said.push(plain_text(text));
            }
        };
        match *self {
            Entry::Heading { section, .. } => say(Leaf::Text(&section.title)),
            Entry::Block(block) => leaves(block, None, &mut say),
            Entry::Item { item, .. } => item.blocks.iter().for_each(|block| leaves(block, None, &mut say)),
            Entry::Definition { definition, .. } => definition.terms.iter().for_each(|term| say(Leaf::Text(term))),
        }
        said.retain(|words| !words.trim().is_empty());
        said.join(" ")
    }

    /// Its id.
    pub fn id(&self) -> Option<&'a str> {
        match *self {
            Entry::Heading { block, .. } | Entry::Block(block) => block.attrs.id(),
            Entry::Item { item, .. } => item.attrs.id(),
            Entry::Definition { .. } => None,
        }
    }

    /// Its number as readers see it, and what it is called.
    pub fn number(&self) -> Option<(&'a str, String)> {
        let titled = |label: &'a Option<Label>, title: &Option<Vec<RInline>>| {
            Some((label.as_ref()?.text.as_str(), title.as_deref().map(plain_text).unwrap_or_default()))
        };
        match *self {
            Entry::Heading { section, .. } => Some((section.number.as_deref()?, section.title.plain_text().to_owned())),
            Entry::Block(block) => match &block.kind {
                BlockKind::Panel(panel) => titled(&panel.label, &panel.title),
                BlockKind::Figure(figure) => titled(&figure.label, &figure.caption),
                BlockKind::Table(table) => titled(&table.label, &table.caption),
                BlockKind::Equation(equation) => {
                    Some((equation.label.as_ref()?.text.as_str(), linear(&equation.formula.content)))
                }
                _ => None,
            },
            Entry::Item { .. } | Entry::Definition { .. } => None,
        }
    }

    /// Its class, which determines possible partners.
    pub fn class(&self) -> Class {
        if self.flow().is_some() {
            return Class::Flow;
        }
        match self {
            Entry::Heading { .. } => Class::Heading,
            Entry::Item { .. } => Class::Item,
            Entry::Definition { .. } => Class::Definition,
            Entry::Block(block) => match &block.kind {
                BlockKind::Quote { .. } => Class::Quote,
                BlockKind::Code { .. } => Class::Code,
                BlockKind::Admonition { .. } => Class::Admonition,
                BlockKind::Panel(_) => Class::Panel,
                BlockKind::Figure(_) => Class::Figure,
                BlockKind::Table(_) => Class::Table,
                BlockKind::Equation(_) => Class::Equation,
                BlockKind::Group(_)
                | BlockKind::Stage(ResolvedBlock::ForFormats { .. } | ResolvedBlock::Changed { .. }) => Class::Group,
                BlockKind::Stage(ResolvedBlock::Listing(_)) => Class::Listing,
                BlockKind::Paragraph(_)
                | BlockKind::List(_)
                | BlockKind::Definitions(_)
                | BlockKind::Rule
                | BlockKind::PageBreak
                | BlockKind::Stage(ResolvedBlock::Section(_) | ResolvedBlock::NumberedParagraph { .. }) => Class::Other,
            },
        }
    }

    /// Its words, for comparison.
    pub fn unit(&self, tokenizer: &Tokenizer) -> Unit {
        let mut said = Said { tokenizer, keys: Vec::new(), words: 0 };
        match *self {
            Entry::Heading { section, .. } => said.text(&section.title),
            Entry::Block(block) => said.blocks(std::slice::from_ref(block)),
            Entry::Item { item, .. } => said.blocks(&item.blocks),
            Entry::Definition { definition, .. } => {
                definition.terms.iter().for_each(|term| said.text(term));
                definition.details.iter().for_each(|details| said.blocks(details));
            }
        }
        let unit = said.unit(self.class());
        let id = match self {
            Entry::Block(block) => block.attrs.id().filter(|id| !id.starts_with('_')).map(hash),
            Entry::Heading { .. } | Entry::Item { .. } | Entry::Definition { .. } => None,
        };
        Unit { id, ..unit }
    }
}

/// The words of a paragraph, numbered or not.
pub fn paragraph(block: &RBlock) -> Option<&[RInline]> {
    match &block.kind {
        BlockKind::Paragraph(content) | BlockKind::Stage(ResolvedBlock::NumberedParagraph { content, .. }) => {
            Some(content)
        }
        _ => None,
    }
}

/// Words as keys of tokens.
pub struct Said<'a, 'b> {
    pub tokenizer: &'a Tokenizer<'b>,
    pub keys: Vec<u64>,
    pub words: usize,
}

impl Said<'_, '_> {
    /// Adds inlines.
    pub fn text(&mut self, inlines: &[RInline]) {
        let mut tokens = Tokens::default();
        self.tokenizer.append(inlines, &mut tokens);
        for token in tokens.list {
            self.words += usize::from(token.sort != Sort::Sign);
            self.keys.push(token.key);
        }
        // The end of a paragraph is part of the content.
        self.keys.push(hash("end"));
    }

    /// Adds blocks.
    pub fn blocks(&mut self, blocks: &[RBlock]) {
        for block in blocks {
            leaves(block, None, &mut |leaf| match leaf {
                Leaf::Text(text) => self.text(text),
                Leaf::Code(code) => self.code(code),
                Leaf::Changed { block, .. } => self.code(written(block)),
            });
        }
    }

    fn code(&mut self, code: &str) {
        self.words += code.split_whitespace().count();
        self.keys.extend(code.lines().map(hash));
    }

    /// The unit that says it.
    pub fn unit(self, class: Class) -> Unit {
        let end = hash("end");
        let mut bag: Vec<u64> = self.keys.iter().copied().filter(|key| *key != end).collect();
        bag.sort_unstable();
        Unit { class, hash: hash(&self.keys), bag, words: self.words, id: None }
    }
}
