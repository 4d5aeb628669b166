//! Assembles a sequence of paragraphs and tables into blocks.

use super::Reader;
use super::caption::{self, Kind};
use super::list::{Item, lists};
use super::paragraph::Para;
use super::style::Role;
use crate::ast::{
    Annex, AttrList, Block, BlockKind, Definition, Equation, Figure, Heading, Inline, InlineKind, Node, Parsed,
    ParsedBlock, UNNUMBERED,
};
use crate::diagnostic::Code;
use crate::import::marks::{self, Bit, Marked, node};
use std::iter::Peekable;
use std::vec::IntoIter;

/// A paragraph, or what is a block already.
#[derive(Debug)]
pub enum Flat {
    Para(Box<Para>),
    /// A block with its nesting depth in lists, definitions and quotations, if known.
    Block(Block<Parsed>, u8),
}

impl Flat {
    fn depth(&self) -> u8 {
        match self {
            Flat::Para(para) => para.depth,
            Flat::Block(_, depth) => *depth,
        }
    }

    /// Whether it is a paragraph that shows nothing.
    pub fn is_blank(&self) -> bool {
        // An item that starts with something else than words has a sign alone in our own editions.
        let shows = |para: &Para| para.role == Role::Rule || para.depth > 0 && para.role.is_item();
        matches!(self, Flat::Para(para) if marks::is_blank(&para.bits) && !shows(para))
    }
}

type Flats = Peekable<IntoIter<Flat>>;

/// Headings go down to this level.
const DEEPEST: u8 = 6;

impl Reader<'_> {
    /// The blocks of the text itself.
    pub(super) fn assemble(&mut self, flats: Vec<Flat>) -> Vec<Block<Parsed>> {
        let (mut counted, mut all) = (0_usize, 0_usize);
        for flat in &flats {
            if let Flat::Para(para) = flat
                && matches!(para.role, Role::Heading(1..=3))
                && !marks::is_blank(&para.bits)
            {
                all += 1;
                counted += usize::from(counts_sections(para));
            }
        }
        self.numbered_sections |= if self.styles.own { counted > 0 } else { counted * 2 > all };
        if counted > 0 && !self.numbered_sections {
            let message = format!("{counted} headings had numbers, and most have none: they have none now");
            self.losses.add(Code::Simplified, 0, message, Some("`numbering: {sections: true}` numbers all headings"));
        }
        self.blocks(flats, true)
    }

    /// The blocks of a cell, a note or a box, where there are no sections.
    pub(super) fn assemble_inner(&mut self, flats: Vec<Flat>) -> Vec<Block<Parsed>> {
        self.blocks(flats, false)
    }

    fn blocks(&mut self, flats: Vec<Flat>, has_sections: bool) -> Vec<Block<Parsed>> {
        let mut blocks: Vec<Block<Parsed>> = Vec::new();
        let mut flats = flats.into_iter().peekable();
        // An annex holds what follows its heading.
        let mut annexes: Vec<(Block<Parsed>, usize)> = Vec::new();
        while let Some(flat) = flats.next() {
            let para = match flat {
                Flat::Para(para) if has_sections && matches!(para.role, Role::Heading(_)) => *para,
                flat => {
                    self.flat(flat, &mut flats, &mut blocks);
                    continue;
                }
            };
            let (Role::Heading(level), false) = (para.role, marks::is_blank(&para.bits) && !is_annex(&para)) else {
                continue;
            };
            if level == 1 {
                close_annex(&mut blocks, annexes.pop());
            }
            if is_annex(&para) {
                annexes.push((self.annex(para), blocks.len()));
            } else {
                blocks.push(self.heading(para, level));
            }
        }
        close_annex(&mut blocks, annexes.pop());
        blocks
    }

    /// Assembles a paragraph or a table with the parts that belong to it among the following ones.
    fn flat(&mut self, flat: Flat, flats: &mut Flats, blocks: &mut Vec<Block<Parsed>>) {
        match flat {
            Flat::Block(block, _) => blocks.push(block),
            flat if flat.is_blank() => {}
            Flat::Para(para) => match para.role {
                Role::Heading(_) | Role::Title | Role::Subtitle | Role::PanelTitle => blocks.push(shout(*para)),
                _ => self.para(*para, flats, blocks),
            },
        }
    }

    /// Takes the following parts that are nested deeper.
    fn deeper(&mut self, depth: u8, flats: &mut Flats) -> Vec<Block<Parsed>> {
        let mut blocks = Vec::new();
        while let Some(flat) = flats.next_if(|flat| flat.depth() > depth && !flat.is_blank()) {
            self.flat(flat, flats, &mut blocks);
        }
        blocks
    }

    fn para(&mut self, para: Para, flats: &mut Flats, blocks: &mut Vec<Block<Parsed>>) {
        if let Some(equation) = self.equation(&para) {
            return blocks.push(equation);
        }
        if let Some(kind) = caption::kind(&para) {
            return self.captioned(para, kind, flats, blocks);
        }
        if let Some((depth, marker)) = self.item_marker(&para) {
            return self.list(para, depth, marker, flats, blocks);
        }
        match para.role {
            Role::Quote => self.quote(para, flats, blocks),
            Role::Code => code(para, flats, blocks),
            Role::Term | Role::Definition => self.definitions(para, flats, blocks),
            Role::Figure => self.figure(para, flats, blocks),
            Role::Rule => blocks.push(node(BlockKind::Rule, para.serial)),
            _ => blocks.push(paragraph(para)),
        }
    }

    /// A formula on a line of its own, perhaps with a number.
    fn equation(&mut self, para: &Para) -> Option<Block<Parsed>> {
        let mut formulas = para.bits.iter().filter_map(|marked| match &marked.bit {
            Bit::Inline(kind) => match &**kind {
                InlineKind::Math(formula) => Some(formula),
                _ => None,
            },
            Bit::Text(_) | Bit::Break | Bit::Node(_) | Bit::Anchor(_) => None,
        });
        let (formula, None) = (formulas.next()?, formulas.next()) else { return None };
        if self.styles.own && para.role != Role::Equation {
            return None;
        }
        let text = para.text();
        let is_number =
            text.trim().trim_start_matches('(').trim_end_matches(')').chars().all(|c| c.is_alphanumeric() || c == '.');
        let is_alone = text.trim().is_empty() || para.sequence.is_some() && is_number;
        if !is_alone || para.bits.iter().any(|marked| matches!(marked.bit, Bit::Node(_))) {
            return None;
        }
        self.losses.generated(&text);
        let equation = Equation { formula: (**formula).clone(), label: () };
        // A number needs an id; without one the next formula would get it.
        let numbered = || {
            let number: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
            let id = format!("equation-{}", number.to_lowercase());
            (para.sequence.is_some() && self.placed.insert(id.clone())).then_some(id)
        };
        let id = para.clone().take_id().or_else(numbered);
        Some(with(BlockKind::Equation(Box::new(equation)), para.serial, AttrList { id, ..AttrList::default() }))
    }

    fn heading(&mut self, mut para: Para, level: u8) -> Block<Parsed> {
        let serial = para.serial;
        let shown = level.saturating_add(self.shift);
        if shown > DEEPEST {
            let message = format!("a heading of level {shown} is one of level {DEEPEST} now");
            self.losses.add(Code::Simplified, serial, message, None);
        }
        let is_numbered = self.typed_numbers || counts_sections(&para);
        let id = para.take_id();
        let mut classes = Vec::new();
        if self.numbered_sections && !is_numbered && level <= 3 {
            classes.push(UNNUMBERED.to_owned());
        }
        let content = marks::inlines(without_strong(para.bits), serial);
        let heading = Heading { level: shown.min(DEEPEST), content: content.into() };
        with(BlockKind::Stage(ParsedBlock::Heading(heading)), serial, AttrList { id, classes, ..AttrList::default() })
    }

    fn annex(&mut self, mut para: Para) -> Block<Parsed> {
        let (serial, id) = (para.serial, para.take_id());
        let title = marks::inlines(without_strong(para.bits), serial);
        let annex = Annex { title: (!title.is_empty()).then_some(title), blocks: Vec::new() };
        with(BlockKind::Stage(ParsedBlock::Annex(annex)), serial, AttrList { id, ..AttrList::default() })
    }

    fn list(
        &mut self,
        para: Para,
        depth: u8,
        marker: Option<crate::ast::ListMarker>,
        flats: &mut Flats,
        blocks: &mut Vec<Block<Parsed>>,
    ) {
        // Where it is known how deep things stand, those that stand deeper than the list belong
        // to its items.
        let outside = para.depth.checked_sub(1);
        let mut items: Vec<Item> = vec![self.item(para, depth, marker)];
        while let Some(flat) = flats.next_if(|flat| outside.is_none_or(|outside| flat.depth() > outside)) {
            let next = match flat {
                flat if flat.is_blank() => continue,
                Flat::Para(para) if caption::kind(&para).is_none() && self.item_marker(&para).is_some() => *para,
                flat if outside.is_some() => {
                    let (depth, serial) = (flat.depth().saturating_sub(1), self.serial);
                    let mut blocks = Vec::new();
                    self.flat(flat, flats, &mut blocks);
                    items.push(Item { serial, depth, marker: None, is_counted: false, task: None, blocks });
                    continue;
                }
                flat => {
                    blocks.extend(lists(items));
                    return self.flat(flat, flats, blocks);
                }
            };
            let Some((depth, marker)) = self.item_marker(&next) else { continue };
            items.push(self.item(next, depth, marker));
        }
        blocks.extend(lists(items));
    }

    /// Reads content with a caption below it, in our own editions.
    fn figure(&mut self, para: Para, flats: &mut Flats, blocks: &mut Vec<Block<Parsed>>) {
        let (serial, depth) = (para.serial, para.depth);
        let mut shown = vec![paragraph(para)];
        while let Some(Flat::Para(next)) =
            flats.next_if(|flat| matches!(flat, Flat::Para(next) if next.role == Role::Figure && next.depth == depth))
        {
            shown.push(paragraph(*next));
        }
        let is_caption = |flat: &Flat| matches!(flat, Flat::Para(next) if next.role == Role::Caption);
        let Some(Flat::Para(caption)) = flats.next_if(is_caption) else { return blocks.extend(shown) };
        // Consecutive pictures are separate figures, one of which has a caption.
        let own =
            if shown.iter().all(is_picture) { shown.split_off(shown.len() - 1) } else { std::mem::take(&mut shown) };
        blocks.extend(shown);
        let caption = self.caption(*caption);
        let attrs = caption.attrs(self.styles.own);
        let figure = Figure { caption: Some(caption.content), label: (), blocks: own };
        blocks.push(with(BlockKind::Figure(figure), serial, attrs));
    }

    fn quote(&mut self, para: Para, flats: &mut Flats, blocks: &mut Vec<Block<Parsed>>) {
        let (serial, depth) = (para.serial, para.depth);
        let mut quoted = vec![paragraph(para)];
        loop {
            let before = quoted.len();
            quoted.extend(following(flats, Role::Quote, depth).map(paragraph));
            quoted.extend(self.deeper(depth, flats));
            if quoted.len() == before {
                break;
            }
        }
        let attribution =
            following(flats, Role::Attribution, depth).next().map(|para| marks::inlines(para.bits, para.serial));
        blocks.push(node(BlockKind::Quote { blocks: quoted, attribution }, serial));
    }

    fn definitions(&mut self, para: Para, flats: &mut Flats, blocks: &mut Vec<Block<Parsed>>) {
        let (serial, depth) = (para.serial, para.depth);
        if para.role == Role::Definition {
            return blocks.push(paragraph(para));
        }
        let span = node((), serial).span;
        let mut terms = vec![marks::inlines(para.bits, serial)];
        terms.extend(following(flats, Role::Term, depth).map(|para| marks::inlines(para.bits, para.serial)));
        let mut details = Vec::new();
        loop {
            let before = details.len();
            details.extend(following(flats, Role::Definition, depth).map(paragraph));
            details.extend(self.deeper(depth, flats));
            if details.len() == before {
                break;
            }
        }
        if details.is_empty() {
            return blocks.extend(terms.into_iter().map(|term| node(BlockKind::Paragraph(term.into()), serial)));
        }
        let definition = Definition { terms, details: vec![details], span };
        match blocks.last_mut().map(|block| &mut block.kind) {
            Some(BlockKind::Definitions(definitions)) => definitions.push(definition),
            _ => blocks.push(node(BlockKind::Definitions(vec![definition]), serial)),
        }
    }

    /// A caption goes to the table below it or above it, or to the picture above it or
    /// below it.
    fn captioned(&mut self, para: Para, kind: Kind, flats: &mut Flats, blocks: &mut Vec<Block<Parsed>>) {
        let serial = para.serial;
        let plain = para.clone();
        let caption = self.caption(para);
        while flats.next_if(|flat| matches!(flat, Flat::Para(para) if marks::is_blank(&para.bits))).is_some() {}
        let below_is_table = matches!(flats.peek(), Some(Flat::Block(block, _)) if open_table(block));
        let above_is_table = blocks.last().is_some_and(open_table);
        let above_is_picture =
            blocks.last().is_some_and(|block| is_picture(block) || self.styles.own && kind == Kind::Figure);
        let below_is_picture = matches!(flats.peek(), Some(Flat::Para(para)) if shows_picture(para));
        if kind != Kind::Figure && (below_is_table || above_is_table) {
            let below = below_is_table.then(|| flats.next()).flatten();
            let table = match below {
                Some(Flat::Block(block, _)) => Some(block),
                Some(Flat::Para(_)) | None => blocks.pop(),
            };
            if let Some(mut block) = table {
                block.attrs = caption.attrs(self.styles.own).into();
                if let BlockKind::Table(table) = &mut block.kind {
                    table.caption = Some(caption.content);
                }
                blocks.push(block);
            }
            return;
        }
        if kind != Kind::Table && (above_is_picture || below_is_picture) {
            let picture = if above_is_picture {
                blocks.pop()
            } else {
                match flats.next() {
                    Some(Flat::Para(para)) => Some(paragraph(*para)),
                    Some(Flat::Block(block, _)) => Some(block),
                    None => None,
                }
            };
            let attrs = caption.attrs(self.styles.own);
            let figure = Figure { caption: Some(caption.content), label: (), blocks: picture.into_iter().collect() };
            return blocks.push(with(BlockKind::Figure(figure), serial, attrs));
        }
        let mut bits = self.loose_caption(caption, serial);
        if plain.bits.iter().any(|marked| matches!(marked.bit, Bit::Text(_))) {
            bits.retain(|marked| matches!(marked.bit, Bit::Anchor(_)));
            bits.extend(plain.bits.into_iter().filter(|marked| !matches!(marked.bit, Bit::Anchor(_))));
        }
        blocks.push(node(BlockKind::Paragraph(marks::inlines(bits, serial).into()), serial));
    }
}

/// Puts what follows an annex's heading into it.
fn close_annex(blocks: &mut Vec<Block<Parsed>>, annex: Option<(Block<Parsed>, usize)>) {
    let Some((mut block, start)) = annex else { return };
    if let BlockKind::Stage(ParsedBlock::Annex(annex)) = &mut block.kind {
        annex.blocks = blocks.split_off(start.min(blocks.len()));
    }
    blocks.push(block);
}

/// Whether a heading is numbered as sections are.
fn counts_sections(para: &Para) -> bool {
    para.numbered.as_ref().is_some_and(|numbered| !numbered.level.is_bullet())
}

/// Whether a heading is that of an annex: its number is a letter, or has a word before it.
fn is_annex(para: &Para) -> bool {
    const WORDS: [&str; 14] = [
        "annex",
        "appendix",
        "anhang",
        "anlage",
        "annexe",
        "anexo",
        "allegato",
        "bijlage",
        "bilaga",
        "bilag",
        "liite",
        "załącznik",
        "příloha",
        "παράρτημα",
    ];
    let Some(numbered) = para.numbered.as_ref().filter(|_| para.role == Role::Heading(1)) else { return false };
    let text = numbered.level.text.to_lowercase();
    WORDS.iter().any(|word| text.starts_with(word))
}

fn with(kind: BlockKind<Parsed>, serial: u32, attrs: AttrList) -> Block<Parsed> {
    Node { attrs: attrs.into(), ..node(kind, serial) }
}

/// Paragraphs of a role that follow, as deep as those before them.
fn following(flats: &mut Flats, role: Role, depth: u8) -> impl Iterator<Item = Para> {
    let is = move |flat: &Flat| matches!(flat, Flat::Para(para) if para.role == role && para.depth == depth);
    std::iter::from_fn(move || match flats.next_if(is) {
        Some(Flat::Para(para)) => Some(*para),
        Some(Flat::Block(..)) | None => None,
    })
}

/// An ordinary paragraph.
pub fn paragraph(para: Para) -> Block<Parsed> {
    node(BlockKind::Paragraph(marks::inlines(para.bits, para.serial).into()), para.serial)
}

/// A heading where no section can begin.
fn shout(para: Para) -> Block<Parsed> {
    let serial = para.serial;
    let content = marks::inlines(without_strong(para.bits), serial);
    node(BlockKind::Paragraph(vec![node(InlineKind::Strong(content), serial)].into()), serial)
}

/// Headings are strong by themselves.
fn without_strong(mut bits: Vec<Marked>) -> Vec<Marked> {
    let is_all = bits.iter().all(|marked| match &marked.bit {
        Bit::Text(text) => text.trim().is_empty() || marked.marks.contains(&marks::Mark::Strong),
        Bit::Break | Bit::Inline(_) | Bit::Node(_) | Bit::Anchor(_) => true,
    });
    if is_all {
        bits.iter_mut().for_each(|marked| marked.marks.retain(|mark| *mark != marks::Mark::Strong));
    }
    bits
}

/// Paragraphs of code that follow one another are one.
fn code(para: Para, flats: &mut Flats, blocks: &mut Vec<Block<Parsed>>) {
    let serial = para.serial;
    let anchors: Vec<Marked> =
        para.bits.iter().filter(|marked| matches!(marked.bit, Bit::Anchor(_))).cloned().collect();
    let mut lines = vec![code_text(&para)];
    while let Some(Flat::Para(next)) = flats.next_if(|flat| matches!(flat, Flat::Para(para) if para.role == Role::Code))
    {
        lines.push(code_text(&next));
    }
    if !anchors.is_empty() {
        blocks.push(node(BlockKind::Paragraph(marks::inlines(anchors, serial).into()), serial));
    }
    blocks.push(node(BlockKind::Code { language: None, text: lines.join("\n") }, serial));
}

fn code_text(para: &Para) -> String {
    let of = |marked: &Marked| match &marked.bit {
        Bit::Text(text) => text.replace('\u{2003}', "\t"),
        Bit::Break => "\n".to_owned(),
        Bit::Inline(_) | Bit::Node(_) | Bit::Anchor(_) => String::new(),
    };
    para.bits.iter().map(of).collect()
}

fn open_table(block: &Block<Parsed>) -> bool {
    matches!(&block.kind, BlockKind::Table(table) if table.caption.is_none())
}

fn is_picture(block: &Block<Parsed>) -> bool {
    match &block.kind {
        BlockKind::Paragraph(content) => !content.is_empty() && content.iter().all(is_image),
        _ => false,
    }
}

fn is_image(inline: &Inline<Parsed>) -> bool {
    matches!(inline.kind, InlineKind::Image(_) | InlineKind::LineBreak)
}

fn shows_picture(para: &Para) -> bool {
    let has = para.bits.iter().any(|marked| match &marked.bit {
        Bit::Inline(kind) => matches!(**kind, InlineKind::Image(_)),
        Bit::Node(inline) => matches!(inline.kind, InlineKind::Image(_)),
        Bit::Text(_) | Bit::Break | Bit::Anchor(_) => false,
    });
    has && para.text().trim().is_empty()
}
