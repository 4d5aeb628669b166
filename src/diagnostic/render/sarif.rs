//! One SARIF log (OASIS, Static Analysis Results Interchange Format 2.1.0).

use super::place::{Located, Location};
use crate::diagnostic::{Code, Severity};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Writes the problems, with a rule for each code among them.
pub fn render(problems: &[Located]) -> String {
    let mut indexes: BTreeMap<Code, usize> = problems.iter().map(|problem| (problem.diagnostic.code, 0)).collect();
    for (index, slot) in indexes.values_mut().enumerate() {
        *slot = index;
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
            "columnKind": "unicodeCodePoints",
            "results": problems.iter().map(|problem| result(problem, &indexes)).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
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

fn result(problem: &Located, indexes: &BTreeMap<Code, usize>) -> Value {
    let diagnostic = problem.diagnostic;
    let text = match &diagnostic.hint {
        Some(hint) => format!("{}\n{hint}", diagnostic.message),
        None => diagnostic.message.clone(),
    };
    let place = match problem.primary {
        Some(location) => json!({ "physicalLocation": physical(location) }),
        None => json!({ "physicalLocation": { "artifactLocation": { "uri": uri(problem.document) } } }),
    };
    let mut result = json!({
        "ruleId": diagnostic.code.as_str(),
        "ruleIndex": indexes.get(&diagnostic.code),
        "level": level(diagnostic.severity),
        "message": { "text": text },
        "locations": [place],
    });
    let related: Vec<Value> = problem
        .secondary
        .iter()
        .enumerate()
        .map(|(id, (location, label))| {
            json!({ "id": id, "physicalLocation": physical(*location), "message": { "text": label } })
        })
        .collect();
    if let (false, Some(object)) = (related.is_empty(), result.as_object_mut()) {
        object.insert("relatedLocations".to_owned(), Value::Array(related));
    }
    result
}

/// SARIF 3.29: a file and a region in it; the end column is the one after the
/// last character (3.30.8).
fn physical(location: Location) -> Value {
    let (start, end) = (location.start(), location.end());
    json!({
        "artifactLocation": { "uri": uri(location.source.path()) },
        "region": {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
            "byteOffset": location.span.start,
            "byteLength": location.span.end.saturating_sub(location.span.start),
        },
    })
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

/// A relative reference (RFC 3986, 4.2): what is no path character is escaped.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=@".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
