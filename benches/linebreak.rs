//! Quality and speed of line breaking, against filling line by line:
//! `cargo bench --bench linebreak -- [FILE.md …]` (the handbook by default).

mod common;

use chancery::layout::quality::{Quality, quality};
use std::path::Path;
use std::time::Instant;

const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/source/handbook.md");

fn main() {
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let paths = if named.is_empty() { vec![DEFAULT.to_owned()] } else { named };
    let (mut whole, mut greedy) = (Quality::default(), Quality::default());
    let started = Instant::now();
    for path in &paths {
        match std::fs::read(path) {
            Ok(bytes) => {
                let (one, other) = measure(path, bytes);
                add(&mut whole, one);
                add(&mut greedy, other);
            }
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
    println!("{} paragraphs, {} lines, {:?} for both", whole.paragraphs, whole.lines, started.elapsed());
    println!("{:<12} {:>14} {:>12} {:>12}", "", "sum badness²", "loose", "hyphenated");
    for (name, quality) in [("total fit", whole), ("greedy", greedy)] {
        let share = |count: usize| 100.0 * count as f64 / quality.lines.max(1) as f64;
        let (loose, hyphenated) = (share(quality.loose), share(quality.hyphenated));
        println!("{name:<12} {:>14.2e} {loose:>10.1} % {hyphenated:>10.1} %", quality.badness_squared);
    }
}

fn measure(path: &str, bytes: Vec<u8>) -> (Quality, Quality) {
    let name = Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or("document.md").to_owned();
    let compilation = common::with_document(&name, bytes, |context| chancery::compile(&name, context));
    compilation.document.as_ref().map(|document| quality(document, &compilation.theme)).unwrap_or_default()
}

fn add(sum: &mut Quality, one: Quality) {
    sum.paragraphs += one.paragraphs;
    sum.lines += one.lines;
    sum.badness_squared += one.badness_squared;
    sum.loose += one.loose;
    sum.hyphenated += one.hyphenated;
}
