//! The vertical list: boxes, spaces and penalties that are divided into pages.

use super::frame::{Item, ItemKind, Mark, Rect, TagId};
use super::inline::TypeStyle;
use super::word::TextDirection;
use crate::source::hash::hasher;
use crate::theme::{Color, Pt};
use std::hash::Hasher;
use std::mem;
use std::sync::Arc;

/// An item of the vertical list (TeX). Boxes are behind an `Arc`, so moving items is cheap.
#[derive(Debug, Clone, PartialEq)]
pub enum VItem {
    Box(SharedBox),
    /// Space that is discarded at a page's edges (TeX glue). A page may end at it if it follows a
    /// box.
    Space(Pt),
    /// The cost of ending a page here.
    Penalty(Cost),
    BeginBackground(Box<Background>),
    EndBackground,
}

/// The vertical list of a document, which is divided into pages.
#[derive(Debug, Default)]
pub struct VerticalList {
    pub parts: Vec<ListPart>,
}

/// An item or a shared segment of the list.
#[derive(Debug, Clone)]
pub enum ListPart {
    Item(VItem),
    Shared(SharedItems),
}

/// A range of a list of items that several layouts of a document share.
#[derive(Debug, Clone)]
pub struct SharedItems {
    all: Arc<ItemList>,
    /// The range: `start` is included, `end` is not.
    start: u32,
    end: u32,
    /// Offset of their tag and note ids.
    offsets: IdOffsets,
}

/// The items of a block.
#[derive(Debug, Default)]
pub struct ItemList {
    items: Vec<VItem>,
    /// A hash of everything that affects page breaks, except the heights of notes.
    shape: u64,
    /// Notes referred to.
    notes: Box<[usize]>,
    /// Whether backgrounds start or end in it.
    has_borders: bool,
}

/// The cost of ending a page at an item, in the demerits of [`super::pagebreak`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cost {
    Of(f32),
    Never,
    Always,
}

/// A box of the list. Its content is shared by the layouts of a document.
#[derive(Debug, Clone)]
pub struct SharedBox {
    inner: Arc<VBox>,
    /// Offset of its tag and note ids.
    offsets: IdOffsets,
}

/// The offset of relative tag and note ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IdOffsets {
    pub tag: u32,
    pub note: u32,
}

impl IdOffsets {
    /// The index among all notes of a relative one.
    pub fn note(self, note: usize) -> usize {
        (note as u32).wrapping_add(self.note) as usize
    }

    /// Composes two offsets: `self` is relative to `other`.
    fn after(self, other: IdOffsets) -> IdOffsets {
        IdOffsets { tag: self.tag.wrapping_add(other.tag), note: self.note.wrapping_add(other.note) }
    }

    /// Subtracts `tags` from the tag offset, for content whose tags are relative to another tag.
    pub fn before_tags(self, tags: u32) -> IdOffsets {
        IdOffsets { tag: self.tag.wrapping_sub(tags), ..self }
    }

    fn tag(self, tag: &mut TagId) {
        tag.0 = tag.0.wrapping_add(self.tag);
    }

    /// Makes the ids in a box absolute.
    pub fn restore(self, inner: &mut VBox) {
        if self == IdOffsets::default() {
            return;
        }
        inner.items.iter_mut().for_each(|item| self.item(item));
        if let Some(marks) = &mut inner.marks {
            marks.late.iter_mut().for_each(|late| self.tag(&mut late.tag));
            marks.notes.iter_mut().for_each(|note| *note = self.note(*note));
        }
    }

    fn item(self, item: &mut Item) {
        if let Mark::Content(tag) = &mut item.mark {
            self.tag(tag);
        }
        match &mut item.kind {
            ItemKind::Link(link) => self.tag(&mut link.tag),
            ItemKind::Glyphs(_) | ItemKind::Rectangle { .. } | ItemKind::Line { .. } | ItemKind::Picture { .. } => {}
        }
    }
}

/// A box that is never split.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VBox {
    pub height: Pt,
    /// Positions count from the box's top and the column's left edge.
    pub items: Vec<Item>,
    /// `None` for nearly all boxes.
    marks: Option<Box<BoxExtras>>,
}

/// Rare properties of a box besides its visible items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BoxExtras {
    /// Notes referred to.
    pub notes: Vec<usize>,
    /// Ids of link destinations here.
    pub ids: Vec<String>,
    /// Page numbers to be filled in after pagination.
    pub late: Vec<PendingPageNumber>,
}

/// The page number of an id, set at the end of a line after pagination.
#[derive(Debug, Clone, PartialEq)]
pub struct PendingPageNumber {
    pub id: String,
    pub edge: Pt,
    pub direction: TextDirection,
    pub baseline: Pt,
    /// Position after the words, where the dots may start.
    pub leader: Pt,
    pub type_style: TypeStyle,
    pub tag: TagId,
}

/// Background and bar behind a part of the list, which may span pages.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Background {
    pub x: Pt,
    pub width: Pt,
    pub fill: Option<Color>,
    pub bar: Option<Color>,
    pub bar_side: BarSide,
    /// Padding above the first and below the last line of every part.
    pub pad_top: Pt,
    pub pad_bottom: Pt,
    /// Header repeated at the top of each further page.
    pub repeat: Option<VBox>,
    /// Rule under every part.
    pub rule: Option<(Pt, Color)>,
}

/// A background that is open at the start of a page or a list.
#[derive(Debug, Clone)]
pub struct OpenBackground {
    pub background: Background,
    /// Offset of its tag and note ids.
    pub offsets: IdOffsets,
}

impl OpenBackground {
    /// Whether two look the same on pages with these first tags.
    pub fn is_same(&self, tags: u32, other: &OpenBackground, other_tags: u32) -> bool {
        self.background == other.background
            && (self.background.repeat.is_none()
                || self.offsets.tag.wrapping_sub(tags) == other.offsets.tag.wrapping_sub(other_tags))
    }
}

/// Width of the bar at a panel's side.
const BAR: Pt = 2.5;

/// The side of a panel's bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BarSide {
    #[default]
    Left,
    Right,
}

impl Background {
    /// Height above the text on a page where the background continues.
    pub fn above(&self) -> Pt {
        self.pad_top + self.repeat.as_ref().map_or(0.0, |header| header.height)
    }

    /// The items painted behind a part of this height.
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
        VItem::Box(SharedBox { inner: Arc::new(inner), offsets: IdOffsets::default() })
    }

    /// Adds an offset to the relative ids of the item.
    pub fn counted_from(&self, offsets: IdOffsets) -> VItem {
        match self {
            VItem::Box(shared) => VItem::Box(shared.counted_from(offsets)),
            VItem::BeginBackground(background) => VItem::BeginBackground(Box::new(background.counted_from(offsets))),
            VItem::Space(_) | VItem::Penalty(_) | VItem::EndBackground => self.clone(),
        }
    }

    /// Whether it must be removed from the edges of a list, where it would make an empty page.
    pub fn is_idle(&self) -> bool {
        matches!(self, VItem::Space(_) | VItem::Penalty(_))
    }

    /// Hashes everything that affects page breaks, except the heights of notes.
    fn hash_shape(&self, hasher: &mut impl Hasher) {
        let (kind, lengths) = match self {
            VItem::Box(inner) => (0, [inner.height(), 0.0, 0.0]),
            VItem::Space(space) => (1, [*space, 0.0, 0.0]),
            VItem::Penalty(Cost::Of(cost)) => (2, [*cost, 0.0, 0.0]),
            VItem::Penalty(Cost::Never) => (3, [0.0; 3]),
            VItem::Penalty(Cost::Always) => (4, [0.0; 3]),
            VItem::BeginBackground(background) => (5, [background.pad_top, background.above(), background.pad_bottom]),
            VItem::EndBackground => (6, [0.0; 3]),
        };
        hasher.write_u8(kind);
        lengths.iter().for_each(|length| hasher.write_u32(length.to_bits()));
    }

    /// Absolute indices of the notes it refers to, in a list with an offset.
    fn notes(&self, offsets: IdOffsets) -> impl Iterator<Item = usize> {
        let inner = match self {
            VItem::Box(inner) => Some(inner),
            VItem::Space(_) | VItem::Penalty(_) | VItem::BeginBackground(_) | VItem::EndBackground => None,
        };
        inner.into_iter().flat_map(move |inner| inner.notes(offsets))
    }

    /// Whether a background starts or ends here.
    fn is_border(&self) -> bool {
        matches!(self, VItem::BeginBackground(_) | VItem::EndBackground)
    }

    /// Whether it contains tag ids.
    fn has_tags(&self) -> bool {
        match self {
            VItem::Box(_) => true,
            VItem::BeginBackground(background) => background.repeat.is_some(),
            VItem::Space(_) | VItem::Penalty(_) | VItem::EndBackground => false,
        }
    }
}

impl Background {
    /// Adds an offset to the ids in the repeated header.
    fn counted_from(&self, offsets: IdOffsets) -> Background {
        let mut background = self.clone();
        background.repeat.iter_mut().for_each(|header| offsets.restore(header));
        background
    }
}

impl VerticalList {
    /// Several lists as one.
    pub fn joined(lists: Vec<VerticalList>) -> VerticalList {
        let mut parts = Vec::with_capacity(lists.iter().map(|list| list.parts.len()).sum());
        parts.extend(lists.into_iter().flat_map(|list| list.parts));
        VerticalList { parts }
    }

    /// The items in order, each with its offset.
    pub fn items(&self) -> impl Iterator<Item = (&VItem, IdOffsets)> {
        self.parts.iter().flat_map(ListPart::items)
    }

    /// How many items it has.
    pub fn len(&self) -> usize {
        let length = |part: &ListPart| match part {
            ListPart::Item(_) => 1,
            ListPart::Shared(shared) => shared.items().len(),
        };
        self.parts.iter().map(length).sum()
    }

    /// Notes that it refers to.
    pub fn notes(&self) -> impl Iterator<Item = usize> {
        notes(&self.parts)
    }

    /// Its height without page breaks.
    pub fn height(&self) -> Pt {
        height(self.items().map(|(item, _)| item), &[])
    }

    /// A hash of everything that affects page breaks. `note_height` is the height of a note.
    pub fn shape(&self, note_height: &dyn Fn(usize) -> Pt) -> u64 {
        let mut hasher = hasher(0);
        for part in &self.parts {
            match part {
                ListPart::Item(item) => {
                    item.hash_shape(&mut hasher);
                    item.notes(IdOffsets::default()).for_each(|note| hasher.write_u32(note_height(note).to_bits()));
                }
                ListPart::Shared(SharedItems { all, start, end, offsets }) => {
                    hasher.write_u64(all.shape);
                    hasher.write_u64(u64::from(*start) << 32 | u64::from(*end));
                    for note in &all.notes {
                        hasher.write_u32(note_height(offsets.note(*note)).to_bits());
                    }
                }
            }
        }
        hasher.finish()
    }

    /// Removes items that would make empty pages from its edges.
    pub fn trim(&mut self) {
        while self.parts.pop_if(ListPart::trim_end).is_some() {}
        let leading = self.parts.iter_mut().map(ListPart::trim_start).take_while(|is_idle| *is_idle).count();
        self.parts.drain(..leading);
        // Two forced breaks in a row are one. Shared segments contain none.
        let mut broken = false;
        self.parts.retain(|part| match part {
            ListPart::Item(VItem::Penalty(Cost::Always)) => !mem::replace(&mut broken, true),
            ListPart::Item(VItem::Box(_) | VItem::BeginBackground(_)) | ListPart::Shared(_) => {
                broken = false;
                true
            }
            ListPart::Item(VItem::Penalty(_) | VItem::Space(_) | VItem::EndBackground) => true,
        });
    }

    /// Divides the list from its start.
    pub fn into_cuts(self) -> Cuts {
        Cuts { parts: self.parts.into_iter(), rest: None }
    }
}

impl ListPart {
    /// The items in order, each with its offset.
    pub fn items(&self) -> impl Iterator<Item = (&VItem, IdOffsets)> {
        let (items, offsets) = match self {
            ListPart::Item(item) => (std::slice::from_ref(item), IdOffsets::default()),
            ListPart::Shared(shared) => (shared.items(), shared.offsets),
        };
        items.iter().map(move |item| (item, offsets))
    }

    /// Whether it may contain note calls.
    fn may_call(&self) -> bool {
        match self {
            ListPart::Item(item) => matches!(item, VItem::Box(_)),
            ListPart::Shared(shared) => !shared.all.notes.is_empty(),
        }
    }

    /// Whether backgrounds may start or end in it.
    pub fn may_open(&self) -> bool {
        match self {
            ListPart::Item(item) => item.is_border(),
            ListPart::Shared(shared) => shared.all.has_borders,
        }
    }

    /// Calls `take` for each item, with its offset.
    pub fn each(self, mut take: impl FnMut(VItem, IdOffsets)) {
        match self {
            ListPart::Item(item) => take(item, IdOffsets::default()),
            ListPart::Shared(shared) => {
                shared.items().iter().for_each(|item| take(item.clone(), shared.offsets));
            }
        }
    }

    /// Removes idle items from its end; true if nothing is left.
    fn trim_end(&mut self) -> bool {
        match self {
            ListPart::Item(item) => item.is_idle(),
            ListPart::Shared(shared) => {
                let idle = shared.items().iter().rev().take_while(|item| item.is_idle()).count();
                shared.end -= idle as u32;
                shared.is_empty()
            }
        }
    }

    /// Removes idle items from its start; true if nothing is left.
    fn trim_start(&mut self) -> bool {
        match self {
            ListPart::Item(item) => item.is_idle(),
            ListPart::Shared(shared) => {
                let idle = shared.items().iter().take_while(|item| item.is_idle()).count();
                shared.start += idle as u32;
                shared.is_empty()
            }
        }
    }

    /// Whether two parts look the same on pages with these first tags.
    pub fn is_same(&self, tags: u32, other: &ListPart, other_tags: u32) -> bool {
        match (self, other) {
            (ListPart::Item(VItem::Box(inner)), ListPart::Item(VItem::Box(other))) if inner.is_ornament() => {
                inner.inner == other.inner
            }
            (ListPart::Item(item), ListPart::Item(other)) => item == other && (tags == other_tags || !item.has_tags()),
            (ListPart::Shared(shared), ListPart::Shared(other)) => {
                Arc::ptr_eq(&shared.all, &other.all)
                    && (shared.start, shared.end) == (other.start, other.end)
                    && shared.offsets.tag.wrapping_sub(tags) == other.offsets.tag.wrapping_sub(other_tags)
            }
            (ListPart::Item(_), ListPart::Shared(_)) | (ListPart::Shared(_), ListPart::Item(_)) => false,
        }
    }
}

impl ItemList {
    /// A list to be shared.
    pub fn new(items: Vec<VItem>) -> ItemList {
        let mut hasher = hasher(0);
        items.iter().for_each(|item| item.hash_shape(&mut hasher));
        let notes = items.iter().flat_map(|item| item.notes(IdOffsets::default())).collect();
        let has_borders = items.iter().any(VItem::is_border);
        ItemList { shape: hasher.finish(), notes, has_borders, items }
    }

    /// Whether it has no items.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl SharedItems {
    /// All items of a list, with an offset.
    pub fn new(all: &Arc<ItemList>, offsets: IdOffsets) -> SharedItems {
        SharedItems { all: Arc::clone(all), start: 0, end: all.items.len() as u32, offsets }
    }

    /// The items of the range.
    fn items(&self) -> &[VItem] {
        self.all.items.get(self.start as usize..self.end as usize).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    /// The tag offset.
    pub fn first_tag(&self) -> u32 {
        self.offsets.tag
    }
}

/// A list that is divided from its start.
pub struct Cuts {
    parts: std::vec::IntoIter<ListPart>,
    /// The rest of a shared segment.
    rest: Option<SharedItems>,
}

impl Cuts {
    /// Takes the next `count` items.
    pub fn take(&mut self, mut count: usize) -> Vec<ListPart> {
        let mut taken = Vec::new();
        while count > 0 {
            match self.rest.take().map(ListPart::Shared).or_else(|| self.parts.next()) {
                Some(ListPart::Shared(mut shared)) => {
                    let length = shared.items().len();
                    if length > count {
                        let middle = shared.start + count as u32;
                        self.rest = Some(SharedItems { start: middle, ..shared.clone() });
                        shared.end = middle;
                    }
                    taken.push(ListPart::Shared(shared));
                    count = count.saturating_sub(length);
                }
                Some(item @ ListPart::Item(_)) => {
                    taken.push(item);
                    count -= 1;
                }
                None => break,
            }
        }
        taken
    }
}

impl SharedBox {
    fn counted_from(&self, offsets: IdOffsets) -> SharedBox {
        SharedBox { inner: Arc::clone(&self.inner), offsets: self.offsets.after(offsets) }
    }

    /// Its height.
    pub fn height(&self) -> Pt {
        self.inner.height
    }

    /// Absolute indices of the notes it refers to, in a list with an offset.
    pub fn notes(&self, offsets: IdOffsets) -> impl Iterator<Item = usize> {
        let offsets = self.offsets.after(offsets);
        self.inner.notes().iter().map(move |note| offsets.note(*note))
    }

    /// The box with absolute ids.
    pub fn into_box(self) -> VBox {
        let mut inner = Arc::unwrap_or_clone(self.inner);
        self.offsets.restore(&mut inner);
        inner
    }

    /// The box with absolute ids, in a list with an offset.
    pub fn into_box_from(self, offsets: IdOffsets) -> VBox {
        SharedBox { offsets: self.offsets.after(offsets), ..self }.into_box()
    }

    /// Whether it is only decoration, so that its appearance identifies it.
    fn is_ornament(&self) -> bool {
        let VBox { height: _, items, marks } = &*self.inner;
        marks.is_none() && items.iter().all(|item| item.mark == Mark::Layout && !matches!(item.kind, ItemKind::Link(_)))
    }

    /// Mutable access to the box, before it is shared.
    pub fn make_mut(&mut self) -> &mut VBox {
        Arc::make_mut(&mut self.inner)
    }
}

/// Compares by identity. Comparing the content would take longer than placing it.
impl PartialEq for SharedBox {
    fn eq(&self, other: &SharedBox) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner) && self.offsets == other.offsets
    }
}

impl VBox {
    /// A box with items at their positions.
    pub fn new(height: Pt, items: Vec<Item>) -> VBox {
        VBox { height, items, marks: None }
    }

    /// Notes referred to.
    pub fn notes(&self) -> &[usize] {
        self.marks.as_ref().map_or(&[], |marks| &marks.notes)
    }

    /// The extras of the box, created if there are none.
    pub fn marks(&mut self) -> &mut BoxExtras {
        self.marks.get_or_insert_default()
    }

    /// Adds ids of link destinations.
    pub fn add_ids(&mut self, ids: &[String]) {
        if !ids.is_empty() {
            self.marks().ids.extend_from_slice(ids);
        }
    }

    /// Takes the extras out of the box.
    pub fn take_marks(&mut self) -> Option<BoxExtras> {
        self.marks.take().map(|marks| *marks)
    }

    /// Moves the content of another box at the same position into this one.
    pub fn absorb(&mut self, mut other: VBox) {
        self.items.append(&mut other.items);
        if let Some(mut marks) = other.take_marks() {
            let own = self.marks();
            own.notes.append(&mut marks.notes);
            own.ids.append(&mut marks.ids);
            own.late.append(&mut marks.late);
        }
    }

    /// Moves the content of the box.
    pub fn shift(&mut self, dx: Pt, dy: Pt) {
        for item in &mut self.items {
            shift(item, dx, dy);
        }
        for late in self.marks.iter_mut().flat_map(|marks| &mut marks.late) {
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
        ItemKind::Rectangle { area, .. } | ItemKind::Picture { area, .. } => area.shift(dx, dy),
        ItemKind::Link(link) => link.area.shift(dx, dy),
        ItemKind::Line { from, to, .. } => {
            from.x += dx;
            from.y += dy;
            to.x += dx;
            to.y += dy;
        }
    }
}

/// Absolute indices of the notes that parts of a list refer to.
pub fn notes(parts: &[ListPart]) -> impl Iterator<Item = usize> {
    let items = parts.iter().filter(|part| part.may_call()).flat_map(ListPart::items);
    items.flat_map(|(item, offsets)| item.notes(offsets))
}

/// Height of a list without page breaks; `open` are the backgrounds already open.
pub fn height<'a>(list: impl IntoIterator<Item = &'a VItem>, open: &[OpenBackground]) -> Pt {
    let mut bottoms: Vec<Pt> = open.iter().map(|open| open.background.pad_bottom).collect();
    let items = list.into_iter().map(|item| match item {
        VItem::Box(inner) => inner.height(),
        VItem::Space(space) => *space,
        VItem::BeginBackground(background) => {
            bottoms.push(background.pad_bottom);
            background.pad_top
        }
        VItem::EndBackground => bottoms.pop().unwrap_or_default(),
        VItem::Penalty(_) => 0.0,
    });
    items.sum()
}
