//! Why a command could not do its work, and the codes the process ends with.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Fine,
    /// Documents have problems, or editions are stale.
    Problems,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// A file could not be read or written.
    Io(String),
}

impl Failure {
    /// A failure of the system over a file.
    pub fn io(action: &str, path: &Path, error: &std::io::Error) -> Failure {
        Failure::Io(format!("cannot {action} {}: {error}", path.display()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Io(message) => f.write_str(message),
        }
    }
}

/// The process's exit code.
pub fn exit_code(result: &Result<Outcome, Failure>) -> ExitCode {
    const PROBLEMS: u8 = 1;
    const USAGE: u8 = 2;
    const IO: u8 = 3;
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(PROBLEMS),
        Err(Failure::Usage(_)) => ExitCode::from(USAGE),
        Err(Failure::Io(_)) => ExitCode::from(IO),
    }
}
