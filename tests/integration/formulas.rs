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

/// A formula of the Word edition, short: without what every element has.
fn in_word(formula: &str) -> String {
    let compilation = PROJECT_FREE.compile(&format!("# F\n\nA $`{formula}`$ b.\n"));
    let edition = compilation.edition(Format::Docx, &mut Diagnostics::default()).unwrap();
    let text = Archive::open(&edition).unwrap().read("word/document.xml").unwrap();
    let text = String::from_utf8(text).unwrap();
    let (_, rest) = text.split_once("<m:oMath>").unwrap();
    let (inside, _) = rest.split_once("</m:oMath>").unwrap();
    let upright = "<m:r><m:rPr><m:lit/><m:sty m:val=\"p\"/></m:rPr>";
    inside
        .replace(" xml:space=\"preserve\"", "")
        .replace(upright, "<m:r up>")
        .replace("<m:r><m:rPr><m:nor/></m:rPr>", "<m:r words>")
        .replace("<m:t>", "")
        .replace("</m:t></m:r>", "</r>")
        .replace("m:", "")
        // What holds the place of nothing.
        .replace('\u{200b}', "_")
}

#[test]
fn formulas_of_word_are_its_own() {
    for (formula, expected) in [
        ("x", "<r>x</r>"),
        (r"\frac{a}{b}", r#"<f><num><r>a</r></num><den><r>b</r></den></f>"#),
        (
            r"\sqrt[3]{x}+\sqrt{y}",
            r#"<rad><deg><r>3</r></deg><e><r>x</r></e></rad><r>+</r><rad><radPr><degHide val="1"/></radPr><deg/><e><r>y</r></e></rad>"#,
        ),
        (r"x_i^2", r#"<sSubSup><e><r>x</r></e><sub><r>i</r></sub><sup><r>2</r></sup></sSubSup>"#),
        (r"{}^{14}_{6}\mathrm{C}", r#"<sPre><sub><r>6</r></sub><sup><r>14</r></sup><e><r up>C</r></e></sPre>"#),
        (
            r"\sum_{i=1}^{n} x_i = 1",
            r#"<nary><naryPr><chr val="∑"/><limLoc val="subSup"/><subHide val="0"/><supHide val="0"/></naryPr><sub><r>i</r><r>=</r><r>1</r></sub><sup><r>n</r></sup><e><sSub><e><r>x</r></e><sub><r>i</r></sub></sSub></e></nary><r>=</r><r>1</r>"#,
        ),
        (
            r"\lim_{n \to \infty} a",
            r#"<func><fName><limLow><e><r up>lim</r></e><lim><r>n</r><r>→</r><r up>∞</r></lim></limLow></fName><e><r>a</r></e></func>"#,
        ),
        (r"\sin x", r#"<func><fName><r up>sin</r></fName><e><r>x</r></e></func>"#),
        (
            r"(a+b)^2",
            r#"<sSup><e><d><dPr><begChr val="("/><endChr val=")"/><grow val="0"/></dPr><e><r>a</r><r>+</r><r>b</r></e></d></e><sup><r>2</r></sup></sSup>"#,
        ),
        (
            r"\left\{ x \middle| y \right.",
            r#"<d><dPr><begChr val="{"/><sepChr val="|"/><endChr val=""/></dPr><e><r>x</r></e><e><r>y</r></e></d>"#,
        ),
        (
            r"\hat{x}\overline{y}",
            r#"<acc><accPr><chr val="̂"/></accPr><e><r>x</r></e></acc><bar><barPr><pos val="top"/></barPr><e><r>y</r></e></bar>"#,
        ),
        (
            r"\underbrace{a}_{n}",
            r#"<limLow><e><groupChr><groupChrPr><chr val="⏟"/><pos val="bot"/><vertJc val="top"/></groupChrPr><e><r>a</r></e></groupChr></e><lim><r>n</r></lim></limLow>"#,
        ),
        (
            r"\begin{cases} a & b \end{cases}",
            r#"<d><dPr><begChr val="{"/><endChr val=""/></dPr><e><m><mPr><plcHide val="1"/><mcs><mc><mcPr><count val="2"/><mcJc val="left"/></mcPr></mc></mcs></mPr><mr><e><r>a</r></e><e><r>b</r></e></mr></m></e></d>"#,
        ),
        (
            r"\begin{aligned} a &= b \\ &= c \end{aligned}",
            r#"<m><mPr><plcHide val="1"/><cGpRule val="3"/><cGp val="0"/><mcs><mc><mcPr><count val="1"/><mcJc val="right"/></mcPr></mc><mc><mcPr><count val="1"/><mcJc val="left"/></mcPr></mc></mcs></mPr><mr><e><r>a</r></e><e><r up>_</r><r up>=</r><r>b</r></e></mr><mr><e><r up>_</r></e><e><r up>_</r><r up>=</r><r>c</r></e></mr></m>"#,
        ),
        (r"\mathbb{R}\,\text{if}", r#"<r up>ℝ</r><r> </r><r words>if</r>"#),
    ] {
        assert_eq!(in_word(formula), expected, "{formula}");
    }
}
