//! Semantic tokens for highlighting (LSP 3.17): directives, attributes, names, and keys of the
//! front matter.

use super::answer::Asked;
use super::symbols::{Kind, Name, Reading};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::ops::Range;

/// The type of a token. The number is its index in [`TYPES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Type {
    Directive,
    /// A key of the front matter, or of an attribute.
    Key,
    /// An element or a note.
    Id,
    Citation,
    Abbreviation,
    Value,
    Class,
}

/// The names of the types, chosen from those that every editor has a colour for.
pub const TYPES: [&str; 7] = ["keyword", "property", "variable", "enumMember", "macro", "parameter", "class"];
/// The only modifier: a definition of a name.
pub const MODIFIERS: [&str; 1] = ["definition"];

/// A word with its type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Token {
    start: usize,
    end: usize,
    of: Type,
    is_definition: bool,
}

impl Token {
    fn new(range: Range<usize>, of: Type, is_definition: bool) -> Token {
        Token { start: range.start, end: range.end, of, is_definition }
    }
}

impl Asked<'_> {
    /// The tokens of the text, or of the requested part.
    pub fn tokens(&mut self, params: &Value) -> Value {
        let part = self.part(params);
        let (named, compiled) = self.named(None);
        let ids: BTreeSet<String> = named.into_iter().map(|named| named.id).collect();
        let reading = self.reading();
        let mut tokens = grammar(&reading);
        tokens.extend(reading.names(|_| true).iter().filter_map(|name| of_name(name, &ids)));
        let document = compiled.as_ref().and_then(|compiled| compiled.compilation.document.as_ref());
        for used in document.iter().flat_map(|document| &document.abbreviations) {
            let mentions = reading.mentions(&used.short).into_iter();
            tokens.extend(mentions.map(|range| Token::new(range, Type::Abbreviation, false)));
        }
        tokens.sort();
        json!({ "data": self.encoded(tokens.iter().filter(|token| token.start < part.end && part.start < token.end)) })
    }

    /// Five numbers for each token: lines and characters since the one before, its length, its
    /// type and its modifiers.
    fn encoded<'t>(&self, tokens: impl Iterator<Item = &'t Token>) -> Vec<u64> {
        let (source, encoding) = (&self.source, self.open.encoding);
        let length = |part: Range<usize>| encoding.length(source.text().get(part).unwrap_or_default()) as u64;
        let (mut data, mut line, mut start, mut end) = (Vec::new(), 1, 0, 0);
        for token in tokens {
            // Tokens must not overlap; the first of two is kept.
            if token.start < end {
                continue;
            }
            let at = source.line_of(token.start);
            let from = if at == line { start } else { source.line_start(at) };
            let (right, wide) = (length(from..token.start), length(token.start..token.end));
            data.extend([(at - line) as u64, right, wide, token.of as u64, u64::from(token.is_definition)]);
            (line, start, end) = (at, token.start, token.end);
        }
        data
    }
}

fn of_name(name: &Name, ids: &BTreeSet<String>) -> Option<Token> {
    let of = match name.kind {
        // A name that is not an id of the document is a key of its bibliography.
        Kind::Id if name.is_definition || name.document.is_some() || ids.contains(&name.text) => Type::Id,
        Kind::Id => Type::Citation,
        Kind::Note => Type::Id,
        Kind::Value => Type::Value,
        Kind::Abbreviation => Type::Abbreviation,
        Kind::File => return None,
    };
    Some(Token::new(name.range.clone(), of, name.is_definition))
}

/// Directives, attributes and keys of the front matter, outside of code.
fn grammar(reading: &Reading) -> Vec<Token> {
    let text = &reading.text;
    let body = crate::parse::body_start(text);
    let (mut tokens, mut at) = (Vec::new(), 0);
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        if start < body {
            let key = line.find(':').filter(|_| line.starts_with(|letter: char| letter.is_alphanumeric()));
            tokens.extend(key.map(|length| Token::new(start..start + length, Type::Key, false)));
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        if line.trim_start().starts_with(":::") && reading.is_text(start + indent) {
            let name = line.trim_start().trim_start_matches(':').trim_start();
            let from = start + line.len() - name.len();
            let length = name.find(|letter: char| letter.is_whitespace() || letter == '{').unwrap_or(name.len());
            tokens.extend((length > 0).then(|| Token::new(from..from + length, Type::Directive, false)));
        }
        for (open, _) in line.match_indices('{').filter(|(open, _)| reading.is_text(start + open)) {
            let Some(inside) = line.get(open + 1..).and_then(|rest| rest.split_once('}')) else { continue };
            attributes(inside.0, start + open + 1, &mut tokens);
        }
    }
    tokens
}

/// The classes and the keys among attributes.
fn attributes(inside: &str, base: usize, tokens: &mut Vec<Token>) {
    let mut is_quoted = false;
    for word in inside.split(' ') {
        let start = base + word.as_ptr() as usize - inside.as_ptr() as usize;
        if !is_quoted {
            if word.starts_with('.') {
                tokens.push(Token::new(start..start + word.len(), Type::Class, false));
            } else if let Some(length) = word.find('=').filter(|length| *length > 0) {
                tokens.push(Token::new(start..start + length, Type::Key, false));
            }
        }
        is_quoted ^= word.matches('"').count() % 2 == 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Reading, Type, grammar};

    #[test]
    fn directives_attributes_and_keys_have_colours() {
        let text = "---\ntitle: {a=b}\nx: 1\n---\n\n:::tip {title=\"a=b c\" .wide}\n{x} `{y=1}`\n:::\n";
        let found: Vec<(&str, Type)> = grammar(&Reading::from_text(text))
            .into_iter()
            .map(|token| (&text[token.start..token.end], token.of))
            .collect();
        let wanted = [
            ("title", Type::Key),
            ("x", Type::Key),
            ("tip", Type::Directive),
            ("title", Type::Key),
            (".wide", Type::Class),
        ];
        assert_eq!(found, wanted);
    }
}
