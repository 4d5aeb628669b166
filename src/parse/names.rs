//! Several names in one string.

/// Words between names, in the languages of the labels.
const AND: [&str; 17] =
    ["and", "&", "et", "und", "y", "e", "en", "och", "og", "ja", "i", "oraz", "with", "/", "|", "•", "·"];

/// Words in names that start with a small letter.
const PARTICLES: [&str; 22] = [
    "von", "van", "de", "der", "den", "del", "della", "di", "da", "dos", "du", "la", "le", "las", "los", "ten", "ter",
    "zu", "zur", "af", "al", "bin",
];

/// The names in a string, where it holds more than one and each of them looks
/// like a person's. "Smith, John" is one name, and so is a "Directorate-General
/// for Justice, Freedom and Security".
pub fn split(text: &str) -> Option<Vec<String>> {
    let full = |parts: Vec<String>| -> Vec<String> { parts.into_iter().filter(|part| !part.is_empty()).collect() };
    let is_turned = |name: &String| is_name(&name.replace(',', " "));
    if text.contains(';') {
        // The last two may have "and" between them; the name of an office may hold one.
        let at_each = full(text.split(';').flat_map(at_and).collect());
        let at_semicolons = full(text.split(';').map(|part| part.trim().to_owned()).collect());
        let are_names = |names: &Vec<String>| names.len() > 1 && names.iter().all(is_turned);
        return [at_each, at_semicolons].into_iter().find(are_names);
    }
    // "Author, Ann and Writer, Bob"
    let turned = full(at_and(text));
    if turned.len() > 1 && turned.iter().all(|name| name.matches(',').count() == 1 && is_turned(name)) {
        let single = |name: &String| name.split_once(',').is_some_and(|(last, _)| !last.trim().contains(' '));
        if turned.iter().all(single) {
            return Some(turned);
        }
    }
    let names = full(text.split(',').flat_map(at_and).collect());
    let all = names.iter().all(|name| is_name(name) && name.split_whitespace().count() > 1);
    (names.len() > 1 && all).then_some(names)
}

/// A name and the address after it: `Ann Author <ann@example.org>`.
pub fn addressed(text: &str) -> Option<(&str, &str)> {
    let (name, address) = text.trim().strip_suffix('>')?.split_once('<')?;
    let is_address = address.contains('@') && !address.contains(char::is_whitespace);
    (is_address && !name.trim().is_empty()).then(|| (name.trim(), address))
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

/// Whether a text looks like a person's name, which an address or an office in parentheses
/// may follow.
fn is_name(text: &str) -> bool {
    const LONGEST: usize = 5;
    let text = addressed(text).map_or(text, |(name, _)| name).trim();
    let text = text.strip_suffix(')').and_then(|text| text.rsplit_once(" (")).map_or(text, |(name, _)| name);
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
            ("Ann A; Bob B and Cy C", vec!["Ann A", "Bob B", "Cy C"]),
            ("Author, Ann; Writer, Bob; and Clerk, Cy", vec!["Author, Ann", "Writer, Bob", "Clerk, Cy"]),
            ("Élise Martin et Jean Dupont", vec!["Élise Martin", "Jean Dupont"]),
            ("Author, Ann and Writer, Bob", vec!["Author, Ann", "Writer, Bob"]),
            ("Ann Author / Bob Writer", vec!["Ann Author", "Bob Writer"]),
            ("Ann Author (ABC), Bob Writer (DEF)", vec!["Ann Author (ABC)", "Bob Writer (DEF)"]),
            ("Ann Author <a@b.eu>, Bob Writer <b@b.eu>", vec!["Ann Author <a@b.eu>", "Bob Writer <b@b.eu>"]),
        ] {
            assert_eq!(split(text).unwrap_or_default(), names, "{text}");
        }
        for text in [
            "Ann Author",
            "Author, Ann",
            "Directorate-General for Justice, Freedom and Security",
            "Ministry of the Interior and Health",
            "Ann Author, Ministry of Health",
            "Department for Environment, Food and Rural Affairs",
            "Ann Author <a@b.eu>",
        ] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
