//! What holds of every redline, over documents that are made up and edited at random:
//! sections, paragraphs, tables, lists and notes.

use crate::sandbox::Sandbox;
use crate::support::PROJECT_FREE;
use chancery::Compilation;
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::redline::{Redline, Renumbering, compare, faults, track};
use chancery::resolve::ChangeKind;
use chancery::verify::prove;
use proptest::prelude::{ProptestConfig, Strategy, any, prop, prop_assert, prop_oneof, proptest};
use proptest::test_runner::RngSeed;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Words, by their numbers.
pub type Words = Vec<u16>;

#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// Sentences.
    Paragraph(Vec<Words>),
    /// A paragraph that calls a note.
    Noted(Words, Words),
    /// Rows of cells, the first of which is the head.
    Table(Vec<Vec<u16>>),
    List(Vec<Words>),
}

/// Sections with their titles.
pub type Text = Vec<(u16, Vec<Part>)>;

fn words(least: usize, most: usize) -> impl Strategy<Value = Words> {
    prop::collection::vec(0..2000_u16, least..most)
}

fn part() -> impl Strategy<Value = Part> {
    let table = (2..4_usize, 2..5_usize).prop_flat_map(|(columns, rows)| {
        prop::collection::vec(prop::collection::vec(0..2000_u16, columns..=columns), rows..=rows)
    });
    prop_oneof![
        4 => prop::collection::vec(words(5, 14), 2..5).prop_map(Part::Paragraph),
        1 => (words(8, 16), words(4, 9)).prop_map(|(text, note)| Part::Noted(text, note)),
        1 => table.prop_map(Part::Table),
        1 => prop::collection::vec(words(3, 9), 2..5).prop_map(Part::List),
    ]
}

pub fn text() -> impl Strategy<Value = Text> {
    prop::collection::vec((0..2000_u16, prop::collection::vec(part(), 1..5)), 2..5)
}

pub fn said(words: &[u16]) -> String {
    words.iter().map(|word| format!("w{word}x")).collect::<Vec<_>>().join(" ")
}

/// The text as a document.
pub fn written(text: &Text) -> String {
    let mut out = "---\ntitle: A note\nlang: en\ndate: 2024-01-01\n---\n".to_owned();
    let mut notes = String::new();
    for (title, parts) in text {
        out += &format!("\n# Of w{title}x\n\n");
        for part in parts {
            match part {
                Part::Paragraph(sentences) => {
                    out += &sentences.iter().map(|words| format!("{}.", said(words))).collect::<Vec<_>>().join(" ");
                }
                Part::Noted(words, note) => {
                    let id = notes.lines().count();
                    out += &format!("{}.[^n{id}]", said(words));
                    notes += &format!("[^n{id}]: {}.\n", said(note));
                }
                Part::Table(rows) => {
                    let line = |row: &Vec<u16>| format!("| {} |\n", said(row).replace(' ', " | "));
                    let (head, body) = rows.split_first().unwrap();
                    out += &line(head);
                    out += &format!("|{}\n", "---|".repeat(head.len()));
                    body.iter().for_each(|row| out += &line(row));
                }
                Part::List(items) => items.iter().for_each(|item| out += &format!("- {}\n", said(item))),
            }
            out += "\n\n";
        }
    }
    out + &notes
}

/// What an author does, by a kind and two places.
pub type Edit = (u8, usize, usize);

pub fn edit(text: &mut Text, (kind, place, other): Edit) {
    let fresh = 3000 + u16::try_from(other % 4000).unwrap() * 12;
    let new = |count: u16| (fresh..fresh + count).collect::<Words>();
    let at = place % text.len();
    match kind % 12 {
        0 => {
            let to = other % text.len();
            text.swap(at, to);
        }
        1 => text.insert(at, (fresh, vec![Part::Paragraph(vec![new(9)])])),
        2 if text.len() > 1 => drop(text.remove(at)),
        3 => {
            let parts = &mut text[at].1;
            parts.insert(other % (parts.len() + 1), Part::Paragraph(vec![new(10)]));
        }
        4 => {
            let parts = &mut text[at].1;
            let gone = other % parts.len();
            let part = parts.remove(gone);
            // It stands elsewhere, or nowhere.
            if place.is_multiple_of(2) {
                let to = other % text.len();
                text[to].1.push(part);
            }
        }
        5 => text[at].1.push(Part::Noted(new(8), new(4))),
        _ => {
            let parts = &mut text[at].1;
            if !parts.is_empty() {
                let part = other % parts.len();
                edit_part(parts, part, kind, place / 7, &new(6));
            }
        }
    }
    text.iter_mut().for_each(|(_, parts)| {
        if parts.is_empty() {
            parts.push(Part::Paragraph(vec![new(7)]));
        }
    });
}

fn edit_part(parts: &mut Vec<Part>, at: usize, kind: u8, place: usize, new: &[u16]) {
    match &mut parts[at] {
        Part::Paragraph(sentences) => match kind % 3 {
            0 if sentences.len() > 1 => {
                let rest = sentences.split_off(1 + place % (sentences.len() - 1));
                parts.insert(at + 1, Part::Paragraph(rest));
            }
            1 => {
                let sentence = place % sentences.len();
                let word = place % sentences[sentence].len();
                sentences[sentence][word] = new[0];
            }
            _ => sentences.insert(place % (sentences.len() + 1), new.to_vec()),
        },
        Part::Noted(words, note) => {
            let changed = if kind.is_multiple_of(2) { words } else { note };
            changed[0] = new[0];
        }
        Part::Table(rows) => match kind % 4 {
            0 => {
                let row = new[..rows[0].len()].to_vec();
                rows.insert(1 + place % rows.len(), row);
            }
            1 if rows.len() > 2 => drop(rows.remove(1 + place % (rows.len() - 1))),
            2 => {
                let column = place % (rows[0].len() + 1);
                rows.iter_mut().zip(new.iter().cycle()).for_each(|(row, word)| row.insert(column, *word));
            }
            _ => {
                let (row, column) = (1 + place % (rows.len() - 1), place % rows[0].len());
                rows[row][column] = new[0];
            }
        },
        Part::List(items) => items.insert(place % (items.len() + 1), new.to_vec()),
    }
}

pub fn redline(old: &str, new: &str) -> (Redline, Compilation, Compilation) {
    let [old, new] = [old, new].map(|text| PROJECT_FREE.compile(text));
    let files = u32::try_from(new.sources.iter().count()).unwrap();
    let (was, is) = (old.document.as_ref().unwrap(), new.document.as_ref().unwrap());
    let mut redline = compare(was, is, files, Renumbering::List);
    redline.document.tracked = Some(Arc::new(track(was, is, files)));
    (redline, old, new)
}

/// How many of a text's words are among some.
fn count(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Runs of eight words.
fn runs(redline: &Redline, side: fn(&chancery::redline::Difference) -> &String) -> BTreeSet<String> {
    const LENGTH: usize = 8;
    let is_moved = |kind: ChangeKind| matches!(kind, ChangeKind::MovedFrom | ChangeKind::MovedTo);
    let stays = redline.changes.iter().filter(|change| !is_moved(change.kind));
    let all = stays.flat_map(|change| {
        let words: Vec<&str> = side(change).split_whitespace().collect();
        words.windows(LENGTH).map(|run| run.join(" ")).collect::<Vec<_>>()
    });
    all.collect()
}

/// A number that the environment gives: how many cases, and which.
pub fn asked<T: std::str::FromStr>(name: &str, else_this: T) -> T {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(else_this)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: asked("CHANCERY_CASES", 64),
        rng_seed: RngSeed::Fixed(asked("CHANCERY_SEED", 26)),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// Each version can be read out of the redline, and out of the editions of it.
    #[test]
    fn a_redline_says_both_versions(
        old in text(),
        edits in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..7),
    ) {
        let mut new = old.clone();
        edits.iter().for_each(|change| edit(&mut new, *change));
        let (old, new) = (written(&old), written(&new));
        let (redline, was, is) = redline(&old, &new);
        let lost = faults(&redline.document, was.document.as_ref().unwrap(), is.document.as_ref().unwrap());
        prop_assert!(lost.is_empty(), "{lost:?}\n{old}\n{new}");
        let both = redline.document.tracked.as_ref().unwrap();
        let lost = faults(&both.document, &both.old, &both.new);
        prop_assert!(lost.is_empty(), "{lost:?}\n{old}\n{new}");
        let compilation = Compilation { document: Some(redline.document), ..is };
        for format in [Format::Html, Format::Text, Format::Docbook, Format::Docx] {
            let mut found = Diagnostics::default();
            let bytes = compilation.edition(format, &mut found).unwrap();
            prove(compilation.document.as_ref().unwrap(), &compilation.theme, format, &bytes, &mut found);
            prop_assert!(!found.has_errors(), "{format:?} {found:?}\n{old}\n{new}");
        }
    }

    /// What stayed is not painted: no eight words in a row are both deleted and inserted.
    #[test]
    fn nothing_is_deleted_and_inserted_again(
        old in text(),
        edits in prop::collection::vec((any::<u8>(), any::<usize>(), any::<usize>()), 1..4),
    ) {
        let mut new = old.clone();
        edits.iter().for_each(|change| edit(&mut new, *change));
        let (redline, ..) = redline(&written(&old), &written(&new));
        let (gone, come) = (runs(&redline, |change| &change.old), runs(&redline, |change| &change.new));
        let both: Vec<&String> = gone.intersection(&come).collect();
        prop_assert!(both.is_empty(), "{both:?}\n{}\n{}", written(&old), written(&new));
    }

    /// A few new words mark few others.
    #[test]
    fn inserted_words_mark_few_others(
        old in prop::collection::vec(prop::collection::vec(words(6, 14), 2..5), 1..4),
        place in any::<usize>(),
        length in 1..12_u16,
    ) {
        const OTHERS: usize = 8;
        let mut new = old.clone();
        let paragraph = place % new.len();
        let sentence = place / 3 % new[paragraph].len();
        let at = place / 11 % new[paragraph][sentence].len();
        new[paragraph][sentence].splice(at..at, 3000..3000 + length);
        let text = |paragraphs: &[Vec<Words>]| {
            written(&vec![(0, paragraphs.iter().cloned().map(Part::Paragraph).collect())])
        };
        let (redline, ..) = redline(&text(&old), &text(&new));
        let marked: usize = redline.changes.iter().map(|change| count(&change.old) + count(&change.new)).sum();
        prop_assert!(marked <= usize::from(length) + OTHERS, "{marked}: {:?}", redline.changes);
    }

    /// The editions of another redline are not believed: of one with its sides swapped, or of
    /// the new version alone.
    #[test]
    fn editions_of_another_redline_are_not_believed(old in text(), other in any::<usize>()) {
        let mut new = old.clone();
        edit(&mut new, (3, 0, other));
        let (old, new) = (written(&old), written(&new));
        let compilation = |old: &str, new: &str| {
            let (redline, _, is) = redline(old, new);
            Compilation { document: Some(redline.document), ..is }
        };
        let (right, wrong, alone) = (compilation(&old, &new), compilation(&new, &old), PROJECT_FREE.compile(&new));
        for format in [Format::Pdf, Format::Html, Format::Docbook, Format::Text, Format::Docx] {
            for false_one in [&wrong, &alone] {
                let mut found = Diagnostics::default();
                let bytes = false_one.edition(format, &mut found).unwrap();
                prove(right.document.as_ref().unwrap(), &right.theme, format, &bytes, &mut found);
                prop_assert!(found.has_errors(), "{format:?} is believed");
            }
        }
    }
}

#[test]
fn redlines_are_the_same_on_any_number_of_threads() {
    let sandbox = Sandbox::with(&[("chancery.toml", "[project]\nredline = true\nagainst = \"earlier\"\n")]);
    for name in ["one", "two", "three", "four"] {
        let text =
            |word: &str| format!("---\ntitle: {name}\nlang: en\n---\n\n# {word}\n\nA {word} of {name}.\n\n- {word}\n");
        sandbox.write(&format!("earlier/{name}.md"), text("pear"));
        sandbox.write(&format!("source/{name}.md"), text("plum"));
    }
    for (jobs, out) in [("1", "one"), ("8", "eight")] {
        sandbox.run(&["build", "--jobs", jobs, "--out", out]).ends_with(0);
    }
    assert_eq!(sandbox.files("one").len(), 4 * 10 + 2);
    assert_eq!(sandbox.files("one"), sandbox.files("eight"));
}
