//! The commands that are run most, each read by itself: to make those of the whole
//! program takes a twentieth of what a brief costs.

use super::{Args, BuildArgs, CheckArgs, Command, CommonArgs};
use crate::cli::variables;
use clap::FromArgMatches;
use std::ffi::OsString;

/// The arguments, where the first is one of these commands and nothing is wrong with the
/// rest. What else there is to say, the whole program says.
pub fn read(written: &[OsString]) -> Option<Args> {
    let (name, words) = written.get(1..)?.split_first()?;
    let (command, common) = match name.to_str()? {
        "build" => read_as::<BuildArgs>(words).map(|(args, common)| (Command::Build(args), common)),
        "check" => read_as::<CheckArgs>(words).map(|(args, common)| (Command::Check(args), common)),
        _ => None,
    }?;
    Some(Args { command, common })
}

fn read_as<T: clap::Args>(words: &[OsString]) -> Option<(T, CommonArgs)> {
    let command = clap::Command::new("chancery").no_binary_name(true);
    let command = <CommonArgs as clap::Args>::augment_args(T::augment_args(command));
    // To say of each option where else it is read makes them all anew.
    let command = if variables::are_any() { variables::read_by(command, &[]) } else { command };
    let matches = command.try_get_matches_from(words).ok()?;
    Some((T::from_arg_matches(&matches).ok()?, CommonArgs::from_arg_matches(&matches).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn a_command_by_itself_reads_what_the_whole_program_reads() {
        for line in [
            "chancery build",
            "chancery build a.md b --to pdf,html --out there --quiet --jobs 2 --color never",
            "chancery build --project here --shard 2/5 --deps d --deps-format json --profile a,b",
            "chancery build a.md -o a.pdf --verify --source-date-epoch 0",
            "chancery build -- --to",
            "chancery build --locked --message-format=sarif",
            "chancery check - --fix --unsafe-fixes -q --fail-on warning",
            "chancery check --project=x",
        ] {
            let (alone, whole) = (read(&words(line)), super::super::read(&words(line)).ok());
            assert_eq!(format!("{alone:?}"), format!("{whole:?}"), "{line}");
        }
    }

    #[test]
    fn the_whole_program_says_what_is_wrong_and_helps() {
        for line in [
            "chancery",
            "chancery list",
            "chancery --color never build",
            "chancery build --help",
            "chancery build --version",
            "chancery build --nothing",
            "chancery build --to pfd",
            "chancery build --locked -o a.pdf",
            "chancery check --diff",
        ] {
            assert!(read(&words(line)).is_none(), "{line}");
        }
    }
}
