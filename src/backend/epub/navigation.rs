//! The navigation document: contents, landmarks, lists of tables and figures (EPUB 3.3, 7).

use super::{TEXT, page};
use crate::ast::{Attrs, BlockKind, Inline, Visit, plain_text, walk_blocks};
use crate::backend::hypertext::CONTENT_ID;
use crate::backend::markup::Markup;
use crate::format::Format;
use crate::language::fill;
use crate::resolve::{Label, OutlineEntry, RBlock, Resolved, ResolvedBlock, ResolvedStage, xml_name};

/// Writes the navigation document.
pub fn write(document: &Resolved) -> String {
    let labels = document.language.labels;
    page(document, &document.title_text, |out| {
        list(out, "toc", labels.contents, |out| {
            entry(out, CONTENT_ID, &document.title_text, &[]);
            document.outline.iter().for_each(|section| outline(out, section));
        });
        landmarks(out, document);
        let mut captioned = Captioned { document, tables: Vec::new(), figures: Vec::new() };
        walk_blocks(&document.blocks, &mut captioned);
        for (kind, title, entries) in
            [("lot", labels.tables, captioned.tables), ("loi", labels.figures, captioned.figures)]
        {
            if !entries.is_empty() {
                list(out, kind, title, |out| entries.iter().for_each(|(id, words)| entry(out, id, words, &[])));
            }
        }
    })
}

fn list(out: &mut Markup, kind: &str, title: &str, entries: impl FnOnce(&mut Markup)) {
    let id = format!("_{kind}");
    let role = if kind == "toc" { Some(("role", "doc-toc")) } else { None };
    let attributes: Vec<_> =
        [("epub:type", kind), ("id", &id), ("aria-label", title)].into_iter().chain(role).collect();
    out.element("nav", &attributes, |out| {
        out.raw("\n");
        out.leaf("h2", &[], title);
        out.raw("\n");
        out.element("ol", &[], |out| {
            out.raw("\n");
            entries(out);
        });
        out.raw("\n");
    });
    out.raw("\n");
}

/// An entry, and those below it.
fn entry(out: &mut Markup, id: &str, words: &str, below: &[OutlineEntry]) {
    out.element("li", &[], |out| {
        out.leaf("a", &[("href", &format!("{TEXT}#{}", xml_name(id)))], words);
        if !below.is_empty() {
            out.raw("\n");
            out.element("ol", &[], |out| {
                out.raw("\n");
                below.iter().for_each(|section| outline(out, section));
            });
            out.raw("\n");
        }
    });
    out.raw("\n");
}

fn outline(out: &mut Markup, section: &OutlineEntry) {
    let words = match &section.number {
        Some(number) => format!("{number} {}", section.title.plain_text()),
        None => section.title.plain_text().to_owned(),
    };
    // A link must say something (EPUB 3.3, 7.3).
    let words = if words.trim().is_empty() { &section.id } else { &words };
    entry(out, &section.id, words, &section.children);
}

/// The parts that readers offer ways to.
fn landmarks(out: &mut Markup, document: &Resolved) {
    let labels = document.language.labels;
    let contents = labels.contents;
    out.element(
        "nav",
        &[("epub:type", "landmarks"), ("hidden", "hidden"), ("aria-label", labels.main_navigation)],
        |out| {
            out.raw("\n");
            out.element("ol", &[], |out| {
                out.raw("\n");
                let text = format!("{TEXT}#{CONTENT_ID}");
                for (kind, address, words) in
                    [("toc", "#_toc", contents), ("bodymatter", text.as_str(), document.title_text.as_str())]
                {
                    out.element("li", &[], |out| out.leaf("a", &[("epub:type", kind), ("href", address)], words));
                    out.raw("\n");
                }
            });
            out.raw("\n");
        },
    );
    out.raw("\n");
}

/// Tables and figures that are numbered, each with its id.
struct Captioned<'a> {
    document: &'a Resolved,
    tables: Vec<(String, String)>,
    figures: Vec<(String, String)>,
}

impl Captioned<'_> {
    fn label_and_caption(
        &self,
        attrs: &Attrs,
        label: Option<&Label>,
        caption: Option<&[Inline<ResolvedStage>]>,
    ) -> Option<(String, String)> {
        let (id, label) = (attrs.id()?, label?);
        let caption = caption.map(plain_text).unwrap_or_default();
        let words = if caption.is_empty() {
            label.text.clone()
        } else {
            fill(self.document.language.labels.label_value, &[&label.text, &caption])
        };
        Some((id.to_owned(), words))
    }
}

impl Visit<ResolvedStage> for Captioned<'_> {
    fn block(&mut self, block: &RBlock) {
        match &block.kind {
            BlockKind::Table(table) => {
                let entry = self.label_and_caption(&block.attrs, table.label.as_ref(), table.caption.as_deref());
                self.tables.extend(entry);
            }
            BlockKind::Figure(figure) => {
                let entry = self.label_and_caption(&block.attrs, figure.label.as_ref(), figure.caption.as_deref());
                self.figures.extend(entry);
            }
            _ => {}
        }
    }

    fn stage_block(&mut self, block: &ResolvedBlock) {
        match block {
            ResolvedBlock::Section(section) => walk_blocks(&section.blocks, self),
            ResolvedBlock::ForFormats { formats, blocks } if formats.contains(&Format::Epub) => {
                walk_blocks(blocks, self);
            }
            ResolvedBlock::Changed { block, .. } => walk_blocks(std::slice::from_ref(block), self),
            ResolvedBlock::ForFormats { .. } | ResolvedBlock::Listing(_) | ResolvedBlock::NumberedParagraph { .. } => {}
        }
    }
}
