//! Word documents with damage: the proof says what is wrong with each.

use crate::support::{PROJECT_FREE, compile_among, faults_of_editions};
use chancery::backend::zip;
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::project::Project;
use chancery::source::MemoryFiles;
use chancery::source::zip::Archive;
use chancery::{Compilation, verify};

const DRAWING: &[u8] =
    b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>";
const SAMPLE: &str = include_str!("word/sample.md");
const DOCUMENT: &str = "word/document.xml";
const NOTES: &str = "word/footnotes.xml";
const STYLES: &str = "word/styles.xml";
const LISTS: &str = "word/numbering.xml";
const WAYS: &str = "word/_rels/document.xml.rels";
const TYPES: &str = "[Content_Types].xml";
const PROPERTIES: &str = "docProps/core.xml";

/// A part of the file, what is replaced in it (the first time that it stands there), with what,
/// and a piece of what must be said of it.
type Damage = (&'static str, &'static str, &'static str, &'static str);

const DAMAGE: [Damage; 51] = [
    // Fields.
    (DOCUMENT, " REF steps ", " REF stops ", "`REF stops \\h` refers to nothing"),
    (DOCUMENT, " REF steps ", " REF parts ", "shows “Table 1”, and would show"),
    (DOCUMENT, " REF parts \\r", " REF parts ", "shows “2”, and would show “Parts”"),
    (DOCUMENT, " SEQ Table ", " SEQ Figure ", "the field `SEQ Figure \\* ARABIC` shows “1”, and would show “2”"),
    (DOCUMENT, " SEQ Table \\* ARABIC ", " SEQ Table \\* ARABIC \\r 4 ", "and would show “4”"),
    (DOCUMENT, " NOTEREF ", " NOTEREF x", "refers to nothing"),
    (DOCUMENT, "TOC \\o \"1-2\"", "TOC \\o \"1-1\"", "the field `TOC \\o \"1-1\""),
    (DOCUMENT, "w:fldCharType=\"end\"", "w:fldCharType=\"separate\"", "a field does not end"),
    (DOCUMENT, "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r>", "", "a field ends that did not begin"),
    // Bookmarks.
    (DOCUMENT, "w:name=\"parts\"", "w:name=\"STEPS\"", "there are two bookmarks `STEPS`"),
    (DOCUMENT, "w:name=\"parts\"", "w:name=\"parts of it\"", "Word has no bookmarks with the name `parts of it`"),
    (DOCUMENT, "<w:bookmarkEnd w:id=\"2\"/>", "", "does not end"),
    (DOCUMENT, "<w:bookmarkStart w:id=\"2\"", "<w:bookmarkStart w:id=\"99\"", "a bookmark ends that did not begin, 2"),
    (DOCUMENT, "w:anchor=\"steps\"", "w:anchor=\"stops\"", "a link leads to `stops`, which is not there"),
    // Tables.
    (DOCUMENT, "<w:gridSpan w:val=\"2\"/>", "", "a row covers 2 of 3 columns"),
    (DOCUMENT, "<w:gridSpan w:val=\"2\"/>", "<w:gridSpan w:val=\"3\"/>", "a row covers 4 of 3 columns"),
    (DOCUMENT, "<w:vMerge w:val=\"restart\"/>", "", "a cell goes on from the row above"),
    (DOCUMENT, "<w:tblHeader/>", "", "a table looks as if it had a header row"),
    (DOCUMENT, "w:firstRow=\"1\"", "w:firstRow=\"0\"", "a table looks as if it had a header row"),
    (DOCUMENT, "</w:p></w:tc>", "</w:p><w:tbl></w:tbl></w:tc>", "a cell does not end with a paragraph"),
    // Headings.
    (DOCUMENT, "\"Heading2\"", "\"Heading3\"", "a heading of level 3 under one of level 1"),
    (DOCUMENT, "\"Heading1\"", "\"Heading2\"", "a heading of level 2 under one of level 0"),
    // Numbers.
    (DOCUMENT, "<w:numId w:val=\"5\"/>", "<w:numId w:val=\"77\"/>", "there is no list 77"),
    (DOCUMENT, "<w:numId w:val=\"5\"/>", "<w:numId w:val=\"0\"/>", "the docx edition lacks"),
    (DOCUMENT, "<w:ilvl w:val=\"1\"/>", "<w:ilvl w:val=\"0\"/>", "the docx edition"),
    (LISTS, "<w:start w:val=\"1\"/>", "<w:start w:val=\"2\"/>", "the docx edition says"),
    (LISTS, "<w:abstractNumId w:val=\"1\"/>", "<w:abstractNumId w:val=\"70\"/>", "there is no definition 70"),
    (LISTS, "<w:numFmt w:val=\"decimal\"/>", "<w:numFmt w:val=\"upperRoman\"/>", "the docx edition says"),
    // Notes.
    (NOTES, "w:id=\"2\"", "w:id=\"1\"", "there are two notes 1"),
    (NOTES, "<w:footnote w:id=\"2\"", "<w:footnote w:id=\"5\"", "there is no note 2"),
    (
        DOCUMENT,
        "<w:footnoteReference w:id=\"2\"/>",
        "<w:footnoteReference w:id=\"1\"/>",
        "the note 1 is called 2 times",
    ),
    (DOCUMENT, "<w:footnoteReference w:id=\"2\"/>", "", "the note 2 is called 0 times"),
    // Styles.
    (DOCUMENT, "<w:pStyle w:val=\"BodyText\"/>", "<w:pStyle w:val=\"Bodytext\"/>", "there is no style `Bodytext`"),
    (DOCUMENT, "<w:rStyle w:val=\"Emphasis\"/>", "<w:rStyle w:val=\"Quote\"/>", "`Quote` is of the kind paragraph"),
    (DOCUMENT, "<w:tblStyle w:val=\"Panel\"/>", "<w:tblStyle w:val=\"Panels\"/>", "there is no style `Panels`"),
    (STYLES, "w:styleId=\"BodyText\"", "w:styleId=\"Title\"", "there are two styles `Title`"),
    (STYLES, "<w:basedOn w:val=\"Normal\"/>", "<w:basedOn w:val=\"Norm\"/>", "there is no style `Norm`"),
    // Pictures.
    (DOCUMENT, "descr=\"A small picture\"", "descr=\"\"", "the docx edition lacks “A small picture”"),
    (DOCUMENT, "r:embed=\"", "r:embed=\"x", "`a:blip` in `word/document.xml` leads nowhere"),
    (WAYS, "media/image2.png", "media/image2.svg", "`media/image2.svg` has no pixels"),
    // Language.
    (STYLES, "<w:lang w:val=\"en-GB\"/>", "", "the styles name none"),
    (STYLES, "<w:lang w:val=\"en-GB\"/>", "<w:lang w:val=\"fr\"/>", "the styles say fr, the properties en-GB"),
    (PROPERTIES, "<dc:language>en-GB</dc:language>", "", "the properties of the file name none"),
    // The package.
    (WAYS, " TargetMode=\"External\"", "", "is not there, to which"),
    (
        WAYS,
        "relationships/header\" Target=\"header1.xml\"",
        "relationships/header\" Target=\"https://example.org/\" TargetMode=\"External\"",
        "nothing leads to `word/header1.xml`",
    ),
    (
        WAYS,
        "relationships/image\" Target=\"",
        "relationships/image\" TargetMode=\"External\" Target=\"https://example.org/",
        "29500-2, 6.5: https://example.org/",
    ),
    (WAYS, "relationships/styles\"", "relationships/theme\"", "what leads to `word/styles.xml` is of the type"),
    (WAYS, "Id=\"rId2\"", "Id=\"rId1\"", "has two relationships rId1"),
    (TYPES, "PartName=\"/word/styles.xml\"", "PartName=\"/word/other.xml\"", "`word/styles.xml` has no type"),
    (TYPES, "Extension=\"png\"", "Extension=\"gif\"", "has no type"),
    (TYPES, "PartName=\"/word/settings.xml\"", "PartName=\"/word/styles.xml\"", "`word/styles.xml` has two types"),
];

fn sample() -> (Compilation, Vec<u8>) {
    let file = |name: &str, content: &[u8]| (name.to_owned(), content.to_vec());
    let files =
        [file("sample.md", SAMPLE.as_bytes()), file("x.png", include_bytes!("pixel.png")), file("x.svg", DRAWING)];
    let compilation = compile_among(&["sample.md"], &MemoryFiles(files.into()), &Project::default(), &[]);
    let bytes = compilation.edition(Format::Docx, &mut Diagnostics::default()).unwrap();
    (compilation, bytes)
}

fn faults(compilation: &Compilation, bytes: &[u8]) -> Vec<String> {
    let mut found = Diagnostics::default();
    let document = compilation.document.as_ref().unwrap();
    assert!(verify::prove(document, &compilation.theme, Format::Docx, bytes, &mut found).is_some());
    found.iter().map(|problem| problem.message.to_string()).collect()
}

/// The file with its parts as they are after a change; those without content are left out.
fn packed(bytes: &[u8], change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Vec<u8> {
    let archive = Archive::open(bytes).unwrap();
    let mut changed = zip::Archive::default();
    for entry in archive.entries() {
        if let Some(content) = change(&entry.name, archive.read(&entry.name).unwrap()) {
            changed.store(&entry.name, &content);
        }
    }
    changed.finish().unwrap()
}

#[test]
fn damage_to_a_word_document_is_named() {
    let (compilation, bytes) = sample();
    assert_eq!(faults(&compilation, &packed(&bytes, |_, content| Some(content))), [""; 0], "the packing itself");
    let archive = Archive::open(&bytes).unwrap();
    let mut unnoticed = Vec::new();
    for (part, what, with, said) in DAMAGE {
        let text = String::from_utf8(archive.read(part).unwrap()).unwrap();
        if !text.contains(what) {
            unnoticed.push(format!("{part} does not hold {what}"));
            continue;
        }
        let changed = packed(&bytes, |name, content| {
            Some(if name == part { text.replacen(what, with, 1).into_bytes() } else { content })
        });
        let found = faults(&compilation, &changed);
        if !found.iter().any(|message| message.contains(said)) {
            unnoticed.push(format!("{what} became {with:?}, and not “{said}” was said but {found:#?}"));
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n"));
}

#[test]
fn parts_that_are_absent_from_a_word_document_are_named() {
    let (compilation, bytes) = sample();
    let archive = Archive::open(&bytes).unwrap();
    for entry in archive.entries().iter().filter(|entry| entry.name != TYPES && !entry.name.ends_with(".rels")) {
        let changed = packed(&bytes, |name, content| (name != entry.name).then_some(content));
        let found = faults(&compilation, &changed);
        let said = format!("`{}` is not there", entry.name);
        assert!(found.iter().any(|message| message.contains(&said)), "{}: {found:#?}", entry.name);
    }
    for absent in [TYPES, "_rels/.rels", WAYS] {
        let found = faults(&compilation, &packed(&bytes, |name, content| (name != absent).then_some(content)));
        assert!(!found.is_empty(), "{absent}");
    }
}

#[test]
fn a_header_row_under_others_is_named() {
    let (compilation, bytes) = sample();
    let changed = packed(&bytes, |name, content| {
        if name != DOCUMENT {
            return Some(content);
        }
        let text = String::from_utf8(content).unwrap();
        let (before, behind) = text.rsplit_once("<w:cantSplit/></w:trPr>").unwrap();
        Some(format!("{before}<w:cantSplit/><w:tblHeader/></w:trPr>{behind}").into_bytes())
    });
    let found = faults(&compilation, &changed);
    assert_eq!(found, ["the docx edition breaks ISO/IEC 29500-1, 17.4.49: a header row stands under others"]);
}

#[test]
fn a_note_with_a_mark_of_its_own_is_called_again() {
    // Word does not count the note in the note, so that the next one has its number as a mark.
    let text = "# T\n\nOne^[outer ^[inner]], two[^two] and two again[^two].\n\n[^two]: Two.\n";
    let faults = faults_of_editions(&PROJECT_FREE.compile(text));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The main part of the Word document that a source makes.
fn document_of(text: &str) -> String {
    let compilation = PROJECT_FREE.compile(text);
    let bytes = compilation.edition(Format::Docx, &mut Diagnostics::default()).unwrap();
    String::from_utf8(Archive::open(&bytes).unwrap().read(DOCUMENT).unwrap()).unwrap()
}

#[test]
fn columns_have_room_for_their_longest_words() {
    let sums = "12\u{a0}947.50 | ".repeat(3);
    let table = format!(
        "| Ch | {} Remarks |\n|--|{}--|\n| 11 | {sums} {} |\n",
        "2025 | ".repeat(3),
        "--:|".repeat(3),
        "why ".repeat(40)
    );
    let text = document_of(&table);
    let widths: Vec<f32> =
        text.split("<w:gridCol w:w=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0.parse().unwrap()).collect();
    // Twentieths of a point; digits of 9 points are some 4.5 points wide.
    let least = 9.0 * 4.5 * 20.0;
    assert!(widths.len() == 5 && widths[1..4].iter().all(|width| *width > least), "{widths:?}");
    assert!(widths[4] > widths[1], "{widths:?}");
}

#[test]
fn lists_stand_under_the_term_that_they_explain() {
    let text = document_of("Word\n: Two things:\n\n  - one\n    - inner\n  - two\n\nText\n\n- alone\n");
    let indents = |words: &str| {
        let (before, _) = text.split_once(&format!(">{words}<")).unwrap();
        let paragraph = &before[before.rfind("<w:pPr>").unwrap()..];
        paragraph.split_once("<w:ind w:left=\"").map(|(_, rest)| rest.split_once('"').unwrap().0.to_owned())
    };
    assert_eq!(["one", "inner", "alone"].map(indents), [Some("800".to_owned()), Some("1200".to_owned()), None]);
}
