//! Merges two versions to one document: common content once, content of one version marked.

use super::align::{Bead, Unit, Weights, align_and_follow};
use super::flatten::{Entry, flatten, paragraph};
use super::item;
use super::mark::{Adopter, code};
use super::moves::Moves;
use super::nest::{Out, What, bare_heading, nest};
use super::pieces::Pieces;
use super::rebuild::{MarkedToken, change};
use super::table;
use super::token::{Sort, Token, Tokenizer, months};
use super::words::Run;
use super::{Moved, Renumbered, Renumbering};
use crate::ast::{Block, BlockKind, Definition, InlineKind, ListItem, ListMarker, plain_text};
use crate::language::{ChangeLabels, fill};
use crate::resolve::{ChangeKind, Label, RBlock, RInline, Resolved, ResolvedBlock, ResolvedStage, Side, change_of};
use crate::source::Span;
use crate::source::hash::hash;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// State of merging two versions.
pub struct Merger<'a> {
    pub old: &'a Resolved,
    pub new: &'a Resolved,
    pub adopter: Adopter,
    pub weights: Weights,
    pub renumbering: Renumbering,
    pub labels: &'static ChangeLabels,
    pub months: BTreeSet<String>,
    /// New ids by old ones, and the new ones.
    pub ids: BTreeMap<String, String>,
    known_ids: BTreeSet<String>,
    pub renumbered: Vec<Renumbered>,
    pub moved: Vec<Moved>,
    /// Ids of what editions with changes that can be taken back count themselves.
    pub counted: BTreeSet<String>,
    /// Ids of what one version alone has, there where changes can be taken back.
    pub uprooted: BTreeSet<String>,
    /// How many blocks were moved.
    moves: u32,
    /// How many words stayed, and how many both versions have.
    kept: (usize, usize),
}

/// The other end of a move, in the other version.
#[derive(Clone, Copy)]
struct Partner<'e, 'a> {
    entry: &'e Entry<'a>,
    /// Number of the move.
    number: u32,
    /// Whether it was split or joined as well.
    is_broken: bool,
}

impl<'a> Merger<'a> {
    /// A merger for two versions of a document.
    pub fn new(old: &'a Resolved, new: &'a Resolved, files: u32, renumbering: Renumbering) -> Merger<'a> {
        let months = months(&new.language);
        let mut merger = Merger {
            old,
            new,
            adopter: Adopter::new(new, files),
            weights: Weights::default(),
            renumbering,
            labels: ChangeLabels::for_language(&new.language.tag),
            months,
            ids: BTreeMap::new(),
            known_ids: BTreeSet::new(),
            renumbered: Vec::new(),
            moved: Vec::new(),
            counted: BTreeSet::new(),
            uprooted: BTreeSet::new(),
            moves: 0,
            kept: (0, 0),
        };
        let units = |merger: &Merger, side: Side, blocks: &[RBlock]| -> Vec<Unit> {
            flatten(blocks).iter().map(|entry| merger.unit(entry, side)).collect()
        };
        let all = [units(&merger, Side::Old, &old.blocks), units(&merger, Side::New, &new.blocks)];
        merger.weights = Weights::from_units(all.iter().flatten());
        merger.kept.1 = all.iter().flatten().map(|unit| unit.words).sum();
        merger
    }

    /// Whether changes can be taken back.
    pub fn is_tracked(&self) -> bool {
        self.adopter.is_tracked
    }

    /// The unit of an entry. References are equal here, whatever their targets.
    fn unit(&self, entry: &Entry, side: Side) -> Unit {
        let same = |_: &str| String::new();
        entry.unit(&Tokenizer::new(self.pictures(side), &self.months, &same))
    }

    /// Reads the words of something that is not an entry.
    pub fn said<T>(&self, side: Side, read: impl FnOnce(&Tokenizer) -> T) -> T {
        let same = |_: &str| String::new();
        read(&Tokenizer::new(self.pictures(side), &self.months, &same))
    }

    fn pictures(&self, side: Side) -> &'a [crate::resolve::Picture] {
        match side {
            Side::Old => &self.old.pictures,
            Side::New => &self.new.pictures,
        }
    }

    /// Merges two sequences of blocks.
    pub fn blocks(&mut self, old: &'a [RBlock], new: &'a [RBlock]) -> Vec<RBlock> {
        let (left, right) = (flatten(old), flatten(new));
        let units =
            |entries: &[Entry], side| -> Vec<Unit> { entries.iter().map(|entry| self.unit(entry, side)).collect() };
        let (old_units, new_units) = (units(&left, Side::Old), units(&right, Side::New));
        let (beads, moves) = align_and_follow(&old_units, &new_units, &self.weights);
        self.learn(&left, &right, &beads, &moves);
        self.remember_moves(&left, &right, &moves);
        let first_move = self.moves;
        self.moves += u32::try_from(moves.by_old.len()).unwrap_or_default();
        let mut outs = Vec::new();
        for bead in beads {
            self.bead((&left, &right), (&old_units, &new_units), bead, (&moves, first_move), &mut outs);
        }
        nest(outs, self.is_tracked())
    }

    /// Learns which ids of the new version are which of the old one.
    fn learn(&mut self, old: &[Entry], new: &[Entry], beads: &[Bead], moves: &Moves) {
        let id = |entry: Option<&Entry>| entry?.id().map(str::to_owned);
        let paired = beads.iter().filter(|bead| bead.old.len() == 1 && bead.new.len() == 1);
        let paired = paired.map(|bead| (bead.old.start, bead.new.start));
        for (a, b) in paired.chain(moves.by_old.iter().map(|(a, b)| (*a, *b))) {
            if let (Some(was), Some(is)) = (id(old.get(a)), id(new.get(b))) {
                self.known_ids.insert(is.clone());
                self.ids.insert(was, is);
            }
        }
    }

    /// The name in the new version of what has an id in the old one. Where changes can be taken
    /// back, something else with this id is no longer the same.
    pub fn new_id(&self, old: &str) -> String {
        match self.ids.get(old) {
            Some(new) => new.clone(),
            None if self.is_tracked() && self.known_ids.contains(old) => format!("{}{old}", super::mark::OLD),
            None => old.to_owned(),
        }
    }

    fn remember_moves(&mut self, old: &[Entry], new: &[Entry], moves: &Moves) {
        const WORDS: usize = 8;
        let (was, is) = (headings(old), headings(new));
        for (a, b, _) in &moves.runs {
            let said = match old.get(*a) {
                Some(Entry::Heading { section, .. }) => section.title.plain_text().to_owned(),
                Some(entry) => first_words(entry, WORDS),
                None => String::new(),
            };
            self.moved.push(Moved { words: said, from: heading_before(&was, *a), to: heading_before(&is, *b) });
        }
    }

    fn bead(
        &mut self,
        entries: (&[Entry<'a>], &[Entry<'a>]),
        units: (&[Unit], &[Unit]),
        bead: Bead,
        (moves, first_move): (&Moves, u32),
        outs: &mut Vec<Out>,
    ) {
        let number = |old: usize| first_move + u32::try_from(moves.by_old.range(..old).count()).unwrap_or_default();
        let old = entries.0.get(bead.old.clone()).unwrap_or_default();
        let new = entries.1.get(bead.new.clone()).unwrap_or_default();
        match (old, new) {
            ([], come) => {
                for (at, entry) in bead.new.zip(come) {
                    let place = moves.by_new.get(&at).copied();
                    let is_broken = moves.broken.1.contains(&at);
                    let partner =
                        place.and_then(|at| Some(Partner { entry: entries.0.get(at)?, number: number(at), is_broken }));
                    // Moved content is in both versions.
                    let words = units.1.get(at).filter(|_| partner.is_some()).map_or(0, |unit| unit.words);
                    self.kept.0 += words;
                    outs.extend(self.alone(entry, partner, Side::New));
                }
            }
            (gone, []) => {
                for (at, entry) in bead.old.zip(gone) {
                    let is_broken = moves.broken.0.contains(&at);
                    let to = moves.by_old.get(&at).and_then(|to| entries.1.get(*to));
                    let partner = to.map(|entry| Partner { entry, number: number(at), is_broken });
                    outs.extend(self.alone(entry, partner, Side::Old));
                }
            }
            (olds, news) if self.is_tracked() && !item::have_one_lead(olds, news) => {
                outs.extend(olds.iter().filter_map(|entry| self.alone(entry, None, Side::Old)));
                outs.extend(news.iter().filter_map(|entry| self.alone(entry, None, Side::New)));
            }
            ([one], [other]) if item::is_ticked(one, other) => match item::merge_ticked(self, one, other) {
                Some(both) => outs.extend(both),
                None => {
                    outs.extend(self.alone(one, None, Side::Old));
                    outs.extend(self.alone(other, None, Side::New));
                }
            },
            ([one], [other]) => {
                let unit = units.0.get(bead.old.start).zip(units.1.get(bead.new.start));
                let is_same = unit.is_some_and(|(a, b)| a.hash == b.hash && a.class == b.class);
                self.pair(one, other, is_same, outs);
            }
            (several, [other]) => self.joined(several, other, outs),
            (olds, several) => self.split(olds, several, outs),
        }
    }

    /// An entry that one side has, or that is elsewhere on the other.
    fn alone(&mut self, entry: &Entry<'a>, partner: Option<Partner<'_, 'a>>, side: Side) -> Option<Out> {
        let kind = match (side, partner.is_some()) {
            (Side::Old, false) => ChangeKind::Deleted,
            (Side::Old, true) => ChangeKind::MovedFrom,
            (Side::New, false) => ChangeKind::Inserted,
            (Side::New, true) => ChangeKind::MovedTo,
        };
        self.adopter.pair = partner.map(|partner| partner.number);
        let compared = partner.filter(|partner| !partner.is_broken);
        let edited = compared.and_then(|partner| self.edited(entry, partner.entry, side));
        if let Entry::Block(block) = entry
            && self.adopter.drops(block, kind)
        {
            return None;
        }
        let renumbered = match partner {
            Some(partner) if side == Side::New => self.renumber_moved(partner.entry, entry),
            _ => Vec::new(),
        };
        let what = match *entry {
            Entry::Heading { block, section } => {
                let mut heading = self.adopter.block(&bare_heading(block, section), kind);
                if let BlockKind::Stage(ResolvedBlock::Section(bare)) = &mut heading.kind {
                    bare.title.extend(renumbered);
                }
                What::Heading(heading)
            }
            Entry::Block(block) => {
                let mut marked = self.adopter.block(block, kind);
                set_flow(&mut marked, edited);
                What::Block(marked)
            }
            Entry::Item { block, list, item, group, at } => {
                let mut item = self.item(item, kind);
                if let [only] = item.blocks.as_mut_slice() {
                    set_flow(only, edited);
                }
                if self.is_tracked() && side == Side::Old {
                    super::nest::number_before(&mut item, list.marker, at, (ListMarker::Plain, 0));
                }
                let list_node = (block.span, block.attrs.clone());
                What::Item { list: list_node, marker: list.marker, tight: list.tight, group, at, item }
            }
            Entry::Definition { block, definition, group } => {
                let definition = self.definition(definition, kind);
                What::Definition { list: (block.span, block.attrs.clone()), group, definition }
            }
        };
        self.adopter.pair = None;
        Some(Out { what, side: Some(side) })
    }

    fn item(&mut self, item: &ListItem<ResolvedStage>, kind: ChangeKind) -> ListItem<ResolvedStage> {
        let is_old = kind.side() == Some(Side::Old);
        let attrs = if is_old { super::mark::without_id(&item.attrs) } else { item.attrs.clone() };
        let blocks = self.adopter.item_blocks(&item.blocks, kind);
        ListItem { task: item.task, blocks, span: item.span, attrs }
    }

    fn definition(&mut self, definition: &Definition<ResolvedStage>, kind: ChangeKind) -> Definition<ResolvedStage> {
        Definition {
            terms: definition.terms.iter().map(|term| self.adopter.text(term, None, kind)).collect(),
            details: definition.details.iter().map(|details| self.adopter.blocks(details, kind)).collect(),
            span: definition.span,
        }
    }

    /// The words of a paragraph that was moved and changed, as one side has
    /// them; `None` where nothing was changed.
    fn edited(&mut self, entry: &Entry<'a>, partner: &Entry<'a>, side: Side) -> Option<Vec<RInline>> {
        let (one, other) = (entry.flow()?, partner.flow()?);
        let (old, new) = if side == Side::Old { (one, other) } else { (other, one) };
        let mut pieces = Pieces::compare(self, &[old], &[new]);
        let stays = pieces.list.iter().all(|piece| piece.change.is_none());
        if stays || pieces.list.iter().any(|piece| piece.token.leaf.is_some()) {
            return None;
        }
        pieces.list.retain(|piece| piece.change.is_none_or(|change| change.side() == Some(side)));
        let moved = if side == Side::Old { ChangeKind::MovedFrom } else { ChangeKind::MovedTo };
        for piece in &mut pieces.list {
            piece.change = piece.change.or(Some(moved));
        }
        let mut inlines = pieces.inlines(self);
        inlines.iter_mut().for_each(|inline| super::mark::set_pair(inline, self.adopter.pair));
        Some(inlines)
    }

    /// Two entries that are one.
    fn pair(&mut self, old: &Entry<'a>, new: &Entry<'a>, is_same: bool, outs: &mut Vec<Out>) {
        match (*old, *new) {
            (Entry::Heading { block: was, section: one }, Entry::Heading { block, section }) => {
                let mut heading = bare_heading(block, section);
                let mut title = self.inlines(&one.title, &section.title);
                let renumbered = self.renumber(
                    one.number.as_deref(),
                    section.number.as_deref(),
                    (was.attrs.id(), block.attrs.id()),
                    section.title.plain_text().to_owned(),
                );
                if let BlockKind::Stage(ResolvedBlock::Section(bare)) = &mut heading.kind {
                    title.extend(renumbered);
                    bare.title = title.into();
                }
                outs.push(Out { what: What::Heading(heading), side: None });
            }
            (_, Entry::Block(block)) if let (Some(one), Some(_)) = (old.flow(), paragraph(block)) => {
                let block = self.flow(one, block);
                outs.push(Out { what: What::Block(block), side: None });
            }
            (_, Entry::Item { block, list, item, group, at }) => {
                let known = (self.renumbered.len(), self.moved.len());
                let blocks = match (old, old.flow(), item.blocks.as_slice()) {
                    (_, Some(one), [only]) if paragraph(only).is_some() => vec![self.flow(one, only)],
                    (Entry::Item { item: one, .. }, _, _) => self.blocks(&one.blocks, &item.blocks),
                    _ => item.blocks.clone(),
                };
                if self.is_tracked() && item::is_beheaded(&blocks) {
                    self.renumbered.truncate(known.0);
                    self.moved.truncate(known.1);
                    outs.extend(self.alone(old, None, Side::Old));
                    outs.extend(self.alone(new, None, Side::New));
                    return;
                }
                let mut item = ListItem { blocks, ..item.clone() };
                if let Entry::Item { list: before, at: place, .. } = old
                    && self.is_tracked()
                {
                    super::nest::number_before(&mut item, before.marker, *place, (list.marker, at));
                }
                let list_node = (block.span, block.attrs.clone());
                let what = What::Item { list: list_node, marker: list.marker, tight: list.tight, group, at, item };
                outs.push(Out { what, side: None });
            }
            (Entry::Definition { definition: one, .. }, Entry::Definition { block, definition, group }) => {
                let definition = self.definitions(one, definition);
                let what = What::Definition { list: (block.span, block.attrs.clone()), group, definition };
                outs.push(Out { what, side: None });
            }
            (Entry::Block(one), Entry::Block(block)) => {
                let known = (self.renumbered.len(), self.moved.len());
                let mut blocks = self.block(one, block, is_same);
                if let [(both, None)] = blocks.as_slice()
                    && self.is_tracked()
                    && change_of([both]).is_some()
                {
                    // What is in both would go with all its words.
                    self.renumbered.truncate(known.0);
                    self.moved.truncate(known.1);
                    blocks = self.replaced(one, block);
                }
                outs.extend(blocks.into_iter().map(|(block, side)| Out { what: What::Block(block), side }));
            }
            _ => {
                outs.extend(self.alone(old, None, Side::Old));
                outs.extend(self.alone(new, None, Side::New));
            }
        }
    }

    /// A paragraph of the new version with what the old one says.
    fn flow(&mut self, old: &'a [RInline], new: &'a RBlock) -> RBlock {
        let mut block = new.clone();
        let merged = self.inlines(old, paragraph(new).unwrap_or_default());
        set_flow(&mut block, Some(merged));
        block
    }

    fn definitions(
        &mut self,
        old: &'a Definition<ResolvedStage>,
        new: &'a Definition<ResolvedStage>,
    ) -> Definition<ResolvedStage> {
        let mut terms: Vec<Vec<RInline>> =
            old.terms.iter().zip(&new.terms).map(|(one, other)| self.inlines(one, other)).collect();
        terms.extend(
            old.terms.iter().skip(new.terms.len()).map(|term| self.adopter.text(term, None, ChangeKind::Deleted)),
        );
        terms.extend(
            new.terms.iter().skip(old.terms.len()).map(|term| self.adopter.text(term, None, ChangeKind::Inserted)),
        );
        let mut details: Vec<Vec<RBlock>> =
            old.details.iter().zip(&new.details).map(|(one, other)| self.blocks(one, other)).collect();
        details.extend(
            old.details.iter().skip(new.details.len()).map(|blocks| self.adopter.blocks(blocks, ChangeKind::Deleted)),
        );
        details.extend(
            new.details.iter().skip(old.details.len()).map(|blocks| self.adopter.blocks(blocks, ChangeKind::Inserted)),
        );
        Definition { terms, details, span: new.span }
    }

    /// Two blocks that are one and no paragraphs.
    fn block(&mut self, old: &'a RBlock, new: &'a RBlock, is_same: bool) -> Vec<(RBlock, Option<Side>)> {
        let mut block = new.clone();
        if let BlockKind::Equation(_) = &new.kind {
            self.renumber_moved(&Entry::Block(old), &Entry::Block(new));
        }
        match (&old.kind, &new.kind) {
            (BlockKind::Quote { blocks: a, attribution: x }, BlockKind::Quote { blocks: b, attribution: y }) => {
                block.kind = BlockKind::Quote { blocks: self.blocks(a, b), attribution: self.maybe(x, y) };
            }
            (
                BlockKind::Admonition { title: x, blocks: a, kind: was },
                BlockKind::Admonition { title: y, blocks: b, kind },
            ) if was == kind => {
                let title = self.maybe(x, y);
                block.kind = BlockKind::Admonition { kind: *kind, title, blocks: self.blocks(a, b) };
            }
            (BlockKind::Panel(a), BlockKind::Panel(b)) if a.role == b.role => {
                let mut panel = b.clone();
                panel.title = self.maybe(&a.title, &b.title);
                panel.label = self.label((&a.title, &a.label), (&b.title, &b.label));
                panel.blocks = self.blocks(&a.blocks, &b.blocks);
                self.relabel((old, new), (&a.label, &b.label), &mut panel.title);
                block.kind = BlockKind::Panel(panel);
            }
            // The edition adds the name of their kind, which cannot be marked.
            (BlockKind::Admonition { .. }, BlockKind::Admonition { .. })
            | (BlockKind::Panel(_), BlockKind::Panel(_)) => return self.replaced(old, new),
            (BlockKind::Figure(a), BlockKind::Figure(b)) => {
                let mut figure = b.clone();
                figure.blocks = self.blocks(&a.blocks, &b.blocks);
                figure.caption = self.maybe(&a.caption, &b.caption);
                figure.label = self.label((&a.caption, &a.label), (&b.caption, &b.label));
                self.relabel((old, new), (&a.label, &b.label), &mut figure.caption);
                block.kind = BlockKind::Figure(figure);
            }
            (BlockKind::Table(a), BlockKind::Table(b)) => match table::merge(self, a, b) {
                Some(mut table) => {
                    table.caption = self.maybe(&a.caption, &b.caption);
                    table.label = self.label((&a.caption, &a.label), (&b.caption, &b.label));
                    self.relabel((old, new), (&a.label, &b.label), &mut table.caption);
                    block.kind = BlockKind::Table(table.into());
                }
                None => return self.replaced(old, new),
            },
            (BlockKind::Group(a), BlockKind::Group(b)) => block.kind = BlockKind::Group(self.blocks(a, b)),
            (
                BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks: a }),
                BlockKind::Stage(ResolvedBlock::ForFormats { formats: same, blocks: b }),
            ) if formats == same => {
                let blocks = self.blocks(a, b);
                block.kind = BlockKind::Stage(ResolvedBlock::ForFormats { formats: formats.clone(), blocks });
            }
            (BlockKind::Stage(ResolvedBlock::Listing(a)), BlockKind::Stage(ResolvedBlock::Listing(b)))
                if self.is_tracked() && a.kind == b.kind && a.entries.is_empty() == b.entries.is_empty() =>
            {
                let listing = super::tracked::listing(&mut self.adopter, a, b);
                block.kind = BlockKind::Stage(ResolvedBlock::Listing(listing));
            }
            // Each list has its title, which goes where there are no entries.
            (BlockKind::Stage(ResolvedBlock::Listing(_)), BlockKind::Stage(ResolvedBlock::Listing(_)))
                if self.is_tracked() =>
            {
                return self.replaced(old, new);
            }
            // The number of a formula is text in editions that count the others.
            (BlockKind::Equation(a), BlockKind::Equation(b)) if self.is_tracked() && a.label != b.label => {
                return self.replaced(old, new);
            }
            (BlockKind::Code { text: a, .. }, BlockKind::Code { text: b, .. }) if a != b => {
                return self.code((a, old.span), (b, new.span), new);
            }
            _ if !is_same => return self.replaced(old, new),
            _ => {}
        }
        vec![(block, None)]
    }

    /// The old block, then the new one.
    fn replaced(&mut self, old: &RBlock, new: &RBlock) -> Vec<(RBlock, Option<Side>)> {
        let gone = self.adopter.blocks(std::slice::from_ref(old), ChangeKind::Deleted);
        let come = self.adopter.block(new, ChangeKind::Inserted);
        gone.into_iter().map(|block| (block, Some(Side::Old))).chain([(come, Some(Side::New))]).collect()
    }

    /// Code, line by line: what stayed is code, what changed is between.
    fn code(&mut self, old: (&str, Span), new: (&str, Span), node: &RBlock) -> Vec<(RBlock, Option<Side>)> {
        let lines = |text: &str, span: Span| -> Vec<Token> {
            let token = |line: &str| Token {
                key: hash(line),
                sort: Sort::Word,
                text: line.to_owned(),
                before: String::new(),
                shells: Rc::from([]),
                leaf: None,
                span,
            };
            text.lines().map(token).collect()
        };
        let (left, right) = (lines(old.0, old.1), lines(new.0, new.1));
        let text = |tokens: &[Token]| tokens.iter().map(|token| format!("{}\n", token.text)).collect::<String>();
        let mut out = Vec::new();
        for run in super::words::lines(&left, &right) {
            match run {
                Run::Same { new: range, .. } => {
                    let mut block = Block::new(node.kind.clone(), node.span);
                    if let BlockKind::Code { text: lines, .. } = &mut block.kind {
                        *lines = text(right.get(range).unwrap_or_default());
                    }
                    out.push((block, None));
                }
                Run::Other { old: gone, new: come } => {
                    let gone = text(left.get(gone).unwrap_or_default());
                    let come = text(right.get(come).unwrap_or_default());
                    if self.is_tracked() {
                        out.extend(super::mark::changed_lines(node, gone, ChangeKind::Deleted));
                        out.extend(super::mark::changed_lines(node, come, ChangeKind::Inserted));
                        continue;
                    }
                    let gone = code(&gone, self.adopter.span(old.1), ChangeKind::Deleted);
                    let come = code(&come, new.1, ChangeKind::Inserted);
                    let shown =
                        [(gone, Side::Old), (come, Side::New)].into_iter().filter(|(lines, _)| !lines.is_empty());
                    out.extend(shown.map(|(lines, side)| (super::mark::paragraph(lines, node.span), Some(side))));
                }
            }
        }
        if let Some((first, _)) = out.first_mut() {
            first.attrs = node.attrs.clone();
        }
        out
    }

    fn maybe(&mut self, old: &'a Option<Vec<RInline>>, new: &'a Option<Vec<RInline>>) -> Option<Vec<RInline>> {
        match (old, new) {
            (None, None) => None,
            (old, new) => Some(self.inlines(old.as_deref().unwrap_or_default(), new.as_deref().unwrap_or_default())),
        }
    }

    /// The label of the new version, or the one that goes with a caption that is gone.
    fn label(&self, old: (&Caption, &Option<Label>), new: (&Caption, &Option<Label>)) -> Option<Label> {
        match new {
            (None, None) if self.is_tracked() => old.1.clone(),
            (_, label) => label.clone(),
        }
    }

    fn relabel(
        &mut self,
        (was, is): (&RBlock, &RBlock),
        (old, new): (&Option<Label>, &Option<Label>),
        caption: &mut Option<Vec<RInline>>,
    ) {
        let text = |label: &Option<Label>| label.as_ref().map(|label| label.text.clone());
        let (old, new) = (text(old), text(new));
        let name = caption.as_deref().map(plain_text).unwrap_or_default();
        let mark = self.renumber(old.as_deref(), new.as_deref(), (was.attrs.id(), is.attrs.id()), name);
        if !mark.is_empty() {
            caption.get_or_insert_default().extend(mark);
        }
    }

    /// Records a changed number, and marks it if requested.
    fn renumber(
        &mut self,
        old: Option<&str>,
        new: Option<&str>,
        (_, id): (Option<&str>, Option<&str>),
        title: String,
    ) -> Vec<RInline> {
        let (Some(was), Some(is)) = (old, new) else { return Vec::new() };
        if was == is {
            return Vec::new();
        }
        self.renumbered.push(Renumbered { was: was.to_owned(), is: is.to_owned(), title, id: id.map(str::to_owned) });
        if self.renumbering != Renumbering::Mark {
            return Vec::new();
        }
        let text = |text: String| RInline::new(InlineKind::Text(text), Span::default());
        vec![change(ChangeKind::Former, vec![text(format!(" ({})", fill(self.labels.formerly, &[was])))])]
    }

    /// Records a changed number of a block that was moved as a whole.
    fn renumber_moved(&mut self, old: &Entry, new: &Entry) -> Vec<RInline> {
        let (Some((was, _)), Some((is, title))) = (old.number(), new.number()) else { return Vec::new() };
        self.renumber(Some(was), Some(is), (old.id(), new.id()), title)
    }

    /// The share of unchanged words, in percent.
    pub fn common(&self) -> usize {
        (self.kept.0 * 200).checked_div(self.kept.1).unwrap_or(100)
    }

    /// Two texts that are one.
    pub fn inlines(&mut self, old: &'a [RInline], new: &'a [RInline]) -> Vec<RInline> {
        let pieces = Pieces::compare(self, &[old], &[new]);
        self.count(&pieces.list);
        pieces.inlines(self)
    }

    fn count(&mut self, pieces: &[MarkedToken]) {
        let words = pieces.iter().filter(|piece| piece.token.sort != Sort::Sign);
        self.kept.0 += words.filter(|piece| piece.change.is_none()).count();
    }

    /// A paragraph that became several.
    fn split(&mut self, old: &[Entry<'a>], new: &[Entry<'a>], outs: &mut Vec<Out>) {
        let texts = |entries: &[Entry<'a>]| entries.iter().filter_map(Entry::flow).collect::<Vec<_>>();
        let pieces = Pieces::compare(self, &texts(old), &texts(new));
        self.count(&pieces.list);
        let parts = pieces.parts(self);
        for (part, entry) in parts.into_iter().zip(new) {
            outs.push(self.with_flow(entry, part));
        }
    }

    /// Paragraphs that became one.
    fn joined(&mut self, old: &[Entry<'a>], new: &Entry<'a>, outs: &mut Vec<Out>) {
        let texts: Vec<&[RInline]> = old.iter().filter_map(Entry::flow).collect();
        let pieces = Pieces::compare(self, &texts, &[new.flow().unwrap_or_default()]);
        self.count(&pieces.list);
        let merged = pieces.inlines(self);
        let out = self.with_flow(new, merged);
        outs.push(out);
    }

    /// An entry of the new version with other words.
    fn with_flow(&mut self, entry: &Entry<'a>, words: Vec<RInline>) -> Out {
        let what = match *entry {
            Entry::Item { block, list, item, group, at } => {
                let mut item = item.clone();
                if let [only] = item.blocks.as_mut_slice() {
                    set_flow(only, Some(words));
                }
                let list_node = (block.span, block.attrs.clone());
                What::Item { list: list_node, marker: list.marker, tight: list.tight, group, at, item }
            }
            Entry::Block(block) | Entry::Heading { block, .. } | Entry::Definition { block, .. } => {
                let mut block = block.clone();
                set_flow(&mut block, Some(words));
                What::Block(block)
            }
        };
        Out { what, side: None }
    }
}

/// The words of a paragraph, where there are others.
fn set_flow(block: &mut RBlock, words: Option<Vec<RInline>>) {
    let Some(words) = words else { return };
    match &mut block.kind {
        BlockKind::Paragraph(content) | BlockKind::Stage(ResolvedBlock::NumberedParagraph { content, .. }) => {
            *content = words.into();
        }
        _ => {}
    }
}

/// The headings of a sequence with their places and numbers.
fn headings(entries: &[Entry]) -> Vec<(usize, String)> {
    let heading = |(at, entry): (usize, &Entry)| {
        let Entry::Heading { section, .. } = entry else { return None };
        let title = section.title.plain_text().to_owned();
        Some((at, section.number.as_ref().map_or(title.clone(), |number| format!("{number} {title}"))))
    };
    entries.iter().enumerate().filter_map(heading).collect()
}

/// The heading over an entry.
fn heading_before(headings: &[(usize, String)], at: usize) -> String {
    let before = headings.partition_point(|(place, _)| *place < at).checked_sub(1);
    before.and_then(|before| headings.get(before)).map(|(_, title)| title.clone()).unwrap_or_default()
}

fn first_words(entry: &Entry, count: usize) -> String {
    let text = entry.said();
    let words: Vec<&str> = text.split_whitespace().collect();
    let some = words.iter().take(count).copied().collect::<Vec<_>>().join(" ");
    if words.len() > count { format!("{some} …") } else { some }
}

/// The content of a caption.
type Caption = Option<Vec<RInline>>;
