//! Files that are damaged, or made to do harm: refused with a reason, and never a fault.

use super::word::{Word, archive};
use crate::sandbox::Sandbox;
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

/// A Word file with more parts beside those that it needs.
fn with_parts(parts: &[(&str, &str)]) -> Vec<u8> {
    let files = files_of(&Word::new("<w:p><w:r><w:t>Words</w:t></w:r></w:p>").bytes());
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    archive(&[files.as_slice(), parts].concat())
}

/// The same bytes with others in the place of some of them, wherever they stand.
fn with_bytes(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let at = out.windows(old.len()).position(|window| window == old).expect("the bytes are there");
    out.splice(at..at + old.len(), new.iter().copied());
    out
}

/// A block of DEFLATE with fixed codes that becomes so many kilobytes of one letter (RFC 1951, 3.2.6).
fn bomb(kilobytes: usize) -> Vec<u8> {
    // The last block, with fixed codes; the letter; so often "258 letters from one letter before";
    // the end. Codes stand from their highest bit on.
    let mut bits = vec![1, 1, 0];
    bits.extend((0..8).rev().map(|bit| ((0x30 + b'x') >> bit) & 1));
    for _ in 0..kilobytes * 1024 / 258 {
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    bits.extend([0; 7]);
    bits.chunks(8).map(|byte| byte.iter().rev().fold(0, |sum, bit| sum << 1 | bit)).collect()
}

/// A Word file whose text is a bomb, which the headers say becomes so many bytes.
fn bombed(said: u32) -> Vec<u8> {
    let number = |value: usize| u32::try_from(value).expect("it is small").to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data, method, size) in
        [("[Content_Types].xml", Vec::new(), 0, 0), ("word/document.xml", bomb(100 << 10), 8, said)]
    {
        let offset = number(file.len());
        let sums = [[0; 4], number(data.len()), size.to_le_bytes()].concat();
        let length = u16::try_from(name.len()).expect("it is short").to_le_bytes();
        let head = [&[20, 0, 0, 0, method, 0, 0, 0, 33, 0], sums.as_slice(), &length, &[0, 0]].concat();
        file.extend([b"PK\x03\x04", head.as_slice(), name.as_bytes(), &data].concat());
        directory.extend([b"PK\x01\x02\x14\0", head.as_slice(), &[0; 10], &offset, name.as_bytes()].concat());
    }
    let end = [&[0, 0, 0, 0, 2, 0, 2, 0], &number(directory.len())[..], &number(file.len()), &[0, 0]].concat();
    [file.as_slice(), &directory, b"PK\x05\x06", &end].concat()
}

#[test]
fn archives_that_are_made_to_do_harm_are_refused() {
    let sandbox = Sandbox::new();
    let plain = with_parts(&[]);
    let many: Vec<String> = (0..2_001).map(|number| format!("media/{number}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "")).collect();
    let text = b"<w:t>Words</w:t>";
    let locked = with_bytes(&plain, b"PK\x03\x04\x14\0\0", b"PK\x03\x04\x14\0\x01");
    let locked = with_bytes(&locked, b"PK\x01\x02\x14\0\x14\0\0", b"PK\x01\x02\x14\0\x14\0\x01");
    for (what, bytes, reason) in [
        ("a name that leads out", with_parts(&[("../../out.txt", "x")]), "`../../out.txt`"),
        ("a path from the root", with_parts(&[("/etc/out", "x")]), "`/etc/out`"),
        ("a path of another system", with_parts(&[("a\\b", "x")]), "a\\b"),
        ("a name twice", with_parts(&[("word/document.xml", "<w:document/>")]), "word/document.xml"),
        ("too many parts", with_parts(&many), "more than 2000 files"),
        ("a password", locked, "encrypted"),
        ("bytes that were changed", with_bytes(&plain, text, b"<w:t>Sword</w:t>"), "word/document.xml"),
        ("an end too early", plain[..plain.len() - 30].to_vec(), "ZIP"),
        ("a bomb", bombed(100 << 20), "word/document.xml"),
        ("a bomb that says it is small", bombed(1000), "word/document.xml"),
    ] {
        sandbox.write("in/hostile.docx", &bytes);
        let run = sandbox.run(&["import", "in/hostile.docx", "--out", "out"]);
        run.ends_with(1).says("E0701").says(reason);
        assert!(sandbox.files("out").is_empty(), "{what}");
    }
}
