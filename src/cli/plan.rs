//! `chancery plan`: one action a document, for build systems that share the work out.

use super::args::{self, PlanArgs, PlanFormat};
use super::build::{Globals, Job};
use super::deps::{self, Paths};
use super::failure::{Failure, Outcome};
use super::files::FILE_LIMIT;
use super::index::{self, INDEX};
use super::manifest::MANIFEST;
use super::partial_manifest;
use super::report::{self, Found};
use super::workspace::current_folder;
use super::write;
use crate::format::Format;
use crate::source::Files;
use crate::source::hash::sha256;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// How one document is built.
struct Action {
    source: String,
    arguments: Vec<String>,
    /// Inputs with their SHA-256, if they exist.
    inputs: BTreeMap<String, String>,
    /// The editions in the order in which they are made, then the part.
    outputs: Vec<String>,
    part: String,
    /// SHA-256 of the tool, the arguments and the inputs: what is made is the same where it is.
    key: String,
}

/// How what was made is joined.
struct Merge {
    arguments: Vec<String>,
    /// Inputs of the final step: outputs of the actions, copied files, and the inputs of the
    /// actions.
    inputs: Vec<String>,
    outputs: Vec<String>,
}

struct Plan {
    /// SHA-256 of the program.
    tool: String,
    actions: Vec<Action>,
    /// Where all documents are built.
    merge: Option<Merge>,
}

/// A document before it is built.
struct PlannedDocument {
    source: String,
    inputs: BTreeMap<String, String>,
    /// Files that it links to.
    files: BTreeMap<String, String>,
}

/// Prints the actions.
pub fn plan(args: &PlanArgs, globals: &Globals) -> Result<Outcome, Failure> {
    let formats = args::formats(&args.to);
    let mut job = Job::open(&args.documents, globals, formats.as_deref(), true)?;
    if job.is_stopped() || !job.workspace.unread.is_empty() {
        return job.report();
    }
    if !job.keeps_manifest() {
        return Err(Failure::Usage("only a project has a plan".to_owned()));
    }
    job.plan.with_all = args::asks_for_all(&args.to);
    let editions: BTreeMap<String, Vec<String>> =
        job.workspace.selected.iter().map(|source| (source.clone(), job.edition_paths(source).collect())).collect();
    // Each document is resolved, which tells what it reads, and nothing is made.
    const NOTHING: &[Format] = &[];
    job.plan.formats = Some(NOTHING);
    job.plan.with_all = false;
    let known = job.run(
        |_, _| None,
        |produced| PlannedDocument { source: produced.source, inputs: produced.inputs, files: produced.files },
    )?;
    let output = job.output(args.out.as_deref())?;
    let here = current_folder()?;
    let out = here.join(output.path());
    let paths = Paths { here: &here, root: job.workspace.root(), out: &out, earlier: job.plan.earlier.as_deref() };
    let planner = Planner { args, globals, job: &job, paths: &paths, tool: program()? };
    let plan = planner.plan(&known, &editions, formats.as_deref());
    let text = match args.format {
        PlanFormat::Json => json(&plan),
        PlanFormat::Make => make(&plan),
        PlanFormat::Ninja => ninja(&plan),
    };
    let problems = if args.format == PlanFormat::Json { Vec::new() } else { unsayable(&plan) };
    if problems.is_empty() {
        report::print(&text)?;
    }
    job.found.extend(problems);
    job.report()
}

/// SHA-256 of this program.
fn program() -> Result<String, Failure> {
    let path = std::env::current_exe().map_err(|error| Failure::Io(format!("cannot find the program: {error}")))?;
    Ok(sha256(&write::read(&path, FILE_LIMIT)?))
}

/// Paths that cannot be named to make and ninja.
fn unsayable(plan: &Plan) -> Vec<Found> {
    let problem = |action: &Action| {
        let problem = action.outputs.iter().chain(action.inputs.keys()).find_map(|path| deps::problem(path))?;
        let problem = problem.hint("rename the file, or plan with --format json");
        Some(Found::without_text(action.source.clone(), vec![problem]))
    };
    plan.actions.iter().filter_map(problem).collect()
}

struct Planner<'a> {
    args: &'a PlanArgs,
    globals: &'a Globals,
    job: &'a Job<'a>,
    paths: &'a Paths<'a>,
    tool: String,
}

impl Planner<'_> {
    fn plan(
        &self,
        known: &[PlannedDocument],
        editions: &BTreeMap<String, Vec<String>>,
        formats: Option<&[Format]>,
    ) -> Plan {
        let of = |source: &String| editions.get(source).cloned().unwrap_or_default();
        let actions: Vec<Action> =
            known.iter().map(|document| self.action(document, &of(&document.source), formats)).collect();
        let merge = self.args.documents.paths.is_empty().then(|| self.merge(&actions, known));
        Plan { tool: self.tool.clone(), actions, merge }
    }

    fn action(&self, document: &PlannedDocument, editions: &[String], formats: Option<&[Format]>) -> Action {
        let input = |path: &String| self.paths.shown(self.paths.root.join(path));
        let output = |path: &String| self.paths.shown(self.paths.out.join(path));
        let (source, part) = (input(&document.source), output(&partial_manifest::of_document(&document.source)));
        let mut arguments = vec!["build".to_owned(), source.clone(), "--part".to_owned(), part.clone()];
        arguments.extend(self.shared_arguments());
        if let Some(formats) = formats {
            let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
            arguments.extend(["--to".to_owned(), names.join(",")]);
        }
        arguments.extend(self.args.verify.then(|| "--verify".to_owned()));
        arguments.extend(self.args.documents.deny_warnings.then(|| "--deny-warnings".to_owned()));
        let mut inputs: BTreeMap<String, String> =
            document.inputs.iter().map(|(path, hash)| (input(path), hash.clone())).collect();
        // Whether there is an index that documents lead to depends on it.
        if let Some(own) = index::own(&self.job.workspace.project, &self.job.workspace.documents) {
            let hash = self.job.workspace.disk.read(own).map(|bytes| sha256(&bytes)).unwrap_or_default();
            inputs.insert(input(own), hash);
        }
        let outputs = editions.iter().map(output).chain([part.clone()]).collect();
        let epoch = self.job.plan.source_date_epoch;
        let mut parts = format!("{} {arguments:?} {inputs:?} {epoch:?}", self.tool);
        if let Some(earlier) = &self.job.plan.earlier {
            parts += &earlier.key();
        }
        let key = sha256(parts.as_bytes());
        Action { source, arguments, inputs, outputs, part, key }
    }

    fn merge(&self, actions: &[Action], known: &[PlannedDocument]) -> Merge {
        let output = |path: &str| self.paths.shown(self.paths.out.join(path));
        let mut arguments = vec!["manifest".to_owned(), "merge".to_owned()];
        arguments.extend(self.shared_arguments());
        let files: BTreeMap<&String, &String> = known.iter().flat_map(|document| &document.files).collect();
        let sources: BTreeSet<String> =
            files.values().map(|path| self.paths.shown(self.paths.root.join(path))).collect();
        let inputs = actions.iter().flat_map(|action| action.outputs.clone()).chain(sources).collect();
        let index = self.job.plan.with_index.then_some(INDEX);
        let copies = files.keys().map(|place| place.as_str());
        let outputs = [MANIFEST].into_iter().chain(index).chain(copies).map(output).collect();
        Merge { arguments, inputs, outputs }
    }

    /// Arguments of every action.
    fn shared_arguments(&self) -> Vec<String> {
        let path = |path: &PathBuf| path.to_string_lossy().into_owned();
        let mut arguments = Vec::new();
        if let Some(project) = &self.globals.project {
            arguments.extend(["--project".to_owned(), path(project)]);
        }
        if let Some(out) = &self.args.out {
            arguments.extend(["--out".to_owned(), path(out)]);
        }
        for profile in self.job.profiles() {
            arguments.extend(["--profile".to_owned(), profile]);
        }
        if let Some(against) = &self.args.documents.against {
            arguments.extend(["--against".to_owned(), against.clone()]);
        }
        arguments.push("--quiet".to_owned());
        arguments
    }
}

/// An object with a line for each action.
fn json(plan: &Plan) -> String {
    let action = |action: &Action| {
        let Action { source, arguments, inputs, outputs, key, .. } = action;
        let value = serde_json::json!({
            "source": source, "arguments": arguments, "inputs": inputs, "outputs": outputs, "key": key,
        });
        format!("  {value}")
    };
    let actions: Vec<String> = plan.actions.iter().map(action).collect();
    let tool = serde_json::json!({
        "name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION"), "sha256": plan.tool,
    });
    let merge = plan.merge.as_ref().map(|Merge { arguments, inputs, outputs }| {
        let sources = plan.actions.iter().flat_map(|action| action.inputs.keys());
        let inputs: BTreeSet<&String> = inputs.iter().chain(sources).collect();
        serde_json::json!({ "arguments": arguments, "inputs": inputs, "outputs": outputs })
    });
    let merge = merge.map_or(String::new(), |merge| format!(",\n\"merge\": {merge}"));
    format!("{{\n\"tool\": {tool},\n\"actions\": [\n{}\n]{merge}\n}}\n", actions.join(",\n"))
}

/// A makefile. Editions and their part are made together.
fn make(plan: &Plan) -> String {
    let targets = |paths: &[String]| paths.iter().map(|path| deps::target(path)).collect::<Vec<_>>().join(" ");
    let needs = |path: &String| format!(" \\\n  {}", deps::prerequisite(path));
    let recipe = |words: &[String]| shell(words).replace('$', "$$");
    let mut text = "# Made by `chancery plan --format make`.\nCHANCERY ?= chancery\n\n.PHONY: all\n".to_owned();
    let all: Vec<String> = match &plan.merge {
        Some(merge) => merge.outputs.clone(),
        // A part is made with its editions.
        None => plan.actions.iter().map(|action| action.part.clone()).collect(),
    };
    text += &format!("all:{}\n", all.iter().map(needs).collect::<String>());
    for action in &plan.actions {
        let inputs: String = action.inputs.keys().map(needs).collect();
        let depfile = format!("{}.d", action.part);
        let arguments = [action.arguments.as_slice(), &["--deps".to_owned(), depfile.clone()]].concat();
        text += &format!(
            "\n{} &:{inputs}\n\t$(CHANCERY) {}\n-include {}\n",
            targets(&action.outputs),
            recipe(&arguments),
            deps::prerequisite(&depfile)
        );
    }
    if let Some(merge) = &plan.merge {
        let inputs: String = merge.inputs.iter().map(needs).collect();
        text += &format!("\n{} &:{inputs}\n\t$(CHANCERY) {}\n", targets(&merge.outputs), recipe(&merge.arguments));
    }
    text
}

/// A ninja file. Further inputs of an action are in its depfile, or in the plan if ninja could not
/// read the depfile. A response file, which is part of the command, makes a changed list of inputs
/// visible.
fn ninja(plan: &Plan) -> String {
    let mut text = "\
# Made by `chancery plan --format ninja`.
ninja_required_version = 1.10

rule chancery
  command = chancery $arguments
  depfile = $part.d
  rspfile = $part.inputs
  rspfile_content = $inputs
  description = $source

rule listed
  command = chancery $arguments
  rspfile = $part.inputs
  rspfile_content = $inputs
  description = $source

rule merge
  command = chancery $arguments
  restat = 1
  description = manifest
"
    .to_owned();
    let list = |paths: &[String]| paths.iter().map(|path| ninja_path(path)).collect::<Vec<_>>().join(" ");
    for action in &plan.actions {
        let names: Vec<&String> = action.inputs.keys().collect();
        let has_depfile = names.iter().copied().chain(&action.outputs).all(|path| is_read_in_depfiles(path));
        let mut arguments = action.arguments.clone();
        let (rule, implicit) = if has_depfile {
            arguments.extend(["--deps".to_owned(), format!("{}.d", action.part)]);
            ("chancery", String::new())
        } else {
            let others = names.iter().filter(|path| ***path != action.source);
            ("listed", others.map(|path| format!(" {}", ninja_path(path))).collect())
        };
        text += &format!(
            "\nbuild {}: {rule} {}{}{implicit}\n  arguments = {}\n  source = {}\n  part = {}\n  inputs = {}\n",
            list(&action.outputs),
            ninja_path(&action.source),
            if implicit.is_empty() { "" } else { " |" },
            shell(&arguments).replace('$', "$$"),
            action.source.replace('$', "$$"),
            action.part.replace('$', "$$"),
            sha256(action.inputs.keys().cloned().collect::<Vec<String>>().join("\n").as_bytes()),
        );
    }
    if let Some(merge) = &plan.merge {
        text += &format!(
            "\nbuild {}: merge {}\n  arguments = {}\n",
            list(&merge.outputs),
            list(&merge.inputs),
            shell(&merge.arguments).replace('$', "$$")
        );
    }
    text
}

/// Whether ninja reads a path in depfiles: there it knows fewer characters than make.
fn is_read_in_depfiles(path: &str) -> bool {
    path.chars().all(|c| c.is_alphanumeric() || !c.is_ascii() || " #$+,/_:.~(){}%=@[]!-".contains(c))
}

/// A path for ninja.
fn ninja_path(path: &str) -> String {
    path.replace('$', "$$").replace(' ', "$ ").replace(':', "$:")
}

/// Words for a POSIX shell.
fn shell(words: &[String]) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_./-,+@%".contains(c);
    let word = |word: &String| match word.as_str() {
        plain if !plain.is_empty() && plain.chars().all(is_plain) => plain.to_owned(),
        other => format!("'{}'", other.replace('\'', "'\\''")),
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{ninja_path, shell};

    #[test]
    fn names_are_quoted() {
        let words = ["build", "a b.md", "it's.md", "$HOME", "é.md", "", "a;b"].map(str::to_owned);
        assert_eq!(shell(&words), r"build 'a b.md' 'it'\''s.md' '$HOME' é.md '' 'a;b'");
        assert_eq!(ninja_path("a b:c$d"), "a$ b$:c$$d");
    }
}
