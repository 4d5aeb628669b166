//! Why a command could not do its work, and the codes the process ends with.

use super::panics;
use crate::diagnostic::render::escape;
use crate::diagnostic::{Code, Diagnostic};
use std::fmt;
use std::path::Path;
use std::process::ExitCode;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Fine,
    /// Documents have problems, or editions are stale.
    Problems,
    /// A file could not be read or written, as the problems say.
    Unfinished,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failure {
    /// The command line is wrong.
    Usage(String),
    /// A file could not be read or written.
    Io(String),
    /// Standard output could not be written, so nothing more is printed there.
    Output(String),
    /// A fault of Chancery's own.
    Internal(String),
}

impl Failure {
    /// A failure of the system over a file.
    pub fn io(action: &str, path: &Path, error: &std::io::Error) -> Failure {
        Failure::Io(format!("cannot {action} {}: {error}", escape::name(&path.to_string_lossy())))
    }

    /// The failure as a problem among those of documents.
    pub fn problem(&self) -> Diagnostic {
        let message = self.to_string();
        match message.split_once('\n') {
            Some((message, hint)) => Diagnostic::without_place(Code::RunFailed, message).hint(hint),
            None => Diagnostic::without_place(Code::RunFailed, message),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(message) | Failure::Io(message) | Failure::Output(message) => f.write_str(message),
            Failure::Internal(fault) => write!(f, "Chancery itself failed: {fault}\n{}", panics::HINT),
        }
    }
}

/// The process's exit code.
pub fn exit_code(result: &Result<Outcome, Failure>) -> ExitCode {
    const PROBLEMS: u8 = 1;
    const USAGE: u8 = 2;
    const UNFINISHED: u8 = 3;
    match result {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::Problems) => ExitCode::from(PROBLEMS),
        Err(Failure::Usage(_)) => ExitCode::from(USAGE),
        Ok(Outcome::Unfinished) | Err(Failure::Io(_) | Failure::Output(_) | Failure::Internal(_)) => {
            ExitCode::from(UNFINISHED)
        }
    }
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::super::panics::catch_panic;
    use super::{Failure, Outcome, exit_code};
    use std::process::ExitCode;

    #[test]
    fn a_fault_is_a_message_and_exit_code_three() {
        let result: Result<Outcome, Failure> =
            catch_panic(|| panic!("a belief was wrong")).unwrap_or_else(|fault| Err(Failure::Internal(fault)));
        assert_eq!(exit_code(&result), ExitCode::from(3));
        let said = result.err().map(|failure| failure.to_string()).unwrap_or_default();
        assert!(said.contains("a belief was wrong") && said.contains("report"), "{said}");
    }
}
