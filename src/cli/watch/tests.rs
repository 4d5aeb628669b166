//! The watcher driven by events that are made up, without a clock.

use super::{Events, Failure, Observation, Outcome, Signal, State, Work, follow};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

/// Signals in the order in which they are heard; then it ends.
struct Script(VecDeque<Signal>);

impl Events for Script {
    fn next(&mut self, _: Duration) -> Signal {
        self.0.pop_front().unwrap_or(Signal::Ended)
    }
}

/// Looks in their order, the last one again and again, and what was done.
struct Desk {
    looks: VecDeque<fn() -> Observation>,
    outcomes: VecDeque<Result<Outcome, Failure>>,
    builds: usize,
    said: String,
}

impl Work for Desk {
    fn look(&mut self) -> Observation {
        let look = self.looks.front().copied();
        if self.looks.len() > 1 {
            self.looks.pop_front();
        }
        look.map_or(Observation::Gone, |look| look())
    }

    fn build(&mut self) -> Result<Outcome, Failure> {
        self.builds += 1;
        self.outcomes.pop_front().unwrap_or(Ok(Outcome::Fine))
    }

    fn fail(&mut self, failure: &Failure) {
        self.said += &format!("{failure}\n");
    }

    fn say(&mut self, text: &str) {
        self.said += text;
    }
}

/// The files when one of them had some length.
fn files(length: u64) -> Observation {
    Observation::Files(State::from([(PathBuf::from("note.md"), Some((SystemTime::UNIX_EPOCH, length)))]))
}

/// What became of some looks between signals: builds, what was said, and why it ended.
fn watched(
    signals: &[Signal],
    looks: &[fn() -> Observation],
    outcomes: Vec<Result<Outcome, Failure>>,
) -> (usize, String, String) {
    let mut desk =
        Desk { looks: looks.iter().copied().collect(), outcomes: outcomes.into(), builds: 0, said: String::new() };
    let ended = follow(&mut Script(signals.iter().copied().collect()), &mut desk);
    (desk.builds, desk.said, ended.err().map(|failure| failure.to_string()).unwrap_or_default())
}

use Signal::{Changed, Silence};

#[test]
fn it_builds_once_for_what_is_saved_in_several_steps() {
    let save = [Changed, Changed, Changed, Silence];
    let (builds, said, ended) = watched(&save, &[|| files(1), || files(2)], Vec::new());
    assert_eq!(builds, 2);
    assert_eq!(said.matches("waiting for changes").count(), 2);
    assert!(ended.contains("watching ends"), "{ended}");
}

#[test]
fn what_was_heard_and_changed_nothing_is_not_built() {
    let (builds, ..) = watched(&[Changed, Silence, Changed, Silence], &[|| files(1)], Vec::new());
    assert_eq!(builds, 1);
}

#[test]
fn what_was_not_heard_is_seen() {
    let (builds, ..) = watched(&[Silence, Silence], &[|| files(1), || files(1), || files(2)], Vec::new());
    assert_eq!(builds, 2);
}

#[test]
fn endless_changes_hold_up_no_build() {
    let (builds, ..) = watched(&[Changed; 200], &[|| files(1), || files(2), || files(3), || files(4)], Vec::new());
    assert!(builds >= 3, "{builds}");
}

#[test]
fn stale_editions_are_named_as_such() {
    let outcomes = vec![Ok(Outcome::Problems), Ok(Outcome::Fine)];
    let (_, said, _) = watched(&[Changed, Silence], &[|| files(1), || files(2)], outcomes);
    assert!(said.starts_with("editions are stale until this is put right") && said.ends_with("Ctrl-C)\n"), "{said}");
    assert_eq!(said.matches("stale").count(), 1, "{said}");
}

#[test]
fn a_project_file_that_is_replaced_ends_nothing() {
    fn away() -> Observation {
        Observation::Unclear(Failure::Io("chancery.toml is gone".to_owned()))
    }
    let signals = [Changed, Silence, Silence, Changed, Silence];
    let (builds, said, _) = watched(&signals, &[|| files(1), away, away, || files(1)], Vec::new());
    assert_eq!(builds, 2, "{said}");
    assert_eq!(said.matches("is gone").count(), 1, "{said}");
}

#[test]
fn it_ends_with_the_folder_and_with_wrong_arguments() {
    let (builds, _, ended) = watched(&[Changed, Silence], &[|| files(1), || Observation::Gone], Vec::new());
    assert_eq!((builds, ended.as_str()), (1, "the folder is gone: watching ends"));
    let wrong = vec![Err(Failure::Usage("--to is wrong".to_owned()))];
    let (builds, _, ended) = watched(&[Changed, Silence], &[|| files(1)], wrong);
    assert_eq!((builds, ended.as_str()), (1, "--to is wrong"));
}
