//! Files of other programs as sources: what survives, what is said of the rest, and what
//! is refused.

mod back;
mod hostile;
mod page;
mod strangers;
pub mod word;

use crate::sandbox::Sandbox;
use chancery::import::{Changes, import};
use chancery::source::MemoryFiles;
use word::{Word, archive};

/// The source of a body, without its front matter, and the problems, a line each.
fn body(body: &str) -> (String, Vec<String>) {
    imported(&Word::new(body), Changes::Accept)
}

fn imported(word: &Word, changes: Changes) -> (String, Vec<String>) {
    let imported = import(&word.bytes(), "note", changes, &MemoryFiles::default())
        .unwrap_or_else(|problem| panic!("{}", problem.message));
    let (_, text) = imported.source.split_once("\n---\n").unwrap();
    let problems = imported.problems.iter().map(|problem| format!("{} {}", problem.code.as_str(), problem.message));
    (text.trim().to_owned(), problems.collect())
}

/// The source of a body from which nothing is lost.
fn kept(text: &str) -> String {
    let (source, problems) = body(text);
    assert!(problems.is_empty(), "{problems:#?}\n{source}");
    source
}

#[test]
fn words_are_escaped_where_markdown_would_read_them() {
    let words = "1. a *b* _c_ [d] &lt;e&gt; f_g `h` {i} 2*3 # $j$ ~k~ a^b x &amp;amp; --- \\n";
    let source = kept(&format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"));
    assert_eq!(
        source,
        "1\\. a \\*b\\* \\_c\\_ \\[d\\] \\<e> f_g \\`h\\` \\{i} 2\\*3 # $j$ \\~k\\~ a\\^b x \\&amp; --- \\\\n"
    );
}

#[test]
fn lines_that_would_begin_blocks_are_words() {
    for line in ["# a", "- a", "+ a", "> a", "1) a", ": a", ":::box", "| a | b |", "--- a", "=== a", "// a", "% a"] {
        let text = line.replace('>', "&gt;");
        let source = kept(&format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"));
        assert_eq!(source.replace('\\', ""), line, "{source}");
        assert!(source.contains('\\'), "{source}");
    }
}

#[test]
fn marks_of_runs_are_those_of_markdown() {
    let run =
        |look: &str, text: &str| format!("<w:r><w:rPr>{look}</w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let text = [
        run("<w:b/>", "bold "),
        run("<w:b/><w:i/>", "both"),
        run("", ", un"),
        run("<w:i/>", "like"),
        run("", "ly, x"),
        run("<w:vertAlign w:val=\"superscript\"/>", "2"),
        run("", " and "),
        run("<w:strike/>", "gone."),
        run("<w:rStyle w:val=\"HTMLCode\"/>", "a|b"),
    ]
    .concat();
    let word = Word::new(&format!("<w:p>{text}</w:p>"))
        .styles("<w:style w:type=\"character\" w:styleId=\"HTMLCode\"><w:name w:val=\"HTML Code\"/></w:style>");
    let (source, _) = imported(&word, Changes::Accept);
    assert_eq!(source, "**bold _both_**, un<em>like</em>ly, x<sup>2</sup> and <s>gone.</s>`a|b`");
}

#[test]
fn headings_are_known_by_names_in_any_language_and_by_levels() {
    let heading = |style: &str, text: &str| {
        format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let text = [
        heading("Heading1", "One"),
        heading("berschrift2", "Zwei"),
        heading("Mine", "Drei"),
        heading("Circle", "Text"),
    ];
    let word = Word::new(&text.concat()).styles(
        "<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"berschrift2\"><w:name w:val=\"Überschrift 2\"/></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"Mine\"><w:name w:val=\"Mine\"/><w:basedOn w:val=\"Base\"/></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"Base\"><w:name w:val=\"Base\"/><w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"Circle\"><w:name w:val=\"Circle\"/><w:basedOn w:val=\"Round\"/></w:style>\
         <w:style w:type=\"paragraph\" w:styleId=\"Round\"><w:name w:val=\"Round\"/><w:basedOn w:val=\"Circle\"/></w:style>",
    );
    let (source, problems) = imported(&word, Changes::Accept);
    assert_eq!(source, "# One\n\n## Zwei\n\n### Drei\n\nText");
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn lists_keep_their_levels_and_starts() {
    let item = |list: u8, depth: u8, text: &str| {
        format!(
            "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"{depth}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>\
             <w:r><w:t>{text}</w:t></w:r></w:p>"
        )
    };
    let text = [item(1, 0, "one"), item(1, 1, "inner"), item(1, 0, "two"), item(2, 0, "five"), item(3, 0, "☒ done")];
    let word = Word::new(&text.concat()).numbering(
        "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/>\
         <w:lvlText w:val=\"%1.\"/></w:lvl><w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum>\
         <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>\
         <w:num w:numId=\"2\"><w:abstractNumId w:val=\"0\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"5\"/>\
         </w:lvlOverride></w:num>\
         <w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum>\
         <w:num w:numId=\"3\"><w:abstractNumId w:val=\"1\"/></w:num>",
    );
    let (source, problems) = imported(&word, Changes::Accept);
    assert_eq!(source, "1. one\n   - inner\n2. two\n\n5) five\n\n- [x] done");
    assert!(problems.is_empty() || problems.iter().all(|problem| problem.starts_with("E0702")), "{problems:#?}");
}

#[test]
fn cells_that_span_stay_where_they_are() {
    let cell =
        |look: &str, text: &str| format!("<w:tc><w:tcPr>{look}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let table = format!(
        "<w:tbl><w:tblPr/><w:tr><w:trPr><w:tblHeader/></w:trPr>{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr></w:tbl>",
        cell("<w:gridSpan w:val=\"2\"/>", "wide"),
        cell("", "c"),
        cell("<w:vMerge w:val=\"restart\"/>", "tall"),
        cell("", "1"),
        cell("", "2"),
        "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>",
        cell("", "3"),
        cell("", "4"),
    );
    let source = kept(&table).replace('\n', "");
    assert_eq!(
        source,
        "<table><thead><tr><th colspan=\"2\">wide</th><th>c</th></tr></thead><tbody><tr><td rowspan=\"2\">tall</td>\
         <td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>"
    );
}

#[test]
fn columns_keep_their_alignment_beside_cells_that_span() {
    let cell = |look: &str, align: &str, text: &str| {
        format!("<w:tc><w:tcPr>{look}</w:tcPr><w:p><w:pPr>{align}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>",)
    };
    let right = "<w:jc w:val=\"right\"/>";
    let table = format!(
        "<w:tbl><w:tblPr/><w:tr>{}{}{}</w:tr><w:tr>{}{}{}</w:tr><w:tr>{}{}</w:tr></w:tbl>",
        cell("<w:vMerge w:val=\"restart\"/>", "", "13"),
        cell("", "", "Missions"),
        cell("", right, "300"),
        "<w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p/></w:tc>",
        cell("", "", "Training"),
        cell("", right, "(12)"),
        cell("", "", "All"),
        cell("<w:gridSpan w:val=\"2\"/>", right, "288"),
    );
    assert_eq!(
        kept(&table).replace('\n', ""),
        "<table><tbody><tr><td rowspan=\"2\">13</td><td>Missions</td><td align=\"right\">300</td></tr>\
         <tr><td>Training</td><td align=\"right\">(12)</td></tr>\
         <tr><td>All</td><td colspan=\"2\" align=\"right\">288</td></tr></tbody></table>"
    );
}

#[test]
fn captions_and_references_are_made_anew() {
    let sequence = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> SEQ Table \\* ARABIC </w:instrText></w:r>\
                    <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
    let text = format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">See </w:t></w:r><w:fldSimple w:instr=\" REF _Ref1 \\h \"><w:r><w:t>Table 1</w:t></w:r>\
         </w:fldSimple><w:r><w:t>.</w:t></w:r></w:p>\
         <w:p><w:bookmarkStart w:id=\"0\" w:name=\"_Ref1\"/><w:r><w:t xml:space=\"preserve\">Table </w:t></w:r>{sequence}\
         <w:bookmarkEnd w:id=\"0\"/><w:r><w:t>: Steps</w:t></w:r></w:p>\
         <w:tbl><w:tblPr/><w:tr><w:trPr><w:tblHeader/></w:trPr><w:tc><w:p><w:r><w:t>A</w:t></w:r></w:p></w:tc></w:tr>\
         <w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    );
    assert_eq!(kept(&text), "See [](#ref1).\n\n:::table {#ref1 caption=Steps}\n| A |\n|---|\n| 1 |\n:::");
}

#[test]
fn notes_links_and_languages_are_kept() {
    let text = "<w:p><w:r><w:t>Word</w:t></w:r><w:r><w:footnoteReference w:id=\"2\"/></w:r>\
                <w:r><w:t xml:space=\"preserve\"> and </w:t></w:r><w:hyperlink r:id=\"l1\"><w:r><w:t>a link</w:t></w:r></w:hyperlink>\
                <w:r><w:t xml:space=\"preserve\">, and </w:t></w:r>\
                <w:r><w:rPr><w:lang w:val=\"fr-FR\"/></w:rPr><w:t>deux mots</w:t></w:r></w:p>";
    let word = Word::new(text)
        .styles("<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val=\"en-GB\"/></w:rPr></w:rPrDefault></w:docDefaults>")
        .footnotes(
            "<w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/></w:r><w:hyperlink r:id=\"l1\"><w:r><w:t>Said so.</w:t></w:r></w:hyperlink></w:p></w:footnote>",
        )
        .footnote_link("l1", "https://example.org/note")
        .link("l1", "https://example.org/");
    let (source, problems) = imported(&word, Changes::Accept);
    assert_eq!(
        source,
        "Word[^1] and [a link](https://example.org/), and [deux mots]{lang=fr-FR}\n\n[^1]: [Said so.](https://example.org/note)"
    );
    assert!(problems.is_empty(), "{problems:#?}");
}

/// LibreOffice writes the mark of a note beside the one that was typed.
#[test]
fn marks_of_notes_are_no_words_of_theirs() {
    let raised =
        |text: &str| format!("<w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>{text}</w:t></w:r>");
    let call = |id: u8, mark: &str| {
        format!("<w:r><w:footnoteReference w:customMarkFollows=\"1\" w:id=\"{id}\"/><w:t>{mark}</w:t></w:r>")
    };
    let note = |id: u8, text: &str| format!("<w:footnote w:id=\"{id}\"><w:p>{text}</w:p></w:footnote>");
    let words = |text: &str| format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>");
    let calls =
        ["3", "**", "1", "†"].into_iter().zip(2..).map(|(mark, id)| format!("{}{}", words("Word"), call(id, mark)));
    let body = format!("<w:p>{}</w:p>", calls.collect::<String>());
    let notes = [
        note(2, &format!("{}{}{}", raised("3"), raised("3"), words(" Typed twice."))),
        note(3, &format!("{}{}", raised("**"), words(" Starred."))),
        note(4, &words("10 members of it.")),
        note(5, &format!("{}{}", raised("†"), words("Dagger."))),
    ];
    let (source, problems) = imported(&Word::new(&body).footnotes(&notes.concat()), Changes::Accept);
    assert!(problems.is_empty(), "{problems:#?}\n{source}");
    assert_eq!(
        source,
        "Word[^1]Word[^2]Word[^3]Word[^4]\n\n[^1]: Typed twice.\n\n[^2]: Starred.\n\n[^3]: 10 members of it.\n\n[^4]: Dagger."
    );
}

#[test]
fn changes_are_accepted_or_rejected() {
    let text = "<w:p><w:pPr><w:rPr><w:del w:id=\"1\" w:author=\"a\"/></w:rPr></w:pPr><w:r><w:t xml:space=\"preserve\">One </w:t></w:r>\
                <w:ins w:id=\"2\" w:author=\"a\"><w:r><w:t xml:space=\"preserve\">new </w:t></w:r></w:ins>\
                <w:del w:id=\"3\" w:author=\"a\"><w:r><w:delText xml:space=\"preserve\">old </w:delText></w:r></w:del></w:p>\
                <w:p><w:r><w:t>two</w:t></w:r></w:p>";
    let (new, problems) = imported(&Word::new(text), Changes::Accept);
    assert_eq!(new, "One new two");
    assert_eq!(problems, ["W0706 3 tracked changes were accepted"]);
    let (old, problems) = imported(&Word::new(text), Changes::Reject);
    assert_eq!(old, "One old\n\ntwo");
    assert_eq!(problems, ["W0706 3 tracked changes were rejected"]);
}

#[test]
fn a_text_box_is_read_once() {
    let inside = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>";
    let text = format!(
        "<w:p><w:r><w:t>Text.</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wp:anchor>\
         <a:graphic><a:graphicData><wps:wsp><wps:txbx>{inside}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor>\
         </w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>\
         </mc:AlternateContent></w:r></w:p>"
    );
    assert_eq!(kept(&text), "Text.\n\n:::box\nIn a box.\n:::");
}

#[test]
fn what_has_no_place_is_said() {
    let text = "<w:p><w:r><w:t>Text.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden.</w:t></w:r>\
                <w:r><w:drawing><wp:inline><wp:docPr id=\"1\" name=\"x\" descr=\"A map\"/><a:graphic><a:graphicData><pic:pic>\
                <pic:blipFill><a:blip r:link=\"l2\"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>\
                <w:r><w:sym w:font=\"Odd\" w:char=\"F001\"/></w:r></w:p>";
    let word = Word::new(text).link("l2", "https://example.org/map.png");
    let (source, problems) = imported(&word, Changes::Accept);
    assert!(source.contains("[A map](https://example.org/map.png)"), "{source}");
    let codes: Vec<&str> = problems.iter().filter_map(|problem| problem.get(..5)).collect();
    assert!(["W0703", "W0704", "W0705"].iter().all(|code| codes.contains(code)), "{problems:#?}");
    assert!(!codes.contains(&"E0702"), "{problems:#?}");
}

#[test]
fn forms_keep_what_was_chosen() {
    let field = |data: &str, kind: &str| {
        format!(
            "<w:r><w:fldChar w:fldCharType=\"begin\"><w:ffData>{data}</w:ffData></w:fldChar></w:r>\
             <w:r><w:instrText> {kind} </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>"
        )
    };
    let list =
        "<w:ddList><w:result w:val=\"1\"/><w:listEntry w:val=\"Red\"/><w:listEntry w:val=\"Dark blue\"/></w:ddList>";
    let control = |properties: &str, words: &str| {
        format!(
            "<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r><w:t xml:space=\"preserve\">{words}</w:t></w:r>\
             </w:sdtContent></w:sdt>"
        )
    };
    let text = [
        "<w:p><w:r><w:t xml:space=\"preserve\">Colour: </w:t></w:r>",
        &field(list, "FORMDROPDOWN"),
        "<w:r><w:t xml:space=\"preserve\">, sent: </w:t></w:r>",
        &field("<w:checkBox><w:default w:val=\"0\"/><w:checked/></w:checkBox>", "FORMCHECKBOX"),
        "<w:r><w:t xml:space=\"preserve\">, paid: </w:t></w:r>",
        &field("<w:checkBox><w:default w:val=\"0\"/></w:checkBox>", "FORMCHECKBOX"),
        &control("<w:dropDownList/>", ", by post"),
        &control("<w:showingPlcHdr/>", "Choose a day."),
        "</w:p>",
    ];
    let (source, problems) = body(&text.concat());
    assert_eq!(source, "Colour: Dark blue, sent: ☒, paid: ☐, by post");
    assert_eq!(
        problems,
        [
            "W0704 a list to choose from is the words that were chosen now",
            "W0703 a field of a form is empty; what it asks for is left out: “Choose a day.”",
            "W0704 a list to choose from is the words that were chosen now",
        ]
    );
}

#[test]
fn words_in_another_order_are_told() {
    // Both readers know a paragraph in a run; the one that proves reads it where it stands.
    let inner = "<w:p><w:r><w:t>inner words</w:t></w:r></w:p>";
    let (_, problems) = body(&format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">first </w:t></w:r><w:r>{inner}</w:r><w:r><w:t>last</w:t></w:r></w:p>"
    ));
    assert!(problems.iter().any(|problem| problem.starts_with("E0702")), "{problems:#?}");
}

#[test]
fn cells_that_a_change_takes_away_are_gone() {
    let cell =
        |mark: &str, text: &str| format!("<w:tc><w:tcPr>{mark}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>");
    let row = |texts: [&str; 3]| {
        let [one, old, new] = texts;
        let (gone, come) = ("<w:cellDel w:id=\"1\" w:author=\"a\"/>", "<w:cellIns w:id=\"2\" w:author=\"a\"/>");
        format!("<w:tr>{}{}{}</w:tr>", cell("", one), cell(gone, old), cell(come, new))
    };
    let table = format!("<w:tbl><w:tblPr/>{}{}</w:tbl>", row(["A", "old", "new"]), row(["1", "2", "3"]));
    let (new, _) = imported(&Word::new(&table), Changes::Accept);
    assert!(new.contains("new") && !new.contains("old"), "{new}");
    let (old, _) = imported(&Word::new(&table), Changes::Reject);
    assert!(old.contains("old") && !old.contains("new"), "{old}");
}

#[test]
fn a_table_on_a_page_on_its_side_stays_there() {
    let pages = |turned: &str| format!("<w:p><w:pPr><w:sectPr><w:pgSz w:w=\"1\"{turned}/></w:sectPr></w:pPr></w:p>");
    let table = "<w:tbl><w:tblPr/><w:tr><w:tc><w:p><w:r><w:t>wide</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    let source = kept(&format!("{table}{}{table}{}", pages(""), pages(" w:orient=\"landscape\"")));
    assert_eq!(source.matches("orientation=landscape").count(), 1, "{source}");
    assert!(source.find("<table>") < source.find(":::table"), "{source}");
}

/// A paragraph of a style.
fn styled(style: &str, text: &str) -> String {
    format!("<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
}

/// Built-in styles, whose ids are their names without spaces.
fn named(names: &[&str]) -> String {
    let style = |name: &&str| {
        let id = name.replace(' ', "");
        format!("<w:style w:type=\"paragraph\" w:styleId=\"{id}\"><w:name w:val=\"{name}\"/></w:style>")
    };
    names.iter().map(style).collect()
}

#[test]
fn titles_contents_and_typed_numbers_go_to_the_front_matter() {
    let contents = "<w:p><w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> TOC \\o \"1-2\" \\h </w:instrText></w:r>\
                    <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>1 One 3</w:t></w:r></w:p>\
                    <w:p><w:r><w:t>1.1 Inner 4</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p>";
    let text = [
        styled("Title", "The title"),
        styled("Subtitle", "The subtitle"),
        contents.to_owned(),
        styled("heading1", "1 One"),
        styled("heading2", "1.1 Inner"),
        styled("heading1", "2. Two"),
        styled("Quote", "Said."),
        styled("HTMLPreformatted", "a &lt; b"),
        styled("HTMLPreformatted", "  c"),
    ];
    let names = ["Title", "Subtitle", "heading 1", "heading 2", "Quote", "HTML Preformatted"];
    let word = Word::new(&text.concat()).styles(&named(&names));
    let imported = import(&word.bytes(), "note", Changes::Accept, &MemoryFiles::default()).unwrap();
    assert_eq!(
        imported.source,
        "---\ntitle: \"The title\"\nsubtitle: \"The subtitle\"\ntoc: 2\nnumbering: {sections: true}\n---\n\n\
         # One\n\n## Inner\n\n# Two\n\n> Said.\n\n```\na < b\n  c\n```\n"
    );
    assert!(imported.problems.iter().all(|problem| problem.code.as_str() == "W0704"), "{:#?}", imported.problems);
}

#[test]
fn typed_numbers_out_of_order_stay() {
    let text = [styled("heading1", "1 One"), styled("heading1", "3 Three")].concat();
    let (source, problems) = imported(&Word::new(&text).styles(&named(&["heading 1"])), Changes::Accept);
    assert_eq!(source, "# 1 One\n\n# 3 Three");
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn formulas_are_written_in_latex() {
    let run = |text: &str| format!("<m:r><m:t>{text}</m:t></m:r>");
    let e = |name: &str, text: &str| format!("<m:{name}>{}</m:{name}>", run(text));
    for (office, latex) in [
        (format!("<m:f>{}{}</m:f>", e("num", "a"), e("den", "2b")), "\\frac{a}{2b}"),
        (format!("<m:sSubSup>{}{}{}</m:sSubSup>", e("e", "x"), e("sub", "i"), e("sup", "2")), "x_{i}^{2}"),
        (format!("<m:rad><m:deg/>{}</m:rad>", e("e", "x+1")), "\\sqrt{x+1}"),
        (
            format!(
                "<m:nary><m:naryPr><m:chr m:val=\"∑\"/></m:naryPr>{}{}{}</m:nary>",
                e("sub", "i=1"),
                e("sup", "n"),
                e("e", "y")
            ),
            "\\sum_{i=1}^{n} y",
        ),
        (format!("<m:d>{}</m:d>", e("e", "a")), "\\left( a \\right)"),
        (
            format!(
                "<m:func><m:fName><m:r><m:rPr><m:sty m:val=\"p\"/></m:rPr><m:t>sin</m:t></m:r></m:fName>{}</m:func>",
                e("e", "x")
            ),
            "\\sin x",
        ),
        (format!("<m:m><m:mr>{}{}</m:mr></m:m>", e("e", "a"), e("e", "b")), "\\begin{matrix} a & b \\end{matrix}"),
    ] {
        let source = kept(&format!("<w:p><m:oMathPara><m:oMath>{office}</m:oMath></m:oMathPara></w:p>"));
        assert_eq!(source, format!("```math\n{latex}\n```"));
    }
    let source = kept(&format!(
        "<w:p><w:r><w:t xml:space=\"preserve\">Where </w:t></w:r><m:oMath>{}</m:oMath></w:p>",
        run("n&gt;0")
    ));
    assert_eq!(source, "Where $`n>0`$");
}

#[test]
fn other_files_are_refused_with_a_reason() {
    let old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    let sheet = archive(&[("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<a/>")]);
    let writer = archive(&[("META-INF/manifest.xml", "<a/>"), ("content.xml", "<a/>")]);
    let bomb = Word::new("<w:p/>").with_document("<!DOCTYPE a [<!ENTITY b \"c\">]><w:document/>").bytes();
    for (bytes, reason) in [
        (old, "old kind"),
        (b"%PDF-1.7".to_vec(), "PDF"),
        (b"{\\rtf1}".to_vec(), "Rich Text"),
        (b"words".to_vec(), "neither"),
        (b"PK\x03\x04".to_vec(), "ZIP"),
        (sheet, "no `word/document.xml`"),
        (writer, "OpenDocument"),
        (bomb, "document type"),
    ] {
        let refused = import(&bytes, "note", Changes::Accept, &MemoryFiles::default()).unwrap_err();
        assert_eq!(refused.code.as_str(), "E0701");
        assert!(refused.message.contains(reason), "{}", refused.message);
    }
}

#[test]
fn the_command_writes_what_builds_at_once() {
    let sandbox = Sandbox::new();
    let text = "<w:p><w:r><w:t>Words.</w:t></w:r><w:r><w:commentReference w:id=\"0\"/></w:r></w:p>";
    let comments = "<w:comment w:id=\"0\" w:author=\"Ann\"><w:p><w:r><w:t>Why?</w:t></w:r></w:p></w:comment>";
    sandbox.write("in/A note.docx", Word::new(text).comments(comments).bytes());
    sandbox
        .run(&["import", "in/A note.docx", "--out", "out"])
        .ends_with(0)
        .says("a comment of Ann is left out: “Why?”");
    assert!(sandbox.read("out/A note.md").ends_with("---\n\nWords.\n"));
    let report = sandbox.read("out/A note.import.txt");
    assert!(report.contains("out/A note.md:5:1") || report.contains("A note.md:"), "{report}");
    assert!(report.contains("W0703"), "{report}");
    sandbox.run(&["build", "out/A note.md", "--to", "text", "--out", "editions"]).ends_with(0);
    sandbox.run(&["import", "in/A note.docx", "--out", "out"]).ends_with(2).says("is there already");
    sandbox.run(&["import", "in/A note.docx", "--out", "out", "--force", "--quiet"]).ends_with(0);
    sandbox.write("in/b.docx", b"words");
    sandbox.run(&["import", "in/b.docx"]).ends_with(1).says("E0701");
}
