//! The structure tree: what content means (ISO 32000-1, 14.7 and 14.8).

use super::objects::Objects;
use super::syntax::{hundredths, push_hundredths, push_integer, push_name, push_reference, push_text};
use super::tree::{Numbers, push_tree};
use crate::layout::frame::{ListNumbering, Properties, Rect, Role, Tag, TagId, TagTree};
use std::collections::BTreeMap;

/// The deepest standard heading type.
const DEEPEST_HEADING: u8 = 6;

/// A tag tree, looked at upwards.
#[derive(Debug)]
pub struct Structure<'a> {
    tree: &'a TagTree,
    parents: Vec<Option<TagId>>,
    /// The figure that each tag is part of.
    figures: Vec<Option<TagId>>,
    /// The level of each heading if none is skipped.
    headings: BTreeMap<TagId, u8>,
}

/// Where a piece of content or an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kid {
    /// Marked content: page, id on the page.
    Content { page: usize, id: usize },
    /// An annotation: page, object number.
    Annotation { page: usize, object: u32 },
}

/// Content and annotations by tag, those of one tag in reading order.
#[derive(Debug, Default)]
pub struct Kids {
    /// Children sorted by tag.
    sorted: Vec<(TagId, Kid)>,
}

impl Kids {
    /// Takes them in reading order.
    pub fn new(mut kids: Vec<(TagId, Kid)>) -> Self {
        kids.sort_by_key(|(tag, _)| *tag);
        Kids { sorted: kids }
    }

    /// The children of a tag.
    fn with_tag(&self, tag: TagId) -> impl Iterator<Item = Kid> {
        let start = self.sorted.partition_point(|(other, _)| *other < tag);
        let rest = self.sorted.get(start..).unwrap_or_default();
        rest.iter().take_while(move |(other, _)| *other == tag).map(|(_, kid)| *kid)
    }
}

/// Positions of the tags' content, collected by the painter.
#[derive(Debug, Default)]
pub struct Placement {
    /// Children of tags that are leaves or links.
    pub kids: Kids,
    /// Boxes of figures on their pages, with the page.
    pub figures: BTreeMap<TagId, (usize, Rect)>,
    /// The leaf of each marked-content id, by page.
    pub marks: Vec<Vec<TagId>>,
    /// The tags of annotations, in the order of their keys after the pages.
    pub annotations: Vec<TagId>,
    /// Object numbers of the pages, and their heights.
    pub pages: Vec<(u32, f32)>,
}

impl<'a> Structure<'a> {
    /// The structure of a tag tree: its parents, figures and levels of headings.
    pub fn new(tree: &'a TagTree) -> Self {
        let mut structure = Self {
            tree,
            parents: vec![None; tree.tags.len()],
            figures: vec![None; tree.tags.len()],
            headings: BTreeMap::new(),
        };
        structure.walk();
        structure
    }

    /// Goes through the tree in reading order, without recursion.
    fn walk(&mut self) {
        let mut open_levels: Vec<u8> = Vec::new();
        let tree = self.tree;
        for id in tree.in_reading_order() {
            let Some(tag) = tree.tags.get(id.0 as usize) else { continue };
            if let Role::Heading(level) = tag.role {
                while open_levels.last().is_some_and(|open| *open >= level) {
                    open_levels.pop();
                }
                open_levels.push(level);
                let closed_up = u8::try_from(open_levels.len()).unwrap_or(DEEPEST_HEADING).min(DEEPEST_HEADING);
                self.headings.insert(id, closed_up);
            }
            let figure = if tag.role == Role::Figure { Some(id) } else { self.figure_of(id) };
            for child in tree.children(id) {
                if let Some(parent) = self.parents.get_mut(child.0 as usize) {
                    *parent = Some(id);
                }
                if let Some(place) = self.figures.get_mut(child.0 as usize) {
                    *place = figure;
                }
            }
        }
    }

    /// The figure that a tag is part of.
    pub fn figure_of(&self, id: TagId) -> Option<TagId> {
        self.figures.get(id.0 as usize).copied().flatten()
    }

    fn tag(&self, id: TagId) -> Option<&'a Tag> {
        self.tree.tags.get(id.0 as usize)
    }

    fn parent(&self, id: TagId) -> Option<TagId> {
        self.parents.get(id.0 as usize).copied().flatten()
    }

    /// The structure type that encloses a leaf.
    pub fn type_of_leaf(&self, leaf: TagId) -> &'static str {
        self.parent(leaf).and_then(|parent| self.type_name(parent)).unwrap_or("Span")
    }

    /// Figures that say nothing to those who do not see them.
    pub fn has_silent_figure(&self) -> bool {
        let is_silent = |said: &Properties| said.alt.is_none() && said.actual_text.is_none();
        self.tree.tags.iter().any(|tag| tag.role == Role::Figure && is_silent(tag.properties()))
    }

    fn type_name(&self, id: TagId) -> Option<&'static str> {
        Some(match self.tag(id)?.role {
            Role::Leaf => return None,
            Role::Document => "Document",
            Role::Part => "Part",
            Role::Sect => "Sect",
            Role::Div => "Div",
            Role::Heading(_) => match self.headings.get(&id) {
                Some(1) => "H1",
                Some(2) => "H2",
                Some(3) => "H3",
                Some(4) => "H4",
                Some(5) => "H5",
                _ => "H6",
            },
            Role::Paragraph => "P",
            Role::List { .. } => "L",
            Role::ListItem => "LI",
            Role::ListLabel => "Lbl",
            Role::ListBody => "LBody",
            Role::Table => "Table",
            Role::TableHead => "THead",
            Role::TableBody => "TBody",
            Role::TableRow => "TR",
            Role::HeaderCell { .. } => "TH",
            Role::DataCell { .. } => "TD",
            Role::Caption => "Caption",
            Role::Figure => "Figure",
            Role::Formula => "Formula",
            Role::BlockQuote => "BlockQuote",
            Role::Quote => "Quote",
            Role::Inserted => "Ins",
            Role::Deleted => "Del",
            Role::Code => "Code",
            Role::Span => "Span",
            Role::Link => "Link",
            Role::Reference => "Reference",
            Role::Note => "Note",
            Role::Contents => "TOC",
            Role::ContentsItem => "TOCI",
        })
    }

    /// Writes the tree and returns the object number of its root.
    pub fn write(&self, placement: &Placement, objects: &mut Objects) -> u32 {
        let root = objects.allocate();
        let numbers: Vec<u32> =
            self.tree.tags.iter().map(|tag| if tag.role == Role::Leaf { 0 } else { objects.allocate() }).collect();
        let writer = Writer { structure: self, placement, numbers: &numbers, root };

        let mut ids: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        let mut out = Vec::new();
        for (index, tag) in self.tree.tags.iter().enumerate() {
            let id = TagId(u32::try_from(index).unwrap_or(u32::MAX));
            if tag.role == Role::Leaf {
                continue;
            }
            out.clear();
            let identifier = writer.element(id, tag, &mut out);
            if let Some(&number) = numbers.get(index) {
                if let Some(identifier) = identifier {
                    let mut reference = Vec::new();
                    push_reference(&mut reference, number);
                    ids.push((identifier.into_bytes(), reference));
                }
                objects.set_raw(number, &out);
            }
        }
        ids.sort();
        ids.dedup_by(|a, b| a.0 == b.0);

        let mut out = b"<</Type/StructTreeRoot/K ".to_vec();
        push_reference(&mut out, writer.number(TagTree::ROOT));
        out.extend_from_slice(b"/ParentTree ");
        let parent_tree = writer.parent_tree(objects);
        push_reference(&mut out, parent_tree);
        out.extend_from_slice(b"/ParentTreeNextKey ");
        push_integer(&mut out, (placement.marks.len() + placement.annotations.len()) as i64);
        if !ids.is_empty() {
            out.extend_from_slice(b"/IDTree ");
            let id_tree = push_tree(ids, objects);
            push_reference(&mut out, id_tree);
        }
        let is_change = |tag: &Tag| matches!(tag.role, Role::Inserted | Role::Deleted);
        if self.tree.tags.iter().any(is_change) {
            // No standard types of PDF 1.7: those who do not know them read spans.
            out.extend_from_slice(b"/RoleMap<</Ins/Span/Del/Span>>");
        }
        out.extend_from_slice(b">>");
        objects.set_raw(root, &out);
        root
    }
}

/// Writes structure elements.
struct Writer<'a> {
    structure: &'a Structure<'a>,
    placement: &'a Placement,
    /// Object numbers by tag.
    numbers: &'a [u32],
    root: u32,
}

impl Writer<'_> {
    fn number(&self, id: TagId) -> u32 {
        self.numbers.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Writes one structure element; returns its identifier, where it has one.
    fn element(&self, id: TagId, tag: &Tag, out: &mut Vec<u8>) -> Option<String> {
        let structure = self.structure;
        let mut name = structure.type_name(id).unwrap_or("Span");
        // A link that leads nowhere has no annotation, and is no Link then.
        if tag.role == Role::Link && self.placement.kids.with_tag(id).next().is_none() {
            name = "Span";
        }
        out.extend_from_slice(b"<</S");
        push_name(out, name.as_bytes());
        out.extend_from_slice(b"/P ");
        push_reference(out, structure.parent(id).map_or(self.root, |parent| self.number(parent)));
        self.kids(id, out);
        let Properties { lang, alt, expansion, actual_text, id: own } = tag.properties();
        for (key, value) in [("Lang", lang), ("Alt", alt), ("E", expansion), ("ActualText", actual_text)] {
            if let Some(text) = value {
                push_name(out, key.as_bytes());
                push_text(out, text);
            }
        }
        let identifier = match (own, tag.role) {
            (Some(own), _) => Some(own.clone()),
            // ISO 14289-1, 7.9: every Note has an ID of its own.
            (None, Role::Note) => Some(format!("note-{}", id.0)),
            (None, _) => None,
        };
        if let Some(identifier) = &identifier {
            out.extend_from_slice(b"/ID");
            super::syntax::push_string(out, identifier.as_bytes());
        }
        self.attributes(id, tag.role, out);
        out.extend_from_slice(b">>");
        identifier
    }

    fn kids(&self, id: TagId, out: &mut Vec<u8>) {
        let mut kids: Vec<KidRef> = Vec::new();
        for child in self.structure.tree.children(id) {
            match self.structure.tag(child).map(|child| child.role) {
                Some(Role::Leaf) => {
                    kids.extend(self.placement.kids.with_tag(child).map(KidRef::Place));
                }
                Some(_) => kids.push(KidRef::Element(self.number(child))),
                None => {}
            }
        }
        kids.extend(self.placement.kids.with_tag(id).map(KidRef::Place));

        let page = kids.iter().find_map(|kid| match kid {
            KidRef::Place(Kid::Content { page, .. } | Kid::Annotation { page, .. }) => Some(*page),
            KidRef::Element(_) => None,
        });
        if let Some(page) = page {
            out.extend_from_slice(b"/Pg ");
            push_reference(out, self.page_number(page));
        }
        match kids.as_slice() {
            [] => {}
            [KidRef::Element(number)] => {
                out.extend_from_slice(b"/K ");
                push_reference(out, *number);
            }
            [KidRef::Place(Kid::Content { id, .. })] => {
                out.extend_from_slice(b"/K ");
                push_integer(out, *id as i64);
            }
            several => {
                out.extend_from_slice(b"/K[");
                for kid in several {
                    super::syntax::separate(out);
                    self.kid(*kid, page, out);
                }
                out.push(b']');
            }
        }
    }

    fn kid(&self, kid: KidRef, own_page: Option<usize>, out: &mut Vec<u8>) {
        match kid {
            KidRef::Element(number) => push_reference(out, number),
            KidRef::Place(Kid::Content { page, id }) if Some(page) == own_page => push_integer(out, id as i64),
            KidRef::Place(Kid::Content { page, id }) => {
                out.extend_from_slice(b"<</Type/MCR/Pg ");
                push_reference(out, self.page_number(page));
                out.extend_from_slice(b"/MCID ");
                push_integer(out, id as i64);
                out.extend_from_slice(b">>");
            }
            KidRef::Place(Kid::Annotation { page, object }) => {
                out.extend_from_slice(b"<</Type/OBJR/Obj ");
                push_reference(out, object);
                if Some(page) != own_page {
                    out.extend_from_slice(b"/Pg ");
                    push_reference(out, self.page_number(page));
                }
                out.extend_from_slice(b">>");
            }
        }
    }

    fn page_number(&self, page: usize) -> u32 {
        self.placement.pages.get(page).map_or(0, |(number, _)| *number)
    }

    /// Writes attribute objects (ISO 32000-1, 14.8.5).
    fn attributes(&self, id: TagId, role: Role, out: &mut Vec<u8>) {
        match role {
            Role::List { numbering } => {
                out.extend_from_slice(b"/A<</O/List/ListNumbering");
                push_name(out, list_numbering(numbering).as_bytes());
                out.extend_from_slice(b">>");
            }
            Role::HeaderCell { column, row, colspan, rowspan } => {
                out.extend_from_slice(b"/A<</O/Table/Scope");
                push_name(
                    out,
                    match (column, row) {
                        (true, true) => b"Both",
                        (false, true) => b"Row",
                        (_, false) => b"Column",
                    },
                );
                push_spans(colspan, rowspan, out);
                out.extend_from_slice(b">>");
            }
            Role::DataCell { colspan, rowspan } if colspan > 1 || rowspan > 1 => {
                out.extend_from_slice(b"/A<</O/Table");
                push_spans(colspan, rowspan, out);
                out.extend_from_slice(b">>");
            }
            Role::Figure => {
                if let Some((page, area)) = self.placement.figures.get(&id) {
                    let height = self.placement.pages.get(*page).map_or(0.0, |(_, height)| *height);
                    out.extend_from_slice(b"/A<</O/Layout/Placement/Block/BBox[");
                    push_corners(*area, height, out);
                    out.extend_from_slice(b"]>>");
                }
            }
            Role::DataCell { .. }
            | Role::Leaf
            | Role::Document
            | Role::Part
            | Role::Sect
            | Role::Div
            | Role::Heading(_)
            | Role::Paragraph
            | Role::ListItem
            | Role::ListLabel
            | Role::ListBody
            | Role::Table
            | Role::TableHead
            | Role::TableBody
            | Role::TableRow
            | Role::Caption
            | Role::Formula
            | Role::BlockQuote
            | Role::Quote
            | Role::Inserted
            | Role::Deleted
            | Role::Code
            | Role::Span
            | Role::Link
            | Role::Reference
            | Role::Note
            | Role::Contents
            | Role::ContentsItem => {}
        }
    }

    /// Writes the number tree from pages and annotations back to their
    /// elements (ISO 32000-1, 14.7.4.4); returns its object number.
    fn parent_tree(&self, objects: &mut Objects) -> u32 {
        let mut entries: Numbers = Vec::new();
        for (key, marks) in self.placement.marks.iter().enumerate() {
            if marks.is_empty() {
                continue;
            }
            let mut parents = b"[".to_vec();
            for leaf in marks {
                super::syntax::separate(&mut parents);
                push_reference(&mut parents, self.structure.parent(*leaf).map_or(0, |parent| self.number(parent)));
            }
            parents.push(b']');
            let array = objects.add_raw(&parents);
            let mut reference = Vec::new();
            push_reference(&mut reference, array);
            entries.push((key, reference));
        }
        let pages = self.placement.marks.len();
        for (index, tag) in self.placement.annotations.iter().enumerate() {
            let mut reference = Vec::new();
            push_reference(&mut reference, self.number(*tag));
            entries.push((pages + index, reference));
        }
        push_tree(entries, objects)
    }
}

#[derive(Debug, Clone, Copy)]
enum KidRef {
    Element(u32),
    Place(Kid),
}

fn push_spans(colspan: u16, rowspan: u16, out: &mut Vec<u8>) {
    for (key, span) in [("ColSpan", colspan), ("RowSpan", rowspan)] {
        if span > 1 {
            push_name(out, key.as_bytes());
            out.push(b' ');
            push_integer(out, i64::from(span));
        }
    }
}

/// Writes lower left and upper right corner.
pub fn push_corners(area: Rect, page_height: f32, out: &mut Vec<u8>) {
    let corners =
        [area.x, page_height - area.y - area.height, area.x + area.width, page_height - area.y].map(hundredths);
    for corner in corners {
        super::syntax::separate(out);
        push_hundredths(out, corner);
    }
}

fn list_numbering(numbering: ListNumbering) -> &'static str {
    match numbering {
        ListNumbering::None => "None",
        ListNumbering::Disc => "Disc",
        ListNumbering::Decimal => "Decimal",
        ListNumbering::UpperRoman => "UpperRoman",
        ListNumbering::LowerRoman => "LowerRoman",
        ListNumbering::UpperAlpha => "UpperAlpha",
        ListNumbering::LowerAlpha => "LowerAlpha",
    }
}
