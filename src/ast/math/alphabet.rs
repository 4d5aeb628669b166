//! Letters of mathematical alphabets (Unicode, Mathematical Alphanumeric Symbols).

/// An alphabet whose letters mean something else than the plain ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Alphabet {
    /// `\mathbf`.
    Bold,
    /// Leaning letters.
    Italic,
    /// `\boldsymbol`.
    BoldItalic,
    /// `\mathcal` and `\mathscr`.
    Script,
    /// `\mathfrak`.
    Fraktur,
    /// `\mathbb`.
    DoubleStruck,
    /// `\mathsf`.
    SansSerif,
    /// `\mathtt`.
    Monospace,
}

/// Where the letters of an alphabet begin: Latin capitals, Greek capitals, small Greek
/// letters, figures. Small Latin letters follow the capitals.
struct Block {
    latin: u32,
    greek: Option<(u32, u32)>,
    digits: Option<u32>,
}

/// Letters that had a place of their own before the block was made.
const EARLIER: [(Alphabet, char, char); 24] = [
    (Alphabet::Italic, 'h', 'ℎ'),
    (Alphabet::Script, 'B', 'ℬ'),
    (Alphabet::Script, 'E', 'ℰ'),
    (Alphabet::Script, 'F', 'ℱ'),
    (Alphabet::Script, 'H', 'ℋ'),
    (Alphabet::Script, 'I', 'ℐ'),
    (Alphabet::Script, 'L', 'ℒ'),
    (Alphabet::Script, 'M', 'ℳ'),
    (Alphabet::Script, 'R', 'ℛ'),
    (Alphabet::Script, 'e', 'ℯ'),
    (Alphabet::Script, 'g', 'ℊ'),
    (Alphabet::Script, 'o', 'ℴ'),
    (Alphabet::Fraktur, 'C', 'ℭ'),
    (Alphabet::Fraktur, 'H', 'ℌ'),
    (Alphabet::Fraktur, 'I', 'ℑ'),
    (Alphabet::Fraktur, 'R', 'ℜ'),
    (Alphabet::Fraktur, 'Z', 'ℨ'),
    (Alphabet::DoubleStruck, 'C', 'ℂ'),
    (Alphabet::DoubleStruck, 'H', 'ℍ'),
    (Alphabet::DoubleStruck, 'N', 'ℕ'),
    (Alphabet::DoubleStruck, 'P', 'ℙ'),
    (Alphabet::DoubleStruck, 'Q', 'ℚ'),
    (Alphabet::DoubleStruck, 'R', 'ℝ'),
    (Alphabet::DoubleStruck, 'Z', 'ℤ'),
];

/// Greek signs after ω in each alphabet, in their order there.
const GREEK_VARIANTS: [char; 7] = ['∂', 'ϵ', 'ϑ', 'ϰ', 'ϕ', 'ϱ', 'ϖ'];

/// A character in an alphabet; itself where the alphabet has none for it.
pub fn letter(plain: char, alphabet: Alphabet) -> char {
    if let Some((.., styled)) = EARLIER.iter().find(|(own, letter, _)| *own == alphabet && *letter == plain) {
        return *styled;
    }
    let block = block(alphabet);
    let offset = |first: char| u32::from(plain) - u32::from(first);
    let code = match plain {
        'A'..='Z' => Some(block.latin + offset('A')),
        'a'..='z' => Some(block.latin + 26 + offset('a')),
        '0'..='9' => block.digits.map(|zero| zero + offset('0')),
        'Α'..='Ω' => block.greek.map(|(capitals, _)| capitals + offset('Α')),
        'α'..='ω' => block.greek.map(|(_, small)| small + offset('α')),
        _ => GREEK_VARIANTS.iter().zip(26..).find(|(variant, _)| **variant == plain).and_then(|(_, place)| {
            let (_, small) = block.greek?;
            Some(small + place - 1)
        }),
    };
    code.and_then(char::from_u32).unwrap_or(plain)
}

/// The plain character and the alphabet of one that is in an alphabet of its own.
pub fn plain_letter(styled: char) -> Option<(char, Alphabet)> {
    const ALL: [Alphabet; 8] = [
        Alphabet::Bold,
        Alphabet::Italic,
        Alphabet::BoldItalic,
        Alphabet::Script,
        Alphabet::Fraktur,
        Alphabet::DoubleStruck,
        Alphabet::SansSerif,
        Alphabet::Monospace,
    ];
    // Before these, every letter is plain.
    if styled < '\u{2100}' {
        return None;
    }
    let plain =
        || ('A'..='Z').chain('a'..='z').chain('0'..='9').chain('Α'..='Ω').chain('α'..='ω').chain(GREEK_VARIANTS);
    ALL.into_iter().find_map(|alphabet| {
        Some((plain().find(|plain| *plain != styled && letter(*plain, alphabet) == styled)?, alphabet))
    })
}

fn block(alphabet: Alphabet) -> Block {
    let (latin, greek, digits) = match alphabet {
        Alphabet::Bold => (0x1d400, Some((0x1d6a8, 0x1d6c2)), Some(0x1d7ce)),
        Alphabet::Italic => (0x1d434, Some((0x1d6e2, 0x1d6fc)), None),
        Alphabet::BoldItalic => (0x1d468, Some((0x1d71c, 0x1d736)), Some(0x1d7ce)),
        Alphabet::Script => (0x1d49c, None, None),
        Alphabet::Fraktur => (0x1d504, None, None),
        Alphabet::DoubleStruck => (0x1d538, None, Some(0x1d7d8)),
        Alphabet::SansSerif => (0x1d5a0, None, Some(0x1d7e2)),
        Alphabet::Monospace => (0x1d670, None, Some(0x1d7f6)),
    };
    Block { latin, greek, digits }
}

#[cfg(test)]
mod tests {
    use super::{Alphabet, letter, plain_letter};

    #[test]
    fn letters_are_those_of_unicode() {
        for (alphabet, plain, styled) in [
            (Alphabet::Italic, 'x', '𝑥'),
            (Alphabet::Italic, 'h', 'ℎ'),
            (Alphabet::Italic, 'ω', '𝜔'),
            (Alphabet::Italic, 'ϵ', '𝜖'),
            (Alphabet::Italic, 'ϕ', '𝜙'),
            (Alphabet::Bold, 'Σ', '𝚺'),
            (Alphabet::Bold, '1', '𝟏'),
            (Alphabet::DoubleStruck, 'R', 'ℝ'),
            (Alphabet::DoubleStruck, 'E', '𝔼'),
            (Alphabet::Fraktur, 'g', '𝔤'),
            (Alphabet::Script, 'L', 'ℒ'),
            (Alphabet::Script, 'A', '𝒜'),
            (Alphabet::Italic, '+', '+'),
        ] {
            assert_eq!(letter(plain, alphabet), styled, "{plain} {alphabet:?}");
            if plain != styled {
                assert_eq!(plain_letter(styled), Some((plain, alphabet)));
            }
        }
        assert_eq!([plain_letter('x'), plain_letter('∑'), plain_letter('∂')], [None; 3]);
    }
}
