//! Blocks other than tables, lists made from the document, and sections.

use super::writer::Writer;
use super::xml::{Attributes, WriteXml};
use crate::ast::{
    AdmonitionKind, Attrs, BlockKind, Definition, Figure, Image, InlineKind, List, ListItem, ListMarker, NumberStyle,
    Panel,
};
use crate::format::Format;
use crate::language::fill;
use crate::resolve::{Label, RBlock, RInline, ResolvedBlock, ResolvedStage, Section};

impl Writer<'_> {
    pub(super) fn blocks(&mut self, blocks: &[RBlock]) {
        for block in blocks {
            self.one_block(block);
        }
    }

    /// Blocks inside an element that must not be empty.
    pub(super) fn content(&mut self, blocks: &[RBlock]) {
        let before = self.xml.count();
        self.blocks(blocks);
        if self.xml.count() == before {
            self.empty("para", &Attributes::new());
        }
    }

    pub(super) fn one_block(&mut self, block: &RBlock) {
        let attrs = &block.attrs;
        match &block.kind {
            BlockKind::Paragraph(content) => self.paragraph(attrs, content),
            BlockKind::List(list) => self.list(attrs, list),
            BlockKind::Definitions(definitions) => self.definitions(attrs, definitions),
            BlockKind::Quote { blocks, attribution } => {
                let attributes = self.attributes(attrs, None);
                self.apart("blockquote", &attributes, None, |w| {
                    if let Some(attribution) = attribution {
                        let none = Attributes::new();
                        w.within(
                            |place| place.restricted = true,
                            |w| w.leaf("attribution", &none, |w| w.inlines(attribution)),
                        );
                    }
                    w.content(blocks);
                });
            }
            BlockKind::Code { language, text } => {
                let mut attributes = self.attributes(attrs, None);
                attributes.extend(self.direction_of_code());
                attributes.extend(language.iter().map(|language| ("language", language.clone())));
                self.text_leaf("programlisting", &attributes, text.trim_end_matches('\n'));
            }
            BlockKind::Equation(equation) => self.equation(attrs, equation),
            BlockKind::Admonition { kind, title, blocks } => self.admonition(attrs, *kind, title.as_deref(), blocks),
            BlockKind::Panel(panel) => self.panel(attrs, panel),
            BlockKind::Figure(figure) => self.figure(attrs, figure),
            BlockKind::Table(table) => self.table(attrs, table),
            BlockKind::Rule => self.instruction("<?asciidoc-hr?>"),
            BlockKind::PageBreak => self.instruction("<?asciidoc-pagebreak?>"),
            BlockKind::Group(blocks) => self.group(attrs, blocks),
            BlockKind::Stage(ResolvedBlock::Section(section)) => self.bridgehead(attrs, section),
            BlockKind::Stage(ResolvedBlock::Listing(listing)) => self.listing(attrs, listing),
            BlockKind::Stage(ResolvedBlock::NumberedParagraph { number, content }) => {
                let attributes = self.attributes(attrs, Some("numbered"));
                self.leaf("para", &attributes, |w| {
                    let role = vec![("role", "number".to_owned())];
                    w.inline("phrase", &role, |w| w.xml.text(number));
                    w.xml.text(" ");
                    w.inlines(content);
                });
            }
            BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks }) => {
                if formats.contains(&Format::Docbook) {
                    self.group(attrs, blocks);
                }
            }
            BlockKind::Stage(ResolvedBlock::Changed { change, block }) => {
                let mut attributes = self.attributes(attrs, Some(change.kind.name()));
                self.push_revision(&mut attributes, change.kind.side());
                self.within(|place| place.paragraph = true, |w| w.leaf("para", &attributes, |w| w.one_block(block)));
            }
        }
    }

    fn instruction(&mut self, instruction: &'static str) {
        self.xml.new_line();
        self.xml.raw(instruction);
    }

    /// An element with a title and content of its own: what a group hands
    /// down stays outside, for the attributes have it already.
    pub(super) fn apart(
        &mut self,
        name: &str,
        attributes: &Attributes,
        title: Option<Title>,
        content: impl FnOnce(&mut Self),
    ) {
        let inherited = std::mem::take(&mut self.inherited);
        self.block(name, attributes, |w| {
            if let Some(title) = title {
                w.title(&title);
            }
            content(w);
        });
        self.inherited = inherited;
    }

    pub(super) fn title(&mut self, title: &Title) {
        self.leaf("title", &Attributes::new(), |w| match title {
            Title::Words(words) => w.xml.text(words),
            Title::Inlines(content) => w.inlines(content),
            Title::Labelled(label, content) => w.labelled(label, content),
        });
    }

    /// "Box 3: Title", in the language's manner.
    fn labelled(&mut self, label: &str, content: &[RInline]) {
        let pattern = self.document.language.labels.label_value;
        let (before, after) = pattern.rsplit_once("{}").unwrap_or((pattern, ""));
        let number = vec![("role", "number".to_owned())];
        self.inline("phrase", &number, |w| w.xml.text(label));
        self.xml.text(&fill(before, &[""]));
        self.inlines(content);
        self.xml.text(after);
    }

    fn paragraph(&mut self, attrs: &Attrs, content: &[RInline]) {
        let attributes = self.attributes(attrs, None);
        match only_image(content) {
            Some((image, is_decorative)) => {
                self.block("mediaobject", &attributes, |w| w.image_objects(image, is_decorative));
            }
            None => self.leaf("para", &attributes, |w| w.inlines(content)),
        }
    }

    fn list(&mut self, attrs: &Attrs, list: &List<ResolvedStage>) {
        if list.items.is_empty() {
            return;
        }
        let is_tasks = list.items.iter().any(|item| item.task.is_some());
        let mut attributes = self.attributes(attrs, is_tasks.then_some("task-list"));
        let name = match list.marker {
            ListMarker::Bullet => "itemizedlist",
            ListMarker::Plain => {
                attributes.push(("mark", "none".to_owned()));
                "itemizedlist"
            }
            ListMarker::Ordered { start, style } => {
                attributes.push(("numeration", numeration(style).to_owned()));
                if start != 1 {
                    attributes.push(("startingnumber", start.to_string()));
                }
                "orderedlist"
            }
        };
        if list.tight {
            attributes.push(("spacing", "compact".to_owned()));
        }
        self.apart(name, &attributes, None, |w| list.items.iter().for_each(|item| w.item(item)));
    }

    fn item(&mut self, item: &ListItem<ResolvedStage>) {
        let role = item.task.map(|done| if done { "done" } else { "not-done" });
        let attributes = self.attributes(&item.attrs, role);
        self.block("listitem", &attributes, |w| match item.task {
            None => w.content(&item.blocks),
            Some(done) => w.task(done, &item.blocks),
        });
    }

    /// A task's box is before its first words.
    fn task(&mut self, done: bool, blocks: &[RBlock]) {
        let mark = if done { "☒" } else { "☐" };
        let Some((first, rest)) = blocks.split_first() else {
            return self.text_leaf("para", &Attributes::new(), mark);
        };
        let BlockKind::Paragraph(content) = &first.kind else {
            self.text_leaf("para", &Attributes::new(), mark);
            return self.blocks(blocks);
        };
        let attributes = self.attributes(&first.attrs, None);
        self.leaf("para", &attributes, |w| {
            w.xml.text(mark);
            w.xml.text(" ");
            w.inlines(content);
        });
        self.blocks(rest);
    }

    fn definitions(&mut self, attrs: &Attrs, definitions: &[Definition<ResolvedStage>]) {
        if definitions.is_empty() {
            return;
        }
        let attributes = self.attributes(attrs, None);
        let none = Attributes::new();
        self.apart("variablelist", &attributes, None, |w| {
            for definition in definitions {
                w.block("varlistentry", &none, |w| {
                    for term in &definition.terms {
                        w.leaf("term", &none, |w| w.inlines(term));
                    }
                    if definition.terms.is_empty() {
                        w.empty("term", &none);
                    }
                    w.block("listitem", &none, |w| {
                        let before = w.xml.count();
                        definition.details.iter().for_each(|blocks| w.blocks(blocks));
                        if w.xml.count() == before {
                            w.empty("para", &none);
                        }
                    });
                });
            }
        });
    }

    fn admonition(&mut self, attrs: &Attrs, kind: AdmonitionKind, title: Option<&[RInline]>, blocks: &[RBlock]) {
        let (name, label) = (kind.name(), kind.label(self.document.language.labels));
        if self.place.admonition || self.place.footnote {
            // No admonition may be here: the title says what it is.
            let attributes = self.attributes(attrs, Some(name));
            let title = title.map_or(Title::Words(label), |title| Title::Labelled(label, title));
            self.apart("blockquote", &attributes, Some(title), |w| w.content(blocks));
        } else {
            let title = title.map(Title::Inlines);
            let attributes = self.attributes(attrs, None);
            self.within(|place| place.admonition = true, |w| w.apart(name, &attributes, title, |w| w.content(blocks)));
        }
    }

    fn panel(&mut self, attrs: &Attrs, panel: &Panel<ResolvedStage>) {
        let title = match (&panel.label, &panel.title) {
            (Some(label), Some(title)) => Title::Labelled(&label.text, title),
            (Some(label), None) => Title::Words(&label.text),
            (None, Some(title)) => Title::Inlines(title),
            (None, None) => Title::Words(panel.role.label(self.document.language.labels)),
        };
        let mut attributes = self.attributes(attrs, Some(panel.role.name()));
        attributes.extend(panel.label.iter().map(|label| ("xreflabel", label.text.clone())));
        let nested = self.place.sidebar || self.place.footnote;
        let name = if nested { "blockquote" } else { "sidebar" };
        self.within(
            |place| place.sidebar = true,
            |w| w.apart(name, &attributes, Some(title), |w| w.content(&panel.blocks)),
        );
    }

    fn figure(&mut self, attrs: &Attrs, figure: &Figure<ResolvedStage>) {
        let mut attributes = self.attributes(attrs, None);
        let allowed = !(self.place.footnote || self.place.table || self.place.figure);
        let caption = caption_title(figure.label.as_ref(), figure.caption.as_deref());
        match caption {
            Some(title) if allowed => {
                push_label(&mut attributes, figure.label.as_ref());
                self.within(
                    |place| place.figure = true,
                    |w| w.apart("figure", &attributes, Some(title), |w| w.content(&figure.blocks)),
                );
            }
            other => {
                self.apart("informalfigure", &attributes, None, |w| w.content(&figure.blocks));
                if other.is_some() {
                    self.caption_paragraph(figure.label.as_ref(), figure.caption.as_deref());
                }
            }
        }
    }

    /// The caption of what cannot be a formal object where it is.
    pub(super) fn caption_paragraph(&mut self, label: Option<&Label>, caption: Option<&[RInline]>) {
        let attributes = vec![("role", "caption".to_owned())];
        self.leaf("para", &attributes, |w| match (label, caption) {
            (Some(label), Some(caption)) => w.labelled(&label.text, caption),
            (Some(label), None) => w.xml.text(&label.text),
            (None, caption) => w.inlines(caption.unwrap_or_default()),
        });
    }

    /// Hands the group's attributes down to its blocks.
    fn group(&mut self, attrs: &Attrs, blocks: &[RBlock]) {
        let outer = self.inherited.clone();
        if let Some(list) = attrs.list() {
            self.inherited.id = list.id.clone().or(self.inherited.id.take());
            self.inherited.lang = list.lang.clone().or(self.inherited.lang.take());
            self.inherited.classes.extend(list.classes.iter().cloned());
        }
        self.blocks(blocks);
        // An id that no block took must not fall on what follows the group.
        if let Some(id) = self.inherited.id.take().filter(|_| attrs.id().is_some()) {
            let mut attributes = Attributes::new();
            self.push_id(&mut attributes, &id);
            self.empty("anchor", &attributes);
        }
        self.inherited = outer;
        if !blocks.is_empty() {
            self.inherited.id = None;
        }
    }

    /// A heading where no section may be.
    fn bridgehead(&mut self, attrs: &Attrs, section: &Section) {
        const DEEPEST: u8 = 5;
        let mut attributes = self.attributes(attrs, None);
        attributes.push(("renderas", format!("sect{}", section.level.clamp(1, DEEPEST))));
        self.leaf("bridgehead", &attributes, |w| {
            if let Some(number) = &section.number {
                w.inline("phrase", &vec![("role", "number".to_owned())], |w| w.xml.text(number));
                w.xml.text(" ");
            }
            w.inlines(&section.title);
        });
        self.blocks(&section.blocks);
    }
}

/// The parts of a title.
pub(super) enum Title<'a> {
    Words(&'a str),
    Inlines(&'a [RInline]),
    /// A label and what it stands for: "Box 3: Title".
    Labelled(&'a str, &'a [RInline]),
}

/// The title of a formal object, whose number is in `label`; `None` where it
/// has neither.
pub(super) fn caption_title<'a>(label: Option<&Label>, caption: Option<&'a [RInline]>) -> Option<Title<'a>> {
    match (label, caption) {
        (_, Some(caption)) => Some(Title::Inlines(caption)),
        (Some(_), None) => Some(Title::Words("")),
        (None, None) => None,
    }
}

/// The number for style sheets, the whole label for references.
pub(super) fn push_label(attributes: &mut Attributes, label: Option<&Label>) {
    if let Some(label) = label {
        attributes.push(("label", label.number.clone()));
        attributes.push(("xreflabel", label.text.clone()));
    }
}

/// The picture of a paragraph that holds nothing else, and whether it is
/// decorative.
fn only_image(content: &[RInline]) -> Option<(&Image<ResolvedStage>, bool)> {
    match content {
        [inline] => match &inline.kind {
            InlineKind::Image(image) if inline.attrs.id().is_none() => {
                Some((image, inline.attrs.has_class("decorative")))
            }
            _ => None,
        },
        _ => None,
    }
}

fn numeration(style: NumberStyle) -> &'static str {
    match style {
        NumberStyle::Decimal => "arabic",
        NumberStyle::LowerAlpha => "loweralpha",
        NumberStyle::UpperAlpha => "upperalpha",
        NumberStyle::LowerRoman => "lowerroman",
        NumberStyle::UpperRoman => "upperroman",
    }
}
