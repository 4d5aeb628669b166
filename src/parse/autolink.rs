//! Addresses that are links by themselves (GFM 0.29, 6.9): `www.a.example`,
//! `https://a.example`, `a@b.example`.

use super::inline_token::{InlineToken, InlineTokenKind};
use crate::ast::{InlineKind, Node};
use crate::source::Span;
use crate::source::search::find_any;

/// An address in a text.
struct Found {
    start: usize,
    end: usize,
    /// Prefix of the address in the link's target.
    scheme: &'static str,
}

/// Sets addresses apart in the pieces from index `start` on.
pub fn split(pieces: &mut Vec<InlineToken>, start: usize) {
    let holds = |piece: &InlineToken| matches!(&piece.kind, InlineTokenKind::Text(text) if next(text, 0).is_some());
    if !pieces.iter().skip(start).any(holds) {
        return;
    }
    for piece in pieces.split_off(start) {
        match &piece.kind {
            InlineTokenKind::Text(text) => cut(text, piece.span, pieces),
            InlineTokenKind::Decoded(_)
            | InlineTokenKind::Inline(_)
            | InlineTokenKind::Open(..)
            | InlineTokenKind::Close(_) => {
                pieces.push(piece);
            }
        }
    }
}

/// The addresses of pages that are bare in a source, and are no target of a link.
pub fn addresses(text: &str) -> impl Iterator<Item = std::ops::Range<usize>> {
    let mut at = 0;
    let found = std::iter::from_fn(move || {
        let found = next(text, at)?;
        at = found.end;
        Some(found)
    });
    let is_page = |found: &Found| found.scheme != MAIL;
    let is_bare = |found: &Found| !is_target(text.get(..found.start).unwrap_or_default());
    found.filter(move |found| is_page(found) && is_bare(found)).map(|found| found.start..found.end)
}

/// Whether the text before an address makes it the target of a link or a link definition. A note
/// may start with an address.
fn is_target(before: &str) -> bool {
    let before = before.trim_end();
    let label = before.strip_suffix("]:").and_then(|label| label.rsplit('[').next());
    before.ends_with("](") || label.is_some_and(|label| !label.starts_with('^'))
}

/// Prefix of an e-mail address in a link's target.
const MAIL: &str = "mailto:";

/// Cuts text that is at `span` as it is into pieces, addresses apart.
fn cut(text: &str, span: Span, pieces: &mut Vec<InlineToken>) {
    let mut at = 0;
    while let Some(found) = next(text, at) {
        push(text, at..found.start, span, pieces);
        let place = span.slice(found.start..found.end);
        if let Some(address) = text.get(found.start..found.end) {
            let content = vec![Node::new(InlineKind::Text(address.to_owned()), place)];
            let target = format!("{}{address}", found.scheme);
            pieces.push(InlineToken::inline(InlineKind::Link { target, title: None, content }, place, 1));
        }
        at = found.end;
    }
    push(text, at..text.len(), span, pieces);
}

fn push(text: &str, range: std::ops::Range<usize>, span: Span, pieces: &mut Vec<InlineToken>) {
    if let Some(part) = text.get(range.clone()).filter(|part| !part.is_empty()) {
        pieces.push(InlineToken { kind: InlineTokenKind::Text(part.to_owned()), span: span.slice(range), height: 0 });
    }
}

fn next(text: &str, from: usize) -> Option<Found> {
    let bytes = text.as_bytes();
    let mut at = from;
    loop {
        // The full stop of `www.` is rarer than its w.
        let offset = find_any(text.get(at..)?, *b":@.")?;
        let mark = at + offset;
        let found = match bytes.get(mark)? {
            b':' => scheme(text, from, mark),
            b'@' => email(text, from, mark),
            _ => www(text, from, mark),
        };
        if found.is_some() {
            return found;
        }
        at = mark + 1;
    }
}

/// Whether an address may start here: at the start of a line or after a space or one of `*_~(`.
fn may_begin(text: &str, start: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    before.is_none_or(|letter| letter.is_whitespace() || "*_~(\"'«„“‘".contains(letter))
}

fn www(text: &str, from: usize, dot: usize) -> Option<Found> {
    let start = dot.checked_sub("www".len()).filter(|start| *start >= from)?;
    if !text.get(start..dot)?.eq_ignore_ascii_case("www") || !may_begin(text, start) {
        return None;
    }
    let rest = text.get(start..)?;
    let length = address_length(rest, 0)?;
    Some(Found { start, end: start + length, scheme: "http://" })
}

fn scheme(text: &str, from: usize, colon: usize) -> Option<Found> {
    let after = text.get(colon..)?;
    let host = after.strip_prefix("://")?;
    for name in ["https", "http", "ftp"] {
        let Some(start) = colon.checked_sub(name.len()).filter(|start| *start >= from) else { continue };
        let written = text.get(start..colon).is_some_and(|written| written.eq_ignore_ascii_case(name));
        if written && may_begin(text, start) && host.starts_with(|first: char| first.is_alphanumeric() || first == '[')
        {
            let rest = text.get(start..)?;
            let length = address_length(rest, name.len() + "://".len())?;
            return Some(Found { start, end: start + length, scheme: "" });
        }
    }
    None
}

/// How long an address is whose host starts at `host`, without the marks that
/// end a sentence (GFM 0.29, 6.9, extended autolink path validation).
fn address_length(text: &str, host: usize) -> Option<usize> {
    let mut address = text.get(..end(text))?;
    loop {
        let kept = match address.chars().next_back()? {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' | '”' | '’' | '»' | '“' => true,
            ')' => address.matches(')').count() > address.matches('(').count(),
            ';' => true,
            _ => false,
        };
        if !kept {
            break;
        }
        let mut letters = address.chars();
        letters.next_back();
        address = letters.as_str();
    }
    let domain = address.get(host..)?.split(['/', '?', '#', ':']).next()?;
    let mut parts = domain.rsplit('.');
    let underscored = parts.by_ref().take(2).any(|part| part.contains('_'));
    let named = domain.contains('.') || host > 0;
    (!domain.is_empty() && named && !underscored && !domain.ends_with('.')).then_some(address.len())
}

/// Where the characters end that an address may have: at a space or `<`, and at brackets
/// that are not its own. `[1]` and `{id}` in an address are; `[^1]`, `{.class}` and a
/// bracket that closes something before the address are not.
fn end(text: &str) -> usize {
    let closing = |at: usize, close: char, inside: fn(char) -> bool| {
        let rest = text.get(at + 1..).unwrap_or_default();
        let length = rest.find(|letter: char| !inside(letter)).unwrap_or(rest.len());
        (length > 0 && rest.get(length..).unwrap_or_default().starts_with(close)).then_some(at + 1 + length)
    };
    let mut own = None;
    for (at, letter) in text.char_indices() {
        if own.is_some_and(|close| at <= close) {
            continue;
        }
        own = match letter {
            '[' => closing(at, ']', |letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | ':')),
            '{' => closing(at, '}', |letter| letter.is_alphanumeric() || matches!(letter, '-' | '_')),
            _ => None,
        };
        let is_mark = matches!(letter, '<' | '[' | ']' | '{' | '}') && own.is_none();
        if is_mark || letter.is_whitespace() {
            return at;
        }
    }
    text.len()
}

fn email(text: &str, from: usize, at: usize) -> Option<Found> {
    let before = text.get(from..at)?;
    let user = |letter: &char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '+');
    let length: usize = before.chars().rev().take_while(user).map(char::len_utf8).sum();
    let after = text.get(at + 1..)?;
    let host = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_');
    let domain = after.get(..after.find(|letter| !host(letter)).unwrap_or(after.len()))?.trim_end_matches('.');
    let start = at - length;
    let named = domain.contains('.') && !domain.starts_with('.') && !domain.ends_with(['-', '_']);
    let bordered = text
        .get(..start)
        .and_then(|before| before.chars().next_back())
        .is_none_or(|letter| letter != '/' && !letter.is_alphanumeric());
    (length > 0 && named && bordered).then_some(Found { start, end: at + 1 + domain.len(), scheme: MAIL })
}

#[cfg(test)]
mod tests {
    use super::cut;
    use crate::ast::InlineKind;
    use crate::parse::inline_token::InlineTokenKind;
    use crate::source::{FileId, Span};

    fn links(text: &str) -> Vec<String> {
        let mut pieces = Vec::new();
        cut(text, Span::new(FileId(0), 0, text.len()), &mut pieces);
        let covered: String = pieces.iter().filter_map(|piece| text.get(piece.span.range())).collect();
        assert_eq!(covered, text);
        pieces
            .into_iter()
            .filter_map(|piece| match piece.kind {
                InlineTokenKind::Inline(inline) => match inline.kind {
                    InlineKind::Link { target, .. } => Some(target),
                    _ => None,
                },
                _ => None,
            })
            .collect()
    }

    #[test]
    fn addresses_end_before_the_sentence_does() {
        assert_eq!(
            links("See www.a.example, and (https://b.example/x_(y))."),
            ["http://www.a.example", "https://b.example/x_(y)"]
        );
        assert_eq!(links("Write to a.b@c.example. Or ü@é.example"), ["mailto:a.b@c.example"]);
        assert_eq!(
            links("https://a.example/ä?b=c&d=e#f! http://localhost:8000/x"),
            ["https://a.example/ä?b=c&d=e#f", "http://localhost:8000/x"]
        );
        assert_eq!(
            links("https://a.example/?b=[1]&c={id}, [https://a.example/b] and https://a.example/b[^1]{.c}"),
            ["https://a.example/?b=[1]&c={id}", "https://a.example/b"]
        );
    }

    #[test]
    fn what_only_looks_like_one_is_text() {
        for text in ["www.", "a:b", "://x", "xhttps://a.example", "a@b", "@a.b", "w", "www", "https://", "e.g. @handle"]
        {
            assert_eq!(links(text), Vec::<String>::new(), "{text}");
        }
    }
}
