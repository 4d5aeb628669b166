//! The arguments: the one door to clap.

mod alone;

use super::failure::Failure;
use super::partial_manifest::Shard;
use super::report;
use super::variables;
use crate::diagnostic::Severity;
use crate::diagnostic::render::{self, escape};
use crate::format::Format;
use clap::error::ErrorKind as Wrong;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use std::borrow::Cow;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;

const EXIT_CODES: &str = "\
Exit codes:
  0  everything is fine
  1  a document has problems, or an edition is stale
  2  the command line is wrong
  3  a file could not be read or written, or Chancery itself failed";

/// Compiles the documents institutions publish: one source, every edition.
#[derive(Debug, Parser)]
#[command(name = "chancery", version, after_help = EXIT_CODES, max_term_width = 90)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub common: CommonArgs,
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct CommonArgs {
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
    /// Show the documents in the browser as they are written, with their problems
    Serve(ServeArgs),
    /// Serve an editor by the Language Server Protocol, over standard input and output
    Lsp {
        /// Show the documents that are open in the browser too, before they are saved
        #[arg(long)]
        serve: bool,
    },
    /// Report the problems of documents and write nothing
    Check(CheckArgs),
    /// Bring sources into one form, without changing what they say
    Fmt(FmtArgs),
    /// Prove that the editions on the disk say what their sources say
    Verify(VerifyArgs),
    /// Show what changed between two versions of a document or a project
    Diff(DiffArgs),
    /// Turn a Word file or a web page into a source, its pictures and a report
    Import(ImportArgs),
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
    /// Remove the editions that builds made and nobody changed
    Clean(CleanArgs),
    /// Print how each document is built on its own, for build systems
    Plan(PlanArgs),
    /// Work on the manifest of the editions
    #[command(subcommand)]
    Manifest(ManifestCommand),
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
    /// Print the manual page of the program, or write those of all commands into a folder
    Man {
        /// The folder
        #[arg(value_name = "DIR")]
        folder: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct BuildArgs {
    #[command(flatten)]
    pub documents: DocumentArgs,
    /// Editions to make: pdf, html, docbook, text, brief, docx, epub, pandoc, all [default: what the project says, else all]
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = parse_formats)]
    pub to: Vec<Formats>,
    /// Folder of the editions [default: outputs in the project, or here where there is none];
    /// - writes a single edition to standard output
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write a single edition to this file; its name says the format, unless --to does
    #[arg(short = 'o', value_name = "FILE", conflicts_with_all = ["out", "locked"])]
    pub file: Option<PathBuf>,
    /// Write nothing; fail when an edition is stale, missing or left over
    #[arg(long)]
    pub locked: bool,
    /// Read every edition back, and fail when one does not say what its source says
    #[arg(long)]
    pub verify: bool,
    /// Write which files each edition was made from, for make and ninja
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "locked"])]
    pub deps: Option<PathBuf>,
    /// How --deps is written
    #[arg(long, value_enum, default_value_t = DepsFormat::Make, value_name = "FORMAT")]
    pub deps_format: DepsFormat,
    /// Build a share of the documents, such as 2/5 for the second of five
    #[arg(long, value_name = "I/N", value_parser = parse_shard, conflicts_with_all = ["file", "locked"])]
    pub shard: Option<Shard>,
    /// Write this file in the place of manifest and index, which `manifest merge` makes of such
    /// files [default with --shard: one below .chancery/parts among the editions]
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "locked"])]
    pub part: Option<PathBuf>,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct ServeArgs {
    /// Documents or folders of documents [default: the whole project]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Keep the content meant for this audience (repeatable)
    #[arg(long = "profile", value_name = "NAME", value_delimiter = ',')]
    pub profiles: Vec<String>,
    /// The port on this machine; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    pub port: u16,
    /// What a click runs, such as 'code -g {file}:{line}:{column}'
    #[arg(long, value_name = "COMMAND")]
    pub editor: Option<String>,
}

/// How it is written which files editions were made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DepsFormat {
    /// Rules for make and ninja
    Make,
    /// An object with every document, also with those that have errors
    Json,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct PlanArgs {
    #[command(flatten)]
    pub documents: DocumentArgs,
    /// How the plan is written
    #[arg(long, value_enum, default_value_t = PlanFormat::Json, value_name = "FORMAT")]
    pub format: PlanFormat,
    /// Editions to make: pdf, html, docbook, text, brief, docx, epub, pandoc, all [default: what the project says, else all]
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = parse_formats)]
    pub to: Vec<Formats>,
    /// Folder of the editions [default: outputs in the project]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Prove every edition that is made
    #[arg(long)]
    pub verify: bool,
}

/// How a plan is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// An object with the arguments, inputs, outputs and key of each action
    Json,
    /// A makefile for GNU make 4.3 or later
    Make,
    /// A file for ninja 1.10 or later
    Ninja,
}

/// Commands about manifests.
#[derive(Debug, Subcommand)]
pub enum ManifestCommand {
    /// Join what the builds of shards left, and write manifest and index
    Merge(MergeArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct MergeArgs {
    /// Parts, or output folders that hold some; editions are taken from there [default: the output folder]
    #[arg(value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// Folder of the editions [default: outputs in the project]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The editions for this audience (repeatable)
    #[arg(long = "profile", value_name = "NAME", value_delimiter = ',')]
    pub profiles: Vec<String>,
    /// The earlier version that the parts were built against
    #[arg(long, value_name = "REV|FOLDER")]
    pub against: Option<String>,
    /// How messages are shown; json, sarif and github go to standard output
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

impl MergeArgs {
    /// All documents of the project.
    pub fn documents(&self) -> DocumentArgs {
        DocumentArgs {
            paths: Vec::new(),
            profiles: self.profiles.clone(),
            message_format: self.message_format,
            advice: false,
            deny_warnings: false,
            fail_on: FailOn::Error,
            against: self.against.clone(),
            jobs: None,
            timings: None,
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct CheckArgs {
    #[command(flatten)]
    pub documents: DocumentArgs,
    /// Fix in the sources what can be fixed without doubt, and report the rest; with - the
    /// fixed text goes to standard output
    #[arg(long)]
    pub fix: bool,
    /// Fix also what an author should look at afterwards
    #[arg(long, requires = "fix")]
    pub unsafe_fixes: bool,
    /// With --fix, write nothing; print what would change, as a unified diff, and fail when
    /// anything would
    #[arg(long, requires = "fix")]
    pub diff: bool,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct FmtArgs {
    /// Sources or folders of sources; - formats standard input to standard output
    /// [default: the whole project]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; fail when a source is not as formatting makes it
    #[arg(long)]
    pub check: bool,
    /// Write nothing; print what would change, as a unified diff, and fail when anything would
    #[arg(long)]
    pub diff: bool,
    /// How messages are shown; json, sarif and github go to standard output
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub documents: DocumentArgs,
    /// Editions to prove: pdf, html, docbook, text, brief, docx, epub, all [default: what the project says, else all]
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

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct DiffArgs {
    /// The old version: a document, or the folder of a project
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The new version
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Editions to make: pdf, html, docbook, text, brief, docx, epub, pandoc, all [default: what the project says, else all]
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', value_parser = parse_formats)]
    pub to: Vec<Formats>,
    /// Folder of the editions [default: changes in the project, or here where there is none]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Print what changed in short, and write nothing
    #[arg(long, conflicts_with_all = ["to", "out", "verify"])]
    pub summary_only: bool,
    /// What becomes of numbers that changed because others did
    #[arg(long, value_enum, default_value_t = Renumbering::List, value_name = "HOW")]
    pub renumbering: Renumbering,
    /// Keep the content meant for this audience, in both versions (repeatable)
    #[arg(long = "profile", value_name = "NAME")]
    pub profiles: Vec<String>,
    /// How messages are shown; json also gives the changes as data
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// Exit with 1 where something changed
    #[arg(long)]
    pub exit_code: bool,
    /// Read every edition back, and fail when one does not say what both versions say
    #[arg(long)]
    pub verify: bool,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct ImportArgs {
    /// The file: .docx or .html
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Folder of the source, with a folder media in it for pictures [default: here]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What becomes of tracked changes
    #[arg(long, value_enum, default_value_t = Settle::Accept, value_name = "HOW")]
    pub changes: Settle,
    /// Replace files that are there already
    #[arg(long)]
    pub force: bool,
    /// How messages are shown; json, sarif and github go to standard output
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

/// What becomes of tracked changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Settle {
    /// The new text is kept
    Accept,
    /// The old text is kept
    Reject,
}

impl From<Settle> for crate::import::Changes {
    fn from(settle: Settle) -> Self {
        match settle {
            Settle::Accept => crate::import::Changes::Accept,
            Settle::Reject => crate::import::Changes::Reject,
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub struct CleanArgs {
    /// Folder of the editions [default: outputs in the project]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// The editions for this audience (repeatable)
    #[arg(long = "profile", value_name = "NAME", value_delimiter = ',')]
    pub profiles: Vec<String>,
    /// Say nothing but problems
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Renumbering {
    /// They are listed in a table
    List,
    /// They are marked where they stand, too
    Mark,
    Hide,
}

impl From<Renumbering> for crate::redline::Renumbering {
    fn from(renumbering: Renumbering) -> Self {
        match renumbering {
            Renumbering::List => crate::redline::Renumbering::List,
            Renumbering::Mark => crate::redline::Renumbering::Mark,
            Renumbering::Hide => crate::redline::Renumbering::Hide,
        }
    }
}

/// Which documents, and how their problems are shown.
#[derive(Debug, clap::Args)]
pub struct DocumentArgs {
    /// Documents or folders of documents; - reads standard input [default: the whole project]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Keep the content meant for this audience (repeatable)
    #[arg(long = "profile", value_name = "NAME", value_delimiter = ',')]
    pub profiles: Vec<String>,
    /// How messages are shown; json, sarif and github go to standard output
    #[arg(long, value_enum, default_value_t = MessageFormat::Human, value_name = "FORMAT")]
    pub message_format: MessageFormat,
    /// Show advice on style too; otherwise it is counted, but for codes to which the project gives a level
    #[arg(long)]
    pub advice: bool,
    /// Treat warnings as errors
    #[arg(long)]
    pub deny_warnings: bool,
    /// The least severe problem that ends the run with exit code 1; editions are made all the same
    #[arg(long, value_enum, default_value_t = FailOn::Error, value_name = "SEVERITY")]
    pub fail_on: FailOn,
    /// Make editions of what changed, too, since an earlier version: a folder or a git revision
    #[arg(long, value_name = "REV|FOLDER")]
    pub against: Option<String>,
    /// How many threads to work on [default: one for each core, but for a single document of less than about 600 pages only one, beside those that make its pictures and compress its pages]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub jobs: Option<u16>,
    /// Say on standard error where the time went
    #[arg(long, value_enum, value_name = "FORMAT", num_args = 0..=1, require_equals = true, default_missing_value = "human")]
    pub timings: Option<TimingsFormat>,
}

/// How timings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TimingsFormat {
    /// A table
    Human,
    /// One JSON object in a line
    Json,
}

/// What ends a run with exit code 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Errors only
    Error,
    /// Warnings too
    Warning,
    /// Advice too, which is shown then
    Advice,
}

impl From<FailOn> for Severity {
    fn from(least: FailOn) -> Self {
        match least {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Advice => Severity::Advice,
        }
    }
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
    /// One command to GitHub Actions a line, for annotations
    Github,
}

impl From<MessageFormat> for render::MessageFormat {
    fn from(format: MessageFormat) -> Self {
        match format {
            MessageFormat::Human => render::MessageFormat::Human,
            MessageFormat::Short => render::MessageFormat::Short,
            MessageFormat::Json => render::MessageFormat::Json,
            MessageFormat::Sarif => render::MessageFormat::Sarif,
            MessageFormat::Github => render::MessageFormat::Github,
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

/// Whether all formats are asked for, and with them those that only the project asks for.
pub fn asks_for_all(to: &[Formats]) -> bool {
    to.iter().any(|word| matches!(word, Formats::All))
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

fn parse_shard(text: &str) -> Result<Shard, String> {
    Shard::parse(text).ok_or_else(|| "2/5 is the second of five shares".to_owned())
}

/// Why there are no arguments to go on with.
pub enum EarlyExit {
    /// Help was asked for, and given.
    Answered,
    /// They are wrong, which was said on standard error.
    Refused { message: String, format: MessageFormat },
    /// What was to be said could not be written.
    Unwritten(Failure),
}

/// Reads the process's arguments; says what is wrong with them, or the help that they
/// ask for.
pub fn parse() -> Result<Args, EarlyExit> {
    let written: Vec<OsString> = std::env::args_os().collect();
    if let Some(args) = alone::read(&written) {
        return Ok(args);
    }
    let error = match read(&written) {
        Ok(args) => return Ok(args),
        Err(error) => error,
    };
    if !error.use_stderr() {
        return match error.print() {
            Err(fault) if fault.kind() != ErrorKind::BrokenPipe => {
                Err(EarlyExit::Unwritten(Failure::Output(format!("cannot write to standard output: {fault}"))))
            }
            Ok(()) | Err(_) => Err(EarlyExit::Answered),
        };
    }
    // Arguments may be made by others, such as names of files: what deceives in them is
    // as wrong when it is made visible.
    let visible = written.iter().map(|word| escape::escape_controls(&word.to_string_lossy()).into_owned().into());
    let error = read(&visible.collect::<Vec<OsString>>()).err().filter(clap::Error::use_stderr).unwrap_or(error);
    if let Err(fault) = error.print()
        && fault.kind() != ErrorKind::BrokenPipe
    {
        return Err(EarlyExit::Unwritten(Failure::Io(format!("cannot write to standard error: {fault}"))));
    }
    let set = variables::variables_in_use(&Args::command());
    if !set.is_empty() {
        report::say(&format!("\nnote: the environment sets {}\n", set.join(", ")));
    }
    let said = error.render().to_string();
    let message = said.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    Err(EarlyExit::Refused { message, format: wanted_format(&written) })
}

/// Reads arguments, and options from the environment. Where both exclude one another, those
/// that are written count.
fn read(written: &[OsString]) -> Result<Args, clap::Error> {
    const EXCLUDED_BY_OTHERS: [&str; 4] = ["locked", "out", "shard", "to"];
    let with = |ignored: &[&str]| {
        let matches = variables::read_by(Args::command(), ignored).try_get_matches_from(written)?;
        Args::from_arg_matches(&matches)
    };
    match with(&[]) {
        Err(error) if error.kind() == Wrong::ArgumentConflict => with(&EXCLUDED_BY_OTHERS),
        result => result,
    }
}

/// The format of messages that wrong arguments still ask for.
fn wanted_format(written: &[OsString]) -> MessageFormat {
    const OPTION: &str = "--message-format";
    let words: Vec<_> = written.iter().map(|word| word.to_string_lossy()).collect();
    let of = |(at, word): (usize, &Cow<str>)| match word.strip_prefix(OPTION)? {
        "" => words.get(at + 1).map(|value| value.clone().into_owned()),
        value => value.strip_prefix('=').map(str::to_owned),
    };
    let value = words.iter().enumerate().find_map(of).or_else(|| std::env::var("CHANCERY_MESSAGE_FORMAT").ok());
    value.and_then(|value| MessageFormat::from_str(&value, false).ok()).unwrap_or(MessageFormat::Human)
}

impl Args {
    /// How the command shows messages.
    pub fn message_format(&self) -> MessageFormat {
        match &self.command {
            Command::Build(args) | Command::Watch(args) => args.documents.message_format,
            Command::Check(args) => args.documents.message_format,
            Command::Fmt(args) => args.message_format,
            Command::Verify(args) => args.documents.message_format,
            Command::Plan(args) => args.documents.message_format,
            Command::Manifest(ManifestCommand::Merge(args)) => args.message_format,
            Command::Diff(args) => args.message_format,
            Command::Import(args) => args.message_format,
            Command::Ast { .. }
            | Command::Init { .. }
            | Command::Serve(_)
            | Command::Lsp { .. }
            | Command::Clean(_)
            | Command::List
            | Command::Explain { .. }
            | Command::Completions { .. }
            | Command::Man { .. } => MessageFormat::Human,
        }
    }
}

/// Completions for a shell.
pub fn completions(shell: Shell) -> Vec<u8> {
    let mut command = variables::read_by(Args::command(), &[]);
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, "chancery", &mut text);
    text
}

/// The manual pages of the program and its commands, by the names of their files; that of the
/// program is the first.
///
/// # Errors
/// Where a page cannot be rendered.
pub fn manual() -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut command = variables::read_by(Args::command(), &[]);
    command.build();
    let mut pages = Vec::new();
    add_pages(command, &mut pages)?;
    Ok(pages)
}

fn add_pages(command: clap::Command, pages: &mut Vec<(String, Vec<u8>)>) -> Result<(), Failure> {
    let commands: Vec<clap::Command> =
        command.get_subcommands().filter(|command| command.get_name() != "help").cloned().collect();
    let page = clap_mangen::Man::new(command).manual("Chancery");
    let mut text = Vec::new();
    page.render(&mut text).map_err(|fault| Failure::Io(format!("cannot make a manual page: {fault}")))?;
    pages.push((page.get_filename(), text));
    commands.into_iter().try_for_each(|command| add_pages(command, pages))
}
