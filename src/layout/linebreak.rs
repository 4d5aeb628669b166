//! Where a paragraph's lines end: total fit after Knuth and Plass ("Breaking
//! Paragraphs into Lines", 1981), over breakpoints that know the sums of
//! widths before and after them, so that a line costs three subtractions.

use std::ops::{Add, Sub};

/// Width of a stretch of text, and how far it can grow and shrink; in points.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sums {
    /// Natural width.
    pub width: f64,
    /// How far it can grow before it looks loose.
    pub stretch: f64,
    /// How far it can shrink at most.
    pub shrink: f64,
}

impl Add for Sums {
    type Output = Sums;
    fn add(self, other: Sums) -> Sums {
        Sums {
            width: self.width + other.width,
            stretch: self.stretch + other.stretch,
            shrink: self.shrink + other.shrink,
        }
    }
}

impl Sub for Sums {
    type Output = Sums;
    fn sub(self, other: Sums) -> Sums {
        Sums {
            width: self.width - other.width,
            stretch: self.stretch - other.stretch,
            shrink: self.shrink - other.shrink,
        }
    }
}

/// The kind of a line break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakKind {
    /// A break at a space, or one that needs no hyphen.
    Plain,
    /// Inside a word, with a hyphen added.
    Hyphen,
    /// Inside a name or a word of code, where nothing shows it.
    Joint,
    /// Inside something that was never meant to be broken.
    Emergency,
    /// A line ending that is meant, or the paragraph's end.
    Forced,
}

/// A place where a line may end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Breakpoint {
    /// Kind of the break.
    pub kind: BreakKind,
    /// Sums of everything before it, if a line ends here: with the hyphen,
    /// less what protrudes to the right.
    pub end: Sums,
    /// Sums of everything before the next line, if one starts here: less what
    /// remains of a broken word, plus what protrudes to the left.
    pub start: Sums,
}

/// How lines are filled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fill {
    /// All lines but the last end flush.
    Justified,
    /// Ends of lines are free within a zone of this width, in points.
    Ragged(f64),
}

/// Parameters of a pass.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pass {
    /// The largest stretch ratio of a line.
    pub tolerance: f64,
    /// Stretch that every line has in addition, in points.
    pub emergency: f64,
    /// Action if no line is feasible.
    pub when_infeasible: WhenInfeasible,
}

/// Action if no line is feasible.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenInfeasible {
    /// The pass finds nothing, and a more patient one follows.
    GiveUp,
    /// Take the line that is too long.
    Overfull,
}

/// Every line costs something, so that fewer lines win among equals.
const LINE_COST: f64 = 10.0;
/// A hyphen is worth avoiding, but not at the price of a line stretched nearly
/// as far as it should go. On prose of this kind, 90 leaves a tenth fewer hyphens than
/// 50 and hardly more loose lines; 150 doubles the loose lines.
const HYPHEN_COST: f64 = 90.0;
/// A break that nothing shows is harder to read.
const JOINT_COST: f64 = 120.0;
/// Two lines in a row that end in hyphens catch the eye.
const CONSECUTIVE_HYPHENS: f64 = 10_000.0;
/// A hyphen at the end of the last line but one.
const FINAL_HYPHEN: f64 = 5_000.0;
/// A tight line beside a loose one.
const FITNESS_JUMP: f64 = 10_000.0;
/// A last line shorter than a hanging word reads as a mistake.
const RUNT: f64 = 3_000.0;
/// Maximum length of such a line, as a share of the measure.
const RUNT_SHARE: f64 = 0.12;
/// Breaking what was never meant to be broken.
const EMERGENCY_COST: f64 = 400.0;
/// A line that is too long, where there is no other way.
const OVERFULL_COST: f64 = 1e9;
/// Badness of a line at ratio 1.
const BADNESS: f64 = 100.0;
/// Widths that differ by less than this are equal, in points.
const EPSILON: f64 = 0.001;

/// Tight, decent, loose, very loose lines. Neighbours that differ by more
/// than one class look uneven.
const CLASSES: usize = 4;

fn fitness(ratio: f64) -> usize {
    match ratio {
        r if r < -0.5 => 0,
        r if r <= 0.5 => 1,
        r if r <= 1.0 => 2,
        _ => 3,
    }
}

/// How far a line must stretch (positive) or shrink (negative) against what it
/// can: 1 is as far as it should, −1 as far as it can.
pub fn ratio(from: &Breakpoint, to: &Breakpoint, measure: f64, fill: Fill, emergency: f64) -> f64 {
    let line = to.end - from.start;
    let slack = measure - line.width;
    if slack >= -EPSILON && to.kind == BreakKind::Forced {
        return 0.0;
    }
    match fill {
        Fill::Ragged(_) if slack < -EPSILON => f64::NEG_INFINITY,
        Fill::Ragged(zone) => slack.max(0.0) / (zone + emergency).max(EPSILON),
        Fill::Justified if slack > 0.0 => slack / (line.stretch + emergency).max(EPSILON),
        Fill::Justified if slack > -EPSILON => 0.0,
        Fill::Justified => slack / line.shrink.max(EPSILON),
    }
}

/// 100 |r|³, as in TeX.
pub fn badness(ratio: f64) -> f64 {
    BADNESS * ratio.abs().powi(3)
}

struct Node {
    point: usize,
    class: usize,
    demerits: f64,
    previous: Option<usize>,
}

/// The best breaks as indices of points, without the first point, which is
/// the paragraph's start. The last point must be [`BreakKind::Forced`].
/// `None` where a pass gives up.
pub fn total_fit(points: &[Breakpoint], measure: f64, fill: Fill, pass: Pass) -> Option<Vec<usize>> {
    Search::new(measure, fill, pass, points.len()).finish(points)
}

/// A search for the best breaks, which can go on while points are still being found.
pub struct Search {
    measure: f64,
    fill: Fill,
    pass: Pass,
    nodes: Vec<Node>,
    /// Nodes before this one can start no further line.
    front: usize,
    /// The point that is tried next.
    next: usize,
    is_hopeless: bool,
    /// How many lines it has tried.
    tried: usize,
}

impl Search {
    /// A search; `room` is the expected number of breakpoints.
    pub fn new(measure: f64, fill: Fill, pass: Pass, room: usize) -> Search {
        let mut nodes = Vec::with_capacity(room);
        nodes.push(Node { point: 0, class: 1, demerits: 0.0, previous: None });
        Search { measure, fill, pass, nodes, front: 0, next: 1, is_hopeless: false, tried: 0 }
    }

    /// Extends the search over the breakpoints collected so far (the final forced break is not
    /// among them yet).
    pub fn go_on(&mut self, points: &[Breakpoint]) {
        while self.next < points.len() && !self.is_hopeless {
            self.is_hopeless = self.step(points, self.next, false).is_none();
            self.next += 1;
        }
    }

    /// Whether a line could end at some of the points that come next, whose ends are no
    /// wider than this and stretch no further. Where none could, they can be left out.
    pub fn could_end(&self, points: &[Breakpoint], widest: Sums) -> bool {
        if self.is_hopeless {
            return false;
        }
        // Where the first line that can still end is too loose, so are the others.
        let longest = self.nodes.get(self.front).and_then(|node| points.get(node.point));
        let to = Breakpoint { kind: BreakKind::Hyphen, end: widest, start: widest };
        longest
            .is_some_and(|from| ratio(from, &to, self.measure, self.fill, self.pass.emergency) <= self.pass.tolerance)
    }

    /// Tries the rest of the points, and tells the best breaks.
    pub fn finish(mut self, points: &[Breakpoint]) -> Option<Vec<usize>> {
        let last = points.len().checked_sub(1)?;
        self.go_on(points.get(..last)?);
        if self.is_hopeless {
            return None;
        }
        if last > 0 {
            self.step(points, last, true)?;
        }
        let ends = self.nodes.iter().enumerate().skip(self.front).filter(|(_, node)| node.point == last);
        let (mut current, _) = ends.min_by(|(_, a), (_, b)| a.demerits.total_cmp(&b.demerits))?;
        let mut breaks = Vec::new();
        while let Some(node) = self.nodes.get(current) {
            let Some(previous) = node.previous else { break };
            breaks.push(node.point);
            current = previous;
        }
        breaks.reverse();
        Some(breaks)
    }

    /// Tries all lines that end at a point; `None` where there is no hope any more.
    fn step(&mut self, points: &[Breakpoint], index: usize, last_point: bool) -> Option<()> {
        let Search { measure, fill, pass, .. } = *self;
        let point = points.get(index)?;
        let mut best: [Option<(f64, usize)>; CLASSES] = [None; CLASSES];
        let mut overfull = None;
        let mut active = self.front;
        while let Some(node) = self.nodes.get(active) {
            let Some(from) = points.get(node.point) else { break };
            self.tried += 1;
            let r = ratio(from, point, measure, fill, pass.emergency);
            if r < -1.0 {
                // A line that is too long now is too long for every later breakpoint.
                overfull = Some(active);
                if active == self.front {
                    self.front += 1;
                }
                active += 1;
                continue;
            }
            if r > pass.tolerance {
                break;
            }
            let class = fitness(r);
            let demerits = node.demerits
                + line_demerits(from, point, r, node.class, class, last_point)
                + runt(from, point, measure, fill, last_point);
            if let Some(slot) = best.get_mut(class)
                && slot.is_none_or(|(least, _)| demerits < least)
            {
                *slot = Some((demerits, active));
            }
            active += 1;
        }
        let nothing_fits = best.iter().all(Option::is_none);
        if nothing_fits && self.front >= self.nodes.len() {
            match (pass.when_infeasible, overfull) {
                (WhenInfeasible::Overfull, Some(node)) => {
                    let demerits = self.nodes.get(node).map_or(0.0, |node| node.demerits) + OVERFULL_COST;
                    best[1] = Some((demerits, node));
                }
                _ => return None,
            }
        } else if nothing_fits && point.kind == BreakKind::Forced {
            // Only a line too loose for this pass ends here.
            return None;
        }
        let first_new = self.nodes.len();
        for (class, slot) in best.iter().enumerate() {
            if let Some((demerits, previous)) = *slot {
                self.nodes.push(Node { point: index, class, demerits, previous: Some(previous) });
            }
        }
        if point.kind == BreakKind::Forced {
            self.front = first_new;
        }
        Some(())
    }
}

fn line_demerits(
    from: &Breakpoint,
    to: &Breakpoint,
    ratio: f64,
    class_before: usize,
    class: usize,
    last_line: bool,
) -> f64 {
    let penalty = match to.kind {
        BreakKind::Plain | BreakKind::Forced => 0.0,
        BreakKind::Hyphen => HYPHEN_COST,
        BreakKind::Joint => JOINT_COST,
        BreakKind::Emergency => EMERGENCY_COST,
    };
    let mut demerits = (LINE_COST + badness(ratio)).powi(2) + penalty * penalty;
    let after_hyphen = from.kind == BreakKind::Hyphen;
    if after_hyphen && to.kind == BreakKind::Hyphen {
        demerits += CONSECUTIVE_HYPHENS;
    }
    if after_hyphen && last_line {
        demerits += FINAL_HYPHEN;
    }
    if class.abs_diff(class_before) > 1 {
        demerits += FITNESS_JUMP;
    }
    demerits
}

fn runt(from: &Breakpoint, to: &Breakpoint, measure: f64, fill: Fill, last_line: bool) -> f64 {
    let width = (to.end - from.start).width;
    let worth_it = fill == Fill::Justified && last_line && width < measure * RUNT_SHARE;
    if worth_it { RUNT } else { 0.0 }
}

/// Fills each line as far as it goes. Only for comparison: layout never
/// breaks so.
pub fn greedy(points: &[Breakpoint], measure: f64) -> Vec<usize> {
    let mut breaks = Vec::new();
    let mut from = 0;
    let mut fits = None;
    let mut index = 1;
    while let (Some(start), Some(point)) = (points.get(from), points.get(index)) {
        let line = point.end - start.start;
        let too_long = line.width - line.shrink > measure + EPSILON;
        match (too_long, fits) {
            (true, Some(last)) => {
                breaks.push(last);
                from = last;
                index = last;
                fits = None;
            }
            _ if too_long || point.kind == BreakKind::Forced => {
                breaks.push(index);
                from = index;
                fits = None;
            }
            _ => fits = Some(index),
        }
        index += 1;
    }
    breaks
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Words of the given widths with spaces of width 3 (+1.5 −1) between.
    fn word_points(widths: &[f64]) -> Vec<Breakpoint> {
        let mut at = Sums::default();
        let start = Breakpoint { kind: BreakKind::Plain, end: at, start: at };
        let mut points = vec![start];
        for (index, width) in widths.iter().enumerate() {
            at.width += width;
            let end = at;
            at = at + Sums { width: 3.0, stretch: 1.5, shrink: 1.0 };
            let kind = if index + 1 == widths.len() { BreakKind::Forced } else { BreakKind::Plain };
            points.push(Breakpoint { kind, end, start: at });
        }
        points
    }

    const LAST: Pass = Pass { tolerance: f64::INFINITY, emergency: 0.0, when_infeasible: WhenInfeasible::Overfull };

    /// Least demerits over all ways to break, by trying them all.
    fn exhaustive(points: &[Breakpoint], measure: f64) -> (f64, Vec<usize>) {
        fn go(points: &[Breakpoint], measure: f64, from: usize, class: usize) -> (f64, Vec<usize>) {
            let mut best = (f64::INFINITY, Vec::new());
            for to in from + 1..points.len() {
                let r = ratio(&points[from], &points[to], measure, Fill::Justified, 0.0);
                if r < -1.0 {
                    break;
                }
                let last = to + 1 == points.len();
                let own = line_demerits(&points[from], &points[to], r, class, fitness(r), last)
                    + runt(&points[from], &points[to], measure, Fill::Justified, last);
                let (rest, mut breaks) = if last { (0.0, Vec::new()) } else { go(points, measure, to, fitness(r)) };
                if own + rest < best.0 {
                    breaks.insert(0, to);
                    best = (own + rest, breaks);
                }
            }
            best
        }
        go(points, measure, 0, 1)
    }

    #[test]
    fn agrees_with_trying_everything() {
        let mut seed: u64 = 7;
        for _ in 0..200 {
            let widths: Vec<f64> = (0..14)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    5.0 + ((seed >> 33) % 30) as f64
                })
                .collect();
            let points = word_points(&widths);
            let breaks = total_fit(&points, 100.0, Fill::Justified, LAST).unwrap();
            assert_eq!(breaks, exhaustive(&points, 100.0).1, "{widths:?}");
        }
    }

    /// Points inside words that are left out where no line could end change nothing.
    #[test]
    fn a_search_that_leaves_out_points_finds_the_same_lines() {
        const HYPHEN: f64 = 2.0;
        let pass = Pass { tolerance: 1.4, emergency: 0.0, when_infeasible: WhenInfeasible::GiveUp };
        let mut seed: u64 = 11;
        let (mut found, mut left_out) = (0, 0);
        for _ in 0..300 {
            let widths: Vec<f64> = (0..60)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    5.0 + ((seed >> 33) % 30) as f64
                })
                .collect();
            let (mut all, mut near) = (Vec::new(), Vec::new());
            let mut search = Search::new(100.0, Fill::Justified, pass, 0);
            for (point, width) in word_points(&widths).into_iter().zip([0.0].into_iter().chain(widths)) {
                let inside = |share: f64| {
                    let start = Sums { width: point.end.width - width * (1.0 - share), ..point.end };
                    let end = Sums { width: start.width + HYPHEN, ..start };
                    Breakpoint { kind: BreakKind::Hyphen, end, start }
                };
                search.go_on(&near);
                let widest = Sums { width: point.end.width + HYPHEN, ..point.end };
                let could_end = !near.is_empty() && search.could_end(&near, widest);
                if width > 0.0 {
                    all.extend([inside(0.3), inside(0.7)]);
                    near.extend([inside(0.3), inside(0.7)].into_iter().filter(|_| could_end));
                    left_out += usize::from(!could_end);
                }
                all.push(point);
                near.push(point);
            }
            let ends = |points: &[Breakpoint], breaks: Option<Vec<usize>>| -> Option<Vec<Breakpoint>> {
                Some(breaks?.into_iter().map(|index| points[index]).collect())
            };
            let of_all = ends(&all, total_fit(&all, 100.0, Fill::Justified, pass));
            found += usize::from(of_all.is_some());
            assert_eq!(ends(&near, search.finish(&near)), of_all);
        }
        assert!(found > 100 && left_out > 1_000, "{found} found, {left_out} left out");
    }

    #[test]
    fn a_word_too_long_is_an_overfull_line() {
        let points = word_points(&[20.0, 300.0, 20.0]);
        assert_eq!(total_fit(&points, 100.0, Fill::Justified, LAST).unwrap(), [1, 2, 3]);
        let strict = Pass { when_infeasible: WhenInfeasible::GiveUp, ..LAST };
        assert_eq!(total_fit(&points, 100.0, Fill::Justified, strict), None);
        assert_eq!(greedy(&points, 100.0), [1, 2, 3]);
    }

    /// However long a paragraph is, each of its places is tried with the few
    /// that can start its line.
    #[test]
    fn work_grows_with_the_text() {
        let tried = |words_in_all: usize| {
            let widths: Vec<f64> = (0..words_in_all).map(|word| 5.0 + (word * 7 % 30) as f64).collect();
            let points = word_points(&widths);
            let mut search = Search::new(400.0, Fill::Justified, LAST, points.len());
            search.go_on(&points);
            search.tried / words_in_all
        };
        let (short, long) = (tried(1_000), tried(100_000));
        assert!(short.abs_diff(long) <= 1, "{short} and {long} lines a word");
    }

    #[test]
    fn forced_breaks_are_kept() {
        let mut points = word_points(&[10.0, 10.0, 10.0, 10.0]);
        points[2].kind = BreakKind::Forced;
        assert_eq!(total_fit(&points, 100.0, Fill::Justified, LAST).unwrap(), [2, 4]);
        assert_eq!(greedy(&points, 100.0), [2, 4]);
    }
}
