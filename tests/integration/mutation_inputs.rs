//! Files that documents name, with damage: data, bibliographies, citation
//! styles, themes, fonts. As for documents, nothing panics, and little is written, in any
//! edition; `CHANCERY_MUTATIONS` asks for more of each.

use crate::mutation::{Random, WRITTEN, mutated, written};
use crate::support::PROJECT_FREE;
use chancery::diagnostic::Code;
use chancery::format::Format;
use chancery::source::MemoryFiles;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Of each kind, in every run of the tests.
const FEW: usize = 40;

const SOURCES: &str = include_str!("../cases/resolve/citations/sources.bib");
const STYLES: [&str; 2] =
    [include_str!("../../assets/csl/notes.csl"), include_str!("../../assets/csl/author-date.csl")];
const THEMES: [&str; 3] = [
    include_str!("../../assets/themes/briefing.toml"),
    include_str!("../../assets/themes/plain.toml"),
    include_str!("../../assets/themes/report.toml"),
];
const FONT: &[u8] = include_bytes!("../../assets/fonts/source-serif-4/SourceSerif4_400Regular_Italic.ttf");
const OWN_FONT: &str = "[fonts]\nbody = \"own\"\n[fonts.files.own]\nregular = \"own.ttf\"\n";

/// As for the threads of the command line.
const STACK: usize = 64 * 1024 * 1024;

/// A number that the environment gives.
fn asked(name: &str) -> Option<usize> {
    std::env::var(name).ok().and_then(|number| number.parse().ok())
}

/// Does work as the threads of the command line do.
fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap().join().unwrap()
    })
}

/// Compiles `note.md` to every edition; what went wrong.
fn compile_files(files: &MemoryFiles) -> Result<(), String> {
    let compiled = catch_unwind(AssertUnwindSafe(|| {
        let compilation = PROJECT_FREE.compile_files("note.md", files);
        let mut found = compilation.diagnostics.clone();
        let editions = Format::ALL.map(|format| compilation.edition(format, &mut found));
        let written = written(editions.iter().filter_map(Option::as_deref), &found);
        let fault = found.iter().find(|problem| problem.code == Code::Internal);
        fault
            .map(|problem| problem.message.to_string())
            .or((written > WRITTEN).then(|| format!("{written} bytes are written")))
    }));
    match compiled {
        Err(_) => Err("it panics".to_owned()),
        Ok(Some(message)) => Err(message),
        Ok(None) => Ok(()),
    }
}

/// Damages seeds under a file's name, and compiles `note.md` beside the others.
fn without_harm(name: &str, seeds: &[&[u8]], others: &[(&str, &str)]) {
    damaged_without_harm(name, others, |random| {
        let seeds: Vec<Vec<u8>> = seeds.iter().map(|seed| seed.to_vec()).collect();
        mutated(&seeds, random)
    });
}

fn damaged_without_harm(name: &str, others: &[(&str, &str)], damage: impl Fn(&mut Random) -> Vec<u8> + Sync) {
    let others: BTreeMap<String, Vec<u8>> =
        others.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let faults = on_large_stack(|| {
        let seed = asked("CHANCERY_SEED").unwrap_or(1);
        let mut faults = Vec::new();
        for number in 0..asked("CHANCERY_MUTATIONS").unwrap_or(FEW) {
            let bytes = damage(&mut Random::of_case(seed, number));
            // Written before, so that it is there where nothing comes back.
            let path = std::env::temp_dir().join(format!("chancery-mutation-{number}-{name}"));
            std::fs::write(&path, &bytes).unwrap();
            let mut files = others.clone();
            files.insert(name.to_owned(), bytes);
            match compile_files(&MemoryFiles(files)) {
                Ok(()) => std::fs::remove_file(&path).unwrap(),
                Err(fault) => faults.push(format!("{}: {fault}", path.display())),
            }
        }
        faults
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn mutated_data_do_no_harm() {
    let note = "---\nlang: en\n---\n\n:::table {src=data.csv caption=\"Data\"}\n:::\n\n\
                :::chart {type=bar src=data.csv x=year alt=Bars}\n:::\n";
    let seeds: [&[u8]; 2] = [
        b"year,a,b\n2006,1,2.5\n2011,3,-4\n2012,\"5,0\",6\n",
        "year,name,note\n2006,\"A, b\",*c*\n2007,`x`,a^[note]\n2008,é,[d](https://example.org)\n".as_bytes(),
    ];
    without_harm("data.csv", &seeds, &[("note.md", note)]);
}

#[test]
fn mutated_bibliographies_do_no_harm() {
    for style in ["notes", "author-date"] {
        let note = format!(
            "---\nlang: en\nbibliography: sources.bib\ncitation-style: {style}\n---\n\nSee {}.\n",
            SOURCES
                .lines()
                .filter_map(|line| line.split_once('{').filter(|(kind, _)| kind.starts_with('@')))
                .map(|(_, key)| format!("[@{}, p. 3]", key.trim_end_matches(',')))
                .collect::<String>()
        );
        without_harm("sources.bib", &[SOURCES.as_bytes()], &[("note.md", &note)]);
    }
    let yaml = "keynes:\n  type: Book\n  title: &t Peace\n  author: [Keynes, J, *t]\n  date: 1919\n";
    let note = "---\nlang: en\nbibliography: sources.yml\n---\n\nSee [@keynes].\n";
    without_harm("sources.yml", &[yaml.as_bytes()], &[("note.md", note)]);
}

#[test]
fn mutated_citation_styles_do_no_harm() {
    let keys: String = SOURCES
        .lines()
        .filter_map(|line| line.split_once('{').filter(|(kind, _)| kind.starts_with('@')))
        .map(|(_, key)| format!("[@{}, p. 3]", key.trim_end_matches(',')))
        .collect();
    let note = format!("---\nlang: en\nbibliography: sources.bib\ncitation-style: style.csl\n---\n\nSee {keys}.\n");
    let others = [("note.md", note.as_str()), ("sources.bib", SOURCES)];
    damaged_without_harm("style.csl", &others, |random| {
        // Words for others, so that the style is read and carried out.
        let style = STYLES[random.below(STYLES.len())];
        let words: Vec<&str> = style.split('"').collect();
        let mut changed = words.clone();
        for _ in 0..=random.below(4) {
            // Every second piece stands in quotation marks.
            let values = words.len() / 2;
            changed[random.below(values) * 2 + 1] = words[random.below(values) * 2 + 1];
        }
        let text = changed.join("\"");
        if random.below(2) == 0 { text.into_bytes() } else { mutated(&[text.into_bytes()], random) }
    });
}

#[test]
fn mutated_themes_do_no_harm() {
    let note = "---\nlang: en\ntitle: A note\nstatus: draft\ntheme: theme.toml\n---\n\n## A heading\n\nWords[^1] and \
                `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> Quoted.\n\n[^1]: A note.\n";
    damaged_without_harm("theme.toml", &[("note.md", note)], |random| {
        let theme = THEMES[random.below(THEMES.len())];
        let odd = [
            "0",
            "-1",
            "1e9",
            "1e-9",
            "nan",
            "inf",
            "9999999999",
            "\"0mm\"",
            "\"1000000mm\"",
            "\"-3pt\"",
            "\"\"",
            "[]",
        ];
        let lines = theme.lines().map(|line| match line.split_once(" = ") {
            Some((key, _)) if random.below(12) == 0 => format!("{key} = {}\n", odd[random.below(odd.len())]),
            _ => format!("{line}\n"),
        });
        let text: String = lines.collect();
        if random.below(4) > 0 { text.into_bytes() } else { mutated(&[text.into_bytes()], random) }
    });
}

#[test]
fn mutated_fonts_do_no_harm() {
    let note = "---\nlang: en\ntheme: theme.toml\n---\n\n# A note\n\nWords of an *office*: 1.2, é and fi.\n";
    damaged_without_harm("own.ttf", &[("note.md", note), ("theme.toml", OWN_FONT)], |random| {
        let mut font = FONT.to_vec();
        // The tables' places stand in the first bytes; what else is struck is chance.
        for _ in 0..=random.below(6) {
            let end = if random.below(3) == 0 { 300 } else { font.len() };
            let at = random.below(end);
            let value = [0, 0xff, 0x80, 0x7f, 1][random.below(5)];
            let length = 1 + random.below(4);
            font.iter_mut().skip(at).take(length).for_each(|byte| *byte = value);
        }
        if random.below(8) == 0 {
            font.truncate(random.below(FONT.len()));
        }
        font
    });
}
