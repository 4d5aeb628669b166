//! The conformance report of a document as a page. Reports are in English,
//! whatever the language of their document.

use super::head;
use crate::backend::hypertext::CONTENT_ID;
use crate::backend::markup::Markup;

/// The content of a report.
#[derive(Debug)]
pub struct Report<'a> {
    /// The document's title.
    pub title: &'a str,
    /// BCP 47 tag of the document.
    pub lang: &'a str,
    /// Project-relative path of the source.
    pub source: &'a str,
    /// Name and version of what made the report.
    pub tool: &'a str,
    /// Editions that were verified.
    pub editions: Vec<ReportEdition<'a>>,
    /// Problems with their places in the source.
    pub findings: &'a [String],
    /// Questions that only a person can judge.
    pub for_a_person: &'a [&'a str],
}

/// An edition and what was checked of it.
#[derive(Debug)]
pub struct ReportEdition<'a> {
    /// The edition's file name.
    pub file: &'a str,
    /// Standards that the edition says it meets.
    pub claims: &'a [String],
    /// Rules that follow from the claims, kept or not.
    pub rules: Vec<ReportRule<'a>>,
}

/// A rule and where the edition breaks it.
#[derive(Debug)]
pub struct ReportRule<'a> {
    /// Standard and clause.
    pub rule: &'a str,
    /// The rule in one sentence.
    pub states: &'a str,
    /// Where it does not hold; empty where the rule is kept.
    pub faults: &'a [String],
}

/// Makes the page.
pub fn report(report: &Report) -> String {
    let mut out = Markup::html();
    out.raw("<!DOCTYPE html>\n");
    let title = format!("Conformance report: {}", report.title);
    out.element("html", &[("lang", "en"), ("dir", "ltr")], |out| {
        out.raw("\n");
        out.element("head", &[], |out| {
            out.raw("\n");
            head::head_start(out, &title);
            head::style(out);
        });
        out.raw("\n");
        out.element("body", &[], |out| {
            out.raw("\n");
            out.leaf("a", &[("class", "skip"), ("href", &format!("#{CONTENT_ID}"))], "Skip to content");
            out.raw("\n");
            out.element("main", &[("id", CONTENT_ID)], |out| body(out, report));
            out.raw("\n");
        });
        out.raw("\n");
    });
    out.raw("\n");
    out.into_string()
}

fn body(out: &mut Markup, report: &Report) {
    out.raw("\n");
    out.element("header", &[("class", "title-block")], |out| {
        out.element("h1", &[], |out| {
            out.text("Conformance report: ");
            out.leaf("span", &[("lang", report.lang)], report.title);
        });
    });
    out.raw("\n");
    out.leaf("p", &[], &format!("Made by {} from {}.", report.tool, report.source));
    out.raw("\n");
    section(out, "Editions", |out| {
        for edition in &report.editions {
            edition_part(out, edition);
        }
    });
    section(out, "Findings in the source", |out| {
        if report.findings.is_empty() {
            out.leaf("p", &[], "None.");
        } else {
            list(out, report.findings.iter().map(String::as_str));
        }
        out.raw("\n");
    });
    section(out, "For a person to judge", |out| {
        out.leaf("p", &[], "No program can tell these. Whoever publishes the document answers them.");
        out.raw("\n");
        list(out, report.for_a_person.iter().copied());
        out.raw("\n");
    });
}

fn section(out: &mut Markup, title: &str, content: impl FnOnce(&mut Markup)) {
    out.element("section", &[], |out| {
        out.raw("\n");
        out.leaf("h2", &[], title);
        out.raw("\n");
        content(out);
    });
    out.raw("\n");
}

fn edition_part(out: &mut Markup, edition: &ReportEdition) {
    let faults: usize = edition.rules.iter().map(|rule| rule.faults.len()).sum();
    out.leaf("h3", &[], edition.file);
    out.raw("\n");
    let found = match faults {
        0 => "no fault was found".to_owned(),
        1 => "one fault was found".to_owned(),
        more => format!("{more} faults were found"),
    };
    let words =
        format!("Claims {}. {} rules were checked, and {found}.", edition.claims.join(" and "), edition.rules.len());
    out.leaf("p", &[], &words);
    out.raw("\n");
    let region = [("class", "scroll"), ("role", "region"), ("aria-label", edition.file), ("tabindex", "0")];
    out.element("div", &region, |out| {
        out.raw("\n");
        out.element("table", &[], |out| {
            out.element("thead", &[], |out| {
                out.element("tr", &[], |out| {
                    for name in ["Rule", "What it states", "Result"] {
                        out.leaf("th", &[("scope", "col")], name);
                    }
                });
            });
            out.raw("\n");
            out.element("tbody", &[], |out| {
                for rule in &edition.rules {
                    row(out, rule);
                }
            });
        });
        out.raw("\n");
    });
    out.raw("\n");
}

fn row(out: &mut Markup, rule: &ReportRule) {
    out.element("tr", &[], |out| {
        out.leaf("th", &[("scope", "row")], rule.rule);
        out.leaf("td", &[], rule.states);
        if rule.faults.is_empty() {
            out.leaf("td", &[], "passed");
        } else {
            out.element("td", &[], |out| {
                out.text("failed");
                list(out, rule.faults.iter().map(String::as_str));
            });
        }
    });
    out.raw("\n");
}

fn list<'a>(out: &mut Markup, items: impl Iterator<Item = &'a str>) {
    out.element("ul", &[], |out| items.for_each(|item| out.leaf("li", &[], item)));
}
