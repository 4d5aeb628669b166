//! What the lints underline in a paragraph of plain words.

use super::cache::LintedRun;
use super::prose::{Kind, Prose, ProseRun};
use super::{abbreviation, breaking_unit, date, doubled_word, foreign, sentence};
use crate::ast::InlineKind;
use crate::diagnostic::Diagnostics;
use crate::resolve::RInline;
use crate::source::{FileId, Source, Sources, Span};

/// The underlined words, in the order in which they are found.
fn found(text: &str, lang: &str, check: impl Fn(&Prose, &Sources, &mut Diagnostics)) -> Vec<String> {
    let mut sources = Sources::default();
    sources.add(Source::new("case.md", text));
    let mut diagnostics = Diagnostics::default();
    check(&Prose::of_words(text, lang), &sources, &mut diagnostics);
    diagnostics.iter().map(|diagnostic| sources.text(diagnostic.span.unwrap_or_default()).to_owned()).collect()
}

#[test]
fn doubled_words() {
    let doubled = |text: &str, lang: &str| found(text, lang, doubled_word::check);
    assert_eq!(doubled("We met in in Paris. The the end.", "en"), ["in in"]);
    assert_eq!(doubled("I know that that is so; had had; Bora Bora; 10 10; no, no", "en"), [""; 0]);
    assert_eq!(doubled("Vous vous trompez de de date.", "fr-BE"), ["de de"]);
    assert_eq!(doubled("Die, die die Arbeit tun, und und so weiter", "de"), ["und und"]);
    assert_eq!(doubled("IS is, V v. and A a la; die die nous nous", "en"), [""; 0]);
    assert_eq!(doubled("Nous nous levons ; elle est est là", "fr"), ["est est"]);
    assert_eq!(doubled("in in in Paris and and so", "en"), ["in in", "and and"]);
}

#[test]
fn ambiguous_dates() {
    let dates = |text: &str, lang: &str| found(text, lang, date::check);
    assert_eq!(dates("On 03/04/2026, or 3-4-26.", "en"), ["03/04/2026", "3-4-26"]);
    assert_eq!(dates("On 23/04/2026, 04/04/2026, 2026-04-03, 1/2, 1/2/3/2026, v1.2.2026a", "en"), [""; 0]);
    assert_eq!(dates("Am 03.04.2026", "de"), [""; 0]);
    assert_eq!(dates("On 3.4.2026 (ABl. L 119 vom 4.5.2016). Sections 4.2.10 and 1.2.03", "en"), [""; 0]);
    assert_eq!(dates("Le 30/02/2026 et le 12/11/1999 !", "fr"), ["12/11/1999"]);
}

#[test]
fn breaking_units() {
    let units = |text: &str| found(text, "en", breaking_unit::check);
    assert_eq!(units("It weighs 5 kg, 1,000.5 km² and 3 %."), ["5 kg", "1,000.5 km²", "3 %"]);
    assert_eq!(units("5\u{a0}kg, in 2011 a step, Table 5 A, 5 kgs, A4 m, 3-4 people"), [""; 0]);
    assert_eq!(units("from 2 000 EUR"), ["000 EUR"]);
}

#[test]
fn long_sentences() {
    let long = format!("{}end. Short one.", "word ".repeat(40));
    assert_eq!(found(&long, "en", sentence::check).len(), 1);
    let short = format!("{}end. A {}end.", "word ".repeat(39), "word ".repeat(38));
    assert_eq!(found(&short, "en", sentence::check).len(), 0);
}

#[test]
fn abbreviations() {
    let unknown = |text: &str| {
        found(text, "en", |_, sources, diagnostics| {
            let span = Span::new(FileId(0), 0, text.len());
            let content = [RInline::new(InlineKind::Text(text.to_owned()), span)];
            let run = LintedRun::new(ProseRun::new(Kind::Paragraph, &content, "en"), sources, None, &mut 0);
            abbreviation::check(&[], &[run], sources, None, diagnostics);
        })
    };
    assert_eq!(unknown("The PPC met; PPCs meet; the EU and XXI and README.md and A/RES/70."), ["PPC"]);
    assert_eq!(unknown("the Permanent Partnership Council (PPC); a PPC"), [""; 0]);
    assert_eq!(unknown("ABC (a big company) and ABC-level talks of the DEF-Group"), ["DEF"]);
    assert_eq!(unknown("ALL IN CAPITALS"), [""; 0]);
    assert_eq!(unknown("You must NOT ask the ABC; do not."), ["ABC"]);
    assert_eq!(unknown("l’OMC et d’ABC"), ["OMC", "ABC"]);
}

#[test]
fn foreign_syntax() {
    let foreign = |text: &str| found(text, "en", foreign::check);
    assert_eq!(
        foreign("{% if x %} {{ a.b }} {{known}} {: .c} {#id} {a}"),
        ["{% if x %}", "{{ a.b }}", "{: .c}", "{#id}"]
    );
    assert_eq!(foreign("[a][b], [a b][], [1][2], [a] [b], [[Page]], [@a][b]"), ["[a][b]", "[a b][]", "[[Page]]"]);
    assert_eq!(foreign("[toc]"), ["[toc]"]);
    assert_eq!(foreign("see [toc] and \\newpage"), [""; 0]);
}

#[test]
fn a_long_line_is_linear() {
    let line = "the the 5 kg ABC (x 03/04/2026 ".repeat(10_000);
    assert_eq!(found(&line, "en", doubled_word::check).len(), 10_000);
    assert_eq!(found(&line, "en", breaking_unit::check).len(), 10_000);
    assert_eq!(found(&line, "en", sentence::check).len(), 1);
    let open = "{% [[ {{ [a".repeat(10_000);
    assert_eq!(found(&open, "en", foreign::check).len(), 0);
}
