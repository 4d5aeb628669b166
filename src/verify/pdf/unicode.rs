//! ToUnicode tables: what a font says that its codes mean (ISO 32000-1,
//! 9.10.3).

use std::collections::BTreeMap;

/// Text by code. What cannot be read is left out, and missed later.
pub fn parse(table: &str) -> BTreeMap<u16, String> {
    let mut texts = BTreeMap::new();
    for section in sections(table, "beginbfchar", "endbfchar") {
        let numbers = tokens(section);
        for pair in numbers.chunks_exact(2) {
            if let [Token::Text(code), Token::Text(text)] = pair {
                texts.insert(first(code), string(text));
            }
        }
    }
    for section in sections(table, "beginbfrange", "endbfrange") {
        let numbers = tokens(section);
        let mut rest = numbers.as_slice();
        while let [Token::Text(from), Token::Text(to), tail @ ..] = rest {
            let codes = first(from)..=first(to);
            rest = match tail {
                [Token::Open, tail @ ..] => {
                    let end = tail.iter().position(|token| *token == Token::Close).unwrap_or(tail.len());
                    let (inside, behind) = tail.split_at(end);
                    for (code, token) in codes.zip(inside) {
                        if let Token::Text(text) = token {
                            texts.insert(code, string(text));
                        }
                    }
                    behind.get(1..).unwrap_or_default()
                }
                [Token::Text(text), tail @ ..] => {
                    for (step, code) in (0..).zip(codes) {
                        let mut text = text.clone();
                        if let Some(last) = text.last_mut() {
                            *last = last.wrapping_add(step);
                        }
                        texts.insert(code, string(&text));
                    }
                    tail
                }
                _ => return texts,
            };
        }
    }
    texts
}

#[derive(Debug, PartialEq)]
enum Token {
    /// UTF-16 units between angle brackets.
    Text(Vec<u16>),
    Open,
    Close,
}

fn sections<'a>(table: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    table.split(begin).skip(1).filter_map(move |section| section.split(end).next())
}

fn tokens(section: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = section;
    while let Some(at) = rest.find(['<', '[', ']']) {
        let (mark, behind) = rest.split_at(at).1.split_at(1);
        rest = behind;
        match mark {
            "[" => tokens.push(Token::Open),
            "]" => tokens.push(Token::Close),
            _ => {
                let Some((digits, behind)) = rest.split_once('>') else { break };
                rest = behind;
                tokens.push(Token::Text(units(digits)));
            }
        }
    }
    tokens
}

fn units(digits: &str) -> Vec<u16> {
    let digits: Vec<char> = digits.chars().filter(char::is_ascii_hexdigit).collect();
    let unit = |chunk: &[char]| u16::from_str_radix(&chunk.iter().collect::<String>(), 16).unwrap_or_default();
    digits.chunks(4).map(unit).collect()
}

fn first(units: &[u16]) -> u16 {
    units.first().copied().unwrap_or_default()
}

fn string(units: &[u16]) -> String {
    String::from_utf16_lossy(units)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn both_kinds_of_entries_are_read() {
        let table = "2 beginbfchar\n<0001> <0041>\n<0002> <00660069>\nendbfchar\n\
            2 beginbfrange\n<0003> <0005> <0061>\n<0006> <0007> [<0078> <D835DC00>]\nendbfrange";
        let texts: Vec<(u16, String)> = parse(table).into_iter().collect();
        let wanted = [(1, "A"), (2, "fi"), (3, "a"), (4, "b"), (5, "c"), (6, "x"), (7, "𝐀")];
        assert_eq!(texts, wanted.map(|(code, text)| (code, text.to_owned())));
    }
}
