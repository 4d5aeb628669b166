//! Moved text: text of some length that was removed at one place and added at another.

use super::align::{Bead, Class, PARTS, Unit, Weights, alike};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Text of fewer words is not followed.
const LEAST: usize = 8;
/// Minimum share of common words of text that was moved and changed, in percent.
const ALIKE: u64 = 80;
/// Maximum number of places at which repeated text is searched.
const PLACES: usize = 32;
/// How many pairs are weighed to find text that was moved and changed.
const PAIRS: usize = 250_000;

/// Moved content: pairs of old and new places.
#[derive(Debug, Default)]
pub struct Moves {
    /// New places by old ones.
    pub by_old: BTreeMap<usize, usize>,
    /// Old places by new ones.
    pub by_new: BTreeMap<usize, usize>,
    /// Runs that were moved together: the first old place, the first new place, and their number.
    pub runs: Vec<(usize, usize, usize)>,
    /// Old and new places of content that was also split or joined, so that the other end has other
    /// paragraphs.
    pub broken: (BTreeSet<usize>, BTreeSet<usize>),
}

/// Finds what was moved among what has no partner.
pub fn find(old: &[Unit], new: &[Unit], beads: &[Bead], weights: &Weights) -> Moves {
    let gone = |bead: &&Bead| bead.new.is_empty();
    let come = |bead: &&Bead| bead.old.is_empty();
    let gone: Vec<usize> = beads.iter().filter(gone).flat_map(|bead| bead.old.clone()).collect();
    let come: Vec<usize> = beads.iter().filter(come).flat_map(|bead| bead.new.clone()).collect();
    let mut pairs = exact(old, new, &gone, &come);
    similar(old, new, (&gone, &come), weights, &mut pairs);
    let by_new = pairs.iter().map(|(a, b)| (*b, *a)).collect();
    let mut moves = Moves { by_new, by_old: pairs, ..Moves::default() };
    broken(old, new, (&gone, &come), &mut moves);
    // The first of several joined paragraphs represents all.
    for (a, b) in moves.by_old.iter().filter(|(a, b)| moves.by_new.get(b) == Some(a)) {
        match moves.runs.last_mut() {
            Some((old, new, count)) if *old + *count == *a && *new + *count == *b => *count += 1,
            _ => moves.runs.push((*a, *b, 1)),
        }
    }
    moves
}

/// Pairs that say the same, with equal neighbours of any length: a text of some length, or
/// several short ones.
fn exact(old: &[Unit], new: &[Unit], gone: &[usize], come: &[usize]) -> BTreeMap<usize, usize> {
    let key = |units: &[Unit], at: usize| units.get(at).map(|unit| (unit.class, unit.hash, unit.words));
    let mut places: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for at in come {
        if let Some(key) = key(new, *at) {
            places.entry(key).or_default().push(*at);
        }
    }
    let free: (Vec<usize>, Vec<usize>) = (gone.to_vec(), come.to_vec());
    let mut pairs: BTreeMap<usize, usize> = BTreeMap::new();
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let mut take = |a: usize, b: usize, pairs: &mut BTreeMap<usize, usize>| {
        let is_free = free.0.binary_search(&a).is_ok() && free.1.binary_search(&b).is_ok();
        let is_same = key(old, a).is_some() && key(old, a) == key(new, b);
        let may = is_free && is_same && !pairs.contains_key(&a) && !taken.contains_key(&b);
        if may {
            pairs.insert(a, b);
            taken.insert(b, a);
        }
        may
    };
    for at in gone {
        let Some(here) = key(old, *at) else { continue };
        let here = places.get(&here).map(Vec::as_slice).unwrap_or_default().iter().take(PLACES);
        let is_long = |place: &&usize| {
            let same = |step: usize| key(old, at + step).filter(|here| Some(*here) == key(new, *place + step));
            (0..LEAST).map_while(same).map(|(_, _, words)| words).sum::<usize>() >= LEAST
        };
        let Some(place) = here.filter(is_long).find(|place| take(*at, **place, &mut pairs)) else { continue };
        let mut step = 1;
        while *at >= step && *place >= step && take(at - step, place - step, &mut pairs) {
            step += 1;
        }
        let mut step = 1;
        while take(at + step, place + step, &mut pairs) {
            step += 1;
        }
    }
    pairs
}

/// Adds paragraphs that were moved and split, or joined: one says what several in a row say.
fn broken(old: &[Unit], new: &[Unit], (gone, come): (&[usize], &[usize]), moves: &mut Moves) {
    if gone.len().saturating_mul(come.len()) > PAIRS {
        return;
    }
    for at in gone.iter().filter(|at| !moves.by_old.contains_key(at)).copied().collect::<Vec<_>>() {
        if let Some(row) = old.get(at).and_then(|one| row(one, new, come, &moves.by_new)) {
            moves.by_old.insert(at, row.start);
            moves.by_new.extend(row.clone().map(|part| (part, at)));
            moves.broken.0.insert(at);
            moves.broken.1.extend(row);
        }
    }
    for at in come.iter().filter(|at| !moves.by_new.contains_key(at)).copied().collect::<Vec<_>>() {
        if let Some(row) = new.get(at).and_then(|one| row(one, old, gone, &moves.by_old)) {
            moves.by_new.insert(at, row.start);
            moves.by_old.extend(row.clone().map(|part| (part, at)));
            moves.broken.1.insert(at);
            moves.broken.0.extend(row);
        }
    }
}

/// The paragraphs among some places that say together what one says.
fn row(one: &Unit, units: &[Unit], places: &[usize], taken: &BTreeMap<usize, usize>) -> Option<Range<usize>> {
    if one.class != Class::Flow || one.words < LEAST {
        return None;
    }
    let is_free = |at: usize| places.binary_search(&at).is_ok() && !taken.contains_key(&at);
    let says = |row: &Range<usize>| {
        let parts = units.get(row.clone()).unwrap_or_default();
        if !row.clone().all(is_free) || parts.iter().any(|part| part.class != Class::Flow) {
            return false;
        }
        let mut bag: Vec<u64> = parts.iter().flat_map(|part| part.bag.iter().copied()).collect();
        bag.sort_unstable();
        bag == one.bag
    };
    let words = |row: &Range<usize>| {
        units.get(row.clone()).is_some_and(|parts| parts.iter().map(|part| part.words).sum::<usize>() == one.words)
    };
    let rows = places.iter().flat_map(|start| (2..=PARTS).map(move |count| *start..start + count));
    rows.filter(words).find(says)
}

/// Adds pairs that say nearly the same.
fn similar(
    old: &[Unit],
    new: &[Unit],
    (gone, come): (&[usize], &[usize]),
    weights: &Weights,
    pairs: &mut BTreeMap<usize, usize>,
) {
    let mut taken: BTreeSet<usize> = pairs.values().copied().collect();
    let long = |units: &[Unit], at: &usize| units.get(*at).is_some_and(|unit| unit.words >= LEAST);
    let gone: Vec<usize> = gone.iter().copied().filter(|at| !pairs.contains_key(at) && long(old, at)).collect();
    let come: Vec<usize> = come.iter().copied().filter(|at| !taken.contains(at) && long(new, at)).collect();
    if gone.len().saturating_mul(come.len()) > PAIRS {
        return;
    }
    for a in gone {
        let Some(unit) = old.get(a) else { continue };
        let weighed = come.iter().filter(|b| !taken.contains(b)).filter_map(|b| {
            let other = new.get(*b).filter(|other| other.class == unit.class)?;
            // Far from equal in length they are far from equal.
            let (short, long) = (unit.words.min(other.words), unit.words.max(other.words));
            let share = if 3 * short < 2 * long { 0 } else { alike(unit, other, weights) };
            Some((share, std::cmp::Reverse(*b)))
        });
        if let Some((share, std::cmp::Reverse(b))) = weighed.max()
            && share >= ALIKE
        {
            pairs.insert(a, b);
            taken.insert(b);
        }
    }
}
