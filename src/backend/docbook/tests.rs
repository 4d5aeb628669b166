//! What the DocBook edition says, on documents made by hand.

use super::emit;
use crate::ast::{
    AdmonitionKind, Align, BlockKind, Cell, Column, Figure, InlineKind, List, ListItem, ListMarker, Panel, PanelRole,
    Row, Scope, Shared, Table,
};
use crate::backend::fixture::{block, document, inline, label, note, note_use, paragraph, section, text};
use crate::resolve::{RBlock, Resolved, ResolvedStage};
use crate::source::Span;

/// The body of the article: what follows `</info>`.
fn body(document: &Resolved) -> String {
    let xml = emit(document);
    let (_, body) = xml.split_once("</info>\n").unwrap_or_default();
    body.trim_end().trim_end_matches("</article>").trim_end().to_owned()
}

fn admonition(kind: AdmonitionKind, blocks: Vec<RBlock>) -> RBlock {
    block(BlockKind::Admonition { kind, title: None, blocks })
}

fn panel(blocks: Vec<RBlock>) -> RBlock {
    let title = Some(vec![text("Steps")]);
    block(BlockKind::Panel(Panel { role: PanelRole::Box, title, label: label("Box", "1"), blocks }))
}

fn cell(blocks: Vec<RBlock>, header: Option<Scope>, colspan: u16, rowspan: u16) -> Cell<ResolvedStage> {
    Cell { blocks, header, colspan, rowspan, align: None, span: Span::default(), attrs: Default::default() }
}

fn row(cells: Vec<Cell<ResolvedStage>>) -> Row<ResolvedStage> {
    Row { cells, span: Span::default() }
}

fn table(blocks: Vec<RBlock>) -> RBlock {
    block(BlockKind::Table(Shared::from(Table {
        caption: Some(vec![text("Steps")]),
        label: label("Table", "1"),
        columns: vec![Column { align: None }, Column { align: Some(Align::Decimal('.')) }],
        head: vec![row(vec![cell(vec![paragraph("Year")], Some(Scope::Column), 2, 1)])],
        body: vec![
            row(vec![cell(blocks, Some(Scope::Row), 1, 2), cell(vec![paragraph("1.5")], None, 1, 1)]),
            row(vec![cell(vec![paragraph("20.25")], None, 1, 1)]),
        ],
        landscape: false,
    })))
}

#[test]
fn an_article_without_words_still_has_content() {
    let xml = emit(&document(vec![]));
    assert!(xml.contains("<title>A note</title>"));
    assert!(xml.contains("</info>\n  <para/>\n</article>\n"), "{xml}");
}

#[test]
fn sections_nest_and_keep_their_numbers() {
    let inner = section("b", 2, Some("1.1"), "Inner", vec![paragraph("Two")]);
    let outer = section("a", 1, Some("1"), "Outer", vec![paragraph("One"), inner]);
    assert_eq!(
        body(&document(vec![outer, paragraph("After")])),
        r#"  <section xml:id="a" label="1">
    <title>Outer</title>
    <para>One</para>
    <section xml:id="b" label="1.1">
      <title>Inner</title>
      <para>Two</para>
      <para>After</para>
    </section>
  </section>"#
    );
}

#[test]
fn an_admonition_in_an_admonition_becomes_a_quotation_with_its_name() {
    let inner = admonition(AdmonitionKind::Warning, vec![paragraph("Mind")]);
    let xml = body(&document(vec![admonition(AdmonitionKind::Note, vec![inner])]));
    assert_eq!(
        xml,
        r#"  <note>
    <blockquote role="warning">
      <title>Warning</title>
      <para>Mind</para>
    </blockquote>
  </note>"#
    );
}

#[test]
fn a_panel_in_a_panel_becomes_a_quotation_with_its_title() {
    let xml = body(&document(vec![panel(vec![panel(vec![paragraph("Inside")])])]));
    assert_eq!(
        xml,
        r#"  <sidebar role="box" xreflabel="Box 1">
    <title><phrase role="number">Box 1</phrase>: Steps</title>
    <blockquote role="box" xreflabel="Box 1">
      <title><phrase role="number">Box 1</phrase>: Steps</title>
      <para>Inside</para>
    </blockquote>
  </sidebar>"#
    );
}

#[test]
fn a_footnote_stands_at_its_first_reference_and_takes_in_what_only_it_refers_to() {
    let referring = block(BlockKind::Paragraph(vec![text("See"), note_use(0), text(" and"), note_use(0)].into()));
    let mut document = document(vec![referring]);
    let deeper = block(BlockKind::Paragraph(vec![text("First"), note_use(1)].into()));
    document.notes = vec![note("1", vec![deeper]), note("2", vec![paragraph("Second")])];
    assert_eq!(
        body(&document),
        "  <para>See<footnote xml:id=\"fn-1\" label=\"1\"><para>First<superscript><link linkend=\"fn-2\">2</link>\
         </superscript></para><para xml:id=\"fn-2\" role=\"footnote\"><superscript>2</superscript> Second</para>\
         </footnote> and<footnoteref linkend=\"fn-1\" label=\"1\"/></para>"
    );
}

#[test]
fn a_table_names_the_columns_its_cells_span() {
    let xml = body(&document(vec![table(vec![paragraph("2006")])]));
    assert_eq!(
        xml,
        r#"  <table label="1" xreflabel="Table 1">
    <title>Steps</title>
    <tgroup cols="2">
      <colspec colname="c1"/>
      <colspec colname="c2" align="char" char="."/>
      <thead>
        <row>
          <entry role="header" namest="c1" nameend="c2" scope="col">Year</entry>
        </row>
      </thead>
      <tbody>
        <row>
          <entry role="header" colname="c1" morerows="1" scope="row">2006</entry>
          <entry colname="c2">1.5</entry>
        </row>
        <row>
          <entry colname="c2">20.25</entry>
        </row>
      </tbody>
    </tgroup>
  </table>"#
    );
}

#[test]
fn tables_and_figures_lose_their_form_where_they_may_not_stand() {
    let figure = Figure { caption: Some(vec![text("Way")]), label: label("Figure", "1"), blocks: vec![] };
    let figure = block(BlockKind::Figure(figure));
    let mut document =
        document(vec![block(BlockKind::Paragraph(vec![note_use(0)].into())), table(vec![table(vec![]), figure])]);
    document.notes = vec![note("1", vec![table(vec![]), panel(vec![])])];
    let xml = body(&document);
    let footnote = xml.split("</footnote>").next().unwrap_or_default();
    assert!(footnote.contains("<para role=\"caption\"><phrase role=\"number\">Table 1</phrase>: Steps</para>"));
    assert!(footnote.contains("<informaltable>") && !footnote.contains("<table"));
    assert!(footnote.contains("<blockquote role=\"box\"") && !footnote.contains("<sidebar"));
    assert!(xml.contains("<itemizedlist role=\"table\">") && xml.contains("<informalfigure>"));
    assert_eq!(xml.matches("<table").count(), 1, "{xml}");
}

#[test]
fn tasks_carry_their_boxes_and_list_items_are_never_empty() {
    let item = |task, blocks| ListItem { task, blocks, span: Span::default(), attrs: Default::default() };
    let list = List {
        marker: ListMarker::Bullet,
        tight: true,
        items: vec![item(Some(true), vec![paragraph("Done")]), item(Some(false), vec![]), item(None, vec![])],
    };
    let xml = body(&document(vec![block(BlockKind::List(list.into()))]));
    assert!(xml.contains("<para>☒ Done</para>") && xml.contains("<para>☐</para>") && xml.contains("<para/>"), "{xml}");
}

#[test]
fn code_in_superscript_gives_way_to_a_phrase() {
    let code = inline(InlineKind::Code("x".to_owned()));
    let script = inline(InlineKind::Superscript(vec![code]));
    let xml = body(&document(vec![block(BlockKind::Paragraph(vec![script].into()))]));
    assert_eq!(xml, "  <para><superscript><phrase role=\"code\">x</phrase></superscript></para>");
}
