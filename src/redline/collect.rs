//! The changes of a redline, one by one, and what is most looked for among
//! them.

use super::mark::REFERENCE;
use super::token::{Leaf, Sort, Tokenizer, leaves, months, written};
use super::{Difference, Links, Told};
use crate::ast::{Attrs, BlockKind, InlineKind, linear};
use crate::language::{ChangeLabels, Language};
use crate::resolve::{ChangeKind, RBlock, RInline, ResolvedBlock, ResolvedInline, Side};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// How many words before a change show where it is.
const CONTEXT: usize = 5;

/// Collects changes in reading order.
pub struct Collector {
    pub changes: Vec<Difference>,
    pub figures: Vec<Told>,
    pub obligations: Vec<Told>,
    pub sections: Vec<SectionChanges>,
    labels: &'static ChangeLabels,
    months: BTreeSet<String>,
    /// The current difference, with the words before it.
    open: Option<Difference>,
    /// The words of the author in it, of both versions: numbers of what is referred to are none.
    said: (String, String),
    before: Vec<String>,
    /// Whether white space follows them.
    is_apart: bool,
}

/// A section in which something changed.
#[derive(Debug, Clone)]
pub struct SectionChanges {
    /// Number and title.
    pub title: String,
    /// The section's; `None` before the first one.
    pub id: Option<String>,
    /// Changes of text that it holds; moves are none where it was moved as a whole.
    pub count: usize,
    /// The version that alone has it.
    pub side: Option<Side>,
    /// Whether it is elsewhere in the other version.
    is_moved: bool,
}

impl SectionChanges {
    fn new(title: String) -> SectionChanges {
        SectionChanges { title, id: None, count: 0, side: None, is_moved: false }
    }
}

impl Collector {
    /// A collector for a document in a language.
    pub fn new(language: &Language) -> Collector {
        Collector {
            changes: Vec::new(),
            figures: Vec::new(),
            obligations: Vec::new(),
            sections: vec![SectionChanges::new(String::new())],
            labels: ChangeLabels::for_language(&language.tag),
            months: months(language),
            open: None,
            said: Default::default(),
            before: Vec::new(),
            is_apart: false,
        }
    }

    /// Goes on under a title.
    pub fn section(&mut self, title: &str) {
        self.sections.push(SectionChanges::new(title.to_owned()));
    }

    /// Collects blocks. Sections are separate; content of other blocks counts for the section
    /// around them.
    pub fn blocks(&mut self, blocks: &[RBlock]) {
        for block in blocks {
            match &block.kind {
                BlockKind::Stage(ResolvedBlock::Section(section)) => {
                    self.close();
                    let [new, old] = [Side::New, Side::Old].map(|side| inline_text_of_side(&section.title, side));
                    let (is_new, is_old) = (!new.trim().is_empty(), !old.trim().is_empty());
                    let title = if is_old && !is_new { old } else { new };
                    let is_moved = is_new != is_old && is_moved(&section.title);
                    let side = match (is_new, is_old) {
                        (true, false) if !is_moved => Some(Side::New),
                        (false, true) if !is_moved => Some(Side::Old),
                        _ => None,
                    };
                    let number = section.number.as_deref().map(|number| format!("{number} "));
                    let title = format!("{}{}", number.unwrap_or_default(), title.trim());
                    let id = block.attrs.id().map(str::to_owned).or_else(|| first_id(&section.title));
                    self.sections.push(SectionChanges { id, side, is_moved, ..SectionChanges::new(title) });
                    self.text(&section.title);
                    self.blocks(&section.blocks);
                }
                _ => leaves(block, None, &mut |leaf| match leaf {
                    Leaf::Text(text) => self.text(text),
                    Leaf::Code(_) => {}
                    Leaf::Changed { change, attrs, block } => self.block(change.kind, attrs, block),
                }),
            }
        }
    }

    /// Reads one text.
    pub fn text(&mut self, text: &[RInline]) {
        (self.before, self.is_apart) = Default::default();
        self.inlines(text);
        // A change that goes on in the next text is one change.
        (self.before, self.is_apart) = Default::default();
    }

    fn inlines(&mut self, inlines: &[RInline]) {
        for inline in inlines {
            match &inline.kind {
                InlineKind::Change { change, content } => self.change(change.kind, &inline.attrs, content),
                InlineKind::Text(words) | InlineKind::Code(words) => self.kept(words),
                InlineKind::Math(formula) => self.kept(&linear(&formula.content)),
                InlineKind::Stage(ResolvedInline::Reference { text, .. }) => self.kept(text),
                InlineKind::SoftBreak | InlineKind::LineBreak => self.is_apart = true,
                kind => self.inlines(kind.children()),
            }
        }
    }

    fn kept(&mut self, text: &str) {
        if text.contains(char::is_alphanumeric) {
            self.close();
        }
        self.pass(text);
    }

    /// Notes the words that are before what follows.
    fn pass(&mut self, text: &str) {
        let mut words = text.split_whitespace().map(str::to_owned);
        let goes_on = !self.is_apart && !text.starts_with(char::is_whitespace);
        if let Some(last) = self.before.last_mut().filter(|_| goes_on) {
            last.extend(words.next());
        }
        self.before.extend(words);
        self.is_apart = text.chars().next_back().map_or(self.is_apart, char::is_whitespace);
        let surplus = self.before.len().saturating_sub(CONTEXT);
        self.before.drain(..surplus);
    }

    /// Reads a block whose words bear no marks as one change of what it says in a line.
    fn block(&mut self, kind: ChangeKind, attrs: &Attrs, block: &RBlock) {
        let said = match &block.kind {
            BlockKind::Equation(equation) => InlineKind::Math(Box::new(equation.formula.clone())),
            _ => InlineKind::Code(written(block).to_owned()),
        };
        self.before.clear();
        self.change(kind, attrs, &[RInline::new(said, block.span)]);
        self.before.clear();
    }

    fn change(&mut self, kind: ChangeKind, attrs: &Attrs, content: &[RInline]) {
        if kind == ChangeKind::Former {
            return;
        }
        if let Some(id) = attrs.id() {
            self.close();
            self.said = Default::default();
            self.open = Some(Difference {
                id: id.to_owned(),
                kind,
                old: String::new(),
                new: String::new(),
                before: self.before.join(" ") + if self.is_apart && !self.before.is_empty() { " " } else { "" },
                section: self.sections.last().map(|section| section.title.clone()).unwrap_or_default(),
                old_span: None,
                new_span: None,
            });
            if let Some(section) = self.sections.last_mut() {
                section.count += usize::from(!(section.is_moved && is_move(kind)));
            }
        }
        if kind.side() == Some(Side::New) {
            let new = inline_text_of_side(content, Side::New);
            self.pass(&new);
        }
        let Some(open) = &mut self.open else { return };
        let span = content.iter().map(|inline| inline.span).find(|span| *span != Span::default());
        match kind.side() {
            Some(Side::Old) => {
                push(&mut open.old, &inline_text_of_side(content, Side::Old));
                push(&mut self.said.0, &own_words(content, Side::Old));
                open.old_span = open.old_span.or(span);
            }
            Some(Side::New) => {
                push(&mut open.new, &inline_text_of_side(content, Side::New));
                push(&mut self.said.1, &own_words(content, Side::New));
                open.new_span = open.new_span.or(span);
            }
            None => open.new_span = open.new_span.or(span),
        }
        if open.kind == ChangeKind::Deleted && kind == ChangeKind::Inserted {
            open.replaces();
        }
    }

    /// Ends the change that is read.
    pub fn close(&mut self) {
        let Some(change) = self.open.take() else { return };
        if matches!(change.kind, ChangeKind::Inserted | ChangeKind::Deleted) {
            let [figures, obligations] = [true, false].map(|figures| {
                let [old, new] = [&self.said.0, &self.said.1].map(|text| self.told(text, figures));
                difference(old, new)
            });
            let is_inside = !change.before.is_empty() || (!change.old.is_empty() && !change.new.is_empty());
            let told = |(old, new): (Vec<String>, Vec<String>)| Told {
                id: change.id.clone(),
                section: change.section.clone(),
                before: change.before.clone(),
                old,
                new,
            };
            let says = |(old, new): &(Vec<String>, Vec<String>)| is_inside && !(old.is_empty() && new.is_empty());
            self.figures.extend(Some(figures).filter(says).map(told));
            self.obligations.extend(Some(obligations).filter(says).map(told));
        }
        self.changes.push(change);
    }

    /// The numbers and dates of a text, or the words in it that bind.
    fn told(&self, text: &str, figures: bool) -> Vec<String> {
        let same = |id: &str| id.to_owned();
        let tokenizer = Tokenizer::new(&[], &self.months, &same);
        let text = RInline::new(InlineKind::Text(text.to_owned()), Span::default());
        let tokens = tokenizer.tokens(&[text]).list.into_iter().filter(|token| {
            if figures {
                matches!(token.sort, Sort::Number | Sort::Date)
            } else {
                self.labels.obligations.contains(&token.text.to_lowercase().as_str())
            }
        });
        tokens.map(|token| if figures { token.text } else { token.text.to_lowercase() }).collect()
    }
}

fn is_move(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::MovedTo | ChangeKind::MovedFrom)
}

/// Whether a text is one that was moved, perhaps with other words in it.
fn is_moved(text: &[RInline]) -> bool {
    text.iter().any(|inline| matches!(&inline.kind, InlineKind::Change { change, .. } if is_move(change.kind)))
}

/// The elements of only one of two lists.
fn difference(mut old: Vec<String>, mut new: Vec<String>) -> (Vec<String>, Vec<String>) {
    old.retain(|word| match new.iter().position(|other| other == word) {
        Some(at) => {
            new.remove(at);
            false
        }
        None => true,
    });
    (old, new)
}

fn push(text: &mut String, more: &str) {
    let more = more.trim();
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// The id of the first change in a text.
fn first_id(text: &[RInline]) -> Option<String> {
    text.iter().find_map(|inline| match inline.kind {
        InlineKind::Change { .. } => inline.attrs.id().map(str::to_owned),
        _ => None,
    })
}

/// The words of one version, including those of both.
pub fn inline_text_of_side(inlines: &[RInline], side: Side) -> String {
    let mut text = String::new();
    push_words(inlines, side, true, &mut text);
    text
}

/// The words of one version as the author wrote them, without generated numbers and titles of
/// references.
fn own_words(inlines: &[RInline], side: Side) -> String {
    let mut text = String::new();
    push_words(inlines, side, false, &mut text);
    text
}

fn push_words(inlines: &[RInline], side: Side, with_derived: bool, text: &mut String) {
    for inline in inlines {
        match &inline.kind {
            InlineKind::Change { change, content } => {
                if change.kind.side() == Some(side) {
                    push_words(content, side, with_derived, text);
                }
            }
            InlineKind::Text(words) | InlineKind::Code(words) => text.push_str(words),
            InlineKind::SoftBreak | InlineKind::LineBreak => text.push(' '),
            // Raised numbers are numbers as well.
            InlineKind::Math(formula) if !with_derived => text.push_str(&formula.source),
            InlineKind::Math(formula) => text.push_str(&linear(&formula.content)),
            InlineKind::Image(image) => text.push_str(image.alt.as_deref().unwrap_or_default()),
            InlineKind::Stage(_) if !with_derived => text.push(' '),
            InlineKind::Span(_) if !with_derived && inline.attrs.has_class(REFERENCE) => text.push(' '),
            InlineKind::Stage(stage) => text.push_str(stage.as_ref()),
            kind => push_words(kind.children(), side, with_derived, text),
        }
    }
}

/// Where links lead that say the same words in both versions: what differs.
pub fn links(old: &[RBlock], new: &[RBlock]) -> Links {
    let targets = |blocks: &[RBlock]| -> Vec<(String, String)> {
        let mut found = Vec::new();
        for block in blocks {
            leaves(block, None, &mut |leaf| {
                if let Leaf::Text(text) = leaf {
                    links_of(text, &mut found);
                }
            });
        }
        found
    };
    let once = |list: Vec<(String, String)>| {
        let mut map: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (words, target) in list {
            map.entry(words).and_modify(|known| *known = None).or_insert(Some(target));
        }
        map
    };
    let (was, is) = (once(targets(old)), once(targets(new)));
    let differ = was.into_iter().filter_map(|(words, target)| {
        let (was, is) = (target?, is.get(&words)?.clone()?);
        (was != is && !words.trim().is_empty()).then_some((words, was, is))
    });
    differ.collect()
}

fn links_of(text: &[RInline], out: &mut Vec<(String, String)>) {
    for inline in text {
        if let InlineKind::Link { target: crate::resolve::Target::External(address), content, .. } = &inline.kind {
            out.push((inline_text_of_side(content, Side::New), address.clone()));
        } else {
            links_of(inline.kind.children(), out);
        }
    }
}
