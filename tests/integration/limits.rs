//! The limits of `docs/robustness.md`: what is just below is made, what is just
//! above is E0006 at a place. And what must grow with the text, and no faster.

use crate::support::{PROJECT_FREE, compile_among};
use chancery::diagnostic::{Code, Diagnostics, Severity};
use chancery::layout::frame::{ItemKind, Layout};
use chancery::project::Project;
use chancery::resolve::{
    BIBLIOGRAPHY_BYTES, CITATIONS, DATA_BYTES, DATA_CELLS, DOCUMENT, LINKED_FILES, NODE, QUOTED_SUMMARY_BYTES,
    QUOTED_TITLE_BYTES, RUN_BYTES, SHORT_FORM, STYLE_WORDS, TITLE_BYTES,
};
use chancery::source::file_dependencies::Recorder;
use chancery::source::{FileError, Files, MemoryFiles};
use chancery::{Compilation, TEXT_BYTES, parse};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

pub const FRONT: &str = "---\ntitle: A note\nlang: en\n---\n\n";

fn compile(files: &[(&str, &str)]) -> Compilation {
    let files: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    PROJECT_FREE.compile_files("note.md", &MemoryFiles(files))
}

/// The first of some documents that belong together.
fn compile_first(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Compilation {
    let files: Vec<(String, Vec<u8>)> = files.into_iter().collect();
    let paths: Vec<String> = files.iter().map(|(path, _)| path.clone()).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).filter(|path| path.ends_with(".md")).collect();
    compile_among(&paths, &MemoryFiles(files.into_iter().collect()), &Project::default(), &[])
}

#[track_caller]
pub fn kept(files: &[(&str, &str)]) {
    is_kept(&compile(files));
}

#[track_caller]
pub fn refused(files: &[(&str, &str)]) {
    is_refused(&compile(files));
}

/// The same with files that are no text.
#[track_caller]
pub fn kept_bytes(files: Vec<(&str, Vec<u8>)>) {
    is_kept(&compile_first(files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes))));
}

#[track_caller]
pub fn refused_bytes(files: Vec<(&str, Vec<u8>)>) {
    is_refused(&compile_first(files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes))));
}

/// The same with documents that know of one another.
#[track_caller]
pub fn kept_among(files: impl IntoIterator<Item = (String, Vec<u8>)>) {
    is_kept(&compile_first(files));
}

#[track_caller]
pub fn refused_among(files: impl IntoIterator<Item = (String, Vec<u8>)>) {
    is_refused(&compile_first(files));
}

#[track_caller]
fn is_kept(compilation: &Compilation) {
    let errors: Vec<_> = compilation
        .diagnostics
        .iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| &problem.message)
        .collect();
    assert!(compilation.document.is_some() && errors.is_empty(), "{errors:?}");
}

/// Refused for a limit, once, with a place and a hint.
#[track_caller]
fn is_refused(compilation: &Compilation) {
    let limits: Vec<_> = compilation.diagnostics.iter().filter(|problem| problem.code == Code::LimitExceeded).collect();
    let [limit] = limits.as_slice() else { panic!("{} limits: {:?}", limits.len(), compilation.diagnostics) };
    assert!(limit.span.is_some() && limit.hint.is_some(), "{limit:?}");
    assert!(compilation.document.is_none());
}

pub fn words(bytes: usize) -> String {
    "lorem ipsum dolor ".chars().cycle().take(bytes).collect::<String>().trim_end().to_owned()
}

#[test]
fn a_source_has_so_many_bytes() {
    let of = |bytes: usize| format!("Words.{}", "\n".repeat(bytes - 6));
    kept(&[("note.md", &of(TEXT_BYTES))]);
    refused(&[("note.md", &of(TEXT_BYTES + 1))]);
    refused(&[("note.md", "Words.\n\n:::include {src=part.md}\n:::\n"), ("part.md", &of(TEXT_BYTES + 1))]);
}

#[test]
fn a_source_has_so_many_signs() {
    // The first is the line's, the second the comment's.
    let of = |signs: usize| format!("Words.\n<!-- {} -->\n", "::::::::::\n".repeat(signs / 10));
    kept(&[("note.md", &of(parse::limits::SIGNS - 50))]);
    refused(&[("note.md", &of(parse::limits::SIGNS + 50))]);
}

#[test]
fn a_paragraph_has_so_many_bytes() {
    kept(&[("note.md", &format!("{FRONT}{}x\n", words(RUN_BYTES - 2).replace(' ', "_")))]);
    refused(&[("note.md", &format!("{FRONT}{}xxx\n", words(RUN_BYTES).replace(' ', "_")))]);
}

#[test]
fn a_title_has_so_many_bytes() {
    let given = |title: &str| format!("---\ntitle: {title}\nlang: en\n---\n\nWords.\n");
    let heading = |title: &str| format!("---\nlang: en\n---\n\n# {title}\n\nWords.\n");
    for of in [&given as &dyn Fn(&str) -> String, &heading] {
        kept(&[("note.md", &of(&words(TITLE_BYTES)))]);
        refused(&[("note.md", &of(&words(TITLE_BYTES + 1)))]);
        // Bytes are counted, and no letter is cut in two.
        refused(&[("note.md", &of(&"é".repeat(TITLE_BYTES)))]);
        refused(&[("note.md", &of(&format!("a{}", "é".repeat(TITLE_BYTES / 2))))]);
    }
    refused(&[("note.md", &heading(&words(RUN_BYTES + 1)))]);
}

#[test]
fn a_document_comes_to_so_much() {
    let value = words(200_000);
    let of = |times: usize| {
        format!("---\ntitle: A note\nlang: en\nsubtitle: {value}\n---\n\n{}", "{{subtitle}}\n\n".repeat(times))
    };
    let most = DOCUMENT / (value.len() + NODE * 3);
    kept(&[("note.md", &of(most - 1))]);
    refused(&[("note.md", &of(most + 1))]);
}

#[test]
fn whatever_repeats_text_is_within_the_budget() {
    let long = words(200_000);
    let note = |text: &str| format!("{FRONT}{text}");
    let part = format!("{}\n\n", words(1_000)).repeat(1_000);
    refused(&[("note.md", &note(&":::include {src=part.md}\n:::\n\n".repeat(900))), ("part.md", &part)]);

    let data = format!("a,b,c\n{}", "one,two,three\n".repeat(20_000));
    refused(&[("note.md", &note(&":::table {src=data.csv}\n:::\n\n".repeat(500))), ("data.csv", &data)]);
    let data = format!("a,b\n{}", "1,2\n".repeat(1_500));
    let chart = ":::chart {type=line src=data.csv x=a alt=Words}\n:::\n\n";
    refused(&[("note.md", &note(&chart.repeat(500))), ("data.csv", &data)]);

    let sections: String = (0..2_000).map(|at| format!("## Section {at} of many\n\nWords.\n\n")).collect();
    refused(&[("note.md", &note(&(sections + &":::contents\n:::\n\n".repeat(100))))]);
    let tables: String = (0..2_000)
        .map(|at| format!(":::table {{caption=\"Table number {at}\"}}\n| a |\n|---|\n| b |\n:::\n\n"))
        .collect();
    refused(&[("note.md", &note(&(tables + &":::tables\n:::\n\n".repeat(200))))]);
    let used: String = (0..1_000).map(|at| format!("A{at} ")).collect();
    let defined: String = (0..1_000).map(|at| format!("*[A{at}]: {}\n", words(100))).collect();
    refused(&[("note.md", &note(&format!("{used}\n\n{}{defined}", ":::abbreviations\n:::\n\n".repeat(200))))]);

    refused(&[("note.md", &note(&format!("{}\n\n*[ABC]: {long}\n", "ABC and ".repeat(1_000))))]);
    let titled = format!("## {long} {{#s}}\n\n{}", "See [](#s).\n\n".repeat(1_000));
    refused(&[("note.md", &note(&titled))]);
    let link = format!("[{}](https://example.org/{})\n", words(200_000), "a".repeat(100_000));
    refused(&[("note.md", &note(&link))]);
    let title = format!("[{}](https://example.org \"{long}\")\n", words(200_000));
    refused(&[("note.md", &note(&title))]);
}

#[test]
fn titles_of_other_documents_are_within_the_budget() {
    let mut files = BTreeMap::new();
    files.insert("note.md".to_owned(), "[](other.md)\n\n".repeat(DOCUMENT / QUOTED_TITLE_BYTES).into_bytes());
    files.insert("other.md".to_owned(), format!("---\ntitle: {}\n---\n\nWords.\n", words(TITLE_BYTES)).into_bytes());
    let compilation = compile_among(&["note.md", "other.md"], &MemoryFiles(files), &Project::default(), &[]);
    assert!(compilation.diagnostics.iter().any(|problem| problem.code == Code::LimitExceeded));
}

#[test]
fn other_documents_repeat_the_beginning_of_what_is_long() {
    let long = format!("a{}", "é".repeat(100_000));
    let [title, summary] = [QUOTED_TITLE_BYTES, QUOTED_SUMMARY_BYTES].map(|limit| "é".repeat(limit / 2));
    let other = |title: &str, text: &str| format!("---\ntitle: {title}\n---\n\n{text}\n").into_bytes();
    let mut files = BTreeMap::new();
    files.insert("index.md".to_owned(), format!("{FRONT}[](a.md)\n").into_bytes());
    files.insert("a.md".to_owned(), other(&long, &long));
    files.insert("b.md".to_owned(), other(&title, &summary));
    let compilation = compile_among(&["index.md", "a.md", "b.md"], &MemoryFiles(files), &Project::default(), &[]);
    let document = compilation.document.unwrap();
    let [a, b] = document.navigation.members.as_slice() else { panic!("{:?}", document.navigation.members) };
    let cut = |limit: usize| format!("a{}…", "é".repeat(limit / 2 - 1));
    let short = cut(QUOTED_TITLE_BYTES);
    assert!(a.title == short && a.text == short && a.description == Some(cut(QUOTED_SUMMARY_BYTES)));
    assert!(b.title == title && b.description.as_ref() == Some(&summary));
    assert_eq!(document.description, Some(cut(QUOTED_TITLE_BYTES)));
}

#[test]
fn data_have_so_many_bytes_and_fields() {
    let note = format!("{FRONT}:::table {{src=data.csv}}\n:::\n");
    let rows = |row: &str, count: usize| format!("{row}\n").repeat(count);
    let twenty = vec![words(80_000); 20].join(",");
    let fits = DATA_BYTES / (twenty.len() + 1);
    kept(&[("note.md", &note), ("data.csv", &rows(&twenty, fits))]);
    refused(&[("note.md", &note), ("data.csv", &rows(&twenty, fits + 1))]);

    let row = vec!["1"; 500].join(",");
    kept(&[("note.md", &note), ("data.csv", &rows(&row, DATA_CELLS / 500))]);
    refused(&[("note.md", &note), ("data.csv", &rows(&row, DATA_CELLS / 500 + 1))]);
    let columns = |count: usize| rows(&vec!["1"; count].join(","), 3);
    kept(&[("note.md", &note), ("data.csv", &columns(1_000))]);
    refused(&[("note.md", &note), ("data.csv", &columns(1_001))]);
}

#[test]
fn short_forms_are_short() {
    let of = |bytes: usize| format!("{FRONT}A {0} in words.\n\n*[{0}]: An expansion\n", "A".repeat(bytes));
    kept(&[("note.md", &of(SHORT_FORM))]);
    refused(&[("note.md", &of(SHORT_FORM + 1))]);
}

#[test]
fn aliases_of_front_matter_repeat_so_much() {
    let of = |times: usize| {
        let value = "a".repeat(1_024);
        format!("---\ntitle: A note\nx-a: &a {value}\nkeywords: [{}]\n---\n\nWords.\n", vec!["*a"; times].join(", "))
    };
    let most = parse::limits::YAML_REPEATED / 1_024;
    kept(&[("note.md", &of(most))]);
    refused(&[("note.md", &of(most + 1))]);
}

const CITING: &str = "---\ntitle: A note\nlang: en\nbibliography: a.bib\n---\n\nSee [@k].\n";

#[test]
fn a_bibliography_comes_to_so_much() {
    let entry = "@book{k, title={A title}, author={Writer, Ann}, date={2001}}\n";
    let of = |bytes: usize| format!("{entry}{}", "% Words.\n".repeat((bytes - entry.len()) / 9));
    kept(&[("note.md", CITING), ("a.bib", &of(BIBLIOGRAPHY_BYTES))]);
    refused(&[("note.md", CITING), ("a.bib", &of(BIBLIOGRAPHY_BYTES + 20))]);

    let doubled = |times: usize| {
        let names = (1..=times).map(|at| format!("@string{{s{at} = s{} # s{}}}\n", at - 1, at - 1));
        let names: String = names.collect();
        format!(
            "@string{{s0 = {{abcdefgh}}}}\n{names}@book{{k, title=s{times}, author={{Writer, Ann}}, date={{2001}}}}\n"
        )
    };
    kept(&[("note.md", CITING), ("a.bib", &doubled(8))]);
    refused(&[("note.md", CITING), ("a.bib", &doubled(21))]);
    refused(&[("note.md", CITING), ("a.bib", &doubled(40))]);
    let circle = "@string{a = b}\n@string{b = a}\n@book{k, title=a, author={Writer, Ann}, date={2001}}\n";
    let compilation = compile(&[("note.md", CITING), ("a.bib", circle)]);
    assert!(compilation.diagnostics.iter().any(|problem| problem.code == Code::BadBibliography));

    let yaml = CITING.replace("a.bib", "a.yml");
    let aliases = |times: usize| {
        let word = "a".repeat(10_000);
        let list = vec!["*a"; times].join(", ");
        format!("k:\n  type: Book\n  title: &a {word}\n  author: [{list}]\n  date: 2001\n")
    };
    refused(&[("note.md", &yaml), ("a.yml", &aliases(900))]);
}

#[test]
fn citations_are_so_many_and_within_the_budget() {
    let entry = |title: &str| format!("@book{{k, title={{{title}}}, author={{Writer, Ann}}, date={{2001}}}}\n");
    let cited = |times: usize| format!("{CITING}{}", "See [@k].\n\n".repeat(times - 1));
    kept(&[("note.md", &cited(50)), ("a.bib", &entry("A title"))]);
    refused(&[("note.md", &cited(CITATIONS + 1)), ("a.bib", &entry("A title"))]);
    refused(&[("note.md", &cited(300)), ("a.bib", &entry(&words(250_000)))]);
}

#[test]
fn a_style_adds_so_many_words() {
    let note = CITING.replace("lang: en", "lang: en\ncitation-style: a.csl");
    let entry = "@book{k, title={A title}, author={Writer, Ann}, date={2001}}\n";
    let style = |bytes: usize| {
        format!(
            "<style xmlns=\"http://purl.org/net/xbiblio/csl\" class=\"in-text\" version=\"1.0\"><info><title>t</title>\
             <id>t</id><updated>2020-01-01T00:00:00Z</updated></info><macro name=\"m\"><text value=\"{}\"/></macro>\
             <citation><layout><text macro=\"m\"/><text macro=\"m\"/></layout></citation></style>",
            "a".repeat(bytes)
        )
    };
    kept(&[("note.md", &note), ("a.bib", entry), ("a.csl", &style(STYLE_WORDS / 2 - 10))]);
    refused(&[("note.md", &note), ("a.bib", entry), ("a.csl", &style(STYLE_WORDS / 2 + 1))]);
    // Nor does anything hide how deep it nests.
    let deep = format!("<layout>{}{}", "<group>".repeat(50_000), "</group>".repeat(50_000));
    let deep = |hiding: &str| style(9).replacen("<layout>", &deep, 1).replacen("<info>", &format!("{hiding}<info>"), 1);
    refused(&[("note.md", &note), ("a.bib", entry), ("a.csl", &deep("<?p ' ?>"))]);
    refused(&[("note.md", &note), ("a.bib", entry), ("a.csl", &deep("<?p ><!-- ?>"))]);
    let compilation = compile(&[("note.md", &note), ("a.bib", entry), ("a.csl", &deep("<!DOCTYPE style '>"))]);
    assert!(compilation.diagnostics.iter().any(|problem| problem.code == Code::BadCitationStyle));
}

#[test]
fn cells_that_span_stay_within_the_table() {
    let table = |row: &str, rows: usize| format!("{FRONT}<table>\n{}</table>\n", row.repeat(rows));
    let bomb = format!("<tr>{}</tr>\n", "<td rowspan=1000 colspan=1000>x</td>".repeat(140));
    refused(&[("note.md", &table(&bomb, 140))]);
    refused(&[("note.md", &table("<tr><td rowspan=60000>x</td></tr>\n", 1_001))]);
    refused(&[("note.md", &table("<tr><td colspan=1000>x</td></tr>\n", 4_000))]);
    kept(&[("note.md", &table("<tr><td rowspan=60000>x</td></tr>\n", 100))]);
    kept(&[("note.md", &table("<tr><td colspan=1000>x</td></tr>\n", 100))]);
}

fn laid_out(text: &str) -> Layout {
    let compilation = compile(&[("note.md", text)]);
    chancery::layout::layout(compilation.document.as_ref().unwrap(), &compilation.theme, &mut Diagnostics::default())
}

#[test]
fn room_for_glyphs_grows_with_the_glyphs() {
    for text in ["aא".repeat(4_000), "aα→".repeat(3_000), "aא ".repeat(4_000)] {
        let layout = laid_out(&format!("{FRONT}{text}\n"));
        let (mut used, mut reserved) = (0, 0);
        for item in layout.pages.iter().flat_map(|page| &page.items) {
            if let ItemKind::Glyphs(run) = &item.kind {
                used += run.each().len();
                reserved += run.glyphs.room();
            }
        }
        assert!(used > 8_000 && reserved < used * 64, "{reserved} for {used}");
    }
}

#[test]
fn the_lines_of_a_link_do_not_repeat_its_text() {
    let text = words(20_000);
    let layout = laid_out(&format!("{FRONT}[{text}](https://example.org)\n"));
    let said = layout.pages.iter().flat_map(|page| &page.items).filter_map(|item| match &item.kind {
        ItemKind::Link(link) => Some(link.description.chars().count()),
        _ => None,
    });
    let said: Vec<usize> = said.collect();
    assert!(said.len() > 100 && said.iter().all(|length| *length <= 501), "{:?}", said.first());
}

#[test]
fn a_long_title_is_cut_for_the_head_of_a_page() {
    let text = format!(
        "---\ntitle: {}\nlang: en\n---\n\n{}",
        words(TITLE_BYTES),
        ":::pagebreak\n:::\n\nWords.\n\n".repeat(40)
    );
    let layout = laid_out(&text);
    let last = layout.pages.last().unwrap();
    let longest = last.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Glyphs(run) => Some(run.text.len()),
        _ => None,
    });
    assert!(longest.max().is_some_and(|bytes| (20..400).contains(&bytes)));
}

/// Files that count how often one of them is read.
struct Counting(MemoryFiles, AtomicUsize);

impl Files for Counting {
    fn read(&self, path: &str) -> Result<Vec<u8>, FileError> {
        self.1.fetch_add(usize::from(path.starts_with("part.md")), Ordering::Relaxed);
        self.0.read(path)
    }
}

#[test]
fn a_document_with_includes_is_read_once_for_all_links_into_it() {
    let links: String = (0..100).map(|at| format!("[x](other.md#h{at})\n\n")).collect();
    let part: String = (0..100).map(|at| format!("## H{at}\n\nWords.\n\n")).collect();
    let files = [("note.md", links), ("other.md", ":::include {src=part.md}\n:::\n".to_owned()), ("part.md", part)];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect();
    let files = Counting(MemoryFiles(files), AtomicUsize::new(0));
    let compilation = compile_among(&["note.md", "other.md"], &files, &Project::default(), &[]);
    assert!(!compilation.diagnostics.has_errors());
    assert_eq!(files.1.load(Ordering::Relaxed), 1);
}

#[test]
fn a_picture_is_read_once_for_all_its_places() {
    for (name, bytes) in
        [("whole", &include_bytes!("pixel.png")[..]), ("damaged", b"\x89PNG\r\n\x1a\n"), ("unknown", b"?")]
    {
        let files = [("note.md", "![A](part.md)\n\n".repeat(100).into_bytes()), ("part.md", bytes.to_vec())];
        let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect();
        let files = Counting(MemoryFiles(files), AtomicUsize::new(0));
        let compilation = compile_among(&["note.md"], &files, &Project::default(), &[]);
        assert_eq!(compilation.diagnostics.has_errors(), name != "whole", "{name}");
        assert_eq!(files.1.load(Ordering::Relaxed), 1, "{name}");
    }
}

/// What cannot be used costs as much to look at as what can, and is within the budget too.
#[test]
fn a_file_that_is_refused_is_read_a_few_times() {
    let bytes = b"A,B\n1,2\n".repeat(DATA_BYTES / 8);
    let too_large = b"A,B\n1,2\n".repeat(DATA_BYTES / 8 + 1);
    let no_text = [&bytes[8..], b"\xff"].concat();
    let uneven = [&bytes[8..], b"1,2,3\n"].concat();
    let table = ":::table {src=part.md.csv caption=C}\n:::\n\n";
    let chart = ":::chart {src=part.md.csv type=bar x=A caption=C}\n:::\n\n";
    let include = ":::include {src=part.md.csv}\n:::\n\n";
    for (name, part) in [("too large", too_large), ("no text", no_text), ("uneven", uneven)] {
        for (directive, most) in [(table, 8), (chart, 8), (include, 8)] {
            let files = [("note.md", directive.repeat(12).into_bytes()), ("part.md.csv", part.clone())];
            let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect();
            let files = Counting(MemoryFiles(files), AtomicUsize::new(0));
            let compilation = compile_among(&["note.md"], &files, &Project::default(), &[]);
            assert!(compilation.diagnostics.has_errors(), "{name}: {directive}");
            assert!(files.1.load(Ordering::Relaxed) <= most, "{name}: {directive}");
        }
    }
    let front = format!("---\nbibliography: [{}]\n---\n\nWords.\n", vec!["part.md.bib"; 100].join(", "));
    let files = [("note.md", front.into_bytes()), ("part.md.bib", b"@".to_vec())];
    let files = files.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).collect();
    let files = Counting(MemoryFiles(files), AtomicUsize::new(0));
    compile_among(&["note.md"], &files, &Project::default(), &[]);
    assert_eq!(files.1.load(Ordering::Relaxed), 1, "the bibliography");
}

#[test]
fn a_file_is_read_once_for_all_links_to_it() {
    let files = [("note.md", "[words](part.md.pdf) ".repeat(100)), ("part.md.pdf", "x".to_owned())];
    let files = files.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect();
    let files = Counting(MemoryFiles(files), AtomicUsize::new(0));
    let recorder = Recorder::new(&files);
    let compilation = compile_among(&["note.md"], &recorder, &Project::default(), &[]);
    assert!(!compilation.diagnostics.has_errors());
    assert_eq!(files.1.load(Ordering::Relaxed), 1);
}

#[test]
fn a_document_leads_to_so_many_files() {
    let of = |count: usize| {
        let links = (0..count).map(|at| format!("[words {at}](f{at}.pdf)\n\n")).collect::<String>();
        let files = (0..count).map(|at| (format!("f{at}.pdf"), Vec::new()));
        [("note.md".to_owned(), format!("{FRONT}{links}").into_bytes())].into_iter().chain(files).collect::<Vec<_>>()
    };
    kept_among(of(LINKED_FILES));
    refused_among(of(LINKED_FILES + 1));
}

#[test]
fn the_longest_of_abbreviations_that_begin_alike_is_meant() {
    let defined: String = (1..60).map(|at| format!("*[{}]: words {at}\n", vec!["A"; at].join(" "))).collect();
    let compilation = compile(&[("note.md", &format!("{FRONT}Here A A A B, A A B and A.\n\n{defined}"))]);
    let document = compilation.document.unwrap();
    let found: Vec<&str> = document.abbreviations.iter().map(|entry| entry.short.as_str()).collect();
    assert_eq!(found, ["A", "A A", "A A A"]);
}
