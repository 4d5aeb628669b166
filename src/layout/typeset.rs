//! Sets nodes of the flow as boxes of the vertical list. Every node is set alone, so that nodes can
//! be set in parallel.

use super::code::set_code;
use super::frame::{Item, ItemKind, Mark, Rect};
use super::grid::set_table;
use super::line_box::{baseline, label, line_box};
use super::lines::{Line, lines};
use super::node::{Findings, Keep, Node, PictureNode, TextNode};
use super::shape::Shaper;
use super::vertical::{Cost, ListPart, PendingPageNumber, VBox, VItem};
use super::word::TextDirection;
use crate::theme::{Color, Pt};

/// A line alone at the foot or the head of a page: only where there is no
/// other way.
pub const WIDOW: f32 = 10_000.0;
/// Between two lines of a paragraph: better between paragraphs.
const WITHIN: f32 = 4.0;

/// Cost of a page break in the middle of a word.
const AT_HYPHEN: f32 = 60.0;
/// Between words that announce something and what they announce.
const AFTER_COLON: f32 = 200.0;

/// Sets a node of the flow. `room` is empty, and is again afterwards.
pub fn set_part(
    node: Node,
    shaper: &mut Shaper,
    findings: &mut Findings,
    room: &mut Vec<VItem>,
    out: &mut Vec<ListPart>,
) {
    match node {
        Node::Shared(node) => node.set(shaper, findings, out),
        node => {
            set_node(node, shaper, findings, room);
            out.extend(room.drain(..).map(ListPart::Item));
        }
    }
}

/// Sets a node, in the flow or in a cell.
pub fn set_node(node: Node, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<VItem>) {
    match node {
        Node::Text(node) => set_text(&node, shaper, findings, out),
        Node::Space(space) => out.push(VItem::Space(space)),
        Node::Penalty(cost) => out.push(VItem::Penalty(cost)),
        Node::BeginBackground(background) => out.push(VItem::BeginBackground(background)),
        Node::EndBackground => out.push(VItem::EndBackground),
        Node::Code(node) => set_code(&node, shaper, findings, out),
        Node::Picture(node) => out.push(VItem::new_box(picture_box(&node, shaper, findings))),
        Node::Table(node) => set_table(*node, shaper, findings, out),
        Node::Shared(node) => {
            let mut parts = Vec::new();
            node.set(shaper, findings, &mut parts);
            for part in parts {
                part.each(|item, offsets| out.push(item.counted_from(offsets)));
            }
        }
        Node::Rule { x, width } => out.push(VItem::new_box(rule_box(x, width))),
        Node::Kern(height) => out.push(VItem::new_box(VBox::new(height, Vec::new()))),
        Node::Bar { x, width, height, color } => {
            let area = Rect { x, y: 0.0, width, height };
            let kind = ItemKind::Rectangle { area, color, radius: 0.0 };
            let items = vec![Item { mark: Mark::Layout, kind }];
            out.push(VItem::new_box(VBox::new(height, items)));
            out.push(VItem::Penalty(Cost::Never));
        }
        Node::PageOrientation(_) => {}
    }
}

fn picture_box(node: &PictureNode, shaper: &mut Shaper, findings: &mut Findings) -> VBox {
    let area = Rect { x: node.x, y: 0.0, width: node.width, height: node.height };
    let mark = node.tag.map_or(Mark::Layout, Mark::Content);
    let kind = ItemKind::Picture { picture: node.picture, area };
    let mut items = Vec::new();
    for marker in &node.markers {
        let baseline = baseline(&marker.paragraph, shaper);
        items.extend(label(marker, baseline, marker.paragraph.leading, shaper, findings));
    }
    items.push(Item { mark, kind });
    let mut inner = VBox::new(node.height, items);
    inner.add_ids(&node.ids);
    inner
}

/// A thematic break is a short line in the middle.
fn rule_box(x: Pt, width: Pt) -> VBox {
    const LENGTH: Pt = 60.0;
    const WEIGHT: Pt = 0.6;
    const GRAY: Color = Color { red: 128, green: 128, blue: 128 };
    let area = Rect { x: x + (width - LENGTH) / 2.0, y: 0.0, width: LENGTH, height: WEIGHT };
    let kind = ItemKind::Rectangle { area, color: GRAY, radius: 0.0 };
    VBox::new(WEIGHT, vec![Item { mark: Mark::Layout, kind }])
}

/// Sets a paragraph.
pub fn set_text(node: &TextNode, shaper: &mut Shaper, findings: &mut Findings, out: &mut Vec<VItem>) {
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
            inner.add_ids(&node.ids);
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
        last.make_mut().marks().late.push(PendingPageNumber {
            id: late.id.clone(),
            edge: late.edge,
            direction: late.direction,
            baseline,
            leader: match late.direction {
                TextDirection::LeftToRight => node.x + last_width,
                TextDirection::RightToLeft => node.x + node.width - last_width,
            },
            type_style: late.type_style,
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
