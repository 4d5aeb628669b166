//! What one edit marks, over documents that are made up: that edit and nothing else. No word
//! stands twice in these documents, so that there is one right answer.

use crate::redline_laws::{Part, Text, Words, asked, edit, redline, said, text, written};
use chancery::redline::{Redline, faults};
use proptest::prelude::{ProptestConfig, Strategy, any, prop_assert, prop_assert_eq, prop_assume, proptest};
use proptest::test_runner::{RngSeed, TestCaseError};
use std::collections::BTreeSet;

/// Words that no document has yet begin here.
const FRESH: u16 = 30_000;

/// Documents in which every word is another.
fn texts() -> impl Strategy<Value = Text> {
    text().prop_map(|mut text| {
        let mut next = 0;
        for (title, parts) in &mut text {
            number(std::slice::from_mut(title), &mut next);
            for part in parts {
                match part {
                    Part::Paragraph(lines) | Part::Table(lines) | Part::List(lines) => {
                        lines.iter_mut().for_each(|line| number(line, &mut next));
                    }
                    Part::Noted(words, note) => {
                        number(words, &mut next);
                        number(note, &mut next);
                    }
                }
            }
        }
        text
    })
}

fn number(words: &mut [u16], next: &mut u16) {
    for word in words {
        *word = *next;
        *next += 1;
    }
}

fn fresh(count: usize) -> Words {
    (FRESH..).take(count).collect()
}

/// The redline of two texts, out of which both can be read.
fn compared(old: &Text, new: &Text) -> Result<Redline, TestCaseError> {
    let (old, new) = (written(old), written(new));
    let (redline, was, is) = redline(&old, &new);
    let lost = faults(&redline.document, was.document.as_ref().unwrap(), is.document.as_ref().unwrap());
    prop_assert!(lost.is_empty(), "{lost:?}\n{old}\n{new}");
    let both = redline.document.tracked.as_ref().unwrap();
    let lost = faults(&both.document, &both.old, &both.new);
    prop_assert!(lost.is_empty(), "tracked: {lost:?}\n{old}\n{new}");
    Ok(redline)
}

/// What is marked: its name, what was deleted, what was inserted.
fn told(redline: &Redline) -> Vec<(&'static str, String, String)> {
    redline.changes.iter().map(|change| (change.name(), change.old.clone(), change.new.clone())).collect()
}

/// Wants an edit to be told as it is, and taking it back as the opposite.
fn assert_told(
    old: &Text,
    new: &Text,
    wanted: &[(&'static str, String, String)],
    back: &'static str,
) -> Result<(), TestCaseError> {
    let there = compared(old, new)?;
    prop_assert_eq!(told(&there), wanted, "{}\n{}", written(old), written(new));
    prop_assert!(there.moved.is_empty() && there.renumbered.is_empty());
    let again = compared(new, old)?;
    let wanted: Vec<_> = wanted.iter().map(|(_, old, new)| (back, new.clone(), old.clone())).collect();
    prop_assert_eq!(told(&again), wanted, "{}\n{}", written(new), written(old));
    Ok(())
}

/// The places of the parts that are what is looked for.
fn places(text: &Text, is: impl Fn(&Part) -> bool) -> Vec<(usize, usize)> {
    let parts = text
        .iter()
        .enumerate()
        .flat_map(|(section, (_, parts))| parts.iter().enumerate().map(move |(at, part)| (section, at, part)));
    parts.filter(|(.., part)| is(part)).map(|(section, at, _)| (section, at)).collect()
}

/// One of the places.
fn one(places: &[(usize, usize)], any: usize) -> Option<(usize, usize)> {
    places.get(any % places.len().max(1)).copied()
}

fn sentence(words: &[u16]) -> String {
    format!("{}.", said(words))
}

fn sentences(part: &Part) -> String {
    let Part::Paragraph(sentences) = part else { return String::new() };
    sentences.iter().map(|words| sentence(words)).collect::<Vec<_>>().join(" ")
}

/// How many words a section has.
fn count((_, parts): &(u16, Vec<Part>)) -> usize {
    let of = |part: &Part| match part {
        Part::Paragraph(lines) | Part::Table(lines) | Part::List(lines) => lines.iter().map(Vec::len).sum(),
        Part::Noted(words, _) => words.len(),
    };
    2 + parts.iter().map(of).sum::<usize>()
}

fn is_paragraph(part: &Part) -> bool {
    matches!(part, Part::Paragraph(_))
}

fn inserted(words: String) -> (&'static str, String, String) {
    ("inserted", String::new(), words)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: asked("CHANCERY_CASES", 24),
        rng_seed: RngSeed::Fixed(asked("CHANCERY_SEED", 41)),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_paragraph_comes_or_goes(old in texts(), section in any::<usize>(), at in any::<usize>(), length in 4..20_usize) {
        let mut new = old.clone();
        let parts = &mut new[section % old.len()].1;
        let at = at % (parts.len() + 1);
        parts.insert(at, Part::Paragraph(vec![fresh(length)]));
        assert_told(&old, &new, &[inserted(sentence(&fresh(length)))], "deleted")?;
    }

    #[test]
    fn a_word_is_another(old in texts(), place in any::<usize>(), word in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, is_paragraph), place) else { return Ok(()) };
        let mut new = old.clone();
        let Part::Paragraph(sentences) = &mut new[section].1[at] else { unreachable!() };
        let line = word % sentences.len();
        let word = word / 7 % sentences[line].len();
        let before = std::mem::replace(&mut sentences[line][word], FRESH);
        assert_told(&old, &new, &[("replaced", said(&[before]), said(&[FRESH]))], "replaced")?;
    }

    #[test]
    fn a_paragraph_is_split_or_joined(old in texts(), place in any::<usize>(), cut in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, is_paragraph), place) else { return Ok(()) };
        let mut new = old.clone();
        let Part::Paragraph(sentences) = &mut new[section].1[at] else { unreachable!() };
        let rest = sentences.split_off(1 + cut % (sentences.len() - 1));
        new[section].1.insert(at + 1, Part::Paragraph(rest));
        assert_told(&old, &new, &[("split", String::new(), String::new())], "joined")?;
    }

    /// A paragraph that stands behind another one now, with at least one block between.
    #[test]
    fn a_paragraph_is_moved(old in texts(), place in any::<usize>(), to in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, is_paragraph), place) else { return Ok(()) };
        let mut new = old.clone();
        let moved = new[section].1.remove(at);
        let words = sentences(&moved);
        let (target, parts) = (to % new.len(), new[to % new.len()].1.len());
        let place = to / 11 % (parts + 1);
        // Beside its neighbours it moves past nothing.
        prop_assume!(target != section || place.abs_diff(at) > 1);
        prop_assume!(!new[section].1.is_empty());
        new[target].1.insert(place, moved);
        let redline = compared(&old, &new)?;
        let mut ends = told(&redline);
        ends.sort();
        if redline.moved.is_empty() {
            // It moved past a heading or a short block, which are fewer words and are not followed.
            let is_short = |text: &str| text.split_whitespace().count() < 8;
            prop_assert!(ends.len() == 2 && ends.iter().all(|(_, old, new)| is_short(old) && is_short(new)), "{ends:?}");
            return Ok(());
        }
        prop_assert_eq!(redline.moved.len(), 1, "{:?}\n{}\n{}", ends, written(&old), written(&new));
        // Its neighbours may have moved past it instead, where they are fewer words.
        if ends.iter().any(|(_, old, new)| *old == words || *new == words) {
            let wanted = [("moved-from", words.clone(), String::new()), ("moved-to", String::new(), words)];
            prop_assert_eq!(ends, wanted, "{}\n{}", written(&old), written(&new));
        } else {
            prop_assert!(ends.iter().all(|(name, ..)| name.starts_with("moved")), "{ends:?}");
        }
    }

    #[test]
    fn a_row_comes_or_goes(old in texts(), place in any::<usize>(), row in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, |part| matches!(part, Part::Table(_))), place) else { return Ok(()) };
        let mut new = old.clone();
        let Part::Table(rows) = &mut new[section].1[at] else { unreachable!() };
        let cells = fresh(rows[0].len());
        rows.insert(1 + row % rows.len(), cells.clone());
        assert_told(&old, &new, &[inserted(said(&cells))], "deleted")?;
    }

    #[test]
    fn a_column_comes_or_goes(old in texts(), place in any::<usize>(), column in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, |part| matches!(part, Part::Table(_))), place) else { return Ok(()) };
        let mut new = old.clone();
        let Part::Table(rows) = &mut new[section].1[at] else { unreachable!() };
        let cells = fresh(rows.len());
        let column = column % (rows[0].len() + 1);
        rows.iter_mut().zip(&cells).for_each(|(row, cell)| row.insert(column, *cell));
        let wanted: Vec<_> = cells.iter().map(|cell| inserted(said(&[*cell]))).collect();
        assert_told(&old, &new, &wanted, "deleted")?;
    }

    #[test]
    fn an_item_comes_or_goes(old in texts(), place in any::<usize>(), item in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, |part| matches!(part, Part::List(_))), place) else { return Ok(()) };
        let mut new = old.clone();
        let Part::List(items) = &mut new[section].1[at] else { unreachable!() };
        items.insert(item % (items.len() + 1), fresh(5));
        assert_told(&old, &new, &[inserted(said(&fresh(5)))], "deleted")?;
    }

    #[test]
    fn a_word_of_a_note_is_another(old in texts(), place in any::<usize>(), word in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, |part| matches!(part, Part::Noted(..))), place) else { return Ok(()) };
        let mut new = old.clone();
        let Part::Noted(_, note) = &mut new[section].1[at] else { unreachable!() };
        let word = word % note.len();
        let before = std::mem::replace(&mut note[word], FRESH);
        assert_told(&old, &new, &[("replaced", said(&[before]), said(&[FRESH]))], "replaced")?;
    }

    /// A note that is added marks its call and its words.
    #[test]
    fn a_note_comes(old in texts(), place in any::<usize>()) {
        let Some((section, at)) = one(&places(&old, |part| matches!(part, Part::Paragraph(_))), place) else { return Ok(()) };
        let mut old = old.clone();
        let words = fresh(14);
        old[section].1[at] = Part::Paragraph(vec![words.clone()]);
        let mut new = old.clone();
        let note: Words = (FRESH + 20..FRESH + 26).collect();
        new[section].1[at] = Part::Noted(words, note.clone());
        let redline = compared(&old, &new)?;
        let wanted = [inserted(String::new()), inserted(sentence(&note))];
        prop_assert_eq!(told(&redline), wanted, "{}\n{}", written(&old), written(&new));
    }

    #[test]
    fn two_sections_change_places(old in texts(), at in any::<usize>()) {
        let mut new = old.clone();
        let at = at % (old.len() - 1);
        // Few words are not followed.
        prop_assume!(old[at..=at + 1].iter().all(|section| count(section) > 8));
        new.swap(at, at + 1);
        let redline = compared(&old, &new)?;
        prop_assert_eq!(redline.moved.len(), 1, "{:?}\n{}\n{}", told(&redline), written(&old), written(&new));
        let marked = told(&redline);
        prop_assert!(marked.iter().all(|(name, ..)| name.starts_with("moved")), "{marked:?}");
    }

    /// Several edits mark what they change and little else, and the same words the other way round.
    #[test]
    fn several_edits_mark_little_else(
        old in texts(),
        edits in proptest::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..5),
    ) {
        /// A text of so few words that is moved is not followed, and is marked at both places.
        const SHORT: usize = 8;
        let mut new = old.clone();
        edits.iter().for_each(|change| edit(&mut new, *change));
        let (there, back) = (compared(&old, &new)?, compared(&new, &old)?);
        let (was, is) = (written(&old), written(&new));
        let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<BTreeSet<_>>();
        let marked = |redline: &Redline| -> BTreeSet<String> {
            let changes = redline.changes.iter().filter(|change| !change.name().starts_with("moved"));
            changes.flat_map(|change| words(&format!("{} {}", change.old, change.new))).collect()
        };
        let (in_old, in_new) = (words(&was), words(&is));
        let stays: Vec<String> = marked(&there).into_iter().filter(|word| in_old.contains(word) && in_new.contains(word)).collect();
        let changed = in_old.symmetric_difference(&in_new).count();
        prop_assert!(stays.len() <= changed + SHORT * edits.len(), "{stays:?}\n{was}\n{is}");
        prop_assert_eq!(marked(&there), marked(&back), "{}\n{}", was, is);
    }

    /// What only has another number stands in the table, with both numbers, and nothing else does.
    #[test]
    fn the_table_of_numbers_is_true(old in texts(), edits in proptest::collection::vec((any::<u8>(), any::<usize>()), 1..4)) {
        let mut new = old.clone();
        for (number, (kind, at)) in edits.into_iter().enumerate() {
            let fresh: Words = (FRESH + 100 * u16::try_from(number).unwrap()..).take(12).collect();
            match kind % 3 {
                0 => new.insert(at % (new.len() + 1), (fresh[0], vec![Part::Paragraph(vec![fresh[1..].to_vec()])])),
                1 if new.len() > 1 => drop(new.remove(at % new.len())),
                2 if new.len() > 1 => {
                    let at = at % (new.len() - 1);
                    // Few words are not followed.
                    if new[at..=at + 1].iter().all(|section| count(section) > 8) {
                        new.swap(at, at + 1);
                    }
                }
                _ => {}
            }
        }
        let numbered = |text: &Text| written(text).replacen("lang: en\n", "lang: en\nnumbering:\n  sections: true\n", 1);
        let (redline, ..) = redline(&numbered(&old), &numbered(&new));
        let titles = |text: &Text| text.iter().map(|(title, _)| *title).collect::<Vec<_>>();
        let (was, is) = (titles(&old), titles(&new));
        let mut wanted = Vec::new();
        for (at, title) in is.iter().enumerate() {
            let before = was.iter().position(|other| other == title);
            wanted.extend(before.filter(|before| *before != at).map(|before| {
                ((before + 1).to_string(), (at + 1).to_string(), format!("Of w{title}x"))
            }));
        }
        // A section in the place of another may be that one with other words.
        let stays = |title: &String| was.iter().any(|was| *title == format!("Of w{was}x"));
        let entries = redline.renumbered.into_iter().filter(|entry| stays(&entry.title));
        let found: Vec<_> = entries.map(|entry| (entry.was, entry.is, entry.title)).collect();
        prop_assert_eq!(found, wanted, "{}\n{}", numbered(&old), numbered(&new));
    }
}
