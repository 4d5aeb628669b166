//! Files that are damaged, or made to do harm: refused with a reason, and never a fault.

use super::word::{Word, archive};
use chancery::import::{Changes, import};
use chancery::source::MemoryFiles;

/// A Word file of every construct that the reader knows.
fn everything() -> Vec<u8> {
    let text = "<w:p><w:pPr><w:pStyle w:val=\"H\"/></w:pPr><w:bookmarkStart w:id=\"0\" w:name=\"_Ref1\"/><w:r><w:t>Head</w:t></w:r></w:p>\
        <w:p><w:r><w:rPr><w:b/><w:lang w:val=\"fr-FR\"/></w:rPr><w:t>Gras</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r>\
        <w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> REF _Ref1 \\h </w:instrText></w:r>\
        <w:r><w:fldChar w:fldCharType=\"separate\"/></w:r><w:r><w:t>Head</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r>\
        <w:ins><w:r><w:t>in</w:t></w:r></w:ins><w:del><w:r><w:delText>out</w:delText></w:r></w:del></w:p>\
        <w:p><w:pPr><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>\
        <w:tbl><w:tblPr/><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"2\"/><w:vMerge w:val=\"restart\"/></w:tcPr><w:p/></w:tc></w:tr>\
        <w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr><w:p><w:r><w:t>Cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:fldSimple w:instr=\" SEQ Table \"><w:r><w:t>1</w:t></w:r></w:fldSimple><w:r><w:t>: Caption</w:t></w:r></w:p>\
        <w:p><m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath></w:p>";
    Word::new(text)
        .styles("<w:style w:type=\"paragraph\" w:styleId=\"H\"><w:name w:val=\"heading 1\"/></w:style>")
        .numbering(
            "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:lvlText w:val=\"%1.\"/></w:lvl>\
             </w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>",
        )
        .footnotes("<w:footnote w:id=\"1\"><w:p><w:r><w:t>Note</w:t></w:r></w:p></w:footnote>")
        .bytes()
}

#[test]
fn no_changed_byte_is_worse_than_a_refusal() {
    // Names of elements and attributes become others, numbers too large, ends too early; the
    // sums of the archive are made anew, or nothing would be read.
    let files = files_of(&everything());
    for (at, (name, text)) in files.iter().enumerate() {
        let step = (text.len() / 12).max(1);
        for place in (0..text.len()).step_by(step) {
            for new in ["", "<", "\"", "w:tbl", "99999999999", "&amp;", "</w:p>", "\u{0}"] {
                let (Some(before), Some(after)) = (text.get(..place), text.get((place + new.len()).min(text.len())..))
                else {
                    continue;
                };
                let changed = format!("{before}{new}{after}");
                let mut parts: Vec<(&str, &str)> =
                    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                parts[at] = (name, &changed);
                let _ = import(&archive(&parts), "note", Changes::Accept, &MemoryFiles::default());
            }
        }
    }
}

/// The files of an archive whose parts are not compressed.
fn files_of(bytes: &[u8]) -> Vec<(String, String)> {
    let archive = chancery::source::zip::Archive::open(bytes).unwrap();
    let text = |name: &str| String::from_utf8(archive.read(name).unwrap()).unwrap();
    archive.entries().iter().map(|entry| (entry.name.clone(), text(&entry.name))).collect()
}

#[test]
fn circles_and_depths_come_to_an_end() {
    let deep = format!("<w:document>{}</w:document>", "<w:sdt><w:sdtContent>".repeat(200));
    let word = Word::new("<w:p/>").with_document(&deep);
    assert!(import(&word.bytes(), "note", Changes::Accept, &MemoryFiles::default()).is_err());
    let tables = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(70), "</w:tc></w:tr></w:tbl>".repeat(70));
    let imported = import(&Word::new(&tables).bytes(), "note", Changes::Accept, &MemoryFiles::default());
    assert!(imported.is_ok_and(|imported| !imported.source.is_empty()));
    // A list that stands for itself, through a style of lists.
    let numbering = "<w:abstractNum w:abstractNumId=\"0\"><w:numStyleLink w:val=\"S\"/><w:styleLink w:val=\"S\"/></w:abstractNum>\
                     <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>";
    let item = "<w:p><w:pPr><w:numPr><w:numId w:val=\"1\"/></w:numPr></w:pPr><w:r><w:t>Item</w:t></w:r></w:p>";
    let word = Word::new(item).numbering(numbering);
    assert!(import(&word.bytes(), "note", Changes::Accept, &MemoryFiles::default()).is_ok());
    let wide = "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val=\"60000\"/></w:tcPr><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
    assert!(import(&Word::new(wide).bytes(), "note", Changes::Accept, &MemoryFiles::default()).is_ok());
    // Much of little: many references to characters, many runs of space.
    let many = format!(
        "<w:p><w:r><w:t>{}</w:t></w:r>{}</w:p>",
        "&amp;".repeat(50_000),
        "<w:r><w:t> </w:t></w:r>".repeat(20_000)
    );
    assert!(import(&Word::new(&many).bytes(), "note", Changes::Accept, &MemoryFiles::default()).is_ok());
    // A note that calls itself.
    let note = "<w:footnote w:id=\"1\"><w:p><w:r><w:t>Note</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p></w:footnote>";
    let word =
        Word::new("<w:p><w:r><w:t>Text</w:t></w:r><w:r><w:footnoteReference w:id=\"1\"/></w:r></w:p>").footnotes(note);
    assert!(import(&word.bytes(), "note", Changes::Accept, &MemoryFiles::default()).is_ok());
}
