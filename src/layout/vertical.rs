//! The vertical list: boxes, spaces and penalties from which pages are cut.

use super::frame::{Item, ItemKind, Mark, Rect, TagId};
use super::inline::TypeStyle;
use super::word::TextDirection;
use crate::theme::{Color, Pt};
use std::sync::Arc;

/// Something in the vertical list, which is long and handed on: boxes are not moved with it.
#[derive(Debug, Clone, PartialEq)]
pub enum VItem {
    Box(SharedBox),
    /// Space that vanishes at a page's edges; a page may end at it where it
    /// follows a box.
    Space(Pt),
    /// What it costs to end a page here.
    Penalty(Cost),
    Open(Box<Background>),
    Close,
}

/// What it costs to end a page at a place, in units of [`super::page`]'s
/// demerits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cost {
    Of(f32),
    Never,
    Always,
}

/// A box of the list. Layouts of a document share what stands in it.
#[derive(Debug, Clone)]
pub struct SharedBox {
    inner: Arc<VBox>,
    /// From where it counts tags and notes.
    origin: Origin,
}

/// From where tags and notes are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Origin {
    pub tag: u32,
    pub note: usize,
}

impl Origin {
    /// The place among all notes of one that is counted from here.
    pub fn note(self, note: usize) -> usize {
        note.wrapping_add(self.note)
    }

    fn tag(self, tag: &mut TagId) {
        tag.0 = tag.0.wrapping_add(self.tag);
    }

    /// Counts what stands in a box from the document's beginning again.
    pub fn restore(self, inner: &mut VBox) {
        if self == Origin::default() {
            return;
        }
        inner.items.iter_mut().for_each(|item| self.item(item));
        inner.late.iter_mut().for_each(|late| self.tag(&mut late.tag));
        inner.notes.iter_mut().for_each(|note| *note = self.note(*note));
    }

    fn item(self, item: &mut Item) {
        if let Mark::Content(tag) = &mut item.mark {
            self.tag(tag);
        }
        match &mut item.kind {
            ItemKind::Link { tag, .. } => self.tag(tag),
            ItemKind::Glyphs(_) | ItemKind::Rectangle { .. } | ItemKind::Line { .. } | ItemKind::Picture { .. } => {}
        }
    }
}

/// A box that is never split.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VBox {
    pub height: Pt,
    /// From the box's top and the column's left edge.
    pub items: Vec<Item>,
    /// Notes referred to.
    pub notes: Vec<usize>,
    /// Ids of this place.
    pub ids: Vec<String>,
    /// Page numbers that are not known yet.
    pub late: Vec<LatePage>,
}

/// The number of the page that an id stands on, to be set where lines end
/// when pages are known.
#[derive(Debug, Clone, PartialEq)]
pub struct LatePage {
    pub id: String,
    pub edge: Pt,
    pub direction: TextDirection,
    pub baseline: Pt,
    /// Where the words end and the dots may start.
    pub leader: Pt,
    pub type_style: TypeStyle,
    pub tag: TagId,
}

/// Background and bar behind a part of the list, which may run over pages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Background {
    pub x: Pt,
    pub width: Pt,
    pub fill: Option<Color>,
    pub bar: Option<Color>,
    pub bar_side: BarSide,
    /// Room above the first and below the last line of every part.
    pub pad_top: Pt,
    pub pad_bottom: Pt,
    /// Shown again at the top of each further page.
    pub repeat: Option<VBox>,
    /// A stroke under every part.
    pub rule: Option<(Pt, Color)>,
}

/// Width of the bar at a panel's side.
const BAR: Pt = 2.5;

/// Where a panel's bar stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BarSide {
    #[default]
    Left,
    Right,
}

impl Background {
    /// Height of what stands above the text where the background runs on.
    pub fn above(&self) -> Pt {
        self.pad_top + self.repeat.as_ref().map_or(0.0, |header| header.height)
    }

    /// What is painted behind a part of this height.
    pub fn items(&self, x: Pt, top: Pt, height: Pt) -> Vec<Item> {
        let area = Rect { x: x + self.x, y: top, width: self.width, height };
        let rectangle =
            |area, color| Item { mark: Mark::Layout, kind: ItemKind::Rectangle { area, color, radius: 0.0 } };
        let fill = self.fill.map(|color| rectangle(area, color));
        let bar_x = match self.bar_side {
            BarSide::Left => area.x,
            BarSide::Right => area.x + area.width - BAR,
        };
        let bar = self.bar.map(|color| rectangle(Rect { x: bar_x, width: BAR, ..area }, color));
        let rule = self
            .rule
            .map(|(width, color)| rectangle(Rect { y: top + height - width / 2.0, height: width, ..area }, color));
        [fill, bar, rule].into_iter().flatten().collect()
    }
}

impl VItem {
    /// A box that is not shared yet.
    pub fn new_box(inner: VBox) -> VItem {
        VItem::Box(SharedBox { inner: Arc::new(inner), origin: Origin::default() })
    }

    /// The same in a list that counts from somewhere else.
    pub fn counted_from(&self, origin: Origin) -> VItem {
        match self {
            VItem::Box(shared) => VItem::Box(SharedBox { inner: Arc::clone(&shared.inner), origin }),
            VItem::Open(background) => {
                let mut background = background.clone();
                background.repeat.iter_mut().for_each(|header| origin.restore(header));
                VItem::Open(background)
            }
            VItem::Space(_) | VItem::Penalty(_) | VItem::Close => self.clone(),
        }
    }
}

impl SharedBox {
    /// How high it is.
    pub fn height(&self) -> Pt {
        self.inner.height
    }

    /// Notes referred to, counted from the document's first.
    pub fn notes(&self) -> impl Iterator<Item = usize> {
        self.inner.notes.iter().map(|note| self.origin.note(*note))
    }

    /// The box itself, counted from the document's beginning.
    pub fn into_box(self) -> VBox {
        let mut inner = Arc::unwrap_or_clone(self.inner);
        self.origin.restore(&mut inner);
        inner
    }

    /// The box itself, before it is shared.
    pub fn make_mut(&mut self) -> &mut VBox {
        Arc::make_mut(&mut self.inner)
    }
}

/// Boxes are equal that are the same one: to compare what stands in them would take longer than
/// to place it.
impl PartialEq for SharedBox {
    fn eq(&self, other: &SharedBox) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) && self.origin == other.origin
    }
}

impl VBox {
    /// Moves what is in the box.
    pub fn shift(&mut self, dx: Pt, dy: Pt) {
        for item in &mut self.items {
            shift(item, dx, dy);
        }
        for late in &mut self.late {
            late.edge += dx;
            late.leader += dx;
            late.baseline += dy;
        }
    }
}

/// Moves an item.
pub fn shift(item: &mut Item, dx: Pt, dy: Pt) {
    match &mut item.kind {
        ItemKind::Glyphs(run) => {
            run.origin.x += dx;
            run.origin.y += dy;
        }
        ItemKind::Rectangle { area, .. } | ItemKind::Picture { area, .. } | ItemKind::Link { area, .. } => {
            area.x += dx;
            area.y += dy;
        }
        ItemKind::Line { from, to, .. } => {
            from.x += dx;
            from.y += dy;
            to.x += dx;
            to.y += dy;
        }
    }
}

/// Height of a list that is not broken, where backgrounds are open already.
pub fn height<'a>(list: impl IntoIterator<Item = &'a VItem>, open: &[Background]) -> Pt {
    let mut bottoms: Vec<Pt> = open.iter().map(|background| background.pad_bottom).collect();
    let items = list.into_iter().map(|item| match item {
        VItem::Box(inner) => inner.height(),
        VItem::Space(space) => *space,
        VItem::Open(background) => {
            bottoms.push(background.pad_bottom);
            background.pad_top
        }
        VItem::Close => bottoms.pop().unwrap_or_default(),
        VItem::Penalty(_) => 0.0,
    });
    items.sum()
}
