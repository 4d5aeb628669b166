//! The command line, and the only place that touches disk, clock,
//! environment and terminal.

mod args;
mod ast;
mod build;
mod build_cache;
mod cache_file;
mod clean;
mod compared;
mod deps;
mod diff;
mod earlier;
mod edition_writer;
mod events;
mod explain;
mod failure;
mod files;
mod fix;
mod fmt;
mod folder;
mod idle_layout;
mod import;
mod index;
mod init;
mod journal;
mod linked_files;
mod list;
mod locked;
mod lsp;
mod man;
mod manifest;
mod memory;
mod merge;
mod output;
mod output_paths;
mod panics;
mod partial_manifest;
mod plan;
mod produce;
mod progress;
mod proof;
mod report;
#[cfg(feature = "git")]
mod revision;
mod serve;
mod summary;
mod threads;
mod timings;
mod unified;
mod variables;
mod verify;
mod watch;
mod workspace;
mod workspace_cache;
mod write;

pub use files::{DiskFiles, FILE_LIMIT};

use args::{Args, Command, EarlyExit, ManifestCommand, MessageFormat};
use build::Globals;
use failure::{Failure, Outcome};
use panics::catch_panic;
use std::process::ExitCode;

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    memory::keep_pages_small();
    panics::silence();
    let result = match args::parse() {
        Ok(args) => {
            let format = args.message_format();
            let result = catch_panic(|| threads::on_large_stack(|| run(args)))
                .unwrap_or_else(|fault| Err(Failure::Internal(fault)));
            if let Err(failure) = &result {
                report::failure(failure, format);
            }
            result
        }
        Err(EarlyExit::Answered) => Ok(Outcome::Fine),
        Err(EarlyExit::Refused { message, format }) => {
            let failure = Failure::Usage(message);
            report::log(&failure, format);
            Err(failure)
        }
        Err(EarlyExit::Unwritten(failure)) => {
            report::failure(&failure, MessageFormat::Human);
            Err(failure)
        }
    };
    failure::exit_code(&if report::is_mute() { Ok(Outcome::Unfinished) } else { result })
}

fn run(args: Args) -> Result<Outcome, Failure> {
    // Results of a single build are not needed again.
    let session = crate::Session::new(0);
    let globals = Globals { project: args.common.project, color: args.common.color, session };
    match &args.command {
        Command::Build(build) => build::build(build, &globals),
        Command::Watch(build) => watch::watch(build, &globals),
        Command::Serve(args) => serve::serve(args, &globals),
        Command::Lsp { serve } => lsp::lsp(*serve),
        Command::Check(check) => build::check(check, &globals),
        Command::Fmt(args) => fmt::fmt(args, &globals),
        Command::Verify(verify) => verify::verify(verify, &globals),
        Command::Diff(diff) => diff::diff(diff, &globals),
        Command::Import(args) => import::import(args, &globals),
        Command::Ast { path } => ast::ast(path, &globals),
        Command::Init { folder } => init::init(folder),
        Command::Clean(args) => clean::clean(args, &globals),
        Command::Plan(args) => plan::plan(args, &globals),
        Command::Manifest(ManifestCommand::Merge(args)) => merge::merge(args, &globals),
        Command::List => list::list(&globals),
        Command::Explain { code } => explain::explain(code.as_deref()),
        Command::Man { folder } => man::man(folder.as_deref()),
        Command::Completions { shell } => report::put(&args::completions(*shell)).map(|()| Outcome::Fine),
    }
}
