//! How long a change of one paragraph takes until its page is laid out, in a process that
//! has compiled the document before: `cargo bench --bench warm -- [FILE.md]` (the handbook
//! by default). Beside it, the same from nothing.

mod common;

use chancery::diagnostic::Diagnostics;
use chancery::layout::layout;
use chancery::{Compilation, Session};
use std::time::{Duration, Instant};

/// As the program does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/source/handbook.md");
const ROUNDS: usize = 40;
const COLD_ROUNDS: usize = 5;
const NAME: &str = "document.md";

fn main() {
    let named = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let text = std::fs::read_to_string(named.as_deref().unwrap_or(DEFAULT)).unwrap_or_default();
    let session = Session::new(1 << 30);
    let mut cold = Vec::new();
    let mut warm = [const { Vec::new() }; 2];
    for round in 0..=ROUNDS {
        let edited = edited(&text, round);
        if round < COLD_ROUNDS {
            cold.push(from_nothing(&edited));
        }
        let [compiled, laid_out] = compile_and_lay_out(&session, &edited);
        if round > 0 {
            warm[0].push(compiled);
            warm[1].push(laid_out);
        }
    }
    println!("{:<28} {:>9} {:>9}", "milliseconds", "median", "95 %");
    let [compiled, laid_out] = warm;
    let both = compiled.iter().zip(&laid_out).map(|(one, other)| *one + *other).collect();
    for (name, times) in
        [("from nothing", cold), ("warm: compile", compiled), ("warm: lay out", laid_out), ("warm: both", both)]
    {
        let (median, slow) = spread(times);
        println!("{name:<28} {median:>9.2} {slow:>9.2}");
    }
}

/// The text with a word more in one of its paragraphs, which differs from round to round.
fn edited(text: &str, round: usize) -> String {
    let ends: Vec<usize> = text.match_indices(".\n\n").map(|(at, _)| at).collect();
    let at = ends.get(round.wrapping_mul(7919) % ends.len().max(1)).copied().unwrap_or(text.len());
    format!("{} edited{}", &text[..at], &text[at..])
}

/// How long it takes to compile an edited text and to lay it out.
fn compile_and_lay_out(session: &Session, text: &str) -> [Duration; 2] {
    common::with_document(NAME, text.as_bytes().to_vec(), |context| {
        let started = Instant::now();
        let compiled = session.compile(NAME, context);
        let laid_out = Instant::now();
        compiled.pages();
        [laid_out - started, laid_out.elapsed()]
    })
}

/// The same for a text that nobody has seen.
fn from_nothing(text: &str) -> Duration {
    common::with_document(NAME, text.as_bytes().to_vec(), |context| {
        let started = Instant::now();
        let Compilation { document, theme, .. } = &chancery::compile(NAME, context);
        if let Some(document) = document {
            layout(document, theme, &mut Diagnostics::default());
        }
        started.elapsed()
    })
}

/// The median and the 95th percentile, in milliseconds.
fn spread(mut times: Vec<Duration>) -> (f64, f64) {
    times.sort();
    let at = |share: usize| times.get((times.len() - 1) * share / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    (at(50), at(95))
}
