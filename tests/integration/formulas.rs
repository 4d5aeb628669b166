//! What holds for every formula.

use crate::laws::config;
use crate::support::{PROJECT_FREE, editions, faults_of_editions};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::verify;
use proptest::prelude::{Just, Strategy, prop, prop_assert, proptest};
use proptest::prop_oneof;

/// Formulas of every kind of part.
fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "x",
            "A",
            "12",
            "3.5",
            "\\alpha",
            "\\Omega",
            "\\mathbb{R}",
            "\\mathbf{v}",
            "\\text{of it}",
            "\\infty",
            "+",
            "=",
            "-",
            "\\le",
            ",",
            "\\,",
            "\\sum",
            "\\int",
            "\\lim",
            "\\sin",
            "(",
            ")",
            "|",
            "f'",
            "\\%",
            "<",
            "\\quad",
        ])
        .prop_map(str::to_owned),
        Just("\\mathrm{CO_2}".to_owned()),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        let row = prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| parts.join(" "));
        let two = (row.clone(), row.clone());
        prop_oneof![
            row.clone(),
            two.clone().prop_map(|(a, b)| format!("\\frac{{{a}}}{{{b}}}")),
            two.clone().prop_map(|(a, b)| format!("\\binom{{{a}}}{{{b}}}")),
            two.clone().prop_map(|(a, b)| format!("\\sqrt[{{{a}}}]{{{b}}}")),
            two.clone().prop_map(|(a, b)| format!("{{{a}}}_{{{b}}}")),
            two.clone().prop_map(|(a, b)| format!("\\sum_{{{a}}}^{{{b}}}")),
            two.clone().prop_map(|(a, b)| format!("\\underset{{{a}}}{{{b}}}")),
            two.clone().prop_map(|(a, b)| format!("\\begin{{pmatrix}} {a} & {b} \\\\ {b} & {a} \\end{{pmatrix}}")),
            two.prop_map(|(a, b)| format!("\\begin{{cases}} {a} & {b} \\end{{cases}}")),
            row.clone().prop_map(|a| format!("\\sqrt{{{a}}}")),
            row.clone().prop_map(|a| format!("\\left( {a} \\right]")),
            row.clone().prop_map(|a| format!("\\widehat{{{a}}}")),
            row.prop_map(|a| format!("\\underbrace{{{a}}}_{{n}}")),
        ]
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_edition_says_the_same_formula(formula in formula()) {
        let text = format!("# F\n\nA $`{formula}`$ b.\n\n```math {{#eq-a}}\n{formula}\n```\n");
        let compilation = PROJECT_FREE.compile(&text);
        prop_assert!(!compilation.diagnostics.has_errors(), "{text}\n{:?}", compilation.diagnostics);
        let faults = faults_of_editions(&compilation);
        prop_assert!(faults.is_empty(), "{text}\n{}", faults.join("\n"));
    }
}

#[test]
fn a_formula_stands_in_every_mark() {
    let marks = [
        "<kbd>F</kbd>",
        "<sup>F</sup>",
        "<sub>F</sub>",
        "*F*",
        "**F**",
        "~~F~~",
        "\"F\"",
        "[F](https://a.example/)",
        "<kbd>F [F](https://a.example/) F</kbd>",
        "<sup>^[F]</sup>",
        "<abbr title=\"of it\">F</abbr>",
    ];
    let inline = marks.map(|mark| format!("A {} b.\n\n", mark.replace('F', "$`a_1`$"))).concat();
    let text = format!("# F\n\n{inline}:::quote {{by=\"$`a_1`$\"}}\nWords.\n:::\n\n> Words.\n> — $`a_1`$\n");
    let faults = faults_of_editions(&PROJECT_FREE.compile(&text));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_changed_formula_is_found() {
    let compilation = PROJECT_FREE.compile("# F\n\nA $`\\frac{a}{b}`$ c.\n");
    let document = compilation.document.as_ref().unwrap();
    for format in [Format::Html, Format::Docbook] {
        let edition = editions(&compilation, format);
        let prefix = if format == Format::Docbook { "mml:" } else { "" };
        let (a, b) = (format!("<{prefix}mi>a</{prefix}mi>"), format!("<{prefix}mi>b</{prefix}mi>"));
        let changed = edition.replacen(&format!("{a}{b}"), &format!("{b}{a}"), 1);
        assert_ne!(edition, changed);
        let mut found = Diagnostics::default();
        verify::prove(document, &compilation.theme, format, changed.as_bytes(), &mut found);
        assert!(found.iter().any(|problem| problem.message.contains("frac{a}{b}")), "{format:?}: {found:?}");
    }
}
