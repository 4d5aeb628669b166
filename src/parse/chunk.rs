//! Parses a text in chunks, so that unchanged chunks need not be parsed again.
//!
//! A chunk starts with a heading or a paragraph at the start of a line, after a blank line: all
//! lists, quotations and notes end there. Parsing the preceding chunk shows whether something else
//! is still open (a block of code, a directive, an element, a comment). Then both are parsed
//! together. So the result is the same as for the whole text. Where that is not certain, the text
//! is parsed as a whole.

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

/// Minimum size of a chunk, in bytes.
const LEAST: usize = 1024;

/// A chunk of this many times the minimum size ends at the next possible boundary.
const MOST: usize = 8;

/// One paragraph in this many is a boundary. Its hash decides and not its position, so the
/// boundaries after an edit stay (content-defined chunking).
const ONE_IN: u64 = 4;

/// When virtual positions pass this value, the cache is cleared and numbering restarts. The room
/// above it fits the largest file.
const RELOCATABLE_LIMIT: u32 = 2 << 30;

/// The chunks of a file and their trees from the last parse. Copies share them.
#[derive(Debug, Clone)]
pub struct ParseCache {
    /// Chunks by the hash of their texts.
    known: BTreeMap<u64, Vec<Arc<Chunk>>>,
    /// Labels in brackets in each chunk, by the hash of its text.
    names: BTreeMap<u64, Arc<BTreeSet<String>>>,
    /// All chunks in order, with their byte positions. Empty if the text was parsed as a whole.
    order: Vec<(usize, Arc<Chunk>)>,
    least: usize,
    /// The first unused virtual position.
    free: u32,
}

/// A chunk of a text and its tree.
#[derive(Debug)]
pub struct Chunk {
    text: String,
    context: Context,
    /// Start of its spans: its byte position in the file, or a virtual position if its tree does
    /// not depend on where it is.
    start: usize,
    body: Body,
    /// Whether its tree depends on the text after it.
    is_open: bool,
    /// Whether it contains text that may open a comment.
    names_comments: bool,
}

/// What parsing a chunk depends on besides its text, and what others depend on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Context {
    /// Link definitions before it that it refers to, one line each.
    earlier: Vec<String>,
    /// Link definitions after it that it refers to, one line each.
    later: Vec<String>,
    /// Labels of the link definitions in it.
    own: Vec<String>,
    follower: Follower,
}

/// The block after a chunk, on which the end of the last block depends.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Follower {
    Paragraph,
    Heading,
    /// The end of the text.
    #[default]
    Nothing,
}

impl Follower {
    /// Classifies the start of the remaining text.
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

    /// Sample lines of this kind.
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
    /// The chunks of a text from `start` on, with their byte positions. `None` if another text was
    /// parsed last, or this one as a whole.
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

    /// Where in the file the relocatable chunks are.
    pub(super) fn places(&self) -> Vec<Relocation> {
        let apart = self.order.iter().filter(|(at, part)| *at != part.start);
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        apart.map(|(at, part)| Relocation { first: number(part.start), start: number(*at) }).collect()
    }

    /// Records that the text was parsed as a whole.
    pub(super) fn forget_order(&mut self) {
        self.order.clear();
    }

    /// Parses a range of a file in chunks. `None` if it must be parsed as a whole.
    pub(super) fn body(&mut self, file: FileId, source: &Source, range: Range<usize>) -> Option<Body> {
        let text = source.text().get(range.clone())?;
        // With shields, markup depends on the whole text.
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
            // If something stays open, twice as many chunks are parsed together.
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

    /// Parses a chunk, or reuses one of the last parse that is relocatable or at the same position.
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
        // Chunks with equal text have separate positions.
        let taken = next.known.get(&key).map(Vec::as_slice).unwrap_or_default();
        let is_free = |part: &&Arc<Chunk>| !taken.iter().any(|taken| Arc::ptr_eq(taken, part));
        let known = self.known.get(&key).into_iter().flatten().filter(is_free).find(fits).map(Arc::clone);
        let part = known.unwrap_or_else(|| Arc::new(Chunk::parse(file, source, place, context).apart(&mut next.free)));
        next.known.entry(key).or_default().push(Arc::clone(&part));
        part
    }

    /// The context of a chunk.
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

    /// Start of the spans of its blocks.
    pub fn start(&self) -> usize {
        self.start
    }

    /// Its tree.
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

    /// Whether its tree is the same at any position, except for spans: no diagnostic and no note
    /// name contains a position.
    fn is_movable(&self) -> bool {
        let Body { notes, diagnostics, hidden, .. } = &self.body;
        hidden.is_empty() && diagnostics.iter().next().is_none() && !notes.iter().any(|note| note.name.contains('['))
    }

    /// Moves the spans of a movable chunk to virtual positions that start at `free`.
    fn apart(mut self, free: &mut u32) -> Chunk {
        if self.is_movable() {
            Shift::By(i64::from(*free) - self.start as i64).body(&mut self.body);
            self.start = *free as usize;
            // The position after its last byte is reserved too.
            let length = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
            *free = free.saturating_add(length).saturating_add(1);
        }
        self
    }

    /// Whether its spans are virtual.
    fn is_apart(&self) -> bool {
        self.start >= RELOCATABLE_BASE as usize
    }
}

/// Chunk boundaries: after a blank line, before a heading or a paragraph (not before a term of a
/// definition list). A chunk has at least `least` bytes. Then it ends at the next heading, at a
/// paragraph that its hash selects ([`ONE_IN`]), or at any paragraph once it has [`MOST`] times as
/// many. `None` if the text has lone carriage returns.
fn cuts(text: &str, least: usize) -> Option<Vec<usize>> {
    const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];
    let mut ends: Vec<usize> = Vec::new();
    // Start of the current group of lines, and of the group before.
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

/// Whether a line starts with a word or the marker of a heading.
fn begins_part(line: &str) -> bool {
    line.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'#' || !byte.is_ascii())
        && !line.starts_with('\u{feff}')
}

/// Link definitions in a text, each on a line of its own (CommonMark 0.31.2, 4.7).
#[derive(Default)]
struct Definitions<'a> {
    /// The first definition of each label, which is the valid one: its start and its line.
    first: BTreeMap<String, (usize, &'a str)>,
    /// Labels of all definitions, by their start.
    places: BTreeMap<usize, String>,
}

impl Definitions<'_> {
    /// Finds the definitions. `None` if one may be written in any but the simplest form.
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

/// The line around a byte, with its line ending.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', bytes.get(..at).unwrap_or_default()).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', bytes.get(at..).unwrap_or_default()).map_or(text.len(), |end| at + end + 1);
    start..end
}

/// The label of a line that defines a link in the simplest way: `[label]: address "title"`.
fn simple_label(line: &str) -> Option<String> {
    let (label, rest) = line.strip_prefix('[')?.split_once("]:")?;
    // Our replacement for a comment line is a tag and must not come from elsewhere.
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

/// Whether lower case is enough to compare labels with this character: it has no case, or one
/// capital letter that has no other small letter (CommonMark 0.31.2, 4.7).
fn has_plain_case(character: char) -> bool {
    let (mut small, mut capital) = (character.to_lowercase(), character.to_uppercase());
    let is_one = small.len() == 1 && capital.len() == 1;
    let (small, capital) = (small.next(), capital.next());
    let is_latin = matches!(character, '\u{c0}'..='\u{17e}') && character != 'ı';
    character.is_ascii() || is_one && (small == capital || is_latin)
}

/// A label in normal form, for comparison.
fn name(label: &str) -> String {
    label.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Texts in brackets, which may be link labels.
fn labels(text: &str) -> BTreeSet<String> {
    let inside = text.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    inside.map(|(label, _)| name(label)).collect()
}
