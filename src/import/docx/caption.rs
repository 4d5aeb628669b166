//! Captions: what they are of, and the words after their number.

use super::Reader;
use super::paragraph::{Para, Sequence};
use super::style::Role;
use crate::ast::{AttrList, Inline, Parsed, UNNUMBERED};
use crate::diagnostic::Code;
use crate::import::marks::{self, Bit, Marked};

/// Names of sequences, in the languages of word processors.
const TABLES: [&str; 20] = [
    "table",
    "tabelle",
    "tableau",
    "tabla",
    "tabella",
    "tabel",
    "tabell",
    "taulukko",
    "tabela",
    "tabulka",
    "táblázat",
    "tabelul",
    "таблица",
    "πίνακας",
    "lentelė",
    "tabula",
    "tablo",
    "tábla",
    "tabuľka",
    "tafla",
];
const FIGURES: [&str; 24] = [
    "figure",
    "fig",
    "abbildung",
    "abb",
    "figura",
    "figuur",
    "figur",
    "kuva",
    "rysunek",
    "obrázek",
    "ábra",
    "ilustración",
    "illustration",
    "рисунок",
    "фигура",
    "εικόνα",
    "paveikslas",
    "attēls",
    "joonis",
    "slika",
    "şekil",
    "chart",
    "image",
    "graph",
];

/// The kind of object that a caption belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Table,
    Figure,
    /// Anything else, which has no captions here.
    Other,
}

fn is_among(name: &str, known: &[&str]) -> bool {
    let name = name.trim().trim_end_matches('.').to_lowercase();
    known.contains(&name.as_str())
}

/// Whether tables are counted by a name.
pub fn is_table(name: &str) -> bool {
    is_among(name, &TABLES)
}

/// Whether figures are counted by a name.
pub fn is_figure(name: &str) -> bool {
    is_among(name, &FIGURES)
}

/// A caption that was read.
#[derive(Debug)]
pub struct Caption {
    pub id: Option<String>,
    pub content: Vec<Inline<Parsed>>,
    /// Label, number and what parts them from the words.
    label: String,
}

impl Caption {
    /// The attributes of what it is of. In our own editions captions without a number have none.
    pub fn attrs(&self, own: bool) -> AttrList {
        let classes = if own && self.label.is_empty() { vec![UNNUMBERED.to_owned()] } else { Vec::new() };
        AttrList { id: self.id.clone(), classes, ..AttrList::default() }
    }
}

/// The kind of object that a paragraph is a caption of; `None` if it is no caption.
pub fn kind(para: &Para) -> Option<Kind> {
    let of = |name: &str| match () {
        () if is_table(name) => Kind::Table,
        () if is_figure(name) => Kind::Figure,
        () => Kind::Other,
    };
    if let Some(sequence) = &para.sequence {
        return Some(of(&sequence.name.replace('_', " ")));
    }
    if para.role != Role::Caption {
        return None;
    }
    let text = para.text();
    let first: String = text.trim().chars().take_while(|c| c.is_alphabetic()).collect();
    Some(of(&first))
}

impl Reader<'_> {
    /// Reads a caption without its label and number, which are generated.
    pub(super) fn caption(&mut self, mut para: Para) -> Caption {
        let kind = kind(&para).unwrap_or(Kind::Other);
        let id = para.take_id();
        let sequence = para.sequence.take().or_else(|| typed(&mut para, kind));
        let mut label = String::new();
        if let Some(sequence) = sequence {
            let after = para.bits.split_off(sequence.end.min(para.bits.len()));
            label = marks::text(&para.bits);
            // Pieces that are no text of the label stay: notes, anchors.
            para.bits.retain(|marked| !matches!(marked.bit, Bit::Text(_) | Bit::Break));
            para.bits.extend(after);
            label.push_str(&take_separator(&mut para.bits));
        }
        self.losses.generated(&label);
        Caption { id, content: marks::inlines(para.bits, para.serial), label }
    }

    /// A caption without its object, as an ordinary paragraph.
    pub(super) fn loose_caption(&mut self, caption: Caption, serial: u32) -> Vec<Marked> {
        self.losses.generated.retain(|words| *words != caption.label);
        let message = "a caption stands at no table and no picture, and is a paragraph now";
        self.losses.add(Code::Simplified, serial, message, Some("put it into `:::table` or `:::figure`"));
        let mut bits = vec![Marked::new(Bit::Text(caption.label.clone()), &[])];
        if let Some(id) = caption.id {
            bits.insert(0, Marked::new(Bit::Anchor(id), &[]));
        }
        bits
    }
}

/// The number of a caption that was typed: a label that is known, and a number.
fn typed(para: &mut Para, kind: Kind) -> Option<Sequence> {
    if kind == Kind::Other {
        return None;
    }
    let first =
        para.bits.iter_mut().position(|marked| matches!(&marked.bit, Bit::Text(text) if !text.trim().is_empty()))?;
    let marked = para.bits.get_mut(first)?;
    let Bit::Text(text) = &marked.bit else { return None };
    let lead = text.len() - text.trim_start().len();
    let word = text.get(lead..)?.find(|c: char| !c.is_alphabetic() && c != '.')? + lead;
    let rest = text.get(word..)?;
    let gap = rest.len() - rest.trim_start().len();
    let digits = rest.trim_start().find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.trim_start().len());
    let end = word + gap + digits;
    if gap == 0 || digits == 0 {
        return None;
    }
    let (label, name) = (text.get(..end)?.to_owned(), text.get(lead..word)?.to_owned());
    let after = text.get(end..)?.to_owned();
    let marks = marked.marks.clone();
    marked.bit = Bit::Text(label);
    para.bits.insert(first + 1, Marked { bit: Bit::Text(after), marks });
    Some(Sequence { name, end: first + 1 })
}

/// Takes off what parts a number from the words after it: a sign, and the space around it.
fn take_separator(bits: &mut Vec<Marked>) -> String {
    let mut taken = String::new();
    let mut has_sign = false;
    let mut is_separator = |c: char| {
        let is_sign = matches!(c, ':' | '.' | '–' | '—' | '-' | '|');
        let is_first = is_sign && !has_sign;
        has_sign |= is_sign;
        c.is_whitespace() || is_first
    };
    for marked in bits.iter_mut() {
        let text = match &mut marked.bit {
            Bit::Text(text) => text,
            Bit::Break | Bit::Anchor(_) => continue,
            Bit::Inline(_) | Bit::Node(_) => break,
        };
        let kept = text.trim_start_matches(&mut is_separator).to_owned();
        taken.push_str(text.get(..text.len() - kept.len()).unwrap_or_default());
        *text = kept;
        if !text.is_empty() {
            break;
        }
    }
    bits.retain(|marked| !matches!(&marked.bit, Bit::Text(text) if text.is_empty()));
    taken
}
