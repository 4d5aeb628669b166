//! From nodes of the flow to boxes of the vertical list. Every node is set
//! alone, so that nodes can be set in parallel.

use super::code::code;
use super::font::FontIndex;
use super::frame::{Item, ItemKind, Mark, Rect};
use super::grid::table;
use super::lines::{Line, lines};
use super::node::{Keep, Marker, Node, PictureNode, TextNode, Wider};
use super::paragraph::{Anchor, Paragraph};
use super::shape::{Shaper, TextDirection};
use super::vertical::{Cost, LatePage, VBox, VItem, shift};
use crate::source::Span;
use crate::theme::{Alignment, Color, Pt};

/// A line alone at the foot or the head of a page: only where there is no
/// other way.
pub const WIDOW: f32 = 10_000.0;
/// Between two lines of a paragraph: better between paragraphs.
const WITHIN: f32 = 4.0;

/// In the middle of a word.
const AT_HYPHEN: f32 = 60.0;
/// Between words that announce something and what they announce.
const AFTER_COLON: f32 = 200.0;

/// What setting found.
#[derive(Debug, Default, Clone)]
pub struct Findings {
    pub missing: Vec<(char, Option<Span>)>,
    pub overfull: Vec<Option<Span>>,
    /// Tables that are wider than any type allows, and where they would not be.
    pub wide: Vec<(Option<Span>, Wider)>,
}

impl Findings {
    /// Whether there was nothing to find.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.overfull.is_empty() && self.wide.is_empty()
    }

    /// Adds what was found behind it.
    pub fn add(&mut self, found: Findings) {
        self.missing.extend(found.missing);
        self.overfull.extend(found.overfull);
        self.wide.extend(found.wide);
    }
}

/// Sets a node.
pub fn set_node(node: Node, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<VItem>) {
    match node {
        Node::Text(node) => text(&node, shaper, findings, out),
        Node::Space(space) => out.push(VItem::Space(space)),
        Node::Penalty(cost) => out.push(VItem::Penalty(cost)),
        Node::Open(ground) => out.push(VItem::Open(ground)),
        Node::Close => out.push(VItem::Close),
        Node::Code(node) => code(&node, shaper, findings, out),
        Node::Picture(node) => out.push(VItem::new_box(picture(&node, shaper, findings))),
        Node::Table(node) => table(*node, shaper, findings, out),
        Node::Shared(node) => node.set(shaper, findings, out),
        Node::Rule { x, width } => out.push(VItem::new_box(rule(x, width))),
        Node::Strut(height) => out.push(VItem::new_box(VBox { height, ..VBox::default() })),
        Node::Bar { x, width, height, color } => {
            let area = Rect { x, y: 0.0, width, height };
            let kind = ItemKind::Rectangle { area, color, radius: 0.0 };
            let items = vec![Item { mark: Mark::Layout, kind }];
            out.push(VItem::new_box(VBox { height, items, ..VBox::default() }));
            out.push(VItem::Penalty(Cost::Never));
        }
        Node::PageOrientation(_) => {}
    }
}

fn picture(node: &PictureNode, shaper: &mut Shaper, findings: &mut Findings) -> VBox {
    let area = Rect { x: node.x, y: 0.0, width: node.width, height: node.height };
    let mark = node.tag.map_or(Mark::Layout, Mark::Content);
    let kind = ItemKind::Picture { picture: node.picture, area };
    let mut items = Vec::new();
    for marker in &node.markers {
        let baseline = baseline(&marker.paragraph, shaper);
        items.extend(label(marker, baseline, marker.paragraph.leading, shaper, findings));
    }
    items.push(Item { mark, kind });
    VBox { height: node.height, items, ids: node.ids.clone(), ..VBox::default() }
}

/// Sets a label on a line of this baseline and leading.
pub fn label(marker: &Marker, baseline: Pt, leading: Pt, shaper: &mut Shaper, findings: &mut Findings) -> Vec<Item> {
    let set = lines(&marker.paragraph, LABEL_ROOM, shaper);
    findings.missing.extend(set.missing);
    let line = set.lines.into_iter().next();
    line.map_or_else(Vec::new, |line| line_box(line, marker.start(), baseline, leading).items)
}

/// A thematic break is a short line in the middle.
fn rule(x: Pt, width: Pt) -> VBox {
    const LENGTH: Pt = 60.0;
    const WEIGHT: Pt = 0.6;
    const GRAY: Color = Color { red: 128, green: 128, blue: 128 };
    let area = Rect { x: x + (width - LENGTH) / 2.0, y: 0.0, width: LENGTH, height: WEIGHT };
    let kind = ItemKind::Rectangle { area, color: GRAY, radius: 0.0 };
    VBox { height: WEIGHT, items: vec![Item { mark: Mark::Layout, kind }], ..VBox::default() }
}

/// Room that every label fits in: one that is wider than its column reaches
/// out of it, away from the text.
const LABEL_ROOM: Pt = 400.0;

impl Marker {
    /// Where its room begins: at the column's right edge the room ends.
    fn start(&self) -> Pt {
        let at_right = match (self.paragraph.align, self.paragraph.direction) {
            (Alignment::End, TextDirection::LeftToRight) => true,
            (Alignment::End, TextDirection::RightToLeft) => false,
            (_, direction) => direction == TextDirection::RightToLeft,
        };
        if at_right { self.x + self.width - LABEL_ROOM } else { self.x }
    }
}

/// Sets a paragraph.
pub fn text(node: &TextNode, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<VItem>) {
    let set = lines(&node.paragraph, node.width, shaper);
    findings.missing.extend(set.missing);
    let count = set.lines.len();
    let baseline = baseline(&node.paragraph, shaper);
    let mut boxes = set.lines;
    let last_width = boxes.last().map_or(0.0, |line| line.width);
    if boxes.is_empty() && !(node.markers.is_empty() && node.ids.is_empty()) {
        boxes.push(Line::default());
    }
    let mut hyphenated = false;
    for (index, line) in boxes.into_iter().enumerate() {
        let after_hyphen = std::mem::replace(&mut hyphenated, line.hyphenated);
        if line.overfull {
            findings.overfull.push(node.paragraph.runs.first().and_then(|run| run.span));
        }
        let mut inner = line_box(line, node.x, baseline, node.paragraph.leading);
        if index == 0 {
            inner.ids.extend(node.ids.iter().cloned());
            let extra = inner.height - node.paragraph.leading;
            let mut labels = Vec::new();
            for marker in &node.markers {
                labels.extend(label(marker, baseline + extra, node.paragraph.leading, shaper, findings));
            }
            inner.items.splice(0..0, labels);
        } else {
            let alone = index == 1 || index + 1 == count;
            let cost = match node.keep {
                Keep::No if alone => Cost::Of(WIDOW),
                Keep::No if after_hyphen => Cost::Of(AT_HYPHEN),
                Keep::No => Cost::Of(WITHIN),
                Keep::WithNext | Keep::Together => Cost::Never,
            };
            out.push(VItem::Penalty(cost));
        }
        out.push(VItem::new_box(inner));
    }
    if let (Some(late), Some(VItem::Box(last))) = (&node.late, out.last_mut()) {
        last.make_mut().late.push(LatePage {
            id: late.id.clone(),
            edge: late.edge,
            direction: late.direction,
            baseline,
            leader: match late.direction {
                TextDirection::LeftToRight => node.x + last_width,
                TextDirection::RightToLeft => node.x + node.width - last_width,
            },
            look: late.look,
            tag: late.tag,
        });
    }
    if node.keep == Keep::No && node.paragraph.text.ends_with(':') {
        out.push(VItem::Penalty(Cost::Of(AFTER_COLON)));
    }
    if node.keep == Keep::WithNext {
        out.push(VItem::Penalty(Cost::Never));
    }
}

/// Distance from a line's top to its baseline.
pub fn baseline(paragraph: &Paragraph, shaper: &Shaper) -> Pt {
    let (font, size) = paragraph.strut;
    middle(shaper, font, size, paragraph.leading)
}

/// The same for a font: the middle between ascent and descent stands in the
/// middle of the line.
pub fn middle(shaper: &Shaper, font: FontIndex, size: Pt, leading: Pt) -> Pt {
    let metrics = shaper.book().face(font).map(|face| face.metrics()).unwrap_or_default();
    let em = size / f32::from(metrics.units_per_em.max(1));
    let (above, below) = (metrics.ascent * em, -metrics.descent * em);
    (leading + above - below) / 2.0
}

/// A box for a line. Pictures and formulas taller than the line make it taller.
pub fn line_box(line: Line, x: Pt, baseline: Pt, leading: Pt) -> VBox {
    let extra = (line.ascent - baseline).max(0.0);
    let below = (line.descent - (leading - baseline)).max(0.0);
    let mut inner = VBox { height: leading + extra + below, items: line.items, ..VBox::default() };
    for item in &mut inner.items {
        shift(item, x, baseline + extra);
    }
    for anchor in line.anchors {
        match anchor {
            Anchor::Note(note) => inner.notes.push(note),
            Anchor::Id(id) => inner.ids.push(id),
        }
    }
    inner
}
