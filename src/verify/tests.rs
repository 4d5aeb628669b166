//! What is read, and what is found when texts differ.

use super::compare::compare;
use super::word::{Passage, Text, Word, Words};
use super::{docbook, html, plain, text};
use crate::diagnostic::Diagnostics;
use crate::format::Format;

fn words_of_text(text: &str) -> Text {
    let mut words = Words::default();
    words.text(text, None);
    words.finish()
}

fn differences(expected: &str, found: &str) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    let [expected, found] = [expected, found].map(words_of_text);
    let [expected, found] = [&expected, &found].map(|text| text.iter().collect::<Vec<_>>());
    compare(&expected, &found, Format::Html, &mut diagnostics);
    diagnostics.iter().map(|diagnostic| diagnostic.message.to_string()).collect()
}

fn said<'a>(words: impl IntoIterator<Item = Word<'a>>) -> String {
    words.into_iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_same_words_differ_in_nothing() {
    assert_eq!(differences("a b  c", "a\nb c"), [""; 0]);
    assert_eq!(differences("", ""), [""; 0]);
}

#[test]
fn every_kind_of_difference_is_named() {
    assert_eq!(differences("a b c d e", "a c d e"), ["the html edition lacks “b”"]);
    assert_eq!(differences("a b c d e", "a x b c d e"), ["the html edition adds “x”"]);
    assert_eq!(differences("a b c d e", "a x c d e"), ["the html edition says “x” and not “b”"]);
    assert_eq!(differences("a b c", "a b"), ["the html edition lacks “c”"]);
    assert_eq!(differences("a b", ""), ["the html edition lacks “a b”"]);
    assert_eq!(differences("", "a"), ["the html edition adds “a”"]);
    assert_eq!(differences("a b c d e f", "a c b d e f").len(), 1, "words that changed places");
    assert_eq!(differences("a b c d e 1 2 3 4 5", "a x c d e 1 2 3 y 5").len(), 2);
}

#[test]
fn html_is_read_as_a_reader_reads_it() {
    let page = "<title>no</title><body><nav>no</nav><main><h1>One&amp;only</h1><p>un<em>like</em>ly, a<br>b</p>\
        <ul><li><span role=img aria-label=done>☑</span> task</li></ul><img src=x alt='A picture'>\
        <table><tr><td>1<td>2</table><p>text<sup><a role=doc-noteref href='#n'>3</a></sup>. <a role=doc-backlink>↩</a>\
        <p>See <a href='a%20b.html'>it</a>.<script>no</script><p>end</main><footer>no</footer>";
    assert_eq!(
        said(html::read(page).0.all_words()),
        "One&only unlikely, a b done task A picture 1 2 text 3 . See it. →a b.html end",
        "the marks behind a note's number stand apart in both readings"
    );
}

#[test]
fn docbook_is_read_in_the_order_of_the_page() {
    let article = "<article><info><title>T</title><date>no</date><releaseinfo role='banner'>Draft</releaseinfo>\
        <abstract><title>Summary</title><para>s</para></abstract></info>\
        <sidebar role='document-control'><title>Control</title></sidebar>\
        <section label='1'><title>One</title><para>a<footnote label='7'><para>note</para></footnote>&amp;b, \
        <link linkend='x'>c</link>.</para><note><para>d</para></note></section></article>";
    let read = docbook::read(article.as_bytes()).0.map(|reading| said(reading.all_words()));
    assert_eq!(read, Ok("Draft T Control Summary s 1 One a 7 &b, c. →#x note d 7 note".to_owned()));
}

#[test]
fn a_drawn_table_is_read_by_cells() {
    let drawn = "> +-----+----+\n> | one | a  |\n> |     | b  |\n> +=====+====+\n> | two | c  |\n> |     +----+\n\
        > | and | d  |\n> +-----+----+\n> after\n";
    let passages = text::read(drawn).passages;
    let ways: Vec<String> = passages
        .into_iter()
        .find_map(|piece| match piece {
            Passage::OneOf(ways) => Some(ways.iter().map(|way| said(way.iter())).collect()),
            Passage::Words(_) => None,
        })
        .unwrap_or_default();
    assert_eq!(ways.first().map(String::as_str), Some("one a b two and c d"));
}

#[test]
fn text_is_compared_by_letters_and_digits() {
    let wanted = vec![
        Passage::Words(words_of_text("“Strong” x2 yn and 漢字")),
        Passage::OneOf(vec![words_of_text("a b"), words_of_text("b a")]),
    ];
    let found = vec![Passage::Words(words_of_text("*Strong* x² y^(n) [and] 漢\n字 b: a"))];
    let (wanted, found) = plain::both(&wanted, &found);
    assert_eq!(said(wanted.iter()), "Strong x2 yn and 漢 字 b a");
    assert_eq!(said(found.iter()), "Strong x2 yn and 漢 字 b a");
}
