//! Converts inlines to words and back. A word carries the markup around it, so that text is
//! compared separately from its formatting.

use crate::ast::{Attrs, BlockKind, InlineKind};
use crate::language::{Date, Language};
use crate::resolve::{Change, Picture, RBlock, RInline, ResolvedBlock, ResolvedInline, ResolvedStage, Side, Target};
use crate::source::Span;
use crate::source::hash::hash;
use std::collections::BTreeSet;
use std::rc::Rc;
use unicode_segmentation::UnicodeSegmentation;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Word,
    /// A number with its separators.
    Number,
    Date,
    /// Punctuation.
    Sign,
    /// Not words: a note, a picture, a reference.
    Atom,
}

/// A word, a sign, or a placeholder for one.
#[derive(Debug, Clone)]
pub struct Token {
    /// Equal for equal tokens.
    pub key: u64,
    pub sort: Sort,
    /// The words of it, as they are shown.
    pub text: String,
    /// White space before it. A line that is broken is a line feed.
    pub before: String,
    /// The markup round it, outermost first: places in [`Tokens::shells`].
    pub shells: Rc<[usize]>,
    /// An inline that is a token as a whole.
    pub leaf: Option<Rc<RInline>>,
    pub span: Span,
}

/// An element of markup without its content.
#[derive(Debug, Clone)]
pub struct Shell {
    pub node: RInline,
    /// Equal for shells that look and mean the same.
    pub value: u64,
}

/// The tokens of inlines, with the markup around them.
#[derive(Debug, Default)]
pub struct Tokens {
    pub list: Vec<Token>,
    pub shells: Vec<Shell>,
}

/// Context of making tokens.
pub struct Tokenizer<'a> {
    pictures: &'a [Picture],
    months: &'a BTreeSet<String>,
    /// Maps an id of the old version to the new one.
    rename: &'a dyn Fn(&str) -> String,
}

/// The names of the months, as a language writes them inside a sentence.
pub fn months(language: &Language) -> BTreeSet<String> {
    let dates = (1..=12).filter_map(|month| Date::parse(&format!("2000-{month:02}-15")));
    let names = dates.flat_map(|date| {
        let long = date.long(language);
        long.split(|c: char| !c.is_alphabetic()).map(str::to_owned).collect::<Vec<_>>()
    });
    names.filter(|name| name.chars().count() > 2).collect()
}

impl<'a> Tokenizer<'a> {
    /// A tokenizer for one version of a document.
    pub fn new(
        pictures: &'a [Picture],
        months: &'a BTreeSet<String>,
        rename: &'a dyn Fn(&str) -> String,
    ) -> Tokenizer<'a> {
        Tokenizer { pictures, months, rename }
    }

    /// The tokens of inlines.
    pub fn tokens(&self, inlines: &[RInline]) -> Tokens {
        let mut tokens = Tokens::default();
        self.append(inlines, &mut tokens);
        tokens
    }

    /// Adds the tokens of more inlines.
    pub fn append(&self, inlines: &[RInline], out: &mut Tokens) {
        let mut before = String::new();
        self.inlines(inlines, &Rc::from([]), &mut before, out);
    }

    fn inlines(&self, inlines: &[RInline], shells: &Rc<[usize]>, before: &mut String, out: &mut Tokens) {
        // A place without words goes to what follows it.
        let mut placed: Option<Rc<[usize]>> = None;
        for inline in inlines {
            let around = placed.take().unwrap_or_else(|| Rc::clone(shells));
            let is_place = matches!(&inline.kind, InlineKind::Span(content) if content.is_empty());
            if is_place && inline.attrs.id().is_some() {
                let mut place = shell(inline);
                // Two positions are never equal.
                place.value = hash((place.value, inline.attrs.id()));
                placed = Some(opened(&around, place, out));
            } else {
                let tokens = out.list.len();
                self.inline(inline, &around, before, out);
                let says_nothing = out.list.len() == tokens;
                placed = (says_nothing && !Rc::ptr_eq(&around, shells)).then_some(around);
            }
        }
    }

    fn inline(&self, inline: &RInline, shells: &Rc<[usize]>, before: &mut String, out: &mut Tokens) {
        match &inline.kind {
            InlineKind::Text(text) if inline.attrs.is_empty() => self.text(text, inline.span, shells, before, out),
            InlineKind::SoftBreak => before.push(' '),
            InlineKind::LineBreak => before.push('\n'),
            kind if !kind.children().is_empty() => {
                let inner = opened(shells, shell(inline), out);
                self.inlines(kind.children(), &inner, before, out);
            }
            kind => {
                let key = match kind {
                    // No word is the same as a call.
                    InlineKind::Note(_) => hash(("note", "call")),
                    InlineKind::Image(image) => {
                        let bytes = self.pictures.get(image.picture).map(|picture| &picture.bytes);
                        hash((bytes, &image.alt, &image.title))
                    }
                    InlineKind::Stage(ResolvedInline::Reference { target: Target::Internal(id), .. }) => {
                        hash(("reference", (self.rename)(id)))
                    }
                    // An anchor says nothing.
                    InlineKind::Span(_) => return,
                    InlineKind::Text(text) | InlineKind::Code(text) => hash((text, "literal")),
                    InlineKind::Math(formula) => hash((&formula.source, "formula")),
                    other => hash(format!("{other:?}")),
                };
                let text = match kind {
                    InlineKind::Text(text) | InlineKind::Code(text) => text.clone(),
                    InlineKind::Stage(stage) => stage.as_ref().to_owned(),
                    InlineKind::Image(image) => image.alt.clone().unwrap_or_default(),
                    InlineKind::Math(formula) => formula.source.clone(),
                    _ => String::new(),
                };
                out.list.push(Token {
                    key,
                    sort: Sort::Atom,
                    text,
                    before: std::mem::take(before),
                    shells: Rc::clone(shells),
                    leaf: Some(Rc::new(inline.clone())),
                    span: inline.span,
                });
            }
        }
    }

    fn text(&self, text: &str, span: Span, shells: &Rc<[usize]>, before: &mut String, out: &mut Tokens) {
        let first = out.list.len();
        let mut glued = false;
        for piece in pieces(text) {
            if piece.chars().all(char::is_whitespace) {
                before.extend(piece.chars().map(|c| if c == '\n' { ' ' } else { c }));
                glued = false;
                continue;
            }
            let is_hyphen = matches!(piece, "-" | "\u{2010}" | "\u{2011}");
            let is_word = piece.contains(char::is_alphanumeric);
            let last = out.list.get_mut(first..).and_then(<[Token]>::last_mut).filter(|_| before.is_empty());
            if let Some(last) = last
                && last.sort != Sort::Sign
                && (is_hyphen || (glued && is_word))
            {
                last.text.push_str(piece);
                glued = is_hyphen;
                if !is_hyphen && last.sort == Sort::Number && !piece.starts_with(|c: char| c.is_ascii_digit()) {
                    last.sort = Sort::Word;
                }
                continue;
            }
            glued = false;
            let sort = match piece {
                _ if !is_word => Sort::Sign,
                _ if piece.starts_with(char::is_numeric) => Sort::Number,
                _ => Sort::Word,
            };
            let before = std::mem::take(before);
            let shells = Rc::clone(shells);
            out.list.push(Token { key: 0, sort, text: piece.to_owned(), before, shells, leaf: None, span });
        }
        self.join_dates(first, out);
        for token in out.list.iter_mut().skip(first) {
            token.key = hash(token.text.as_str());
        }
    }

    /// "15 February 2012" is one token, and so is "February 15, 2012".
    fn join_dates(&self, first: usize, out: &mut Tokens) {
        // Where they are small they may start a sentence; where they are not, "may" is no month.
        let is_name = |word: &String| self.months.contains(word) || self.months.contains(&word.to_lowercase());
        let is_month = |token: &Token| token.sort == Sort::Word && is_name(&token.text);
        let is_number = |token: &Token, most: usize| token.sort == Sort::Number && token.text.len() <= most;
        let mut at = first;
        while let Some(month) = out.list.get(at) {
            if !is_month(month) {
                at += 1;
                continue;
            }
            let is_stop = |token: &Token| token.sort == Sort::Sign && matches!(token.text.as_str(), "." | ",");
            let token = |index: usize| out.list.get(index);
            let year = |index: usize| token(index).is_some_and(|token| is_number(token, 4) && token.text.len() == 4);
            let day_before = at.checked_sub(1).filter(|index| {
                *index >= first && token(*index).is_some_and(|token| is_number(token, 4) && !token.text.contains(','))
            });
            let dotted = at.checked_sub(2).filter(|index| {
                *index >= first
                    && token(*index).is_some_and(|token| is_number(token, 2))
                    && token(*index + 1).is_some_and(is_stop)
            });
            let start = day_before.or(dotted);
            let comma = token(at + 2).is_some_and(is_stop) && token(at + 1).is_some_and(|token| is_number(token, 2));
            let end = match start {
                Some(_) if year(at + 1) => at + 2,
                Some(_) => at + 1,
                None if comma && year(at + 3) => at + 4,
                None if year(at + 1) => at + 2,
                None => at + 1,
            };
            let start = start.unwrap_or(at);
            join(&mut out.list, start, end);
            at = start + 1;
        }
    }
}

/// The words, signs and gaps of a text. An address is one word.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let is_address = |chunk: &str| chunk.contains("://") || chunk.starts_with("www.") || chunk.contains('@');
    text.split_inclusive(char::is_whitespace).flat_map(move |chunk| {
        let word = chunk.trim_end().trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
        let (address, rest) = if is_address(word) { chunk.split_at(word.len()) } else { ("", chunk) };
        Some(address).filter(|address| !address.is_empty()).into_iter().chain(rest.split_word_bounds())
    })
}

/// Joins tokens `start..end` into a date, where they are several.
fn join(list: &mut Vec<Token>, start: usize, end: usize) {
    if end < start + 2 || end > list.len() {
        return;
    }
    let rest: Vec<Token> = list.drain(start + 1..end).collect();
    if let Some(first) = list.get_mut(start) {
        for token in rest {
            first.text.push_str(&token.before);
            first.text.push_str(&token.text);
        }
        first.sort = Sort::Date;
    }
}

fn opened(shells: &Rc<[usize]>, shell: Shell, out: &mut Tokens) -> Rc<[usize]> {
    out.shells.push(shell);
    shells.iter().copied().chain([out.shells.len() - 1]).collect()
}

/// An element without its content.
fn shell(inline: &RInline) -> Shell {
    let mut node = RInline { kind: without_content(&inline.kind), span: inline.span, attrs: inline.attrs.clone() };
    let id = node.attrs.list().and_then(|list| list.id.clone());
    if id.is_some() {
        node.attrs.edit().id = None;
    }
    let classes = node.attrs.list().map(|list| (&list.classes, &list.lang));
    let value = hash((format!("{:?}", node.kind), format!("{classes:?}")));
    if id.is_some() {
        node.attrs.edit().id = id;
    }
    Shell { node, value }
}

fn without_content(kind: &InlineKind<ResolvedStage>) -> InlineKind<ResolvedStage> {
    let nothing = Vec::new();
    match kind {
        InlineKind::Emphasis(_) => InlineKind::Emphasis(nothing),
        InlineKind::Strong(_) => InlineKind::Strong(nothing),
        InlineKind::Strikethrough(_) => InlineKind::Strikethrough(nothing),
        InlineKind::Superscript(_) => InlineKind::Superscript(nothing),
        InlineKind::Subscript(_) => InlineKind::Subscript(nothing),
        InlineKind::Underline(_) => InlineKind::Underline(nothing),
        InlineKind::Highlight(_) => InlineKind::Highlight(nothing),
        InlineKind::Inserted(_) => InlineKind::Inserted(nothing),
        InlineKind::Deleted(_) => InlineKind::Deleted(nothing),
        InlineKind::Small(_) => InlineKind::Small(nothing),
        InlineKind::Quoted(_) => InlineKind::Quoted(nothing),
        InlineKind::CitedTitle(_) => InlineKind::CitedTitle(nothing),
        InlineKind::DefinedTerm(_) => InlineKind::DefinedTerm(nothing),
        InlineKind::Keyboard(_) => InlineKind::Keyboard(nothing),
        InlineKind::Abbreviation { expansion, .. } => {
            InlineKind::Abbreviation { content: nothing, expansion: expansion.clone() }
        }
        InlineKind::Link { target, title, .. } => {
            InlineKind::Link { target: target.clone(), title: title.clone(), content: nothing }
        }
        InlineKind::Change { change, .. } => InlineKind::Change { change: change.clone(), content: nothing },
        InlineKind::Span(_)
        | InlineKind::Text(_)
        | InlineKind::SoftBreak
        | InlineKind::LineBreak
        | InlineKind::Code(_)
        | InlineKind::Math(_)
        | InlineKind::Image(_)
        | InlineKind::Note(_)
        | InlineKind::Stage(_) => InlineKind::Span(nothing),
    }
}

/// A part of what a block says.
#[derive(Debug, Clone, Copy)]
pub enum Leaf<'a> {
    /// A line of text.
    Text(&'a [RInline]),
    /// Code, or a formula as it was written.
    Code(&'a str),
    /// A block whose words bear no marks, with the attributes of its change.
    Changed { change: &'a Change, attrs: &'a Attrs, block: &'a RBlock },
}

/// The code or the formula that a block is, as it was written.
pub fn written(block: &RBlock) -> &str {
    match &block.kind {
        BlockKind::Code { text, .. } => text,
        BlockKind::Equation(equation) => &equation.formula.source,
        _ => "",
    }
}

/// The parts of a block and of all in it, in reading order. Blocks of another version than
/// that of a side are passed over.
pub fn leaves<'a>(block: &'a RBlock, side: Option<Side>, leaf: &mut dyn FnMut(Leaf<'a>)) {
    let all = |blocks: &'a [RBlock], leaf: &mut dyn FnMut(Leaf<'a>)| {
        blocks.iter().for_each(|block| leaves(block, side, leaf));
    };
    let maybe = |text: &'a Option<Vec<RInline>>| Leaf::Text(text.as_deref().unwrap_or_default());
    match &block.kind {
        BlockKind::Paragraph(content) => leaf(Leaf::Text(content)),
        BlockKind::List(list) => list.items.iter().for_each(|item| all(&item.blocks, leaf)),
        BlockKind::Definitions(definitions) => {
            for definition in definitions {
                definition.terms.iter().for_each(|term| leaf(Leaf::Text(term)));
                definition.details.iter().for_each(|details| all(details, leaf));
            }
        }
        BlockKind::Quote { blocks, attribution } => {
            all(blocks, leaf);
            leaf(maybe(attribution));
        }
        BlockKind::Code { .. } | BlockKind::Equation(_) => leaf(Leaf::Code(written(block))),
        BlockKind::Admonition { title, blocks, .. } => {
            leaf(maybe(title));
            all(blocks, leaf);
        }
        BlockKind::Panel(panel) => {
            leaf(maybe(&panel.title));
            all(&panel.blocks, leaf);
        }
        BlockKind::Figure(figure) => {
            all(&figure.blocks, leaf);
            leaf(maybe(&figure.caption));
        }
        BlockKind::Table(table) => {
            leaf(maybe(&table.caption));
            let cells = table.head.iter().chain(&table.body).flat_map(|row| &row.cells);
            cells.for_each(|cell| all(&cell.blocks, leaf));
        }
        BlockKind::Group(blocks) => all(blocks, leaf),
        BlockKind::Stage(ResolvedBlock::Section(section)) => {
            leaf(Leaf::Text(&section.title));
            all(&section.blocks, leaf);
        }
        BlockKind::Stage(ResolvedBlock::NumberedParagraph { content, .. }) => leaf(Leaf::Text(content)),
        BlockKind::Stage(ResolvedBlock::ForFormats { blocks, .. }) => all(blocks, leaf),
        BlockKind::Stage(ResolvedBlock::Changed { change, block: inner }) => {
            if side.is_none() || change.kind.side() == side {
                leaf(Leaf::Changed { change, attrs: &block.attrs, block: inner });
            }
        }
        BlockKind::Stage(ResolvedBlock::Listing(_)) | BlockKind::Rule | BlockKind::PageBreak => {}
    }
}
