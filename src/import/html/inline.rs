//! Running text: what words are by the elements round them.

use super::tree::{Element, Node, is_inline};
use super::{Reader, excerpt};
use crate::ast::{AttrList, Image, InlineKind, ParsedInline};
use crate::diagnostic::Code;
use crate::import::marks::{self, Bit, Mark, Marked, node};
use crate::import::media::Kind;
use crate::import::spaced;
use crate::language::{Language, primary};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Elements that mark words.
const MARKS: [(&str, Mark); 27] = [
    ("em", Mark::Emphasis),
    ("i", Mark::Emphasis),
    ("var", Mark::Emphasis),
    ("strong", Mark::Strong),
    ("b", Mark::Strong),
    ("s", Mark::Strikethrough),
    ("strike", Mark::Strikethrough),
    ("sup", Mark::Superscript),
    ("sub", Mark::Subscript),
    ("u", Mark::Underline),
    ("mark", Mark::Highlight),
    ("ins", Mark::Inserted),
    ("del", Mark::Deleted),
    ("small", Mark::Small),
    ("q", Mark::Quoted),
    ("cite", Mark::CitedTitle),
    ("dfn", Mark::DefinedTerm),
    ("kbd", Mark::Keyboard),
    ("code", Mark::Code),
    ("samp", Mark::Code),
    ("tt", Mark::Code),
    ("bdi", Mark::Small),
    ("bdo", Mark::Small),
    ("time", Mark::Small),
    ("data", Mark::Small),
    ("font", Mark::Small),
    ("big", Mark::Small),
];
/// Elements in the list above that mean nothing by themselves.
const PLAIN: [&str; 6] = ["bdi", "bdo", "time", "data", "font", "big"];

impl<'a> Reader<'a> {
    /// Running text as pieces.
    pub(super) fn bits(&mut self, children: &'a [Node], marks: &[Mark], bits: &mut Vec<Marked>) {
        for child in children {
            match child {
                Node::Text(text) => bits.push(Marked::new(Bit::Text(collapsed(text)), marks)),
                Node::Element(element) => self.inline(element, marks, bits),
            }
        }
    }

    fn inline(&mut self, element: &'a Element, marks: &[Mark], bits: &mut Vec<Marked>) {
        if let Some(id) = element.get("id").filter(|id| self.wanted.contains(*id) && !is_note_call(element)) {
            bits.push(Marked::new(Bit::Anchor(id.to_owned()), &[]));
        }
        match element.name.as_str() {
            "br" => bits.push(Marked::new(Bit::Break, marks)),
            "wbr" => {}
            "img" => self.image(element, marks, bits),
            "picture" => {
                if let Some(image) = element.find("img") {
                    self.image(image, marks, bits);
                }
            }
            "a" => self.link(element, marks, bits),
            _ if element.get("aria-hidden") == Some("true") && !element.text().contains(char::is_alphanumeric) => {
                self.losses.generated(&element.text());
            }
            "sup" if is_note_call(element) || self.holds_call(element) => self.bits(&element.children, marks, bits),
            "abbr" | "acronym" => self.abbreviation(element, marks, bits),
            "math" => self.formula(element, marks, bits),
            "script" | "style" | "template" => {}
            "svg" | "button" | "input" | "select" | "textarea" | "object" | "canvas" | "audio" | "video" | "iframe" => {
                self.leave_out(&format!("an element `{}`", element.name), element);
            }
            name if !is_inline(name) => {
                bits.push(Marked::new(Bit::Break, marks));
                self.bits(&element.children, marks, bits);
                bits.push(Marked::new(Bit::Break, marks));
            }
            _ => {
                let mut marks = self.with_lang(element, marks);
                let known = MARKS.iter().find(|(name, _)| *name == element.name && !PLAIN.contains(name));
                marks.extend(known.map(|(_, mark)| mark.clone()));
                marks.extend(self.looks.marks(element));
                self.bits(&element.children, &marks, bits);
            }
        }
    }

    fn with_lang(&self, element: &Element, marks: &[Mark]) -> Vec<Mark> {
        let mut marks = marks.to_vec();
        let own = self.lang.as_deref().map(primary);
        let lang = element.get("lang").filter(|lang| Language::is_tag(lang));
        if let Some(lang) = lang.filter(|lang| own.as_deref() != Some(primary(lang).as_str())) {
            marks.retain(|mark| !matches!(mark, Mark::Lang(_)));
            marks.push(Mark::Lang(lang.into()));
        }
        marks
    }

    fn link(&mut self, element: &'a Element, marks: &[Mark], bits: &mut Vec<Marked>) {
        let role = element.get("role").unwrap_or_default();
        let href = element.get("href").map(str::trim).unwrap_or_default();
        let direct = direct(href);
        let href = direct.as_str();
        let place = href.strip_prefix('#');
        let is_back = role == "doc-backlink"
            || ["footnote-back", "footnote-backref", "reversefootnote"].iter().any(|class| element.has_class(class))
            || element.get("data-footnote-backref").is_some();
        if is_back {
            return self.losses.generated(&element.text());
        }
        let calls_comment = place.is_some_and(|id| id.starts_with("cmnt") && super::note::is(&self.calls, id, element));
        if self.is_back(element, place) || calls_comment {
            return self.losses.generated(&element.text());
        }
        let calls = |id: &&str| is_call(element) || super::note::is(&self.calls, id, element);
        if let Some(name) = place.filter(calls).and_then(|id| self.note(id)) {
            self.losses.generated(&element.text());
            return bits.push(Marked::new(Bit::Inline(Box::new(InlineKind::Note(name))), &[]));
        }
        let mut inner = Vec::new();
        let marks_inside = self.with_lang(element, marks);
        self.bits(&element.children, &marks_inside, &mut inner);
        let words = spaced(&marks::text(&inner));
        let called = place.and_then(|id| self.called.get(id));
        if let (Some(id), Some(called)) = (place, called)
            && *called == words
        {
            self.losses.generated(&words);
            let reference = InlineKind::Stage(ParsedInline::Reference { id: id.to_owned(), with_title: false });
            return bits.push(Marked::new(Bit::Inline(Box::new(reference)), &[]));
        }
        if href.is_empty() {
            return bits.append(&mut inner);
        }
        if !is_address(href) {
            let message =
                format!("a link leads to `{}`, which is not on the web: its words are plain text", excerpt(href));
            let hint = "put the file into the project, and link to it there";
            self.losses.add(Code::Simplified, self.serial, message, Some(hint));
            return bits.append(&mut inner);
        }
        for mut marked in inner {
            if !marked.marks.iter().any(|mark| matches!(mark, Mark::Link(_))) {
                marked.marks.push(Mark::Link(href.into()));
                marked.marks.sort();
            }
            bits.push(marked);
        }
    }

    /// The name of a note, which is read when it is called first.
    pub(super) fn note(&mut self, id: &str) -> Option<String> {
        if let Some(name) = self.note_names.get(id) {
            return Some(name.clone());
        }
        let note = self.notes.get(id).copied()?;
        let name = (self.note_names.len() + 1).to_string();
        self.note_names.insert(id.to_owned(), name.clone());
        let at = self.noted.len();
        let serial = self.serial;
        let blocks = self.note_blocks(note);
        let span = node((), serial).span;
        let definition = crate::ast::NoteDefinition { name: name.clone(), blocks, only: Vec::new(), span };
        self.noted.insert(at.min(self.noted.len()), definition);
        Some(name)
    }

    /// Reads an abbreviation. In our own editions every use is marked and the first one is
    /// expanded; the definition covers both.
    fn abbreviation(&mut self, element: &'a Element, marks: &[Mark], bits: &mut Vec<Marked>) {
        let expansion = element.get("title").map(spaced);
        let short = spaced(&element.text());
        let Some(expansion) = expansion.filter(|expansion| !expansion.is_empty()) else {
            return self.bits(&element.children, marks, bits);
        };
        let is_defined = self.own && self.explained.contains(&expansion.to_lowercase());
        if is_defined && self.abbreviations.get(&short).is_none_or(|known| *known == expansion) {
            self.define(&short, expansion);
            return bits.push(Marked::new(Bit::Text(short), marks));
        }
        let content = vec![node(InlineKind::Text(short), self.serial)];
        bits.push(Marked::new(Bit::Inline(Box::new(InlineKind::Abbreviation { content, expansion })), marks));
    }

    /// Adds a definition. Of a short form and its plural the short form is defined.
    fn define(&mut self, short: &str, expansion: String) {
        let same = |(known, own): &(&String, &String)| **own == expansion && short.starts_with(known.as_str());
        if self.abbreviations.iter().any(|entry| same(&entry)) {
            return;
        }
        self.abbreviations.retain(|known, own| *own != expansion || !known.starts_with(short));
        self.abbreviations.insert(short.to_owned(), expansion);
    }

    fn image(&mut self, element: &Element, marks: &[Mark], bits: &mut Vec<Marked>) {
        let src = element.get("src").or_else(|| element.get("data-src")).map(str::trim).unwrap_or_default();
        let alt = element.get("alt").map(spaced);
        let is_decorative = alt.as_deref() == Some("") || matches!(element.get("role"), Some("presentation" | "none"));
        let alt = alt.filter(|alt| !alt.is_empty());
        let bytes = match src.strip_prefix("data:") {
            Some(data) => embedded(data),
            None if is_address(src) || src.starts_with("//") => return self.outside_picture(src, alt, marks, bits),
            None => {
                crate::source::relative_path("page", src).ok().and_then(|path| self.files.read_untracked(&path).ok())
            }
        };
        let Some((path, kind)) = bytes.and_then(|bytes| self.media.add(bytes)) else {
            let said = alt.map(|alt| format!(": “{}”", excerpt(&alt))).unwrap_or_default();
            let message = format!("a picture is left out, since it is not there or is damaged{said}");
            return self.losses.add(Code::PictureNotKept, self.serial, message, None);
        };
        if let Kind::NotDrawn(extension) = kind {
            let message = format!("`{path}` is of a kind that is not drawn ({extension})");
            let hint = "convert it to SVG or PNG, and name that file";
            self.losses.add(Code::PictureNotKept, self.serial, message, Some(hint));
        }
        let picture = Image { picture: path, alt, title: None, width: () };
        let mut list = AttrList::default();
        if is_decorative {
            list.classes.push("decorative".to_owned());
        }
        let style = element.get("style").unwrap_or_default();
        let share = style.split(';').find_map(|part| {
            let value = part.trim().strip_prefix("width:").or_else(|| part.trim().strip_prefix("inline-size:"))?;
            value.trim().strip_suffix('%')?.parse::<f32>().ok()
        });
        list.pairs.extend(share.map(|share| ("width".to_owned(), format!("{share}%"))));
        let mut inline = node(InlineKind::Image(picture), self.serial);
        inline.attrs = list.into();
        let links: Vec<Mark> = marks.iter().filter(|mark| matches!(mark, Mark::Link(_))).cloned().collect();
        bits.push(Marked::new(Bit::Node(Box::new(inline)), &links));
    }

    /// A picture elsewhere, which is not fetched.
    fn outside_picture(&mut self, src: &str, alt: Option<String>, marks: &[Mark], bits: &mut Vec<Marked>) {
        let message = format!("a picture is kept elsewhere and is not fetched: {}", excerpt(src));
        let hint = "put the picture beside the source, and name it";
        self.losses.add(Code::PictureNotKept, self.serial, message, Some(hint));
        let mut marks = marks.to_vec();
        if is_address(src) {
            marks.push(Mark::Link(src.into()));
        }
        if let Some(words) = alt {
            self.losses.added.push(words.clone());
            bits.push(Marked::new(Bit::Text(format!(" {words} ")), &marks));
        }
    }
}

/// Text with its white space as one space each, as a browser shows it.
fn collapsed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_space = matches!(letter, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        if !is_space {
            out.push(letter);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out
}

/// Whether a link calls a note.
fn is_call(element: &Element) -> bool {
    element.get("role") == Some("doc-noteref")
        || element.has_class("footnote-ref")
        || element.get("data-footnote-ref").is_some()
        || element.get("href").is_some_and(|href| href.starts_with("#fn"))
}

/// Whether an element, or the one link in it, calls a note.
fn is_note_call(element: &Element) -> bool {
    is_call(element) || element.is("sup") && element.elements().any(is_call)
}

fn is_address(href: &str) -> bool {
    let lower = href.to_lowercase();
    ["#", "https:", "http:", "mailto:", "ftp:", "tel:"].iter().any(|scheme| lower.starts_with(scheme))
}

/// Where an address leads through which a service only counts.
fn direct(href: &str) -> String {
    let Some((_, query)) = href.split_once("://www.google.com/url?") else { return href.to_owned() };
    let target = query.split('&').find_map(|part| part.strip_prefix("q="));
    target.map_or_else(|| href.to_owned(), crate::source::percent::decode_lossy)
}

/// The bytes in an address that holds them (RFC 2397).
fn embedded(data: &str) -> Option<Vec<u8>> {
    let (kind, content) = data.split_once(',')?;
    if kind.ends_with(";base64") {
        let clean: String = content.chars().filter(|c| !c.is_whitespace()).collect();
        return STANDARD.decode(clean).ok();
    }
    Some(crate::source::percent::decode_lossy(content).into_bytes())
}
