//! Rebuilds inlines from tokens with their sides.

use super::token::{Shell, Token};
use crate::ast::{Attrs, InlineKind};
use crate::resolve::{Change, ChangeKind, RInline};
use crate::source::Span;
use std::collections::BTreeSet;
use std::rc::Rc;

/// A token with its change; `None` if it stayed.
#[derive(Debug, Clone)]
pub struct MarkedToken {
    pub token: Token,
    pub change: Option<ChangeKind>,
}

/// Puts pieces together to inlines.
pub struct Rebuilder<'a> {
    /// The markup of the new version, then of the old one.
    shells: &'a [Shell],
    /// How many of them are the new version's.
    new_shells: usize,
    /// Shells whose id is given already.
    used: BTreeSet<usize>,
    /// Whether the space before changed words is theirs, so that it goes where they go.
    takes_space: bool,
}

/// A change round inlines, whose neighbours are not yet known.
pub fn change(kind: ChangeKind, content: Vec<RInline>) -> RInline {
    let span = content.first().map_or_else(Span::default, |inline| inline.span);
    let change = Change { kind, previous: None, next: None, pair: None };
    RInline::new(InlineKind::Change { change, content }, span)
}

/// Words as inlines; a line feed is a broken line.
fn push_text(text: &str, span: Span, out: &mut Vec<RInline>) {
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push(RInline::new(InlineKind::LineBreak, span));
        }
        if line.is_empty() {
            continue;
        }
        match out.last_mut() {
            Some(RInline { kind: InlineKind::Text(words), span: before, attrs }) if attrs.is_empty() => {
                words.push_str(line);
                *before = before.to(span);
            }
            _ => out.push(RInline::new(InlineKind::Text(line.to_owned()), span)),
        }
    }
}

impl<'a> Rebuilder<'a> {
    /// Over the markup of both versions.
    pub fn new(shells: &'a [Shell], new_shells: usize, takes_space: bool) -> Rebuilder<'a> {
        Rebuilder { shells, new_shells, used: BTreeSet::new(), takes_space }
    }

    /// The inlines of pieces.
    pub fn inlines(&mut self, pieces: &mut [MarkedToken]) -> Vec<RInline> {
        self.adopt(pieces);
        let mut out = Vec::new();
        self.build(pieces, 0, None, &mut out);
        out
    }

    fn value(&self, token: &Token, depth: usize) -> Option<u64> {
        token.shells.get(depth).and_then(|shell| self.shells.get(*shell)).map(|shell| shell.value)
    }

    /// Puts what only one version says, and is inside an element of what both say, into that
    /// element.
    fn adopt(&self, pieces: &mut [MarkedToken]) {
        let stays = |piece: &MarkedToken| piece.change.is_none().then(|| Rc::clone(&piece.token.shells));
        let mut next: Vec<Option<Rc<[usize]>>> = vec![None; pieces.len()];
        let mut known = None;
        for (slot, piece) in next.iter_mut().zip(pieces.iter()).rev() {
            known = stays(piece).or(known);
            slot.clone_from(&known);
        }
        let mut before: Option<Rc<[usize]>> = None;
        for (piece, next) in pieces.iter_mut().zip(next) {
            if let Some(shells) = stays(piece) {
                before = Some(shells);
                continue;
            }
            let (Some(before), Some(next)) = (&before, next) else { continue };
            let common: Vec<usize> =
                before.iter().zip(next.iter()).take_while(|(a, b)| a == b).map(|(a, _)| *a).collect();
            if common.is_empty() || piece.token.shells.starts_with(&common) {
                continue;
            }
            let values: Vec<u64> = common.iter().filter_map(|at| self.shells.get(*at)).map(|it| it.value).collect();
            let own = piece.token.shells.iter().copied();
            let is_link = |at: &usize| {
                self.shells.get(*at).is_some_and(|shell| matches!(shell.node.kind, InlineKind::Link { .. }))
            };
            // A link in a link leads nowhere.
            let in_link = common.iter().any(is_link);
            let own = own.filter(|at| {
                let is_known = self.shells.get(*at).is_some_and(|shell| values.contains(&shell.value));
                !(is_known || in_link && is_link(at))
            });
            let shells = common.iter().copied().chain(own).collect();
            piece.token.shells = shells;
        }
    }

    fn build(&mut self, pieces: &[MarkedToken], depth: usize, inside: Option<ChangeKind>, out: &mut Vec<RInline>) {
        let mut rest = pieces;
        let mut is_first = true;
        while let Some(first) = rest.first() {
            let (length, kind) = self.group(rest, depth);
            let (group, behind) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            rest = behind;
            let before = if !is_first || depth == 0 { first.token.before.as_str() } else { "" };
            is_first = false;
            let kind = kind.filter(|kind| Some(*kind) != inside);
            let is_theirs = self.takes_space && kind.is_some();
            if !is_theirs {
                push_text(before, first.token.span, out);
            }
            match kind {
                Some(kind) => {
                    let mut content = Vec::new();
                    if is_theirs {
                        push_text(before, first.token.span, &mut content);
                    }
                    self.segments(group, depth, Some(kind), &mut content);
                    out.push(change(kind, content));
                }
                None => self.segments(group, depth, inside, out),
            }
        }
    }

    /// How many pieces go together, and into which change: elements whose
    /// content is all of one kind, or one element.
    fn group(&self, pieces: &[MarkedToken], depth: usize) -> (usize, Option<ChangeKind>) {
        let (mut length, kind) = self.segment(pieces, depth);
        let Some(kind) = kind else { return (length, None) };
        while let Some(rest) = pieces.get(length..).filter(|rest| !rest.is_empty()) {
            match self.segment(rest, depth) {
                (more, Some(same)) if same == kind => length += more,
                _ => break,
            }
        }
        (length, Some(kind))
    }

    /// The number of pieces of one element at a depth, and their common change.
    fn segment(&self, pieces: &[MarkedToken], depth: usize) -> (usize, Option<ChangeKind>) {
        let Some(first) = pieces.first() else { return (0, None) };
        let value = self.value(&first.token, depth);
        let same = |piece: &&MarkedToken| {
            self.value(&piece.token, depth) == value && (value.is_some() || piece.change == first.change)
        };
        let length = pieces.iter().take_while(same).count();
        let uniform = pieces.iter().take(length).all(|piece| piece.change == first.change);
        (length, first.change.filter(|_| uniform))
    }

    /// Writes a group, element by element.
    fn segments(&mut self, pieces: &[MarkedToken], depth: usize, inside: Option<ChangeKind>, out: &mut Vec<RInline>) {
        let mut rest = pieces;
        let mut is_first = true;
        while let Some(first) = rest.first() {
            let (length, _) = self.segment(rest, depth);
            let (segment, behind) = rest.split_at_checked(length.max(1)).unwrap_or((rest, &[]));
            rest = behind;
            if !is_first {
                push_text(&first.token.before, first.token.span, out);
            }
            is_first = false;
            if first.token.shells.len() <= depth {
                leaves(segment, out);
                continue;
            }
            let mut content = Vec::new();
            self.build(segment, depth + 1, inside, &mut content);
            out.extend(self.opened(segment, depth, content));
        }
    }

    /// An element around content. Its id is given once, at its first occurrence.
    fn opened(&mut self, segment: &[MarkedToken], depth: usize, content: Vec<RInline>) -> Option<RInline> {
        let shells = segment.iter().filter_map(|piece| piece.token.shells.get(depth).copied());
        let shell = shells.clone().find(|shell| *shell < self.new_shells).or(shells.min())?;
        let mut node = self.shells.get(shell)?.node.clone();
        if let Some(children) = node.kind.children_mut() {
            *children = content;
        }
        let is_new = shell < self.new_shells && self.used.insert(shell);
        if !is_new && node.attrs.id().is_some() {
            node.attrs.edit().id = None;
            node.attrs = node.attrs.list().cloned().map(Attrs::from).unwrap_or_default();
        }
        Some(node)
    }
}

fn leaves(pieces: &[MarkedToken], out: &mut Vec<RInline>) {
    for (number, MarkedToken { token, .. }) in pieces.iter().enumerate() {
        if number > 0 {
            push_text(&token.before, token.span, out);
        }
        match &token.leaf {
            Some(leaf) => out.push(leaf.as_ref().clone()),
            None => push_text(&token.text, token.span, out),
        }
    }
}
