//! What must hold for every page, whatever stands on it.

use crate::support::{PROJECT_FREE, crate_path};
use chancery::diagnostic::Diagnostics;
use chancery::layout::frame::{GlyphRun, Item, ItemKind, Layout, Mark, Page};
use chancery::layout::layout;
use chancery::theme::Theme;
use std::fmt::Write as _;

/// A document that uses what pages are made of, long enough to need several.
fn everything() -> String {
    let sentence = "The committee considered the report and agreed that the measures would help everybody concerned. ";
    let mut text = String::from("---\ntitle: Everything\nreference: T/1\ntoc: yes\n---\n\n");
    for section in 0..8 {
        let _ = write!(text, "## Section {section}\n\n{}[^n{section}]\n\n", sentence.repeat(9));
        let _ = write!(text, "[^n{section}]: {}\n\n", sentence.repeat(1 + section));
        let _ = write!(text, ":::box {{title=\"Box {section}\"}}\n{}\n\n- one\n- two\n:::\n\n", sentence.repeat(5));
        text.push_str("| Item | Amount |\n|---|---:|\n");
        for row in 0..section * 9 {
            let _ = writeln!(text, "| Item number {row} | {row}.5 |");
        }
        text.push_str("\n```\nlet code = \"that is kept as it is\";\n\nfn main() {}\n```\n\n> Quoted.\n\n");
    }
    text
}

fn laid_out(text: &str, theme: &str) -> Layout {
    let compilation = PROJECT_FREE.compile(text);
    let theme = Theme::builtin(theme).unwrap();
    layout(compilation.document.as_ref().unwrap(), &theme, &mut Diagnostics::default())
}

fn documents() -> Vec<(String, String)> {
    let handbook = std::fs::read_to_string(crate_path("source/handbook.md")).unwrap();
    vec![("everything".to_owned(), everything()), ("handbook".to_owned(), handbook)]
}

fn runs(page: &Page) -> impl Iterator<Item = (&Item, &GlyphRun)> {
    page.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Glyphs(run) => Some((item, run)),
        _ => None,
    })
}

/// Left, top, right, bottom of the ink, roughly.
fn ink(run: &GlyphRun) -> [f32; 4] {
    // A space at a line's end is not seen.
    let seen = run.glyphs.len() - usize::from(run.text.ends_with(' ') && !run.rtl);
    let width: f32 = run.glyphs.iter().take(seen).map(|glyph| glyph.advance).sum::<f32>() * run.stretch;
    [run.origin.x, run.origin.y - 0.65 * run.size, run.origin.x + width, run.origin.y + 0.15 * run.size]
}

#[test]
fn text_stays_on_the_page_and_off_other_text() {
    for (name, text) in documents() {
        for theme in Theme::names() {
            for page in &laid_out(&text, theme).pages {
                let boxes: Vec<_> = runs(page)
                    .filter(|(item, run)| item.mark != Mark::Layout && !run.text.trim().is_empty())
                    .map(|(_, run)| (ink(run), run.text.as_str()))
                    .collect();
                for (index, (a, text)) in boxes.iter().enumerate() {
                    let place = format!("{name}, {theme}, page {}: {text:?}", page.label);
                    assert!(a[0] >= 0.0 && a[1] >= 0.0 && a[2] <= page.width && a[3] <= page.height, "{place}");
                    for (b, other) in boxes.iter().skip(index + 1) {
                        let overlap = (a[2].min(b[2]) - a[0].max(b[0])).min(a[3].min(b[3]) - a[1].max(b[1]));
                        assert!(overlap < 1.0, "{place} lies on {other:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_word_is_set_once_and_in_order() {
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let paragraph: String = (0..400).map(|number| format!("word{number} ")).collect();
    let layout = laid_out(&format!("# Title\n\n{paragraph}\n"), "briefing");
    let set: String = layout
        .pages
        .iter()
        .flat_map(runs)
        .filter(|(item, _)| matches!(item.mark, Mark::Content(_)))
        .map(|(_, run)| run.text.as_str())
        .collect();
    let set = set.strip_prefix("Title").unwrap();
    assert_eq!(words(set), words(&paragraph));
}

#[test]
fn a_table_that_breaks_repeats_its_header() {
    let rows: String = (0..90).map(|row| format!("| {row} | value |\n")).collect();
    let layout =
        laid_out(&format!("# T\n\n:::table {{caption=\"V\"}}\n| Row | Value |\n|---|---|\n{rows}:::\n"), "briefing");
    assert!(layout.pages.len() > 2);
    for page in layout.pages.iter().skip(1) {
        let artifacts: String =
            runs(page).filter(|(item, _)| item.mark == Mark::Pagination).map(|(_, run)| run.text.as_str()).collect();
        assert!(artifacts.contains("(continued)") && artifacts.contains("Row"), "{artifacts}");
    }
}

#[test]
fn layout_is_the_same_every_time() {
    let text = everything();
    let (one, other) = (laid_out(&text, "report"), laid_out(&text, "report"));
    assert_eq!(format!("{:?}", one.pages), format!("{:?}", other.pages));
}
