//! What holds for every formula.

use crate::laws::config;
use crate::support::{PROJECT_FREE, editions, faults_of_editions};
use chancery::Compilation;
use chancery::ast::{BlockKind, Class, Math, ScriptPosition, TableKind};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::import::{Changes, import};
use chancery::source::MemoryFiles;
use chancery::source::zip::Archive;
use chancery::verify;
use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, prop_assume, proptest};
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
            "\\partial",
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
            "\\mathfrak{g}",
            "\\mathrm{kg}",
            "\\mathrm{H}",
            "\\Gamma",
            "\\bigcup",
            "\\max",
            "1,2",
            "12{,}5",
            "!",
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
            two.clone().prop_map(|(a, b)| format!("\\begin{{cases}} {a} & {b} \\end{{cases}}")),
            two.clone().prop_map(|(a, b)| format!("\\begin{{aligned}} {a} &= {b} \\\\ {b} & {a} \\end{{aligned}}")),
            two.clone().prop_map(|(a, b)| format!("( {a} )^{{{b}}}")),
            two.clone().prop_map(|(a, b)| format!("\\left. {a} \\middle| {b} \\right)")),
            two.clone().prop_map(|(a, b)| format!("\\max_{{{a}}} {b}")),
            two.clone().prop_map(|(a, b)| format!("{{}}^{{{a}}} {{{b}}}")),
            row.clone().prop_map(|a| format!("\\vec{{{a}}}")),
            row.clone().prop_map(|a| format!("\\overline{{{a}}}")),
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

/// The formula of a document that stands on lines of its own.
fn equation(compilation: &Compilation) -> Vec<Math> {
    let blocks = &compilation.document.as_ref().unwrap().blocks;
    let found = blocks.iter().find_map(|block| match &block.kind {
        BlockKind::Equation(equation) => Some(equation.formula.content.clone()),
        _ => None,
    });
    plain(&found.unwrap_or_default())
}

/// A formula without what Word and MathML have no place for: groups that only LaTeX needs,
/// how large fractions are, and whether a mark is wide that stands over one sign.
fn plain(content: &[Math]) -> Vec<Math> {
    let mut out = Vec::new();
    for math in content {
        match math.clone() {
            Math::Group(inner) | Math::Style { content: inner, .. } => out.extend(plain(&inner)),
            Math::Scripts { base, below, above, position } => {
                let mut base = plain(&[*base]);
                let is_one = base.len() == 1;
                let base = if is_one { base.remove(0) } else { Math::Group(base) };
                let moves = match &base {
                    Math::Operator { class, .. } => *class == Class::Large,
                    Math::Identifier { text, .. } => text.chars().nth(1).is_some(),
                    _ => false,
                };
                let position = if moves { ScriptPosition::Movable } else { position };
                let row = |script: Option<Vec<Math>>| script.map(|script| plain(&script));
                out.push(Math::Scripts { base: Box::new(base), below: row(below), above: row(above), position });
            }
            Math::Fraction { numerator, denominator, bar, .. } => {
                let (numerator, denominator) = (plain(&numerator), plain(&denominator));
                out.push(Math::Fraction { numerator, denominator, bar, display: None });
            }
            Math::Accent { base, mark, below, .. } => {
                out.push(Math::Accent { base: plain(&base), mark, below, stretchy: true });
            }
            Math::Table { kind: TableKind::Cases, rows } if rows.len() == 1 => {
                let rows = rows.iter().map(|row| row.iter().map(|cell| plain(cell)).collect()).collect();
                out.push(Math::Table { kind: TableKind::Cases, rows });
            }
            mut other => {
                other.rows_mut().into_iter().for_each(|row| *row = plain(row));
                out.push(other);
            }
        }
    }
    out
}

/// What an edition becomes when it is imported.
fn imported(compilation: &Compilation, format: Format) -> String {
    let edition = compilation.edition(format, &mut Diagnostics::default()).unwrap();
    import(&edition, "note", Changes::Accept, &MemoryFiles::default()).unwrap().source
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn formulas_come_back_from_word_and_from_the_web(formula in formula()) {
        let text = format!("# F\n\nWords.\n\nA $`{formula}`$ b.\n\n```math {{#eq-a}}\n{formula}\n```\n\nSee [](#eq-a).\n");
        let compilation = PROJECT_FREE.compile(&text);
        // A formula of spaces alone says nothing, which is an error.
        prop_assume!(!compilation.diagnostics.has_errors());
        for format in [Format::Docx, Format::Html] {
            let source = imported(&compilation, format);
            let again = PROJECT_FREE.compile(&source);
            prop_assert!(!again.diagnostics.has_errors(), "{text}\n{source}\n{:?}", again.diagnostics);
            prop_assert_eq!(equation(&compilation), equation(&again), "{}\n{}", text, source);
        }
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

/// A Word edition with something else in the text.
fn with_text(edition: &[u8], from: &str, to: &str) -> Vec<u8> {
    let archive = Archive::open(edition).unwrap();
    let read = |name: &str| String::from_utf8(archive.read(name).unwrap()).unwrap();
    let mut files: Vec<(&str, String)> =
        archive.entries().iter().map(|entry| (entry.name.as_str(), read(&entry.name))).collect();
    let text = files.iter_mut().find(|(name, _)| *name == "word/document.xml").unwrap();
    let changed = text.1.replacen(from, to, 1);
    assert_ne!(text.1, changed, "{from} in {}", text.1);
    text.1 = changed;
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    crate::import::word::archive(&files)
}

#[test]
fn a_changed_formula_of_word_is_found() {
    let formula =
        "\\frac{a}{b} + \\sum_{i=1}^{n} x_i^2 + \\sqrt[3]{y} + \\hat{z} + (u)^4 + \\left[ v \\right] + \\lim_{w} 7";
    let compilation = PROJECT_FREE.compile(&format!("# F\n\n```math {{#eq-a}}\n{formula}\n```\n"));
    let document = compilation.document.as_ref().unwrap();
    let edition = compilation.edition(Format::Docx, &mut Diagnostics::default()).unwrap();
    let sign = |sign: &str| format!("<m:t xml:space=\"preserve\">{sign}</m:t>");
    let changes = [
        (sign("a"), sign("b")),
        (sign("n"), String::new()),
        (sign("2"), sign("3")),
        (sign("7"), sign("1")),
        ("m:val=\"∑\"".to_owned(), "m:val=\"∏\"".to_owned()),
        ("m:val=\"\u{302}\"".to_owned(), "m:val=\"\u{303}\"".to_owned()),
        ("m:val=\"[\"".to_owned(), "m:val=\"(\"".to_owned()),
        ("<m:supHide m:val=\"0\"/>".to_owned(), "<m:supHide m:val=\"1\"/>".to_owned()),
        ("m:endChr m:val=\")\"".to_owned(), "m:endChr m:val=\"\"".to_owned()),
    ];
    for (from, to) in &changes {
        let changed = with_text(&edition, from, to);
        let mut found = Diagnostics::default();
        verify::prove(document, &compilation.theme, Format::Docx, &changed, &mut found);
        assert!(found.has_errors(), "{from} → {to}");
    }
}
