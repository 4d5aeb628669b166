//! Relative nodes. Two nodes that differ only in what comes before them in the document become
//! equal, so they are set once.

use super::frame::TagId;
use super::node::{Findings, Marker, Node, NodeOffsets};
use super::text::{Anchor, Paragraph};
use super::vertical::IdOffsets;
use crate::source::Span;

/// Bias of relative spans, so that none is negative: more than the size of the largest file.
const BIAS: u32 = 1 << 30;

impl NodeOffsets {
    /// Makes the ids and spans of a node relative, and returns their offsets.
    pub fn take(node: &mut Node) -> NodeOffsets {
        let mut offsets = NodeOffsets::default();
        offsets.node(node);
        offsets
    }

    fn node(&mut self, node: &mut Node) {
        match node {
            Node::Text(text) => {
                self.paragraph(&mut text.paragraph);
                self.markers(&mut text.markers);
                if let Some(late) = &mut text.late {
                    self.tag(&mut late.tag);
                }
            }
            Node::Code(code) => {
                self.tag(&mut code.tag);
                self.markers(&mut code.markers);
            }
            Node::Picture(picture) => {
                picture.tag.iter_mut().for_each(|tag| self.tag(tag));
                self.markers(&mut picture.markers);
            }
            Node::Table(table) => {
                table.span.iter_mut().for_each(|span| self.span(span));
                table.continued.iter_mut().for_each(|words| self.paragraph(words));
                let cells = table.head.iter_mut().chain(&mut table.body).flat_map(|row| &mut row.cells);
                cells.flat_map(|cell| &mut cell.nodes).for_each(|node| self.node(node));
                self.markers(&mut table.markers);
            }
            // A background's repeated header is already set, and shared nodes are already relative.
            Node::BeginBackground(_)
            | Node::Shared(_)
            | Node::EndBackground
            | Node::Space(_)
            | Node::Penalty(_)
            | Node::Rule { .. }
            | Node::Kern(_)
            | Node::Bar { .. }
            | Node::PageOrientation(_) => {}
        }
    }

    fn markers(&mut self, markers: &mut [Marker]) {
        markers.iter_mut().for_each(|marker| self.paragraph(&mut marker.paragraph));
    }

    fn paragraph(&mut self, paragraph: &mut Paragraph) {
        for run in &mut paragraph.runs {
            run.tag.iter_mut().for_each(|tag| self.tag(tag));
            run.span.iter_mut().for_each(|span| self.span(span));
        }
        paragraph.links.iter_mut().for_each(|link| self.tag(&mut link.tag));
        paragraph.pictures.iter_mut().flat_map(|picture| &mut picture.tag).for_each(|tag| self.tag(tag));
        for (_, anchor) in &mut paragraph.anchors {
            if let Anchor::Note(note) = anchor {
                *note = note.wrapping_sub(*self.note.get_or_insert(*note));
            }
        }
    }

    fn tag(&mut self, tag: &mut TagId) {
        tag.0 = tag.0.wrapping_sub(*self.tag.get_or_insert(tag.0));
    }

    fn span(&mut self, span: &mut Span) {
        let (file, start) = *self.place.get_or_insert((span.file, span.start));
        if span.file == file {
            span.start = (span.start + BIAS).wrapping_sub(start);
            span.end = (span.end + BIAS).wrapping_sub(start);
        }
    }

    /// The offsets for the lines of the node.
    pub fn ids(self) -> IdOffsets {
        IdOffsets { tag: self.tag.unwrap_or_default(), note: self.note.unwrap_or_default() as u32 }
    }

    /// Adds `tags` to the tag offset.
    pub fn after_tags(self, tags: u32) -> NodeOffsets {
        NodeOffsets { tag: self.tag.map(|tag| tag.wrapping_add(tags)), ..self }
    }

    /// Subtracts `tags` from the tag offset and drops the span, so the node can be placed
    /// elsewhere.
    pub fn before_tags(self, tags: u32) -> NodeOffsets {
        NodeOffsets { tag: self.tag.map(|tag| tag.wrapping_sub(tags)), note: self.note, place: None }
    }

    /// Makes the spans of findings absolute again.
    pub fn restore_findings(self, findings: &mut Findings) {
        let missing = findings.missing.iter_mut().flat_map(|(_, span)| span);
        let wide = findings.wide.iter_mut().flat_map(|(span, _)| span);
        for span in missing.chain(findings.overfull.iter_mut().flatten()).chain(wide) {
            if let Some((file, start)) = self.place
                && span.file == file
            {
                span.start = span.start.wrapping_add(start).wrapping_sub(BIAS);
                span.end = span.end.wrapping_add(start).wrapping_sub(BIAS);
            }
        }
    }
}
