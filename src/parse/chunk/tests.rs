//! A text by its parts is what it is as a whole.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::ParseCache;
use crate::ast::Document;
use crate::diagnostic::Diagnostic;
use crate::parse::{parse_incremental, tests::fragments};
use crate::source::{Source, Sources, Span};
use proptest::prelude::{ProptestConfig, proptest};
use std::path::{Path, PathBuf};

/// Everything that parsing says.
type Said = (Document, Vec<Diagnostic>, Vec<Span>);

fn parsed(text: &str, cache: Option<&mut ParseCache>) -> Said {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("case.md", text));
    let parsed = parse_incremental(file, &mut sources, cache);
    let mut hidden: Vec<Span> = sources.redacted().collect();
    hidden.sort();
    (parsed.value, parsed.diagnostics.into_sorted(), hidden)
}

/// A cache with chunks as short as possible.
fn short_parts() -> ParseCache {
    ParseCache { least: 0, ..ParseCache::default() }
}

/// Whether the text is parsed by its parts; holds the parts against the whole in any case.
fn by_parts(text: &str, cache: &mut ParseCache, name: &str) -> bool {
    let whole = parsed(text, None);
    let parts = parsed(text, Some(&mut *cache));
    if parts != whole {
        let (parts, whole) = (format!("{parts:#?}"), format!("{whole:#?}"));
        let differing = parts.lines().zip(whole.lines()).enumerate().find(|(_, (one, other))| one != other);
        panic!("{name}: {differing:?} in {whole}");
    }
    let mut sources = Sources::default();
    let file = sources.add(Source::new("case.md", text));
    let source = sources.get(file).unwrap();
    cache.body(file, source, crate::parse::body_start(text)..text.len()).is_some()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

#[test]
fn documents_are_the_same_by_parts_and_when_they_are_moved() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    ["tests/cases", "source", "docs"].iter().for_each(|folder| sources(&root.join(folder), &mut paths));
    let mut counts = [0, 0];
    for path in &paths {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let mut cache = short_parts();
        counts[0] += usize::from(by_parts(&text, &mut cache, &path.display().to_string()));
        let start = crate::parse::body_start(&text);
        let moved = format!("{}Words before it.\n\n{}", &text[..start], &text[start..]);
        counts[1] += usize::from(by_parts(&moved, &mut cache, &path.display().to_string()));
    }
    assert!(counts.iter().all(|count| count * 2 > paths.len()), "{counts:?} of {}", paths.len());
}

#[test]
fn what_reaches_over_parts_is_found() {
    for text in [
        "[a] b\n\nwords\n\n[a]: https://a.example \"T\"\n\n[A] again\n",
        "[a]: b\n\n[a] c\n\n[a]: d\n",
        "[É] b\n\nwords [é d][]\n\n[é]: c\n\n[É D]: e\n\n[الصفحة]: f\n\n[الصفحة]\n",
        "[ẞ] b\n\n[ss] c\n\n[ß]: d\n\n[Σ] e\n\n[ς] f\n\n[σ]: g\n\nwords\n",
        "a\n\n:::box {title=b}\nc\n:::\n\nd\n\n[e]: f \"<?line:0?>\"\n\n[e]\n",
        "a [b][x] c\n\n```\n[x]: y\n```\n\nd\n",
        "a[^n] b\n\nc\n\n[^n]: d\n\ne\n\n[^n]: f\n",
        "*[AB]: c\n\nAB\n\nd AB\n",
        ":::box\n\na\n\nb\n\n:::\n\nc\n",
        ":::toc\n:::\n\na\n\nb\n\n:::\n",
        "```\na\n\nb\n\nc\n```\n\nd\n",
        "<div>\n\na\n\nb\n\n</div>\n\nc\n",
        "<pre>\na\n\nb\n</pre>\n\nc\n",
        "a\n\n<!-- b\n\nc -->\n\nd\n",
        "a %%b\n\nc%% d\n\ne\n",
        "$$\na\n\nb\n$$\n\nc\n",
        "*a $$b*\n \nc* \\d$$ *e*\n",
        "\u{1c}\n\nhttps://a.example/_b_ c\n",
        "a\n\n: b\n\nc\n\n: d\n",
        "- a\n\nb\n\n- c\n\nd\n",
        "a^[b]\n\nc^[d]\n\n{{e}} \u{1} f\n\ng\n",
        "a\r\n\r\nb\r\n\r\n# c\r\n\r\nd\r\n",
        "a\r\rb\n\nc\n",
        "",
        "\n\n",
    ] {
        let mut cache = short_parts();
        by_parts(text, &mut cache, text);
        by_parts(&format!("x\n\n{text}"), &mut cache, text);
        by_parts(&format!("{text}\n\nx\n"), &mut cache, text);
    }
}

#[test]
fn a_part_that_stays_is_not_parsed_again() {
    let text = "One.\n\nTwo.\n\nThree.\n";
    let mut cache = short_parts();
    by_parts(text, &mut cache, text);
    let held = |cache: &ParseCache| -> Vec<usize> {
        cache.known.values().flatten().map(|part| std::sync::Arc::as_ptr(part) as usize).collect()
    };
    let before = held(&cache);
    by_parts("One more.\n\nTwo.\n\nThree.\n", &mut cache, text);
    let after = held(&cache);
    assert_eq!(after.iter().filter(|part| before.contains(part)).count(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_the_same_by_parts(one in fragments(), two in fragments(), three in fragments()) {
        let mut cache = short_parts();
        by_parts(&format!("{one}\n\nWords {two}\n\n{three}"), &mut cache, "random");
        by_parts(&format!("{one}\n\nOther {three} words\n\nWords {two}\n\n{three}"), &mut cache, "random");
    }
}
