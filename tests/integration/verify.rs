//! Editions say what the document says, and a reader that looks for changes
//! finds them.

use crate::support::{PROVED, compile_among, crate_path, files_under};
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::project::Project;
use chancery::source::{Files, MemoryFiles};
use chancery::{Compilation, verify};
use lopdf::{Document, Object, Stream};

fn differences(compilation: &Compilation, format: Format, edition: &[u8]) -> Vec<String> {
    let mut diagnostics = Diagnostics::default();
    let document = compilation.document.as_ref().unwrap();
    verify::prove(document, &compilation.theme, format, edition, &mut diagnostics);
    diagnostics.iter().map(|diagnostic| diagnostic.message.to_string()).collect()
}

fn edition(compilation: &Compilation, format: Format) -> Vec<u8> {
    compilation.edition(format, &mut Diagnostics::default()).unwrap()
}

fn assert_says_the_same(path: &str, files: &dyn Files) {
    let compilation = compile_among(&[path], files, &Project::default(), &[]);
    for format in PROVED {
        let found = differences(&compilation, format, &edition(&compilation, format));
        assert!(found.is_empty(), "{path}:\n{}", found.join("\n"));
    }
}

#[test]
fn our_documents_say_the_same_in_every_edition() {
    let files = files_under(&crate_path(""));
    for path in crate::tidy_source::Source::files("source", &["md"]) {
        let path = path.strip_prefix(crate_path("")).unwrap().to_string_lossy().replace('\\', "/");
        assert_says_the_same(&path, &files);
    }
}

#[test]
fn the_specimen_says_the_same_in_every_edition() {
    let files = files_under(&crate_path(""));
    assert_says_the_same("tests/integration/specimen.md", &files);
}

/// Names that nobody wrote and lists that are added are the same everywhere.
#[test]
fn what_is_added_is_added_alike() {
    let text = "---\nnumbering: {boxes: false}\n---\n# Title\n\n:::box\nBoxed.\n:::\n\n:::figures\n:::\n\n:::tables\n:::\n\n\
        :::table {#t caption=\"Steps\"}\n| A |\n|---|\n| 1 |\n:::\n\n> :::abbreviations\n> :::\n\n*[EU]: European Union\n\nThe EU.\n";
    let files = MemoryFiles([("note.md".to_owned(), text.as_bytes().to_vec())].into());
    let compilation = compile_among(&["note.md"], &files, &Project::default(), &[]);
    for format in PROVED {
        let edition = edition(&compilation, format);
        assert_eq!(differences(&compilation, format, &edition), [""; 0], "{format:?}");
    }
}

const SAMPLE: &str = "# Title\n\nOne *two* three.[^n]\n\nA [link](https://example.org/a) leads.\n\n\
    | A | B |\n|---|---|\n| 1 | 2 |\n\n![A small picture](x.png)\n\n\
    > [!NOTE]\n> Mind.\n\n1. First\n2. Second\n\n[^n]: The note.\n";

fn sample() -> Compilation {
    let png = std::fs::read(crate_path("tests/integration/pixel.png")).unwrap();
    let files = MemoryFiles([("sample.md".to_owned(), SAMPLE.as_bytes().to_vec()), ("x.png".to_owned(), png)].into());
    let compilation = compile_among(&["sample.md"], &files, &Project::default(), &[]);
    for format in PROVED {
        assert_eq!(differences(&compilation, format, &edition(&compilation, format)), [""; 0], "{format:?}");
    }
    compilation
}

/// Changes the part of a text behind `from`, and wants the change to be found.
fn assert_changes_are_found(format: Format, from: &str, changes: &[(&str, &str)]) {
    let compilation = sample();
    let text = String::from_utf8(edition(&compilation, format)).unwrap();
    for (what, with) in changes {
        let (before, rest) = text.split_once(from).unwrap();
        assert!(rest.contains(what), "{format:?}: {what}\n{rest}");
        let changed = format!("{before}{from}{}", rest.replacen(what, with, 1));
        let found = differences(&compilation, format, changed.as_bytes());
        assert!(!found.is_empty(), "{format:?}: {what} became {with:?} unnoticed");
    }
}

#[test]
fn what_is_changed_in_html_is_found() {
    let changes = [
        ("three.", ""),
        ("<em>two</em>", "<em>too</em>"),
        (">1<", "><"),
        (">2<", ">1<"),
        ("The note.", "The."),
        ("Mind.", "Mind. Mind."),
        ("One <em>two</em>", "<em>two</em> One"),
        ("https://example.org/a", "https://example.org/b"),
        ("A small picture", "A picture"),
        ("id=\"note-1\"", "id=\"note-2\""),
    ];
    assert_changes_are_found(Format::Html, "<main", &changes);
}

/// A page shows the drawings that were made of its tables, each in its place.
#[test]
fn a_chart_that_is_changed_in_html_is_found() {
    let page = |one: &str, two: &str| {
        let text = "# Title\n\n:::chart {type=bar src=one.csv x=A caption=One}\n:::\n\n\
            :::chart {type=bar src=two.csv x=A caption=Two}\n:::\n";
        let data = |value: &str| format!("A,B\nx,{value}\ny,4\n").into_bytes();
        let files = [("note.md", text.into()), ("one.csv", data(one)), ("two.csv", data(two))];
        let files = MemoryFiles(files.map(|(path, bytes)| (path.to_owned(), bytes)).into());
        let compilation = compile_among(&["note.md"], &files, &Project::default(), &[]);
        let page = String::from_utf8(edition(&compilation, Format::Html)).unwrap();
        (compilation, page)
    };
    let drawings = |page: &str| -> Vec<String> {
        let images = page.split(" src=\"").skip(1);
        images.filter_map(|rest| rest.split_once('"').map(|(address, _)| address.to_owned())).collect()
    };
    let (compilation, made) = page("2", "3");
    let [two, three] = drawings(&made).try_into().unwrap();
    let other = drawings(&page("2", "1").1).pop().unwrap();
    let found = |page: &str| differences(&compilation, Format::Html, page.as_bytes()).len();
    assert_eq!(found(&made), 0);
    assert_eq!(found(&made.replace(&three, &other)), 1);
    assert_eq!(found(&made.replace(&three, &two)), 1);
    assert_eq!(found(&made.replace(&two, &other).replace(&three, &other)), 2);
}

/// A document with two charts, and one in a note, whose drawings are alike but for their values.
fn of_charts(values: [&str; 3]) -> Compilation {
    let chart = |at: usize| format!(":::chart {{type=bar src={at}.csv x=A caption=\"Chart {at}\"}}\n:::\n");
    let in_note = chart(2).replace('\n', "\n    ");
    let text = format!("# Title\n\nWords.[^n]\n\n{}\n{}\n[^n]: A note.\n\n    {in_note}\n", chart(0), chart(1));
    let data = values.iter().enumerate();
    let data = data.map(|(at, value)| (format!("{at}.csv"), format!("A,B\nx,{value}\ny,4\n").into_bytes()));
    let files = MemoryFiles(data.chain([("note.md".to_owned(), text.into_bytes())]).collect());
    compile_among(&["note.md"], &files, &Project::default(), &[])
}

/// Each chart is that of its own table, and not one that another table has.
#[test]
fn charts_that_are_exchanged_are_found() {
    let (compilation, exchanged) = (of_charts(["2", "3", "1"]), of_charts(["3", "2", "1"]));
    for format in [Format::Html, Format::Docbook] {
        let text = |compilation| String::from_utf8(edition(compilation, format)).unwrap();
        let (made, other) = (text(&compilation), text(&exchanged));
        assert_eq!(differences(&compilation, format, made.as_bytes()), [""; 0], "{format:?}");
        let addresses = |text: &str| -> Vec<String> {
            text.split("data:image").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
        };
        let forged = addresses(&made).iter().zip(addresses(&other)).fold(made.clone(), |text, (own, other)| {
            text.replacen(&format!("image{own}\""), &format!("image{}\"", other.replace("64,", "64,#")), 1)
        });
        let found = differences(&compilation, format, forged.replace("64,#", "64,").as_bytes());
        assert!(found.iter().any(|message| message.contains("chart")), "{format:?}: {found:?}");
    }
    let (made, other) = (edition(&compilation, Format::Pdf), edition(&exchanged, Format::Pdf));
    assert_eq!(differences(&compilation, Format::Pdf, &made), [""; 0]);
    let found = differences(&compilation, Format::Pdf, &with_drawings_of(&made, &other));
    assert!(found.iter().any(|message| message.contains("chart")), "{found:?}");
}

/// A PDF whose drawing shows another value than the table beside it.
#[test]
fn a_chart_that_is_changed_in_pdf_is_found() {
    for kind in ["bar", "line", "bar stacked", "line stacked"] {
        let made = |value: &str| {
            let text = format!("# Title\n\n:::chart {{src=one.csv x=A caption=One type={kind}}}\n:::\n");
            let data = format!("A,B,C\nx,{value},3\ny,4,1\n");
            let files = [("note.md", text.into_bytes()), ("one.csv", data.into_bytes())];
            let files = MemoryFiles(files.map(|(path, bytes)| (path.to_owned(), bytes)).into());
            let compilation = compile_among(&["note.md"], &files, &Project::default(), &[]);
            let file = edition(&compilation, Format::Pdf);
            (compilation, file)
        };
        let ((compilation, one), (_, other)) = (made("2.5"), made("2.4"));
        assert_eq!(differences(&compilation, Format::Pdf, &one), [""; 0], "{kind}");
        let forged = with_drawings_of(&one, &other);
        let found = differences(&compilation, Format::Pdf, &forged);
        assert_eq!(found.len(), 1, "{kind}: {found:?}");
        assert!(found.iter().all(|message| message.contains("chart")), "{kind}: {found:?}");
    }
}

/// Two charts that look alike but for the words beside their axes.
#[test]
fn a_chart_with_the_axis_of_another_is_found_in_pdf() {
    let made = |data: &str| {
        let text = "# Title\n\n:::chart {type=bar src=one.csv x=A caption=One}\n:::\n";
        let files = [("note.md", text.as_bytes().to_vec()), ("one.csv", data.as_bytes().to_vec())];
        let files = MemoryFiles(files.map(|(path, bytes)| (path.to_owned(), bytes)).into());
        let compilation = compile_among(&["note.md"], &files, &Project::default(), &[]);
        let file = edition(&compilation, Format::Pdf);
        (compilation, file)
    };
    let ((compilation, one), (_, other)) = (made("A,B\nx,2\ny,4\n"), made("A,B\nx,4\ny,8\n"));
    assert_eq!(differences(&compilation, Format::Pdf, &one), [""; 0]);
    let found = differences(&compilation, Format::Pdf, &with_drawings_of(&one, &other));
    assert!(found.iter().any(|message| message.contains("chart")), "{found:?}");
}

/// A PDF with the content of the forms of another that is built alike.
fn with_drawings_of(file: &[u8], other: &[u8]) -> Vec<u8> {
    let mut file = lopdf::Document::load_mem(file).unwrap();
    let mut other = lopdf::Document::load_mem(other).unwrap();
    other.decompress();
    for (id, object) in &mut file.objects {
        let Ok(stream) = object.as_stream_mut() else { continue };
        if stream.dict.get(b"Subtype").and_then(lopdf::Object::as_name).is_ok_and(|name| name == b"Form") {
            *stream = other.get_object(*id).unwrap().as_stream().unwrap().clone();
        }
    }
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).unwrap();
    bytes
}

/// What the text edition writes for emphasis and for lowered signs looks alike beside brackets.
#[test]
fn emphasis_beside_brackets_is_no_difference() {
    for text in [
        "*u*(w) and *f*(x)y",
        "a*(w)* and *(w)*x",
        "x~ab~ and x^(2y)^z",
        "**u**(w, *v*) `f`(x)",
        "*u* (w) *two words*(x)",
        "*12*(3) and x~12~",
        "A<sup>a b</sup>c",
    ] {
        let compilation = crate::support::PROJECT_FREE.compile(&format!("# Title\n\n{text}\n"));
        for format in PROVED {
            let found = differences(&compilation, format, &edition(&compilation, format));
            assert_eq!(found, [""; 0], "{format:?}: {text}");
        }
    }
    let compilation = crate::support::PROJECT_FREE.compile("# Title\n\nThe *f*(x) there.\n");
    let text = String::from_utf8(edition(&compilation, Format::Text)).unwrap();
    let number = crate::support::PROJECT_FREE.compile("# Title\n\nArticle 12(3).\n");
    let forged = String::from_utf8(edition(&number, Format::Text)).unwrap().replace("12(3)", "123");
    assert!(!differences(&number, Format::Text, forged.as_bytes()).is_empty(), "12(3) is 123");
    for changed in ["_f_(y)", "_f_", "_f_ (x)", "_g_(x)"] {
        let forged = text.replace("_f_(x)", changed);
        assert!(!differences(&compilation, Format::Text, forged.as_bytes()).is_empty(), "{changed}");
    }
}

#[test]
fn what_is_changed_in_docbook_is_found() {
    let changes = [
        ("three.", ""),
        (">1<", "><"),
        (">2<", ">1<"),
        ("The note.", "The."),
        ("<note>", "<warning>"),
        ("https://example.org/a", "https://example.org/b"),
        ("A small picture", "A picture"),
        ("label=\"1\"", "label=\"2\""),
    ];
    assert_changes_are_found(Format::Docbook, "</info>", &changes);
}

#[test]
fn what_is_changed_in_the_text_is_found() {
    let changes = [
        ("three.", ""),
        ("_two_", "_too_"),
        ("| 1 |", "|   |"),
        ("| 2 |", "| 1 |"),
        ("The note.", "The."),
        ("[L1] https://example.org/a", "[L1] https://example.org/b"),
        ("A small picture", "A picture"),
        ("2. Second", "3. Second"),
        ("Mind.", "Mind. \u{7}"),
        ("Mind.", "Mind. "),
    ];
    assert_changes_are_found(Format::Text, "=\n", &changes);
}

/// Changes the sample's file, and wants the change to be found.
fn assert_found(what: &str, change: impl FnOnce(&mut Document)) {
    let compilation = sample();
    let mut document = Document::load_mem(&edition(&compilation, Format::Pdf)).unwrap();
    change(&mut document);
    let mut changed = Vec::new();
    document.save_to(&mut changed).unwrap();
    let found = differences(&compilation, Format::Pdf, &changed);
    assert!(!found.is_empty(), "{what} unnoticed");
}

/// Rewrites the streams whose content holds a text.
fn rewrite(document: &mut Document, marker: &str, with: impl Fn(String) -> String) {
    let mut rewritten = 0;
    for object in document.objects.values_mut() {
        let Object::Stream(stream) = object else { continue };
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        // Content is bytes; each of them is read as a character of its own.
        let text: String = content.iter().map(|byte| char::from(*byte)).collect();
        if !text.contains(marker) {
            continue;
        }
        let new: Vec<u8> = with(text).chars().map(|character| u8::try_from(character).unwrap()).collect();
        rewritten += usize::from(new != content);
        let mut plain = Stream::new(stream.dict.clone(), new);
        plain.dict.remove(b"Filter");
        plain.dict.remove(b"DecodeParms");
        *stream = plain;
    }
    assert!(rewritten > 0, "nothing was changed");
}

fn elements<'a>(document: &'a mut Document, kind: &'a str) -> impl Iterator<Item = &'a mut lopdf::Dictionary> {
    document.objects.values_mut().filter_map(move |object| match object {
        Object::Dictionary(element) if element.get(b"S").and_then(Object::as_name).ok() == Some(kind.as_bytes()) => {
            Some(element)
        }
        _ => None,
    })
}

#[test]
fn two_meanings_of_glyphs_that_change_places_are_found() {
    assert_found("two meanings that changed places are", |document| {
        rewrite(document, "beginbfchar", |table| {
            table.replace("0054>", "@>").replace("006E>", "0054>").replace("@>", "006E>")
        });
    });
}

#[test]
fn a_glyph_that_is_not_shown_is_found() {
    assert_found("a glyph that went missing is", |document| {
        rewrite(document, ")]TJ", |content| {
            let at = content.find(")]TJ").unwrap();
            format!("{}{}", &content[..at - 1], &content[at..])
        });
    });
}

#[test]
fn elements_that_change_places_are_found() {
    assert_found("two cells that changed places are", |document| {
        for row in elements(document, "TR") {
            row.get_mut(b"K").and_then(Object::as_array_mut).unwrap().reverse();
        }
    });
    assert_found("an item that went missing is", |document| {
        for list in elements(document, "L") {
            list.get_mut(b"K").and_then(Object::as_array_mut).unwrap().pop();
        }
    });
    assert_found("a note that went missing is", |document| {
        for note in elements(document, "Note") {
            note.set("K", Object::Array(Vec::new()));
        }
    });
}

#[test]
fn other_words_for_a_picture_are_found() {
    assert_found("another alternative text is", |document| {
        for figure in elements(document, "Figure") {
            figure.set("Alt", Object::string_literal("A large picture"));
        }
    });
}

#[test]
fn words_laid_over_others_are_found() {
    assert_found("text that is read in place of another is", |document| {
        rewrite(document, "TJ", |content| {
            content.replacen("[(", "/Span<</ActualText(Two)>>BDC [(", 1).replacen("TJ", "TJ EMC", 1)
        });
    });
}

#[test]
fn a_link_that_leads_elsewhere_is_found() {
    assert_found("a link to another place is", |document| {
        let mut changed = false;
        for object in document.objects.values_mut() {
            let Object::Dictionary(annotation) = object else { continue };
            if let Ok(action) = annotation.get_mut(b"A").and_then(Object::as_dict_mut)
                && action.has(b"URI")
            {
                action.set("URI", Object::string_literal("https://example.org/b"));
                changed = true;
            }
        }
        assert!(changed);
    });
}
