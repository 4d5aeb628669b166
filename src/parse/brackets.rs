//! Our markup that comrak leaves as text: `[text]{.class}`, `[@key, p. 3]`, `^[a note]`,
//! `{{name}}`, `x^2^`, `==words==`, and attributes after links, pictures and code.

use super::address::{self, Size};
use super::attributes::Attributes;
use super::formula::{FORMULA, take_alt};
use super::inline_token::{InlineToken, InlineTokenKind};
use super::limits;
use super::lower::Lowering;
use super::slip::Slip;
use crate::ast::{Attrs, Citation, InlineKind, InlineNote, Node, ParsedInline, plain_text};
use crate::source::Span;
use crate::source::search::find_any;

/// A bracket whose partner has not been met.
struct Open {
    /// Its index among the pieces.
    index: usize,
    /// The byte after it.
    inside: usize,
    /// Whether it opens a note in place.
    note: bool,
}

/// Characters that may start or end our markup.
const MARKS: [u8; 6] = *b"[]{^$=";

/// Attributes of pictures, beside those that everything has.
const PICTURE: [&str; 2] = ["width", "height"];

struct Scan {
    out: Vec<InlineToken>,
    open: Vec<Open>,
    /// Everything before this byte has been read.
    read: usize,
}

impl Lowering<'_> {
    /// Gives brackets, braces and the like their meaning.
    pub fn brackets(&mut self, pieces: Vec<InlineToken>) -> Vec<InlineToken> {
        let pieces = self.code_formulas(pieces);
        let marks = |piece: &InlineToken| match &piece.kind {
            InlineTokenKind::Text(text) => find_any(text, MARKS).is_some(),
            InlineTokenKind::Inline(inline) => takes_attributes(&inline.kind),
            InlineTokenKind::Decoded(_) | InlineTokenKind::Open(..) | InlineTokenKind::Close(_) => false,
        };
        if !pieces.iter().any(marks) {
            return pieces;
        }
        let mut scan = Scan { out: Vec::with_capacity(pieces.len()), open: Vec::new(), read: 0 };
        for piece in pieces {
            let (start, end) = (piece.span.start as usize, piece.span.end as usize);
            if start < scan.read {
                if let InlineTokenKind::Text(text) = &piece.kind
                    && end > scan.read
                    && let Some(rest) = text.get(scan.read - start..)
                {
                    let (rest, at) = (rest.to_owned(), scan.read);
                    self.marks(&rest, at, &mut scan);
                }
                continue;
            }
            match piece.kind {
                InlineTokenKind::Text(ref text) if find_any(text, MARKS).is_none() => scan.out.push(piece),
                InlineTokenKind::Text(text) => self.marks(&text, start, &mut scan),
                InlineTokenKind::Inline(mut inline) => {
                    self.follow(&mut inline, &mut scan);
                    scan.out.push(InlineToken {
                        kind: InlineTokenKind::Inline(inline),
                        span: piece.span,
                        height: piece.height,
                    });
                }
                InlineTokenKind::Decoded(_) | InlineTokenKind::Open(..) | InlineTokenKind::Close(_) => {
                    scan.out.push(piece)
                }
            }
        }
        scan.out
    }

    /// Attributes that follow a link, a picture or code.
    fn follow(&mut self, inline: &mut crate::ast::Inline<crate::ast::Parsed>, scan: &mut Scan) {
        if !takes_attributes(&inline.kind) {
            return;
        }
        let Some(mut attributes) = self.attributes_at(inline.span.end as usize) else { return };
        self.guard_attributes(&attributes);
        let (bearer, known): (_, &[&str]) = match &inline.kind {
            InlineKind::Image(_) => ("a picture", &PICTURE),
            InlineKind::Code(_) => ("code", &[]),
            InlineKind::Math(_) => ("a formula", &FORMULA),
            _ => ("a link", &[]),
        };
        self.check_keys(bearer, known, &attributes);
        scan.read = attributes.span.end as usize;
        if let InlineKind::Stage(ParsedInline::Reference { with_title, .. }) = &mut inline.kind {
            *with_title = attributes.take_class("title");
        }
        let before = std::mem::take(&mut inline.attrs);
        inline.attrs = attributes.into_attrs();
        if let InlineKind::Math(formula) = &mut inline.kind {
            formula.alt = take_alt(&mut inline.attrs);
        }
        if let Some(list) = before.list().filter(|_| inline.attrs.is_empty()) {
            inline.attrs = list.clone().into();
        } else {
            let side = |key: &str| before.get(key).map(str::to_owned);
            size(&mut inline.attrs, Size { width: side("width"), height: side("height") });
        }
    }

    /// Attributes of an inline whose brace is at a byte.
    fn attributes_at(&self, start: usize) -> Option<Attributes> {
        let attributes = Attributes::read(self.file, self.text, start)?;
        (!attributes.is_empty() && attributes.has_only_values()).then_some(attributes)
    }

    /// Reads the marks in text that is at byte `start` as it is.
    fn marks(&mut self, text: &str, start: usize, scan: &mut Scan) {
        let mut at = 0;
        let mut written = 0;
        while let Some(found) = text.get(at..).and_then(|rest| find_any(rest, MARKS)) {
            let mark = at + found;
            let here = start + mark;
            let rest = text.get(mark..).unwrap_or_default();
            at = mark + 1;
            if rest.starts_with('[') {
                let note = mark > written && text.get(..mark).is_some_and(|before| before.ends_with('^'));
                let from = if note { mark - 1 } else { mark };
                self.push_text(text, written..from, start, scan);
                scan.open.push(Open { index: scan.out.len(), inside: here + 1, note });
                self.push_text(text, from..mark + 1, start, scan);
                written = mark + 1;
            } else if rest.starts_with(']') {
                let Some(open) = scan.open.pop() else { continue };
                self.push_text(text, written..mark, start, scan);
                written = mark;
                if let Some(end) = self.close_bracket(&open, here, scan) {
                    scan.read = end;
                    let next = end.saturating_sub(start);
                    if next >= text.len() {
                        return;
                    }
                    at = next;
                    written = next;
                }
            } else if let Some((piece, end)) = self.lone(rest, here) {
                self.push_text(text, written..mark, start, scan);
                scan.out.push(piece);
                scan.read = end;
                let next = end.saturating_sub(start);
                if next >= text.len() {
                    return;
                }
                at = next;
                written = next;
            }
        }
        self.push_text(text, written..text.len(), start, scan);
    }

    fn push_text(&self, text: &str, range: std::ops::Range<usize>, start: usize, scan: &mut Scan) {
        let span = Span::new(self.file, start + range.start, start + range.end);
        if let Some(part) = text.get(range).filter(|part| !part.is_empty()) {
            scan.out.push(InlineToken::text(part, span));
        }
    }

    /// Reads markup without a separate closing mark: a variable, raised text, a formula. Returns
    /// the token and the byte after it.
    fn lone(&mut self, rest: &str, here: usize) -> Option<(InlineToken, usize)> {
        if let Some(inner) = rest.strip_prefix("{{") {
            let legal = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ');
            let end = inner.find(|letter| !legal(letter))?;
            let name = inner.get(..end).filter(|_| inner.get(end..).is_some_and(|rest| rest.starts_with("}}")))?;
            let length = "{{}}".len() + name.len();
            let name = name.trim();
            // `{{page.title}}` is a template's; keys with points are the project's own.
            if name.is_empty() || name.contains(' ') || (name.contains('.') && !name.starts_with("x-")) {
                return None;
            }
            let span = Span::new(self.file, here, here + length);
            let kind = InlineKind::Stage(ParsedInline::Variable(name.to_owned()));
            return Some((InlineToken::inline(kind, span, 0), here + length));
        }
        if let Some(inner) = rest.strip_prefix("$$") {
            return self.dollar_formula(inner.len(), here);
        }
        if let Some(inner) = rest.strip_prefix("==") {
            return self.highlight(inner, here);
        }
        let inner = rest.strip_prefix('^')?;
        let (raised, _) = inner.split_once('^')?;
        if raised.is_empty() || raised.contains(char::is_whitespace) || raised.contains(['[', ']', '{']) {
            return None;
        }
        let end = here + "^^".len() + raised.len();
        let inside = Span::new(self.file, here + 1, end - 1);
        let content = vec![Node::new(InlineKind::Text(raised.to_owned()), inside)];
        let span = Span::new(self.file, here, end);
        Some((InlineToken::inline(InlineKind::Superscript(content), span, 1), end))
    }

    /// Reads words between double equals signs, which other tools use for highlighting. `a==b` is
    /// not a highlight, nor are signs with spaces on their inner side.
    fn highlight(&self, inner: &str, here: usize) -> Option<(InlineToken, usize)> {
        let touches = |c: char| c.is_alphanumeric() || c == '=';
        let (words, behind) = inner.split_once("==")?;
        let is_apart = !self.text.get(..here)?.ends_with(touches) && !behind.starts_with(touches);
        let is_whole = words.trim() == words && words.contains(char::is_alphanumeric);
        if !is_apart || !is_whole || words.contains(['[', ']', '{', '=', '\n']) {
            return None;
        }
        let end = here + "====".len() + words.len();
        let inside = Span::new(self.file, here + "==".len(), end - "==".len());
        let content = vec![Node::new(InlineKind::Text(words.to_owned()), inside)];
        Some((InlineToken::inline(InlineKind::Highlight(content), Span::new(self.file, here, end), 1), end))
    }

    /// Gives a pair of brackets its meaning. `at` is the byte of the closing
    /// one. The byte past what was read, or `None` where they are only brackets.
    fn close_bracket(&mut self, open: &Open, at: usize, scan: &mut Scan) -> Option<usize> {
        let inside = self.text.get(open.inside..at)?;
        let mut end = at + 1;
        let file = self.file;
        let span = |start: usize, end: usize| Span::new(file, start, end);
        if open.note {
            if inside.trim().is_empty() {
                return None;
            }
            let span = span(open.inside - "^[".len(), end);
            let content = self.take_content(open, scan, span)?;
            let (content, height) = self.pair(content);
            let name = super::inline_note_name(span);
            let inside = Span::new(self.file, open.inside, at);
            let note = InlineNote { name: name.clone(), content, inside, span };
            self.inline_notes.push((note, self.conditions.clone()));
            // A note in a note in a note is resolved one inside the other.
            scan.out.push(InlineToken::inline(InlineKind::Note(name), span, height + 1));
            return Some(end);
        }
        let start = open.inside - "[".len();
        if let Some(name) = inside.strip_prefix('^')
            && !name.is_empty()
            && !name.contains(char::is_whitespace)
            && !name.contains(['[', ']'])
        {
            scan.out.truncate(open.index);
            let name = super::note_name(name);
            scan.out.push(InlineToken::inline(InlineKind::Note(name), span(start, end), 0));
            return Some(end);
        }
        if let Some(citations) = self.citations(inside, open.inside) {
            scan.out.truncate(open.index);
            let mut piece =
                InlineToken::inline(InlineKind::Stage(ParsedInline::Citation(citations)), span(start, end), 0);
            if let Some(attributes) = self.attributes_at(end)
                && let InlineTokenKind::Inline(inline) = &mut piece.kind
            {
                self.guard_attributes(&attributes);
                self.check_keys("a citation", &[], &attributes);
                end = attributes.span.end as usize;
                inline.attrs = attributes.into_attrs();
            }
            scan.out.push(piece);
            return Some(end);
        }
        if let Some(end) = self.address(open, end, scan).or_else(|| self.embedded(open, at, scan)) {
            return Some(end);
        }
        let attributes = self.attributes_at(end)?;
        end = attributes.span.end as usize;
        let span = span(start, end);
        self.guard_attributes(&attributes);
        self.check_keys("a span of words", &[], &attributes);
        let content = self.take_content(open, scan, span)?;
        let (content, height) = self.pair(content);
        let mut piece = InlineToken::inline(InlineKind::Span(content), span, height + 1);
        if let InlineTokenKind::Inline(inline) = &mut piece.kind {
            inline.attrs = attributes.into_attrs();
        }
        scan.out.push(piece);
        Some(end)
    }

    /// A picture or a link whose address, which starts at byte `at`, Markdown does not take for
    /// one. The byte past it.
    fn address(&mut self, open: &Open, at: usize, scan: &mut Scan) -> Option<usize> {
        let start = open.inside - "[".len();
        let before = self.text.get(..start).and_then(|before| before.strip_suffix('!'));
        let is_picture = before.is_some_and(|before| !before.ends_with('\\'));
        let found = address::read(self.text.get(at..)?, is_picture)?;
        if !is_picture && self.in_link > 0 {
            return None;
        }
        let start = start - usize::from(is_picture);
        let mut end = at + found.length;
        let span = Span::new(self.file, start, end);
        let content = self.take_content(open, scan, span)?;
        let (content, height) = self.pair(content);
        if is_picture && let Some(InlineToken { kind: InlineTokenKind::Text(mark), .. }) = scan.out.last_mut() {
            mark.pop();
        }
        self.tell_slip(if found.path.contains(' ') { Slip::Address } else { Slip::PictureSize }, span);
        let mut pieces = Vec::new();
        if is_picture {
            let alt = plain_text(&content);
            self.image(&found.path, (!alt.is_empty()).then_some(alt), &found.title, span, &mut pieces);
        } else {
            self.link(&found.path, &found.title, (content, height + 1), span, &mut pieces);
        }
        let attributes = self.attributes_at(end);
        if let Some(attributes) = &attributes {
            self.guard_attributes(attributes);
            let (bearer, known): (_, &[&str]) = if is_picture { ("a picture", &PICTURE) } else { ("a link", &[]) };
            self.check_keys(bearer, known, attributes);
            end = attributes.span.end as usize;
        }
        if let Some(InlineToken { kind: InlineTokenKind::Inline(inline), .. }) = pieces.last_mut() {
            inline.attrs = attributes.map(Attributes::into_attrs).unwrap_or_default();
            size(&mut inline.attrs, found.size);
        }
        scan.out.append(&mut pieces);
        Some(end)
    }

    /// A picture as Obsidian writes it, `![[map.png|300]]`, whose outer bracket closes at a
    /// byte. The byte past it.
    fn embedded(&mut self, open: &Open, at: usize, scan: &mut Scan) -> Option<usize> {
        let start = open.inside - "[".len();
        let before = self.text.get(..start)?.strip_suffix('!').filter(|before| !before.ends_with('\\'))?;
        let inside = self.text.get(open.inside..at)?.strip_prefix('[')?.strip_suffix(']')?;
        let (inside, size) = address::sized_words(inside).unwrap_or((inside, Size::default()));
        let (path, words) = inside.split_once('|').unwrap_or((inside, ""));
        let (path, words, end) = (path.trim(), words.trim(), at + "]".len());
        if !address::is_picture(path) {
            return None;
        }
        let span = Span::new(self.file, before.len(), end);
        scan.out.truncate(open.index);
        if let Some(InlineToken { kind: InlineTokenKind::Text(mark), .. }) = scan.out.last_mut() {
            mark.pop();
        }
        self.tell_slip(Slip::EmbeddedPicture, span);
        let mut pieces = Vec::new();
        self.image(path, (!words.is_empty()).then(|| words.to_owned()), "", span, &mut pieces);
        if let Some(InlineToken { kind: InlineTokenKind::Inline(inline), .. }) = pieces.last_mut() {
            self::size(&mut inline.attrs, size);
        }
        scan.out.append(&mut pieces);
        Some(end)
    }

    /// Takes the content of brackets, if it is not nested too deeply.
    fn take_content(&mut self, open: &Open, scan: &mut Scan, span: Span) -> Option<Vec<InlineToken>> {
        let inside = scan.out.get(open.index + 1..)?;
        let height = inside.iter().map(|piece| piece.height).max().unwrap_or(0);
        if self.depth.saturating_add(height).saturating_add(1) >= limits::NESTING {
            self.too_deep(span);
            // The brackets around this one are nested even deeper.
            scan.open.clear();
            return None;
        }
        let content = scan.out.split_off(open.index + 1);
        scan.out.truncate(open.index);
        Some(content)
    }

    /// `@key, p. 3; -@other`, at byte `start`.
    fn citations(&self, text: &str, start: usize) -> Option<Vec<Citation>> {
        if !text.contains('@') {
            return None;
        }
        let mut citations = Vec::new();
        let mut at = start;
        for part in text.split(';') {
            let lead = part.len() - part.trim_start().len();
            let span = Span::new(self.file, at + lead, at + part.trim_end().len().max(lead));
            at += part.len() + 1;
            let part = part.trim();
            let (prefix, part) = prefixed(part)?;
            let named = part.strip_prefix('-');
            let body = named.unwrap_or(part).strip_prefix('@')?;
            let (key, locator) =
                body.split_once(',').map_or((body, None), |(key, locator)| (key, Some(locator.trim())));
            let key = key.trim();
            let legal = |letter: char| letter.is_alphanumeric() || "-_.:/+#%&".contains(letter);
            if key.is_empty() || !key.chars().all(legal) {
                return None;
            }
            let locator = locator.filter(|locator| !locator.is_empty());
            let locator = locator.map(|locator| locator.split_whitespace().collect::<Vec<_>>().join(" "));
            let prefix = prefix.map(str::to_owned);
            citations.push(Citation { key: key.to_owned(), prefix, locator, without_author: named.is_some(), span });
        }
        Some(citations)
    }
}

/// The words before the key of a citation, and the rest: `see @key, p. 3`.
fn prefixed(part: &str) -> Option<(Option<&str>, &str)> {
    if part.trim_start_matches('-').starts_with('@') {
        return Some((None, part));
    }
    let at = part
        .match_indices('@')
        .map(|(at, _)| at)
        .find(|at| part.get(..*at).is_some_and(|before| before.trim_end_matches('-').ends_with(char::is_whitespace)))?;
    let start = part.get(..at)?.trim_end_matches('-').len();
    let prefix = part.get(..start)?.trim();
    // A word with markup of its own is no such prefix.
    let plain = !prefix.contains(['[', ']', '!', '`', '*', '_', '<', '\n', '@', ',']);
    plain.then_some((Some(prefix), part.get(start..)?))
}

/// Gives a picture a size, where attributes give none.
pub fn size(attrs: &mut Attrs, size: Size) {
    for (key, value) in [("width", size.width), ("height", size.height)] {
        if let Some(value) = value.filter(|_| attrs.get(key).is_none()) {
            attrs.edit().pairs.push((key.to_owned(), value));
        }
    }
}

/// Whether attributes in braces may follow.
fn takes_attributes(kind: &InlineKind<crate::ast::Parsed>) -> bool {
    match kind {
        InlineKind::Link { .. }
        | InlineKind::Image(_)
        | InlineKind::Code(_)
        | InlineKind::Math(_)
        | InlineKind::Stage(ParsedInline::Reference { .. }) => true,
        InlineKind::Stage(ParsedInline::Citation(_) | ParsedInline::Variable(_))
        | InlineKind::Text(_)
        | InlineKind::SoftBreak
        | InlineKind::LineBreak
        | InlineKind::Emphasis(_)
        | InlineKind::Strong(_)
        | InlineKind::Strikethrough(_)
        | InlineKind::Superscript(_)
        | InlineKind::Subscript(_)
        | InlineKind::Underline(_)
        | InlineKind::Highlight(_)
        | InlineKind::Inserted(_)
        | InlineKind::Deleted(_)
        | InlineKind::Small(_)
        | InlineKind::Quoted(_)
        | InlineKind::CitedTitle(_)
        | InlineKind::DefinedTerm(_)
        | InlineKind::Keyboard(_)
        | InlineKind::Span(_)
        | InlineKind::Abbreviation { .. }
        | InlineKind::Note(_) => false,
        InlineKind::Change { change, .. } => match *change {},
    }
}
