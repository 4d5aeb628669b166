//! Runs: words with what they look like.

use super::style::Styles;
use super::survey;
use super::{Reader, alternative};
use crate::ast::InlineKind;
use crate::diagnostic::Code;
use crate::import::loss::excerpt;
use crate::import::marks::{Bit, Mark, Marked};
use crate::import::xml::Element;
use crate::language::{Language, primary};

/// Marks by the names of styles of runs, which may hold several.
const STYLES: [(&str, Mark); 22] = [
    ("strong", Mark::Strong),
    ("emphasis", Mark::Emphasis),
    ("html code", Mark::Code),
    ("html typewriter", Mark::Code),
    ("html sample", Mark::Code),
    ("html variable", Mark::Emphasis),
    ("verbatim char", Mark::Code),
    ("source text", Mark::Code),
    ("code char", Mark::Code),
    ("inline code", Mark::Code),
    ("html keyboard", Mark::Keyboard),
    ("html cite", Mark::CitedTitle),
    ("book title", Mark::CitedTitle),
    ("html definition", Mark::DefinedTerm),
    ("underline", Mark::Underline),
    ("highlight", Mark::Highlight),
    ("inserted", Mark::Inserted),
    ("deleted", Mark::Deleted),
    ("strikethrough", Mark::Strikethrough),
    ("small", Mark::Small),
    ("superscript", Mark::Superscript),
    ("subscript", Mark::Subscript),
];

/// Signs of fonts that have pictures in the place of letters, in Unicode.
const SYMBOLS: [(u32, char); 12] = [
    (0xb7, '•'),
    (0xa7, '▪'),
    (0xd8, '➢'),
    (0xfc, '✓'),
    (0xfe, '☑'),
    (0xa8, '☐'),
    (0x6f, '☐'),
    (0xfd, '☒'),
    (0xe0, '→'),
    (0xdf, '←'),
    (0xae, '→'),
    (0xb3, '≥'),
];

impl Reader<'_> {
    /// Adds a piece to the paragraph that is open, unless a field keeps it to itself.
    pub(super) fn emit(&mut self, bit: Bit, marks: &[Mark]) {
        if !self.is_withheld() {
            self.bits.push(Marked::new(bit, marks));
        } else if self.is_in_result() {
            match &bit {
                Bit::Text(text) => self.remade.push_str(text),
                Bit::Break => self.remade.push(' '),
                Bit::Inline(_) | Bit::Node(_) | Bit::Anchor(_) => {}
            }
        }
    }

    pub(super) fn run(&mut self, run: &Element, outer: &[Mark], lang: Option<&str>) {
        let properties = self.run_properties(run);
        let look = look(properties, &self.styles);
        let mut marks = outer.to_vec();
        let in_link = outer.iter().any(|mark| matches!(mark, Mark::Link(_)));
        marks.extend(look.marks.into_iter().filter(|mark| !(in_link && *mark == Mark::Underline)));
        if look.is_hidden {
            let words = survey::text(run);
            if !words.trim().is_empty() && !self.is_withheld() {
                let message = format!("hidden text is left out: “{}”", excerpt(&words));
                self.losses.add(Code::LeftOut, self.serial, message, None);
                self.losses.generated(&words);
            }
        }
        let lang = look.lang.or_else(|| lang.map(str::to_owned));
        let has_own_mark = |child: &Element| matches!(child.get("w:customMarkFollows"), Some("1" | "true" | "on"));
        let call = run.elements().find(|child| has_own_mark(child));
        if let Some(call) = call.filter(|_| !look.is_hidden) {
            return self.note(call, call.is("w:footnoteReference"), Some(survey::text(run)));
        }
        let style = properties.and_then(|properties| properties.value("w:rStyle"));
        if style.is_some_and(|style| self.styles.is_note_number(style)) && run.child("w:t").is_some() {
            return self.note_number(&survey::text(run));
        }
        for child in self.contents(run) {
            if look.is_hidden && !matches!(&*child.name, "w:fldChar" | "w:instrText") {
                continue;
            }
            self.run_child(child, &marks, lang.as_deref());
        }
    }

    /// The properties of a run: the former ones where changes are rejected.
    fn run_properties<'e>(&self, run: &'e Element) -> Option<&'e Element> {
        let properties = run.child("w:rPr")?;
        let former = properties.child("w:rPrChange").and_then(|change| change.child("w:rPr"));
        match (self.changes, former) {
            (crate::import::Changes::Reject, Some(former)) => Some(former),
            _ => Some(properties),
        }
    }

    fn run_child(&mut self, child: &Element, marks: &[Mark], lang: Option<&str>) {
        match &*child.name {
            "w:t" | "w:delText" => self.push_words(&child.text(), marks, lang),
            "w:tab" | "w:ptab" => self.emit(Bit::Text("\u{2003}".to_owned()), &[]),
            "w:br" if matches!(child.get("w:type"), Some("page" | "column")) => {}
            "w:br" | "w:cr" => self.emit(Bit::Break, marks),
            "w:noBreakHyphen" => self.emit(Bit::Text("\u{2011}".to_owned()), marks),
            "w:sym" => self.symbol(child, marks),
            "w:drawing" => self.drawing(child, marks),
            "w:pict" | "w:object" => self.legacy_picture(child, marks),
            "w:footnoteReference" => self.note(child, true, None),
            "w:endnoteReference" => self.note(child, false, None),
            "w:commentReference" => {
                let id = child.get("w:id").unwrap_or_default().to_owned();
                self.comment(&id, self.serial);
            }
            "w:fldChar" => self.field_mark(child),
            "w:instrText" | "w:delInstrText" => self.instruction(&child.text()),
            "w:ruby" => self.ruby(child, marks, lang),
            "mc:AlternateContent" => {
                for inner in alternative(child).map(|chosen| self.contents(chosen)).unwrap_or_default() {
                    self.run_child(inner, marks, lang);
                }
            }
            _ => {}
        }
    }

    fn push_words(&mut self, words: &str, marks: &[Mark], lang: Option<&str>) {
        let mut marks = marks.to_vec();
        let own = self.lang.as_deref().map(primary);
        let other = lang.filter(|lang| Language::is_tag(lang) && own.is_some_and(|own| own != primary(lang)));
        if let Some(lang) = other.filter(|_| words.contains(char::is_alphabetic)) {
            marks.push(Mark::Lang(lang.into()));
        }
        self.emit(Bit::Text(words.to_owned()), &marks);
    }

    fn symbol(&mut self, symbol: &Element, marks: &[Mark]) {
        let code = symbol.get("w:char").and_then(|code| u32::from_str_radix(code, 16).ok()).unwrap_or_default();
        let low = if (0xf000..=0xf0ff).contains(&code) { code - 0xf000 } else { code };
        let known = SYMBOLS.iter().find(|(sign, _)| *sign == low).map(|(_, letter)| *letter);
        let plain = (code == low).then(|| char::from_u32(code)).flatten();
        let letter = known.or(plain).unwrap_or(char::REPLACEMENT_CHARACTER);
        if letter == char::REPLACEMENT_CHARACTER {
            let font = symbol.get("w:font").unwrap_or("an unknown font");
            let message = format!("sign {low:X} of {font} has no character");
            self.losses.add(
                Code::Simplified,
                self.serial,
                message,
                Some("put the sign that is meant in the place of �"),
            );
        }
        self.emit(Bit::Text(letter.to_string()), marks);
    }

    /// Words with their reading beside them: it follows in brackets.
    fn ruby(&mut self, ruby: &Element, marks: &[Mark], lang: Option<&str>) {
        let part = |name| ruby.child(name).map(survey::text).unwrap_or_default();
        let (base, reading) = (part("w:rubyBase"), part("w:rt"));
        self.push_words(&base, marks, lang);
        if !reading.trim().is_empty() {
            self.push_words(&format!(" ({reading})"), marks, lang);
        }
    }

    /// The number of a note that is called, or that begins, where Word counts none.
    fn note_number(&mut self, number: &str) {
        if self.is_withheld() {
            return;
        }
        self.losses.generated(number);
        self.emit(Bit::Inline(Box::new(InlineKind::Note(number.trim().to_owned()))), &[]);
    }

    /// The call of a note, perhaps with a mark of its own. It is read when it is called first.
    fn note(&mut self, call: &Element, is_footnote: bool, mark: Option<String>) {
        let id = call.get("w:id").unwrap_or_default().to_owned();
        if self.is_withheld() {
            return;
        }
        if let Some(name) = self.note_name(is_footnote, &id, mark.as_deref()) {
            self.emit(Bit::Inline(Box::new(InlineKind::Note(name))), &[]);
        } else {
            let message = "a note is called that is not in the file";
            self.losses.add(Code::Simplified, self.serial, message, None);
        }
    }
}

#[derive(Default)]
struct RunProperties {
    marks: Vec<Mark>,
    lang: Option<String>,
    is_hidden: bool,
}

fn look(properties: Option<&Element>, styles: &Styles) -> RunProperties {
    let mut look = RunProperties::default();
    let Some(properties) = properties else { return look };
    let chain = properties.value("w:rStyle").map(|id| styles.character(id)).unwrap_or_default();
    let mut is_named = false;
    for (name, own) in &chain {
        let known: Vec<Mark> =
            STYLES.iter().filter(|(known, _)| name.contains(known)).map(|(_, mark)| mark.clone()).collect();
        is_named |= !known.is_empty() || name == "hyperlink" || name.ends_with("reference");
        look.marks.extend(known);
        if let Some(own) = own.filter(|_| !is_named) {
            direct(own, &mut look);
        }
    }
    direct(properties, &mut look);
    if is_named {
        look.marks.sort();
        look.marks.dedup();
        // A style shows what it means in ways that it has in common with others.
        let semantic = look.marks.iter().any(|mark| matches!(mark, Mark::CitedTitle | Mark::DefinedTerm));
        look.marks.retain(|mark| !(semantic && *mark == Mark::Emphasis && properties.child("w:i").is_none()));
    }
    look
}

/// Reads direct formatting.
fn direct(properties: &Element, look: &mut RunProperties) {
    const TOGGLES: [(&str, Mark); 4] = [
        ("w:b", Mark::Strong),
        ("w:i", Mark::Emphasis),
        ("w:strike", Mark::Strikethrough),
        ("w:dstrike", Mark::Strikethrough),
    ];
    for (name, mark) in TOGGLES {
        match properties.child(name).map(Element::is_on) {
            Some(true) => look.marks.push(mark),
            Some(false) => look.marks.retain(|known| *known != mark),
            None => {}
        }
    }
    match properties.value("w:vertAlign") {
        Some("superscript") => look.marks.push(Mark::Superscript),
        Some("subscript") => look.marks.push(Mark::Subscript),
        _ => {}
    }
    if properties.child("w:u").is_some_and(|line| !matches!(line.get("w:val"), Some("none") | None)) {
        look.marks.push(Mark::Underline);
    }
    if properties.value("w:highlight").is_some_and(|colour| colour != "none") {
        look.marks.push(Mark::Highlight);
    }
    if let Some(is_hidden) = properties.child("w:vanish").map(Element::is_on) {
        look.is_hidden = is_hidden;
    }
    let lang = properties.child("w:lang").and_then(|lang| match properties.child("w:rtl").map(Element::is_on) {
        Some(true) => lang.get("w:bidi"),
        _ => lang.get("w:val"),
    });
    if let Some(lang) = lang {
        look.lang = Some(lang.to_owned());
    }
}
