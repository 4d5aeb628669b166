//! Documents with damage: bytes deleted, doubled, swapped and put in, lines
//! doubled, parts of other documents and tokens of the language put in.
//! Whatever comes of it, nothing panics, little is written, and every edition
//! that is made says what its document says and keeps the rules of its format.
//!
//! A few in every run; `CHANCERY_MUTATIONS=20000` asks for more, and
//! `CHANCERY_CORPORA` names folders of other documents to damage, parted as in
//! `PATH`. Each case has its own seed, so that any of them can be run alone:
//! `CHANCERY_FIRST=1234 CHANCERY_MUTATIONS=1`. See `docs/robustness.md`.

mod reduce;

use crate::support::{PROJECT_FREE, PROVED, crate_path};
use chancery::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use chancery::source::{Files, MemoryFiles};
use chancery::verify;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// In every run of the tests.
const FEW: usize = 200;
/// What may be written of a document of this size, in bytes of all its editions and
/// messages: a count of work that is the same on every machine.
pub const WRITTEN: usize = 4 * 1024 * 1024;
/// Bytes of a source that are taken at once.
const WINDOW: usize = 6_000;
/// As for the threads of the command line.
const STACK: usize = 64 * 1024 * 1024;
/// Compilations that making a failing document small may take.
const REDUCTION: usize = 400;

/// Numbers that look random and are the same in every run (Knuth's MMIX
/// generator).
pub struct Random(u64);

impl Random {
    /// Each case of a seed has numbers of its own.
    pub fn of_case(seed: usize, case: usize) -> Random {
        let mut random = Random((seed as u64) << 40 ^ (case as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        random.below(2);
        random
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(most + 1)).min(length)
    }
}

/// Tokens of the language, at which parsers turn.
const TOKENS: [&str; 72] = [
    ":::",
    "::::box\n",
    ":::\n",
    "{",
    "}",
    "[",
    "]",
    "(",
    "\n\n",
    "\n> ",
    "\n- ",
    "|",
    "`",
    "```\n",
    "*",
    "<",
    ">",
    "^[",
    "[^1]",
    "---\n",
    "\\",
    "\u{202e}",
    "🙂",
    "\r",
    "**",
    "_",
    "~~",
    "\n# ",
    "\n## A title\n\n",
    "\n1. ",
    "\n- [x] ",
    "\n    ",
    "\n|a|b|\n|--:|:-:|\n|1|2.5|\n",
    "<br>",
    "<https://example.org/a%20b>",
    "https://example.org/",
    "[words](https://example.org/ \"Title\")",
    "[](#a)",
    "{#a}",
    "![alt](any.svg)",
    "![](any.png)",
    "[![a](https://example.org/b.svg)](https://example.org/c)",
    "^[A note with [a link](https://example.org/n)]",
    "\n[^1]: A note.\n",
    "[text[^1]](https://a.example/)",
    "<sup>2</sup>",
    "<a name=\"b\"></a>",
    "[b](#b)",
    "<kbd>",
    "</kbd>",
    "\n> [!NOTE]\n> Mind.\n",
    "\nTerm\n: Details\n",
    "\n---\n",
    "\n***\n",
    "*[EU]: European Union\n",
    "EU",
    "“",
    "\"",
    "'",
    "\u{301}",
    "\u{200d}",
    "\u{200c}",
    "\u{ad}",
    "\u{a0}",
    "ș",
    "ﬁ",
    "می‌شود",
    "漢字",
    "हिन्दी",
    "&amp;",
    "supercalifragilistic/expialidocious_and_longer_than_any_line_of_seventy_two_columns",
    "\n:::table {caption=\"Steps\"}\n|A|\n|-|\n|1|\n:::\n",
];

pub fn mutated(sources: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let pick = |random: &mut Random| {
        let source = &sources[random.below(sources.len())];
        let start = if random.below(3) == 0 { random.below(source.len()) } else { 0 };
        source[start..(start + WINDOW).min(source.len())].to_vec()
    };
    let mut bytes = pick(random);
    for _ in 0..=random.below(6) {
        let range = random.range(bytes.len(), 40);
        match random.below(8) {
            0 => drop(bytes.drain(range)),
            1 => {
                let copy = bytes[range.clone()].repeat(1 + random.below(20));
                bytes.splice(range.start..range.start, copy);
            }
            2 | 3 => {
                let token = TOKENS[random.below(TOKENS.len())].repeat(1 + random.below(3));
                bytes.splice(range.start..range.start, token.into_bytes());
            }
            4 => {
                let other = pick(random);
                let part = lines_of(&other, random);
                let at = line_start(&bytes, range.start);
                bytes.splice(at..at, part);
            }
            5 => {
                let part = lines_of(&bytes, random);
                let at = line_start(&bytes, range.start);
                bytes.splice(at..at, part);
            }
            6 => {
                let other = random.range(bytes.len(), 1);
                if let (Some(one), Some(two)) = (bytes.get(range.start).copied(), bytes.get(other.start).copied()) {
                    bytes[range.start] = two;
                    bytes[other.start] = one;
                }
            }
            _ => {
                let random_byte = u8::try_from(random.below(256)).unwrap();
                if let Some(byte) = bytes.get_mut(range.start) {
                    *byte = random_byte;
                }
            }
        }
    }
    // A byte that is no text refuses the whole document, which proves little.
    if random.below(50) > 0 { String::from_utf8_lossy(&bytes).into_owned().into_bytes() } else { bytes }
}

/// Some whole lines of a document.
fn lines_of(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let start = line_start(bytes, random.below(bytes.len() + 1));
    let lines = 1 + random.below(12);
    bytes[start..].split_inclusive(|byte| *byte == b'\n').take(lines).flatten().copied().collect()
}

fn line_start(bytes: &[u8], at: usize) -> usize {
    bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}

/// The documents to damage.
fn sources() -> Vec<Vec<u8>> {
    let mut sources = Vec::new();
    let corpora = std::env::var_os("CHANCERY_CORPORA").unwrap_or_default();
    let folders = [crate_path("tests"), crate_path("source")];
    for folder in folders.into_iter().chain(std::env::split_paths(&corpora).filter(|path| path.is_dir())) {
        collect(&folder, &mut sources);
    }
    sources
}

fn collect(folder: &Path, sources: &mut Vec<Vec<u8>>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|ending| ending == "md") {
            sources.extend(std::fs::read(path).ok().filter(|source| !source.is_empty()));
        }
    }
}

/// Other files that documents may name; any name with an ending is there.
struct Companions(MemoryFiles);

impl Files for Companions {
    fn read(&self, path: &str) -> Result<Vec<u8>, chancery::source::FileError> {
        let known = self.0.read(path);
        if known.is_ok() {
            return known;
        }
        self.0.read(&format!("any.{}", path.rsplit('.').next().unwrap_or_default()))
    }
}

fn companions(document: Vec<u8>) -> Companions {
    let files = [
        ("any.csv", "year,a,b\n2006,1,2.5\n2011,3,-4\n"),
        (
            "any.svg",
            "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='9' height='9'/></svg>",
        ),
        ("any.bib", include_str!("../cases/resolve/citations/sources.bib")),
        ("any.yml", "keynes:\n  type: Book\n  title: Peace\n  author: Keynes, John\n  date: 1919\n"),
        ("any.csl", include_str!("../../assets/csl/notes.csl")),
    ];
    let mut files: BTreeMap<String, Vec<u8>> =
        files.into_iter().map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec())).collect();
    files.insert("any.png".to_owned(), include_bytes!("pixel.png").to_vec());
    files.insert("note.md".to_owned(), document);
    Companions(MemoryFiles(files))
}

/// What came of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    /// Every edition was made and proved.
    Built,
    /// It has errors, and nothing is written.
    Refused,
    /// What went wrong: its kind, and in words.
    Fault { kind: String, message: String },
}

/// Compiles a document to every edition and reads each of them back.
fn judge(document: &[u8]) -> Outcome {
    let files = companions(document.to_vec());
    catch_unwind(AssertUnwindSafe(|| prove(&files))).unwrap_or_else(|_| fault("panic", "it panics"))
}

fn fault(kind: &str, message: &str) -> Outcome {
    Outcome::Fault { kind: kind.to_owned(), message: message.to_owned() }
}

fn prove(files: &Companions) -> Outcome {
    let compilation = PROJECT_FREE.compile_files("note.md", files);
    let mut found = compilation.diagnostics.clone();
    let editions = PROVED.map(|format| (format, compilation.edition(format, &mut found)));
    if let Some(problem) = found.iter().find(|problem| problem.code == Code::Internal) {
        return fault("E0602", &problem.message);
    }
    let written = written(editions.iter().filter_map(|(_, edition)| edition.as_deref()), &found);
    if written > WRITTEN {
        return fault("size", &format!("{written} bytes are written"));
    }
    let Some(document) = &compilation.document else { return Outcome::Refused };
    if found.iter().any(|problem| problem.severity == Severity::Error) {
        return Outcome::Refused;
    }
    for (format, edition) in editions {
        let Some(edition) = edition else { continue };
        let mut differences = Diagnostics::default();
        verify::prove(document, &compilation.theme, format, &edition, &mut differences);
        if let Some(problem) = differences.iter().next() {
            let kind = format!("{} {} {}", problem.code.as_str(), format.name(), manner(&problem.message));
            return fault(&kind, &problem.message);
        }
    }
    Outcome::Built
}

/// Bytes of editions and of what is said about them.
pub fn written<'a>(editions: impl Iterator<Item = &'a [u8]>, found: &Diagnostics) -> usize {
    let said = |problem: &Diagnostic| problem.message.len() + problem.hint.as_ref().map_or(0, |hint| hint.len());
    editions.map(<[u8]>::len).sum::<usize>() + found.iter().map(said).sum::<usize>()
}

/// What a message is about, without the words that it quotes.
fn manner(message: &str) -> String {
    let mut quoted = 0_usize;
    let mut said = String::new();
    for character in message.chars().filter(|character| !character.is_ascii_digit()) {
        match character {
            '“' => quoted += 1,
            '”' => quoted = quoted.saturating_sub(1),
            _ if quoted == 0 => said.push(character),
            _ => {}
        }
    }
    said.chars().take(60).collect()
}

#[test]
fn mutated_documents_do_no_harm() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<usize>().ok());
    let count = asked("CHANCERY_MUTATIONS").unwrap_or(FEW);
    let first = asked("CHANCERY_FIRST").unwrap_or(0);
    let seed = asked("CHANCERY_SEED").unwrap_or(1);
    let (sources, next) = (sources(), AtomicUsize::new(first));
    let (faults, built) = (Mutex::new(Vec::new()), AtomicUsize::new(0));
    let work = || {
        loop {
            let case = next.fetch_add(1, Ordering::Relaxed);
            if case >= first + count {
                return;
            }
            let document = mutated(&sources, &mut Random::of_case(seed, case));
            // Written before, so that it is there where nothing comes back.
            let path = std::env::temp_dir().join(format!("chancery-mutation-{seed}-{case}.md"));
            std::fs::write(&path, &document).unwrap();
            match judge(&document) {
                Outcome::Built => drop(built.fetch_add(1, Ordering::Relaxed)),
                Outcome::Refused => {}
                Outcome::Fault { kind, message } => {
                    let is_same =
                        |smaller: &[u8]| matches!(judge(smaller), Outcome::Fault { kind: of, .. } if of == kind);
                    let small = reduce::reduced(&document, REDUCTION, is_same);
                    std::fs::write(path.with_extension("small.md"), small).unwrap();
                    faults.lock().unwrap().push(format!("{}: {kind}: {message}", path.display()));
                    continue;
                }
            }
            std::fs::remove_file(&path).unwrap();
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).unwrap();
        }
    });
    let mut faults = faults.into_inner().unwrap();
    faults.sort();
    let built = built.into_inner();
    println!("{count} documents: {built} built and proved, {} at fault", faults.len());
    assert!(
        faults.is_empty(),
        "{} of {count} documents, of which {built} are right\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(count < FEW || built * 10 > count, "only {built} of {count} documents were built: the rest proves little");
}
