//! Texts and what formatting makes of them.

use super::format;

fn formatted(text: &str) -> String {
    let formatted = format("note.md", text).map(|formatted| formatted.text).unwrap_or_default();
    let again = format("note.md", &formatted).map(|formatted| formatted.text).unwrap_or_default();
    assert_eq!(again, formatted, "formatting again changes nothing");
    formatted
}

#[test]
fn blank_lines_and_spaces() {
    assert_eq!(formatted("\n\n# A\nText  \n\n\n\nmore \t\n   \n"), "# A\n\nText\n\nmore\n");
    assert_eq!(formatted("#   A\n\n  ##  B  ##\nText"), "# A\n\n## B  ##\n\nText\n");
    assert_eq!(formatted("---\ntitle:  A  \n---\n# B\n"), "---\ntitle:  A  \n---\n\n# B\n");
}

#[test]
fn what_breaks_a_line_stays() {
    assert_eq!(formatted("# A\n\none  \ntwo\\ \nthree \n"), "# A\n\none  \ntwo\\ \nthree\n");
}

#[test]
fn bullets_are_dashes_but_between_lists_that_touch() {
    assert_eq!(formatted("# A\n\n* a\n  + b\n* c\n"), "# A\n\n- a\n  - b\n- c\n");
    assert_eq!(formatted("# A\n\n* a\n\n+ b\n"), "# A\n\n* a\n\n+ b\n");
    assert_eq!(formatted("# A\n\n1. * a\n"), "# A\n\n1. - a\n");
    assert_eq!(formatted("# A\n\n* `a`\n* `b \n  c` \n"), "# A\n\n- `a`\n- `b \n  c`\n");
}

#[test]
fn code_formulas_and_html_stay() {
    for text in [
        "# A\n\n```\na  \n\n\n* b\n```\n",
        "# A\n\n    code  \n\n\n    * more\n",
        "# A\n\n<div>\n<p>  a  \n</div>\n",
        "# A\n\n<pre>\na  \n\n\n* b\n</pre>\n",
        "# A\n\n$$\na  \nb\n$$\n",
        "# A\n\n`a  \nb`\n",
        "# A\n\n<!-- For  \n\n\nnobody. -->\n\n* `a`\n\n+ b <!-- c -->\n",
    ] {
        assert_eq!(formatted(text), text);
    }
}

#[test]
fn tables_are_as_wide_as_they_look() {
    assert_eq!(
        formatted("# A\n\n|a|bb |\n|-|:-:|\n| 漢字 |c\\|d|\n| é | |\n"),
        "# A\n\n| a    |  bb  |\n|------|:----:|\n| 漢字 | c\\|d |\n| é    |      |\n"
    );
    assert_eq!(formatted("# A\n\na | b\n--- | --:\nc | 1\n"), "# A\n\n| a | b |\n|---|--:|\n| c | 1 |\n");
    let wide = "x".repeat(130);
    assert_eq!(
        formatted(&format!("# A\n\n|a|b|\n|-|-|\n|{wide}|c|\n")),
        format!("# A\n\n| a | b |\n|---|---|\n| {wide} | c |\n")
    );
}

#[test]
fn directives_have_single_spaces() {
    assert_eq!(
        formatted("# A\n\n:::  box   {#b   title = \"B  C\"}  \nText\n:::\nmore\n"),
        "# A\n\n:::box {#b title=\"B  C\"}\nText\n:::\n\nmore\n"
    );
    assert_eq!(formatted("# A\n\n```\n:::  box  {a=b}\n```\n"), "# A\n\n```\n:::  box  {a=b}\n```\n");
}

#[test]
fn line_endings_and_byte_order_marks_stay() {
    assert_eq!(formatted("\u{feff}# A\r\nText \r\n\r\n\r\nmore"), "\u{feff}# A\r\n\r\nText\r\n\r\nmore\r\n");
    assert_eq!(formatted("\u{feff}\r\n\r\n# A\r\n"), "\u{feff}# A\r\n");
}

#[test]
fn what_cannot_be_read_is_not_formatted() {
    assert_eq!(format("note.md", "---\ntitle: A\n\n# B  \n"), None);
}
