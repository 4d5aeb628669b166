//! The examples of the CommonMark specification, where `CHANCERY_COMMONMARK`
//! says where its `spec.txt` lies (`.ci/run` fetches it).

use crate::support::{PROJECT_FREE, pieces_of_markup, words_of_markup};
use chancery::diagnostic::{Code, Diagnostics};
use chancery::format::Format;
use std::collections::BTreeSet;

/// The number of examples in CommonMark 0.31.2.
const EXAMPLES: usize = 652;

/// Examples that are read otherwise on purpose, with the words that they must say instead.
/// In 191 the specification shows that cells behind an empty line, which are indented, are
/// code: who writes a table means cells.
const DEPARTURES: [(usize, &[&str]); 1] = [(191, &["Hi"])];

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

fn examples(spec: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let mut examples = Vec::new();
    let mut lines = spec.lines();
    while let Some(line) = lines.next() {
        if line != format!("{fence} example") {
            continue;
        }
        let mut part = |end: &str| -> String {
            let lines = lines.by_ref().take_while(|line| *line != end);
            lines.map(|line| line.replace('\u{2192}', "\t") + "\n").collect()
        };
        let (markdown, html) = (part("."), part(&fence));
        examples.push(Example { number: examples.len() + 1, markdown, html });
    }
    examples
}

/// Words as they are compared: letters and figures only, since quotation marks
/// and dashes follow the language.
fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_examples_of_the_specification_keep_their_words() {
    let Some(path) = std::env::var_os("CHANCERY_COMMONMARK") else { return };
    let examples = examples(&std::fs::read_to_string(path).unwrap());
    assert_eq!(examples.len(), EXAMPLES);
    let mut problems = Vec::new();
    let mut compared = 0;
    for Example { number, markdown, html } in &examples {
        let made = std::panic::catch_unwind(|| {
            let compilation = PROJECT_FREE.compile(markdown);
            let made = Format::ALL.map(|format| compilation.edition(format, &mut Diagnostics::default()));
            (compilation, made)
        });
        let Ok((compilation, [_, page, docbook, text, _])) = made else {
            problems.push(format!("example {number} panics"));
            continue;
        };
        // Raw HTML is what Chancery does not pass on. An empty document has no
        // edition, and one that starts with a line `---` has front matter.
        let beyond = [
            Code::RawHtml,
            Code::Unsupported,
            Code::EmptyFile,
            Code::WrongType,
            Code::BrokenFrontMatter,
            Code::UnclosedFrontMatter,
        ];
        if compilation.document.is_none()
            || compilation.diagnostics.iter().any(|problem| beyond.contains(&problem.code))
        {
            continue;
        }
        compared += 1;
        let expected = match DEPARTURES.iter().find(|(departure, _)| departure == number) {
            Some((_, instead)) => instead.iter().map(|word| (*word).to_owned()).collect(),
            None => words(&pieces_of_markup(html).join(" ")),
        };
        let utf8 = |bytes: Option<Vec<u8>>| String::from_utf8(bytes.unwrap()).unwrap();
        let found = [
            ("HTML", words_of_markup(&utf8(page))),
            ("DocBook", words_of_markup(&utf8(docbook))),
            ("text", utf8(text)),
        ];
        for (edition, text) in found {
            let found: BTreeSet<String> = words(&text).into_iter().collect();
            let joined: String = words(&text).concat();
            let missing: Vec<&String> =
                expected.iter().filter(|word| !found.contains(*word) && !joined.contains(*word)).collect();
            if !missing.is_empty() {
                problems.push(format!("example {number} loses {missing:?} in {edition}: {markdown:?}"));
            }
        }
    }
    println!("{EXAMPLES} examples compiled to all editions, the words of {compared} compared");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
