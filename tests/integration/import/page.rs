//! Web pages as sources.

use super::Changes;
use crate::support::{PROJECT_FREE, editions};
use chancery::ast::{Block, BlockKind, Document, Inline, InlineKind, Parsed, ParsedBlock};
use chancery::format::Format;
use chancery::import::{Import, import};
use chancery::source::{MemoryFiles, Source, Sources};
use std::collections::BTreeMap;

fn page(html: &str) -> Import {
    let files = MemoryFiles(BTreeMap::from([("pixel.png".to_owned(), include_bytes!("../pixel.png").to_vec())]));
    import(html.as_bytes(), "page", Changes::Accept, &files).unwrap_or_else(|problem| panic!("{}", problem.message))
}

fn body(html: &str) -> (String, Vec<String>) {
    let imported = page(html);
    let (_, text) = imported.source.split_once("\n---\n").unwrap_or(("", &imported.source));
    let problems = imported.problems.iter().map(|problem| format!("{} {}", problem.code.as_str(), problem.message));
    (text.trim_start_matches("---\n").trim().to_owned(), problems.collect())
}

#[test]
fn elements_are_what_they_mean() {
    let (source, problems) = body(
        "<!doctype html><html lang=en><title>T</title><body><main><h1>Head</h1><p>A <b>b</b> <a href='https://a.example/'>link</a>.\
         <ul><li>one<li>two<ol start=3><li>three</ol></ul><blockquote><p>Said.</blockquote><pre><code class=language-sh>a\n  b\n</code></pre>\
         <table><tr><th>A<th>B<tr><td>1<td>2</table><dl><dt>T<dd>D</dl><hr><p><img src=pixel.png alt='A dot'></main>",
    );
    assert_eq!(
        source,
        "# Head\n\nA **b** [link](https://a.example/).\n\n- one\n- two\n\n  3. three\n\n> Said.\n\n```sh\na\n  b\n```\n\n\
         | A | B |\n|---|---|\n| 1 | 2 |\n\nT\n: D\n\n***\n\n![A dot](media/page-1.png)"
    );
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn what_is_no_text_is_left_out_and_said() {
    let (source, problems) = body(
        "<html><body><nav><a href='/'>Home page</a></nav><article><h1>A</h1><p>Text.<script>run()</script></p>\
         <iframe src='https://a.example/film'></iframe>\
         <p><img src='https://a.example/b.png' alt='Far away'></p></article><footer>All rights</footer></body></html>",
    );
    assert_eq!(source, "# A\n\nText.\n\n[Far away](https://a.example/b.png)");
    let codes: Vec<&str> = problems.iter().filter_map(|problem| problem.get(..5)).collect();
    assert_eq!(codes.iter().filter(|code| **code == "W0703").count(), 3, "{problems:#?}");
    assert!(codes.contains(&"W0705") && !codes.contains(&"E0702"), "{problems:#?}");
}

/// Editors of web sites write the numbers of lists as styles.
#[test]
fn numbers_of_lists_are_kept() {
    let (source, problems) = body(
        "<!doctype html><html lang=en><title>T</title><main><h1>Head</h1><ol style='list-style-type:lower-alpha'><li>one<li>two</ol>\
         <p>Text.<ol style='margin: 0; list-style: upper-roman inside'><li value=3>three<li>four</ol>",
    );
    assert!(problems.is_empty(), "{problems:#?}\n{source}");
    assert_eq!(
        source,
        "# Head\n\n<ol type=\"a\">\n<li>one</li>\n<li>two</li>\n</ol>\n\nText.\n\n<ol type=\"I\" start=\"3\">\n<li>three</li>\n<li>four</li>\n</ol>"
    );
}

#[test]
fn control_characters_are_left_out() {
    let (source, problems) = body(
        "<!doctype html><html lang=en><title>A\0B</title><h1>He\0ad</h1><p>Wo\0rds and\u{b}a ta\u{7}b.<p>Next\u{85}line\u{c}feed.\
         <pre>co\0de\u{b}line</pre><p><a href='https://a.example/b'>li\0nk</a>",
    );
    assert!(problems.is_empty(), "{problems:#?}\n{source}");
    assert_eq!(
        source,
        "# Head\n\nWords and a tab.\n\nNext line feed.\n\n```\ncode line\n```\n\n[link](https://a.example/b)"
    );
}

#[test]
fn notes_of_other_tools_are_notes() {
    let (source, problems) = body(
        "<body><h1>A</h1><p>Word<a href='#fn1' class='footnote-ref' id='fnref1' role='doc-noteref'><sup>1</sup></a>.</p>\
         <section class='footnotes' role='doc-endnotes'><hr><ol><li id='fn1'><p>Note.<a href='#fnref1' class='footnote-back' \
         role='doc-backlink'>↩︎</a></p></li></ol></section></body>",
    );
    assert_eq!(source, "# A\n\nWord[^1].\n\n[^1]: Note.");
    assert!(problems.is_empty(), "{problems:#?}");
}

/// A document without what differs between ways of writing the same: places, soft ends of
/// lines, ids that nobody chose, groups that say nothing.
fn shape(document: &Document) -> String {
    let mut out = String::new();
    blocks(&document.blocks, &mut out);
    for note in &document.notes {
        out.push_str("note ");
        blocks(&note.blocks, &mut out);
    }
    out
}

fn blocks(all: &[Block<Parsed>], out: &mut String) {
    for block in all {
        match &block.kind {
            BlockKind::Paragraph(content) => line("paragraph", content, out),
            BlockKind::List(list) => {
                out.push_str(&format!("list {:?}\n", list.marker));
                for item in &list.items {
                    out.push_str(&format!("item {:?}\n", item.task));
                    blocks(&item.blocks, out);
                }
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    definition.terms.iter().for_each(|term| line("term", term, out));
                    definition.details.iter().for_each(|details| blocks(details, out));
                }
            }
            BlockKind::Quote { blocks: inner, attribution } => {
                out.push_str("quote\n");
                blocks(inner, out);
                attribution.iter().for_each(|attribution| line("attribution", attribution, out));
            }
            BlockKind::Code { language, text } => out.push_str(&format!("code {language:?} {text:?}\n")),
            BlockKind::Admonition { kind, title, blocks: inner } => {
                out.push_str(&format!("admonition {kind:?}\n"));
                title.iter().for_each(|title| line("title", title, out));
                blocks(inner, out);
            }
            BlockKind::Panel(panel) => {
                out.push_str(&format!("panel {:?}\n", panel.role));
                panel.title.iter().for_each(|title| line("title", title, out));
                blocks(&panel.blocks, out);
            }
            BlockKind::Figure(figure) => {
                out.push_str("figure\n");
                blocks(&figure.blocks, out);
                figure.caption.iter().for_each(|caption| line("caption", caption, out));
            }
            BlockKind::Table(table) => {
                out.push_str("table\n");
                table.caption.iter().for_each(|caption| line("caption", caption, out));
                for row in table.head.iter().chain(&table.body) {
                    for cell in &row.cells {
                        out.push_str(&format!("cell {:?} {} {}\n", cell.header, cell.colspan, cell.rowspan));
                        blocks(&cell.blocks, out);
                    }
                }
            }
            BlockKind::Equation(equation) => {
                let formula = &equation.formula;
                out.push_str(&format!("equation {} {:?}\n", chancery::ast::linear(&formula.content), formula.alt));
            }
            BlockKind::Rule => out.push_str("rule\n"),
            BlockKind::PageBreak => out.push_str("page break\n"),
            BlockKind::Group(inner) => blocks(inner, out),
            BlockKind::Stage(ParsedBlock::Heading(heading)) => {
                line(&format!("heading {}", heading.level), &heading.content, out);
            }
            BlockKind::Stage(ParsedBlock::Annex(annex)) => {
                annex.title.iter().for_each(|title| line("annex", title, out));
                blocks(&annex.blocks, out);
            }
            BlockKind::Stage(other) => out.push_str(&format!("{other:?}\n")),
        }
    }
}

fn line(name: &str, content: &[Inline<Parsed>], out: &mut String) {
    let mut words = String::new();
    inlines(content, &mut words);
    let words =
        words.replace(['“', '”'], "\"").replace('’', "'").replace("---", "—").replace("--", "–").replace("...", "…");
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    out.push_str(&format!("{name} {words}\n"));
}

fn inlines(content: &[Inline<Parsed>], out: &mut String) {
    for inline in content {
        match &inline.kind {
            InlineKind::Text(text) => out.push_str(text),
            InlineKind::SoftBreak => out.push(' '),
            InlineKind::LineBreak => out.push_str(" / "),
            InlineKind::Code(text) => out.push_str(&format!("`{text}`")),
            InlineKind::Math(formula) => out.push_str(&format!("${}$", chancery::ast::linear(&formula.content))),
            InlineKind::Image(image) => out.push_str(&format!("![{:?}]", image.alt)),
            InlineKind::Link { target, content, .. } => {
                out.push('[');
                inlines(content, out);
                out.push_str(&format!("]({target})"));
            }
            InlineKind::Note(_) => out.push_str("[^]"),
            InlineKind::Stage(stage) => out.push_str(&format!("{stage:?}")),
            // Emphasis and its like, by name.
            kind => {
                let name = format!("{kind:?}");
                let name = name.split(['(', ' ', '{']).next().unwrap_or_default().to_owned();
                if name != "Span" && name != "Abbreviation" {
                    out.push_str(&format!("<{name}>"));
                }
                inlines(kind.children(), out);
            }
        }
    }
}

fn parsed(text: &str) -> Document {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("note.md", text));
    chancery::parse::parse(file, &mut sources).value
}

/// What a source and the import of its page say, in the same shape.
fn there_and_back(text: &str) -> (String, String, Vec<String>) {
    let compilation = PROJECT_FREE.compile(text);
    let html = editions(&compilation, Format::Html);
    let imported = page(&html);
    let problems = imported.problems.iter().map(|problem| format!("{} {}", problem.code.as_str(), problem.message));
    (shape(&parsed(text)), shape(&parsed(&imported.source)), problems.collect())
}

#[test]
fn a_page_of_ours_gives_back_its_source() {
    let text = "---\ntitle: T\nnumbering: {sections: true}\n---\n\n# One {#one}\n\nSee [](#one), [](#t1), [](#b) and [words](#one).[^n] \
        A *b*, **c**, `d|e`, x<sup>2</sup>, ~~f~~, <kbd>K</kbd>.\n\n[^n]: A note, *marked*.\n\n\
        :::table {#t1 caption=\"A *caption*\"}\n| A | B |\n|:--|--:|\n| 1 | 2 |\n:::\n\n\
        <table><tr><th rowspan=2>H</th><th>I</th></tr><tr><th>J</th></tr><tr><th scope=row>K</th><td>L</td></tr></table>\n\n\
        ## Two\n\n:::box {#b title=\"A box\"}\n- one\n- two\n\n  more\n:::\n\n:::key-points\nPoint.\n:::\n\n> [!WARNING]\n> Care.\n\n\
        > Quoted.\n\n:::quote {attribution=\"Somebody\"}\nSaid.\n:::\n\n1. a\n2. b\n   - c\n\n- [x] done\n- [ ] open\n\nTerm\n: Details\n\n\
        ```rust\nfn a() {}\n```\n\n***\n\n$`x_1^2 + \\frac{a}{b}`$ and\n\n```math {#e}\n\\sum_{i=1}^{n} x_i \\le \\sqrt{2}\n```\n\n\
        :::annex {title=\"More\"}\nText.\n:::\n";
    let (wanted, found, problems) = there_and_back(text);
    assert_eq!(found, wanted);
    assert!(problems.is_empty(), "{problems:#?}");
}
