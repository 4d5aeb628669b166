//! Entities that a drawing declares for itself, as Adobe Illustrator does for the
//! addresses of namespaces. Only plain text is taken, and written out before any
//! parser sees the file: no entity names another, a file, or a part of the markup.

use super::{SVG_BYTES, SvgRejected};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How many entities a drawing may declare.
pub const ENTITIES: usize = 100;
/// Bytes of the text of one.
pub const ENTITY_BYTES: usize = 4 * 1024;

/// Entities that every file has (XML 1.0, 4.6).
const PREDEFINED: [&str; 5] = ["amp", "apos", "gt", "lt", "quot"];

/// Text by the names of entities, as it is written in the markup.
type Entities<'a> = BTreeMap<&'a str, String>;

/// The text of a drawing with the entities of its own written out and without
/// their declarations. Lines stay where they are.
///
/// # Errors
/// Declarations of anything but plain text, or of too much.
pub fn written_out(text: &str) -> Result<Cow<'_, str>, SvgRejected> {
    let Some(start) = doctype(text) else { return Ok(Cow::Borrowed(text)) };
    let (before, declared) = text.split_at(start);
    let Some(subset) = subset(declared) else { return Ok(Cow::Borrowed(text)) };
    let (entities, content) = declarations(subset)?;
    let lines = declared.len().checked_sub(content.len()).and_then(|end| declared.get(..end)).unwrap_or_default();
    let mut out = before.to_owned();
    out.extend(lines.matches('\n'));
    replace(content, &entities, &mut out)?;
    Ok(Cow::Owned(out))
}

/// Where the declaration of the document type begins, after comments and instructions.
fn doctype(text: &str) -> Option<usize> {
    let mut rest = text;
    loop {
        rest = rest.trim_start();
        if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE")) {
            return Some(text.len() - rest.len());
        }
        rest = aside(rest)?.1;
    }
}

/// A comment or an instruction at the start of a text, and what follows.
fn aside(text: &str) -> Option<(&str, &str)> {
    let ends = [("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>")];
    let (start, end) = ends.into_iter().find(|(start, _)| text.starts_with(start))?;
    let length = text.get(start.len()..)?.find(end).map_or(text.len(), |at| start.len() + at + end.len());
    Some(text.split_at(length))
}

/// The text after the `[` of a document type with an internal subset.
fn subset(doctype: &str) -> Option<&str> {
    let mut quote = None;
    for (at, byte) in doctype.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return None,
            (None, b'[') => return doctype.get(at + 1..),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The entities that are declared, and what follows the document type.
fn declarations(subset: &str) -> Result<(Entities<'_>, &str), SvgRejected> {
    let mut entities = Entities::new();
    let mut rest = subset;
    loop {
        rest = rest.trim_start();
        if let Some((_, after)) = aside(rest).filter(|_| !rest.starts_with("<![")) {
            rest = after;
        } else if let Some(after) = rest.strip_prefix(']') {
            let content = after.trim_start().strip_prefix('>').ok_or_else(not_plain)?;
            return Ok((entities, content));
        } else {
            let (name, text, after) = rest.strip_prefix("<!ENTITY").and_then(declaration).ok_or_else(not_plain)?;
            if text.len() > ENTITY_BYTES {
                return Err(SvgRejected::TooLarge(format!("has an entity of more than {} KiB", ENTITY_BYTES / 1024)));
            }
            // The first declaration counts (XML 1.0, 4.2).
            entities.entry(name).or_insert_with(|| escaped(text));
            if entities.len() > ENTITIES {
                return Err(SvgRejected::TooLarge(format!("declares more than {ENTITIES} entities")));
            }
            rest = after;
        }
    }
}

fn not_plain() -> SvgRejected {
    SvgRejected::Holds("declares something else than entities of plain text".to_owned())
}

/// The name and the plain text of an entity, and what follows its declaration.
fn declaration(text: &str) -> Option<(&str, &str, &str)> {
    let text = spaced(text)?;
    let (name, text) = text.split_at(name_length(text));
    let text = spaced(text).filter(|_| !name.is_empty())?;
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (value, after) = text.get(1..)?.split_once(quote)?;
    let after = after.trim_start().strip_prefix('>')?;
    (!value.contains(['&', '%', '<'])).then_some((name, value, after))
}

/// Skips white space, of which there must be some.
fn spaced(text: &str) -> Option<&str> {
    let rest = text.trim_start();
    (rest.len() < text.len()).then_some(rest)
}

/// How many bytes at the beginning are of a name.
fn name_length(text: &str) -> usize {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    text.find(|c| !is_of_name(c)).unwrap_or(text.len())
}

/// The text of an entity, which neither ends a value nor starts a line.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '>' => out.push_str("&gt;"),
            '\n' | '\r' | '\t' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

/// Writes the text of entities in the places of their names.
fn replace(content: &str, entities: &Entities, out: &mut String) -> Result<(), SvgRejected> {
    let mut rest = content;
    while let Some(at) = rest.find(['&', '<']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let (written, after) = match aside(from) {
            Some(aside) => aside,
            None => reference(from, entities).unwrap_or_else(|| from.split_at(1)),
        };
        out.push_str(written);
        rest = after;
        if out.len() > SVG_BYTES {
            break;
        }
    }
    out.push_str(rest);
    if out.len() > SVG_BYTES {
        return Err(SvgRejected::TooLarge(format!("has more than {} MiB", SVG_BYTES / 1024 / 1024)));
    }
    Ok(())
}

/// The text of the entity that is named at the start of a text, and what follows.
fn reference<'a>(text: &'a str, entities: &'a Entities) -> Option<(&'a str, &'a str)> {
    let text = text.strip_prefix('&')?;
    let (name, after) = text.split_at(name_length(text));
    let written = entities.get(name).filter(|_| !PREDEFINED.contains(&name))?;
    Some((written, after.strip_prefix(';')?))
}
