//! More limits of `docs/robustness.md`: what is just below is made, what is just
//! above is E0006 at a place.

use crate::limits::{FRONT, kept, kept_bytes, refused, refused_bytes, words};
use crate::sandbox::Sandbox;
use chancery::parse::limits;
use chancery::resolve::{
    BRACES, CITATIONS, INCLUDE_DEPTH, INCLUDE_NESTING, INCLUDED_FILES, JOINS, PICTURE_BYTES, QUOTED_SUMMARY_BYTES,
    QUOTED_TITLE_BYTES, STYLE_BYTES, STYLE_NESTING, TABLE_COLUMNS, TITLE_BYTES, VALUES,
};

const ENTRY: &str = "@book{k, title={A title}, author={Writer, Ann}, date={2001}}\n";

#[test]
fn front_matter_has_so_many_bytes() {
    for (open, assign, quote) in [("---", ": ", ""), ("+++", " = ", "\"")] {
        let of = |bytes: usize| {
            let head = format!("title{assign}{quote}A note{quote}\nlang{assign}{quote}en{quote}\nx-a{assign}{quote}");
            // The line ending before the fence belongs to the fence.
            let text = "a".repeat(bytes - head.len() - quote.len() - 1);
            format!("{open}\n{head}{text}{quote}\n{open}\n\nWords.\n")
        };
        kept(&[("note.md", &of(limits::FRONT_MATTER_BYTES))]);
        refused(&[("note.md", &of(limits::FRONT_MATTER_BYTES + 1))]);
    }
}

#[test]
fn values_of_front_matter_nest_so_deep() {
    let flow =
        |deep: usize| format!("---\ntitle: A note\nunknown: {}{}\n---\n\nWords.\n", "[".repeat(deep), "]".repeat(deep));
    let block = |deep: usize| {
        let keys: String = (1..deep).map(|at| format!("{}a:\n", " ".repeat(at))).collect();
        format!("---\ntitle: A note\nunknown:\n{keys}{}a: 1\n---\n\nWords.\n", " ".repeat(deep))
    };
    for of in [&flow as &dyn Fn(usize) -> String, &block] {
        // The map of all keys is the first level.
        kept(&[("note.md", &of(limits::YAML_NESTING - 1))]);
        refused(&[("note.md", &of(limits::YAML_NESTING))]);
        refused(&[("note.md", &of(1_000))]);
    }
}

#[test]
fn front_matter_has_so_many_values() {
    let of = |count: usize| format!("---\nkeywords: [{}]\n---\n\nWords.\n", vec!["a"; count].join(","));
    // The map, its key and the list are values too.
    kept(&[("note.md", &of(limits::YAML_NODES - 3))]);
    refused(&[("note.md", &of(limits::YAML_NODES - 2))]);
}

#[test]
fn blocks_nest_so_deep() {
    let quotes = |deep: usize| format!("{FRONT}{}Words.\n", "> ".repeat(deep));
    kept(&[("note.md", &quotes(limits::NESTING))]);
    refused(&[("note.md", &quotes(limits::NESTING + 1))]);
}

#[test]
fn a_document_has_so_many_citations() {
    let of = |times: usize| {
        format!("---\ntitle: A note\nlang: en\nbibliography: a.bib\n---\n\n{}\n", "[@k] ".repeat(times).trim_end())
    };
    kept(&[("note.md", &of(CITATIONS)), ("a.bib", ENTRY)]);
    refused(&[("note.md", &of(CITATIONS + 1)), ("a.bib", ENTRY)]);
}

const CITING: &str = "---\ntitle: A note\nlang: en\nbibliography: a.bib\n---\n\nSee [@k].\n";

#[test]
fn braces_of_a_bibliography_nest_so_deep() {
    // The entry's own and the field's are two.
    let of =
        |deep: usize| ENTRY.replace("A title", &format!("{}A title{}", "{".repeat(deep - 2), "}".repeat(deep - 2)));
    kept(&[("note.md", CITING), ("a.bib", &of(BRACES))]);
    refused(&[("note.md", CITING), ("a.bib", &of(BRACES + 1))]);
}

#[test]
fn fields_of_a_bibliography_have_so_many_pieces() {
    let joined = |pieces: usize| ENTRY.replace("{A title}", &vec!["{a}"; pieces].join(" # "));
    let braced = |pieces: usize| ENTRY.replace("A title", &"{a}".repeat(pieces / 2));
    let most = JOINS.isqrt();
    for of in [&joined as &dyn Fn(usize) -> String, &braced] {
        kept(&[("note.md", CITING), ("a.bib", &of(most - 10))]);
        refused(&[("note.md", CITING), ("a.bib", &of(most + 10))]);
    }
    let named = format!(
        "@string{{s = {}}}\n{}",
        vec!["{a}"; 200].join(" # "),
        ENTRY.replace("{A title}", &vec!["s"; 50].join(" # "))
    );
    refused(&[("note.md", CITING), ("a.bib", &named)]);
}

#[test]
fn values_of_a_bibliography_nest_so_deep() {
    let citing = CITING.replace("a.bib", "a.yml");
    let of = |deep: usize| {
        // The file and the entry are two.
        let parents = deep - 2;
        format!(
            "k: {{type: Book, title: A title, author: 'Writer, Ann', date: 2001{}{}}}\n",
            ", parent: {type: Book, title: A title".repeat(parents),
            "}".repeat(parents)
        )
    };
    kept(&[("note.md", &citing), ("a.yml", &of(VALUES))]);
    refused(&[("note.md", &citing), ("a.yml", &of(VALUES + 1))]);
    refused(&[("note.md", &citing), ("a.yml", &of(50_000))]);
    refused(&[("note.md", &citing), ("a.yml", &format!("k: {}", "[".repeat(100_000)))]);
}

fn style(content: &str) -> String {
    format!(
        "<style xmlns=\"http://purl.org/net/xbiblio/csl\" class=\"in-text\" version=\"1.0\"><info><title>t</title>\
         <id>t</id><updated>2020-01-01T00:00:00Z</updated></info><citation><layout>{content}</layout></citation></style>"
    )
}

#[test]
fn a_citation_style_has_so_many_bytes_and_levels() {
    let note = CITING.replace("lang: en", "lang: en\ncitation-style: a.csl");
    let text = "<text variable=\"title\"/>";
    let of = |bytes: usize| style(&format!("{text}<!--{}-->", "x".repeat(bytes - style(text).len() - 7)));
    kept(&[("note.md", &note), ("a.bib", ENTRY), ("a.csl", &of(STYLE_BYTES))]);
    refused(&[("note.md", &note), ("a.bib", ENTRY), ("a.csl", &of(STYLE_BYTES + 1))]);
    // The style, the citation and the layout are three.
    let of = |deep: usize| style(&format!("{}{text}{}", "<group>".repeat(deep - 3), "</group>".repeat(deep - 3)));
    kept(&[("note.md", &note), ("a.bib", ENTRY), ("a.csl", &of(STYLE_NESTING))]);
    refused(&[("note.md", &note), ("a.bib", ENTRY), ("a.csl", &of(STYLE_NESTING + 1))]);
}

#[test]
fn includes_are_so_deep_and_so_many() {
    let include = |at: usize| format!(":::include {{src=_{at}.md}}\n:::\n\nWords.\n\n");
    let chain = |length: usize| -> Vec<(String, String)> {
        let note = ("note.md".to_owned(), format!("{FRONT}{}", include(1)));
        let parts = (1..=length)
            .map(|at| (format!("_{at}.md"), if at < length { include(at + 1) } else { "Words.\n".to_owned() }));
        [note].into_iter().chain(parts).collect()
    };
    let borrowed = |files: &[(String, String)], check: fn(&[(&str, &str)])| {
        check(&files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    };
    borrowed(&chain(INCLUDE_DEPTH), kept);
    borrowed(&chain(INCLUDE_DEPTH + 1), refused);

    let many = |count: usize| format!("{FRONT}{}", ":::include {src=_1.md}\n:::\n\n".repeat(count));
    kept(&[("note.md", &many(INCLUDED_FILES)), ("_1.md", "Words.\n")]);
    refused(&[("note.md", &many(INCLUDED_FILES + 1)), ("_1.md", "Words.\n")]);

    let inside = |deep: usize| {
        let quote = "> ".repeat(deep);
        format!("{FRONT}{quote}:::include {{src=_1.md}}\n{quote}:::\n")
    };
    kept(&[("note.md", &inside(INCLUDE_NESTING)), ("_1.md", "Words.\n")]);
    refused(&[("note.md", &inside(INCLUDE_NESTING + 1)), ("_1.md", "Words.\n")]);
}

#[test]
fn a_table_has_so_many_columns() {
    let row = |cell: &str, count: usize| format!("|{}\n", format!("{cell}|").repeat(count));
    let of = |count: usize| format!("{FRONT}{}{}{}", row("a", count), row("-", count), row("b", count));
    kept(&[("note.md", &of(TABLE_COLUMNS))]);
    refused(&[("note.md", &of(TABLE_COLUMNS + 1))]);
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![0; width.div_ceil(8) as usize * height as usize]).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn a_picture_has_so_many_pixels_and_bytes() {
    let note = format!("{FRONT}![A picture](a.png)\n");
    let files = |picture: Vec<u8>| vec![("note.md", note.clone().into_bytes()), ("a.png", picture)];
    kept_bytes(files(png(10_000, 10_000)));
    refused_bytes(files(png(10_000, 10_001)));
    refused_bytes(files(png(100_000_001, 1)));
    // What follows the picture counts, though nobody shows it.
    let of = |bytes: usize| {
        let mut picture = png(8, 8);
        picture.resize(bytes, 0);
        picture
    };
    kept_bytes(files(of(PICTURE_BYTES)));
    refused_bytes(files(of(PICTURE_BYTES + 1)));
}

#[test]
fn a_title_that_values_make_long_is_refused() {
    let of = |bytes: usize| {
        let (half, rest) = (words(bytes / 2), bytes % 2);
        format!("---\ntitle: '{{{{subtitle}}}}{{{{subtitle}}}}{}'\nsubtitle: {half}\n---\n\nWords.\n", "x".repeat(rest))
    };
    kept(&[("note.md", &of(TITLE_BYTES))]);
    refused(&[("note.md", &of(TITLE_BYTES + 1))]);
    let heading = |times: usize| {
        format!("---\nsubtitle: {}\n---\n\n# {}\n\nWords.\n", words(1_000), "{{subtitle}}".repeat(times))
    };
    kept(&[("note.md", &heading(16))]);
    refused(&[("note.md", &heading(17))]);
}

#[test]
fn a_landing_page_lists_so_much() {
    // What others repeat of a title and a summary is short, so that it takes many.
    let (title, summary) = (words(QUOTED_TITLE_BYTES), words(QUOTED_SUMMARY_BYTES));
    let member = format!("---\ntitle: {title}\nabstract: {summary}\n---\n\nWords.\n").into_bytes();
    let files = |count: usize| {
        let members = (0..count).map(|at| (format!("d{at:05}.md"), member.clone()));
        [("index.md".to_owned(), format!("{FRONT}Words.\n").into_bytes())].into_iter().chain(members)
    };
    let fits =
        chancery::resolve::DOCUMENT / (2 * QUOTED_TITLE_BYTES + QUOTED_SUMMARY_BYTES + 2 * chancery::resolve::NODE);
    crate::limits::kept_among(files(fits - 1));
    crate::limits::refused_among(files(fits + 1));
}

#[test]
fn manifests_are_read_up_to_a_limit() {
    const LIMIT: usize = 64 * 1024 * 1024;
    let sandbox = Sandbox::with(&[
        ("chancery.toml", "[project]\nformats = [\"text\"]\n"),
        ("source/note.md", "# A note\n\nWords.\n"),
    ]);
    sandbox.run(&["build"]).ends_with(0);
    let manifest = sandbox.read("outputs/manifest.json");
    let of = |bytes: usize| manifest.clone() + &" ".repeat(bytes - manifest.len());
    sandbox.write("outputs/manifest.json", of(LIMIT));
    sandbox.run(&["build"]).ends_with(0);
    sandbox.write("outputs/manifest.json", of(LIMIT + 1));
    sandbox.run(&["build"]).ends_with(1).says("E0012");
}
