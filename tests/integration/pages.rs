//! What must hold for every page, whatever stands on it.

use crate::support::{PROJECT_FREE, crate_path, editions, files_under};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::layout::frame::{GlyphRun, Item, ItemKind, Layout, Mark, Page, Role};
use chancery::layout::layout;
use chancery::source::MemoryFiles;
use chancery::theme::Theme;
use std::fmt::Write as _;
use std::path::Path;

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
    let files = [("note.md", text), ("data.csv", "A,B\nx,2\ny,4\n")];
    let files = MemoryFiles(files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into());
    let compilation = PROJECT_FREE.compile_files("note.md", &files);
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
    let glyphs = run.each();
    let seen = glyphs.len() - usize::from(run.text.ends_with(' ') && !run.rtl);
    let width: f32 = glyphs.iter().take(seen).map(|glyph| glyph.advance).sum::<f32>() * run.stretch;
    [run.origin.x, run.origin.y - 0.65 * run.size, run.origin.x + width, run.origin.y + 0.15 * run.size]
}

#[test]
fn text_stays_on_the_page_and_off_other_text() {
    for (name, text) in documents() {
        for theme in Theme::names() {
            for page in &laid_out(&text, theme).pages {
                let boxes: Vec<_> = runs(page)
                    .filter(|(item, run)| item.mark != Mark::Layout && !run.text.trim().is_empty())
                    .map(|(_, run)| (ink(run), &*run.text))
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
        .flat_map(|page| runs(page))
        .filter(|(item, _)| matches!(item.mark, Mark::Content(_)))
        .map(|(_, run)| &*run.text)
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
            runs(page).filter(|(item, _)| item.mark == Mark::Pagination).map(|(_, run)| &*run.text).collect();
        assert!(artifacts.contains("(continued)") && artifacts.contains("Row"), "{artifacts}");
    }
}

#[test]
fn layout_is_the_same_every_time() {
    let text = everything();
    let (one, other) = (laid_out(&text, "report"), laid_out(&text, "report"));
    assert_eq!(format!("{:?}", one.pages), format!("{:?}", other.pages));
}

/// What stands last on a page that others follow, where it is a heading; notes
/// at its foot do not count. Titles, of the document, are no headings here.
fn stranded(layout: &Layout) -> Vec<String> {
    let tags = &layout.tags.tags;
    let mut parents = vec![0; tags.len()];
    for parent in layout.tags.in_reading_order() {
        layout.tags.children(parent).for_each(|child| parents[child.0 as usize] = parent.0 as usize);
    }
    let is_in = |tag: usize, wanted: fn(Role) -> bool| {
        std::iter::successors(Some(tag), |tag| (*tag > 0).then(|| parents[*tag])).any(|tag| wanted(tags[tag].role))
    };
    let mut out = Vec::new();
    for page in layout.pages.iter().rev().skip(1) {
        let content = page.items.iter().filter_map(|item| {
            let Mark::Content(tag) = item.mark else { return None };
            let (y, words) = match &item.kind {
                ItemKind::Glyphs(run) => (run.origin.y, &*run.text),
                ItemKind::Picture { area, .. } => (area.y + area.height, ""),
                ItemKind::Rectangle { .. } | ItemKind::Line { .. } | ItemKind::Link(_) => return None,
            };
            let tag = tag.0 as usize;
            (!is_in(tag, |role| role == Role::Note)).then_some((y, tag, words))
        });
        let last = content.max_by(|one, other| one.0.total_cmp(&other.0));
        if let Some((_, tag, words)) = last
            && is_in(tag, |role| matches!(role, Role::Heading(level) if level > 1))
        {
            out.push(format!("page {}: {words}", page.label));
        }
    }
    out
}

/// What may follow a heading.
const ANNOUNCED: &[&str] = &[
    "Some words.",
    "```\nlet one = 1;\nlet two = 2;\n```",
    "| A | B |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "> Quoted.",
    "- item\n- item",
    ":::table {caption=\"Values\"}\n| A | B |\n|---|---|\n| 1 | 2 |\n:::",
    ":::chart {type=bar src=data.csv x=A caption=\"Values\"}\n:::",
    ":::box {title=\"Box\"}\nIn a box.\n:::",
    "---\n\nAfter a line.",
    ":::pagebreak\n:::\n\nOn a page.",
    "Term\n\n: What it means.",
];

#[test]
fn no_heading_ends_a_page() {
    let heads = ["## One", "## One\n\n### Two", "## One\n\n## Two\n\n### Three\n\n#### Four"];
    for what in ANNOUNCED {
        for head in heads {
            for before in 30..48 {
                let text =
                    format!("# T\n\n{}{head}\n\n{what}\n\n{}", "Line.\n\n".repeat(before), "Line.\n\n".repeat(40));
                assert_eq!(stranded(&laid_out(&text, "briefing")), [""; 0], "{before} lines, {head}, {what}");
            }
        }
    }
}

#[test]
fn headings_without_end_stay_on_their_pages() {
    let text: String = (0..200).map(|number| format!("## Heading {number}\n\n")).collect();
    let layout = laid_out(&format!("# T\n\n{text}"), "briefing");
    for page in &layout.pages {
        assert!(runs(page).all(|(_, run)| run.origin.y < page.height), "page {}", page.label);
    }
}

#[test]
fn no_heading_ends_a_page_of_a_real_document() {
    for (name, text) in documents() {
        for theme in Theme::names() {
            assert_eq!(stranded(&laid_out(&text, theme)), [""; 0], "{name}, {theme}");
        }
    }
    let corpora = std::env::var_os("CHANCERY_CORPORA").unwrap_or_default();
    let mut found = Vec::new();
    let folders = std::env::split_paths(&corpora).filter(|path| path.is_dir());
    let pages: usize = folders.map(|folder| each_document(&folder, &mut found)).sum();
    assert!(found.is_empty(), "{} of {pages} pages:\n{}", found.len(), found.join("\n"));
}

/// Lays out every document under a folder; how many pages they have.
fn each_document(folder: &Path, found: &mut Vec<String>) -> usize {
    let mut pages = 0;
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            pages += each_document(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            let files = files_under(folder);
            let name = path.file_name().unwrap().to_str().unwrap();
            let compilation = PROJECT_FREE.compile_files(name, &files);
            let Some(document) = &compilation.document else { continue };
            let layout = layout(document, &compilation.theme, &mut Diagnostics::default());
            pages += layout.pages.len();
            found.extend(stranded(&layout).into_iter().map(|what| format!("{}, {what}", path.display())));
        }
    }
    pages
}

/// The words of a page's head and foot, and those of its text.
fn words(page: &Page, pagination: bool) -> String {
    let wanted = runs(page).filter(|(item, _)| (item.mark == Mark::Pagination) == pagination);
    wanted.map(|(_, run)| &*run.text).collect::<Vec<_>>().join(" ")
}

const SENTENCE: &str = "The committee considered the report and agreed on the measures. ";

#[test]
fn the_running_head_gives_a_reference_its_room() {
    let reference = "Council document 12345/26 ADD 1 REV 2 COR 3, ECON 123";
    let long = "A title of middle length that has a number of words to it, and some more";
    for theme in Theme::names() {
        for (title, is_whole) in [("Short", true), (long, false)] {
            let text = format!("---\ntitle: {title}\nreference: {reference}\n---\n\n{}", SENTENCE.repeat(200));
            let layout = laid_out(&text, theme);
            let head = words(layout.pages.last().unwrap(), true);
            assert!(head.contains(reference), "{theme}: {head}");
            assert_eq!(head.contains(title), is_whole, "{theme}: {head}");
        }
    }
}

#[test]
fn a_header_stands_over_the_columns_it_spans_with_a_rule_of_its_own() {
    let text = "# T\n\n<table><thead><tr><th rowspan=2>Region</th><th colspan=2>Grants</th><th colspan=2>Loans</th></tr>\
        <tr><th>2024</th><th>2025</th><th>2026</th><th>2027</th></tr></thead>\
        <tr><td>North</td><td>1</td><td>2</td><td>3</td><td>4</td></tr></table>\n";
    for lang in ["en", "ar"] {
        let layout = laid_out(&format!("---\nlang: {lang}\n---\n{text}"), "briefing");
        let page = &layout.pages[0];
        let run = |word: &str| runs(page).map(|(_, run)| run).find(|run| run.text.contains(word)).unwrap();
        let middle = |word: &str| (ink(run(word))[0] + ink(run(word))[2]) / 2.0;
        let between = run("Grants").origin.y..run("2024").origin.y;
        let mut rules: Vec<_> = page
            .items
            .iter()
            .filter_map(|item| match &item.kind {
                ItemKind::Rectangle { area, .. } if between.contains(&area.y) => Some((area.x, area.x + area.width)),
                _ => None,
            })
            .collect();
        rules.sort_by(|one, other| one.0.total_cmp(&other.0));
        let [one, two] = rules[..] else { panic!("{lang}: {rules:?}") };
        assert!(one.1 < two.0, "{lang}: the rules are one");
        let (left, right) = if lang == "en" { ("Grants", "Loans") } else { ("Loans", "Grants") };
        for ((start, end), head) in [(one, left), (two, right)] {
            assert!((middle(head) - (start + end) / 2.0).abs() < 4.0, "{lang}: {head} is not over its rule");
        }
        let first = if lang == "en" { one } else { two };
        assert!((first.0..first.1).contains(&middle("2024")), "{lang}: 2024 is not under its header");
    }
}

#[test]
fn each_of_many_authors_has_a_line() {
    let names: Vec<String> = (b'A'..=b'N').map(|letter| format!("{0}nna {0}lstrom", char::from(letter))).collect();
    let text = format!("---\ntitle: Title\nauthors: [{}]\n---\n\nWords.\n", names.join(", "));
    for theme in Theme::names() {
        let layout = laid_out(&text, theme);
        let line = |name: &String| runs(&layout.pages[0]).find(|(_, run)| run.text.contains(name)).unwrap().1.origin.y;
        let lines: Vec<f32> = names.iter().map(line).collect();
        assert!(lines.windows(2).all(|pair| pair[1] - pair[0] > 5.0), "{theme}: {lines:?}");
    }
}

#[test]
fn a_marking_stands_on_every_page_and_on_covers() {
    let text = format!(
        "---\ntitle: Title\nmarking: Limited\ntoc: 1\n---\n\n{}",
        format!("# Part\n\n{SENTENCE}\n\n").repeat(60)
    );
    for theme in Theme::names() {
        let layout = laid_out(&text, theme);
        assert!(layout.pages.len() > 2);
        assert!(words(&layout.pages[0], false).contains("Limited"), "{theme}: not above the title");
        for page in &layout.pages {
            assert!(words(page, true).contains("Limited"), "{theme}: not on page {}", page.label);
        }
    }
    let compilation = PROJECT_FREE.compile(&text);
    let page = editions(&compilation, Format::Html);
    assert!(page.contains("@page { @bottom-left { content: \"Limited\""), "not on the printed pages of HTML");
}

#[test]
fn long_titles_are_set_smaller() {
    for theme in Theme::names() {
        let size = |title: &str| {
            let layout = laid_out(&format!("---\ntitle: {title}\n---\n\nWords.\n"), theme);
            runs(&layout.pages[0]).find(|(_, run)| run.text.contains("Title")).unwrap().1.size
        };
        let long = format!("Title {}", "of many words about the measures and their effects ".repeat(6));
        assert!(size("Title") > size(long.trim()), "{theme}");
    }
}

#[test]
fn annexes_that_would_leave_a_page_nearly_empty_share_it() {
    let annex = |number: usize, lines: usize| {
        format!(":::annex {{title=\"Number {number}\"}}\n{}:::\n\n", format!("{SENTENCE}\n\n").repeat(lines))
    };
    let pages = |lines: usize| {
        let text =
            format!("# Title\n\n{}\n\n{}", SENTENCE.repeat(60), (0..3).map(|at| annex(at, lines)).collect::<String>());
        let layout = laid_out(&text, "briefing");
        let page_of = |number: usize| {
            let word = format!("Number {number}");
            layout.pages.iter().position(|page| words(page, false).contains(&word)).unwrap()
        };
        [page_of(0), page_of(1), page_of(2)]
    };
    let [one, two, three] = pages(1);
    assert!(one == two && two == three, "short annexes have pages of their own");
    let [one, two, three] = pages(20);
    assert!(one < two && two < three, "long annexes share a page");
}
