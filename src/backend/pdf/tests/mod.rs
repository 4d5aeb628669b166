//! Our files, read back by lopdf.

mod pictures;
mod read;
mod sample;

use super::{Claim, Edition, emit_layout};
use crate::ast::{BlockKind, InlineKind};
use crate::backend::fixture::{self, block, inline, text};
use crate::diagnostic::Diagnostics;
use crate::layout::font::FontBook;
use crate::layout::frame::{GlyphRun, ItemKind, Layout, Role, Shift, Tag, TagTree};
use crate::layout::layout;
use crate::theme::Theme;
use read::Read;
use sample::{Sample, document, serif};
use std::sync::Arc;

fn compile(layout: &Layout) -> Edition {
    let mut diagnostics = Diagnostics::default();
    let edition = emit_layout(&document(), layout.clone(), FontBook::bundled(), &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    if let Ok(directory) = std::env::var("CHANCERY_KEEP_PDF") {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        std::fs::write(format!("{directory}/{name}.pdf"), &edition.bytes).unwrap();
    }
    edition
}

#[test]
fn every_page_gives_its_text_back() {
    let layout = Sample::brief();
    let read = Read::new(&compile(&layout).bytes);
    assert_eq!(
        read.texts(),
        [
            "H1: Cooperation",
            "P: The first para\u{AD}graph runs over two lines and a page.",
            "Lbl: 1.",
            "LBody: An item with a ",
            "Link: link over two lines",
            "LBody: .",
            "TH: Year",
            "TH: Step",
            "TD: 2006",
            "TD: Working arrangement",
            "P: efficient office",
        ]
    );
}

#[test]
fn the_structure_refers_to_every_mark_once_and_back() {
    let read = Read::new(&compile(&Sample::brief()).bytes);
    read.check_parent_tree();
}

#[test]
fn widths_are_those_of_the_font() {
    let read = Read::new(&compile(&Sample::brief()).bytes);
    let font = serif();
    let em = f32::from(font.metrics().units_per_em);
    let (widths, map, texts) = read.font();
    assert!(widths.len() > 10);
    assert_eq!(texts.len(), widths.len());
    for (code, text) in texts {
        let width = widths[&map.glyph(code).unwrap()];
        let mut characters = text.chars();
        if let (Some(only), None) = (characters.next(), characters.next()) {
            let glyph = font.glyph(only).unwrap();
            assert!((font.advance(glyph) * 1000.0 / em - width).abs() < 0.001, "{only:?}");
        }
    }
}

#[test]
fn the_same_layout_gives_the_same_bytes() {
    assert_eq!(compile(&Sample::brief()).bytes, compile(&Sample::brief()).bytes);
}

#[test]
fn different_documents_have_different_ids() {
    let mut other = Sample::brief();
    other.pages.pop();
    assert_ne!(Read::new(&compile(&Sample::brief()).bytes).id(), Read::new(&compile(&other).bytes).id());
}

#[test]
fn a_figure_without_alternative_is_no_accessible_document() {
    let mut layout = Sample::brief();
    assert_eq!(compile(&layout).claim, Claim::Accessible);
    layout.tags.add(TagTree::ROOT, Tag::new(Role::Figure));
    let edition = compile(&layout);
    assert_eq!(edition.claim, Claim::Archival);
    let xmp = Read::new(&edition.bytes).xmp();
    assert!(xmp.contains("<pdfaid:conformance>U<") && !xmp.contains("pdfuaid:part"), "{xmp}");
}

#[test]
fn skipped_heading_levels_are_closed_up() {
    let mut sample = Sample::new();
    for level in [1, 3, 3, 2, 5] {
        sample.paragraph(Role::Heading(level), "Heading");
    }
    let read = Read::new(&compile(&sample.finish()).bytes);
    let types: Vec<String> =
        read.texts().iter().map(|text| text.split(':').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(types, ["H1", "H2", "H2", "H2", "H3"]);
}

#[test]
fn text_that_runs_to_the_left_is_read_in_its_own_order() {
    let layout = Sample::leftward("abc d");
    assert_eq!(Read::new(&compile(&layout).bytes).texts(), ["P: abc d"]);
}

#[test]
fn a_line_end_hyphen_is_a_soft_one_and_a_written_one_stays() {
    let mut sample = Sample::new();
    sample.paragraph(Role::Paragraph, "well-known|");
    let read = Read::new(&compile(&sample.finish()).bytes);
    assert_eq!(read.texts(), ["P: well-known\u{AD}"]);
}

#[test]
fn private_use_characters_are_explained() {
    let mut layout = Sample::leftward("ab");
    if let Some(ItemKind::Glyphs(run)) =
        Arc::make_mut(&mut layout.pages[0].content).items.last_mut().map(|item| &mut item.kind)
    {
        run.text = "a\u{E000}".into();
    }
    let read = Read::new(&compile(&layout).bytes);
    assert_eq!(read.texts(), ["P: a\u{E000}"]);
    assert!(read.font().2.values().all(|text| text != "\u{E000}"), "ToUnicode knows no private-use character");
}

#[test]
fn characters_beyond_the_codes_of_one_byte_have_two() {
    let text: String = ('\u{C0}'..='\u{17F}').filter(|character| serif().glyph(*character).is_some()).collect();
    let mut sample = Sample::new();
    sample.paragraph(Role::Paragraph, &text);
    let read = Read::new(&compile(&sample.finish()).bytes);
    assert_eq!(read.texts(), [format!("P: {text}")]);
    let codes: Vec<String> = read.font().2.keys().map(ToString::to_string).collect();
    let (two, one): (Vec<&str>, Vec<&str>) = codes.iter().map(String::as_str).partition(|code| code.len() == 4);
    assert_eq!(one.iter().filter(|code| **code >= "80").count(), 64);
    assert_eq!(two.len(), text.chars().count() - 64);
}

fn glyph_runs(layout: &Layout) -> Vec<&GlyphRun> {
    let items = layout.pages.iter().flat_map(|page| &page.items);
    items.filter_map(|item| if let ItemKind::Glyphs(run) = &item.kind { Some(run) } else { None }).collect()
}

/// A line of many runs, such as one of references to notes, has room for each of
/// them, and not for all in each.
#[test]
fn a_run_takes_no_more_room_than_its_text() {
    let content = (0..400).flat_map(|_| [text("x"), inline(InlineKind::Code("y".to_owned()))]);
    let words = fixture::document(vec![block(BlockKind::Paragraph(content.collect::<Vec<_>>().into()))]);
    let layout = layout(&words, &Theme::default(), &mut Diagnostics::default());
    let runs = glyph_runs(&layout);
    assert!(runs.len() >= 800, "{}", runs.len());
    let room: usize = runs.iter().map(|run| run.glyphs.room()).sum();
    assert!(room < 160 * runs.len(), "{room}");
}

#[test]
fn a_mark_stands_over_its_letter() {
    // There is no single character for this letter with this mark.
    let words = fixture::document(vec![fixture::paragraph("an x\u{301}")]);
    let mut layout = layout(&words, &Theme::default(), &mut Diagnostics::default());
    let lifts = |layout: &Layout| {
        let file = lopdf::Document::load_mem(&compile(layout).bytes).unwrap();
        let content = file.get_page_content(file.page_iter().next().unwrap());
        content.windows(3).filter(|operator| operator == b" Ts").count()
    };
    let items = layout.pages.iter_mut().flat_map(|page| &mut Arc::make_mut(&mut page.content).items);
    let run = items.filter_map(|item| if let ItemKind::Glyphs(run) = &mut item.kind { Some(run) } else { None });
    let run = run.into_iter().find(|run| &*run.text == "an x\u{301}").unwrap();
    // The font's accent is as high as it should be. One that is not is lifted,
    // and what follows is not.
    run.edit_each(|each| {
        let [Shift { x: 0, y: 0 }, .., Shift { x: 0, y: 0 }, mark] = each.shifts.as_mut_slice() else { panic!() };
        assert_ne!(*mark, Shift::default());
        mark.y = 200;
    });
    assert_eq!(lifts(&layout), 2);
}

#[test]
fn an_empty_document_is_still_a_file() {
    let read = Read::new(&compile(&Layout::default()).bytes);
    assert!(read.texts().is_empty());
}
