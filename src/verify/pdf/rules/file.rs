//! The file as a whole: header, trailer, catalog, metadata, output intent.

use super::super::{name, text};
use super::{Rules, Standard, has_name};
use crate::language::Language;
use lopdf::{Dictionary, Object};

/// Actions that lead somewhere and do nothing else (ISO 19005-2, 6.5.1).
const ACTIONS: [&str; 3] = ["GoTo", "GoToR", "URI"];

/// Checks the file as a whole.
pub fn check(rules: &mut Rules, bytes: &[u8]) {
    use Standard::{Accessible, Archival, Structured};
    let document = rules.document;
    let catalog = rules.catalog();
    let entry = |key: &[u8]| catalog.and_then(|catalog| catalog.get(key).ok());

    let mut lines = bytes.split(|byte| *byte == b'\n');
    let header = lines.next().is_some_and(|line| line.starts_with(b"%PDF-1.") && line.len() == b"%PDF-1.7".len());
    rules.holds(Archival, "6.1.2-1", "The file begins with its version.", header);
    let comment = lines.next().is_some_and(|line| {
        line.starts_with(b"%") && line.len() > 4 && line.iter().skip(1).take(4).all(|byte| *byte > 127)
    });
    rules.holds(Archival, "6.1.2-2", "A comment in binary follows the version.", comment);
    rules.holds(Archival, "6.1.3-1", "The trailer identifies the file.", document.trailer.has(b"ID"));
    rules.holds(Archival, "6.1.3-2", "The file is not encrypted.", !document.trailer.has(b"Encrypt"));
    let end = bytes.strip_suffix(b"\n").unwrap_or(bytes).ends_with(b"%%EOF");
    rules.holds(Archival, "6.1.3-3", "Nothing follows the end of the file.", end);

    let filters: Vec<String> = rules
        .dictionaries()
        .filter_map(|dictionary| name(dictionary, b"Filter"))
        .filter(|filter| matches!(*filter, "LZWDecode" | "Crypt"))
        .map(|filter| format!("a stream uses {filter}"))
        .collect();
    rules.rule(Archival, "6.1.7.2-1", "Streams use no filter that PDF/A forbids.", filters);

    let intents = entry(b"OutputIntents").map_or(&[][..], |intents| rules.array(intents));
    let profiles = intents.iter().filter_map(|intent| {
        let intent = rules.dictionary(intent).filter(|intent| has_name(intent, b"S", "GTS_PDFA1"))?;
        rules.file.stream(intent.get(b"DestOutputProfile").ok()?)
    });
    // ICC.1, 7.2: `acsp` stands at byte 36 of a profile.
    let has_profile = profiles.into_iter().any(|profile| profile.get(36..40) == Some(b"acsp"));
    rules.holds(Archival, "6.2.4.3-2", "Colours are defined by an output intent with a profile.", has_profile);

    let interpolated = rules.dictionaries().filter(|dictionary| {
        has_name(dictionary, b"Subtype", "Image")
            && (matches!(dictionary.get(b"Interpolate"), Ok(Object::Boolean(true)))
                || dictionary.has(b"Alternates")
                || dictionary.has(b"OPI"))
    });
    let interpolated = interpolated.map(|_| "a picture is interpolated or has alternates".to_owned()).collect();
    rules.rule(Archival, "6.2.8-1", "Pictures are shown as they are.", interpolated);

    let actions: Vec<String> = rules
        .dictionaries()
        .flat_map(|dictionary| {
            let own = Some(dictionary).filter(|dictionary| has_name(dictionary, b"Type", "Action"));
            own.into_iter().chain(dictionary.get(b"A").ok().and_then(|action| action.as_dict().ok()))
        })
        .filter_map(|action| name(action, b"S"))
        .filter(|kind| !ACTIONS.contains(kind) && !is_attribute_owner(kind))
        .map(|kind| format!("an action is {kind}"))
        .collect();
    rules.rule(Archival, "6.5.1-1", "Links only lead somewhere.", actions);
    let triggers = rules.dictionaries().any(|dictionary| dictionary.has(b"AA") || dictionary.has(b"OpenAction"));
    rules.holds(Archival, "6.5.2-1", "Nothing happens of itself.", !triggers);
    rules.holds(Archival, "6.4.1-1", "There are no forms.", entry(b"AcroForm").is_none());

    let metadata = entry(b"Metadata").and_then(|object| document.dereference(object).ok()?.1.as_stream().ok());
    let plain = metadata.is_some_and(|stream| !stream.dict.has(b"Filter"));
    rules.holds(Archival, "6.6.2.1-1", "The metadata can be read as they are.", plain);
    let xmp = metadata.map(|stream| String::from_utf8_lossy(&stream.content).into_owned()).unwrap_or_default();
    let titled = xmp.contains("<dc:title>") && !inside(&xmp, "dc:title").is_empty();
    rules.holds(Accessible, "7.1-9", "The metadata name the title.", titled);

    let preferences = entry(b"ViewerPreferences").and_then(|object| rules.dictionary(object));
    let shows_title = preferences.is_some_and(|entries| is_true(entries, b"DisplayDocTitle"));
    rules.holds(Accessible, "7.1-10", "The title is shown, not the name of the file.", shows_title);
    let marks = entry(b"MarkInfo").and_then(|object| rules.dictionary(object));
    let marked = marks.is_some_and(|marks| is_true(marks, b"Marked"));
    rules.holds(Structured, "6.7.2.2-1", "The file is marked as tagged.", marked);
    let suspects = marks.is_some_and(|marks| is_true(marks, b"Suspects"));
    rules.holds(Accessible, "7.1-7", "The tags are not suspect.", marked && !suspects);
    rules.holds(Structured, "6.7.3.3-1", "There is a structure tree.", entry(b"StructTreeRoot").is_some());
    let tag = catalog.and_then(|catalog| text(catalog, b"Lang")).unwrap_or_default();
    rules.holds(Structured, "6.7.4-1", "The language of the document is named.", Language::is_tag(&tag));
    rules.holds(Accessible, "7.2-34", "The language of all text is known.", Language::is_tag(&tag));
}

/// `/A` of a structure element holds attributes, whose `/S` is none of ours.
fn is_attribute_owner(kind: &str) -> bool {
    matches!(kind, "Layout" | "List" | "Table")
}

fn is_true(dictionary: &Dictionary, key: &[u8]) -> bool {
    matches!(dictionary.get(key), Ok(Object::Boolean(true)))
}

/// The text inside an XMP property.
fn inside(xmp: &str, property: &str) -> String {
    let open = format!("<{property}>");
    let close = format!("</{property}>");
    let inner = xmp.split_once(open.as_str()).and_then(|(_, behind)| behind.split_once(close.as_str()));
    // The first of several languages is the default.
    let inner = inner.map_or("", |(inner, _)| inner.split("</rdf:li>").next().unwrap_or(inner));
    let mut words = String::new();
    let mut in_tag = false;
    for character in inner.chars() {
        match character {
            '<' => in_tag = true,
            '>' => in_tag = false,
            _ if !in_tag => words.push(character),
            _ => {}
        }
    }
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    quick_xml::escape::unescape(&words).map(std::borrow::Cow::into_owned).unwrap_or_default()
}
