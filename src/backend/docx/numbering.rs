//! The numbers that Word counts itself: of headings, annexes, paragraphs and
//! lists. What it will show is worked out here as it writes, so that a number
//! that would differ from the document's is written as text instead.

use super::order::{self, Property};
use super::style::{INDENT, LEVELS, twips};
use crate::ast::{ListMarker, NumberStyle};
use crate::backend::markup::Markup;
use crate::language::Labels;
use crate::resolve::Side;
use std::collections::BTreeMap;

/// Ids of the lists that every document has.
pub const HEADINGS: usize = 1;
const ANNEXES: usize = 2;
const PARAGRAPHS: usize = 3;
const BULLETS: usize = 4;
/// The first list of the author's.
const FIRST_LIST: usize = 5;

const DEEPEST: usize = LEVELS as usize;

/// A list numbering: the id of a list, and its level from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Numbered {
    pub list: usize,
    pub level: u8,
}

impl Numbered {
    /// The property of a paragraph.
    pub fn property(self) -> Property {
        let list = Property::with_value("w:numId", self.list);
        Property::new("w:numPr").holding(vec![Property::with_value("w:ilvl", self.level), list])
    }
}

/// How a list of the author's is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Definition {
    style: NumberStyle,
    /// Where it starts: what only the list itself says is forgotten by readers whose user takes a
    /// change back that holds its first item.
    start: u32,
    /// Lists in notes are counted apart: notes are read between other lists.
    in_note: bool,
}

/// A list of the author's.
#[derive(Debug, Clone, Copy)]
struct OwnList {
    definition: Definition,
    level: u8,
    start: u32,
}

/// Counts as Word does.
#[derive(Debug, Default)]
pub struct Numbering {
    /// Counts of the levels, by the definition that lists share.
    counts: BTreeMap<usize, Vec<u32>>,
    /// Counts of the levels in the earlier version, for a redline.
    counts_before: BTreeMap<usize, Vec<u32>>,
    /// The version that has the next item, if only one has it.
    pub side: Option<Side>,
    lists: Vec<OwnList>,
    definitions: Vec<Definition>,
}

impl Numbering {
    /// The numbering of a heading. `None` if Word's number would differ from the document's.
    pub fn heading(&mut self, number: &str, level: u8, annex: bool, labels: &Labels) -> Option<Numbered> {
        // Numbers inside an annex contain its letter; only the annex list has letters.
        let first = if annex { '\0' } else { number.chars().next().unwrap_or('\0') };
        let in_annex = annex || !first.is_ascii_digit();
        let list = if in_annex { ANNEXES } else { HEADINGS };
        let depth = level.checked_sub(1).filter(|depth| usize::from(*depth) < DEEPEST)?;
        let shown = self.next(list, depth, |counts| {
            let mut parts: Vec<String> = counts.iter().map(ToString::to_string).collect();
            if in_annex {
                let letter = counts.first().and_then(|count| numeral(NumberStyle::UpperAlpha, *count));
                *parts.first_mut()? = letter?;
            }
            if in_annex && depth == 0 { Some(annex_text(labels, parts.first()?)) } else { Some(parts.join(".")) }
        });
        self.agreed(shown, number, Numbered { list, level: depth })
    }

    /// The numbering of a numbered paragraph.
    pub fn paragraph(&mut self, number: &str) -> Option<Numbered> {
        let shown = self.next(PARAGRAPHS, 0, |counts| counts.last().map(ToString::to_string));
        self.agreed(shown, number, Numbered { list: PARAGRAPHS, level: 0 })
    }

    /// A list of the author's at a depth from 0. `None` for one without numbers.
    pub fn list(&mut self, marker: ListMarker, depth: u8, in_note: bool) -> Option<Numbered> {
        let level = depth.min(LEVELS - 1);
        match marker {
            ListMarker::Plain => None,
            ListMarker::Bullet => Some(Numbered { list: BULLETS, level }),
            // Lists that are nested deeper than Word counts have their numbers as text.
            ListMarker::Ordered { .. } if usize::from(depth) >= DEEPEST => None,
            ListMarker::Ordered { start, style } => {
                let definition = Definition { style, start, in_note };
                if !self.definitions.contains(&definition) {
                    self.definitions.push(definition);
                }
                self.lists.push(OwnList { definition, level, start });
                // The list restarts.
                let group = self.group(definition);
                for counts in [&mut self.counts, &mut self.counts_before] {
                    let counts = counts.entry(group).or_default();
                    counts.resize(usize::from(level), 0);
                    // Before 0 the counter wraps around to the largest number.
                    counts.push(start.wrapping_sub(1));
                }
                Some(Numbered { list: FIRST_LIST + self.lists.len() - 1, level })
            }
        }
    }

    /// The numbering of an item of the author's list.
    pub fn item(&mut self, list: Numbered, number: &str) -> Option<Numbered> {
        let own = *list.list.checked_sub(FIRST_LIST).and_then(|index| self.lists.get(index))?;
        let shown = self.next(self.group(own.definition), own.level, |counts| {
            counts.last().and_then(|count| numeral(own.definition.style, *count))
        });
        self.agreed(shown, number, list)
    }

    /// Restarts a list in the earlier version, if an item has another number there than the next
    /// one.
    pub fn begin_before(&mut self, list: Numbered, number: u32) -> Option<Numbered> {
        let own = *list.list.checked_sub(FIRST_LIST).and_then(|index| self.lists.get(index))?;
        let group = self.group(own.definition);
        let count = self.counts_before.entry(group).or_default().last_mut()?;
        if *count == number {
            return None;
        }
        *count = number;
        self.lists.push(OwnList { start: number, ..own });
        Some(Numbered { list: FIRST_LIST + self.lists.len() - 1, level: list.level })
    }

    fn agreed(&self, shown: Option<String>, number: &str, numbered: Numbered) -> Option<Numbered> {
        (shown.as_deref() == Some(number)).then_some(numbered)
    }

    /// Increments a level: lower levels restart, and higher levels that were never counted become
    /// 1.
    fn next(&mut self, group: usize, level: u8, text: impl FnOnce(&[u32]) -> Option<String>) -> Option<String> {
        let level = usize::from(level);
        let mut shown: &[u32] = &[];
        for (version, counts) in [(Side::Old, &mut self.counts_before), (Side::New, &mut self.counts)] {
            if self.side.is_none_or(|side| side == version) {
                let counts = counts.entry(group).or_default();
                count(counts, level);
                shown = counts;
            }
        }
        text(shown)
    }

    /// The lists of one definition are counted together.
    fn group(&self, definition: Definition) -> usize {
        FIRST_LIST + self.definitions.iter().position(|known| *known == definition).unwrap_or_default()
    }

    /// Writes the part with the definitions.
    pub fn part(&self, labels: &Labels, links_headings: bool) -> String {
        let mut out = Markup::new();
        out.raw(super::package::DECLARATION);
        out.element("w:numbering", &[("xmlns:w", super::package::WORD)], |out| {
            headings(out, links_headings);
            annexes(out, labels);
            paragraphs(out);
            bullets(out);
            for definition in &self.definitions {
                numbers(out, self.group(*definition), *definition);
            }
            for list in HEADINGS..FIRST_LIST {
                number(out, list, list, None);
            }
            for (index, list) in self.lists.iter().enumerate() {
                number(out, FIRST_LIST + index, self.group(list.definition), Some((list.level, list.start)));
            }
        });
        out.into_string()
    }
}

/// Counts on at a level.
fn count(counts: &mut Vec<u32>, level: usize) {
    let before = counts.len();
    counts.resize(level + 1, 0);
    if before < level {
        counts.iter_mut().take(level).skip(before).for_each(|count| *count = 1);
    }
    if let Some(last) = counts.last_mut() {
        *last = last.wrapping_add(1);
    }
}

/// "Annex A", with the spaces that keep it on a line.
fn annex_text(labels: &Labels, letter: &str) -> String {
    crate::language::fill(labels.annex_numbered, &[letter]).replace(' ', "\u{a0}")
}

/// A number as Word writes it; `None` where that is not known. After z come aa,
/// bb and cc.
fn numeral(style: NumberStyle, number: u32) -> Option<String> {
    const LETTERS: u32 = 26;
    const ROMAN: u32 = 3999;
    match style {
        NumberStyle::Decimal => Some(number.to_string()),
        NumberStyle::LowerAlpha | NumberStyle::UpperAlpha => {
            (1..=LETTERS).contains(&number).then(|| style.numeral(number))
        }
        NumberStyle::LowerRoman | NumberStyle::UpperRoman => {
            (1..=ROMAN).contains(&number).then(|| style.numeral(number))
        }
    }
}

fn format(style: NumberStyle) -> &'static str {
    match style {
        NumberStyle::Decimal => "decimal",
        NumberStyle::LowerAlpha => "lowerLetter",
        NumberStyle::UpperAlpha => "upperLetter",
        NumberStyle::LowerRoman => "lowerRoman",
        NumberStyle::UpperRoman => "upperRoman",
    }
}

fn headings(out: &mut Markup, are_linked: bool) {
    definition(out, HEADINGS, "multilevel", |out| {
        for level in 0..LEVELS {
            let style = are_linked.then(|| format!("Heading{}", level + 1));
            let text: Vec<String> = (1..=level + 1).map(|level| format!("%{level}")).collect();
            write_level(out, level, "decimal", &text.join("."), Manner::Heading(style.as_deref()));
        }
    });
}

fn annexes(out: &mut Markup, labels: &Labels) {
    definition(out, ANNEXES, "multilevel", |out| {
        write_level(out, 0, "upperLetter", &annex_text(labels, "%1"), Manner::Heading(None));
        for level in 1..LEVELS {
            let text: Vec<String> = (1..=level + 1).map(|level| format!("%{level}")).collect();
            write_level(out, level, "decimal", &text.join("."), Manner::Heading(None));
        }
    });
}

fn paragraphs(out: &mut Markup) {
    definition(out, PARAGRAPHS, "singleLevel", |out| write_level(out, 0, "decimal", "%1", Manner::Paragraph));
}

fn bullets(out: &mut Markup) {
    const SIGNS: [&str; 3] = ["•", "–", "▪"];
    definition(out, BULLETS, "hybridMultilevel", |out| {
        for (level, sign) in (0..LEVELS).zip(SIGNS.iter().cycle()) {
            write_level(out, level, "bullet", sign, Manner::List { start: 1 });
        }
    });
}

fn numbers(out: &mut Markup, id: usize, Definition { style, start, in_note: _ }: Definition) {
    definition(out, id, "hybridMultilevel", |out| {
        for level in 0..LEVELS {
            write_level(out, level, format(style), &format!("%{}.", level + 1), Manner::List { start });
        }
    });
}

fn definition(out: &mut Markup, id: usize, kind: &str, levels: impl FnOnce(&mut Markup)) {
    out.element("w:abstractNum", &[("w:abstractNumId", &id.to_string())], |out| {
        // Word tells definitions apart by it.
        out.empty("w:nsid", &[("w:val", &format!("{:08X}", 0x00C4_A900 + id))]);
        out.empty("w:multiLevelType", &[("w:val", kind)]);
        levels(out);
    });
}

/// The use of a number.
#[derive(Clone, Copy)]
enum Manner<'a> {
    /// A heading's number, before the title with a space; possibly from a heading style.
    Heading(Option<&'a str>),
    /// A list item's number, in the indent; the list starts at this number.
    List { start: u32 },
    /// A paragraph's number, before running text.
    Paragraph,
}

fn write_level(out: &mut Markup, level: u8, format: &str, text: &str, manner: Manner) {
    out.element("w:lvl", &[("w:ilvl", &level.to_string())], |out| {
        let start = if let Manner::List { start } = manner { start } else { 1 };
        out.empty("w:start", &[("w:val", &start.to_string())]);
        out.empty("w:numFmt", &[("w:val", format)]);
        if let Manner::Heading(Some(style)) = manner {
            out.empty("w:pStyle", &[("w:val", style)]);
        }
        // Digits, even below a letter.
        if let Manner::Heading(_) = manner {
            out.empty("w:suff", &[("w:val", "space")]);
        }
        out.empty("w:lvlText", &[("w:val", text)]);
        out.empty("w:lvlJc", &[("w:val", "left")]);
        let (left, hanging) = match manner {
            Manner::Heading(_) => (0, 0),
            Manner::List { .. } => (twips(INDENT) * (i64::from(level) + 1), twips(INDENT)),
            Manner::Paragraph => (0, -twips(INDENT)),
        };
        let place = Property::new("w:ind").with("w:left", left);
        let place = if hanging < 0 { place.with("w:firstLine", 0) } else { place.with("w:hanging", hanging) };
        let mut properties = vec![place];
        if let Manner::Paragraph = manner {
            let tab = Property::with_value("w:tab", "num").with("w:pos", twips(INDENT * 1.4));
            properties.push(Property::new("w:tabs").holding(vec![tab]));
        }
        order::write(out, "w:pPr", properties);
    });
}

fn number(out: &mut Markup, id: usize, definition: usize, restart: Option<(u8, u32)>) {
    out.element("w:num", &[("w:numId", &id.to_string())], |out| {
        out.empty("w:abstractNumId", &[("w:val", &definition.to_string())]);
        if let Some((level, start)) = restart {
            out.element("w:lvlOverride", &[("w:ilvl", &level.to_string())], |out| {
                out.empty("w:startOverride", &[("w:val", &start.to_string())]);
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::{Numbered, Numbering};
    use crate::ast::{ListMarker, NumberStyle};
    use crate::language::Labels;

    fn english() -> &'static Labels {
        Labels::for_language("en").unwrap()
    }

    /// LibreOffice forgets where a list starts that says so itself, once its first item is gone.
    #[test]
    fn the_definition_of_a_list_says_where_it_begins() {
        let mut numbering = Numbering::default();
        for start in [0, 1, 5] {
            assert!(numbering.list(ListMarker::Ordered { start, style: NumberStyle::Decimal }, 0, false).is_some());
            let part = numbering.part(english(), false);
            let (_, last) = part.rsplit_once("<w:abstractNum ").unwrap();
            let (levels, lists) = last.split_once("</w:abstractNum>").unwrap();
            assert!(levels.contains(&format!("<w:start w:val=\"{start}\"/>")), "{levels}");
            assert!(lists.contains(&format!("<w:startOverride w:val=\"{start}\"/>")), "{lists}");
        }
    }

    #[test]
    fn headings_are_counted_as_the_document_counts_them() {
        let mut numbering = Numbering::default();
        for (number, level, annex) in [
            ("1", 1, false),
            ("1.1", 2, false),
            ("2", 1, false),
            ("2.1", 2, false),
            ("Annex\u{a0}A", 1, true),
            ("A.1", 2, false),
        ] {
            assert!(numbering.heading(number, level, annex, english()).is_some(), "{number}");
        }
        assert_eq!(numbering.heading("7", 1, false, english()), None, "Word would say 3");
    }

    #[test]
    fn each_list_begins_with_its_first_number() {
        let mut numbering = Numbering::default();
        let marker = ListMarker::Ordered { start: 3, style: NumberStyle::Decimal };
        let outer = numbering.list(marker, 0, false).unwrap();
        assert!(numbering.item(outer, "3").is_some());
        let inner = numbering.list(ListMarker::Ordered { start: 1, style: NumberStyle::Decimal }, 1, false).unwrap();
        assert_eq!(inner, Numbered { list: outer.list + 1, level: 1 });
        assert!(numbering.item(inner, "1").is_some());
        assert!(numbering.item(outer, "4").is_some());
        assert_eq!(numbering.item(outer, "4"), None, "Word would say 5");
    }

    #[test]
    fn letters_after_z_are_text() {
        let mut numbering = Numbering::default();
        let marker = ListMarker::Ordered { start: 26, style: NumberStyle::LowerAlpha };
        let list = numbering.list(marker, 0, false).unwrap();
        assert!(numbering.item(list, "z").is_some());
        assert_eq!(numbering.item(list, "aa"), None);
    }
}
