//! What is read, and what is found when an edition was tampered with.

use super::compare::compare;
use super::html;
use super::word::{Word, Words};
use crate::diagnostic::Diagnostics;
use crate::format::Format;

fn plain(text: &str) -> Vec<Word> {
    let mut words = Words::default();
    words.text(text, None);
    words.finish()
}

fn differences(expected: &str, found: &str) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    compare(&plain(expected), &plain(found), Format::Html, &mut diagnostics);
    diagnostics.iter().map(|diagnostic| diagnostic.message.clone()).collect()
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
        <table><tr><td>1<td>2</table><p>text<sup><a role=doc-noteref>3</a></sup>. <a role=doc-backlink>↩</a>\
        <script>no</script><p>end</main><footer>no</footer>";
    let words: Vec<String> = html::words(page).into_iter().map(|word| word.text).collect();
    assert_eq!(
        words.join(" "),
        "One&only unlikely, a b done task A picture 1 2 text 3 . end",
        "the marks behind a note's number stand apart in both readings"
    );
}
