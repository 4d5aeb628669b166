//! Words, links, references and footnotes.

use super::writer::Writer;
use super::xml::{Attributes, WriteXml};
use crate::ast::{Attrs, Image, InlineKind};
use crate::backend::address::encode_uri;
use crate::backend::data_uri::data_uri;
use crate::format::Format;
use crate::language::Direction;
use crate::resolve::{
    ChangeKind, NoteUse, PictureWidth, RBlock, RInline, ResolvedInline, ResolvedStage, Side, Target, change_of,
    xml_name,
};

impl Writer<'_> {
    pub(super) fn inlines(&mut self, inlines: &[RInline]) {
        for inline in inlines {
            self.one_inline(inline);
        }
    }

    fn one_inline(&mut self, inline: &RInline) {
        let attrs = &inline.attrs;
        match &inline.kind {
            InlineKind::Text(text) => self.write_words(attrs, text),
            InlineKind::SoftBreak => self.xml.text("\n"),
            InlineKind::LineBreak => self.xml.raw("<?asciidoc-br?>\n"),
            InlineKind::Code(code) if self.place.restricted => {
                let mut attributes = self.own_attributes(attrs, Some("code"));
                attributes.extend(self.direction_of_code());
                self.inline("phrase", &attributes, |w| w.xml.text(code));
            }
            InlineKind::Code(code) => {
                let mut attributes = self.own_attributes(attrs, None);
                attributes.extend(self.direction_of_code());
                self.inline("code", &attributes, |w| w.xml.text(code));
            }
            InlineKind::Math(formula) => self.inline_formula(attrs, formula),
            InlineKind::Emphasis(content) => self.wrapped("emphasis", attrs, None, content),
            InlineKind::Strong(content) => self.wrapped("emphasis", attrs, Some("strong"), content),
            InlineKind::Strikethrough(content) => self.wrapped("emphasis", attrs, Some("strikethrough"), content),
            InlineKind::Underline(content) => self.wrapped("emphasis", attrs, Some("underline"), content),
            InlineKind::Highlight(content) => self.wrapped("emphasis", attrs, Some("highlight"), content),
            InlineKind::Superscript(content) => self.restricted("superscript", attrs, content),
            InlineKind::Subscript(content) => self.restricted("subscript", attrs, content),
            InlineKind::Inserted(content) => self.revised("added", attrs, content),
            InlineKind::Deleted(content) => self.revised("deleted", attrs, content),
            InlineKind::Small(content) => self.wrapped("phrase", attrs, Some("small"), content),
            InlineKind::Quoted(content) => self.wrapped("quote", attrs, None, content),
            InlineKind::CitedTitle(content) => self.wrapped_or_phrase("citetitle", "cited-title", attrs, content),
            InlineKind::DefinedTerm(content) => self.wrapped_or_phrase("firstterm", "defined-term", attrs, content),
            InlineKind::Keyboard(content) if self.place.restricted => {
                self.wrapped("phrase", attrs, Some("keyboard"), content);
            }
            InlineKind::Keyboard(content) => self.restricted("keycap", attrs, content),
            InlineKind::Span(content) => self.span(attrs, content),
            InlineKind::Abbreviation { content, expansion } => self.abbreviation(attrs, content, expansion),
            InlineKind::Link { target, title, content } => self.link(attrs, target, title.as_deref(), content),
            InlineKind::Image(image) => self.inline_image(attrs, image),
            InlineKind::Change { change, content } => self.change(change.kind, attrs, content),
            InlineKind::Note(reference) => self.note_reference(reference),
            InlineKind::Stage(ResolvedInline::Reference { target, text }) => {
                let mut attributes = self.own_attributes(attrs, None);
                self.push_target(&mut attributes, target);
                self.inline("link", &attributes, |w| w.xml.text(text));
            }
        }
    }

    /// The attributes of an inline; what a group hands down is for blocks.
    pub(super) fn own_attributes(&mut self, attrs: &Attrs, role: Option<&str>) -> Attributes {
        let inherited = std::mem::take(&mut self.inherited);
        let attributes = self.attributes(attrs, role);
        self.inherited = inherited;
        attributes
    }

    fn write_words(&mut self, attrs: &Attrs, text: &str) {
        if attrs.is_empty() {
            self.xml.text(text);
        } else {
            let attributes = self.own_attributes(attrs, None);
            self.inline("phrase", &attributes, |w| w.xml.text(text));
        }
    }

    fn wrapped(&mut self, name: &str, attrs: &Attrs, role: Option<&str>, content: &[RInline]) {
        let attributes = self.own_attributes(attrs, role);
        self.inline(name, &attributes, |w| w.inlines(content));
    }

    fn wrapped_or_phrase(&mut self, name: &str, role: &str, attrs: &Attrs, content: &[RInline]) {
        if self.place.restricted {
            self.wrapped("phrase", attrs, Some(role), content);
        } else {
            self.wrapped(name, attrs, None, content);
        }
    }

    /// An element whose content is `db._text` only.
    fn restricted(&mut self, name: &str, attrs: &Attrs, content: &[RInline]) {
        let attributes = self.own_attributes(attrs, None);
        self.within(|place| place.restricted = true, |w| w.inline(name, &attributes, |w| w.inlines(content)));
    }

    fn revised(&mut self, flag: &str, attrs: &Attrs, content: &[RInline]) {
        let mut attributes = self.own_attributes(attrs, None);
        attributes.push(("revisionflag", flag.to_owned()));
        self.inline("phrase", &attributes, |w| w.inlines(content));
    }

    /// Writes a change between two versions. A mark that is in neither version has no DocBook flag.
    fn change(&mut self, kind: ChangeKind, attrs: &Attrs, content: &[RInline]) {
        let mut attributes = self.own_attributes(attrs, Some(kind.name()));
        self.push_revision(&mut attributes, kind.side());
        self.inline("phrase", &attributes, |w| w.inlines(content));
    }

    /// Says which version alone has an element. A change belongs to the version that made it.
    pub(super) fn push_revision(&self, attributes: &mut Attributes, side: Option<Side>) {
        let flag = match side {
            Some(Side::New) => "added",
            Some(Side::Old) => "deleted",
            None => return,
        };
        attributes.push(("revisionflag", flag.to_owned()));
        let version = self.document.metadata.version.as_ref();
        attributes.extend(version.map(|version| ("revision", version.value.clone())));
    }

    /// The version of a redline that alone has what blocks say.
    pub(super) fn side_of<'b>(&self, blocks: impl IntoIterator<Item = &'b RBlock>) -> Option<Side> {
        let change = if self.document.is_redline { change_of(blocks) } else { None };
        change.and_then(|change| change.kind.side())
    }

    fn span(&mut self, attrs: &Attrs, content: &[RInline]) {
        let attributes = self.own_attributes(attrs, None);
        match attributes.as_slice() {
            [] => self.inlines(content),
            // An empty span with an id marks a place.
            [("xml:id", _)] if content.is_empty() => self.empty("anchor", &attributes),
            _ => self.inline("phrase", &attributes, |w| w.inlines(content)),
        }
    }

    fn abbreviation(&mut self, attrs: &Attrs, content: &[RInline], expansion: &str) {
        let mut attributes = self.own_attributes(attrs, None);
        attributes.push(("xlink:title", expansion.to_owned()));
        self.within(|place| place.restricted = true, |w| w.inline("acronym", &attributes, |w| w.inlines(content)));
    }

    pub(super) fn push_target(&self, attributes: &mut Attributes, target: &Target) {
        match target {
            Target::Internal(id) if self.has_id(id) => attributes.push(("linkend", xml_name(id).into_owned())),
            Target::Internal(_) | Target::External(_) | Target::Document { .. } => {
                attributes.push(("xlink:href", encode_uri(&target.address(Format::Docbook))));
            }
        }
    }

    fn link(&mut self, attrs: &Attrs, target: &Target, title: Option<&str>, content: &[RInline]) {
        let mut attributes = self.own_attributes(attrs, None);
        self.push_target(&mut attributes, target);
        // A link by id has no room for XLink's title.
        let by_address = attributes.iter().any(|(name, _)| *name == "xlink:href");
        if let Some(title) = title.filter(|_| by_address) {
            attributes.push(("xlink:title", title.to_owned()));
        }
        self.within(
            |place| place.restricted = false,
            |w| {
                w.inline("link", &attributes, |w| {
                    if content.is_empty() {
                        w.xml.text(&target.address(Format::Docbook));
                    }
                    w.inlines(content);
                });
            },
        );
    }

    fn inline_image(&mut self, attrs: &Attrs, image: &Image<ResolvedStage>) {
        let attributes = self.own_attributes(attrs, None);
        let is_decorative = attrs.has_class("decorative");
        self.inline("inlinemediaobject", &attributes, |w| w.image_objects(image, is_decorative));
    }

    /// The picture and its words, inside a media object. A decorative one has
    /// none.
    pub(super) fn image_objects(&mut self, image: &Image<ResolvedStage>, is_decorative: bool) {
        if let Some(picture) = self.document.pictures.get(image.picture) {
            let address = data_uri(picture);
            let mut attributes = vec![("fileref", address)];
            match image.width {
                Some(PictureWidth::Percent(share)) => {
                    attributes.push(("width", format!("{share}%")));
                    attributes.push(("scalefit", "1".to_owned()));
                }
                Some(PictureWidth::Points(width)) => attributes.push(("contentwidth", format!("{width}pt"))),
                None => {}
            }
            self.block("imageobject", &Attributes::new(), |w| w.empty("imagedata", &attributes));
        }
        if is_decorative {
            return;
        }
        let none = Attributes::new();
        if let Some(alt) = &image.alt {
            self.block("textobject", &none, |w| w.text_leaf("phrase", &none, alt));
        }
        if let Some(title) = &image.title {
            self.block("textobject", &vec![("role", "title".to_owned())], |w| w.text_leaf("phrase", &none, title));
        }
    }

    /// Code runs from left to right in every document.
    pub(super) fn direction_of_code(&self) -> Option<(&'static str, String)> {
        let is_reversed = self.document.language.direction == Direction::RightToLeft;
        is_reversed.then(|| ("dir", "ltr".to_owned()))
    }

    fn note_reference(&mut self, reference: &NoteUse) {
        let Some(note) = self.document.notes.get(reference.note).filter(|_| !self.place.listing) else { return };
        let written = self.notes_written.contains(&reference.note);
        if !reference.separator.is_empty() {
            self.inline("superscript", &Attributes::new(), |w| w.xml.text(reference.separator));
        }
        let mut attributes = Attributes::new();
        if self.place.footnote && !written && !self.notes_outside.contains(&reference.note) {
            self.notes_written.insert(reference.note);
            self.notes_waiting.push(reference.note);
        }
        if self.notes_waiting_or_nested(reference.note) {
            attributes.push(("linkend", xml_name(&note.id).into_owned()));
            let none = Attributes::new();
            self.inline("superscript", &none, |w| w.inline("link", &attributes, |w| w.xml.text(&note.number)));
        } else if written || self.place.footnote {
            attributes.push(("linkend", xml_name(&note.id).into_owned()));
            attributes.push(("label", note.number.clone()));
            self.empty("footnoteref", &attributes);
        } else {
            self.notes_written.insert(reference.note);
            self.push_id(&mut attributes, &note.id);
            attributes.push(("label", note.number.clone()));
            self.within(
                |place| {
                    place.footnote = true;
                    place.restricted = false;
                },
                |w| {
                    w.inline("footnote", &attributes, |w| {
                        w.content(&note.blocks);
                        w.waiting_notes();
                    });
                },
            );
        }
    }

    /// Whether a note has no `<footnote>` of its own because only another
    /// note refers to it.
    fn notes_waiting_or_nested(&self, note: usize) -> bool {
        self.notes_written.contains(&note) && !self.notes_outside.contains(&note)
    }

    /// The notes that only the open footnote refers to, as its last paragraphs.
    pub(super) fn waiting_notes(&mut self) {
        while !self.notes_waiting.is_empty() {
            for index in std::mem::take(&mut self.notes_waiting) {
                self.note_as_paragraphs(index);
            }
        }
    }

    /// A note that cannot be a `<footnote>`: its number, then its blocks.
    pub(super) fn note_as_paragraphs(&mut self, index: usize) {
        let Some(note) = self.document.notes.get(index) else { return };
        // A note may call itself.
        self.notes_written.insert(index);
        let mut attributes = Attributes::new();
        self.push_id(&mut attributes, &note.id);
        attributes.push(("role", "footnote".to_owned()));
        let none = Attributes::new();
        let (first, rest) = match note.blocks.split_first() {
            Some((first, rest)) if matches!(first.kind, crate::ast::BlockKind::Paragraph(_)) => (Some(first), rest),
            _ => (None, note.blocks.as_slice()),
        };
        self.leaf("para", &attributes, |w| {
            w.inline("superscript", &none, |w| w.xml.text(&note.number));
            if let Some(crate::ast::BlockKind::Paragraph(content)) = first.map(|block| &block.kind) {
                w.xml.text(" ");
                w.inlines(content);
            }
        });
        self.blocks(rest);
    }
}
