//! Where lines may end.

use super::shape::Languages;
use super::text::{After, Paragraph, Wording};
use crate::language;
use crate::source::search::{find_any, places};
use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use std::ops::Range;

const SOFT_HYPHEN: char = '\u{ad}';
/// How many characters of code are before and after a joint at least.
const SHORTEST_PART: usize = 2;

/// Byte offsets before which a line may end, in order (UAX #14), with the
/// joints of addresses and code.
pub fn opportunities(paragraph: &Paragraph, languages: &Languages) -> Vec<(usize, After)> {
    let text = paragraph.text.as_str();
    let breaks = line_breaks(text);
    let mut out = Vec::with_capacity(breaks.len());
    let mut breaks = breaks.iter().copied().peekable();
    let mut start = 0;
    for run in &paragraph.runs {
        let range = start..run.end;
        start = run.end;
        let first = out.len();
        let keeps_letters = language::keeps_short_words(languages.tag(run.style.lang));
        // Text between two runs belongs to neither.
        while let Some(at) = breaks.next_if(|at| *at <= range.end) {
            let inside = at > range.start && at < range.end;
            match run.style.wording {
                Wording::Address | Wording::Code if inside => {}
                Wording::Prose | Wording::Address | Wording::Code => out.extend(plain(text, at, keeps_letters)),
            }
        }
        let content = text.get(range.clone()).unwrap_or_default();
        let before = out.len();
        match run.style.wording {
            Wording::Prose => {
                out.extend(joints_of_prose(content).map(|at| (range.start + at, After::Joint)));
                out.extend(before_signs(content).map(|at| (range.start + at, After::Allowed)));
            }
            Wording::Address => out.extend(address_joints(content).map(|at| (range.start + at, After::Allowed))),
            Wording::Code => {
                out.extend(words_of_code(content).map(|at| (range.start + at, After::Allowed)));
                out.extend(code_joints(content).map(|at| (range.start + at, After::Joint)));
            }
        }
        if out.len() > before {
            let mut own = out.split_off(first);
            own.sort_unstable_by_key(|(at, after)| (*at, *after == After::Joint));
            own.dedup_by_key(|(at, _)| *at);
            out.append(&mut own);
        }
    }
    out
}

/// A place where UAX #14 allows a line to end, unless a reader would stumble
/// over it.
fn plain(text: &str, at: usize, keeps_letters: bool) -> Option<(usize, After)> {
    let before = text.get(..at).unwrap_or_default();
    let after = match before.bytes().next_back() {
        // An option's name stays whole: `--quiet` is not broken after its hyphens.
        Some(b'-') if !before.trim_end_matches('-').ends_with(char::is_alphanumeric) => return None,
        Some(b' ') if keeps_letters && is_short_word(before) => return None,
        Some(b' ') if parts_figure(before, text.get(at..).unwrap_or_default()) => return None,
        Some(byte) if !byte.is_ascii() && before.ends_with(SOFT_HYPHEN) => After::SoftHyphen,
        _ => After::Allowed,
    };
    Some((at, after))
}

/// Whether the last word of a text is one letter.
fn is_short_word(before: &str) -> bool {
    let mut characters = before.trim_end_matches(' ').chars().rev();
    let letter = characters.next().is_some_and(char::is_alphabetic);
    letter
        && characters.next().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '„' | '“' | '«' | '»' | '–'))
}

/// Whether a space parts the thousands of a figure: at most three digits are before it, and exactly
/// three after.
fn parts_figure(before: &str, after: &str) -> bool {
    // Most words start with a letter.
    if !after.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let word = before.strip_suffix(' ').unwrap_or_default();
    let leading = word.bytes().rev().take_while(u8::is_ascii_digit).count();
    let is_word = word.len() == leading
        || !word
            .as_bytes()
            .get(word.len() - leading - 1)
            .is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b','));
    digits == 3 && (1..=3).contains(&leading) && is_word
}

/// Where words of code start after a space. An option of one letter stays with what it governs.
fn words_of_code(code: &str) -> impl Iterator<Item = usize> {
    let is_option = |word: &[u8]| matches!(word, [b'-', letter] if letter.is_ascii_alphanumeric());
    code.match_indices(' ')
        .map(|(at, _)| at)
        .filter(move |at| {
            let before = code.get(..*at).unwrap_or_default();
            let word = before.rsplit(' ').next().unwrap_or_default();
            !before.is_empty() && !is_option(word.as_bytes())
        })
        .map(|at| at + 1)
}

/// Positions of words that start with a full stop or a slash after a space, such as `.csv`. UAX #14
/// would keep these signs with the preceding text (LB13).
fn before_signs(text: &str) -> impl Iterator<Item = usize> {
    let starts = |at: usize| text.get(at..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric));
    let signs = places(text, |byte| (byte == b'.') | (byte == b'/'));
    signs.filter(move |at| text.get(..*at).is_some_and(|before| before.ends_with(' ')) && starts(at + 1))
}

/// Where a word of running text may be broken if need be: names with underscores,
/// addresses that are not marked as such.
fn joints_of_prose(text: &str) -> impl Iterator<Item = usize> {
    let concerned = if find_any(text, *b"_@:").is_some() { text } else { "" };
    let mut start = 0;
    concerned.split_inclusive(' ').flat_map(move |word| {
        let from = start;
        start += word.len();
        let is_address = word.contains('@') || word.contains("://");
        let mut before = '\0';
        word.char_indices().filter_map(move |(at, c)| {
            let previous = std::mem::replace(&mut before, c);
            let joint = previous == '_' && c.is_alphanumeric()
                || is_address && previous.is_alphanumeric() && matches!(c, '@' | '.' | '/' | '?' | '&');
            let rest = word.get(at..).unwrap_or_default().trim_end();
            (joint && at >= SHORTEST_PART && rest.len() >= SHORTEST_PART).then_some(from + at)
        })
    })
}

/// Where a word of code may be broken if need be: after what parts its names, before a stop,
/// between the humps of a name. Options break only at what is given to them.
fn code_joints(code: &str) -> impl Iterator<Item = usize> {
    let mut start = 0;
    code.split_inclusive(' ').flat_map(move |word| {
        let from = start;
        start += word.len();
        let is_option = word.starts_with('-');
        let (mut before, mut earlier) = ('\0', '\0');
        word.char_indices().filter_map(move |(at, c)| {
            let first = std::mem::replace(&mut earlier, std::mem::replace(&mut before, c));
            let previous = earlier;
            let behind = match previous {
                '/' | ',' | '=' => true,
                '_' | ':' | '&' | '|' | ';' | '(' | '{' | '[' => !is_option,
                '-' => !is_option && first.is_alphanumeric(),
                _ => false,
            };
            let joint = behind && c != previous && c != '/' && !matches!(c, ')' | '}' | ']' | ',')
                || !is_option && c == '.' && previous.is_alphanumeric()
                || !is_option && previous.is_lowercase() && c.is_uppercase();
            let rest = word.get(at..).unwrap_or_default().trim_end();
            (joint && at >= SHORTEST_PART && rest.len() >= SHORTEST_PART).then_some(from + at)
        })
    })
}

/// Byte offsets before which a line of plain text may end (UAX #14). Letters, figures and the stops
/// after them are most of any text and part at their spaces only, whatever is around them: the
/// segmenter is asked about the rest, from one such space to the next.
fn line_breaks(text: &str) -> Vec<usize> {
    let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
    let mut breaks = Vec::with_capacity(text.len() / 4);
    let mut part = |range: Range<usize>, is_plain: bool| {
        if is_plain {
            breaks.push(range.end);
        } else {
            let inside = segmenter.segment_str(text.get(range.clone()).unwrap_or_default());
            breaks.extend(inside.filter(|at| *at > 0).map(|at| range.start + at));
        }
    };
    let (mut start, mut is_plain) = (0, true);
    // Whether the last byte was a space, and the last other one a plain one.
    let (mut spaced, mut after_plain) = (false, false);
    let bytes = text.as_bytes();
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        match byte {
            b' ' => spaced = true,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                if spaced && after_plain {
                    part(start..index, is_plain);
                    (start, is_plain) = (index, true);
                }
                is_plain &= !spaced || start == index;
                (spaced, after_plain) = (false, true);
                // The rest of the word changes nothing.
                let rest = bytes.iter().skip(index + 1);
                index += rest.take_while(|byte| byte.is_ascii_alphanumeric()).count();
            }
            b'.' | b',' if after_plain && !spaced => {}
            _ => (is_plain, spaced, after_plain) = (false, false, false),
        }
        index += 1;
    }
    part(start..text.len(), is_plain);
    breaks
}

/// Where an address may be broken: after `//` and other colons, before the
/// marks that part it, so that a line's end never looks like a full stop.
fn address_joints(address: &str) -> impl Iterator<Item = usize> {
    let mut before = '\0';
    address.char_indices().filter_map(move |(at, c)| {
        let previous = before;
        before = c;
        let after_joint =
            matches!((previous, c), ('/', next) if next != '/') || matches!(previous, '=' | '&' | ':') && c != '/';
        let before_joint = matches!(c, '.' | '?' | '#' | '%' | '_' | '~' | '-' | ',') && previous.is_alphanumeric();
        (at > 0 && (after_joint || before_joint)).then_some(at)
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parts(text: &str, joints: impl Iterator<Item = usize>) -> String {
        let mut joints: Vec<usize> = joints.collect();
        joints.sort_unstable();
        let mut out = text.to_owned();
        joints.into_iter().rev().for_each(|at| out.insert(at, '|'));
        out
    }

    #[test]
    fn code_breaks_at_its_joints_and_options_do_not() {
        let shown = |code| parts(code, code_joints(code));
        assert_eq!(shown("/usr/share/records.txt"), "/usr/|share/|records|.txt");
        assert_eq!(shown("names_of_things(a, b)"), "names_|of_|things(|a, b)");
        assert_eq!(shown("namesOfThings"), "names|Of|Things");
        assert_eq!(shown("--no-verify --config=/etc/records"), "--no-verify --config=/|etc/|records");
        let shown = |code| parts(code, words_of_code(code));
        assert_eq!(shown("git clone -b main /srv .git"), "git |clone |-b main |/srv |.git");
    }

    #[test]
    fn names_in_prose_break_at_their_joints() {
        let shown = |text| parts(text, joints_of_prose(text));
        assert_eq!(shown("the unit_of_account is a_b"), "the unit_|of_|account is a_b");
        assert_eq!(shown("write to records@chamber.example now"), "write to records|@chamber|.example now");
        assert_eq!(shown("and/or e.g. 1.5"), "and/or e.g. 1.5");
        let shown = |text| parts(text, before_signs(text));
        assert_eq!(shown("as .csv, .txt or /srv . . ."), "as |.csv, |.txt or |/srv . . .");
    }

    #[test]
    fn thousands_stay_together() {
        assert!(parts_figure("about 1 ", "234 567"));
        assert!(parts_figure("12 ", "345"));
        assert!(!parts_figure("in 2024 ", "100 offices"));
        assert!(!parts_figure("page 12 ", "3456"));
        assert!(!parts_figure("A1 ", "234"));
    }
    use crate::layout::text::OBJECT;

    /// Every second character is plain; the others have rules of their own.
    const OTHERS: &[char] = &[
        ' ', ' ', '.', ',', ':', ';', '!', '?', '-', '/', '(', ')', '[', '"', '\'', '%', '$', '}', '\n', '\t',
        '\u{a0}', '\u{ad}', '\u{200b}', '\u{200d}', '\u{2060}', '“', '”', '«', '»', '–', '—', '…', '€', 'é', '\u{301}',
        'ж', 'א', 'ب', '漢', '、', '한', '🇪', '👍', OBJECT,
    ];

    #[test]
    fn plain_text_parts_as_the_segmenter_says() {
        let segmenter = LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());
        let mut seed: u64 = 11;
        let mut next = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) as usize % below
        };
        for _ in 0..20_000 {
            let length = 1 + next(16);
            let text: String = (0..length)
                .map(|_| match next(6) {
                    0 => ' ',
                    1 => 'a',
                    2 => '7',
                    _ => OTHERS[next(OTHERS.len())],
                })
                .collect();
            let expected: Vec<usize> = segmenter.segment_str(&text).filter(|at| *at > 0).collect();
            assert_eq!(*line_breaks(&text), expected, "{text:?}");
        }
    }
}
