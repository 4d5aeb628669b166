//! Lays out elements on the shared [`Markup`]: indented where white space
//! means nothing, untouched where it does.

use crate::backend::markup::Markup;

/// Attributes of one element, in the order they are written.
pub(super) type Attributes = Vec<(&'static str, String)>;

/// A writer of indented XML.
#[derive(Default)]
pub(super) struct Xml {
    markup: Markup,
    /// How many elements with element content are open.
    depth: usize,
    /// How many elements with mixed content are open: inside them nothing is indented.
    mixed: usize,
    /// How many elements were written so far.
    count: usize,
}

impl Xml {
    /// How many elements were written so far; tells whether a call wrote any.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The written text.
    pub(super) fn into_string(self) -> String {
        self.markup.into_string()
    }

    /// Writes text as it is.
    pub(super) fn text(&mut self, text: &str) {
        self.markup.text(text);
    }

    /// Writes markup of ours, such as a processing instruction.
    pub(super) fn raw(&mut self, markup: &'static str) {
        self.markup.raw(markup);
    }

    /// Where elements are written by others, inside text.
    pub(super) fn markup(&mut self) -> &mut Markup {
        self.count += 1;
        &mut self.markup
    }

    /// Begins a line of its own, where white space means nothing.
    pub(super) fn new_line(&mut self) {
        const INDENT: &str = "  ";
        if self.mixed == 0 {
            self.markup.raw("\n");
            for _ in 0..self.depth {
                self.markup.raw(INDENT);
            }
        }
    }
}

/// Writers of elements into an [`Xml`].
pub(super) trait WriteXml: Sized {
    fn xml(&mut self) -> &mut Xml;

    /// An element that holds elements only; indented, and so is what it holds.
    fn block(&mut self, name: &str, attributes: &Attributes, content: impl FnOnce(&mut Self)) {
        self.xml().new_line();
        self.element(name, attributes, |writer| {
            writer.xml().depth += 1;
            content(writer);
            writer.xml().depth -= 1;
            writer.xml().new_line();
        });
    }

    /// An element on a line of its own whose content may be text.
    fn leaf(&mut self, name: &str, attributes: &Attributes, content: impl FnOnce(&mut Self)) {
        self.xml().new_line();
        self.inline(name, attributes, content);
    }

    /// An element inside text.
    fn inline(&mut self, name: &str, attributes: &Attributes, content: impl FnOnce(&mut Self)) {
        self.element(name, attributes, |writer| {
            writer.xml().mixed += 1;
            content(writer);
            writer.xml().mixed -= 1;
        });
    }

    /// An element without content, on a line of its own outside text.
    fn empty(&mut self, name: &str, attributes: &Attributes) {
        let xml = self.xml();
        xml.new_line();
        xml.count += 1;
        xml.markup.empty(name, &borrowed(attributes));
    }

    /// A leaf that holds one string.
    fn text_leaf(&mut self, name: &str, attributes: &Attributes, text: &str) {
        self.leaf(name, attributes, |writer| writer.xml().text(text));
    }

    /// An element around what `content` writes, without white space of ours.
    fn element(&mut self, name: &str, attributes: &Attributes, content: impl FnOnce(&mut Self)) {
        self.xml().count += 1;
        let mut markup = std::mem::take(&mut self.xml().markup);
        markup.element(name, &borrowed(attributes), |inner| {
            // The content is written through `self`, so it needs the markup back.
            std::mem::swap(inner, &mut self.xml().markup);
            content(self);
            std::mem::swap(inner, &mut self.xml().markup);
        });
        self.xml().markup = markup;
    }
}

fn borrowed(attributes: &Attributes) -> Vec<(&str, &str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
