//! Divides the vertical list into pages and places their content.

use super::frame::{Destination, Item, ItemKind, Mark, Page, PlacedPage, Rect};
use super::pagebreak::{PageBreakPoint, PageBreaks, PageHeights, space_scale, stops};
use super::vertical::{
    self, Background, IdOffsets, ListPart, OpenBackground, PendingPageNumber, VBox, VItem, VerticalList,
};
use super::word::TextDirection;
use crate::theme::{Color, Pt};
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// Position of the text on a page.
#[derive(Debug, Clone, Copy)]
pub struct Geometry {
    pub width: Pt,
    pub height: Pt,
    /// The text area.
    pub area: Rect,
    /// How much higher the text of the first page starts, because it has no running head.
    pub lift: Pt,
    /// Direction of the document's language: the rule above notes starts where lines start.
    pub direction: TextDirection,
}

/// The boxes of a note.
pub struct NoteBoxes {
    pub boxes: VerticalList,
    pub height: Pt,
}

impl NoteBoxes {
    /// The notes that this one calls.
    fn calls(&self) -> Vec<usize> {
        self.boxes.notes().collect()
    }
}

/// The height of each note including the notes that it calls, which have later numbers, limited to
/// `cap`.
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

/// Notes that do not fit on the page that calls them and continue on the next.
#[derive(Default)]
struct CarriedNotes {
    list: VecDeque<VItem>,
    /// Backgrounds that are open before the list.
    open: Vec<OpenBackground>,
}

impl CarriedNotes {
    fn height(&self) -> Pt {
        self.above() + vertical::height(&self.list, &self.open)
    }

    /// Height above the list: padding and repeated headers.
    fn above(&self) -> Pt {
        self.open.iter().map(|open| open.background.above()).sum()
    }

    /// The last break of the list before which everything fits into `room`. `None` if nothing fits,
    /// unless the page is otherwise empty (`alone`): then the first break is taken.
    fn cut(&mut self, room: Pt, alone: bool) -> Option<PageBreakPoint> {
        let room = room - self.above() + ROUNDING;
        // There may be very many notes. Those after the end of the room do not matter.
        let list = self.list.make_contiguous();
        let (mut near, mut height) = (0, 0.0);
        while let Some(item) = list.get(near).filter(|_| near == 0 || height <= room) {
            height += vertical::height([item], &[]);
            near += 1;
        }
        let near_items = list.iter().take(near).map(|item| (item, IdOffsets::default()));
        let mut stops = stops((near_items, near), &self.open, &|_| 0.0);
        // The last break is the end of the list, or of the searched part.
        let end = stops.pop()?;
        if near == list.len() && end.height() <= room {
            return Some(end);
        }
        stops.retain(|stop| stop.end > 0);
        let fits = stops.iter().rev().find(|stop| stop.height() <= room);
        fits.or(alone.then_some(stops.first().unwrap_or(&end))).copied()
    }
}

/// Pages that are complete except for page references.
#[derive(Default)]
pub struct Placed {
    pub pages: Vec<PlacedPage>,
    pub destinations: Vec<(String, Destination)>,
    /// Pending page numbers by page. Positions and tags are relative to the page.
    pub late: Vec<(usize, PendingPageNumber)>,
}

/// The rule above notes.
const NOTE_RULE_WIDTH: Pt = 72.0;
const NOTE_RULE: Pt = 0.5;
const NOTE_SPACE_ABOVE: Pt = 10.0;
const NOTE_SPACE_BELOW: Pt = 4.0;
/// Maximum share of a page that one note counts for. The rest of a longer note goes to the next
/// page.
const LARGEST_NOTE: Pt = 0.4;
/// Maximum share of a page for a header that is repeated when a table in a note continues.
const LARGEST_HEADER: Pt = 0.25;
/// Maximum share of a page reserved for notes from the previous page.
const LARGEST_REST: Pt = 0.8;
/// Tolerance for rounding of heights, in points.
const ROUNDING: Pt = 0.1;

/// Adds pages for a list. `known` are the cached pages, replaced by the new ones.
pub fn paginate(
    list: VerticalList,
    geometry: Geometry,
    notes: &mut [Option<NoteBoxes>],
    rule: Color,
    placed: &mut Placed,
    mut known: Option<&mut CachedPages>,
) {
    let cap = geometry.area.height * LARGEST_NOTE;
    let heights = heights(notes, cap);
    let note_height = |note: usize| heights.get(note).copied().unwrap_or(0.0);
    let find_stops = || stops((list.items(), list.len()), &[], &note_height);
    let shape = known.as_ref().map(|_| list.shape(&note_height));
    let mut breaks = match (&mut known, shape) {
        (Some(known), Some(shape)) => known.take_breaks(shape, find_stops),
        _ => PageBreaks::new(find_stops()),
    };
    let mut list = list.into_cuts();
    let mut from: Option<usize> = None;
    let mut start = 0;
    let mut carried = CarriedNotes::default();
    let mut open: Vec<OpenBackground> = Vec::new();
    loop {
        let separator = NOTE_SPACE_ABOVE + NOTE_SPACE_BELOW;
        let rest = carried.height().min(geometry.area.height * LARGEST_REST);
        let whole = geometry.area.height + lift(geometry, placed);
        let first = if carried.list.is_empty() { whole } else { whole - rest - separator };
        let room = PageHeights { height: geometry.area.height, first, note_separator: separator };
        let (stops, ends) = breaks.after(from, room);
        if ends.is_empty() {
            break;
        }
        for (number, index) in ends.iter().copied().enumerate() {
            let Some(stop) = stops.get(index) else { break };
            let height = if number == 0 { room.first } else { room.height };
            let content = PageContent {
                size: (geometry.width, geometry.height),
                is_lifted: lift(geometry, placed) > 0.0,
                open: open.clone(),
                list: list.take(stop.end - start),
                notes: Vec::new(),
                space_scale: space_scale(from.and_then(|from| stops.get(from)), stop, height, room),
            };
            drop(list.take(stop.next - stop.end));
            let mut page = PageMaker::new(geometry, placed, rule);
            (page.space_scale, page.first_tag) = (content.space_scale, content.first_tag());
            match known.as_deref_mut().filter(|_| carried.list.is_empty()) {
                Some(known) => page.remember(content, &mut open, (notes, &mut carried), known),
                None => {
                    page.fill(content.list, &mut open, notes, &mut carried);
                    page.finish();
                }
            }
            start = stop.next;
            from = Some(index);
            if !carried.list.is_empty() {
                break;
            }
        }
        let done = from.is_some_and(|from| from + 1 >= stops.len());
        if done {
            break;
        }
    }
    if let (Some(known), Some(shape)) = (known, shape) {
        known.breaks_now.push_back((shape, breaks));
    }
    while !carried.list.is_empty() {
        let before = carried.list.len();
        let mut page = PageMaker::new(geometry, placed, rule);
        page.fill(Vec::new(), &mut open, notes, &mut carried);
        page.finish();
        if carried.list.len() >= before {
            break;
        }
    }
}

/// The content that determines a page, unless the page starts with the rest of a note.
#[derive(Debug)]
struct PageContent {
    /// Width and height.
    size: (Pt, Pt),
    /// Whether its text starts higher than on other pages.
    is_lifted: bool,
    /// Backgrounds that continue from the previous page.
    open: Vec<OpenBackground>,
    list: Vec<ListPart>,
    /// Boxes of the notes that it calls.
    notes: Vec<ListPart>,
    /// Factor for spaces.
    space_scale: Pt,
}

impl PageContent {
    /// The tag that the page's tags are relative to: that of the first shared segment.
    fn first_tag(&self) -> u32 {
        let shared = self.list.iter().find_map(|part| match part {
            ListPart::Shared(shared) => Some(shared.first_tag()),
            ListPart::Item(_) => None,
        });
        shared.unwrap_or_default()
    }

    /// Whether both give the same page.
    fn is_same(&self, other: &PageContent) -> bool {
        let (tags, other_tags) = (self.first_tag(), other.first_tag());
        let is_same_part = |(part, other): (&ListPart, &ListPart)| part.is_same(tags, other, other_tags);
        let is_same_list = |list: &[ListPart], other: &[ListPart]| {
            list.len() == other.len() && list.iter().zip(other).all(is_same_part)
        };
        (self.size, self.is_lifted, self.space_scale) == (other.size, other.is_lifted, other.space_scale)
            && is_same_list(&self.list, &other.list)
            && is_same_list(&self.notes, &other.notes)
            && self.open.len() == other.open.len()
            && self.open.iter().zip(&other.open).all(|(open, other)| open.is_same(tags, other, other_tags))
    }

    /// The notes called on the page, in the order at its foot.
    fn called(&self, notes: &[Option<NoteBoxes>]) -> Vec<usize> {
        let headers = self.open.iter().filter_map(|open| Some((open.background.repeat.as_ref()?, open.offsets)));
        let mut called: BTreeSet<usize> =
            headers.flat_map(|(header, offsets)| header.notes().iter().map(move |note| offsets.note(*note))).collect();
        called.extend(vertical::notes(&self.list));
        let mut placed = Vec::new();
        while let Some(number) = called.pop_first() {
            if let Some(Some(note)) = notes.get(number).filter(|_| !placed.contains(&number)) {
                called.extend(note.calls());
                placed.push(number);
            }
        }
        placed
    }
}

/// The pages of the last layout. A page with the same content is reused.
#[derive(Debug, Default)]
pub struct CachedPages {
    /// Pages of the previous layout, by number (`before`), and of the current one (`now`).
    before: Vec<Option<CachedPage>>,
    now: Vec<Option<CachedPage>>,
    /// How many pages the last reused page has moved towards the end, or towards the start.
    moved: (usize, usize),
    /// Page breaks of each list, with its shape, in the previous and the current layout.
    breaks_before: VecDeque<(u64, PageBreaks)>,
    breaks_now: VecDeque<(u64, PageBreaks)>,
}

#[derive(Debug)]
struct CachedPage {
    content: PageContent,
    page: Arc<Page>,
    /// Ids on it, with their distance from its upper edge.
    destinations: Vec<(String, Pt)>,
    /// Its pending page numbers.
    late: Vec<PendingPageNumber>,
}

impl CachedPages {
    /// Ends a layout: its pages become the previous ones.
    pub fn finish(&mut self) {
        self.before = std::mem::take(&mut self.now);
        self.breaks_before = std::mem::take(&mut self.breaks_now);
        self.moved = (0, 0);
    }

    /// The cached breaks of the next list if it has this shape, or else new ones.
    fn take_breaks(&mut self, shape: u64, find_stops: impl FnOnce() -> Vec<PageBreakPoint>) -> PageBreaks {
        let known = self.breaks_before.pop_front().filter(|(known, _)| *known == shape);
        known.map_or_else(|| PageBreaks::new(find_stops()), |(_, breaks)| breaks)
    }

    /// The cached page with this content, searched at this number and its neighbours.
    fn take(&mut self, number: usize, content: &PageContent) -> Option<CachedPage> {
        let (later, earlier) = self.moved;
        let moves = [(later, earlier), (later + 1, earlier), (later, earlier + 1)];
        moves.into_iter().find_map(|(later, earlier)| {
            let place = (number + earlier).checked_sub(later)?;
            let known = self.before.get_mut(place)?.take_if(|known| known.content.is_same(content))?;
            self.moved = (later.saturating_sub(earlier), earlier.saturating_sub(later));
            Some(known)
        })
    }

    fn keep(&mut self, number: usize, page: CachedPage) {
        // Skipped pages leave gaps.
        self.now.resize_with(number, || None);
        self.now.push(Some(page));
    }
}

/// How much higher the next page starts, if it is the first.
fn lift(geometry: Geometry, placed: &Placed) -> Pt {
    if placed.pages.is_empty() { geometry.lift } else { 0.0 }
}

struct PageMaker<'p> {
    geometry: Geometry,
    placed: &'p mut Placed,
    rule: Color,
    backgrounds: Vec<Vec<Item>>,
    items: Vec<Item>,
    y: Pt,
    /// Factor for spaces.
    space_scale: Pt,
    notes: Vec<usize>,
    /// The tag that the page's tags are relative to.
    first_tag: u32,
}

/// State of placing a list.
struct Flowing<'o> {
    open: &'o mut Vec<OpenBackground>,
    /// For each open background: its index in painting order, and its top.
    tops: Vec<(usize, Pt)>,
    /// The space after the last box.
    last_space: Pt,
}

impl<'p> PageMaker<'p> {
    fn new(geometry: Geometry, placed: &'p mut Placed, rule: Color) -> Self {
        let lift = lift(geometry, placed);
        PageMaker {
            geometry,
            placed,
            rule,
            backgrounds: Vec::new(),
            items: Vec::new(),
            y: geometry.area.y - lift,
            space_scale: 1.0,
            notes: Vec::new(),
            first_tag: 0,
        }
    }

    fn fill(
        &mut self,
        list: Vec<ListPart>,
        open: &mut Vec<OpenBackground>,
        notes: &mut [Option<NoteBoxes>],
        carried: &mut CarriedNotes,
    ) {
        self.flow(list.into_iter(), open);
        self.place_notes(notes, carried);
    }

    /// Adds a page that does not start with the rest of a note, from the cache if possible.
    fn remember(
        mut self,
        mut content: PageContent,
        open: &mut Vec<OpenBackground>,
        (notes, carried): (&mut [Option<NoteBoxes>], &mut CarriedNotes),
        known: &mut CachedPages,
    ) {
        let number = self.placed.pages.len();
        let called = content.called(notes);
        let boxes = called.iter().filter_map(|note| notes.get(*note)?.as_ref());
        content.notes = boxes.flat_map(|note| note.boxes.parts.iter().cloned()).collect();
        if let Some(page) = known.take(number, &content) {
            let at = |(id, y): &(String, Pt)| (id.clone(), Destination { page: number, y: *y });
            self.placed.destinations.extend(page.destinations.iter().map(at));
            self.placed.late.extend(page.late.iter().map(|late| (number, late.clone())));
            self.placed.pages.push(PlacedPage { content: Arc::clone(&page.page), first_tag: self.first_tag });
            for (item, offsets) in content.list.iter().filter(|part| part.may_open()).flat_map(ListPart::items) {
                match item {
                    VItem::BeginBackground(background) => {
                        open.push(OpenBackground { background: Background::clone(background), offsets });
                    }
                    VItem::EndBackground => drop(open.pop()),
                    VItem::Box(_) | VItem::Space(_) | VItem::Penalty(_) => {}
                }
            }
            for number in called {
                notes.get_mut(number).map(Option::take);
            }
            known.keep(number, page);
            return;
        }
        let (first, first_late) = (self.placed.destinations.len(), self.placed.late.len());
        self.fill(content.list.clone(), open, notes, carried);
        let added = self.placed.destinations.get(first..).unwrap_or_default();
        let destinations = added.iter().map(|(id, place)| (id.clone(), place.y)).collect();
        let late = self.placed.late.get(first_late..).unwrap_or_default();
        let late = late.iter().map(|(_, late)| late.clone()).collect();
        let page = self.finish();
        if carried.list.is_empty() {
            known.keep(number, CachedPage { content, page, destinations, late });
        }
    }

    /// Places a list. `open` are the backgrounds that continue from the previous page, and
    /// afterwards those that continue on the next.
    fn flow(&mut self, list: impl Iterator<Item = ListPart>, open: &mut Vec<OpenBackground>) {
        let mut tops: Vec<(usize, Pt)> = Vec::new();
        for OpenBackground { background, offsets } in open.iter() {
            tops.push((self.reserve(), self.y));
            self.y += background.pad_top;
            if let Some(mut header) = background.repeat.clone() {
                offsets.before_tags(self.first_tag).restore(&mut header);
                self.place(header);
            }
        }
        let mut flowing = Flowing { open, tops, last_space: 0.0 };
        for part in list {
            part.each(|item, offsets| self.flow_item(item, offsets, &mut flowing));
        }
        let Flowing { open, tops, last_space } = flowing;
        self.y -= last_space;
        for (OpenBackground { background, .. }, (slot, top)) in open.iter().zip(tops).rev() {
            self.y += background.pad_bottom;
            self.paint(background, slot, top);
        }
    }

    fn flow_item(&mut self, item: VItem, offsets: IdOffsets, flowing: &mut Flowing) {
        match item {
            VItem::Box(inner) => {
                self.place(inner.into_box_from(offsets.before_tags(self.first_tag)));
                flowing.last_space = 0.0;
            }
            VItem::Space(space) => {
                let space = space * self.space_scale;
                self.y += space;
                flowing.last_space = space;
            }
            VItem::Penalty(_) => {}
            VItem::BeginBackground(background) => {
                flowing.tops.push((self.reserve(), self.y));
                self.y += background.pad_top;
                flowing.open.push(OpenBackground { background: *background, offsets });
            }
            VItem::EndBackground => {
                if let (Some(open), Some((slot, top))) = (flowing.open.pop(), flowing.tops.pop()) {
                    self.y += open.background.pad_bottom;
                    self.paint(&open.background, slot, top);
                }
                flowing.last_space = 0.0;
            }
        }
    }

    /// Reserves a position in painting order for a background whose height is not known yet.
    fn reserve(&mut self) -> usize {
        self.backgrounds.push(Vec::new());
        self.backgrounds.len() - 1
    }

    fn place(&mut self, mut inner: VBox) {
        let (dx, dy) = (self.geometry.area.x, self.y);
        inner.shift(dx, dy);
        let page = self.placed.pages.len();
        let destination = Destination { page, y: dy };
        if let Some(marks) = inner.take_marks() {
            self.placed.destinations.extend(marks.ids.into_iter().map(|id| (id, destination)));
            self.placed.late.extend(marks.late.into_iter().map(|late| (page, late)));
            self.notes.extend(marks.notes);
        }
        self.items.append(&mut inner.items);
        self.y += inner.height;
    }

    fn paint(&mut self, background: &Background, slot: usize, top: Pt) {
        if let Some(place) = self.backgrounds.get_mut(slot) {
            *place = background.items(self.geometry.area.x, top, self.y - top);
        }
    }

    /// Places notes at the foot of the page. Those that do not fit are carried over.
    fn place_notes(&mut self, notes: &mut [Option<NoteBoxes>], carried: &mut CarriedNotes) {
        // In the order of their numbers: notes called by a note come before the next ones of the
        // text.
        let mut called: BTreeSet<usize> = std::mem::take(&mut self.notes).into_iter().collect();
        while let Some(note) = called.pop_first() {
            if let Some(note) = notes.get_mut(note).and_then(Option::take) {
                called.extend(note.calls());
                for part in note.boxes.parts {
                    part.each(|item, offsets| carried.list.push_back(item.counted_from(offsets)));
                }
            }
        }
        if carried.list.is_empty() {
            return;
        }
        let bottom = self.geometry.area.y + self.geometry.area.height;
        let available = bottom - self.y - NOTE_SPACE_ABOVE - NOTE_SPACE_BELOW;
        let Some(cut) = carried.cut(available, self.items.is_empty()) else { return };
        self.y = bottom - carried.above() - cut.height();
        let area = self.geometry.area;
        let x = match self.geometry.direction {
            TextDirection::LeftToRight => area.x,
            TextDirection::RightToLeft => area.x + area.width - NOTE_RULE_WIDTH,
        };
        let rule = Rect { x, y: self.y - NOTE_SPACE_BELOW, width: NOTE_RULE_WIDTH, height: NOTE_RULE };
        let kind = ItemKind::Rectangle { area: rule, color: self.rule, radius: 0.0 };
        self.items.push(Item { mark: Mark::Layout, kind });
        self.space_scale = 1.0;
        self.flow(carried.list.drain(..cut.end).map(ListPart::Item), &mut carried.open);
        carried.list.drain(..cut.next - cut.end);
        let tallest = self.geometry.area.height * LARGEST_HEADER;
        for OpenBackground { background, .. } in &mut carried.open {
            background.repeat = background.repeat.take().filter(|header| header.height <= tallest);
        }
    }

    fn finish(self) -> Arc<Page> {
        let mut items: Vec<Item> = self.backgrounds.into_iter().flatten().collect();
        items.extend(self.items);
        let Geometry { width, height, .. } = self.geometry;
        let page = Arc::new(Page { width, height, label: String::new(), items });
        self.placed.pages.push(PlacedPage { content: Arc::clone(&page), first_tag: self.first_tag });
        page
    }
}

#[cfg(test)]
mod tests {
    use super::super::vertical::{Cost, ItemList, SharedItems};
    use super::*;

    const LINE: Pt = 10.0;

    fn line(notes: &[usize]) -> VItem {
        let mut inner = VBox::new(LINE, Vec::new());
        if !notes.is_empty() {
            inner.marks().notes.extend(notes);
        }
        VItem::new_box(inner)
    }

    fn lines(count: usize) -> impl Iterator<Item = VItem> {
        (0..count).flat_map(|_| [line(&[]), VItem::Space(0.0)])
    }

    fn list(items: Vec<VItem>) -> VerticalList {
        VerticalList { parts: items.into_iter().map(ListPart::Item).collect() }
    }

    /// Pages of a line that calls a note; each with its filled rectangles, as
    /// their tops and heights.
    fn pages(note: Vec<VItem>, height: Pt) -> Vec<Vec<(Pt, Pt)>> {
        let area = Rect { x: 0.0, y: 0.0, width: 100.0, height };
        let direction = TextDirection::LeftToRight;
        let geometry = Geometry { width: 100.0, height, area, lift: 0.0, direction };
        let mut notes = [Some(NoteBoxes { height: vertical::height(&note, &[]), boxes: list(note) })];
        let mut placed = Placed::default();
        paginate(list(vec![line(&[0])]), geometry, &mut notes, Color::default(), &mut placed, None);
        let areas = |page: &PlacedPage| -> Vec<(Pt, Pt)> {
            let rectangles = page.items.iter().filter_map(|item| match &item.kind {
                ItemKind::Rectangle { area, .. } if area.height > NOTE_RULE => Some((area.y, area.height)),
                _ => None,
            });
            rectangles.collect()
        };
        placed.pages.iter().map(areas).collect()
    }

    fn panel(background: Background, inside: impl Iterator<Item = VItem>) -> Vec<VItem> {
        std::iter::once(VItem::BeginBackground(Box::new(background)))
            .chain(inside)
            .chain([VItem::EndBackground])
            .collect()
    }

    fn tinted() -> Background {
        Background {
            width: 100.0,
            fill: Some(Color::default()),
            pad_top: 3.0,
            pad_bottom: 4.0,
            ..Background::default()
        }
    }

    /// Each block on a page of its own.
    fn pages_of(blocks: &[&Arc<ItemList>], known: &mut CachedPages) -> Vec<PlacedPage> {
        let mut list = VerticalList::default();
        for block in blocks {
            list.parts.push(ListPart::Shared(SharedItems::new(block, IdOffsets::default())));
            list.parts.push(ListPart::Item(VItem::Penalty(Cost::Always)));
        }
        list.parts.pop();
        let area = Rect { x: 0.0, y: 0.0, width: 100.0, height: 100.0 };
        let direction = TextDirection::LeftToRight;
        let geometry = Geometry { width: 100.0, height: 100.0, area, lift: 0.0, direction };
        let mut placed = Placed::default();
        paginate(list, geometry, &mut [], Color::default(), &mut placed, Some(&mut *known));
        known.finish();
        placed.pages
    }

    #[test]
    fn pages_behind_a_page_more_or_fewer_are_known() {
        let block = || Arc::new(ItemList::new(vec![line(&[])]));
        let [one, two, three, more] = [block(), block(), block(), block()];
        let mut known = CachedPages::default();
        let few = pages_of(&[&one, &two, &three], &mut known);
        let many = pages_of(&[&one, &more, &two, &three], &mut known);
        let again = pages_of(&[&one, &two, &three], &mut known);
        let is_same = |one: &PlacedPage, other: &PlacedPage| Arc::ptr_eq(&one.content, &other.content);
        assert!(is_same(&few[0], &many[0]) && is_same(&few[1], &many[2]) && is_same(&few[2], &many[3]));
        assert!(few.iter().zip(&again).all(|(page, again)| is_same(page, again)));
    }

    #[test]
    fn a_panel_in_a_note_has_its_ground() {
        assert_eq!(pages(panel(tinted(), lines(2)), 100.0), [[(73.0, 27.0)]]);
    }

    #[test]
    fn a_panel_in_a_note_goes_on_with_its_ground() {
        // Below the line and what parts it from notes, 76 points are left: six
        // lines with the room around them. The rest is four.
        assert_eq!(pages(panel(tinted(), lines(10)), 100.0), [[(33.0, 67.0)], [(53.0, 47.0)]]);
    }

    #[test]
    fn the_header_of_a_table_in_a_note_does_not_stand_alone() {
        let header = VBox::new(LINE, Vec::new());
        let table = Background { repeat: Some(header), ..tinted() };
        let rows = [line(&[]), VItem::Penalty(Cost::Never)].into_iter().chain(lines(6));
        let note: Vec<VItem> = lines(5).chain(panel(table, rows)).collect();
        // Five lines leave room for the header, but not for a row with it.
        assert_eq!(pages(note, 95.0), [vec![], vec![(18.0, 77.0)]]);
    }
}
