//! Pages made from resolved documents that are built by hand.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::emit;
use crate::ast::{
    AdmonitionKind, Align, AttrList, Attrs, BlockKind, Cell, Column, Figure, Image, InlineKind, List, ListItem,
    ListMarker, ListingKind, Metadata, Node, Panel, PanelRole, Row, Run, Scope, Table,
};
use crate::format::Format;
use crate::language::Language;
use crate::resolve::{
    Brief, ControlKey, ControlRow, Label, Listing, ListingEntry, Navigation, NavigationLink, Note, NoteUse, Picture,
    PictureFormat, RBlock, RInline, Resolved, ResolvedBlock, ResolvedInline, Section, Target,
};
use crate::source::Span;

fn inline(kind: InlineKind<crate::resolve::ResolvedStage>) -> RInline {
    Node::new(kind, Span::default())
}

fn text_nodes(words: &str) -> Vec<RInline> {
    vec![inline(InlineKind::Text(words.to_owned()))]
}

fn block(kind: BlockKind<crate::resolve::ResolvedStage>) -> RBlock {
    Node::new(kind, Span::default())
}

fn paragraph(text: &str) -> RBlock {
    block(BlockKind::Paragraph(text_nodes(text).into()))
}

fn attrs(id: Option<&str>, lang: Option<&str>) -> Attrs {
    Attrs::from(AttrList { id: id.map(str::to_owned), lang: lang.map(str::to_owned), ..AttrList::default() })
}

fn section(id: &str, level: u8, title: &str, blocks: Vec<RBlock>) -> RBlock {
    let section = Section {
        annex: false,
        level,
        number: None,
        title: text_nodes(title).into(),
        heading_span: Span::default(),
        blocks,
    };
    Node {
        kind: BlockKind::Stage(ResolvedBlock::Section(section)),
        span: Span::default(),
        attrs: attrs(Some(id), None),
    }
}

fn cell(text: &str, header: Option<Scope>) -> Cell<crate::resolve::ResolvedStage> {
    Cell {
        blocks: if text.is_empty() { Vec::new() } else { vec![paragraph(text)] },
        header,
        colspan: 1,
        rowspan: 1,
        align: None,
        span: Span::default(),
        attrs: Attrs::default(),
    }
}

fn document(blocks: Vec<RBlock>) -> Resolved {
    Resolved {
        metadata: Metadata::default(),
        language: Language::from_tag("en"),
        stem: "a/note".to_owned(),
        title: text_nodes("A note"),
        title_text: "A note".to_owned(),
        subtitle: None,
        description: None,
        banners: Vec::new(),
        control: Vec::new(),
        control_title: "Document control".to_owned(),
        summary: Vec::new(),
        contents: None,
        blocks,
        notes: Vec::new(),
        outline: Vec::new(),
        abbreviations: Vec::new(),
        pictures: Vec::new(),
        files: std::collections::BTreeMap::new(),
        navigation: Navigation::default(),
        brief: Brief::default(),
        timestamp: None,
        is_redline: false,
        tracked: None,
    }
}

/// The content of the element that holds the text.
fn text(document: &Resolved) -> String {
    let page = emit(document);
    let (_, rest) = page.split_once("<div class=\"text\">\n").unwrap();
    let (text, _) = rest.split_once("</div>\n</main>").unwrap();
    text.to_owned()
}

fn check(blocks: Vec<RBlock>, expected: &str) {
    assert_eq!(text(&document(blocks)), expected);
}

#[test]
fn headings_follow_the_sections() {
    let inner = section("b", 2, "Inner", vec![paragraph("Words.")]);
    check(
        vec![section("a", 1, "Outer", vec![inner])],
        "<section id=\"a\">\n<h2>Outer</h2>\n<section id=\"b\">\n<h3>Inner</h3>\n<p>Words.</p>\n</section>\n</section>\n",
    );
}

#[test]
fn a_panel_has_a_heading_of_the_level_that_is_next() {
    let panel = Panel {
        role: PanelRole::Recommendation,
        title: Some(text_nodes("Act")),
        label: Some(Label { name: "Box".into(), number: "1".into(), text: "Box 1".into() }),
        blocks: vec![paragraph("Now.")],
    };
    check(
        vec![section("a", 1, "Outer", vec![block(BlockKind::Panel(panel))])],
        "<section id=\"a\">\n<h2>Outer</h2>\n<section class=\"panel recommendation\">\n<h3 class=\"title\">\
         <span class=\"label\">Box 1:</span> Act</h3>\n<p>Now.</p>\n</section>\n</section>\n",
    );
}

#[test]
fn an_admonition_says_what_it_is_in_words() {
    let admonition =
        BlockKind::Admonition { kind: AdmonitionKind::Warning, title: None, blocks: vec![paragraph("Hot.")] };
    check(
        vec![block(admonition)],
        "<div class=\"admonition warning\" role=\"note\">\n<p class=\"title\"><span class=\"label\">Warning</span></p>\n\
         <p>Hot.</p>\n</div>\n",
    );
}

#[test]
fn code_keeps_every_space() {
    let code = BlockKind::Code { language: Some("rust".into()), text: "\n  a < b\n\n\tc\n".into() };
    check(vec![block(code)], "<pre><code class=\"language-rust\">\n  a &lt; b\n\n\tc\n</code></pre>\n");
}

#[test]
fn task_states_are_words() {
    let item = |task, text| ListItem {
        task: Some(task),
        blocks: vec![paragraph(text)],
        span: Span::default(),
        attrs: Attrs::default(),
    };
    let list = List { marker: ListMarker::Bullet, tight: true, items: vec![item(true, "one"), item(false, "two")] };
    check(
        vec![block(BlockKind::List(list.into()))],
        "<ul>\n<li class=\"task\"><span role=\"img\" aria-label=\"done\">☑</span> one</li>\n\
         <li class=\"task\"><span role=\"img\" aria-label=\"not done\">☐</span> two</li>\n</ul>\n",
    );
}

#[test]
fn a_table_scrolls_in_a_region_with_its_name() {
    let column = Column { align: Some(Align::Decimal('.')) };
    let mut wide = cell("0.125", None);
    wide.colspan = 1;
    let table = Table {
        caption: Some(text_nodes("Shares")),
        label: Some(Label { name: "Table".into(), number: "1".into(), text: "Table 1".into() }),
        columns: vec![Column::default(), column],
        head: vec![Row {
            cells: vec![cell("", Some(Scope::Column)), cell("Share", Some(Scope::Column))],
            span: Span::default(),
        }],
        body: vec![
            Row { cells: vec![cell("A", Some(Scope::Row)), cell("12.5", None)], span: Span::default() },
            Row { cells: vec![cell("B", Some(Scope::Row)), wide], span: Span::default() },
            Row { cells: vec![cell("C", Some(Scope::Row)), cell("7", None)], span: Span::default() },
        ],
        landscape: false,
    };
    check(
        vec![block(BlockKind::Table(table.into()))],
        "<div class=\"scroll\" role=\"region\" aria-label=\"Table 1: Shares\" tabindex=\"0\">\n<table>\n\
         <caption><span class=\"caption\"><span class=\"label\">Table 1:</span> Shares</span></caption>\n\
         <thead>\n<tr>\n<td></td>\n<th scope=\"col\" class=\"decimal\">Share</th>\n</tr>\n</thead>\n\
         <tbody>\n\
         <tr>\n<th scope=\"row\">A</th>\n<td class=\"decimal\" style=\"--missing: 2ch\">12.5</td>\n</tr>\n\
         <tr>\n<th scope=\"row\">B</th>\n<td class=\"decimal\">0.125</td>\n</tr>\n\
         <tr>\n<th scope=\"row\">C</th>\n<td class=\"decimal\" style=\"--missing: 3.5ch\">7</td>\n</tr>\n\
         </tbody>\n</table>\n</div>\n",
    );
}

#[test]
fn a_note_has_a_way_there_and_a_way_back() {
    let mut content = text_nodes("Words.");
    content.push(inline(InlineKind::Note(NoteUse { note: 0, id: "ref-1".into(), separator: "" })));
    let mut document = document(vec![block(BlockKind::Paragraph(content.into()))]);
    document.notes.push(Note {
        number: "1".into(),
        id: "note-1".into(),
        blocks: vec![paragraph("More.")],
        references: vec!["ref-1".into()],
        span: Span::default(),
    });
    assert_eq!(
        text(&document),
        "<p>Words.<sup class=\"noteref\"><a id=\"ref-1\" href=\"#note-1\" role=\"doc-noteref\">1</a></sup></p>\n\
         <section class=\"notes\" role=\"doc-endnotes\">\n<h2>Notes</h2>\n<ol>\n<li id=\"note-1\">\
         <span class=\"number\">1</span>\n<div>\n<p>More. <a href=\"#ref-1\" role=\"doc-backlink\" \
         aria-label=\"Back to the text: Note 1\">↩\u{fe0e}</a></p>\n</div></li>\n</ol>\n</section>\n",
    );
}

#[test]
fn words_repeated_in_a_list_bring_no_ids_links_or_notes() {
    let mut title = text_nodes("Steps");
    let link = InlineKind::Link {
        target: Target::External("https://example.org/".into()),
        title: None,
        content: text_nodes(" there"),
    };
    title.push(Node { kind: link, span: Span::default(), attrs: attrs(Some("there"), None) });
    title.push(inline(InlineKind::Note(NoteUse { note: 0, id: "ref-1".into(), separator: "" })));
    let mut document = document(Vec::new());
    let entry = |level, content| ListingEntry {
        target: Some(Target::Internal("steps".into())),
        level,
        label: Some("1".into()),
        content: Run::from(content),
    };
    document.contents = Some(Listing {
        kind: ListingKind::Contents,
        title: "Contents".into(),
        id: "contents".into(),
        entries: vec![entry(1, title), entry(3, text_nodes("Deep")), entry(1, text_nodes("Next"))],
    });
    let page = emit(&document);
    assert!(page.contains(
        "<nav id=\"contents\" class=\"listing contents\" aria-label=\"Contents\">\n<h2>Contents</h2>\n<ul>\n\
         <li><a href=\"#steps\"><span class=\"number\">1</span> Steps there</a>\n<ul>\n\
         <li><a href=\"#steps\"><span class=\"number\">1</span> Deep</a></li>\n</ul>\n</li>\n\
         <li><a href=\"#steps\"><span class=\"number\">1</span> Next</a></li>\n</ul>\n</nav>\n"
    ));
}

#[test]
fn quotation_marks_alternate() {
    let inner = inline(InlineKind::Quoted(text_nodes("b")));
    let mut content = text_nodes("a ");
    content.push(inner);
    check(vec![block(BlockKind::Paragraph(vec![inline(InlineKind::Quoted(content))].into()))], "<p>“a ‘b’”</p>\n");
}

#[test]
fn a_change_of_direction_is_said() {
    let span =
        |lang| Node { kind: InlineKind::Span(text_nodes("x")), span: Span::default(), attrs: attrs(None, Some(lang)) };
    check(
        vec![block(BlockKind::Paragraph(vec![span("fr"), span("ar")].into()))],
        "<p><span lang=\"fr\">x</span><span lang=\"ar\" dir=\"rtl\">x</span></p>\n",
    );
}

#[test]
fn a_figure_holds_its_picture() {
    let image = Image { picture: 0, alt: Some("A way".into()), title: None, width: None };
    let picture = block(BlockKind::Paragraph(vec![inline(InlineKind::Image(image))].into()));
    let figure = Figure {
        caption: Some(text_nodes("The way")),
        label: Some(Label { name: "Figure".into(), number: "1".into(), text: "Figure 1".into() }),
        blocks: vec![picture],
    };
    let mut document = document(vec![block(BlockKind::Figure(figure))]);
    document.pictures.push(Picture {
        path: "way.png".into(),
        format: PictureFormat::Png,
        bytes: [1, 2, 3].into(),
        width: 300,
        height: 150,
        density: Some(192.0),
        span: crate::source::Span::default(),
    });
    assert_eq!(
        text(&document),
        "<figure>\n<img src=\"data:image/png;base64,AQID\" alt=\"A way\" width=\"150\" height=\"75\">\n\
         <figcaption><span class=\"label\">Figure 1:</span> The way</figcaption>\n</figure>\n",
    );
}

#[test]
fn a_page_knows_its_way_and_its_other_editions() {
    let link = |path: &str, text: &str| NavigationLink {
        target: Target::Document { path: path.into(), fragment: None },
        title: "Notes".into(),
        text: text.into(),
        description: None,
    };
    let mut document = document(Vec::new());
    document.navigation = Navigation {
        up: Some(link("index", "Back to Notes")),
        formats: vec![Format::Pdf, Format::Html, Format::Brief],
        ..Navigation::default()
    };
    let page = emit(&document);
    for expected in [
        "<title>A note – Notes</title>",
        "<link rel=\"alternate\" type=\"application/pdf\" href=\"note.pdf\" title=\"PDF\">",
        "<a class=\"back\" href=\"index.html\">Back to Notes</a>",
        "<li><a href=\"note.brief.txt\" type=\"text/plain\">Short form</a></li>",
    ] {
        assert!(page.contains(expected), "{expected} is not in\n{page}");
    }
    assert!(!page.contains("note.html"));
}

#[test]
fn a_page_has_no_script_and_loads_nothing() {
    let mut content = text_nodes("<script>alert(1)</script>");
    content.push(inline(InlineKind::Stage(ResolvedInline::Reference {
        target: Target::Internal("a".into()),
        text: "Section 1".into(),
    })));
    let mut document = document(vec![block(BlockKind::Paragraph(content.into()))]);
    document.control.push(ControlRow {
        key: ControlKey::Reference,
        label: "Reference".into(),
        value: vec![text_nodes("A/1")],
    });
    let page = emit(&document);
    assert!(page.contains("&lt;script&gt;"));
    for forbidden in ["<script", "<iframe", "@import", "url(", "@font-face"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("script-src &apos;none&apos;"));
    assert!(page.contains("<dt>Reference</dt>\n<dd>A/1</dd>"));
}

#[test]
fn what_is_for_other_formats_is_left_out() {
    let only = |formats: Vec<Format>, text: &str| {
        block(BlockKind::Stage(ResolvedBlock::ForFormats { formats, blocks: vec![paragraph(text)] }))
    };
    check(vec![only(vec![Format::Pdf], "paper"), only(vec![Format::Html, Format::Text], "page")], "<p>page</p>\n");
}
