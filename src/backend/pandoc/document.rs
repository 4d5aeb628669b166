//! The document: metadata, then the parts in the order of the other editions.

use super::block::div;
use super::inline::{Writer, none, number, text_inlines};
use super::{bare, node};
use crate::format::Format;
use crate::resolve::{NavigationLink, Resolved};
use serde_json::{Map, Value, json};

/// The version of pandoc-types that the tree follows.
const API_VERSION: [u32; 3] = [1, 23, 1];

/// Makes the JSON, with a line ending at its end.
pub fn emit(document: &Resolved) -> String {
    let mut writer = Writer::new(document);
    let meta = writer.meta();
    let mut blocks = writer.front();
    blocks.extend(writer.blocks(&document.blocks));
    blocks.extend(writer.back());
    format!("{}\n", json!({ "pandoc-api-version": API_VERSION, "meta": meta, "blocks": blocks }))
}

impl Writer<'_> {
    fn meta(&mut self) -> Map<String, Value> {
        let document = self.document;
        let metadata = &document.metadata;
        let mut meta = Map::new();
        let inlines = |text: &str| node("MetaInlines", json!(text_inlines(text)));
        meta.insert("title".to_owned(), node("MetaInlines", json!(self.inlines(&document.title))));
        meta.insert("lang".to_owned(), inlines(&document.language.tag));
        let mut add = |key: &str, text: Option<&str>| {
            if let Some(text) = text {
                meta.insert(key.to_owned(), inlines(text));
            }
        };
        add("subtitle", document.subtitle.as_deref());
        add("date", metadata.date.as_ref().map(|date| date.value.to_string()).as_deref());
        add("description", document.description.as_deref());
        if !metadata.authors.is_empty() {
            let authors: Vec<Value> = metadata.authors.iter().map(|author| inlines(&author.name)).collect();
            meta.insert("author".to_owned(), node("MetaList", json!(authors)));
        }
        if !metadata.keywords.is_empty() {
            let keywords: Vec<Value> = metadata.keywords.iter().map(|keyword| inlines(keyword)).collect();
            meta.insert("keywords".to_owned(), node("MetaList", json!(keywords)));
        }
        if !document.summary.is_empty() {
            meta.insert("abstract".to_owned(), node("MetaBlocks", json!(self.blocks(&document.summary))));
        }
        meta
    }

    /// Banners, control data and contents.
    fn front(&mut self) -> Vec<Value> {
        let document = self.document;
        let mut out = Vec::new();
        for banner in &document.banners {
            out.push(div("banner", None, vec![node("Para", json!([node("Strong", json!(text_inlines(banner)))]))]));
        }
        if !document.control.is_empty() {
            let rows: Vec<Value> = document
                .control
                .iter()
                .map(|row| {
                    let lines: Vec<Value> =
                        row.value.iter().map(|line| node("Plain", json!(self.inlines(line)))).collect();
                    json!([text_inlines(&row.label), [lines]])
                })
                .collect();
            let title = node("Para", json!([node("Strong", json!(text_inlines(&document.control_title)))]));
            out.push(div("document-control", None, vec![title, node("DefinitionList", json!(rows))]));
        }
        if let Some(listing) = &document.contents {
            out.extend(self.listing(listing));
        }
        out
    }

    /// Notes that have no place in the text, and the way through the collection.
    fn back(&mut self) -> Vec<Value> {
        let document = self.document;
        let mut out = Vec::new();
        self.in_note = true;
        for (index, note) in document.notes.iter().enumerate() {
            if self.notes_written.insert(index) {
                let mut blocks = vec![node("Plain", json!([number(&note.number)]))];
                blocks.extend(self.blocks(&note.blocks));
                out.push(div("footnote", None, blocks));
            }
        }
        let navigation = &document.navigation;
        let members = navigation.members.iter().map(|link| (link, &link.title));
        let neighbours = [&navigation.up, &navigation.previous, &navigation.next];
        let neighbours = neighbours.into_iter().flatten().map(|link| (link, &link.text));
        let links: Vec<Value> = members.chain(neighbours).map(|(link, text)| link_paragraph(link, text)).collect();
        if !links.is_empty() {
            out.push(bare("HorizontalRule"));
            out.extend(links);
        }
        out
    }
}

fn link_paragraph(link: &NavigationLink, text: &str) -> Value {
    node("Para", json!([node("Link", json!([none(), text_inlines(text), [link.target.address(Format::Html), ""]]))]))
}
