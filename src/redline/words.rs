//! Word by word: what of one text is in another, made fit to be read.

use super::token::{Sort, Token};
use imara_diff::{Algorithm, Diff, InternedInput};
use std::ops::Range;

/// A stretch of two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    Same { old: Range<usize>, new: Range<usize> },
    Other { old: Range<usize>, new: Range<usize> },
}

/// Minimum number of unchanged words between two changes that are kept …
const STAYS: usize = 3;
/// … and in a text that is almost completely different.
const STAYS_ALONE: usize = 8;
/// From this share of common words, in percent, a text is not replaced as a whole.
const KEPT: usize = 35;

/// Compares two texts.
pub fn compare(old: &[Token], new: &[Token]) -> Vec<Run> {
    cleaned(slid(different(old, new), old, new), old, new)
}

/// Compares two texts whose tokens are lines. Lines are not divided, and each unchanged line is
/// kept.
pub fn lines(old: &[Token], new: &[Token]) -> Vec<Run> {
    different(old, new)
}

/// The shortest edit script between two texts.
fn different(old: &[Token], new: &[Token]) -> Vec<Run> {
    let mut input: InternedInput<u64> = InternedInput::default();
    input.update_before(old.iter().map(|token| token.key));
    input.update_after(new.iter().map(|token| token.key));
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let hunks = diff.hunks().map(|hunk| {
        let range = |range: &Range<u32>| range.start as usize..range.end as usize;
        (range(&hunk.before), range(&hunk.after))
    });
    runs(hunks, (old.len(), new.len()))
}

/// Changed stretches with what is the same between them.
fn runs(hunks: impl Iterator<Item = (Range<usize>, Range<usize>)>, ends: (usize, usize)) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut from = (0, 0);
    for (old, new) in hunks {
        if from.0 < old.start {
            runs.push(Run::Same { old: from.0..old.start, new: from.1..new.start });
        }
        from = (old.end, new.end);
        runs.push(Run::Other { old, new });
    }
    if from.0 < ends.0 {
        runs.push(Run::Same { old: from.0..ends.0, new: from.1..ends.1 });
    }
    runs
}

/// Moves the edges of what was only added or only taken away to the edges of
/// sentences and clauses, where the words allow either.
fn slid(mut runs: Vec<Run>, old: &[Token], new: &[Token]) -> Vec<Run> {
    for at in 0..runs.len() {
        let Some(Run::Other { old: gone, new: come }) = runs.get(at).cloned() else { continue };
        let (side, range) = match (gone.is_empty(), come.is_empty()) {
            (true, false) => (new, come.clone()),
            (false, true) => (old, gone.clone()),
            _ => continue,
        };
        let before = match at.checked_sub(1).and_then(|before| runs.get(before)) {
            Some(Run::Same { old, .. }) => old.len(),
            _ => 0,
        };
        let back = best_slide(side, &range, before);
        if back == 0 {
            continue;
        }
        shift(&mut runs, at, back);
    }
    runs.retain(|run| match run {
        Run::Same { old, .. } => !old.is_empty(),
        Run::Other { .. } => true,
    });
    runs
}

/// How far back a stretch is best moved: so that it starts after punctuation.
fn best_slide(side: &[Token], range: &Range<usize>, room: usize) -> usize {
    let key = |at: usize| side.get(at).map(|token| token.key);
    let begins_well = |start: usize| match start.checked_sub(1).and_then(|before| side.get(before)) {
        None => 3,
        Some(token) if token.sort == Sort::Sign && matches!(token.text.as_str(), "." | "!" | "?") => 3,
        Some(token) if token.sort == Sort::Sign => 2,
        Some(_) if side.get(start).is_some_and(|token| token.sort == Sort::Sign) => 0,
        Some(_) => 1,
    };
    let mut best = (begins_well(range.start), 0);
    let mut back = 0;
    while back < room
        && range.start > back
        && key(range.start - back - 1) == range.end.checked_sub(back + 1).and_then(key)
    {
        back += 1;
        let score = begins_well(range.start - back);
        if score > best.0 {
            best = (score, back);
        }
    }
    best.1
}

/// Moves a changed stretch back, and gives what it leaves to what is behind.
fn shift(runs: &mut Vec<Run>, at: usize, back: usize) {
    if let Some(Run::Same { old, new }) = at.checked_sub(1).and_then(|before| runs.get_mut(before)) {
        old.end -= back;
        new.end -= back;
    }
    let Some(Run::Other { old, new }) = runs.get_mut(at) else { return };
    let behind = |range: &mut Range<usize>| {
        range.start -= back;
        range.end -= back;
        range.end..range.end + back
    };
    let (left_old, left_new) = (behind(old), behind(new));
    match runs.get_mut(at + 1) {
        Some(Run::Same { old, new }) => {
            old.start -= back;
            new.start -= back;
        }
        _ => runs.insert(at + 1, Run::Same { old: left_old, new: left_new }),
    }
}

fn word_count(tokens: &[Token], range: &Range<usize>) -> usize {
    let tokens = tokens.get(range.clone()).unwrap_or_default();
    tokens.iter().filter(|token| token.sort != Sort::Sign).count()
}

/// Takes lone words between two changes into these, and what is nearly all
/// another as another.
fn cleaned(mut runs: Vec<Run>, old: &[Token], new: &[Token]) -> Vec<Run> {
    loop {
        let before = runs.len();
        runs = absorbed(runs, old, new);
        if runs.len() == before {
            break;
        }
    }
    let kept: usize = runs
        .iter()
        .map(|run| match run {
            Run::Same { old: range, .. } => word_count(old, range),
            Run::Other { .. } => 0,
        })
        .sum();
    let all = word_count(old, &(0..old.len())).max(word_count(new, &(0..new.len())));
    if kept * 100 >= all * KEPT || runs.len() <= 1 {
        return runs;
    }
    let runs = runs.into_iter().map(|run| match run {
        Run::Same { old: range, new } if word_count(old, &range) < STAYS_ALONE => Run::Other { old: range, new },
        run => run,
    });
    joined(runs.collect())
}

/// One pass of absorbing runs that are too small to stay between changes.
fn absorbed(runs: Vec<Run>, old: &[Token], new: &[Token]) -> Vec<Run> {
    let size = |run: Option<&Run>| match run {
        Some(Run::Other { old: gone, new: come }) => word_count(old, gone).max(word_count(new, come)),
        _ => 0,
    };
    let is_small = |at: usize, range: &Range<usize>| {
        let count = word_count(old, range);
        let telling = old
            .get(range.clone())
            .unwrap_or_default()
            .iter()
            .any(|token| matches!(token.sort, Sort::Number | Sort::Date) || (token.sort == Sort::Atom));
        let before = size(at.checked_sub(1).and_then(|before| runs.get(before)));
        let behind = size(runs.get(at + 1));
        count < STAYS && !telling && 2 * count.max(1) <= before.min(behind)
    };
    let runs = runs.iter().enumerate().map(|(at, run)| match run {
        Run::Same { old: range, new } if is_small(at, range) => Run::Other { old: range.clone(), new: new.clone() },
        run => run.clone(),
    });
    joined(runs.collect())
}

/// Joins changed stretches that touch.
fn joined(runs: Vec<Run>) -> Vec<Run> {
    let mut out: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        match (out.last_mut(), &run) {
            (Some(Run::Other { old, new }), Run::Other { old: more_old, new: more_new }) => {
                old.end = more_old.end;
                new.end = more_new.end;
            }
            _ => out.push(run),
        }
    }
    out
}
