//! Fields: links, references, numbers of captions, lists of contents (ISO/IEC 29500-1, 17.16).

use super::Reader;
use super::assemble::Flat;
use super::paragraph::Sequence;
use super::survey::BookmarkTarget;
use crate::ast::{BlockKind, InlineKind, ListingKind, ParsedBlock, ParsedInline, Spanned, Toc};
use crate::diagnostic::Code;
use crate::import::loss::excerpt;
use crate::import::marks::{self, Bit, Mark, node};
use crate::import::spaced;
use crate::import::xml::Element;

/// A field that is open.
#[derive(Debug, Default)]
pub struct Field {
    instruction: String,
    /// Whether its result is being read.
    in_result: bool,
    /// Where its result begins among the pieces of the paragraph.
    start: usize,
    /// Whether its result is generated again.
    is_remade: bool,
    /// Value of a form field that has no result.
    form: Option<String>,
}

/// The words of an instruction; those between quotation marks are one.
pub fn field_words(instruction: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut is_quoted = false;
    for letter in instruction.chars() {
        match letter {
            '"' | '“' | '”' if is_quoted || word.is_empty() => {
                if is_quoted {
                    words.push(std::mem::take(&mut word));
                }
                is_quoted = !is_quoted;
            }
            letter if letter.is_whitespace() && !is_quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            letter => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// The argument of a switch.
fn switch<'w>(words: &'w [String], name: &str) -> Option<&'w str> {
    let at = words.iter().position(|word| word.eq_ignore_ascii_case(name))?;
    Some(words.get(at + 1).map_or("", String::as_str))
}

/// The id that a bookmark becomes.
pub fn id(bookmark: &str) -> String {
    let letters = bookmark.chars().map(|c| if c.is_alphanumeric() || c == '-' { c } else { '-' });
    let id: String = letters.collect::<String>().trim_matches('-').to_lowercase();
    if id.starts_with(char::is_alphabetic) { id } else { format!("place-{id}") }
}

/// The value of a form field: the sign of its box, or the chosen item of its list (ISO/IEC 29500-1,
/// 17.16.5.20 and 17.16.5.21).
pub fn form(begin: &Element) -> Option<String> {
    let data = begin.child("w:ffData")?;
    if let Some(list) = data.child("w:ddList") {
        let chosen = list.value("w:result").or_else(|| list.value("w:default"));
        let chosen: usize = chosen.and_then(|number| number.parse().ok()).unwrap_or(0);
        let entry = list.elements().filter(|child| child.is("w:listEntry")).nth(chosen)?;
        return entry.get("w:val").map(str::to_owned);
    }
    let check = data.child("w:checkBox")?;
    let state = check.child("w:checked").or_else(|| check.child("w:default"));
    Some(if state.is_some_and(Element::is_on) { "☒" } else { "☐" }.to_owned())
}

impl Reader<'_> {
    /// Whether the current text is skipped: the code of a field, or a generated result.
    pub(super) fn is_withheld(&self) -> bool {
        self.fields.iter().any(|field| !field.in_result || field.is_remade)
    }

    /// Whether what is read is the result of a field, and not its code.
    pub(super) fn is_in_result(&self) -> bool {
        self.fields.iter().all(|field| field.in_result)
    }

    /// Whether a list of contents is being read.
    pub(super) fn is_in_remade(&self) -> bool {
        self.fields.iter().any(|field| field.is_remade)
    }

    pub(super) fn instruction(&mut self, text: &str) {
        if let Some(field) = self.fields.last_mut().filter(|field| !field.in_result) {
            field.instruction.push_str(text);
        }
    }

    pub(super) fn field_mark(&mut self, mark: &Element) {
        match mark.get("w:fldCharType") {
            Some("begin") => self.fields.push(Field { form: form(mark), ..Field::default() }),
            Some("separate") => self.begin_result(),
            Some("end") => self.end_field(),
            _ => {}
        }
    }

    /// A field whose code is an attribute.
    pub(super) fn simple_field(&mut self, field: &Element, marks: &[Mark], lang: Option<&str>) {
        let instruction = field.get("w:instr").unwrap_or_default().to_owned();
        self.fields.push(Field { instruction, ..Field::default() });
        self.begin_result();
        self.inlines(field, marks, lang);
        self.end_field();
    }

    fn begin_result(&mut self) {
        let start = self.bits.len();
        let is_outermost = !self.is_in_remade();
        let Some(field) = self.fields.last_mut() else { return };
        field.in_result = true;
        field.start = start;
        let words = field_words(&field.instruction);
        let kind = words.first().map(|kind| kind.to_uppercase()).unwrap_or_default();
        field.is_remade = matches!(kind.as_str(), "TOC" | "INDEX" | "TOA");
        if field.is_remade && is_outermost {
            self.listing(&kind, &words);
        }
    }

    /// A list that is made from the document.
    fn listing(&mut self, kind: &str, words: &[String]) {
        let captions = switch(words, "\\c").or_else(|| switch(words, "\\a"));
        let at = self.serial;
        let listing = match (kind, captions) {
            ("TOC", None) => return self.contents_list(switch(words, "\\o")),
            ("TOC", Some(name)) if super::caption::is_table(name) => ListingKind::Tables,
            ("TOC", Some(name)) if super::caption::is_figure(name) => ListingKind::Figures,
            _ => {
                let message = "a list that Word made is left out: there is no such list here";
                return self.losses.add(Code::LeftOut, at, message, None);
            }
        };
        self.listings.push(Flat::Block(node(BlockKind::Stage(ParsedBlock::Listing(listing)), at), 0));
    }

    /// A list of contents, down to the last level of a range such as `1-3`.
    pub(super) fn contents_list(&mut self, levels: Option<&str>) {
        if self.styles.own {
            return;
        }
        let last = levels.and_then(|levels| levels.rsplit('-').next()?.trim().parse::<u8>().ok()).unwrap_or(3);
        if self.contents.is_none() {
            self.contents = Some(Spanned { value: Toc::Depth(last.clamp(1, 6)), span: None });
        }
    }

    pub(super) fn end_field(&mut self) {
        let Some(field) = self.fields.pop() else { return };
        if self.is_withheld() || field.is_remade {
            return;
        }
        let words = field_words(&field.instruction);
        let kind = words.first().map(|kind| kind.to_uppercase()).unwrap_or_default();
        let start = if field.in_result { field.start.min(self.bits.len()) } else { self.bits.len() };
        let argument = words.get(1).filter(|word| !word.starts_with('\\')).map(String::as_str);
        match (kind.as_str(), argument) {
            ("FORMCHECKBOX" | "FORMDROPDOWN", _) => {
                if kind == "FORMDROPDOWN" {
                    self.drop_down();
                }
                if let Some(shown) = field.form.filter(|_| self.bits.get(start..).is_none_or(marks::is_blank)) {
                    self.emit(Bit::Text(shown), &[]);
                }
            }
            _ if !field.in_result => self.without_result(&kind, argument),
            ("HYPERLINK", _) => {
                let place = switch(&words, "\\l").map(|place| format!("#{}", self.link_id(place)));
                let target = format!("{}{}", argument.unwrap_or_default(), place.unwrap_or_default());
                self.link_from(start, &target);
            }
            ("REF", Some(bookmark)) => self.reference(start, bookmark),
            ("NOTEREF", Some(bookmark)) => self.note_again(start, bookmark),
            ("SEQ", Some(name)) => {
                let end = self.bits.len();
                self.sequence = self.sequence.take().or(Some(Sequence { name: name.to_owned(), end }));
            }
            ("PAGEREF", _) => {
                let message = "the number of a page is plain text now, and may be wrong";
                let hint = "refer to the place itself: `[](#id)`";
                self.losses.add(Code::Simplified, self.serial, message, Some(hint));
            }
            _ => {}
        }
    }

    /// Reports a drop-down list, of which only the current choice is kept.
    pub(super) fn drop_down(&mut self) {
        let message = "a list to choose from is the words that were chosen now";
        self.losses.add(Code::Simplified, self.serial, message, None);
    }

    /// Fields that show something without having a result.
    fn without_result(&mut self, kind: &str, argument: Option<&str>) {
        let shown = match (kind, argument) {
            ("SYMBOL", Some(code)) => code.parse().ok().and_then(char::from_u32),
            _ => None,
        };
        if let Some(shown) = shown {
            self.emit(Bit::Text(shown.to_string()), &[]);
        }
    }

    /// The id in a link to a bookmark; bookmarks at which there is nothing keep their name.
    pub(super) fn link_id(&self, bookmark: &str) -> String {
        id(bookmark)
    }

    /// Makes a link of the pieces from one on. Files beside the document are not at hand.
    pub(super) fn link_from(&mut self, start: usize, target: &str) {
        const SCHEMES: [&str; 6] = ["#", "https:", "http:", "mailto:", "ftp:", "tel:"];
        let lower = target.to_lowercase();
        if !SCHEMES.iter().any(|scheme| lower.starts_with(scheme)) {
            let message =
                format!("a link leads to `{}`, which is not on the web: its words are plain text", excerpt(target));
            return self.losses.add(
                Code::Simplified,
                self.serial,
                message,
                Some("put the file into the project, and link to it there"),
            );
        }
        for marked in self.bits.iter_mut().skip(start) {
            if !marked.marks.iter().any(|mark| matches!(mark, Mark::Link(_))) {
                marked.marks.push(Mark::Link(target.into()));
                marked.marks.sort();
            }
            marked.marks.retain(|mark| *mark != Mark::Underline);
        }
    }

    /// A reference to a bookmark. It says what its target is called where it did so in the
    /// file, and otherwise its words lead there.
    fn reference(&mut self, start: usize, bookmark: &str) {
        let shown = marks::text(self.bits.get(start..).unwrap_or_default());
        let shown = spaced(&shown);
        let id = id(bookmark);
        let Some(place) = self.survey.places.get(bookmark) else {
            let message =
                format!("a reference leads to `{bookmark}`, which is not in the file: its words are plain text");
            return self.losses.add(Code::Simplified, self.serial, message, None);
        };
        if let BookmarkTarget::Caption { label, number } = place {
            let label = spaced(label);
            let name = label.strip_suffix(number.as_str()).unwrap_or_default().trim_end().to_owned();
            if shown == label {
                return self.label(start, &id, label);
            }
            let before = marks::text(self.bits.get(..start).unwrap_or_default());
            let is_named = !name.is_empty() && before.trim_end().ends_with(&name);
            if shown == *number && is_named && self.take_words_back(start, &name) {
                let start = self.bits.len().min(start);
                return self.label(start, &id, label);
            }
        }
        self.link_from(start, &format!("#{id}"));
    }

    /// Puts a reference in the place of the pieces from one on.
    pub(super) fn label(&mut self, start: usize, id: &str, words: String) {
        self.bits.truncate(start);
        self.losses.generated(&words);
        self.labels.insert(id.to_owned(), words);
        let reference = InlineKind::Stage(ParsedInline::Reference { id: id.to_owned(), with_title: false });
        self.emit(Bit::Inline(Box::new(reference)), &[]);
    }

    /// Takes the name of what is referred to off the text before it.
    fn take_words_back(&mut self, start: usize, name: &str) -> bool {
        let after = self.bits.split_off(start);
        let taken = match self.bits.last_mut() {
            Some(marks::Marked { bit: Bit::Text(text), .. }) if text.trim_end().ends_with(name) => {
                let kept = text.trim_end().len() - name.len();
                text.truncate(kept);
                true
            }
            _ => false,
        };
        self.bits.extend(after);
        taken
    }

    /// Another call of a note that has been called.
    fn note_again(&mut self, start: usize, bookmark: &str) {
        let Some(BookmarkTarget::Note { is_footnote, id }) = self.survey.places.get(bookmark).cloned() else { return };
        let shown = marks::text(self.bits.get(start..).unwrap_or_default());
        if let Some(name) = self.note_name(is_footnote, &id, None) {
            self.bits.truncate(start);
            self.losses.generated(&shown);
            self.emit(Bit::Inline(Box::new(InlineKind::Note(name))), &[]);
        }
    }
}
