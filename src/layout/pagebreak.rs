//! Page breaking: the cheapest sequence of breaks over the vertical list.

use super::vertical::{Background, Cost, IdOffsets, OpenBackground, VItem};
use crate::theme::Pt;
use std::collections::{BTreeMap, VecDeque};

/// A legal page break.
#[derive(Debug, Clone, Copy)]
pub struct PageBreakPoint {
    /// The page's last item, exclusive.
    pub end: usize,
    /// First item of the next page.
    pub next: usize,
    cost: f64,
    forced: bool,
    /// Total height of everything before it, if a page ends here, and if one starts here.
    height_end: f64,
    height_start: f64,
    /// The part of these heights that is space, which can shrink and stretch.
    spaces_end: f64,
    spaces_start: f64,
    notes_end: f64,
    notes_start: f64,
    /// Height that open backgrounds and repeated headers take at the next page's top (`prefix`) and
    /// at this page's foot (`suffix`).
    prefix: f64,
    suffix: f64,
}

/// Cost of an empty page; it grows with the square of the empty share. One line in fifty costs 4, a
/// tenth of a page 100.
const EMPTINESS: f64 = 10_000.0;
/// Costs of a nearly empty last page and of a mostly empty one. They are constant below these
/// shares, so that no other page is emptied to fill them.
const RUNT_PAGE: f64 = 400.0;
const RUNT_SHARE: f64 = 0.08;
const SHORT_PAGE: f64 = 220.0;
const SHORT_SHARE: f64 = 0.35;
/// Negative cost of starting a part, such as an annex, on a new page.
pub const OWN_PAGE: f32 = -5_600.0;
/// A part that fills at most this share of its page should not have one of its own, and the cost if
/// it has.
const NEARLY_EMPTY: f64 = 0.25;
const NEARLY_EMPTY_COST: f64 = 6_000.0;
/// Maximum share by which a page's spaces shrink, and the cost of that.
const SQUEEZE: f64 = 0.2;
const SQUEEZE_COST: f64 = 120.0;
/// Maximum share by which spaces grow, so that facing pages end at the same height.
const STRETCH: f64 = 0.2;
/// Tolerance for rounding, in points.
const ROUNDING: f64 = 0.25;
/// Cost of an overfull page, taken only if nothing else is feasible.
const OVERFULL: f64 = 1e9;
/// Cost of each page, so that fewer pages win a tie.
const PAGE_COST: f64 = 10.0;
/// Heights that differ by less are equal, in points.
const EPSILON: f64 = 0.01;

impl PageBreakPoint {
    /// Whether the next content prefers a new page.
    fn is_before_part(&self) -> bool {
        self.cost <= f64::from(OWN_PAGE)
    }

    /// The height of everything before it, with the padding that closes open backgrounds.
    pub fn height(&self) -> Pt {
        (self.height_end + self.suffix) as Pt
    }
}

/// Totals before a position in the list, in points.
#[derive(Default)]
struct Sums {
    height: f64,
    /// The height up to the last box.
    solid: f64,
    notes: f64,
    spaces: f64,
    /// The spaces up to the last box.
    solid_spaces: f64,
    /// Height that the open backgrounds take above and below.
    prefix: f64,
    suffix: f64,
}

impl Sums {
    /// Records the end of a box.
    fn solidify(&mut self) {
        (self.solid, self.solid_spaces) = (self.height, self.spaces);
    }

    fn stop(&self, end: usize, cost: f64, forced: bool) -> PageBreakPoint {
        PageBreakPoint {
            end,
            next: end,
            cost,
            forced,
            height_end: self.solid,
            height_start: self.height,
            spaces_end: self.solid_spaces,
            spaces_start: self.spaces,
            notes_end: self.notes,
            notes_start: self.notes,
            prefix: self.prefix,
            suffix: self.suffix,
        }
    }
}

/// Height that a background takes above and below.
fn pads(background: &Background) -> (f64, f64) {
    (f64::from(background.above()), f64::from(background.pad_bottom))
}

/// Finds the legal breaks of a list. `items` is its length, `open` are the backgrounds already
/// open, and `note_height` is the height of a note at the foot of the page.
pub fn stops<'a>(
    (list, items): (impl Iterator<Item = (&'a VItem, IdOffsets)>, usize),
    open: &[OpenBackground],
    note_height: &dyn Fn(usize) -> Pt,
) -> Vec<PageBreakPoint> {
    // There is one break between two boxes.
    let mut stops = Vec::with_capacity(items / 2 + 1);
    let mut sums = Sums::default();
    // The first break after which only discardable items have come so far.
    let mut waiting = 0;
    let mut count = 0;
    let mut open: Vec<(f64, f64)> = open.iter().map(|open| pads(&open.background)).collect();
    (sums.prefix, sums.suffix) = open.iter().fold((0.0, 0.0), |(prefix, suffix), pad| (prefix + pad.0, suffix + pad.1));
    let mut after_box = false;
    for (index, (item, offsets)) in list.enumerate() {
        count = index + 1;
        if !item.is_idle() {
            start_page(&mut stops, &mut waiting, index);
        }
        match item {
            VItem::Box(inner) => {
                sums.height += f64::from(inner.height());
                sums.solidify();
                sums.notes += inner.notes(offsets).map(|note| f64::from(note_height(note))).sum::<f64>();
            }
            VItem::Space(space) => {
                if after_box {
                    stops.push(sums.stop(index, 0.0, false));
                }
                for stop in stops.iter_mut().skip(waiting) {
                    stop.height_start += f64::from(*space);
                    stop.spaces_start += f64::from(*space);
                }
                sums.height += f64::from(*space);
                sums.spaces += f64::from(*space);
            }
            VItem::Penalty(Cost::Of(cost)) => stops.push(sums.stop(index, f64::from(*cost), false)),
            VItem::Penalty(Cost::Always) => {
                start_page(&mut stops, &mut waiting, index);
                stops.push(sums.stop(index, 0.0, true));
            }
            VItem::Penalty(Cost::Never) => {}
            VItem::BeginBackground(background) => {
                sums.height += f64::from(background.pad_top);
                let (above, below) = pads(background);
                open.push((above, below));
                sums.prefix += above;
                sums.suffix += below;
            }
            VItem::EndBackground => {
                if let Some((above, below)) = open.pop() {
                    sums.height += below;
                    sums.prefix -= above;
                    sums.suffix -= below;
                }
                sums.solidify();
            }
        }
        after_box = matches!(item, VItem::Box(_) | VItem::EndBackground);
    }
    (sums.prefix, sums.suffix) = (0.0, 0.0);
    start_page(&mut stops, &mut waiting, count);
    stops.push(sums.stop(count, 0.0, true));
    stops
}

/// Pages do not start with spaces. Sets the start of the next page of the waiting breaks to
/// `index`.
fn start_page(stops: &mut [PageBreakPoint], waiting: &mut usize, index: usize) {
    stops.iter_mut().skip(*waiting).for_each(|stop| stop.next = index);
    *waiting = stops.len();
}

/// Heights of pages and of the separator above notes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PageHeights {
    pub height: Pt,
    /// Height of the first page, which may start lower or hold the rest of a note.
    pub first: Pt,
    /// Space and rule above the notes.
    pub note_separator: Pt,
}

/// The legal breaks of a list, and the chosen ones.
#[derive(Debug)]
pub struct PageBreaks {
    stops: Vec<PageBreakPoint>,
    /// Chosen breaks by the break they start from, with the heights they were computed for.
    found: BTreeMap<Option<usize>, (PageHeights, Vec<usize>)>,
}

impl PageBreaks {
    /// No breaks are chosen yet.
    pub fn new(stops: Vec<PageBreakPoint>) -> PageBreaks {
        PageBreaks { stops, found: BTreeMap::new() }
    }

    /// All legal breaks, and the chosen ones after one of them ([`optimise`]).
    pub fn after(&mut self, from: Option<usize>, room: PageHeights) -> (&[PageBreakPoint], &[usize]) {
        let find = || (room, optimise(&self.stops, from, room));
        let found = self.found.entry(from).or_insert_with(find);
        if found.0 != room {
            *found = find();
        }
        (&self.stops, &found.1)
    }
}

/// How many breaks are considered at once. Limits the memory, and the time to start again after a
/// note was split.
const HORIZON: usize = 20_000;

/// The chosen breaks, as indices, after the break `from` (`None`: from the list's start). Considers
/// a limited part of the list: then the last break is not the list's end, and the caller asks
/// again.
fn optimise(stops: &[PageBreakPoint], from: Option<usize>, room: PageHeights) -> Vec<usize> {
    struct Node {
        cost: f64,
        previous: usize,
    }
    let base = from.map_or(0, |from| from + 1);
    let limit = stops.len().min(base.saturating_add(HORIZON));
    let start = from.and_then(|from| stops.get(from));
    let prefixes = stops.iter().take(limit).skip(base.saturating_sub(1)).map(|stop| stop.prefix);
    let highest_prefix = prefixes.fold(0.0, f64::max);
    // Node 0 is the start, node n is the break base + n − 1.
    let mut nodes = vec![Node { cost: 0.0, previous: 0 }];
    let mut front = 0;
    // Active nodes with increasing cost: each is cheaper than all later ones (monotonic queue).
    let mut cheapest = VecDeque::from([(0, 0.0)]);
    for (index, stop) in stops.iter().enumerate().take(limit).skip(base) {
        let mut best: Option<(f64, usize)> = None;
        let mut dropped = None;
        let candidates = front;
        let least_before = cheapest.front().map_or(0.0, |(_, cost)| *cost);
        for (active, node) in nodes.iter().enumerate().skip(candidates) {
            let before = match active.checked_sub(1) {
                Some(before) => stops.get(base + before),
                None => start,
            };
            let page = f64::from(if active == 0 { room.first } else { room.height });
            let Extent { height, spaces } = extent(before, stop, room);
            if height > page + spaces * SQUEEZE + EPSILON {
                if active == front {
                    front += 1;
                }
                dropped = Some(active);
                continue;
            }
            let cost = node.cost + page_cost(height, spaces, page, (before, stop));
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, active));
            }
            // Later starts give emptier pages: once that alone costs too much, none is better.
            let prefix = before.map_or(0.0, |before| before.prefix);
            let fullest = (height - prefix + highest_prefix) / f64::from(room.height).max(1.0);
            let least = least_before + PAGE_COST + emptiness(fullest) + stop.cost;
            if !stop.forced && best.is_some_and(|(best, _)| least > best + ROUNDING) {
                break;
            }
        }
        if best.is_none() && front >= nodes.len() {
            best = dropped.and_then(|active| Some((nodes.get(active)?.cost + OVERFULL, active)));
        }
        let (cost, previous) = best.unwrap_or((f64::INFINITY, nodes.len().saturating_sub(1)));
        while cheapest.back().is_some_and(|(_, before)| *before >= cost) {
            cheapest.pop_back();
        }
        cheapest.push_back((nodes.len(), cost));
        nodes.push(Node { cost, previous });
        if stop.forced {
            front = nodes.len() - 1;
            if index + 1 < stops.len() && nodes.len() > HORIZON / 2 {
                break;
            }
        }
        while cheapest.front().is_some_and(|(node, _)| *node < front) {
            cheapest.pop_front();
        }
    }
    let mut current = nodes.len() - 1;
    let mut breaks = Vec::new();
    while current > 0 {
        breaks.push(base + current - 1);
        current = nodes.get(current).map_or(0, |node| node.previous);
    }
    breaks.reverse();
    let whole = breaks.last().is_some_and(|last| last + 1 == stops.len());
    let forced = breaks.last().and_then(|last| stops.get(*last)).is_some_and(|stop| stop.forced);
    if !whole && !forced && breaks.len() > 1 {
        // The end of the considered part is no good page break.
        breaks.pop();
    }
    breaks
}

/// The height of a page, and the part of it that is space.
struct Extent {
    height: f64,
    spaces: f64,
}

/// The extent of a page that starts after one break (`None`: at the list's start) and ends at
/// another.
fn extent(before: Option<&PageBreakPoint>, stop: &PageBreakPoint, room: PageHeights) -> Extent {
    let (top, top_spaces, top_notes, prefix) = match before {
        Some(stop) => (stop.height_start, stop.spaces_start, stop.notes_start, stop.prefix),
        None => (0.0, 0.0, 0.0, 0.0),
    };
    let notes = stop.notes_end - top_notes;
    let separator = if notes > 0.0 { f64::from(room.note_separator) } else { 0.0 };
    Extent {
        height: stop.height_end - top + prefix + stop.suffix + notes + separator,
        spaces: stop.spaces_end - top_spaces,
    }
}

/// The factor for the spaces of a page, so that it ends at the foot of the text area. A slightly
/// overfull page shrinks, and a nearly full one grows, unless it is the last.
pub fn space_scale(before: Option<&PageBreakPoint>, stop: &PageBreakPoint, page: Pt, room: PageHeights) -> Pt {
    let Extent { height, spaces } = extent(before, stop, room);
    let left = f64::from(page) - height - ROUNDING;
    let most = if stop.forced { 0.0 } else { spaces * STRETCH };
    if spaces <= 0.0 || left > most || left < -spaces * SQUEEZE - 2.0 * ROUNDING {
        return 1.0;
    }
    (1.0 + left.min(most) / spaces) as Pt
}

/// The cost of a page that is full to some share.
fn emptiness(full: f64) -> f64 {
    EMPTINESS * (1.0 - full).max(0.0).powi(2)
}

fn page_cost(height: f64, spaces: f64, page: f64, (before, stop): (Option<&PageBreakPoint>, &PageBreakPoint)) -> f64 {
    let full = height / page.max(1.0);
    let empty = if stop.forced {
        match full {
            full if full < RUNT_SHARE => RUNT_PAGE,
            full if full < SHORT_SHARE => SHORT_PAGE,
            _ => 0.0,
        }
    } else {
        emptiness(full)
    };
    let squeezed = (height - page).max(0.0) / (spaces * SQUEEZE).max(EPSILON);
    // A page that contains a single part.
    let opens = before.is_some_and(PageBreakPoint::is_before_part);
    let starts = opens || before.is_none_or(|before| before.forced) && stop.is_before_part();
    let own = starts && (stop.is_before_part() || stop.forced);
    let wasted = if own && full <= NEARLY_EMPTY { NEARLY_EMPTY_COST } else { 0.0 };
    PAGE_COST + empty + wasted + SQUEEZE_COST * squeezed.min(1.0).powi(2) + stop.cost
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::vertical::VBox;

    fn line() -> VItem {
        VItem::new_box(VBox::new(10.0, Vec::new()))
    }

    fn stops_of(list: &[VItem]) -> Vec<PageBreakPoint> {
        stops((list.iter().map(|item| (item, IdOffsets::default())), list.len()), &[], &|_| 0.0)
    }

    fn breaks(list: &[VItem], height: Pt) -> Vec<usize> {
        let stops = stops_of(list);
        let room = PageHeights { height, first: height, note_separator: 0.0 };
        optimise(&stops, None, room).into_iter().filter_map(|index| stops.get(index)).map(|stop| stop.end).collect()
    }

    #[test]
    fn pages_are_filled() {
        let list: Vec<VItem> = (0..10).flat_map(|_| [line(), VItem::Space(0.0)]).collect();
        assert_eq!(breaks(&list, 45.0), [7, 15, 20]);
    }

    #[test]
    fn a_last_line_is_pulled_in_where_spaces_can_give_way() {
        let list: Vec<VItem> = (0..11).flat_map(|_| [line(), VItem::Space(10.0)]).collect();
        // Eleven lines and ten spaces are 210 points.
        assert_eq!(breaks(&list, 200.0), [22]);
        let stops = stops_of(&list);
        let room = PageHeights { height: 200.0, first: 200.0, note_separator: 0.0 };
        let scale = stops.last().map(|stop| space_scale(None, stop, 200.0, room));
        assert!(scale.is_some_and(|scale| (0.89..0.91).contains(&scale)), "{scale:?}");
    }

    #[test]
    fn a_heading_goes_with_what_follows() {
        let never = VItem::Penalty(Cost::Never);
        let list = [line(), VItem::Space(5.0), line(), VItem::Space(5.0), line(), never, VItem::Space(0.0), line()];
        assert_eq!(breaks(&list, 41.0), [3, 8]);
    }

    #[test]
    fn parts_share_a_page_that_one_would_leave_nearly_empty() {
        // Parts of so many lines, on pages of twenty.
        let pages = |parts: &[usize]| {
            let part = |lines: &usize| (0..*lines).flat_map(|_| [line(), VItem::Space(0.0)]).collect::<Vec<_>>();
            let parts: Vec<_> = parts.iter().map(part).collect();
            breaks(&parts.join(&VItem::Penalty(Cost::Of(OWN_PAGE))), 200.0).len()
        };
        assert_eq!(pages(&[8, 2]), 1);
        assert_eq!(pages(&[2, 8]), 1);
        assert_eq!(pages(&[8, 8]), 2);
        assert_eq!(pages(&[2, 2, 2]), 1);
        assert_eq!(pages(&[18, 2]), 1);
    }

    #[test]
    fn a_box_taller_than_a_page_stands_alone() {
        let tall = VItem::new_box(VBox::new(100.0, Vec::new()));
        let list = [line(), VItem::Space(1.0), tall, VItem::Space(1.0), line()];
        assert_eq!(breaks(&list, 50.0), [1, 3, 5]);
    }
}
