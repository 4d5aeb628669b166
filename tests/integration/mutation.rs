//! Documents with damage: bytes deleted, doubled, swapped and put in. Whatever
//! comes of it, nothing panics and nothing takes long.
//!
//! A few in every run; `CHANCERY_MUTATIONS=100000` asks for more, and
//! `CHANCERY_CORPORA` names folders of other documents to damage. See
//! `docs/robustness.md`.

use crate::support::{PROJECT_FREE, crate_path};
use chancery::diagnostic::{Code, Diagnostics};
use chancery::format::Format;
use chancery::source::{Files, MemoryFiles};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// In every run of the tests.
const FEW: usize = 40;
/// What a document of this size may take, in a debug build too.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of a source that are taken at once.
const WINDOW: usize = 6_000;
/// As for the threads of the command line.
const STACK: usize = 64 * 1024 * 1024;

/// Numbers that look random and are the same in every run (Knuth's MMIX
/// generator).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn range(&mut self, length: usize, most: usize) -> std::ops::Range<usize> {
        let start = self.below(length + 1);
        start..(start + self.below(most + 1)).min(length)
    }
}

/// Marks at which parsers turn.
const MARKS: [&str; 24] = [
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
];

fn mutated(sources: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let pick = |random: &mut Random| {
        let source = &sources[random.below(sources.len())];
        let start = if random.below(3) == 0 { random.below(source.len()) } else { 0 };
        source[start..(start + WINDOW).min(source.len())].to_vec()
    };
    let mut bytes = pick(random);
    for _ in 0..=random.below(8) {
        let range = random.range(bytes.len(), 40);
        match random.below(6) {
            0 => drop(bytes.drain(range)),
            1 => {
                let copy = bytes[range.clone()].repeat(1 + random.below(20));
                bytes.splice(range.start..range.start, copy);
            }
            2 => {
                let mark = MARKS[random.below(MARKS.len())].repeat(1 + random.below(3));
                bytes.splice(range.start..range.start, mark.into_bytes());
            }
            3 => {
                let other = pick(random);
                let part = random.range(other.len(), 400);
                bytes.splice(range, other[part].iter().copied());
            }
            4 => {
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
    if random.below(20) > 0 { String::from_utf8_lossy(&bytes).into_owned().into_bytes() } else { bytes }
}

/// The documents to damage.
fn sources() -> Vec<Vec<u8>> {
    let mut sources = Vec::new();
    let corpora = std::env::var_os("CHANCERY_CORPORA").map(std::path::PathBuf::from);
    for folder in [crate_path("tests"), crate_path("source")].into_iter().chain(corpora) {
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
            sources.push(std::fs::read(path).unwrap());
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
    files.insert("note.md".to_owned(), document);
    Companions(MemoryFiles(files))
}

/// Compiles a document to every edition; what went wrong.
fn compile(document: &[u8]) -> Result<(), String> {
    let started = Instant::now();
    let files = companions(document.to_vec());
    let compiled = catch_unwind(AssertUnwindSafe(|| {
        let compilation = PROJECT_FREE.compile_files("note.md", &files);
        let mut found = compilation.diagnostics.clone();
        for format in Format::NAMED {
            let mut more = Diagnostics::default();
            compilation.edition(format, &mut more);
            found.append(more);
        }
        found.iter().find(|problem| problem.code == Code::Internal).map(|problem| problem.message.clone())
    }));
    match compiled {
        Err(_) => Err("it panics".to_owned()),
        Ok(Some(message)) => Err(message),
        Ok(None) if started.elapsed() > PATIENCE => Err(format!("it takes {:?}", started.elapsed())),
        Ok(None) => Ok(()),
    }
}

#[test]
fn mutated_documents_do_no_harm() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<usize>().ok());
    let count = asked("CHANCERY_MUTATIONS").unwrap_or(FEW);
    let seed = asked("CHANCERY_SEED").unwrap_or(1);
    let run = move || {
        let sources = sources();
        let mut random = Random(seed as u64);
        let mut faults = Vec::new();
        for number in 0..count {
            let document = mutated(&sources, &mut random);
            // Written before, so that it is there where nothing comes back.
            let path = std::env::temp_dir().join(format!("chancery-mutation-{seed}-{number}.md"));
            std::fs::write(&path, &document).unwrap();
            match compile(&document) {
                Ok(()) => std::fs::remove_file(&path).unwrap(),
                Err(fault) => faults.push(format!("{}: {fault}", path.display())),
            }
        }
        faults
    };
    let faults = std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
    assert!(faults.is_empty(), "{} of {count} documents\n{}", faults.len(), faults.join("\n"));
}
