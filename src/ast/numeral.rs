//! How the items of numbered lists are counted.

use super::{ListMarker, NumberStyle};

impl ListMarker {
    /// The number of the item at a place in its list, 0 for the first; `None`
    /// where items are not numbered.
    pub fn number(self, place: u32) -> Option<String> {
        match self {
            ListMarker::Ordered { start, style } => Some(style.numeral(start.saturating_add(place))),
            ListMarker::Bullet | ListMarker::Plain => None,
        }
    }
}

impl NumberStyle {
    /// A number in this style; in digits where the style has no sign for it.
    pub fn numeral(self, number: u32) -> String {
        match self {
            NumberStyle::Decimal => number.to_string(),
            NumberStyle::LowerAlpha => letters(number).to_lowercase(),
            NumberStyle::UpperAlpha => letters(number),
            NumberStyle::LowerRoman => roman(number).to_lowercase(),
            NumberStyle::UpperRoman => roman(number),
        }
    }
}

/// A, B, … Z, AA, AB, …; zero has no letter.
fn letters(mut number: u32) -> String {
    const ALPHABET: u32 = 26;
    if number == 0 {
        return number.to_string();
    }
    let mut letters = Vec::new();
    while number > 0 {
        number -= 1;
        letters.push(char::from(b'A' + u8::try_from(number % ALPHABET).unwrap_or_default()));
        number /= ALPHABET;
    }
    letters.iter().rev().collect()
}

/// Roman numerals, as far as they go.
fn roman(number: u32) -> String {
    const LARGEST: u32 = 3999;
    const NUMERALS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > LARGEST {
        return number.to_string();
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, numeral) in NUMERALS {
        while rest >= value {
            text.push_str(numeral);
            rest -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{letters, roman};

    #[test]
    fn numbers_in_letters_and_roman() {
        assert_eq!([0, 1, 26, 27, 702, 703].map(letters), ["0", "A", "Z", "AA", "ZZ", "AAA"]);
        assert_eq!([1, 4, 9, 14, 1999, 4000].map(roman), ["I", "IV", "IX", "XIV", "MCMXCIX", "4000"]);
    }
}
