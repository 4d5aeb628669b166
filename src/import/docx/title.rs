//! The head of a document: title and subtitle, and whether numbers of headings were typed.

use super::Reader;
use super::assemble::Flat;
use super::paragraph::Para;
use super::properties;
use super::style::Role;
use crate::ast::{BlockKind, Heading, Metadata, ParsedBlock};
use crate::diagnostic::Code;
use crate::import::control::spanned;
use crate::import::marks::{self, Bit, Mark, Marked, node};
use crate::import::spaced;

/// Levels of headings whose numbers are compared.
const LEVELS: usize = 6;

impl Reader<'_> {
    /// The front matter, and the text without what went there.
    pub(super) fn front(&mut self, mut flats: Vec<Flat>, stem: &str) -> (Metadata, Vec<Flat>) {
        let [core, custom] = self.properties.clone();
        let mut metadata = properties::metadata(core.as_ref(), custom.as_ref());
        metadata.lang = self.lang.clone().map(spanned).or(metadata.lang);
        let title = take(&mut flats, Role::Title);
        if title.is_none() {
            self.marked_title(&mut flats);
        }
        let subtitle = take(&mut flats, Role::Subtitle);
        metadata.subtitle = subtitle.map(spanned).or(metadata.subtitle);
        if self.styles.own {
            self.own_front(&mut metadata, &mut flats);
        } else {
            self.take_typed_numbers(&mut flats);
        }
        metadata.title = match title {
            Some(title) => Some(spanned(title)),
            None if self.shift > 0 => None,
            None => self.title_of_text(&flats, metadata.title.map(|title| title.value), stem).map(spanned),
        };
        self.take_repeated(metadata.title.as_ref().map(|title| title.value.as_str()), &mut flats);
        (metadata, flats)
    }

    /// Takes a heading out of the text that is first and only repeats the title.
    fn take_repeated(&mut self, title: Option<&str>, flats: &mut Vec<Flat>) {
        let first = flats.iter().position(|flat| !flat.is_blank());
        let Some((at, Flat::Para(para))) = first.and_then(|at| Some((at, flats.get(at)?))) else { return };
        // Signs make no other title of it.
        let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let is_plain = para.bits.iter().all(is_plain);
        let repeats = title.is_some_and(|title| words(title) == words(&para.text()));
        if para.role != Role::Heading(1) || !is_plain || !repeats {
            return;
        }
        self.losses.generated(&para.text());
        let message = "the first heading only repeats the title, and is left out";
        self.losses.add(Code::Simplified, para.serial, message, None);
        flats.remove(at);
    }

    /// A title with more in it than words is a heading above all others.
    fn marked_title(&mut self, flats: &mut [Flat]) {
        let is_title =
            |flat: &&mut Flat| matches!(flat, Flat::Para(para) if para.role == Role::Title && !flat.is_blank());
        let Some(flat) = flats.iter_mut().find(is_title) else { return };
        if let Flat::Para(para) = flat {
            let content = marks::inlines(std::mem::take(&mut para.bits), para.serial);
            let heading = BlockKind::Stage(ParsedBlock::Heading(Heading { level: 1, content: content.into() }));
            *flat = Flat::Block(node(heading, para.serial), 0);
            self.shift = 1;
        }
    }

    /// The title of a text in which no paragraph is one: that of its data, unless its one heading
    /// of the first level is first, which is a title by itself.
    fn title_of_text(&mut self, flats: &[Flat], of_data: Option<String>, stem: &str) -> Option<String> {
        let firsts: Vec<&Para> = paras(flats).filter(|para| para.role == Role::Heading(1)).collect();
        let stands_first =
            paras(flats).find(|para| !marks::is_blank(&para.bits)).is_some_and(|para| para.role == Role::Heading(1));
        let words = firsts.first().map(|para| spaced(&para.text()));
        let is_counted = firsts.iter().any(|para| para.numbered.is_some());
        if firsts.len() == 1
            && stands_first
            && !is_counted
            && of_data.as_ref().is_none_or(|title| Some(title) == words.as_ref())
        {
            return None;
        }
        let title = of_data.unwrap_or_else(|| stem.to_owned());
        self.losses.added.push(title.clone());
        Some(title)
    }

    /// Takes typed numbers off the headings, where all of them are what numbering would
    /// make: it is switched on instead.
    fn take_typed_numbers(&mut self, flats: &mut [Flat]) {
        let mut counts = [0_u32; LEVELS];
        let mut numbers = Vec::new();
        for para in paras(flats) {
            let Role::Heading(level) = para.role else { continue };
            let at = usize::from(level) - 1;
            if at >= LEVELS || para.numbered.is_some() || at >= 3 {
                return;
            }
            for (index, count) in counts.iter_mut().enumerate() {
                if index == at {
                    *count += 1;
                } else if index > at {
                    *count = 0;
                }
            }
            let expected: Vec<String> = counts.iter().take(at + 1).map(u32::to_string).collect();
            let text = para.text();
            let typed: String = text.trim_start().chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
            let behind = text.trim_start().get(typed.len()..).and_then(|rest| rest.chars().next());
            if typed.trim_end_matches('.') != expected.join(".") || !behind.is_some_and(char::is_whitespace) {
                return;
            }
            numbers.push(typed);
        }
        if numbers.len() < 2 {
            return;
        }
        let mut numbers = numbers.into_iter();
        for flat in flats {
            let Flat::Para(para) = flat else { continue };
            if !matches!(para.role, Role::Heading(_)) {
                continue;
            }
            let Some(number) = numbers.next() else { break };
            take_start(para, &number);
            self.losses.generated(&number);
        }
        self.numbered_sections = true;
        self.typed_numbers = true;
        let message = "the typed numbers of the headings are made anew";
        self.losses.add(Code::Simplified, 0, message, Some("`numbering` in the front matter switches them off"));
    }
}

fn paras(flats: &[Flat]) -> impl Iterator<Item = &Para> {
    flats.iter().filter_map(|flat| match flat {
        Flat::Para(para) => Some(&**para),
        Flat::Block(..) => None,
    })
}

/// Whether a piece is no more than words, as front matter holds them.
fn is_plain(marked: &Marked) -> bool {
    matches!(marked.bit, Bit::Text(_) | Bit::Break) && !marked.marks.iter().any(|mark| matches!(mark, Mark::Link(_)))
}

/// Takes the first paragraph of a role, if it is plain words.
fn take(flats: &mut Vec<Flat>, role: Role) -> Option<String> {
    let at = flats
        .iter()
        .position(|flat| matches!(flat, Flat::Para(para) if para.role == role && !marks::is_blank(&para.bits)))?;
    let Some(Flat::Para(para)) = flats.get(at) else { return None };
    if !para.bits.iter().all(is_plain) {
        return None;
    }
    let words = spaced(&para.text());
    flats.remove(at);
    Some(words)
}

/// Takes letters off the start of a paragraph.
pub fn take_start(para: &mut Para, start: &str) {
    let mut left = start;
    for marked in &mut para.bits {
        let Bit::Text(text) = &mut marked.bit else { continue };
        *text = text.trim_start().to_owned();
        let common = text.chars().zip(left.chars()).take_while(|(one, other)| one == other);
        let common: usize = common.map(|(letter, _)| letter.len_utf8()).sum();
        *text = text.split_off(common);
        left = left.get(common..).unwrap_or_default();
        if left.is_empty() {
            break;
        }
    }
}
