//! Options from the environment: what `--out` says is also read from `CHANCERY_OUT`.

use clap::builder::BoolishValueParser;
use clap::{Arg, ArgAction, Command};
use std::collections::BTreeSet;

/// Name prefix of the variables.
const PREFIX: &str = "CHANCERY_";

/// Options that choose what one run is for, or name a file that it writes. In the environment
/// they would change every run.
const OF_ONE_RUN: [&str; 12] =
    ["changes", "check", "deps", "diff", "force", "format", "help", "manifest", "part", "report", "rules", "words"];

/// The command with options that are also read from the environment, but for some.
///
/// A variable that is empty is none. The values are not in the help, which says the same
/// everywhere.
pub fn read_by(command: Command, ignored: &[&str]) -> Command {
    let read = |arg: Arg| {
        let is_ignored = arg.get_long().is_some_and(|name| ignored.contains(&name));
        let Some(name) = variable(&arg).filter(|name| !is_ignored && !is_empty(name)) else { return arg };
        let arg = arg.env(name).hide_env_values(true);
        match arg.get_action() {
            ArgAction::SetTrue => arg.value_parser(BoolishValueParser::new()),
            _ => arg,
        }
    };
    command.mut_args(read).mut_subcommands(|command| read_by(command, ignored))
}

/// Whether there is any variable that an option could be read from. Not every system tells
/// capital letters from small ones.
pub fn are_any() -> bool {
    let is_ours = |name: &str| name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX));
    std::env::vars_os().any(|(name, _)| name.to_str().is_some_and(is_ours))
}

/// The variables of a command and its subcommands that are set.
pub fn variables_in_use(command: &Command) -> Vec<String> {
    fn collect(command: &Command, found: &mut BTreeSet<String>) {
        found.extend(command.get_arguments().filter_map(variable));
        command.get_subcommands().for_each(|command| collect(command, found));
    }
    let mut found = BTreeSet::new();
    collect(command, &mut found);
    found.into_iter().filter(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty())).collect()
}

/// The variable of an option.
fn variable(arg: &Arg) -> Option<String> {
    let name = arg.get_long().filter(|name| !OF_ONE_RUN.contains(name))?;
    Some(format!("{PREFIX}{}", name.to_uppercase().replace('-', "_")))
}

fn is_empty(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value.is_empty())
}
