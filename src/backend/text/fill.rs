//! Fills lines with words.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a line (RFC 7994, section 4.3).
pub(super) const COLUMNS: usize = 72;

/// Marks a line that ends inside a word or a line of code, and the line that
/// goes on with it (RFC 8792, section 8).
pub(super) const FOLD: char = '\\';

/// A space that is kept beside others and ends no line; see [`with_spaces`]. Not a
/// character of any text (a noncharacter of Unicode).
pub(super) const FIXED_SPACE: char = '\u{fdd0}';

/// The finished text, with spaces where [`FIXED_SPACE`] kept their places.
pub(super) fn with_spaces(text: String) -> String {
    if text.contains(FIXED_SPACE) { text.replace(FIXED_SPACE, " ") } else { text }
}

/// Text in which words of one letter stay with the next word, and two of them with it; of
/// more in a row a line may end between them.
pub(super) fn with_short_words(text: &str) -> String {
    const MOST: usize = 2;
    let mut joined = 0;
    let mut set = String::with_capacity(text.len());
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 {
            // Nothing stays with what is no word, such as the end of a line, nor with an
            // address, which may need the whole of one.
            let goes_on = word.chars().next().is_some_and(|first| !first.is_whitespace()) && !is_address(word);
            set.push(if joined > 0 && goes_on { FIXED_SPACE } else { ' ' });
        }
        set.push_str(word);
        let mut letters = word.trim_start_matches(['(', '[', '„', '“', '«', '»', '–', '*', '_']).chars();
        let is_short = letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none();
        joined = if is_short && joined < MOST { joined + 1 } else { 0 };
    }
    set
}

/// Columns a string takes on a terminal or a typewriter.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// How a word longer than its line is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LongWords {
    /// Break it with [`FOLD`] at both sides, unless it is an address.
    Break,
    /// Let it overflow; for measuring.
    Keep,
}

/// Fills lines of `width` columns. Line endings in the text are kept. Lines break at spaces, after
/// dashes that are between words, and where ideographs meet; never before a dash.
pub(super) fn fill(text: &str, width: usize, long_words: LongWords) -> Vec<String> {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        fill_part(part, width.max(1), long_words, &mut lines);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn fill_part(text: &str, width: usize, long_words: LongWords, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut used = 0;
    for piece in pieces(text) {
        let length = columns(&piece.text);
        // A mark that combines takes no column, and still starts the line.
        let has_words = !line.is_empty();
        let space = usize::from(piece.spaced && has_words);
        if has_words && used + space + length > width {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if space > 0 {
            line.push(' ');
            used += space;
        }
        if length <= width || long_words == LongWords::Keep || is_address(&piece.text) {
            line.push_str(&piece.text);
            used += length;
        } else {
            let mut parts = broken(&piece.text, width);
            let last = parts.pop().unwrap_or_default();
            lines.extend(parts);
            used = columns(&last);
            line = last;
        }
    }
    lines.push(line);
}

/// Text that is not broken between lines.
struct UnbreakableText {
    text: String,
    /// Whether a space is before it where it does not start a line.
    spaced: bool,
}

fn pieces(text: &str) -> Vec<UnbreakableText> {
    let mut pieces: Vec<UnbreakableText> = Vec::new();
    for word in text.split([' ', '\t']).filter(|word| !word.is_empty()) {
        match pieces.last_mut() {
            // A dash never starts a line.
            Some(before) if word.chars().all(is_dash) => {
                before.text.push(' ');
                before.text.push_str(word);
            }
            _ => push_word(word, &mut pieces),
        }
    }
    pieces
}

fn push_word(word: &str, pieces: &mut Vec<UnbreakableText>) {
    let mut piece = UnbreakableText { text: String::new(), spaced: true };
    let breakable = !is_address(word);
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        if c != ZERO_WIDTH_SPACE {
            piece.text.push(c);
        }
        if let Some(next) = chars.peek().filter(|next| breakable && may_break(c, **next)) {
            let _ = next;
            pieces.push(std::mem::replace(&mut piece, UnbreakableText { text: String::new(), spaced: false }));
        }
    }
    pieces.push(piece);
}

const ZERO_WIDTH_SPACE: char = '\u{200b}';

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}')
}

/// Whether a line may end between two characters of a word.
fn may_break(before: char, after: char) -> bool {
    const NOT_AT_END: &str = "（［｛〈《「『【〔〖“‘";
    const NOT_AT_START: &str =
        "、。，．・：；？！）］｝〉》」』】〕〗ー々％”’…ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ";
    const EM_DASH: char = '\u{2014}';
    if before == ZERO_WIDTH_SPACE {
        return is_unspaced(after);
    }
    if before == EM_DASH {
        return after.is_alphanumeric();
    }
    is_ideograph(before) && is_ideograph(after) && !NOT_AT_END.contains(before) && !NOT_AT_START.contains(after)
}

/// Whether a character is of a script that is written without spaces, in wide
/// signs (CJK ideographs, kana and their punctuation).
fn is_ideograph(c: char) -> bool {
    const WIDE: usize = 2;
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff60}'
        | '\u{20000}'..='\u{3fffd}')
        && c.width() == Some(WIDE)
}

/// Whether a character is of a script that parts words by zero-width spaces:
/// Thai, Lao, Myanmar, Khmer.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// Whether a word is an address, which is of no use in two parts.
pub(super) fn is_address(word: &str) -> bool {
    // A no-break space ties words to what may be an address in their midst.
    (word.contains("://") || word.contains("mailto:")) && !word.contains(char::is_whitespace)
}

/// A word that has to be broken, in parts of at most `width` columns, each with
/// a [`FOLD`] where the word goes on: after punctuation where that leaves a good
/// part on the line, else anywhere between characters.
fn broken(word: &str, width: usize) -> Vec<String> {
    const GOOD_ENDS: &str = "/-_.,;:=&?+|)";
    /// Room for a mark at each end and one wide character.
    const NARROWEST: usize = 4;
    // One column is reserved for the mark at the end.
    let width = width.max(NARROWEST) - 1;
    let mut parts = Vec::new();
    let mut part = String::new();
    let mut used = 0;
    // End of the last good place in `part`, in bytes and columns.
    let mut good = (0, 0);
    for grapheme in word.graphemes(true) {
        let length = columns(grapheme);
        if used > 1 && used + length > width {
            let (end, end_columns) = if good.1 * 2 >= width { good } else { (part.len(), used) };
            let rest = part.split_off(end);
            part.push(FOLD);
            parts.push(std::mem::replace(&mut part, format!("{FOLD}{rest}")));
            used = used - end_columns + 1;
            good = (0, 0);
        }
        part.push_str(grapheme);
        used += length;
        if grapheme.chars().all(|c| GOOD_ENDS.contains(c)) {
            good = (part.len(), used);
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::{LongWords, fill, with_short_words, with_spaces};

    fn check(text: &str, width: usize, expected: &[&str]) {
        assert_eq!(fill(text, width, LongWords::Break), expected);
    }

    #[test]
    fn lines_break_at_spaces() {
        check("one two three", 7, &["one two", "three"]);
        check("  one   two ", 20, &["one two"]);
        check("", 20, &[]);
        check("\u{301} a", 20, &["\u{301} a"]);
    }

    #[test]
    fn words_of_one_letter_stay_with_the_next() {
        let filled = |text: &str, width| with_spaces(fill(&with_short_words(text), width, LongWords::Break).join("/"));
        assert_eq!(filled("do lasu i w lesie z psem", 12), "do lasu/i w lesie/z psem");
        assert_eq!(filled("a b c d e f", 6), "a b c/d e f");
    }

    #[test]
    fn a_no_break_space_holds() {
        check("at 10\u{a0}km out", 6, &["at", "10\u{a0}km", "out"]);
    }

    #[test]
    fn a_dash_does_not_start_a_line() {
        check("one two – three", 8, &["one", "two –", "three"]);
        check("either—or", 8, &["either—", "or"]);
    }

    #[test]
    fn a_meant_line_ending_stays() {
        check("one\ntwo three", 20, &["one", "two three"]);
    }

    #[test]
    fn an_address_that_is_too_long_stands_alone() {
        check("see https://example.org/long there", 10, &["see", "https://example.org/long", "there"]);
    }

    #[test]
    fn a_short_word_does_not_push_an_address_over_the_line() {
        let joined = with_short_words("i u https://example.org/a i u domu");
        let lines = fill(&joined, 23, LongWords::Break).into_iter().map(with_spaces).collect::<Vec<_>>();
        assert_eq!(lines, ["i u", "https://example.org/a", "i u domu"]);
    }

    #[test]
    fn a_word_that_is_too_long_is_broken_after_punctuation() {
        check("some/long/path/name", 12, &["some/long/\\", "\\path/name"]);
        check("abcdefghij", 6, &["abcde\\", "\\fghi\\", "\\j"]);
    }

    #[test]
    fn wide_characters_count_double_and_break_between_each_other() {
        check("漢字仮。交", 6, &["漢字", "仮。交"]);
    }
}
