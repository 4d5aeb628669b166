//! Content streams: what each marked-content sequence of a page shows.

use super::font::{Font, Kind};
use lopdf::Object;
use lopdf::content::{Content, Operation};
use std::collections::BTreeMap;

/// The texts of a page by marked-content id (ISO 32000-1, 14.7.4.2).
pub type Texts = BTreeMap<i64, String>;

/// Reads a page whose fonts are known by their resource names.
pub fn texts(content: &[u8], fonts: &BTreeMap<Vec<u8>, &Font>, faults: &mut Vec<String>) -> Option<Texts> {
    let content = Content::decode(content).ok()?;
    let mut reader = Reader { fonts, font: None, open: Vec::new(), texts: Texts::new(), faults };
    content.operations.iter().for_each(|operation| reader.operation(operation));
    Some(reader.texts)
}

/// A marked-content sequence that is open.
enum Open {
    Mark(i64),
    /// Text to read in place of what is shown, and whether glyphs that say
    /// for themselves what they mean stood there.
    Instead {
        text: String,
        speaks: bool,
    },
    /// An artifact, or a mark without a meaning for the text.
    Other,
}

struct Reader<'a> {
    fonts: &'a BTreeMap<Vec<u8>, &'a Font>,
    font: Option<&'a Font>,
    open: Vec<Open>,
    texts: Texts,
    faults: &'a mut Vec<String>,
}

impl Reader<'_> {
    fn operation(&mut self, operation: &Operation) {
        match operation.operator.as_str() {
            "BDC" | "BMC" => self.begin(operation.operands.get(1)),
            "EMC" => self.end(),
            "Tf" => {
                let name = operation.operands.first().and_then(|operand| operand.as_name().ok());
                self.font = name.and_then(|name| self.fonts.get(name).copied());
            }
            "Tj" | "TJ" | "'" | "\"" => match operation.operands.last() {
                Some(Object::Array(items)) => items.iter().for_each(|item| self.show(item)),
                Some(item) => self.show(item),
                None => {}
            },
            _ => {}
        }
    }

    fn begin(&mut self, properties: Option<&Object>) {
        let properties = properties.and_then(|properties| properties.as_dict().ok());
        let get = |key: &[u8]| properties.and_then(|properties| properties.get(key).ok());
        let open = if let Some(id) = get(b"MCID").and_then(|id| id.as_i64().ok()) {
            if self.texts.insert(id, String::new()).is_some() {
                self.faults.push(format!("the marked-content id {id} stands twice on a page"));
            }
            Open::Mark(id)
        } else if let Some(text) = get(b"ActualText") {
            Open::Instead { text: lopdf::decode_text_string(text).unwrap_or_default(), speaks: false }
        } else {
            Open::Other
        };
        self.open.push(open);
    }

    fn end(&mut self) {
        if let Some(Open::Instead { text, speaks }) = self.open.pop() {
            if speaks {
                self.faults.push(format!("“{text}” is to be read in place of glyphs that say something else"));
            }
            self.say(&text);
        }
    }

    fn show(&mut self, item: &Object) {
        let Object::String(bytes, _) = item else { return };
        let Some(font) = self.font else {
            self.faults.push("text is shown without a font".to_owned());
            return;
        };
        for code in font.codes(bytes) {
            let Some(glyph) = font.glyph(&code) else {
                self.faults.push(format!("code {code} has no meaning"));
                continue;
            };
            match (self.open.last_mut(), glyph.kind) {
                (None, _) => self.faults.push(format!("“{}” is not marked", glyph.text)),
                (Some(Open::Instead { text, speaks }), _) => *speaks |= !glyph.can_mean(text),
                (Some(Open::Mark(_)), Kind::Character | Kind::Silent) => self.say(&glyph.text),
                (Some(Open::Mark(_) | Open::Other), _) => {}
            }
        }
    }

    /// Adds text to the mark that is open.
    fn say(&mut self, text: &str) {
        let mark = self.open.iter().rev().find_map(|open| match open {
            Open::Mark(id) => Some(*id),
            _ => None,
        });
        if let Some(said) = mark.and_then(|id| self.texts.get_mut(&id)) {
            said.push_str(text);
        }
    }
}
