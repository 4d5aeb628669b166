//! The words of two texts, with their changes.

use super::merge::Merger;
use super::rebuild::{MarkedToken, Rebuilder, change};
use super::token::{Shell, Sort, Token, Tokenizer, Tokens};
use super::words::{Run, compare};
use crate::ast::InlineKind;
use crate::resolve::{ChangeKind, RInline, ResolvedInline, Side, Target};
use crate::source::Span;
use crate::source::hash::hash;
use std::rc::Rc;

/// The tokens of two texts with their changes.
pub struct Pieces {
    pub list: Vec<MarkedToken>,
    shells: Vec<Shell>,
    new_shells: usize,
}

impl Pieces {
    /// Compares texts of several paragraphs as one.
    pub fn compare(merger: &mut Merger, old: &[&[RInline]], new: &[&[RInline]]) -> Pieces {
        let renamed = |id: &str| merger.new_id(id);
        let same = |id: &str| id.to_owned();
        let left = tokens(&Tokenizer::new(&merger.old.pictures, &merger.months, &renamed), old);
        let right = tokens(&Tokenizer::new(&merger.new.pictures, &merger.months, &same), new);
        let new_shells = right.shells.len();
        let mut list = Vec::with_capacity(right.list.len());
        for run in compare(&left.list, &right.list) {
            match run {
                Run::Same { old, new } => {
                    for (one, other) in
                        left.list.get(old).unwrap_or_default().iter().zip(right.list.get(new).unwrap_or_default())
                    {
                        if !are_one(merger, one, other) {
                            list.extend([old_piece(one, new_shells), new_piece(other)]);
                            continue;
                        }
                        if merger.is_tracked() {
                            kept(merger, (one, other), new_shells, &mut list);
                            continue;
                        }
                        let mut token = other.clone();
                        // Content of the old version before it is not adjacent to it.
                        let follows_old = list.last().is_some_and(|piece: &MarkedToken| {
                            piece.change.and_then(ChangeKind::side) == Some(Side::Old)
                        });
                        if token.before.is_empty() && follows_old {
                            token.before.clone_from(&one.before);
                        }
                        list.push(MarkedToken { token, change: None });
                    }
                }
                Run::Other { old, new } => {
                    let (gone, come) =
                        (left.list.get(old).unwrap_or_default(), right.list.get(new).unwrap_or_default());
                    let [before, gone, come, behind] = cut_otherwise(gone, come);
                    let stays = |token: &Token| MarkedToken { token: token.clone(), change: None };
                    list.extend(before.iter().map(stays));
                    list.extend(gone.iter().map(|token| old_piece(token, new_shells)));
                    list.extend(come.iter().map(new_piece));
                    list.extend(behind.iter().map(stays));
                }
            }
        }
        let shells = right.shells.into_iter().chain(left.shells).collect();
        Pieces { list, shells, new_shells }
    }

    /// Imports content of the old version into the new one.
    fn adopted(&mut self, merger: &mut Merger) {
        for piece in &mut self.list {
            if piece.change.and_then(ChangeKind::side) == Some(Side::Old) {
                if let Some(leaf) = &piece.token.leaf {
                    piece.token.leaf = Some(Rc::new(merger.adopter.inline(leaf)));
                }
                piece.token.span = merger.adopter.span(piece.token.span);
            }
        }
        for shell in self.shells.iter_mut().skip(self.new_shells) {
            let mut node = shell.node.clone();
            node.attrs = super::mark::without_id(&node.attrs);
            shell.node = merger.adopter.inline(&node);
        }
    }

    /// The inlines of all of them.
    pub fn inlines(mut self, merger: &mut Merger) -> Vec<RInline> {
        self.adopted(merger);
        Rebuilder::new(&self.shells, self.new_shells, merger.is_tracked()).inlines(&mut self.list)
    }

    /// The paragraphs that one was split into.
    pub fn parts(mut self, merger: &mut Merger) -> Vec<Vec<RInline>> {
        self.adopted(merger);
        let mut rebuilder = Rebuilder::new(&self.shells, self.new_shells, merger.is_tracked());
        let is_split = |piece: &MarkedToken| is_mark(&piece.token, ChangeKind::Split);
        self.list.split_inclusive_mut(is_split).map(|part| rebuilder.inlines(part)).collect()
    }
}

/// Words at both ends that say the same and are cut in other ways, since markup begins or ends
/// within them: they stay as the new version has them. What is left of both stands between them.
fn cut_otherwise<'t>(mut old: &'t [Token], mut new: &'t [Token]) -> [&'t [Token]; 4] {
    let (all, mut behind) = (new, 0);
    while let Some((gone, come)) = equal_word(old.iter(), new.iter(), false) {
        (old, new) = (old.get(gone..).unwrap_or_default(), new.get(come..).unwrap_or_default());
    }
    let before = all.len() - new.len();
    while let Some((gone, come)) = equal_word(old.iter().rev(), new.iter().rev(), true) {
        let (rest, others) = (old.len() - gone, new.len() - come);
        (old, new) = (old.get(..rest).unwrap_or_default(), new.get(..others).unwrap_or_default());
        behind += come;
    }
    [all.get(..before).unwrap_or_default(), old, new, all.get(all.len() - behind..).unwrap_or_default()]
}

/// How many tokens of each version make the next word, which is cut in two ways.
fn equal_word<'t>(
    mut old: impl Iterator<Item = &'t Token>,
    mut new: impl Iterator<Item = &'t Token>,
    is_reversed: bool,
) -> Option<(usize, usize)> {
    /// A word is not cut into more.
    const MOST: usize = 4;
    let (mut left, mut right) = (Cut::default(), Cut::default());
    while left.count < MOST && right.count < MOST {
        let is_left = left.text.len() <= right.text.len();
        let (cut, token) = if is_left { (&mut left, old.next()?) } else { (&mut right, new.next()?) };
        if token.leaf.is_some() || is_end(token) || !cut.add(token, is_reversed) {
            return None;
        }
        if left.text == right.text {
            let is_cut = left.count + right.count > 2 && left.before == right.before;
            return is_cut.then_some((left.count, right.count));
        }
    }
    None
}

/// Tokens that touch.
#[derive(Default)]
struct Cut<'t> {
    text: String,
    count: usize,
    /// The space before the first of them.
    before: &'t str,
}

impl<'t> Cut<'t> {
    /// Adds a token behind them, or before them; not where space parts it from them.
    fn add(&mut self, token: &'t Token, is_reversed: bool) -> bool {
        let gap = if is_reversed { self.before } else { &token.before };
        if self.count > 0 && !gap.is_empty() {
            return false;
        }
        let place = if is_reversed { 0 } else { self.text.len() };
        self.text.insert_str(place, &token.text);
        if self.count == 0 || is_reversed {
            self.before = &token.before;
        }
        self.count += 1;
        true
    }
}

/// A token that both versions have, where each is to be given back as it is: the space before
/// it and the words of a reference may differ.
fn kept(merger: &Merger, (old, new): (&Token, &Token), new_shells: usize, list: &mut Vec<MarkedToken>) {
    let gap = |token: &Token, before: &str| Token {
        key: 0,
        sort: Sort::Sign,
        text: before.to_owned(),
        before: String::new(),
        leaf: None,
        ..token.clone()
    };
    let is_broken = |before: &str| before.contains('\n');
    let same_space = old.before.is_empty() == new.before.is_empty() && is_broken(&old.before) == is_broken(&new.before);
    let (mut gone, mut token) = (old.clone(), new.clone());
    if !same_space {
        if !old.before.is_empty() {
            list.push(old_piece(&gap(old, &old.before), new_shells));
        }
        if !new.before.is_empty() {
            list.push(new_piece(&gap(new, &new.before)));
        }
        token.before.clear();
        gone.before.clear();
    }
    if is_other_reference(merger, old, new) {
        list.push(old_piece(&gone, new_shells));
        list.push(new_piece(&token));
        return;
    }
    list.push(MarkedToken { token, change: None });
}

/// Whether a reference to one place has other words now, which do not follow from what counts
/// the place, or leads to what goes when changes are taken back.
fn is_other_reference(merger: &Merger, old: &Token, new: &Token) -> bool {
    let Some(leaf) = &new.leaf else { return false };
    match &leaf.kind {
        InlineKind::Stage(ResolvedInline::Reference { target, text }) => {
            let Target::Internal(id) = target else { return *text != old.text };
            let is_counted = merger.counted.contains(id) && signs_around(text) == signs_around(&old.text);
            merger.uprooted.contains(id) || (*text != old.text && !is_counted)
        }
        _ => false,
    }
}

/// The signs before and after words, such as the quotation marks of a language.
fn signs_around(text: &str) -> (&str, &str) {
    let start = text.find(char::is_alphanumeric).unwrap_or(text.len());
    let end = text.rfind(char::is_alphanumeric).unwrap_or_default();
    let behind = text.get(end..).unwrap_or_default().trim_start_matches(char::is_alphanumeric);
    (text.get(..start).unwrap_or_default(), behind)
}

/// The token at the end of a paragraph.
const END: &str = "¶";

fn tokens(tokenizer: &Tokenizer, texts: &[&[RInline]]) -> Tokens {
    let mut out = Tokens::default();
    for (number, text) in texts.iter().enumerate() {
        if number > 0 {
            let span = text.first().map_or_else(Span::default, |inline| inline.span);
            let (text, before) = (END.to_owned(), String::new());
            let key = hash(("end of paragraph", number));
            out.list.push(Token { key, sort: Sort::Sign, text, before, shells: Rc::from([]), leaf: None, span });
        }
        tokenizer.append(text, &mut out);
    }
    out
}

fn is_end(token: &Token) -> bool {
    token.text == END && token.key != hash(END)
}

fn is_mark(token: &Token, wanted: ChangeKind) -> bool {
    token
        .leaf
        .as_ref()
        .is_some_and(|leaf| matches!(&leaf.kind, InlineKind::Change { change, .. } if change.kind == wanted))
}

/// The end of a paragraph that only one version has: a mark that both show.
fn end_piece(token: &Token, kind: ChangeKind) -> MarkedToken {
    let sign = RInline::new(InlineKind::Text(END.to_owned()), token.span);
    let token = Token { leaf: Some(Rc::new(change(kind, vec![sign]))), ..token.clone() };
    MarkedToken { token, change: None }
}

fn old_piece(token: &Token, new_shells: usize) -> MarkedToken {
    if is_end(token) {
        return end_piece(token, ChangeKind::Joined);
    }
    let shells = token.shells.iter().map(|shell| shell + new_shells).collect();
    MarkedToken { token: Token { shells, ..token.clone() }, change: Some(ChangeKind::Deleted) }
}

fn new_piece(token: &Token) -> MarkedToken {
    if is_end(token) {
        return end_piece(token, ChangeKind::Split);
    }
    MarkedToken { token: token.clone(), change: Some(ChangeKind::Inserted) }
}

/// Whether tokens that say the same are one: notes that are called from the same place are, unless
/// one of them is another already.
fn are_one(merger: &mut Merger, old: &Token, new: &Token) -> bool {
    let note = |token: &Token| match token.leaf.as_ref().map(|leaf| &leaf.kind) {
        Some(InlineKind::Note(used)) => Some(used.note),
        _ => None,
    };
    match (note(old), note(new)) {
        (Some(old), Some(new)) => merger.adopter.pair_notes(old, new),
        _ => true,
    }
}
