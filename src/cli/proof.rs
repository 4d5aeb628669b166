//! The conformance report of a document: what each edition claims, what was
//! checked, and what only a person can judge.

use super::produce::Produced;
use crate::backend::html::{Report, ReportEdition, ReportRule, report as page};
use crate::diagnostic::render::{self, Base, Colour, MessageFormat};
use serde::Serialize;
use serde_json::Value;

/// Questions that no program can answer, but only a person.
const FOR_A_PERSON: [&str; 7] = [
    "The order in which the text is read makes sense.",
    "Each alternative text says what its picture says.",
    "Nothing is told by colour alone.",
    "Headings and captions say what stands under them.",
    "The words of links say where they lead.",
    "The language of every passage is named.",
    "Tables have the header cells that their readers need.",
];

/// A report, ready to be written.
#[derive(Serialize)]
pub struct Proved {
    tool: String,
    source: String,
    title: String,
    lang: String,
    editions: Vec<Edition>,
    /// The problems of the document, as in `--message-format json`.
    findings: Vec<Value>,
    /// The problems as text, one line each.
    #[serde(skip)]
    lines: Vec<String>,
    for_a_person: Vec<&'static str>,
}

#[derive(Serialize)]
struct Edition {
    file: String,
    format: &'static str,
    claims: Vec<String>,
    passed: bool,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    rule: String,
    states: String,
    passed: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
}

/// The report of a document whose editions were verified.
pub fn report(document: &Produced) -> Proved {
    let editions = document.editions.iter().filter_map(|edition| {
        let proof = edition.proof.as_ref()?;
        Some(Edition {
            file: edition.path.clone(),
            format: edition.format.name(),
            claims: proof.claims.clone(),
            passed: proof.passed(),
            checks: proof
                .checks
                .iter()
                .map(|check| Check {
                    rule: check.rule.clone(),
                    states: check.states.clone(),
                    passed: check.faults.is_empty(),
                    faults: check.faults.clone(),
                })
                .collect(),
        })
    });
    let problems = [render::Report {
        path: Some(&document.source),
        base: &Base::default(),
        sources: &document.sources,
        diagnostics: document.diagnostics.iter().collect(),
    }];
    let told = |format| render::render(format, &problems, None, Colour::Plain);
    let findings = told(MessageFormat::Json);
    Proved {
        tool: concat!("Chancery ", env!("CARGO_PKG_VERSION")).to_owned(),
        source: document.source.clone(),
        title: document.title.clone(),
        lang: document.lang.clone(),
        editions: editions.collect(),
        findings: findings.lines().filter_map(|line| serde_json::from_str(line).ok()).collect(),
        lines: told(MessageFormat::Short).lines().map(str::to_owned).collect(),
        for_a_person: FOR_A_PERSON.to_vec(),
    }
}

impl Proved {
    /// The report for programs.
    pub fn to_json(&self) -> Vec<u8> {
        // Texts, numbers and lists always serialize.
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// The report for people.
    pub fn to_html(&self) -> String {
        page(&Report {
            title: &self.title,
            lang: &self.lang,
            source: &self.source,
            tool: &self.tool,
            editions: self
                .editions
                .iter()
                .map(|edition| ReportEdition {
                    file: &edition.file,
                    claims: &edition.claims,
                    rules: edition
                        .checks
                        .iter()
                        .map(|check| ReportRule { rule: &check.rule, states: &check.states, faults: &check.faults })
                        .collect(),
                })
                .collect(),
            findings: &self.lines,
            for_a_person: &self.for_a_person,
        })
    }
}
