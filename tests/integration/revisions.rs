//! Tracked changes of Word documents: in a form for people, as other programs take them, and with
//! damage that the proof must find.

use crate::support::PROJECT_FREE;
use chancery::Compilation;
use chancery::backend::zip;
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::redline::{Renumbering, compare, track};
use chancery::resolve::Resolved;
use chancery::source::zip::Archive;
use chancery::verify::{expected_passages, flatten, prove};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::sync::Arc;

const OLD: &str = include_str!("redline/old.md");
const NEW: &str = include_str!("redline/new.md");

/// The parts with text in lines: a paragraph each with its style, what was inserted, deleted and
/// moved in brackets, and the mark of the paragraph, row or cell behind its sign.
pub fn shown(docx: &[u8]) -> String {
    let archive = Archive::open(docx).unwrap();
    let mut out = String::new();
    for part in ["word/document.xml", "word/footnotes.xml"] {
        if archive.holds(part) {
            show(&String::from_utf8(archive.read(part).unwrap()).unwrap(), &mut out);
        }
    }
    out
}

fn show(part: &str, out: &mut String) {
    let mut xml = Reader::from_str(part);
    let (mut open, mut line, mut style, mut mark) = (Vec::<String>::new(), String::new(), String::new(), "");
    let get = |element: &BytesStart, name: &str| {
        let attribute = element.try_get_attribute(name).unwrap();
        attribute.map(|attribute| quick_xml::escape::unescape(&attribute.value).unwrap().into_owned())
    };
    loop {
        let event = xml.read_event().unwrap();
        let inside = |name: &str, open: &[String]| open.iter().any(|other| other == name);
        match &event {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name().into_inner().to_owned();
                let is_empty = matches!(event, Event::Empty(_));
                match name.as_str() {
                    "w:pStyle" => style = get(element, "w:val").unwrap(),
                    "w:ins" | "w:del" | "w:moveTo" | "w:moveFrom" => {
                        let (before, sign) = signs(&name);
                        if inside("w:trPr", &open) {
                            out.push_str(&format!("row {sign}\n"));
                        } else if inside("w:rPr", &open) {
                            mark = sign;
                        } else {
                            line.push_str(before);
                        }
                    }
                    "w:pPrChange" => line.push_str("(numbered anew) "),
                    "w:cellIns" => out.push_str("cell +\n"),
                    "w:cellDel" => out.push_str("cell -\n"),
                    "w:moveFromRangeStart" | "w:moveToRangeStart" => line.push_str(&get(element, "w:name").unwrap()),
                    "w:footnoteReference" => line.push_str(&format!("^{}", get(element, "w:id").unwrap())),
                    "w:footnote" => out.push_str(&format!("note {}\n", get(element, "w:id").unwrap())),
                    "wp:docPr" => line.push_str(&format!("<{}>", get(element, "descr").unwrap_or_default())),
                    "w:br" | "w:tab" if inside("w:r", &open) => line.push(' '),
                    _ => {}
                }
                if !is_empty {
                    open.push(name);
                }
            }
            Event::Text(text) if ["w:t", "w:delText", "m:t"].iter().any(|name| inside(name, &open)) => {
                line.push_str(text)
            }
            Event::GeneralRef(entity) => line.push_str(&format!("&{};", &**entity)),
            Event::End(_) => match open.pop().unwrap().as_str() {
                "w:ins" => line.push_str("+}"),
                "w:del" => line.push_str("-]"),
                "w:moveTo" => line.push_str(">}"),
                "w:moveFrom" => line.push_str("<]"),
                "w:p" => {
                    // The signs of fields have no words.
                    let words = std::mem::take(&mut line).replace("{++}", "").replace("[--]", "");
                    out.push_str(format!("{style}: {words} {mark}").trim_end());
                    out.push('\n');
                    (style, mark) = (String::new(), "");
                }
                _ => {}
            },
            Event::Eof => return,
            _ => {}
        }
    }
}

fn signs(name: &str) -> (&'static str, &'static str) {
    match name {
        "w:ins" => ("{+", "¶+"),
        "w:del" => ("[-", "¶-"),
        "w:moveTo" => ("{>", "¶>"),
        _ => ("[<", "¶<"),
    }
}

/// A redline as a Word document, and both versions.
fn made(old: &str, new: &str) -> (Compilation, Vec<u8>, [Resolved; 2]) {
    let [old, new] = [old, new].map(|text| PROJECT_FREE.compile(text));
    let files = u32::try_from(new.sources.iter().count()).unwrap();
    let versions = [old.document.unwrap(), new.document.clone().unwrap()];
    let mut redline = compare(&versions[0], &versions[1], files, Renumbering::List);
    redline.document.tracked = Some(Arc::new(track(&versions[0], &versions[1], files)));
    let compilation = Compilation { document: Some(redline.document), ..new };
    let bytes = compilation.edition(Format::Docx, &mut Diagnostics::default()).unwrap();
    (compilation, bytes, versions)
}

/// The file with the text in it changed.
fn with_text(docx: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let archive = Archive::open(docx).unwrap();
    let mut changed = zip::Archive::default();
    for entry in archive.entries() {
        let name = entry.name.as_str();
        let bytes = archive.read(name).unwrap();
        if name == "word/document.xml" {
            changed.deflate(name, change(std::str::from_utf8(&bytes).unwrap()).as_bytes());
        } else {
            changed.deflate(name, &bytes);
        }
    }
    changed.finish().unwrap()
}

fn faults(compilation: &Compilation, docx: &[u8]) -> Vec<String> {
    let mut found = Diagnostics::default();
    prove(compilation.document.as_ref().unwrap(), &compilation.theme, Format::Docx, docx, &mut found);
    found.iter().map(|problem| problem.message.to_string()).collect()
}

#[test]
fn a_change_that_is_dropped_unmarked_or_swapped_is_found() {
    let (compilation, docx, _) = made(OLD, NEW);
    assert_eq!(faults(&compilation, &with_text(&docx, str::to_owned)), [""; 0]);
    let swapped = |text: &str| {
        let text = text.replace("<w:ins ", "<w:x ").replace("</w:ins>", "</w:x>").replace("<w:del ", "<w:ins ");
        text.replace("</w:del>", "</w:ins>").replace("<w:x ", "<w:del ").replace("</w:x>", "</w:del>")
    };
    assert!(!faults(&compilation, &with_text(&docx, swapped)).is_empty(), "sides are swapped");
    for (open, close) in [
        ("<w:ins ", "</w:ins>"),
        ("<w:del ", "</w:del>"),
        ("<w:moveTo ", "</w:moveTo>"),
        ("<w:moveFrom ", "</w:moveFrom>"),
    ] {
        let text =
            |bytes: &[u8]| String::from_utf8(Archive::open(bytes).unwrap().read("word/document.xml").unwrap()).unwrap();
        let whole = text(&docx);
        let places: Vec<usize> = whole.match_indices(open).map(|(at, _)| at).collect();
        assert!(!places.is_empty(), "nothing is marked by {open}");
        for at in places {
            let length = whole[at..].find('>').unwrap() + 1;
            let said = whole[at + length..].split(close).next().unwrap();
            let is_space = said.split('<').all(|part| part.split('>').nth(1).unwrap_or(part).trim().is_empty());
            let is_mark = whole[..at + length].ends_with("/>");
            let unmarked = with_text(&docx, |text| {
                let mut text = text.to_owned();
                if !is_mark {
                    let end = at + text[at..].find(close).unwrap();
                    text.replace_range(end..end + close.len(), "");
                }
                text.replace_range(at..at + length, "");
                text
            });
            // The mark of a paragraph may say no more than where a line ends, and a row that goes
            // takes its words with it.
            let row = whole[..at].rfind("<w:tr>").map_or("", |row| &whole[row..at]);
            let goes = row.contains("<w:trPr>")
                && !row.contains("</w:tr>")
                && row.split("</w:trPr>").next().is_some_and(|properties| properties.contains(open));
            assert!(
                is_mark || is_space || goes || !faults(&compilation, &unmarked).is_empty(),
                "unmarked: {}",
                &whole[at..(at + 300).min(whole.len())]
            );
            if !is_mark && !is_space && !goes {
                let dropped = with_text(&docx, |text| {
                    let end = at + text[at..].find(close).unwrap() + close.len();
                    format!("{}{}", &text[..at], &text[end..])
                });
                assert!(!faults(&compilation, &dropped).is_empty(), "dropped: {}", &whole[at..at + length]);
            }
        }
    }
}

#[test]
fn importing_a_redline_gives_either_version() {
    use crate::sandbox::Sandbox;
    // The properties of the file are those of the new version.
    let bare = |text: &str| format!("---\ntitle: Fees\nlang: en\n---\n{}", text.splitn(3, "---\n").nth(2).unwrap());
    let (_, docx, versions) = made(&bare(OLD), &bare(NEW));
    let sandbox = Sandbox::new();
    sandbox.write("changes.docx", docx);
    for (side, version) in ["reject", "accept"].into_iter().zip(&versions) {
        sandbox.run(&["import", "changes.docx", "--changes", side, "--out", side]).ends_with(0);
        let again = PROJECT_FREE.compile(&sandbox.read(&format!("{side}/changes.md")));
        let said = |document: &Resolved| {
            let passages = expected_passages(document, Format::Docx);
            let words = flatten(&passages).into_iter().map(|word| word.text);
            words.filter(|word| !word.starts_with('→')).collect::<Vec<_>>().join(" ")
        };
        let (wanted, found) = (said(version), said(again.document.as_ref().unwrap()));
        assert_eq!(found, wanted, "{side}");
    }
}

#[test]
fn a_move_of_which_word_shows_one_end_is_no_move() {
    // In one version of the brief a paragraph that was moved stands in a panel.
    let old = include_str!("../../earlier/fields-of-cooperation/justice-freedom-security.md");
    let new = include_str!("../../source/fields-of-cooperation/justice-freedom-security.md");
    let (compilation, docx, _) = made(old, new);
    assert_eq!(faults(&compilation, &docx), [""; 0]);
}
