//! Text that is parsed part by part, so that the parts that did not change since are not parsed
//! again.
//!
//! A part begins with a heading or a paragraph at the start of a line, behind an empty line: there
//! all lists, quotations and notes are over. Whether something else is still open (a block of
//! code, a directive, an element, a comment) shows when the part before is parsed; it is then
//! parsed together with what follows. So a text by its parts is what it is as a whole. Where that
//! is not sure, there are no parts.

use super::settle::settle;
use super::shield::holds_shields;
use super::shift::Shift;
use super::{Body, comment, limits, scan};
use crate::diagnostic::Code;
use crate::source::hash::hash;
use crate::source::{FileId, RELOCATABLE_BASE, Relocation, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// How many bytes a part has at least.
const LEAST: usize = 1024;

/// How many times as many it has at most, where another can begin.
const MOST: usize = 8;

/// Of so many paragraphs one begins a part, whatever comes before it: parts behind a change are those
/// of before.
const ONE_IN: u64 = 4;

/// When as many places have been counted apart, they are counted anew: behind it there is room for the
/// largest file.
const RELOCATABLE_LIMIT: u32 = 2 << 30;

/// What the parts of a file became when it was parsed last. A copy shares them.
#[derive(Debug, Clone)]
pub struct ParseCache {
    /// By a hash of their texts.
    known: BTreeMap<u64, Vec<Arc<Chunk>>>,
    /// What parts name in brackets, by a hash of their texts.
    names: BTreeMap<u64, Arc<BTreeSet<String>>>,
    /// All parts in their order, with the bytes at which they stand; none where the text was parsed
    /// as a whole.
    order: Vec<(usize, Arc<Chunk>)>,
    least: usize,
    /// The first place that no part has had.
    free: u32,
}

/// A part and what became of it.
#[derive(Debug)]
pub struct Chunk {
    text: String,
    context: Context,
    /// The first of its places: the byte of the file at which it stands, or one that is counted
    /// apart from the file where what it becomes is the same wherever it stands.
    start: usize,
    body: Body,
    /// Whether it depends on what follows.
    is_open: bool,
    /// Whether it holds what opens a comment elsewhere.
    names_comments: bool,
}

/// What a part must know of its text beyond itself, and tell of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Context {
    /// Definitions of links that stand before it and are named in it, a line each.
    earlier: Vec<String>,
    /// The same behind it.
    later: Vec<String>,
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
    fn from_rest(rest: &str) -> Follower {
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
        ParseCache {
            known: BTreeMap::new(),
            names: BTreeMap::new(),
            order: Vec::new(),
            least: LEAST,
            free: RELOCATABLE_BASE,
        }
    }
}

impl ParseCache {
    /// The parts of a text from a byte on, each with the byte at which it stands; `None` where
    /// another was parsed last, or this one as a whole.
    pub fn parts(&self, text: &str, start: usize) -> Option<&[(usize, Arc<Chunk>)]> {
        let mut end = start;
        for (at, part) in &self.order {
            if *at != end || !text.get(end..)?.starts_with(&part.text) {
                return None;
            }
            end += part.text.len();
        }
        (end == text.len() && !self.order.is_empty()).then_some(&self.order)
    }

    /// Where the parts are whose places are counted apart.
    pub(super) fn places(&self) -> Vec<Relocation> {
        let apart = self.order.iter().filter(|(at, part)| *at != part.start);
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        apart.map(|(at, part)| Relocation { first: number(part.start), start: number(*at) }).collect()
    }

    /// Says that a text is parsed as a whole.
    pub(super) fn forget_order(&mut self) {
        self.order.clear();
    }

    /// What a range of a file becomes, by its parts; `None` where it must be parsed as a whole.
    pub(super) fn body(&mut self, file: FileId, source: &Source, range: Range<usize>) -> Option<Body> {
        let text = source.text().get(range.clone())?;
        // How marks are read depends on the whole text then.
        if holds_shields(text) {
            return None;
        }
        let definitions = Definitions::find(text)?;
        let ends = cuts(text, self.least)?;
        if self.free > RELOCATABLE_LIMIT {
            *self = ParseCache { least: self.least, ..ParseCache::default() };
        }
        let mut next = ParseCache { least: self.least, free: self.free, ..ParseCache::default() };
        let mut whole = Body::default();
        let mut has_comments = None;
        let (mut at, mut index, mut together) = (0, 0, 1);
        while at < text.len() {
            // Where something stays open, twice as much is parsed together.
            let last = (index + together).min(ends.len()).checked_sub(1)?;
            let end = *ends.get(last)?;
            let context = self.context(text, at..end, &definitions, &mut next);
            let part = self.part(file, source, range.start + at..range.start + end, context, &mut next);
            let is_in_doubt =
                part.names_comments && *has_comments.get_or_insert_with(|| comment::find(text, 0).is_there_any());
            if is_in_doubt || part.is_open && end == text.len() {
                break;
            }
            if part.is_open {
                together *= 2;
                continue;
            }
            whole.add(&part.body);
            next.order.push((range.start + at, part));
            (at, index, together) = (end, last + 1, 1);
        }
        *self = next;
        let mut names = BTreeSet::new();
        let is_whole = at == text.len()
            && whole.notes.iter().all(|note| names.insert(note.name.as_str()))
            && whole.headings <= limits::HEADINGS;
        if !is_whole {
            self.forget_order();
        }
        is_whole.then_some(whole)
    }

    /// A part as it was parsed before, at this place or one from which it can be moved.
    fn part(
        &self,
        file: FileId,
        source: &Source,
        place: Range<usize>,
        context: Context,
        next: &mut ParseCache,
    ) -> Arc<Chunk> {
        let text = source.text().get(place.clone()).unwrap_or_default();
        let key = hash(text);
        let fits = |part: &&Arc<Chunk>| {
            (part.start == place.start || part.is_apart()) && part.text == text && part.context == context
        };
        // Parts that say the same have places of their own each.
        let taken = next.known.get(&key).map(Vec::as_slice).unwrap_or_default();
        let is_free = |part: &&Arc<Chunk>| !taken.iter().any(|taken| Arc::ptr_eq(taken, part));
        let known = self.known.get(&key).into_iter().flatten().filter(is_free).find(fits).map(Arc::clone);
        let part = known.unwrap_or_else(|| Arc::new(Chunk::parse(file, source, place, context).apart(&mut next.free)));
        next.known.entry(key).or_default().push(Arc::clone(&part));
        part
    }

    /// What a part of a text must know and tell.
    fn context(&self, text: &str, range: Range<usize>, all: &Definitions, next: &mut ParseCache) -> Context {
        let follower = Follower::from_rest(text.get(range.end..).unwrap_or_default());
        if all.first.is_empty() {
            return Context { follower, ..Context::default() };
        }
        let written = text.get(range.clone()).unwrap_or_default();
        let key = hash(written);
        let names = self.names.get(&key).map_or_else(|| Arc::new(labels(written)), Arc::clone);
        let named = |is_there: fn(&Range<usize>, usize) -> bool| -> Vec<String> {
            let known = names.iter().filter_map(|name| all.first.get(name));
            known.filter(|(start, _)| is_there(&range, *start)).map(|(_, line)| (*line).to_owned()).collect()
        };
        let context = Context {
            earlier: named(|range, start| start < range.start),
            later: named(|range, start| start >= range.end),
            own: all.places.range(range.clone()).map(|(_, label)| label.clone()).collect(),
            follower,
        };
        next.names.insert(key, names);
        context
    }
}

impl Chunk {
    /// Its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte at which its blocks say that it stands.
    pub fn start(&self) -> usize {
        self.start
    }

    /// What it became.
    pub fn body(&self) -> &Body {
        &self.body
    }

    fn parse(file: FileId, source: &Source, place: Range<usize>, context: Context) -> Chunk {
        let text = source.text().get(place.clone()).unwrap_or_default().to_owned();
        let Context { earlier, later, own, follower } = &context;
        let before: String = earlier.iter().map(|line| format!("{line}\n\n")).collect();
        let lines = later.iter().cloned().chain(own.iter().map(|label| format!("[{label}]")));
        let behind = lines.fold(follower.lines().to_owned(), |behind, line| behind + &line + "\n\n");
        let parsed = |behind| super::body(file, source, place.clone(), Vec::new(), [&before, behind]);
        let with_more = parsed(behind.as_str());
        let links_behind = with_more.links_behind;
        let mut body = if *follower == Follower::Nothing { parsed("") } else { with_more };
        settle(&mut body.blocks);
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
        let is_open = body.is_open
            || links_behind != own.len()
            || text.matches("<!--").count() > body.hidden.len()
            || body.hidden.iter().any(|hidden| hidden.end as usize >= place.end)
            || body.diagnostics.iter().any(|problem| in_doubt(problem.code));
        let names_comments = comment::may_open(&text);
        Chunk { text, context, start: place.start, body, is_open, names_comments }
    }

    /// Whether it becomes the same wherever it stands, but for its places: no problem and no name
    /// is made of them.
    fn is_movable(&self) -> bool {
        let Body { notes, diagnostics, hidden, .. } = &self.body;
        hidden.is_empty() && diagnostics.iter().next().is_none() && !notes.iter().any(|note| note.name.contains('['))
    }

    /// The same with places of its own, from a number on, where it becomes the same wherever it stands.
    fn apart(mut self, free: &mut u32) -> Chunk {
        if self.is_movable() {
            Shift::By(i64::from(*free) - self.start as i64).body(&mut self.body);
            self.start = *free as usize;
            // The place behind its last byte is its own too.
            let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            *free = free.saturating_add(length).saturating_add(1);
        }
        self
    }

    /// Whether its places are counted apart.
    fn is_apart(&self) -> bool {
        self.start >= RELOCATABLE_BASE as usize
    }
}

/// Where parts end: behind an empty line and before a line that begins with a word or a heading's
/// sign, and at the end of the text. What may be a term of a list of terms begins no part: such
/// lists go on over paragraphs. Of those that may begin one headings do, and paragraphs that are chosen
/// by what they say, or where the part is long already. `None` where a text has no parts: with lone carriage returns.
fn cuts(text: &str, least: usize) -> Option<Vec<usize>> {
    const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];
    let mut ends: Vec<usize> = Vec::new();
    // Where the lines begin that stand together, and those before them.
    let (mut group, mut before) = (0, 0);
    let (mut at, mut is_first) = (0, true);
    for end in memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1).chain([text.len()]) {
        let start = std::mem::replace(&mut at, end);
        let line = text.get(start..end).unwrap_or_default();
        let written = line.trim_matches(SPACES);
        if written.is_empty() {
            is_first = true;
            continue;
        }
        if is_first {
            (before, group) = (group, start);
        }
        let is_alone = std::mem::replace(&mut is_first, false);
        if written.strip_prefix(':').is_some_and(|rest| rest.is_empty() || rest.starts_with(SPACES)) {
            let term = if is_alone { before } else { group };
            while ends.last().is_some_and(|end| *end >= term) {
                ends.pop();
            }
        } else if is_alone && begins_part(line) {
            let length = start - ends.last().copied().unwrap_or_default();
            let is_chosen = || line.starts_with('#') || hash(line).is_multiple_of(ONE_IN);
            if length >= least.max(1) && (length >= least.saturating_mul(MOST) || is_chosen()) {
                ends.push(start);
            }
        }
    }
    let mut returns = memchr::memchr_iter(b'\r', text.as_bytes());
    if returns.any(|at| text.as_bytes().get(at + 1) != Some(&b'\n')) {
        return None;
    }
    ends.push(text.len());
    Some(ends)
}

/// Whether a line begins with a word or a heading's sign.
fn begins_part(line: &str) -> bool {
    line.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'#' || !byte.is_ascii())
        && !line.starts_with('\u{feff}')
}

/// The definitions of links in a text, each on a line of its own (CommonMark 0.31.2, 4.7).
#[derive(Default)]
struct Definitions<'a> {
    /// By label, the first of each, which counts: where it starts, and its line.
    first: BTreeMap<String, (usize, &'a str)>,
    /// The labels of all of them, by where they start.
    places: BTreeMap<usize, String>,
}

impl Definitions<'_> {
    /// Finds them; `None` where there may be some that are written in any way but the simplest.
    fn find(text: &str) -> Option<Definitions<'_>> {
        let mut found = Definitions::default();
        let ends = memchr::memmem::find_iter(text.as_bytes(), "]:").map(|at| line_around(text, at));
        let mut last = None;
        for range in ends.filter(|range| last.replace(range.start) != Some(range.start)) {
            let line = text.get(range.clone())?;
            let end = line.find("]:")?;
            let content = line.get(scan::prefix(line)..)?;
            if content.starts_with("[^") || !content.starts_with('[') && line.get(..end)?.contains('[') {
                continue;
            }
            // Otherwise the label may have begun on the line before.
            let label = simple_label(line.trim_end()).filter(|_| content.starts_with('['))?;
            let beside = [range.start.checked_sub(1), Some(range.end).filter(|end| *end < text.len())];
            let beside = beside.into_iter().flatten().filter_map(|at| text.get(line_around(text, at)));
            let may_be_beside = |line: &str| line.trim().is_empty() || simple_label(line.trim_end()).is_some();
            if !beside.into_iter().all(may_be_beside) {
                return None;
            }
            found.first.entry(label.clone()).or_insert((range.start, line.trim_end()));
            found.places.insert(range.start, label);
        }
        Some(found)
    }
}

/// The line in which a byte stands, with its end.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', bytes.get(..at).unwrap_or_default()).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).map_or(text.len(), |end| at + end + 1);
    start..end
}

/// The label of a line that defines a link in the simplest way: `[label]: address "title"`.
fn simple_label(line: &str) -> Option<String> {
    let (label, rest) = line.strip_prefix('[')?.split_once("]:")?;
    // What stands for a line of ours is a tag, and must not be brought in from elsewhere.
    let is_plain = label.chars().all(has_plain_case)
        && !line.contains('<')
        && !label.contains(['[', ']', '\\'])
        && !label.starts_with('^');
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

/// Whether a small letter has one capital and this no other small one, or a character has neither, so
/// that lower case is enough to tell which labels are the same (CommonMark 0.31.2, 4.7).
fn has_plain_case(character: char) -> bool {
    let (mut small, mut capital) = (character.to_lowercase(), character.to_uppercase());
    let is_one = small.len() == 1 && capital.len() == 1;
    let (small, capital) = (small.next(), capital.next());
    let is_latin = matches!(character, '\u{c0}'..='\u{17e}') && character != 'ı';
    character.is_ascii() || is_one && (small == capital || is_latin)
}

/// A label as links and definitions share it.
fn name(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// What stands in brackets in a text, where it may name a link.
fn labels(text: &str) -> BTreeSet<String> {
    let inside = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    inside.map(|(label, _)| name(label)).collect()
}
