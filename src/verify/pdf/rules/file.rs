//! The file as a whole: header, trailer, catalog, metadata, output intent.

use super::super::object::Object;
use super::{Rules, Standard};
use crate::language::Language;

/// Actions that lead somewhere and do nothing else (ISO 19005-2, 6.5.1).
const ACTIONS: [&str; 3] = ["GoTo", "GoToR", "URI"];

/// Checks the file as a whole.
pub fn check(rules: &mut Rules, bytes: &[u8]) {
    use Standard::{Accessible, Archival, Structured};
    let file = rules.file;
    let catalog = file.catalog();
    let entry = |key: &[u8]| catalog.and_then(|catalog| catalog.get(key));
    let inner = |key: &[u8]| catalog.and_then(|catalog| file.inner(catalog, key));

    let mut lines = bytes.split(|byte| *byte == b'\n');
    let header = lines.next().is_some_and(|line| line.starts_with(b"%PDF-1.") && line.len() == b"%PDF-1.7".len());
    rules.holds(Archival, "6.1.2-1", "The file begins with its version.", header);
    let comment = lines.next().is_some_and(|line| {
        line.starts_with(b"%") && line.len() > 4 && line.iter().skip(1).take(4).all(|byte| *byte > 127)
    });
    rules.holds(Archival, "6.1.2-2", "A comment in binary follows the version.", comment);
    rules.holds(Archival, "6.1.3-1", "The trailer identifies the file.", file.trailer.has(b"ID"));
    rules.holds(Archival, "6.1.3-2", "The file is not encrypted.", !file.trailer.has(b"Encrypt"));
    let end = bytes.strip_suffix(b"\n").unwrap_or(bytes).ends_with(b"%%EOF");
    rules.holds(Archival, "6.1.3-3", "Nothing follows the end of the file.", end);

    let filters: Vec<String> = file
        .dictionaries()
        .filter_map(|dictionary| dictionary.name(b"Filter"))
        .filter(|filter| matches!(*filter, "LZWDecode" | "Crypt"))
        .map(|filter| format!("a stream uses {filter}"))
        .collect();
    rules.rule(Archival, "6.1.7.2-1", "Streams use no filter that PDF/A forbids.", filters);

    let intents = catalog.map_or(&[][..], |catalog| file.items(catalog, b"OutputIntents"));
    let profiles = intents.iter().filter_map(|intent| {
        let intent = file.dictionary(intent).filter(|intent| intent.is(b"S", "GTS_PDFA1"))?;
        file.stream(intent.get(b"DestOutputProfile")?)
    });
    // ICC.1, 7.2: `acsp` is at byte 36 of a profile.
    let has_profile = profiles.into_iter().any(|profile| profile.get(36..40) == Some(b"acsp"));
    rules.holds(Archival, "6.2.4.3-2", "Colours are defined by an output intent with a profile.", has_profile);

    let interpolated = file.dictionaries().filter(|dictionary| {
        dictionary.is(b"Subtype", "Image")
            && (dictionary.is_true(b"Interpolate") || dictionary.has(b"Alternates") || dictionary.has(b"OPI"))
    });
    let interpolated = interpolated.map(|_| "a picture is interpolated or has alternates".to_owned()).collect();
    rules.rule(Archival, "6.2.8-1", "Pictures are shown as they are.", interpolated);

    let actions: Vec<String> = file
        .dictionaries()
        .flat_map(|dictionary| {
            let own = Some(dictionary).filter(|dictionary| dictionary.is(b"Type", "Action"));
            own.into_iter().chain(dictionary.get(b"A").and_then(Object::dictionary))
        })
        .filter_map(|action| action.name(b"S"))
        .filter(|kind| !ACTIONS.contains(kind) && !is_attribute_owner(kind))
        .map(|kind| format!("an action is {kind}"))
        .collect();
    rules.rule(Archival, "6.5.1-1", "Links only lead somewhere.", actions);
    let triggers = file.dictionaries().any(|dictionary| dictionary.has(b"AA") || dictionary.has(b"OpenAction"));
    rules.holds(Archival, "6.5.2-1", "Nothing happens of itself.", !triggers);
    rules.holds(Archival, "6.4.1-1", "There are no forms.", entry(b"AcroForm").is_none());

    let metadata = entry(b"Metadata").and_then(|object| file.plain_stream(object));
    rules.holds(Archival, "6.6.2.1-1", "The metadata can be read as they are.", metadata.is_some());
    let xmp = String::from_utf8_lossy(metadata.unwrap_or_default()).into_owned();
    let titled = xmp.contains("<dc:title>") && !inside(&xmp, "dc:title").is_empty();
    rules.holds(Accessible, "7.1-9", "The metadata name the title.", titled);

    let shows_title = inner(b"ViewerPreferences").is_some_and(|entries| entries.is_true(b"DisplayDocTitle"));
    rules.holds(Accessible, "7.1-10", "The title is shown, not the name of the file.", shows_title);
    let marks = inner(b"MarkInfo");
    let marked = marks.is_some_and(|marks| marks.is_true(b"Marked"));
    rules.holds(Structured, "6.7.2.2-1", "The file is marked as tagged.", marked);
    let suspects = marks.is_some_and(|marks| marks.is_true(b"Suspects"));
    rules.holds(Accessible, "7.1-7", "The tags are not suspect.", marked && !suspects);
    rules.holds(Structured, "6.7.3.3-1", "There is a structure tree.", entry(b"StructTreeRoot").is_some());
    let tag = catalog.and_then(|catalog| catalog.text(b"Lang")).unwrap_or_default();
    rules.holds(Structured, "6.7.4-1", "The language of the document is named.", Language::is_tag(&tag));
    rules.holds(Accessible, "7.2-34", "The language of all text is known.", Language::is_tag(&tag));
}

/// `/A` of a structure element holds attributes, whose `/S` is none of ours.
fn is_attribute_owner(kind: &str) -> bool {
    matches!(kind, "Layout" | "List" | "Table")
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
