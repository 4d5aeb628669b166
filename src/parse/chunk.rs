//! Text that is parsed part by part, so that the parts that did not change since are not parsed
//! again.
//!
//! A part begins with a heading or a paragraph at the start of a line, behind an empty line: there
//! all lists, quotations and notes are over. Whether something else is still open (a block of
//! code, a directive, an element, a comment) shows when the part before is parsed; it is then
//! parsed together with what follows. So a text by its parts is what it is as a whole. Where that
//! is not sure, there are no parts.

use super::shield::holds_shields;
use super::shift::Shift;
use super::{Body, comment, limits, scan};
use crate::diagnostic::Code;
use crate::source::hash::hash;
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// How many bytes a part has at least.
const LEAST: usize = 2048;

/// What the parts of a file became when it was parsed last. A copy shares them.
#[derive(Debug, Clone)]
pub struct ParseCache {
    /// By a hash of their texts.
    known: BTreeMap<u64, Vec<Arc<Part>>>,
    /// What parts name in brackets, by a hash of their texts.
    names: BTreeMap<u64, Arc<BTreeSet<String>>>,
    /// All parts in their order, with the bytes at which they stand; none where the text was parsed
    /// as a whole.
    order: Vec<(usize, Arc<Part>)>,
    least: usize,
}

/// A part and what became of it.
#[derive(Debug)]
pub struct Part {
    text: String,
    context: Context,
    /// The byte of the file at which it stood.
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
        ParseCache { known: BTreeMap::new(), names: BTreeMap::new(), order: Vec::new(), least: LEAST }
    }
}

impl ParseCache {
    /// The parts of a text from a byte on, each with the byte at which it stands; `None` where
    /// another was parsed last, or this one as a whole.
    pub fn parts(&self, text: &str, start: usize) -> Option<&[(usize, Arc<Part>)]> {
        let mut end = start;
        for (at, part) in &self.order {
            if *at != end || !text.get(end..)?.starts_with(&part.text) {
                return None;
            }
            end += part.text.len();
        }
        (end == text.len() && !self.order.is_empty()).then_some(&self.order)
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
        let mut next = ParseCache { least: self.least, ..ParseCache::default() };
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
            whole.add(part.body_at(range.start + at));
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
    ) -> Arc<Part> {
        let text = source.text().get(place.clone()).unwrap_or_default();
        let key = hash(text);
        let fits = |part: &&Arc<Part>| {
            (part.start == place.start || part.is_movable()) && part.text == text && part.context == context
        };
        let known = self.known.get(&key).into_iter().flatten().find(fits).map(Arc::clone);
        let part = known.unwrap_or_else(|| Arc::new(Part::parse(file, source, place, context)));
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

impl Part {
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

    fn parse(file: FileId, source: &Source, place: Range<usize>, context: Context) -> Part {
        let text = source.text().get(place.clone()).unwrap_or_default().to_owned();
        let Context { earlier, later, own, follower } = &context;
        let before: String = earlier.iter().map(|line| format!("{line}\n\n")).collect();
        let lines = later.iter().cloned().chain(own.iter().map(|label| format!("[{label}]")));
        let behind = lines.fold(follower.lines().to_owned(), |behind, line| behind + &line + "\n\n");
        let parsed = |behind| super::body(file, source, place.clone(), Vec::new(), [&before, behind]);
        let with_more = parsed(behind.as_str());
        let links_behind = with_more.links_behind;
        let body = if *follower == Follower::Nothing { parsed("") } else { with_more };
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
        Part { text, context, start: place.start, body, is_open, names_comments }
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
            Shift::By(start as i64 - self.start as i64).body(&mut body);
        }
        body
    }
}

/// Where parts end: behind an empty line and before a line that begins with a word or a heading's
/// sign, and at the end of the text. What may be a term of a list of terms begins no part: such
/// lists go on over paragraphs. `None` where a text has no parts: with lone carriage returns.
fn cuts(text: &str, least: usize) -> Option<Vec<usize>> {
    const SPACES: [char; 4] = [' ', '\t', '\r', '\n'];
    let mut ends: Vec<usize> = Vec::new();
    // Where the lines begin that stand together, and those before them.
    let (mut group, mut before) = (0, 0);
    let (mut at, mut is_first) = (0, true);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
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
        } else if is_alone && begins_part(line) && start >= ends.last().copied().unwrap_or_default() + least {
            ends.push(start);
        }
    }
    let has_lone_return = || text.bytes().zip(text.bytes().skip(1)).any(|(one, next)| one == b'\r' && next != b'\n');
    if text.ends_with('\r') || text.contains('\r') && has_lone_return() {
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
        let (mut next, mut above) = (0, "");
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            let start = next;
            next += line.len();
            let above = std::mem::replace(&mut above, line);
            let Some(end) = line.find("]:") else { continue };
            let content = line.get(scan::prefix(line)..)?;
            if content.starts_with("[^") || !content.starts_with('[') && line.get(..end)?.contains('[') {
                continue;
            }
            // Otherwise the label may have begun on the line before.
            let label = simple_label(line.trim_end()).filter(|_| content.starts_with('['))?;
            let below = lines.peek().copied().unwrap_or_default();
            let may_be_beside = |line: &str| line.trim().is_empty() || simple_label(line.trim_end()).is_some();
            if !may_be_beside(above) || !may_be_beside(below) {
                return None;
            }
            found.first.entry(label.clone()).or_insert((start, line.trim_end()));
            found.places.insert(start, label);
        }
        Some(found)
    }
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
