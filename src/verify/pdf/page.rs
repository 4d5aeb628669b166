//! Content streams: what each marked-content sequence of a page shows.

use super::font::{Font, Kind};
use super::object::Object;
use std::collections::BTreeMap;

/// The texts of a page by marked-content id (ISO 32000-1, 14.7.4.2).
pub type Texts = BTreeMap<i64, String>;

/// A marked-content sequence that is open.
enum Open {
    /// Its id, and its text so far.
    Mark(i64, String),
    /// Text to read in place of what is shown, and whether glyphs that say for themselves what they
    /// mean was there.
    Instead { text: String, speaks: bool },
    /// An artifact, or a mark without a meaning for the text.
    Other,
}

/// Reads a page, operator by operator.
pub struct Reader<'a> {
    fonts: &'a BTreeMap<Vec<u8>, &'a Font<'a>>,
    font: Option<&'a Font<'a>>,
    open: Vec<Open>,
    texts: Texts,
    faults: &'a mut Vec<String>,
}

impl<'a> Reader<'a> {
    /// A reader of a page whose fonts are known by their resource names.
    pub fn new(fonts: &'a BTreeMap<Vec<u8>, &'a Font<'a>>, faults: &'a mut Vec<String>) -> Reader<'a> {
        Reader { fonts, font: None, open: Vec::new(), texts: Texts::new(), faults }
    }

    /// The texts, when all operators were read.
    pub fn finish(mut self) -> Texts {
        while !self.open.is_empty() {
            self.end();
        }
        self.texts
    }

    /// Reads the next operator.
    pub fn operation(&mut self, operator: &str, operands: &[Object]) {
        match operator {
            "BDC" | "BMC" => self.begin(operands.get(1)),
            "EMC" => self.end(),
            "Tf" => {
                let name = operands.first().and_then(Object::name);
                self.font = name.and_then(|name| self.fonts.get(name).copied());
            }
            "Tj" | "TJ" | "'" | "\"" => {
                operands.last().into_iter().flat_map(Object::strings).for_each(|string| self.show(string));
            }
            _ => {}
        }
    }

    fn begin(&mut self, properties: Option<&Object>) {
        let get = |key: &[u8]| properties.and_then(|properties| properties.dictionary()?.get(key));
        let open = if let Some(id) = get(b"MCID").and_then(Object::integer) {
            if self.texts.insert(id, String::new()).is_some() {
                self.faults.push(format!("the marked-content id {id} stands twice on a page"));
            }
            Open::Mark(id, String::new())
        } else if let Some(text) = get(b"ActualText") {
            Open::Instead { text: text.text().unwrap_or_default(), speaks: false }
        } else {
            Open::Other
        };
        self.open.push(open);
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Instead { text, speaks }) => {
                if speaks {
                    self.faults.push(format!("“{text}” is to be read in place of glyphs that say something else"));
                }
                self.say(&text);
            }
            Some(Open::Mark(id, text)) => drop(self.texts.insert(id, text)),
            Some(Open::Other) | None => {}
        }
    }

    fn show(&mut self, string: &[u8]) {
        let Some(font) = self.font else {
            self.faults.push("text is shown without a font".to_owned());
            return;
        };
        for code in font.codes(string) {
            let Some(glyph) = font.glyph(code) else {
                self.faults.push(format!("code {code} has no meaning"));
                continue;
            };
            match (self.open.last_mut(), glyph.kind) {
                (None, _) => self.faults.push(format!("“{}” is not marked", glyph.text)),
                (Some(Open::Instead { text, speaks }), _) => *speaks |= !font.can_mean(glyph, text),
                (Some(Open::Mark(_, said)), Kind::Character | Kind::Silent) => said.push_str(&glyph.text),
                (Some(Open::Mark(..) | Open::Other), _) => {}
            }
        }
    }

    /// Adds text to the innermost mark that is open.
    fn say(&mut self, text: &str) {
        let mark = self.open.iter_mut().rev().find_map(|open| match open {
            Open::Mark(_, said) => Some(said),
            Open::Instead { .. } | Open::Other => None,
        });
        if let Some(said) = mark {
            said.push_str(text);
        }
    }
}
