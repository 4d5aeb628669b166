//! Each attack on the reader of archives, made by a small writer that does as it is told.

use super::{Archive, ENTRIES, PART_BYTES, Refusal};
use libdeflater::{CompressionLvl, Compressor, Crc};

/// A part as it is to be written, with what its headers shall say.
struct Part {
    name: Vec<u8>,
    local_name: Vec<u8>,
    data: Vec<u8>,
    flags: u16,
    method: u16,
    crc: u32,
    size: u32,
    /// Where the directory says it stands, if not where it does.
    offset: Option<u32>,
    extra: Vec<u8>,
    /// What the header before the part says of checksum and sizes.
    sums: Option<[u32; 3]>,
}

fn part(name: &str, text: &[u8]) -> Part {
    let mut compressor = Compressor::new(CompressionLvl::default());
    let mut data = vec![0; compressor.deflate_compress_bound(text.len())];
    let length = compressor.deflate_compress(text, &mut data).unwrap();
    data.truncate(length);
    let mut crc = Crc::new();
    crc.update(text);
    Part {
        name: name.into(),
        local_name: name.into(),
        data,
        flags: 0,
        method: 8,
        crc: crc.sum(),
        size: u32::try_from(text.len()).unwrap(),
        offset: None,
        extra: Vec::new(),
        sums: None,
    }
}

fn stored(name: &str, text: &[u8]) -> Part {
    Part { data: text.to_vec(), method: 0, ..part(name, text) }
}

fn u16s(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn u32s(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn short(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap()
}

fn long(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap()
}

fn archive(parts: &[Part]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        let offset = part.offset.unwrap_or(long(&file));
        let sums = [part.crc, long(&part.data), part.size];
        file.extend(b"PK\x03\x04");
        file.extend(u16s(&[20, part.flags, part.method, 0, 33]));
        file.extend(u32s(&part.sums.unwrap_or(sums)));
        file.extend(u16s(&[short(&part.local_name), 0]));
        file.extend(&part.local_name);
        file.extend(&part.data);
        directory.extend(b"PK\x01\x02");
        directory.extend(u16s(&[20, 20, part.flags, part.method, 0, 33]));
        directory.extend(u32s(&sums));
        directory.extend(u16s(&[short(&part.name), short(&part.extra), 0, 0, 0]));
        directory.extend(u32s(&[0, offset]));
        directory.extend(&part.name);
        directory.extend(&part.extra);
    }
    let start = long(&file);
    let count = u16::try_from(parts.len()).unwrap();
    file.extend(&directory);
    file.extend(b"PK\x05\x06");
    file.extend(u16s(&[0, 0, count, count]));
    file.extend(u32s(&[long(&directory), start]));
    file.extend(u16s(&[0]));
    file
}

fn refusal(parts: &[Part]) -> Option<Refusal> {
    let bytes = archive(parts);
    match Archive::open(&bytes) {
        Err(refusal) => Some(refusal),
        Ok(archive) => archive.entries().iter().find_map(|entry| archive.read(&entry.name).err()),
    }
}

#[test]
fn parts_are_read_as_they_were_written() {
    let bytes = archive(&[stored("mimetype", b"a/b"), part("word/", b""), part("word/document.xml", &[b'x'; 5000])]);
    let archive = Archive::open(&bytes).unwrap();
    let entries: Vec<_> = archive.entries().iter().map(|entry| (entry.name.as_str(), entry.is_stored)).collect();
    assert_eq!(entries, [("mimetype", true), ("word/document.xml", false)]);
    assert_eq!(archive.read("mimetype").unwrap(), b"a/b");
    assert_eq!(archive.read("Word/document.XML").unwrap(), [b'x'; 5000]);
    assert_eq!(archive.read("none"), Err(Refusal::Missing { name: "none".to_owned() }));
}

#[test]
fn sums_may_follow_the_data() {
    let streamed = Part { flags: 8, sums: Some([0; 3]), ..part("a", b"text") };
    assert_eq!(refusal(&[streamed]), None);
}

#[test]
fn names_stay_below_the_archive() {
    for name in ["../a", "a/../b", "/a", "a//b", "./a", "C:a", "a\\b", "a\nb", "..", "", "a/"] {
        let refused = refusal(&[part(name, b"x")]);
        assert_eq!(refused, Some(Refusal::UnsafeName { name: name.to_owned() }), "{name:?}");
    }
    let latin = Part { name: vec![b'a', 0xe9], local_name: vec![b'a', 0xe9], ..part("a", b"x") };
    assert_eq!(refusal(&[latin]), Some(Refusal::UnsafeName { name: "a\u{fffd}".to_owned() }));
}

#[test]
fn a_name_is_there_once() {
    let refused = refusal(&[part("a", b"x"), part("A", b"y")]);
    assert_eq!(refused, Some(Refusal::Duplicate { name: "A".to_owned() }));
}

#[test]
fn headers_agree() {
    let differ = Some(Refusal::HeadersDiffer { name: "a".to_owned() });
    assert_eq!(refusal(&[Part { local_name: b"b".to_vec(), ..part("a", b"x") }]), differ);
    assert_eq!(refusal(&[Part { sums: Some([0; 3]), ..part("a", b"x") }]), differ);
    assert_eq!(refusal(&[Part { offset: Some(1), ..part("a", b"x") }]), differ);
    assert_eq!(refusal(&[Part { size: 7, ..stored("a", b"x") }]), differ);
}

#[test]
fn what_is_promised_is_kept() {
    let damaged = Some(Refusal::Damaged { name: "a".to_owned() });
    assert_eq!(refusal(&[Part { crc: 1, ..part("a", b"x") }]), damaged);
    assert_eq!(refusal(&[Part { size: 2, ..part("a", b"x") }]), damaged);
    assert_eq!(refusal(&[Part { data: vec![0xff; 9], ..part("a", b"x") }]), damaged);
}

#[test]
fn bombs_are_not_lit() {
    let zeros = vec![0; 4 << 20];
    assert_eq!(refusal(&[part("a", &zeros)]), Some(Refusal::Bomb { name: "a".to_owned() }));
    let larger = u32::try_from(PART_BYTES + 1).unwrap();
    let large = Part { size: larger, ..part("a", b"x") };
    assert_eq!(refusal(&[large]), Some(Refusal::TooLarge { name: "a".to_owned() }));
    let noise = vec![7; PART_BYTES / 100];
    let many: Vec<Part> = (0..5)
        .map(|number| Part { size: u32::try_from(PART_BYTES).unwrap(), ..stored_deflated(number, &noise) })
        .collect();
    assert_eq!(refusal(&many), Some(Refusal::TooLargeInAll));
}

/// A part that says that its bytes are compressed, and are as many as these.
fn stored_deflated(number: usize, data: &[u8]) -> Part {
    Part { data: data.to_vec(), ..part(&number.to_string(), b"x") }
}

#[test]
fn parts_do_not_overlap() {
    // Both entries of the directory lead to one part (a "quoted overlap" inflates more).
    let first = part("a", b"x");
    let second = Part { offset: Some(0), ..part("b", b"x") };
    let refused = refusal(&[first, second]);
    assert_eq!(refused, Some(Refusal::HeadersDiffer { name: "b".to_owned() }));
    // A part that reaches into the next.
    let next = archive(&[part("b", b"y")]);
    let length = next.windows(4).position(|signature| signature == b"PK\x01\x02").unwrap();
    let outer = Part { data: next.get(..length).unwrap().to_vec(), ..stored("a", next.get(..length).unwrap()) };
    let inner = Part { offset: Some(31), ..part("b", b"y") };
    assert_eq!(refusal(&[outer, inner]), Some(Refusal::Overlap { name: "b".to_owned() }));
}

#[test]
fn other_forms_are_refused() {
    assert_eq!(refusal(&[Part { flags: 1, ..part("a", b"x") }]), Some(Refusal::Encrypted { name: "a".to_owned() }));
    assert_eq!(
        refusal(&[Part { method: 12, ..part("a", b"x") }]),
        Some(Refusal::UnknownMethod { name: "a".to_owned(), method: 12 })
    );
    assert_eq!(refusal(&[Part { extra: vec![1, 0, 0, 0], ..part("a", b"x") }]), Some(Refusal::LargeForm));
    assert_eq!(refusal(&[Part { size: u32::MAX, ..part("a", b"x") }]), Some(Refusal::LargeForm));
    let many: Vec<Part> = (0..=ENTRIES).map(|number| stored(&number.to_string(), b"")).collect();
    assert_eq!(refusal(&many), Some(Refusal::TooManyEntries));
}

#[test]
fn no_cut_or_changed_byte_is_worse_than_a_refusal() {
    let bytes = archive(&[stored("mimetype", b"a/b"), part("word/document.xml", &[b'x'; 300])]);
    for length in 0..bytes.len() {
        assert!(Archive::open(bytes.get(..length).unwrap()).is_err(), "{length}");
    }
    for at in 0..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            let Ok(archive) = Archive::open(&changed) else { continue };
            for entry in archive.entries() {
                let _ = archive.read(&entry.name);
            }
        }
    }
}
