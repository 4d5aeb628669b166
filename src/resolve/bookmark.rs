//! Names as Word's bookmarks have them: letters of ASCII, digits and underscores,
//! at most 40, told apart without regard to case.

use crate::language::ALL;

/// The longest name.
const LONGEST: usize = 40;
/// Length of the checksum after a shortened or respelt name.
const SUM: usize = 9;

/// The name of the bookmark of an id. Ids in lower case with hyphens keep theirs nearly. Others, and
/// those that are called like a caption, have a sum of their characters after it, so that no two ids share a name.
pub fn bookmark(id: &str) -> String {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name: String = id.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if starts && id.len() <= LONGEST && id.chars().all(is_plain) && !is_sequence(id) {
        return name;
    }
    let name = if starts { name } else { format!("b{name}") };
    let short: String = name.chars().take(LONGEST - SUM).collect();
    format!("{short}_{:08x}", sum(id))
}

/// Whether captions may be counted by this name (`SEQ table`). LibreOffice takes it for that of a
/// number, and shows nothing where a field refers to the bookmark.
fn is_sequence(id: &str) -> bool {
    ALL.iter().any(|labels| {
        let names = [labels.figure, labels.table, labels.equation, labels.boxed];
        let panels = [labels.recommendation, labels.example];
        names.iter().chain(&panels).any(|name| name.eq_ignore_ascii_case(id))
    })
}

/// FNV-1a, 32 bits.
fn sum(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::bookmark;

    #[test]
    fn names_are_words_short_enough() {
        assert_eq!(bookmark("section-2"), "section_2");
        for id in ["Überblick", "a_b", "A-b", "_x", "1st", &"very-long-".repeat(9)] {
            let name = bookmark(id);
            assert!(name.len() <= 40 && name.starts_with(|c: char| c.is_ascii_alphabetic()), "{name}");
            assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'), "{name}");
        }
    }

    #[test]
    fn names_are_not_those_of_sequences() {
        for id in ["table", "figure", "tableau", "box"] {
            assert!(bookmark(id).starts_with(&format!("{id}_")), "{id}");
        }
        assert_eq!(bookmark("table-1"), "table_1");
    }

    #[test]
    fn ids_that_differ_in_case_or_signs_differ_in_name() {
        let names = ["a-b", "a_b", "a.b", "A-b", "A-B"].map(|id| bookmark(id).to_lowercase());
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name), "{name}");
        }
    }
}
