//! The arguments: the one door to clap.

use crate::diagnostic::render;
use crate::format::Format;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is fine
  1  a document has problems, or an edition is stale
  2  the command line is wrong
  3  a file could not be read or written";

/// Compiles the documents institutions publish: one source, every edition.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, after_help = EXIT_CODES, max_term_width = 90)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    /// When messages are coloured
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
    /// The project's folder [default: the nearest one above that holds a chancery.toml]
    #[arg(long, global = true, value_name = "DIR")]
    pub project: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make the editions of the project, or of the documents that are named
    Build(BuildArgs),
    /// Build, and build again whenever a file changes
    Watch(BuildArgs),
    /// Report the problems of documents and write nothing
    Check(CheckArgs),
    /// Prove that the editions on the disk say what their sources say
    Verify(VerifyArgs),
    /// Print a parsed document as JSON (schema: docs/ast.schema.json)
    Ast {
        /// The document; - reads standard input
        path: PathBuf,
    },
    /// Make a new project that builds at once
    Init {
        /// Its folder
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// List documents and their editions
    List,
    /// Explain the code of a message, or list all codes
    Explain {
        /// Such as E0303
        code: Option<String>,
    },
    /// Print completions for a shell
    Completions {
        #[arg(value_enum)]
        shell: Shell,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct BuildArgs {
    #[command(flatten)]
    pub documents: DocumentArgs,
    /// Editions to make: pdf, html, docbook, text, brief, all, pandoc [default: what the project says, else all]
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = parse_formats)]
    pub to: Vec<Formats>,
    /// Folder of the editions [default: outputs in the project, or here where there is none];
    /// - writes a single edition to standard output
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing; fail when an edition is stale, missing or left over
    #[arg(long)]
    pub locked: bool,
    /// Read every edition back, and fail when one does not say what its source says
    #[arg(long)]
    pub verify: bool,
    /// Write which files each edition was made from, for make and ninja
    #[arg(long, value_name = "FILE")]
    pub deps: Option<PathBuf>,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct CheckArgs {
    #[command(flatten)]
    pub documents: DocumentArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub documents: DocumentArgs,
    /// Editions to prove: pdf, html, docbook, text, brief [default: what the project says, else all]
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = parse_formats)]
    pub to: Vec<Formats>,
    /// Folder of the editions [default: outputs in the project, or here where there is none]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Check the files against the hashes in their manifest only; needs no sources
    #[arg(long, conflicts_with_all = ["to", "report", "words", "rules"])]
    pub manifest: bool,
    /// Write a report on each document, as HTML and JSON, into a folder
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Print the words that a reader gets from one edition, one a line
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "report", "out"])]
    pub words: Option<PathBuf>,
    /// Print what one edition claims to follow, and the rules of it that it breaks
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "report", "out", "words"])]
    pub rules: Option<PathBuf>,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

/// Which documents, and how their problems are shown.
#[derive(Debug, clap::Args)]
pub struct DocumentArgs {
    /// Documents or folders of documents; - reads standard input [default: the whole project]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Keep the content meant for this audience (repeatable)
    #[arg(long = "profile", value_name = "NAME")]
    pub profiles: Vec<String>,
    /// How messages are shown; json and sarif go to standard output
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// Treat warnings as errors
    #[arg(long)]
    pub deny_warnings: bool,
    /// How many threads to work on [default: one for each core, but only one for a single document of less than about 600 pages]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// With the source line underlined
    Human,
    /// One line a message
    Short,
    /// One JSON object a line
    Json,
    /// One SARIF 2.1.0 log
    Sarif,
}

impl From<MessageFormat> for render::MessageFormat {
    fn from(format: MessageFormat) -> Self {
        match format {
            MessageFormat::Human => render::MessageFormat::Human,
            MessageFormat::Short => render::MessageFormat::Short,
            MessageFormat::Json => render::MessageFormat::Json,
            MessageFormat::Sarif => render::MessageFormat::Sarif,
        }
    }
}

/// One word of `--to`.
#[derive(Debug, Clone)]
pub enum Formats {
    All,
    One(Format),
}

/// The formats that are asked for; `None` leaves them to the project.
pub fn formats(to: &[Formats]) -> Option<Vec<Format>> {
    if to.is_empty() {
        return None;
    }
    let asked = to.iter().flat_map(|word| match word {
        Formats::All => Format::ALL.to_vec(),
        Formats::One(format) => vec![*format],
    });
    let mut formats: Vec<Format> = asked.collect();
    formats.sort_unstable();
    formats.dedup();
    Some(formats)
}

fn parse_formats(word: &str) -> Result<Formats, String> {
    if word == "all" {
        return Ok(Formats::All);
    }
    let names = || Format::NAMED.iter().map(|format| format.name()).chain(["all"]);
    Format::parse(word).map(Formats::One).ok_or_else(|| {
        crate::diagnostic::did_you_mean(word, names())
            .unwrap_or_else(|| format!("possible values: {}", names().collect::<Vec<_>>().join(", ")))
    })
}

/// Reads the process's arguments. On a mistake, or when help is asked for,
/// prints it and ends the process (usage mistakes with code 2).
pub fn parse() -> Args {
    Args::parse()
}

/// Prints completions for a shell.
pub fn print_completions(shell: Shell) {
    let mut command = Args::command();
    clap_complete::generate(shell, &mut command, "chancery", &mut std::io::stdout());
}
