//! Context of a part of the text.

use super::written::Written;
use crate::ast::Attrs;
use crate::backend::address::encode_uri;
use crate::backend::data_uri::data_uri;
use crate::backend::markup::Markup;
use crate::format::Format;
use crate::language::{Direction, Labels};
use crate::resolve::{Picture, PictureFormat, PictureId, Resolved, Target};

/// Attributes of an element, as the writer takes them.
pub type Attributes<'a> = Vec<(&'a str, &'a str)>;

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// Where words are written: at their original position, or repeated elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordsIn {
    Text,
    /// At their original position inside a link: no links or notes.
    Link,
    /// Repeated inside a link of a list: no ids, links or notes.
    Copy,
}

/// Context of the part that is written.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub document: &'a Resolved,
    /// The edition: a page of HTML or an e-book.
    pub format: Format,
    /// Level of the next heading; `None` where HTML allows no heading.
    pub heading: Option<usize>,
    pub words_in: WordsIn,
    /// How many quotations are open.
    pub quotations: usize,
    /// Whether this is inside a table.
    pub in_table: bool,
    /// The block cache, if there is one.
    pub written: Option<Written<'a>>,
}

impl<'a> Context<'a> {
    /// The context at the top of the text, under the title.
    pub fn new(document: &'a Resolved, format: Format) -> Self {
        Context {
            document,
            format,
            heading: Some(2),
            words_in: WordsIn::Text,
            quotations: 0,
            in_table: false,
            written: None,
        }
    }

    /// Records that the output depends on other parts of the document.
    pub fn looks_elsewhere(&self) {
        if let Some(Written::Inside(looks_elsewhere)) = self.written {
            looks_elsewhere.set(true);
        }
    }

    /// Whether the text is that of an e-book.
    pub fn is_book(&self) -> bool {
        self.format == Format::Epub
    }

    /// Where a link leads; `None` where this edition cannot lead there: beside an e-book
    /// there are no other files.
    pub fn href(&self, target: &Target) -> Option<String> {
        let leads = !self.is_book() || target.stands_alone();
        leads.then(|| encode_uri(&target.address(self.format)))
    }

    /// The address of a picture: a file in an e-book, the picture itself in a page.
    pub fn picture_address(&self, id: PictureId, picture: &Picture) -> String {
        if self.is_book() { picture_file(id, picture.format) } else { data_uri(picture) }
    }

    /// The words of the document's language.
    pub fn labels(&self) -> &'static Labels {
        self.document.language.labels
    }

    /// The context below the next heading level.
    pub fn below_heading(self) -> Self {
        Context { heading: self.heading.map(|level| level + 1), ..self }
    }

    /// Words that are repeated inside a link.
    pub fn copy(self) -> Self {
        Context { words_in: WordsIn::Copy, ..self }
    }

    /// Inside a link: links do not nest in HTML.
    pub fn link(self) -> Self {
        Context { words_in: WordsIn::Link, ..self }
    }

    /// The heading that is next here, or a paragraph where there can be none.
    /// HTML has six levels; deeper headings stay on the sixth.
    pub fn heading(&self, out: &mut Markup, attributes: &[(&str, &str)], content: impl FnOnce(&mut Markup)) {
        let name = self.heading.map_or("p", |level| HEADINGS.get(level.saturating_sub(1)).copied().unwrap_or("h6"));
        out.element(name, attributes, content);
        out.raw("\n");
    }

    /// Id and language of a node.
    pub fn attributes<'b>(&self, attrs: &'b Attrs) -> Attributes<'b> {
        let mut attributes = Vec::new();
        if let (WordsIn::Text | WordsIn::Link, Some(id)) = (self.words_in, attrs.id()) {
            attributes.push(("id", id));
        }
        if let Some(lang) = attrs.lang() {
            attributes.push(("lang", lang));
            let direction = Direction::for_language(lang);
            // Where everything runs from left to right nothing needs saying.
            if [direction, self.document.language.direction].contains(&Direction::RightToLeft) {
                attributes.push(("dir", direction_name(direction)));
            }
        }
        attributes
    }

    /// The attributes of code, which runs from left to right in every document.
    pub fn of_code<'b>(&self, attrs: &'b Attrs) -> Attributes<'b> {
        let mut attributes = self.attributes(attrs);
        let said = attributes.iter().any(|(name, _)| *name == "dir");
        if self.document.language.direction == Direction::RightToLeft && !said {
            attributes.push(("dir", direction_name(Direction::LeftToRight)));
        }
        attributes
    }
}

/// The file of a picture in an e-book, seen from its text.
pub fn picture_file(id: PictureId, format: PictureFormat) -> String {
    let ending = match format {
        PictureFormat::Png => "png",
        PictureFormat::Jpeg => "jpg",
        PictureFormat::Svg => "svg",
    };
    format!("pictures/{}.{ending}", id + 1)
}

/// The value of HTML's `dir`.
pub fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::LeftToRight => "ltr",
        Direction::RightToLeft => "rtl",
    }
}

/// The author's classes of a node, as far as they can be in an attribute.
pub fn classes(attrs: &Attrs) -> String {
    let classes = attrs.list().map(|list| list.classes.as_slice()).unwrap_or_default();
    let usable: Vec<&str> = classes
        .iter()
        .map(String::as_str)
        .filter(|class| !class.is_empty() && !class.contains(char::is_whitespace))
        .collect();
    usable.join(" ")
}

/// Writes a label and what it stands for, "Table 3: Steps", with the
/// language's punctuation between them.
pub fn labelled(out: &mut Markup, context: &Context, label: &str, content: impl FnOnce(&mut Markup)) {
    let mut parts = context.labels().label_value.split("{}");
    out.text(parts.next().unwrap_or_default());
    let between = parts.next().unwrap_or(" ");
    // Punctuation is part of the label and styled like it.
    let punctuation = between.trim_end();
    out.leaf("span", &[("class", "label")], &format!("{label}{punctuation}"));
    out.text(between.get(punctuation.len()..).unwrap_or_default());
    content(out);
    out.text(parts.next().unwrap_or_default());
}
