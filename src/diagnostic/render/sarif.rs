//! Messages as one SARIF log (OASIS, Static Analysis Results Interchange Format 2.1.0).

use super::escape;
use super::place::{Located, LocatedFix, Location};
use crate::diagnostic::{Code, Severity};
use crate::source::percent;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Base of the paths in a log, by the name that code scanning knows.
const BASE: &str = "%SRCROOT%";
/// Description of that base. No address may leave it (SARIF 3.14.14), as paths from a folder of the
/// project would.
const BASE_IS: &str = "The folder in which Chancery was run, or that of the project where it was run inside it";
/// The key under which GitHub looks for what a result is known by from run to run.
const FINGERPRINT: &str = "primaryLocationLineHash";
/// Bytes of a hash in a fingerprint.
const FINGERPRINT_LENGTH: usize = 8;

/// Writes the problems, with a rule for each code among them. `failure` says why the run
/// was not finished.
pub fn render(problems: &[Located], failure: Option<&str>) -> String {
    let mut indexes: BTreeMap<Code, usize> = problems.iter().map(|problem| (problem.code, 0)).collect();
    for (index, slot) in indexes.values_mut().enumerate() {
        *slot = index;
    }
    let mut alike = BTreeMap::new();
    let results: Vec<Value> = problems.iter().map(|problem| result(problem, &indexes, &mut alike)).collect();
    // SARIF 3.20: whether the run did what was asked of it, whatever it found.
    let mut invocation = json!({ "executionSuccessful": failure.is_none() });
    if let (Some(failure), Some(object)) = (failure, invocation.as_object_mut()) {
        let notification = json!({ "level": "error", "message": { "text": failure } });
        object.insert("toolExecutionNotifications".to_owned(), json!([notification]));
    }
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Chancery",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": indexes.keys().map(|code| rule(*code)).collect::<Vec<_>>(),
            }},
            "invocations": [invocation],
            "originalUriBaseIds": { BASE: { "description": { "text": BASE_IS } } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{}\n", escape::json(&format!("{log:#}")))
}

fn rule(code: Code) -> Value {
    json!({
        "id": code.as_str(),
        "name": format!("{code:?}"),
        "shortDescription": { "text": code.title() },
        "help": { "text": code.explanation(), "markdown": code.explanation() },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn result(problem: &Located, indexes: &BTreeMap<Code, usize>, alike: &mut BTreeMap<String, usize>) -> Value {
    let text = match &problem.hint {
        Some(hint) => format!("{}\n{hint}", problem.message),
        None => problem.message.to_string(),
    };
    let place = problem.primary.as_ref().map(physical).or_else(|| {
        let path = problem.document.as_deref()?;
        Some(json!({ "artifactLocation": artifact(path) }))
    });
    let locations: Vec<Value> = place.into_iter().map(|place| json!({ "physicalLocation": place })).collect();
    let known_by = fingerprint(problem);
    let nth = alike.entry(known_by.clone()).or_default();
    *nth += 1;
    let mut result = json!({
        "ruleId": problem.code.as_str(),
        "ruleIndex": indexes.get(&problem.code),
        "level": level(problem.severity),
        "message": { "text": text },
        "locations": locations,
        "partialFingerprints": { FINGERPRINT: format!("{known_by}:{nth}") },
    });
    let related: Vec<Value> = problem
        .secondary
        .iter()
        .enumerate()
        .map(|(id, (location, label))| {
            json!({ "id": id, "physicalLocation": physical(location), "message": { "text": label } })
        })
        .collect();
    if let (false, Some(object)) = (related.is_empty(), result.as_object_mut()) {
        object.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    let fixes: Vec<Value> = problem.fixes.iter().map(fix).collect();
    if let (false, Some(object)) = (fixes.is_empty(), result.as_object_mut()) {
        object.insert("fixes".to_owned(), Value::Array(fixes));
    }
    result
}

/// SARIF 3.55: what a fix replaces, file by file.
fn fix(fix: &LocatedFix) -> Value {
    let mut files: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for (location, text) in &fix.edits {
        let replacement = json!({ "deletedRegion": region(location), "insertedContent": { "text": text } });
        files.entry(&location.path).or_default().push(replacement);
    }
    let change = |(path, edits)| json!({ "artifactLocation": artifact(path), "replacements": Value::Array(edits) });
    json!({
        "description": { "text": fix.fix.title },
        "artifactChanges": files.into_iter().map(change).collect::<Vec<_>>(),
    })
}

/// The fingerprint of a problem, stable when lines are inserted above it: its code, its file and
/// the words of its line, or its message if it has no span.
fn fingerprint(problem: &Located) -> String {
    let line = problem.primary.as_ref().map(|location| location.source.line(location.start().line));
    let words = line.unwrap_or(&problem.message).split_whitespace();
    let mut hash = Sha256::new();
    hash.update(problem.code.as_str());
    hash.update(problem.path().unwrap_or_default());
    for word in words {
        hash.update(word);
    }
    hash.finalize().iter().take(FINGERPRINT_LENGTH).map(|byte| format!("{byte:02x}")).collect()
}

/// SARIF 3.29: a file and a region in it; the end column is the one after the
/// last character (3.30.8).
fn physical(location: &Location) -> Value {
    json!({ "artifactLocation": artifact(&location.path), "region": region(location) })
}

fn region(location: &Location) -> Value {
    let (start, end) = (location.start(), location.end());
    json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "byteOffset": location.span.start,
        "byteLength": location.span.end.saturating_sub(location.span.start),
    })
}

fn artifact(path: &str) -> Value {
    // SARIF 3.4.4: a whole address has no base.
    if path.starts_with('/') {
        return json!({ "uri": format!("file://{}", percent::path(path)) });
    }
    json!({ "uri": percent::path(path), "uriBaseId": BASE })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}
