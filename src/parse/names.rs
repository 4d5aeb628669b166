//! Several names in one string.

/// Words between names, in the languages of the labels.
const AND: [&str; 12] = ["and", "&", "et", "und", "y", "e", "en", "och", "og", "ja", "i", "oraz"];

/// Words in names that begin with a small letter.
const PARTICLES: [&str; 22] = [
    "von", "van", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "las", "los", "ten", "ter",
    "zu", "zur", "af", "al", "bin",
];

/// The names in a string, where it holds more than one and each of them looks
/// like a person's. "Smith, John" is one name, and so is a "Directorate-General
/// for Justice, Freedom and Security".
pub fn split(text: &str) -> Option<Vec<String>> {
    let parts: Vec<String> = if text.contains(';') {
        text.split(';').map(|part| part.trim().to_owned()).collect()
    } else {
        text.split(',').flat_map(at_and).collect()
    };
    let names: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let with_semicolons = text.contains(';') && names.iter().all(|name| is_name(&name.replace(',', " ")));
    let all = names.iter().all(|name| is_name(name) && name.split_whitespace().count() > 1);
    (names.len() > 1 && (with_semicolons || all)).then_some(names)
}

/// The parts of a text between words that mean "and".
fn at_and(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for word in text.split_whitespace() {
        if AND.contains(&word) {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            if !part.is_empty() {
                part.push(' ');
            }
            part.push_str(word);
        }
    }
    parts
}

fn is_name(text: &str) -> bool {
    const LONGEST: usize = 5;
    let mut words = text.split_whitespace();
    let capital = |word: &str| word.chars().next().is_some_and(|first| !first.is_lowercase() && first.is_alphabetic());
    words.clone().count() <= LONGEST
        && words.clone().any(capital)
        && words.all(|word| capital(word) || PARTICLES.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn names_are_told_from_offices() {
        for (text, names) in [
            ("Ann A, Bob B", vec!["Ann A", "Bob B"]),
            ("Ann Author and Ludwig van Beethoven", vec!["Ann Author", "Ludwig van Beethoven"]),
            ("Ann Author, Bob B. Writer, and Cy Clerk", vec!["Ann Author", "Bob B. Writer", "Cy Clerk"]),
            ("Author, Ann; Writer, Bob", vec!["Author, Ann", "Writer, Bob"]),
            ("Élise Martin et Jean Dupont", vec!["Élise Martin", "Jean Dupont"]),
        ] {
            assert_eq!(split(text).unwrap_or_default(), names, "{text}");
        }
        for text in [
            "Ann Author",
            "Author, Ann",
            "Directorate-General for Justice, Freedom and Security",
            "Ministry of the Interior and Health",
        ] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
