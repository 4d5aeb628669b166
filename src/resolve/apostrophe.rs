//! Classifies straight single marks (U+0027): start or end of a quotation, apostrophe, or feet and
//! minutes. Decided for a whole run, because only what follows tells the mark of `'tis` from that
//! of `'this'`.

use std::collections::BTreeMap;

/// The role of a single mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Open,
    Close,
    Apostrophe,
    /// Feet, minutes.
    Prime,
}

/// Words that lost their beginning, by language.
fn elisions(lang: &str) -> &'static [&'static str] {
    match lang {
        "en" => &[
            "tis", "twas", "twere", "twill", "twould", "twixt", "em", "til", "till", "cause", "cos", "cuz", "round",
            "bout", "n", "nuff", "neath", "gainst", "er", "ere", "kay", "un", "ello", "phone", "flu",
        ],
        "de" => &["s", "n", "ne", "nen", "nem", "ner", "rum", "rein", "raus", "rauf", "ran", "nauf"],
        "nl" | "af" => &["s", "t", "n", "k", "m", "r", "ie"],
        "it" => &["sto", "sta", "sti", "ste", "ndrangheta"],
        _ => &["n"],
    }
}

/// A mark that may end a quotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    Certain,
    /// It may be part of its word too: `the dogs' home`, `6' tall`.
    Doubtful,
}

/// The role of each single mark of a run, by its index.
pub fn roles(context: &[char], lang: &str) -> BTreeMap<usize, Role> {
    let mut roles = BTreeMap::new();
    if !context.contains(&'\'') {
        return roles;
    }
    let run = Run { context, lang };
    let mut opens: Vec<Open> = Vec::new();
    let mut doubtful: Vec<(usize, RunOffset)> = Vec::new();
    let mut place = RunOffset::default();
    for (at, c) in context.iter().enumerate() {
        place.pass(*c, context.get(at + 1).copied());
        if *c != '\'' {
            continue;
        }
        roles.insert(at, run.alone(at));
        if run.opens(at) {
            opens.push(Open { at, place });
        } else if let Some(closing) = run.closes(at, place.doubles % 2 == 1) {
            match closing {
                Closing::Certain => {
                    // Quotations of one kind do not reach over those of another.
                    while let Some(open) = opens.pop() {
                        if open.place.doubles % 2 == place.doubles % 2 {
                            roles.insert(open.at, Role::Open);
                            roles.insert(at, Role::Close);
                            doubtful.retain(|(other, _)| *other < open.at);
                            break;
                        }
                    }
                }
                Closing::Doubtful => doubtful.push((at, place)),
            }
        }
    }
    for open in opens.into_iter().rev() {
        // The first in the same sentence.
        let index = doubtful.iter().position(|(at, _)| *at > open.at);
        let Some((at, end)) = index.and_then(|index| doubtful.get(index).copied()) else { continue };
        if end.sentences == open.place.sentences && end.doubles == open.place.doubles {
            roles.insert(open.at, Role::Open);
            roles.insert(at, Role::Close);
            doubtful.truncate(index.unwrap_or_default());
        }
    }
    roles
}

struct Open {
    at: usize,
    place: RunOffset,
}

/// How much of the run lies before a mark.
#[derive(Debug, Clone, Copy, Default)]
struct RunOffset {
    sentences: usize,
    doubles: usize,
}

impl RunOffset {
    fn pass(&mut self, c: char, next: Option<char>) {
        self.doubles += usize::from(c == '"');
        self.sentences += usize::from(matches!(c, '.' | '!' | '?') && next.is_some_and(char::is_whitespace));
    }
}

struct Run<'a> {
    context: &'a [char],
    lang: &'a str,
}

impl Run<'_> {
    fn get(&self, at: usize) -> Option<char> {
        self.context.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.get(at))
    }

    /// The role of a mark that is part of no quotation.
    fn alone(&self, at: usize) -> Role {
        let letter = self.before(at).is_some_and(char::is_alphabetic);
        let follows = self.get(at + 1).is_some_and(begins_words);
        if letter || follows { Role::Apostrophe } else { Role::Prime }
    }

    fn opens(&self, at: usize) -> bool {
        let clear = self.before(at).is_none_or(|c| c.is_whitespace() || super::typography::is_opening(c));
        clear && self.get(at + 1).is_some_and(begins_words) && !self.is_decade(at) && !self.is_elision(at)
    }

    fn closes(&self, at: usize, in_double: bool) -> Option<Closing> {
        let (before, after) = (self.before(at)?, self.get(at + 1));
        // The mark after the n of `rock 'n' roll`.
        let elided = at.checked_sub(2).is_some_and(|first| self.is_and(first));
        if before.is_whitespace() || after.is_some_and(char::is_alphanumeric) || elided {
            return None;
        }
        // `l'"acte"` goes on; `"the 'acte'"` ends.
        if after == Some('"') && before.is_alphabetic() && !in_double {
            return None;
        }
        let word_follows = after == Some(' ') && self.get(at + 2).is_some_and(char::is_alphanumeric);
        let of_word = matches!(before, 's' | 'S' | 'z' | 'x') && word_follows;
        let measure = before.is_numeric();
        Some(if of_word || measure { Closing::Doubtful } else { Closing::Certain })
    }

    /// Whether two digits follow that stand for a year: '90s, '68.
    fn is_decade(&self, at: usize) -> bool {
        let digit = |ahead: usize| self.get(at + ahead).is_some_and(|c| c.is_ascii_digit());
        digit(1) && digit(2) && !digit(3)
    }

    /// Whether a word follows that lost its beginning, and is not itself quoted.
    fn is_elision(&self, at: usize) -> bool {
        if self.is_and(at) {
            return true;
        }
        const LONGEST: usize = 10;
        let rest = self.context.iter().skip(at + 1);
        let word: String =
            rest.take(LONGEST + 1).take_while(|c| c.is_alphabetic()).flat_map(|c| c.to_lowercase()).collect();
        elisions(self.lang).contains(&word.as_str()) && self.get(at + 1 + word.chars().count()) != Some('\'')
    }

    /// Whether the mark begins the `'n'` of "rock 'n' roll".
    fn is_and(&self, at: usize) -> bool {
        self.get(at) == Some('\'')
            && matches!(self.get(at + 1), Some('n' | 'N'))
            && self.get(at + 2) == Some('\'')
            && !self.get(at + 3).is_some_and(char::is_alphanumeric)
            && self.before(at).is_some_and(char::is_whitespace)
    }
}

/// Whether what a mark may open can start with a character.
fn begins_words(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, super::typography::OBJECT | '"' | '(' | '[' | '¿' | '¡' | '«' | '„' | '“')
}
