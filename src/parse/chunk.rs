//! Text that is parsed part by part, so that the parts that did not change since are not parsed
//! again.
//!
//! A part begins with a heading or a paragraph at the start of a line, behind an empty line: there
//! all lists, quotations and notes are over. Whether something else is still open (a block of
//! code, a directive, an element, a comment) shows when the part before is parsed; it is then
//! parsed together with what follows. So a text by its parts is what it is as a whole. Where that
//! is not sure, there are no parts.

use super::{Body, comment, limits, scan, shift};
use crate::diagnostic::Code;
use crate::source::{FileId, Source};
use foldhash::quality::FixedState;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::BuildHasher;
use std::ops::Range;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// How many bytes a part has at least.
const LEAST: usize = 2048;
/// How many of the shortest parts are put together at most, to find the end of what is open.
const TOGETHER: usize = 16;

/// What the parts of a file became when it was parsed last.
#[derive(Debug)]
pub struct ParseCache {
    /// By a hash of their texts.
    known: BTreeMap<u64, Vec<Arc<Part>>>,
    /// What parts name in brackets, by a hash of their texts.
    names: BTreeMap<u64, Arc<BTreeSet<String>>>,
    least: usize,
}

/// A part and what became of it.
#[derive(Debug)]
struct Part {
    text: String,
    context: Context,
    /// The byte of the file at which it stood.
    start: usize,
    body: Body,
    is_closed: bool,
}

/// What a part must know of its text beyond itself, and tell of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Context {
    /// Definitions of links that stand in other parts and are named in this one, a line each.
    foreign: Vec<String>,
    /// The labels of its own.
    own: Vec<String>,
    follower: Follower,
}

/// What follows a part: where blocks end depends on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Follower {
    Paragraph,
    Heading,
    /// The text ends.
    #[default]
    Nothing,
}

impl Follower {
    /// What a rest of a text begins with.
    fn of(rest: &str) -> Follower {
        let level = rest.bytes().take_while(|byte| *byte == b'#').count();
        let is_apart =
            rest.get(level..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']));
        match level {
            _ if rest.is_empty() => Follower::Nothing,
            1..=6 if is_apart => Follower::Heading,
            _ => Follower::Paragraph,
        }
    }

    /// Lines of its kind.
    fn lines(self) -> &'static str {
        match self {
            Follower::Paragraph => "x\n\n",
            Follower::Heading => "# x\n\n",
            Follower::Nothing => "\n\nx\n\n",
        }
    }
}

impl Default for ParseCache {
    fn default() -> Self {
        ParseCache { known: BTreeMap::new(), names: BTreeMap::new(), least: LEAST }
    }
}

impl ParseCache {
    /// What a range of a file becomes, by its parts; `None` where it must be parsed as a whole.
    pub(super) fn body(&mut self, file: FileId, source: &Source, range: Range<usize>) -> Option<Body> {
        let text = source.text().get(range.clone())?;
        let definitions = definitions(text)?;
        let ends = cuts(text, self.least)?;
        let mut used = BTreeMap::new();
        let mut names = BTreeMap::new();
        let mut whole = Body::default();
        let mut notes = BTreeSet::new();
        let (mut at, mut tried) = (0, 0);
        let mut is_whole = true;
        for end in ends {
            tried += 1;
            let written = text.get(at..end).unwrap_or_default();
            let context = self.context(
                written,
                at..end,
                Follower::of(text.get(end..).unwrap_or_default()),
                &definitions,
                &mut names,
            );
            let place = range.start + at..range.start + end;
            let (key, part) = self.part(file, source, place, context);
            let list: &mut Vec<Arc<Part>> = used.entry(key).or_default();
            list.push(Arc::clone(&part));
            if !part.is_closed {
                is_whole = end < text.len() && tried < TOGETHER;
                if is_whole {
                    continue;
                }
                break;
            }
            (at, tried) = (end, 0);
            whole.add(part.body_at(range.start + at - (part.text.len())));
        }
        (self.known, self.names) = (used, names);
        let is_new = |note: &crate::ast::NoteDefinition| notes.insert(note.name.clone());
        (is_whole && whole.notes.iter().all(is_new) && whole.headings <= limits::HEADINGS).then_some(whole)
    }

    /// A part as it was parsed before, at this place or one from which it can be moved.
    fn part(&self, file: FileId, source: &Source, place: Range<usize>, context: Context) -> (u64, Arc<Part>) {
        let text = source.text().get(place.clone()).unwrap_or_default();
        let key = FixedState::with_seed(0).hash_one(text);
        let fits = |part: &&Arc<Part>| {
            (part.start == place.start || part.is_movable()) && part.text == text && part.context == context
        };
        let known = self.known.get(&key).into_iter().flatten().find(fits).map(Arc::clone);
        (key, known.unwrap_or_else(|| Arc::new(Part::parse(file, source, place, context))))
    }

    /// What a part must know and tell.
    fn context(
        &self,
        text: &str,
        range: Range<usize>,
        follower: Follower,
        definitions: &[LinkDefinition],
        names: &mut BTreeMap<u64, Arc<BTreeSet<String>>>,
    ) -> Context {
        if definitions.is_empty() {
            return Context { follower, ..Context::default() };
        }
        let key = FixedState::with_seed(0).hash_one(text);
        let known = self.names.get(&key).map_or_else(|| Arc::new(labels(text)), Arc::clone);
        let (own, foreign): (Vec<_>, Vec<_>) =
            definitions.iter().partition(|definition| range.contains(&definition.start));
        let named = foreign.into_iter().filter(|definition| known.contains(&definition.label));
        let context = Context {
            foreign: named.map(|definition| definition.line.to_owned()).collect(),
            own: own.into_iter().map(|definition| definition.label.clone()).collect(),
            follower,
        };
        names.insert(key, known);
        context
    }
}

impl Part {
    fn parse(file: FileId, source: &Source, place: Range<usize>, context: Context) -> Part {
        let text = source.text().get(place.clone()).unwrap_or_default().to_owned();
        let Context { foreign, own, follower } = &context;
        let is_last = *follower == Follower::Nothing;
        let lines = foreign.iter().cloned().chain(own.iter().map(|label| format!("[{label}]")));
        let behind = lines.fold(follower.lines().to_owned(), |behind, line| behind + &line + "\n\n");
        let with_more = super::body(file, source, place.clone(), Vec::new(), &behind);
        let links_behind = with_more.links_behind;
        let body = if is_last { super::body(file, source, place.clone(), Vec::new(), "") } else { with_more };
        let in_doubt = |code: Code| {
            matches!(
                code,
                Code::UnclosedFence
                    | Code::UnclosedDirective
                    | Code::StrayDirectiveEnd
                    | Code::LimitExceeded
                    | Code::NotForAll
            )
        };
        let is_closed = !body.is_open
            && links_behind == own.len()
            && !(is_last && !foreign.is_empty())
            && !comment::may_open(&text)
            && text.matches("<!--").count() <= body.hidden.len()
            && !body.hidden.iter().any(|hidden| hidden.end as usize >= place.end)
            && !body.diagnostics.iter().any(|problem| in_doubt(problem.code));
        Part { text, context, start: place.start, body, is_closed }
    }

    /// Whether it becomes the same wherever it stands, but for its places: no problem and no name
    /// is made of them.
    fn is_movable(&self) -> bool {
        let Body { notes, diagnostics, hidden, .. } = &self.body;
        hidden.is_empty() && diagnostics.iter().next().is_none() && !notes.iter().any(|note| note.name.contains('['))
    }

    /// What it is at a byte of the file.
    fn body_at(&self, start: usize) -> Body {
        let mut body = self.body.clone();
        if start != self.start {
            shift::Shift(start as i64 - self.start as i64).body(&mut body);
        }
        body
    }
}

/// Where parts end: behind an empty line and before a line that begins with a word or a heading's
/// sign, and at the end of the text. `None` where a text has no parts: with lone carriage returns,
/// or with lists of terms, which go on over paragraphs.
fn cuts(text: &str, least: usize) -> Option<Vec<usize>> {
    let mut ends = Vec::new();
    let mut start = 0;
    for (at, _) in text.match_indices('\n') {
        let after = text.get(at + 1..).unwrap_or_default();
        let bytes = after.as_bytes();
        let indented = bytes.iter().take_while(|byte| **byte == b' ').count();
        if bytes.get(indented) == Some(&b':') && matches!(bytes.get(indented + 1), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            return None;
        }
        let begins = bytes.first().is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'#' || !byte.is_ascii())
            && !after.starts_with('\u{feff}');
        if begins && at + 1 >= start + least {
            let line = text.get(..at).unwrap_or_default();
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.ends_with('\n') || line.is_empty() {
                ends.push(at + 1);
                start = at + 1;
            }
        }
    }
    let has_lone_return = || text.bytes().zip(text.bytes().skip(1)).any(|(one, next)| one == b'\r' && next != b'\n');
    if text.starts_with([':', ' ']) || text.ends_with('\r') || text.contains('\r') && has_lone_return() {
        return None;
    }
    ends.push(text.len());
    Some(ends)
}

/// A link's definition on a line of its own (CommonMark 0.31.2, 4.7).
struct LinkDefinition<'a> {
    /// In small letters, with single spaces.
    label: String,
    line: &'a str,
    start: usize,
}

/// The definitions of links in a text; `None` where it may have some that are written in any way
/// but the simplest.
fn definitions(text: &str) -> Option<Vec<LinkDefinition<'_>>> {
    let mut found: Vec<LinkDefinition> = Vec::new();
    let mut labels = BTreeSet::new();
    for (at, _) in text.match_indices("]:") {
        let before = text.get(..at)?;
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let line = text.get(start..)?.lines().next()?;
        let content = line.get(scan::prefix(line)..)?;
        if !content.starts_with('[') {
            // The label may have begun on the line before.
            if text.get(start..at)?.contains('[') {
                continue;
            }
            return None;
        }
        if content.starts_with("[^") || found.last().is_some_and(|last| last.start == start) {
            continue;
        }
        let label = simple_label(line)?;
        let stands_alone =
            |line: Option<&str>| line.is_none_or(|line| line.trim().is_empty() || simple_label(line).is_some());
        let (above, below) = (before.get(..start)?.lines().next_back(), text.get(start..)?.lines().nth(1));
        if !stands_alone(above) || !stands_alone(below) || !labels.insert(label.clone()) {
            return None;
        }
        found.push(LinkDefinition { label, line, start });
    }
    Some(found)
}

/// The label of a line that defines a link in the simplest way: `[label]: address "title"`.
fn simple_label(line: &str) -> Option<String> {
    let (label, rest) = line.strip_prefix('[')?.split_once("]:")?;
    let is_plain = label.is_ascii() && !label.contains(['[', ']', '\\']) && !label.starts_with('^');
    let mut words = rest.trim().splitn(2, [' ', '\t']);
    let address = words.next().filter(|address| !address.is_empty() && !address.contains(['<', '>', '\\']))?;
    let title = words.next().unwrap_or_default().trim();
    let is_title = title.is_empty()
        || title.len() > 1
            && title.starts_with('"')
            && title.find('"') != title.rfind('"')
            && title.ends_with('"')
            && title.matches('"').count() == 2
            && !title.contains('\\');
    let name = name(label);
    (is_plain && !name.is_empty() && rest.starts_with([' ', '\t']) && !address.is_empty() && is_title).then_some(name)
}

/// A label as links and definitions share it.
fn name(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase()
}

/// What stands in brackets in a text, where it may name a link.
fn labels(text: &str) -> BTreeSet<String> {
    let inside = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    inside.map(|(label, _)| name(label)).collect()
}
