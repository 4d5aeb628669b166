//! Ways through the file: named destinations, links, bookmarks, page labels.

use super::objects::Objects;
use super::structure::push_corners;
use super::syntax::{hundredths, push_hundredths, push_integer, push_name, push_reference, push_string, push_text};
use super::tree::{Numbers, push_tree};
use crate::format::Format;
use crate::layout::frame::{Bookmark, Destination, Layout, LinkArea};
use crate::resolve::Target;
use crate::source::percent;
use std::collections::BTreeSet;

/// The pages of the file: object number and height in points.
pub type Pages = [(u32, f32)];

/// A printed annotation (ISO 32000-1, table 165), as PDF/A wants it.
const PRINT_FLAG: i64 = 4;

/// Writes `[page /XYZ null y null]`.
fn push_destination(destination: Destination, pages: &Pages, out: &mut Vec<u8>) -> Option<()> {
    let (page, height) = *pages.get(destination.page)?;
    out.push(b'[');
    push_reference(out, page);
    out.extend_from_slice(b"/XYZ null ");
    push_hundredths(out, hundredths(height - destination.y));
    out.extend_from_slice(b" null]");
    Some(())
}

/// Writes the name tree of destinations; `None` where there are none.
pub fn destinations(layout: &Layout, pages: &Pages, objects: &mut Objects) -> Option<u32> {
    let mut entries: Vec<(Vec<u8>, Vec<u8>)> = layout
        .destinations
        .iter()
        .filter_map(|(id, destination)| {
            let mut value = Vec::new();
            push_destination(*destination, pages, &mut value)?;
            Some((id.as_bytes().to_vec(), value))
        })
        .collect();
    if entries.is_empty() {
        return None;
    }
    // The first place of an id counts.
    entries.sort_by(|a, b| a.0.cmp(&b.0));
    entries.dedup_by(|later, first| later.0 == first.0);
    Some(push_tree(entries, objects))
}

/// Writes a link annotation; `None` where the link leads nowhere.
pub fn link(link: &LinkArea, known: &BTreeSet<&str>, page_height: f32, key: usize) -> Option<Vec<u8>> {
    let mut out = b"<</Type/Annot/Subtype/Link/F ".to_vec();
    push_integer(&mut out, PRINT_FLAG);
    out.extend_from_slice(b"/Border[0 0 0]/Rect[");
    push_corners(link.area, page_height, &mut out);
    out.extend_from_slice(b"]/StructParent ");
    push_integer(&mut out, key as i64);
    match &link.target {
        Target::Internal(id) => {
            if !known.contains(id.as_str()) {
                return None;
            }
            out.extend_from_slice(b"/Dest");
            push_string(&mut out, id.as_bytes());
        }
        Target::External(address) => push_address(address, &mut out),
        Target::Document { path, fragment } => {
            let file = format!("{path}.{}", Format::Pdf.extension());
            out.extend_from_slice(b"/A<</S/GoToR/F<</Type/Filespec/F");
            push_text(&mut out, &file);
            out.extend_from_slice(b"/UF");
            push_text(&mut out, &file);
            out.extend_from_slice(b">>/D");
            match fragment {
                Some(id) => push_string(&mut out, id.as_bytes()),
                None => out.extend_from_slice(b"[0/Fit]"),
            }
            out.extend_from_slice(b">>");
        }
    }
    out.extend_from_slice(b"/Contents");
    push_text(&mut out, if link.description.is_empty() { target_text(&link.target) } else { &link.description });
    out.extend_from_slice(b">>");
    Some(out)
}

/// Writes a URI action. Addresses are ASCII (ISO 32000-1, 12.6.4.7), so what
/// is not is percent-encoded.
fn push_address(address: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(b"/A<</S/URI/URI");
    push_string(out, percent::ascii(address).as_bytes());
    out.extend_from_slice(b">>");
}

fn target_text(target: &Target) -> &str {
    match target {
        Target::External(address) => address,
        Target::Internal(id) => id,
        Target::Document { path, .. } => path,
    }
}

/// Writes the bookmark tree; `None` where there are no bookmarks.
pub fn outline(bookmarks: &[Bookmark], pages: &Pages, objects: &mut Objects) -> Option<u32> {
    if bookmarks.is_empty() {
        return None;
    }
    let root = objects.allocate();
    let mut out = b"<</Type/Outlines".to_vec();
    let count = siblings(bookmarks, root, pages, objects, &mut out);
    out.extend_from_slice(b"/Count ");
    push_integer(&mut out, count);
    out.extend_from_slice(b">>");
    objects.set_raw(root, &out);
    Some(root)
}

/// Writes the entries under one parent and the parent's links to them;
/// returns how many there are in all. Bookmarks nest as deep as sections,
/// whose depth the parser limits.
fn siblings(
    bookmarks: &[Bookmark],
    parent: u32,
    pages: &Pages,
    objects: &mut Objects,
    parent_out: &mut Vec<u8>,
) -> i64 {
    let numbers: Vec<u32> = bookmarks.iter().map(|_| objects.allocate()).collect();
    if let (Some(first), Some(last)) = (numbers.first(), numbers.last()) {
        parent_out.extend_from_slice(b"/First ");
        push_reference(parent_out, *first);
        parent_out.extend_from_slice(b"/Last ");
        push_reference(parent_out, *last);
    }
    let mut count = 0;
    for (index, (bookmark, &number)) in bookmarks.iter().zip(&numbers).enumerate() {
        let mut out = b"<</Title".to_vec();
        push_text(&mut out, &bookmark.title);
        out.extend_from_slice(b"/Parent ");
        push_reference(&mut out, parent);
        let neighbours = [("Prev", index.checked_sub(1)), ("Next", index.checked_add(1))];
        for (key, place) in neighbours {
            if let Some(neighbour) = place.and_then(|place| numbers.get(place)) {
                push_name(&mut out, key.as_bytes());
                out.push(b' ');
                push_reference(&mut out, *neighbour);
            }
        }
        let mut destination = b"/Dest".to_vec();
        if push_destination(bookmark.destination, pages, &mut destination).is_some() {
            out.extend(destination);
        }
        count += 1;
        if !bookmark.children.is_empty() {
            let inside = siblings(&bookmark.children, number, pages, objects, &mut out);
            out.extend_from_slice(b"/Count ");
            push_integer(&mut out, inside);
            count += inside;
        }
        out.extend_from_slice(b">>");
        objects.set_raw(number, &out);
    }
    count
}

/// How a page is called.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PageLabel {
    Decimal(usize),
    Roman(usize),
    Other(String),
}

impl PageLabel {
    fn from_text(label: &str) -> Self {
        if let Ok(number) = label.parse::<usize>()
            && number > 0
            && number.to_string() == label
        {
            return PageLabel::Decimal(number);
        }
        match roman_value(label) {
            Some(number) => PageLabel::Roman(number),
            None => PageLabel::Other(label.to_owned()),
        }
    }

    fn follows(&self, before: &PageLabel) -> bool {
        match (before, self) {
            (PageLabel::Decimal(a), PageLabel::Decimal(b)) | (PageLabel::Roman(a), PageLabel::Roman(b)) => *b == a + 1,
            _ => false,
        }
    }

    fn written(&self) -> Vec<u8> {
        let mut out = b"<<".to_vec();
        match self {
            PageLabel::Decimal(number) | PageLabel::Roman(number) => {
                out.extend_from_slice(if matches!(self, PageLabel::Decimal(_)) { b"/S/D" } else { b"/S/r" });
                if *number != 1 {
                    out.extend_from_slice(b"/St ");
                    push_integer(&mut out, *number as i64);
                }
            }
            PageLabel::Other(text) => {
                out.extend_from_slice(b"/P");
                push_text(&mut out, text);
            }
        }
        out.extend_from_slice(b">>");
        out
    }
}

/// The value of a lower-case Roman numeral in its usual form.
fn roman_value(text: &str) -> Option<usize> {
    const NUMERALS: [(&str, usize); 13] = [
        ("m", 1000),
        ("cm", 900),
        ("d", 500),
        ("cd", 400),
        ("c", 100),
        ("xc", 90),
        ("l", 50),
        ("xl", 40),
        ("x", 10),
        ("ix", 9),
        ("v", 5),
        ("iv", 4),
        ("i", 1),
    ];
    const MAXIMUM_LENGTH: usize = 15;
    if text.is_empty() || text.len() > MAXIMUM_LENGTH {
        return None;
    }
    let (mut value, mut rest) = (0, text);
    for (numeral, worth) in NUMERALS {
        while let Some(after) = rest.strip_prefix(numeral) {
            value += worth;
            rest = after;
        }
    }
    rest.is_empty().then_some(value)
}

/// Writes the number tree of page labels, one entry a range; `None` where
/// pages are simply counted.
pub fn page_labels(layout: &Layout, objects: &mut Objects) -> Option<u32> {
    let labels: Vec<PageLabel> = layout.pages.iter().map(|page| PageLabel::from_text(&page.label)).collect();
    let mut ranges: Numbers = Vec::new();
    let mut before: Option<&PageLabel> = None;
    for (page, label) in labels.iter().enumerate() {
        if !before.is_some_and(|before| label.follows(before)) {
            ranges.push((page, label.written()));
        }
        before = Some(label);
    }
    let simply_counted = ranges.len() == 1 && labels.first() == Some(&PageLabel::Decimal(1));
    (!simply_counted && !ranges.is_empty()).then(|| push_tree(ranges, objects))
}
