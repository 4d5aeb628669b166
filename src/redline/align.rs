//! Alignment of two sequences. Units that are equal and unique on both sides are anchors. Units
//! between anchors are paired by their common words.

use super::moves::{self, Moves};
use crate::source::hash::hash;
use std::collections::BTreeMap;
use std::ops::Range;

/// Something that is found again, or not: a paragraph, an item, a row.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Only units of one class are paired.
    pub class: Class,
    /// Equal for units that say the same.
    pub hash: u64,
    /// Keys of its tokens, in order.
    pub bag: Vec<u64>,
    /// How many words it has.
    pub words: usize,
    /// Equal for units to which the author gave the same id.
    pub id: Option<u64>,
}

/// The class of a unit, which determines possible partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    Heading,
    /// A paragraph, an item that is one.
    Flow,
    Item,
    Definition,
    Quote,
    Code,
    Admonition,
    Panel,
    Figure,
    Table,
    Equation,
    Group,
    Listing,
    /// A row or a column of a table.
    Line,
    Other,
}

/// Units that belong together: one of each side, one and several, or some that
/// only one side has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bead {
    pub old: Range<usize>,
    pub new: Range<usize>,
}

/// Two units are paired if they have at least this share of common words, in percent …
const ALIKE: u64 = 40;
/// … or this share if they have few words.
const SHORT_ALIKE: u64 = 60;
/// Units of fewer words are short.
const SHORT_UNIT_WORDS: usize = 8;
/// How many pairs are weighed between two anchors.
const PAIRS: usize = 300_000;
/// How many candidates a unit has where there are more pairs than that.
const CANDIDATES: usize = 8;
/// Maximum number of paragraphs that one may be split into, or that may be joined to one.
pub const PARTS: usize = 3;

/// How much a word tells: a rare one more than a common one.
#[derive(Debug, Default)]
pub struct Weights {
    units: u64,
    with: BTreeMap<u64, u32>,
}

impl Weights {
    /// Counts the units that contain each word.
    pub fn from_units<'a>(units: impl Iterator<Item = &'a Unit>) -> Weights {
        let mut weights = Weights::default();
        for unit in units {
            weights.units += 1;
            let mut before = None;
            for key in &unit.bag {
                if before.replace(*key) != Some(*key) {
                    *weights.with.entry(*key).or_default() += 1;
                }
            }
        }
        weights
    }

    fn of_key(&self, key: u64) -> u64 {
        let with = u64::from(self.with.get(&key).copied().unwrap_or(1)).max(1);
        1 + u64::from((self.units / with).max(1).ilog2())
    }

    fn of_bag(&self, bag: &[u64]) -> u64 {
        bag.iter().map(|key| self.of_key(*key)).sum()
    }

    /// The weight of what two sorted bags have in common.
    fn common(&self, one: &[u64], other: &[u64]) -> u64 {
        let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
        let mut sum = 0;
        while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(other.next()),
                std::cmp::Ordering::Equal => {
                    sum += self.of_key(**a);
                    one.next();
                    other.next();
                }
            }
        }
        sum
    }
}

/// Hundredths of what two bags say that both say (Dice), by weight.
pub fn alike(one: &Unit, other: &Unit, weights: &Weights) -> u64 {
    let all = weights.of_bag(&one.bag) + weights.of_bag(&other.bag);
    (200 * weights.common(&one.bag, &other.bag)).checked_div(all).unwrap_or(100)
}

/// Pairs the units of two sequences. The beads (alignment beads, Brown et al. 1991) cover both, in
/// order.
pub fn align(old: &[Unit], new: &[Unit], weights: &Weights) -> Vec<Bead> {
    paired_by_place(old, new, alike_in_order(old, new, weights), &Moves::default())
}

/// Like [`align`], and finds moved units, which are not paired with those at their place.
pub fn align_and_follow(old: &[Unit], new: &[Unit], weights: &Weights) -> (Vec<Bead>, Moves) {
    let beads = alike_in_order(old, new, weights);
    let moves = moves::find(old, new, &beads, weights);
    (paired_by_place(old, new, beads, &moves), moves)
}

/// Pairs equal and similar units, in order.
fn alike_in_order(old: &[Unit], new: &[Unit], weights: &Weights) -> Vec<Bead> {
    let mut pairs = anchors(old, new, 0..old.len(), 0..new.len());
    let mut all = Vec::new();
    let mut from = (0, 0);
    pairs.push((old.len(), new.len()));
    for (at_old, at_new) in pairs {
        gap(old, new, from.0..at_old, from.1..at_new, weights, &mut all);
        if at_old < old.len() {
            all.push(Bead { old: at_old..at_old + 1, new: at_new..at_new + 1 });
        }
        from = (at_old + 1, at_new + 1);
    }
    all
}

/// Pairs of equal units: those that occur once on each side, as
/// far as they are in order, and equal neighbours of these.
fn anchors(old: &[Unit], new: &[Unit], old_range: Range<usize>, new_range: Range<usize>) -> Vec<(usize, usize)> {
    let slice = |units: &[Unit], range: &Range<usize>| -> Vec<(usize, u64)> {
        range.clone().filter_map(|at| units.get(at).map(|unit| (at, hash((unit.class, unit.hash))))).collect()
    };
    let (left, right) = (slice(old, &old_range), slice(new, &new_range));
    let once = |side: &[(usize, u64)]| {
        let mut seen: BTreeMap<u64, Option<usize>> = BTreeMap::new();
        for (at, key) in side {
            seen.entry(*key).and_modify(|place| *place = None).or_insert(Some(*at));
        }
        seen
    };
    let (in_old, in_new) = (once(&left), once(&right));
    let unique = left.iter().filter_map(|(at, key)| {
        in_old.get(key).copied().flatten()?;
        Some((*at, in_new.get(key).copied().flatten()?))
    });
    let mut pairs = rising(unique.collect());
    let same = |a: usize, b: usize| match (old.get(a), new.get(b)) {
        (Some(a), Some(b)) => a.class == b.class && a.hash == b.hash,
        _ => false,
    };
    spread(&mut pairs, &old_range, &new_range, same);
    pairs
}

/// Adds equal neighbours, before and after, to pairs that are in order.
fn spread(
    pairs: &mut Vec<(usize, usize)>,
    old: &Range<usize>,
    new: &Range<usize>,
    same: impl Fn(usize, usize) -> bool,
) {
    let mut all = Vec::with_capacity(pairs.len());
    let (mut low_old, mut low_new) = (old.start, new.start);
    let known = std::mem::take(pairs);
    let ends = known.iter().copied().skip(1).chain([(old.end, new.end)]);
    // Units at the very start are often equal.
    while known.first().is_none_or(|(a, b)| low_old < *a && low_new < *b)
        && low_old < old.end
        && low_new < new.end
        && same(low_old, low_new)
    {
        all.push((low_old, low_new));
        (low_old, low_new) = (low_old + 1, low_new + 1);
    }
    for (&(a, b), (end_old, end_new)) in known.iter().zip(ends) {
        let mut back = 0;
        while a > low_old + back && b > low_new + back && same(a - back - 1, b - back - 1) {
            back += 1;
        }
        all.extend((1..=back).rev().map(|step| (a - step, b - step)));
        all.push((a, b));
        (low_old, low_new) = (a + 1, b + 1);
        while low_old < end_old && low_new < end_new && same(low_old, low_new) {
            all.push((low_old, low_new));
            (low_old, low_new) = (low_old + 1, low_new + 1);
        }
    }
    let (mut high_old, mut high_new) = (old.end, new.end);
    let at = all.len();
    while high_old > low_old && high_new > low_new && same(high_old - 1, high_new - 1) {
        (high_old, high_new) = (high_old - 1, high_new - 1);
        all.insert(at, (high_old, high_new));
    }
    *pairs = all;
}

/// The longest run of pairs that rises on both sides, of pairs in the order of
/// their first members.
pub fn rising(pairs: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let second = |at: &usize| pairs.get(*at).map_or(0, |pair| pair.1);
    for (at, pair) in pairs.iter().enumerate() {
        let place = ends.partition_point(|end| second(end) < pair.1);
        before.push(place.checked_sub(1).and_then(|place| ends.get(place).copied()));
        match ends.get_mut(place) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut chain = Vec::new();
    let mut at = ends.last().copied();
    while let Some(here) = at {
        chain.extend(pairs.get(here).copied());
        at = before.get(here).copied().flatten();
    }
    chain.reverse();
    chain
}

/// Pairs the units between two anchors.
fn gap(
    old: &[Unit],
    new: &[Unit],
    old_range: Range<usize>,
    new_range: Range<usize>,
    weights: &Weights,
    out: &mut Vec<Bead>,
) {
    if old_range.is_empty() && new_range.is_empty() {
        return;
    }
    if old_range.len().saturating_mul(new_range.len()) <= PAIRS {
        Table::fill(old, new, old_range, new_range, weights).beads(out);
        return;
    }
    let mut pairs = candidates(old, new, &old_range, &new_range, weights);
    if pairs.is_empty() {
        out.push(Bead { old: old_range.clone(), new: new_range.start..new_range.start });
        out.push(Bead { old: old_range.end..old_range.end, new: new_range });
        return;
    }
    pairs.push((old_range.end, new_range.end));
    let mut from = (old_range.start, new_range.start);
    for (a, b) in pairs {
        let (between_old, between_new) = (from.0..a, from.1..b);
        if between_old.len().saturating_mul(between_new.len()) <= PAIRS {
            Table::fill(old, new, between_old, between_new, weights).beads(out);
        } else {
            out.push(Bead { old: between_old.clone(), new: between_new.start..between_new.start });
            out.push(Bead { old: between_old.end..between_old.end, new: between_new });
        }
        if a < old_range.end {
            out.push(Bead { old: a..a + 1, new: b..b + 1 });
        }
        from = (a + 1, b + 1);
    }
}

/// The likeliest pairs of a large gap, by the rarest words of each unit.
fn candidates(
    old: &[Unit],
    new: &[Unit],
    old_range: &Range<usize>,
    new_range: &Range<usize>,
    weights: &Weights,
) -> Vec<(usize, usize)> {
    let rare = |unit: &Unit| {
        let mut keys: Vec<(u64, u64)> = unit.bag.iter().map(|key| (weights.of_key(*key), *key)).collect();
        keys.sort_unstable_by(|a, b| b.cmp(a));
        keys.dedup();
        keys.truncate(CANDIDATES);
        keys.into_iter().map(|(_, key)| key).collect::<Vec<_>>()
    };
    let mut places: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for at in new_range.clone() {
        for key in new.get(at).map(&rare).unwrap_or_default() {
            places.entry(key).or_default().push(at);
        }
    }
    let mut pairs = Vec::new();
    for at in old_range.clone() {
        let Some(unit) = old.get(at) else { continue };
        let mut found: BTreeMap<usize, usize> = BTreeMap::new();
        for key in rare(unit) {
            let here = places.get(&key).map(Vec::as_slice).unwrap_or_default();
            if here.len() <= CANDIDATES {
                here.iter().for_each(|place| *found.entry(*place).or_default() += 1);
            }
        }
        let weighed = found.into_keys().filter_map(|place| {
            let other = new.get(place).filter(|other| other.class == unit.class)?;
            Some((alike(unit, other, weights), std::cmp::Reverse(place)))
        });
        if let Some((share, std::cmp::Reverse(place))) = weighed.max()
            && share >= SHORT_ALIKE
        {
            pairs.push((at, place));
        }
    }
    rising(pairs)
}

/// The best pairs up to each place of a gap.
struct Table<'a> {
    old: &'a [Unit],
    new: &'a [Unit],
    from: (usize, usize),
    size: (usize, usize),
    /// How many units of each side the best last step takes.
    steps: Vec<(u8, u8)>,
}

impl<'a> Table<'a> {
    fn fill(old: &'a [Unit], new: &'a [Unit], a: Range<usize>, b: Range<usize>, weights: &Weights) -> Table<'a> {
        let size = (a.len(), b.len());
        let from = (a.start, b.start);
        let mut table = Table { old, new, from, size, steps: vec![(0, 0); (size.0 + 1) * (size.1 + 1)] };
        let heavy = |units: &[Unit], range: Range<usize>| -> Vec<u64> {
            range.map(|at| units.get(at).map_or(0, |unit| weights.of_bag(&unit.bag))).collect()
        };
        let (old_weights, new_weights) = (heavy(old, a), heavy(new, b));
        let mut scores = vec![0_u64; table.steps.len()];
        for i in 0..=size.0 {
            for j in 0..=size.1 {
                let (score, step) = table.best(i, j, &scores, (&old_weights, &new_weights), weights);
                let place = i * (size.1 + 1) + j;
                if let Some(slot) = scores.get_mut(place) {
                    *slot = score;
                }
                if let Some(slot) = table.steps.get_mut(place) {
                    *slot = step;
                }
            }
        }
        table
    }

    fn score(&self, scores: &[u64], i: usize, j: usize) -> u64 {
        scores.get(i * (self.size.1 + 1) + j).copied().unwrap_or(0)
    }

    /// The best way to a place, and its last step.
    fn best(&self, i: usize, j: usize, scores: &[u64], heavy: (&[u64], &[u64]), weights: &Weights) -> (u64, (u8, u8)) {
        let mut best = (0, (0, 0));
        if i > 0 {
            best = (self.score(scores, i - 1, j), (1, 0));
        }
        if j > 0 {
            let without = self.score(scores, i, j - 1);
            if i == 0 || without > best.0 {
                best = (without, (0, 1));
            }
        }
        let mut offer = |parts: (usize, usize)| {
            let Some((before_i, before_j)) = i.checked_sub(parts.0).zip(j.checked_sub(parts.1)) else { return };
            if let Some(gain) = self.gain(before_i..i, before_j..j, heavy, weights) {
                let score = self.score(scores, before_i, before_j) + gain;
                if score > best.0 {
                    best = (score, (parts.0 as u8, parts.1 as u8));
                }
            }
        };
        offer((1, 1));
        for parts in 2..=PARTS {
            offer((1, parts));
            offer((parts, 1));
        }
        best
    }

    /// The gain of pairing some units; `None` if they are not similar.
    fn gain(&self, a: Range<usize>, b: Range<usize>, heavy: (&[u64], &[u64]), weights: &Weights) -> Option<u64> {
        let old = self.old.get(self.from.0 + a.start..self.from.0 + a.end)?;
        let new = self.new.get(self.from.1 + b.start..self.from.1 + b.end)?;
        let class = old.first()?.class;
        if old.iter().chain(new).any(|unit| unit.class != class) {
            return None;
        }
        let several = old.len() + new.len() > 2;
        if several && class != Class::Flow {
            return None;
        }
        let left: u64 = heavy.0.get(a)?.iter().sum();
        let right: u64 = heavy.1.get(b)?.iter().sum();
        let words = |units: &[Unit]| units.iter().map(|unit| unit.words).sum::<usize>();
        let is_short = words(old).min(words(new)) < SHORT_UNIT_WORDS;
        let least = if is_short || several { SHORT_ALIKE } else { ALIKE };
        // Both have no more in common than the lighter one weighs.
        if 200 * left.min(right) < least * (left + right) {
            return None;
        }
        let common = if several {
            // Each part must say something of the whole.
            let whole = |units: &[Unit]| {
                let mut bag: Vec<u64> = units.iter().flat_map(|unit| unit.bag.iter().copied()).collect();
                bag.sort_unstable();
                bag
            };
            let (one, other) = (whole(old), whole(new));
            let part_of = |units: &[Unit], bag: &[u64]| {
                units.len() == 1
                    || units.iter().all(|unit| 2 * weights.common(&unit.bag, bag) >= weights.of_bag(&unit.bag))
            };
            if !part_of(old, &other) || !part_of(new, &one) {
                return None;
            }
            weights.common(&one, &other)
        } else {
            weights.common(&old.first()?.bag, &new.first()?.bag)
        };
        let share = (200 * common).checked_div(left + right).unwrap_or(100);
        // A unit without words is the same as another of its class.
        (share >= least).then_some(16 * common + 1)
    }

    fn beads(&self, out: &mut Vec<Bead>) {
        let (mut i, mut j) = self.size;
        let mut back = Vec::new();
        while i > 0 || j > 0 {
            let step = self.steps.get(i * (self.size.1 + 1) + j).copied().unwrap_or((0, 0));
            let (a, b) = if step == (0, 0) { (i.min(1), j.min(1)) } else { (step.0 as usize, step.1 as usize) };
            let (from_i, from_j) = (i.saturating_sub(a), j.saturating_sub(b));
            back.push(Bead { old: self.from.0 + from_i..self.from.0 + i, new: self.from.1 + from_j..self.from.1 + j });
            (i, j) = (from_i, from_j);
        }
        out.extend(back.into_iter().rev());
    }
}

/// A heading or a container that is in the place of one of its class is that one, whatever it says,
/// unless it was moved.
fn paired_by_place(old: &[Unit], new: &[Unit], beads: Vec<Bead>, moves: &Moves) -> Vec<Bead> {
    let mut out: Vec<Bead> = Vec::with_capacity(beads.len());
    let mut run: Vec<Bead> = Vec::new();
    for bead in beads {
        if bead.old.is_empty() || bead.new.is_empty() {
            run.push(bead);
            continue;
        }
        settle(old, new, &mut run, &mut out, moves);
        out.push(bead);
    }
    settle(old, new, &mut run, &mut out, moves);
    out
}

/// Settles a run of units without partners between two pairs: first those of
/// the old side, then those of the new one, but for those whose place tells
/// that they are one.
fn settle(old: &[Unit], new: &[Unit], run: &mut Vec<Bead>, out: &mut Vec<Bead>, moves: &Moves) {
    let beads = std::mem::take(run);
    let gone: Vec<usize> = beads.iter().flat_map(|bead| bead.old.clone()).collect();
    let come: Vec<usize> = beads.iter().flat_map(|bead| bead.new.clone()).collect();
    // The positions of those that are not elsewhere.
    let stays = |places: &[usize], moved: &BTreeMap<usize, usize>| -> Vec<usize> {
        places.iter().enumerate().filter(|(_, at)| !moved.contains_key(at)).map(|(place, _)| place).collect()
    };
    let units = |units: &[Unit], places: &[usize], stays: &[usize]| -> Vec<(Class, Option<u64>)> {
        let units = stays.iter().filter_map(|place| units.get(*places.get(*place)?));
        units.map(|unit| (unit.class, unit.id)).collect()
    };
    let (in_gone, in_come) = (stays(&gone, &moves.by_old), stays(&come, &moves.by_new));
    let pairs = in_place(&units(old, &gone, &in_gone), &units(new, &come, &in_come));
    let pairs = pairs.into_iter().filter_map(|(i, j)| Some((*in_gone.get(i)?, *in_come.get(j)?)));
    let mut pairs: Vec<(usize, usize)> = pairs.collect();
    pairs.push((gone.len(), come.len()));
    let mut from = (0, 0);
    for (i, j) in pairs {
        out.extend(gone.get(from.0..i).unwrap_or_default().iter().map(|at| Bead { old: *at..at + 1, new: 0..0 }));
        out.extend(come.get(from.1..j).unwrap_or_default().iter().map(|at| Bead { old: 0..0, new: *at..at + 1 }));
        if let Some((a, b)) = gone.get(i).zip(come.get(j)) {
            out.push(Bead { old: *a..a + 1, new: *b..b + 1 });
        }
        from = (i + 1, j + 1);
    }
}

/// Classes that are paired by position if both sides have equally many.
const PLACED: [Class; 7] =
    [Class::Table, Class::Figure, Class::Equation, Class::Code, Class::Quote, Class::Admonition, Class::Panel];

/// Pairs units without partners by position, in order: those with the same author-given id; if both
/// sides have the same classes in the same order, those at the same position; and else non-text
/// blocks of each class that both sides have equally many of.
fn in_place(gone: &[(Class, Option<u64>)], come: &[(Class, Option<u64>)]) -> Vec<(usize, usize)> {
    let is_text = |class: Class| matches!(class, Class::Flow | Class::Item | Class::Definition | Class::Line);
    let is_same = gone.len() == come.len() && gone.iter().zip(come).all(|(one, other)| one.0 == other.0);
    if is_same {
        return gone.iter().enumerate().filter(|(_, unit)| !is_text(unit.0)).map(|(at, _)| (at, at)).collect();
    }
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    if gone.len().saturating_mul(come.len()) > PAIRS {
        return pairs;
    }
    for (i, unit) in gone.iter().enumerate().filter(|(_, unit)| unit.1.is_some()) {
        pairs.extend(come.iter().position(|other| other == unit).map(|j| (i, j)));
    }
    for class in PLACED {
        let free = |units: &[(Class, Option<u64>)], taken: &dyn Fn(usize) -> bool| -> Vec<usize> {
            units.iter().enumerate().filter(|(at, unit)| unit.0 == class && !taken(*at)).map(|(at, _)| at).collect()
        };
        let left = free(gone, &|at| pairs.iter().any(|pair| pair.0 == at));
        let right = free(come, &|at| pairs.iter().any(|pair| pair.1 == at));
        if left.len() == right.len() {
            pairs.extend(left.into_iter().zip(right));
        }
    }
    pairs.sort_unstable();
    rising(pairs)
}

#[cfg(test)]
mod tests {
    use super::rising;

    #[test]
    fn the_longest_rising_run_is_kept() {
        assert_eq!(rising(vec![(0, 4), (1, 0), (2, 1), (3, 5), (4, 2)]), [(1, 0), (2, 1), (4, 2)]);
        assert_eq!(rising(Vec::new()), []);
    }
}
