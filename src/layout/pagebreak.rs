//! Where pages end: the cheapest sequence of breaks over the vertical list.

use super::vertical::{Cost, VItem};
use crate::theme::Pt;

/// A place where a page may end.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    /// The page's last item, exclusive.
    pub end: usize,
    /// First item of the next page.
    pub next: usize,
    cost: f64,
    forced: bool,
    /// Heights of everything before it: if a page ends here, and if one
    /// starts here.
    height_end: f64,
    height_start: f64,
    notes_end: f64,
    notes_start: f64,
    /// Room that open grounds and repeated headers take at the next page's top
    /// and at this page's foot.
    prefix: f64,
    suffix: f64,
}

/// An empty page costs this much; the cost grows with the square of the
/// share that is empty. One line in fifty costs 4, a tenth of a page 100.
const EMPTINESS: f64 = 10_000.0;
/// A last page with next to nothing on it.
const RUNT_PAGE: f64 = 60.0;
const RUNT_SHARE: f64 = 0.08;
/// A page that is too full, where there is no other way.
const OVERFULL: f64 = 1e9;
/// Every page costs something, so that fewer pages win among equals.
const PAGE_COST: f64 = 10.0;
/// Heights that differ by less are equal, in points.
const EPSILON: f64 = 0.01;

/// Finds the stops of a list. `note_height` says how much room a note takes
/// at the foot of the page.
pub fn stops(list: &[VItem], note_height: &dyn Fn(usize) -> Pt) -> Vec<Stop> {
    let mut stops = Vec::new();
    let (mut height, mut solid, mut notes) = (0.0f64, 0.0f64, 0.0f64);
    let mut open: Vec<(f64, f64)> = Vec::new();
    let (mut prefix, mut suffix) = (0.0f64, 0.0f64);
    let mut after_box = false;
    for (index, item) in list.iter().enumerate() {
        let stop = |cost: f64, forced: bool| Stop {
            end: index,
            next: index,
            cost,
            forced,
            height_end: solid,
            height_start: height,
            notes_end: notes,
            notes_start: notes,
            prefix,
            suffix,
        };
        match item {
            VItem::Box(inner) => {
                height += f64::from(inner.height);
                solid = height;
                notes += inner.notes.iter().map(|note| f64::from(note_height(*note))).sum::<f64>();
                after_box = true;
            }
            VItem::Space(space) => {
                if after_box {
                    stops.push(stop(0.0, false));
                }
                height += f64::from(*space);
                after_box = false;
            }
            VItem::Penalty(cost) => {
                match cost {
                    Cost::Of(cost) => stops.push(stop(f64::from(*cost), false)),
                    Cost::Always => stops.push(stop(0.0, true)),
                    Cost::Never => {}
                }
                after_box = false;
            }
            VItem::Open(ground) => {
                height += f64::from(ground.pad_top);
                let repeat = ground.repeat.as_ref().map_or(0.0, |header| header.height);
                let above = f64::from(ground.pad_top + repeat);
                let below = f64::from(ground.pad_bottom);
                open.push((above, below));
                prefix += above;
                suffix += below;
                after_box = false;
            }
            VItem::Close => {
                if let Some((above, below)) = open.pop() {
                    height += below;
                    prefix -= above;
                    suffix -= below;
                }
                solid = height;
                after_box = true;
            }
        }
    }
    let end = list.len();
    stops.push(Stop {
        end,
        next: end,
        cost: 0.0,
        forced: true,
        height_end: solid,
        height_start: height,
        notes_end: notes,
        notes_start: notes,
        prefix: 0.0,
        suffix: 0.0,
    });
    start_after_discards(list, &mut stops);
    stops
}

/// A page does not start with spaces: the next page of a stop starts at the
/// first box after it.
fn start_after_discards(list: &[VItem], stops: &mut [Stop]) {
    for stop in stops.iter_mut() {
        let mut next = stop.end;
        loop {
            match list.get(next) {
                Some(VItem::Space(space)) => stop.height_start += f64::from(*space),
                Some(VItem::Penalty(Cost::Always)) if next > stop.end => break,
                Some(VItem::Penalty(_)) => {}
                Some(VItem::Box(_) | VItem::Open(_) | VItem::Close) | None => break,
            }
            next += 1;
        }
        stop.next = next;
    }
}

/// How high pages are and what notes need.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    pub height: Pt,
    /// Height of the first page, which may start lower or hold the rest of a note.
    pub first: Pt,
    /// Space and rule above the notes.
    pub note_separator: Pt,
}

/// How many stops are looked at before pages are settled; bounds the memory
/// and time of starting anew after a note that was split.
const HORIZON: usize = 20_000;

/// The stops at which pages end, as indices, from the stop `from` on (`None`:
/// from the list's start). Looks at a bounded part of the list: the last
/// break is then not the list's end and the caller asks again.
pub fn optimise(stops: &[Stop], from: Option<usize>, room: Room) -> Vec<usize> {
    struct Node {
        cost: f64,
        previous: usize,
    }
    let base = from.map_or(0, |from| from + 1);
    let limit = stops.len().min(base.saturating_add(HORIZON));
    let start = match from.and_then(|from| stops.get(from)) {
        Some(stop) => (stop.height_start, stop.notes_start, stop.prefix),
        None => (0.0, 0.0, 0.0),
    };
    // Node 0 is the start, node n the stop base + n − 1.
    let mut nodes = vec![Node { cost: 0.0, previous: 0 }];
    let mut front = 0;
    for (index, stop) in stops.iter().enumerate().take(limit).skip(base) {
        let mut best: Option<(f64, usize)> = None;
        let mut dropped = None;
        let candidates = front;
        for (active, node) in nodes.iter().enumerate().skip(candidates) {
            let (top, top_notes, prefix) = match active.checked_sub(1).and_then(|before| stops.get(base + before)) {
                Some(stop) => (stop.height_start, stop.notes_start, stop.prefix),
                None => start,
            };
            let page = f64::from(if active == 0 { room.first } else { room.height });
            let notes = stop.notes_end - top_notes;
            let separator = if notes > 0.0 { f64::from(room.note_separator) } else { 0.0 };
            let height = stop.height_end - top + prefix + stop.suffix + notes + separator;
            if height > page + EPSILON {
                if active == front {
                    front += 1;
                }
                dropped = Some(active);
                continue;
            }
            let cost = node.cost + page_cost(height / page.max(1.0), stop);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, active));
            }
        }
        if best.is_none() && front >= nodes.len() {
            best = dropped.and_then(|active| Some((nodes.get(active)?.cost + OVERFULL, active)));
        }
        let (cost, previous) = best.unwrap_or((f64::INFINITY, nodes.len().saturating_sub(1)));
        nodes.push(Node { cost, previous });
        if stop.forced {
            front = nodes.len() - 1;
            if index + 1 < stops.len() && nodes.len() > HORIZON / 2 {
                break;
            }
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
        // The horizon is no place to end a page.
        breaks.pop();
    }
    breaks
}

fn page_cost(full: f64, stop: &Stop) -> f64 {
    let emptiness = if stop.forced {
        if full < RUNT_SHARE { RUNT_PAGE } else { 0.0 }
    } else {
        EMPTINESS * (1.0 - full).max(0.0).powi(2)
    };
    PAGE_COST + emptiness + stop.cost
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::vertical::VBox;

    fn line() -> VItem {
        VItem::Box(VBox { height: 10.0, ..VBox::default() })
    }

    fn breaks(list: &[VItem], height: Pt) -> Vec<usize> {
        let stops = stops(list, &|_| 0.0);
        let room = Room { height, first: height, note_separator: 0.0 };
        optimise(&stops, None, room).into_iter().filter_map(|index| stops.get(index)).map(|stop| stop.end).collect()
    }

    #[test]
    fn pages_are_filled() {
        let list: Vec<VItem> = (0..10).flat_map(|_| [line(), VItem::Space(0.0)]).collect();
        assert_eq!(breaks(&list, 45.0), [7, 15, 20]);
    }

    #[test]
    fn a_heading_goes_with_what_follows() {
        let never = VItem::Penalty(Cost::Never);
        let list = [line(), VItem::Space(5.0), line(), VItem::Space(5.0), line(), never, VItem::Space(0.0), line()];
        assert_eq!(breaks(&list, 41.0), [3, 8]);
    }

    #[test]
    fn a_box_taller_than_a_page_stands_alone() {
        let tall = VItem::Box(VBox { height: 100.0, ..VBox::default() });
        let list = [line(), VItem::Space(1.0), tall, VItem::Space(1.0), line()];
        assert_eq!(breaks(&list, 50.0), [1, 3, 5]);
    }
}
