//! Cuts the vertical list into pages and places what is on them.

use super::frame::{Destination, Item, ItemKind, Mark, Page, Rect};
use super::pagebreak::{Room, optimise, space_scale, stops};
use super::shape::TextDirection;
use super::vertical::{Ground, LatePage, VBox, VItem};
use crate::theme::{Color, Pt};
use std::collections::VecDeque;

/// Where text stands on a page.
#[derive(Debug, Clone, Copy)]
pub struct Geometry {
    pub width: Pt,
    pub height: Pt,
    /// The text area.
    pub area: Rect,
    /// How much higher the text of the first page starts: no running head
    /// stands above it.
    pub lift: Pt,
    /// Of the document's language: notes' rules stand where lines start.
    pub direction: TextDirection,
}

/// Notes, set.
pub struct NoteBoxes {
    pub boxes: Vec<VItem>,
    pub height: Pt,
}

impl NoteBoxes {
    /// The notes that this one calls.
    fn calls(&self) -> Vec<usize> {
        let boxes = self.boxes.iter().filter_map(|item| match item {
            VItem::Box(inner) => Some(&inner.notes),
            VItem::Space(_) | VItem::Penalty(_) | VItem::Open(_) | VItem::Close => None,
        });
        boxes.flatten().copied().collect()
    }
}

/// How high each note is with those that it calls, which have later numbers.
/// None counts for more than `cap`.
fn heights(notes: &[Option<NoteBoxes>], cap: Pt) -> Vec<Pt> {
    let mut heights = vec![0.0; notes.len()];
    for (index, note) in notes.iter().enumerate().rev() {
        let Some(note) = note else { continue };
        let called: Pt = note.calls().iter().filter(|call| **call > index).filter_map(|call| heights.get(*call)).sum();
        if let Some(height) = heights.get_mut(index) {
            *height = (note.height + called).min(cap);
        }
    }
    heights
}

/// How many items of notes fit into some room, and how high they are. A page
/// that holds nothing else takes a box of the notes whatever its height. What
/// comes first in a table, a rule or the header once more, does not stand alone
/// at the foot of a page.
fn fitting(list: &[VItem], room: Pt, alone: bool) -> (usize, Pt) {
    let (mut fits, mut height, mut holds_box, mut opening) = (0, 0.0, false, false);
    for (index, item) in list.iter().enumerate() {
        let own = super::vertical::height(std::slice::from_ref(item));
        if height + own > room + 0.1 && (holds_box || !alone) {
            break;
        }
        height += own;
        fits = index + 1;
        holds_box |= matches!(item, VItem::Box(_)) && !opening;
        opening = matches!(item, VItem::Open(ground) if ground.repeat.is_some());
    }
    if holds_box || fits == list.len() { (fits, height) } else { (0, 0.0) }
}

/// What opens the rest of notes that are cut behind `list`: the grounds that are
/// open there, and the headers of their tables.
fn again(list: &[VItem], tallest: Pt) -> Vec<VItem> {
    let mut open: Vec<&Ground> = Vec::new();
    for item in list {
        match item {
            VItem::Open(ground) => open.push(ground),
            VItem::Close => drop(open.pop()),
            VItem::Box(_) | VItem::Space(_) | VItem::Penalty(_) => {}
        }
    }
    let opened = |ground: &Ground| {
        let repeat = ground.repeat.clone().filter(|header| header.height <= tallest);
        let ground = Ground { repeat: repeat.clone(), ..ground.clone() };
        [Some(VItem::Open(Box::new(ground))), repeat.map(VItem::Box)]
    };
    open.into_iter().flat_map(opened).flatten().collect()
}

/// Pages that are filled but for what needs the number of pages.
#[derive(Default)]
pub struct Placed {
    pub pages: Vec<Page>,
    pub destinations: Vec<(String, Destination)>,
    /// By page; places on the page.
    pub late: Vec<(usize, LatePage)>,
}

/// The rule above notes.
const NOTE_RULE_WIDTH: Pt = 72.0;
const NOTE_RULE: Pt = 0.5;
const NOTE_SPACE_ABOVE: Pt = 10.0;
const NOTE_SPACE_BELOW: Pt = 4.0;
/// The largest share of a page that one note counts for; the rest of a longer
/// one goes to the next page.
const LARGEST_NOTE: Pt = 0.4;
/// The largest share of a page that a header may take which is repeated where a
/// table in a note goes on.
const LARGEST_HEADER: Pt = 0.25;

/// Adds pages for a list.
pub fn paginate(
    list: Vec<VItem>,
    geometry: Geometry,
    notes: &mut [Option<NoteBoxes>],
    rule: Color,
    placed: &mut Placed,
) {
    let cap = geometry.area.height * LARGEST_NOTE;
    let heights = heights(notes, cap);
    let stops = stops(&list, &|note| heights.get(note).copied().unwrap_or(0.0));
    let mut items: Vec<Option<VItem>> = list.into_iter().map(Some).collect();
    let mut from: Option<usize> = None;
    let mut start = 0;
    let mut carried: Vec<VItem> = Vec::new();
    let mut open: Vec<Ground> = Vec::new();
    loop {
        let separator = NOTE_SPACE_ABOVE + NOTE_SPACE_BELOW;
        let rest = super::vertical::height(&carried).min(geometry.area.height * 0.8);
        let whole = geometry.area.height + lift(geometry, placed);
        let first = if carried.is_empty() { whole } else { whole - rest - separator };
        let room = Room { height: geometry.area.height, first, note_separator: separator };
        let breaks = optimise(&stops, from, room);
        if breaks.is_empty() {
            break;
        }
        for (number, index) in breaks.into_iter().enumerate() {
            let Some(stop) = stops.get(index) else { break };
            let range = start..stop.end;
            let mut page = PageMaker::new(geometry, placed, rule);
            let height = if number == 0 { room.first } else { room.height };
            page.space_scale = space_scale(from.and_then(|from| stops.get(from)), stop, height, room);
            page.fill(&mut items, range, &mut open, notes, &mut carried);
            page.finish();
            start = stop.next;
            from = Some(index);
            if !carried.is_empty() {
                break;
            }
        }
        let done = from.is_some_and(|from| from + 1 >= stops.len());
        if done {
            break;
        }
    }
    while !carried.is_empty() {
        let before = carried.len();
        let mut page = PageMaker::new(geometry, placed, rule);
        page.fill(&mut items, 0..0, &mut open, notes, &mut carried);
        page.finish();
        if carried.len() >= before {
            break;
        }
    }
}

/// How much higher the next page starts.
fn lift(geometry: Geometry, placed: &Placed) -> Pt {
    if placed.pages.is_empty() { geometry.lift } else { 0.0 }
}

struct PageMaker<'p> {
    geometry: Geometry,
    placed: &'p mut Placed,
    rule: Color,
    grounds: Vec<Vec<Item>>,
    items: Vec<Item>,
    y: Pt,
    /// What spaces are multiplied by.
    space_scale: Pt,
    notes: Vec<usize>,
}

impl<'p> PageMaker<'p> {
    fn new(geometry: Geometry, placed: &'p mut Placed, rule: Color) -> Self {
        let lift = lift(geometry, placed);
        PageMaker {
            geometry,
            placed,
            rule,
            grounds: Vec::new(),
            items: Vec::new(),
            y: geometry.area.y - lift,
            space_scale: 1.0,
            notes: Vec::new(),
        }
    }

    fn fill(
        &mut self,
        items: &mut [Option<VItem>],
        range: std::ops::Range<usize>,
        open: &mut Vec<Ground>,
        notes: &mut [Option<NoteBoxes>],
        carried: &mut Vec<VItem>,
    ) {
        // Grounds that run on from the page before.
        let mut tops: Vec<(usize, Pt)> = Vec::new();
        for index in 0..open.len() {
            tops.push((self.reserve(), self.y));
            if let Some(ground) = open.get(index) {
                self.y += ground.pad_top;
                if let Some(header) = ground.repeat.clone() {
                    self.place(header);
                }
            }
        }
        let mut last_space = 0.0;
        for slot in items.get_mut(range).unwrap_or_default() {
            match slot.take() {
                Some(VItem::Box(inner)) => {
                    self.place(inner);
                    last_space = 0.0;
                }
                Some(VItem::Space(space)) => {
                    let space = space * self.space_scale;
                    self.y += space;
                    last_space = space;
                }
                Some(VItem::Penalty(_)) | None => {}
                Some(VItem::Open(ground)) => {
                    tops.push((self.reserve(), self.y));
                    self.y += ground.pad_top;
                    open.push(*ground);
                }
                Some(VItem::Close) => {
                    if let (Some(ground), Some((slot, top))) = (open.pop(), tops.pop()) {
                        self.y += ground.pad_bottom;
                        self.paint(&ground, slot, top);
                    }
                    last_space = 0.0;
                }
            }
        }
        self.y -= last_space;
        for (ground, (slot, top)) in open.iter().zip(tops).rev() {
            self.y += ground.pad_bottom;
            self.paint(ground, slot, top);
        }
        self.place_notes(notes, carried);
    }

    /// A place in painting order for a ground whose height is not known yet.
    fn reserve(&mut self) -> usize {
        self.grounds.push(Vec::new());
        self.grounds.len() - 1
    }

    fn place(&mut self, mut inner: VBox) {
        let (dx, dy) = (self.geometry.area.x, self.y);
        inner.shift(dx, dy);
        let page = self.placed.pages.len();
        let destination = Destination { page, y: dy };
        self.placed.destinations.extend(inner.ids.drain(..).map(|id| (id, destination)));
        self.placed.late.extend(inner.late.drain(..).map(|late| (page, late)));
        self.notes.append(&mut inner.notes);
        self.items.append(&mut inner.items);
        self.y += inner.height;
    }

    fn paint(&mut self, ground: &Ground, slot: usize, top: Pt) {
        if let Some(place) = self.grounds.get_mut(slot) {
            *place = ground.items(self.geometry.area.x, top, self.y - top);
        }
    }

    /// Notes stand at the foot of the page; what does not fit goes on.
    fn place_notes(&mut self, notes: &mut [Option<NoteBoxes>], carried: &mut Vec<VItem>) {
        let mut list = std::mem::take(carried);
        let mut called: VecDeque<usize> = std::mem::take(&mut self.notes).into();
        while let Some(note) = called.pop_front() {
            if let Some(note) = notes.get_mut(note).and_then(Option::take) {
                called.extend(note.calls());
                list.extend(note.boxes);
            }
        }
        if list.is_empty() {
            return;
        }
        let bottom = self.geometry.area.y + self.geometry.area.height;
        let available = bottom - self.y - NOTE_SPACE_ABOVE - NOTE_SPACE_BELOW;
        let (fits, height) = fitting(&list, available, self.items.is_empty());
        let rest = list.split_off(fits).into_iter();
        let rest = rest.skip_while(|item| matches!(item, VItem::Space(_) | VItem::Penalty(_)));
        let tallest = self.geometry.area.height * LARGEST_HEADER;
        *carried = again(&list, tallest).into_iter().chain(rest).collect();
        if list.is_empty() {
            return;
        }
        self.y = bottom - height;
        let area = self.geometry.area;
        let x = match self.geometry.direction {
            TextDirection::LeftToRight => area.x,
            TextDirection::RightToLeft => area.x + area.width - NOTE_RULE_WIDTH,
        };
        let rule = Rect { x, y: self.y - NOTE_SPACE_BELOW, width: NOTE_RULE_WIDTH, height: NOTE_RULE };
        let kind = ItemKind::Rectangle { area: rule, color: self.rule, radius: 0.0 };
        self.items.push(Item { mark: Mark::Layout, kind });
        for item in list {
            match item {
                VItem::Box(inner) => self.place(inner),
                VItem::Space(space) => self.y += space,
                VItem::Penalty(_) | VItem::Open(_) | VItem::Close => {}
            }
        }
    }

    fn finish(self) {
        let mut items: Vec<Item> = self.grounds.into_iter().flatten().collect();
        items.extend(self.items);
        self.placed.pages.push(Page {
            width: self.geometry.width,
            height: self.geometry.height,
            label: String::new(),
            items,
        });
    }
}
