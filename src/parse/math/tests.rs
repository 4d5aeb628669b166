//! What formulas say, by their lines of text.

use super::read;
use crate::ast::linear;

fn said(text: &str) -> String {
    let (content, problems) = read(text);
    assert_eq!(problems, [], "{text}");
    linear(&content)
}

#[test]
fn formulas_are_read() {
    for (source, expected) in [
        ("a+b=c", "a + b = c"),
        ("-x^2", "−x²"),
        ("x_i^{n+1}", "x_i^{n+1}"),
        (r"\frac{a+b}{c}", "(a + b)/c"),
        (r"\frac12 x", "(1/2)x"),
        (r"\sqrt{x^2+1}", "√(x² + 1)"),
        (r"\sqrt[3]{x}", "√[3]x"),
        (r"\sqrt{x^2}", "√(x²)"),
        (r"{a_b}_c", "(a_b)_c"),
        (r"\sum_{i=1}^{n} x_i", "∑_{i=1}^n x_i"),
        (r"\lim_{x\to 0} \sin x", "lim_{x→0} sin x"),
        (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
        (r"f'(x)", "f′(x)"),
        (r"\hat{x} + \bar y", "x̂ + y\u{304}"),
        (r"\overbrace{a+b}^{n}", "⏞(a + b)^n"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "(a, b; c, d)"),
        (r"|x| = \begin{cases} x & x \ge 0 \\ -x & \text{otherwise} \end{cases}", "|x| = {x, x ≥ 0; −x, otherwise"),
        (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b; = c"),
        (r"a &= b \\ &= c", "a = b; = c"),
        (r"\mathbb{R}^n", "ℝ^n"),
        (r"\mathbf{x}^\mathsf{T}", "𝐱^𝖳"),
        (r"\mathrm{CO_2}", "CO₂"),
        (r"\binom{n}{k}", "(n¦k)"),
        (r"a \not= b", "a ≠ b"),
        (r"\operatorname{Var}(X)", "Var(X)"),
        (r"x \text{ if } y", "x if y"),
        (r"{}^{235}\mathrm{U}", "^235U"),
        (r"100\,\%", "100 %"),
    ] {
        let expected = expected.replace("^235", "²³⁵");
        assert_eq!(said(source), expected, "{source}");
    }
}

#[test]
fn problems_have_their_place() {
    for (source, place, message) in [
        (r"a + \frca{1}{2}", 4..9, "the command `\\frca` is not known"),
        (r"\sqrt{a", 5..6, "this brace is not closed"),
        ("a}", 1..2, "this brace closes nothing"),
        ("x^", 2..2, "`^` lacks what it belongs to"),
        ("a_1_2", 3..5, "a second subscript"),
        (r"\left( a", 0..5, "`\\left` has no `\\right`"),
        (r"\begin{matrx} a \end{matrx}", 0..13, "the environment `matrx` is not known"),
        (r"\begin{matrix} a", 0..6, "this has no end"),
        (r"a \tag{1}", 2..6, "`\\tag` is not read in formulas"),
        ("50 % b", 3..4, "`%` cannot stand in a formula"),
        (r"\right)", 0..6, "`\\right` closes nothing"),
        ("é_", 3..3, "`_` lacks what it belongs to"),
    ] {
        let (_, problems) = read(source);
        let first = problems.first().map(|problem| (problem.range.clone(), problem.message.as_str()));
        assert_eq!(first, Some((place, message)), "{source}");
    }
}

#[test]
fn the_nearest_command_is_named() {
    let (_, problems) = read(r"\alhpa");
    let near = problems.first().and_then(|problem| problem.near.as_ref());
    assert_eq!(near.map(|near| near.question()).as_deref(), Some("did you mean `\\alpha`?"));
}

#[test]
fn deep_formulas_are_reported() {
    for source in ["{".repeat(10_000), "\\sqrt".repeat(10_000), "\\frac".repeat(10_000), "x^".repeat(10_000)] {
        assert!(!read(&source).1.is_empty());
    }
}
