//! `--timings`: the time of each phase of a run. It is printed on standard error and is in no
//! edition.

use super::args::TimingsFormat;
use super::report;
use crate::format::Format;
use crate::parallel::locked;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// The project and its documents.
    Find,
    /// Reading the build cache.
    BuildCache,
    /// Reading, parsing and resolving a document.
    Compile,
    /// An earlier version with the present one.
    Compare,
    Emit(Format),
    Prove,
    /// Writing editions to disk, or comparing them with those there.
    Write,
    /// Files that documents link to.
    Copy,
    /// Manifest, index, and what is left for the next build.
    Close,
}

impl Phase {
    fn name(self) -> String {
        match self {
            Phase::Find => "find documents".to_owned(),
            Phase::BuildCache => "read the build cache".to_owned(),
            Phase::Compile => "compile".to_owned(),
            Phase::Compare => "compare versions".to_owned(),
            Phase::Emit(format) => format!("emit {}", format.name()),
            Phase::Prove => "prove".to_owned(),
            Phase::Write => "write".to_owned(),
            Phase::Copy => "copy files".to_owned(),
            Phase::Close => "manifest and index".to_owned(),
        }
    }
}

/// How long the phases took, and how often there was work in them.
type Phases = BTreeMap<Phase, (Duration, u32)>;

/// The phases of the run, where they are measured.
static MEASURED: Mutex<Option<Phases>> = Mutex::new(None);

fn measured<T>(f: impl FnOnce(&mut Option<Phases>) -> T) -> T {
    f(&mut locked(&MEASURED))
}

/// Does work that belongs to a phase.
pub fn measure<T>(phase: Phase, work: impl FnOnce() -> T) -> T {
    let started = Instant::now();
    let result = work();
    measured(|phases| {
        if let Some(phases) = phases {
            let (time, count) = phases.entry(phase).or_default();
            *time += started.elapsed();
            *count += 1;
        }
    });
    result
}

/// Runs `work`, and prints its times if requested.
pub fn timed<T>(format: Option<TimingsFormat>, work: impl FnOnce() -> T) -> T {
    let Some(format) = format else { return work() };
    let started = Instant::now();
    measured(|phases| *phases = Some(Phases::new()));
    let result = work();
    let phases = measured(Option::take).unwrap_or_default();
    report::say(&match format {
        TimingsFormat::Human => table(started.elapsed(), &phases),
        TimingsFormat::Json => json(started.elapsed(), &phases),
    });
    result
}

/// The phases as a table.
fn table(whole: Duration, phases: &Phases) -> String {
    let mut text = format!("{:<24}{:>9.3} s\n", "the whole run", whole.as_secs_f64());
    for (phase, (time, count)) in phases {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {:<22}{:>9.3} s  {count:>7} ×", phase.name(), time.as_secs_f64());
    }
    text
}

/// The times as one JSON object.
fn json(whole: Duration, phases: &Phases) -> String {
    let phases: Vec<serde_json::Value> = phases
        .iter()
        .map(|(phase, (time, count))| {
            serde_json::json!({ "phase": phase.name(), "seconds": time.as_secs_f64(), "count": count })
        })
        .collect();
    format!("{}\n", serde_json::json!({ "timings": { "seconds": whole.as_secs_f64(), "phases": phases } }))
}

#[cfg(test)]
mod tests {
    use super::{Duration, Phase, Phases, json, table};
    use crate::format::Format;

    #[test]
    fn phases_are_for_people_and_programs() {
        let phases = Phases::from([
            (Phase::Compile, (Duration::from_millis(20), 2)),
            (Phase::Emit(Format::Pdf), (Duration::from_millis(1500), 2)),
        ]);
        let whole = Duration::from_millis(800);
        assert_eq!(
            table(whole, &phases),
            "the whole run               0.800 s\n  compile                   0.020 s        2 ×\n  emit pdf                  1.500 s        2 ×\n"
        );
        assert_eq!(
            json(whole, &phases),
            "{\"timings\":{\"seconds\":0.8,\"phases\":[{\"phase\":\"compile\",\"seconds\":0.02,\"count\":2},{\"phase\":\"emit pdf\",\"seconds\":1.5,\"count\":2}]}}\n"
        );
    }
}
