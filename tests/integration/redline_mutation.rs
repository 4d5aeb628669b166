//! Redlines with damage: a change that is dropped, swapped or not marked, words that stayed and
//! are marked, a summary or a table of numbers that says something else. The proof finds all.

use crate::support::PROJECT_FREE;
use chancery::Compilation;
use chancery::backend::zip;
use chancery::diagnostic::Diagnostics;
use chancery::format::Format;
use chancery::redline::{Renumbering, compare, track};
use chancery::source::zip::Archive;
use chancery::verify::prove;
use lopdf::{Dictionary, Document, Object, ObjectId};
use std::ops::Range;
use std::sync::Arc;

const OLD: &str = include_str!("redline_mutation/old.md");
const NEW: &str = include_str!("redline_mutation/new.md");

fn redline() -> Compilation {
    let [old, new] = [OLD, NEW].map(|text| PROJECT_FREE.compile(text));
    assert!(!old.diagnostics.has_errors() && !new.diagnostics.has_errors());
    let files = u32::try_from(new.sources.iter().count()).unwrap();
    let (was, is) = (old.document.as_ref().unwrap(), new.document.as_ref().unwrap());
    let mut redline = compare(was, is, files, Renumbering::List);
    assert!(!redline.renumbered.is_empty() && !redline.moved.is_empty(), "the texts show too little");
    redline.document.tracked = Some(Arc::new(track(was, is, files)));
    Compilation { document: Some(redline.document), ..new }
}

fn edition(compilation: &Compilation, format: Format) -> Vec<u8> {
    compilation.edition(format, &mut Diagnostics::default()).unwrap()
}

fn faults(compilation: &Compilation, format: Format, edition: &[u8]) -> Vec<String> {
    let mut found = Diagnostics::default();
    prove(compilation.document.as_ref().unwrap(), &compilation.theme, format, edition, &mut found);
    found.iter().map(|problem| problem.message.to_string()).collect()
}

/// Damaged editions with what was done to each.
type Mutants = Vec<(String, String)>;

/// Wants every mutant of an edition that is text to be found out.
fn assert_found(format: Format, mutants: impl Fn(&str) -> Mutants) {
    let compilation = redline();
    let text = String::from_utf8(edition(&compilation, format)).unwrap();
    assert_eq!(faults(&compilation, format, text.as_bytes()), [""; 0]);
    let mutants = mutants(&text);
    assert!(mutants.len() > 60, "{} mutants show little", mutants.len());
    let believed = mutants.iter().filter(|(what, mutant)| {
        assert_ne!(**mutant, text, "{what}: nothing was changed");
        faults(&compilation, format, mutant.as_bytes()).is_empty()
    });
    let believed: Vec<&str> = believed.map(|(what, _)| what.as_str()).collect();
    assert_eq!(believed, [""; 0], "{format:?} is believed");
}

fn with(text: &str, range: Range<usize>, other: &str) -> String {
    format!("{}{other}{}", &text[..range.start], &text[range.end..])
}

/// A range with another in it.
struct Mark {
    whole: Range<usize>,
    inner: Range<usize>,
}

/// The elements of a name that hold no other of it.
fn elements(text: &str, name: &str) -> Vec<Mark> {
    let (open, close) = (format!("<{name} "), format!("</{name}>"));
    let starts = text.match_indices(&open).map(|(at, _)| at);
    let marks = starts.filter_map(|at| {
        let start = at + text[at..].find('>')? + 1;
        let end = start + text[start..].find(&close)?;
        let is_innermost = !text[start..end].contains(&open);
        is_innermost.then(|| Mark { whole: at..end + close.len(), inner: start..end })
    });
    marks.collect()
}

/// Without marks, with those of another version, without words, and with the words of the next.
fn of_marks(text: &str, marks: &[Mark], plain: impl Fn(&str) -> String, swapped: impl Fn(&str) -> String) -> Mutants {
    let mut marks: Vec<&Mark> = marks.iter().collect();
    marks.sort_by_key(|mark| mark.whole.start);
    let mut mutants = Mutants::new();
    for (number, mark) in marks.iter().enumerate() {
        let (whole, inner) = (&text[mark.whole.clone()], &text[mark.inner.clone()]);
        mutants.push((format!("dropped: {whole}"), with(text, mark.whole.clone(), "")));
        mutants.push((format!("not marked: {whole}"), with(text, mark.whole.clone(), &plain(inner))));
        mutants.push((format!("of the other version: {whole}"), with(text, mark.whole.clone(), &swapped(whole))));
        let next = marks.get(number + 1).filter(|next| next.whole.start >= mark.whole.end);
        if let Some(next) = next.filter(|next| text[next.inner.clone()] != *inner) {
            let other = &text[next.inner.clone()];
            let both = with(text, next.inner.clone(), inner);
            mutants.push((format!("exchanged: {whole}"), with(&both, mark.inner.clone(), other)));
        }
    }
    mutants
}

/// Each piece between two signs in a range with its last letter or digit changed.
fn of_words(text: &str, range: Range<usize>, what: &str) -> Mutants {
    let mut mutants = Mutants::new();
    let mut is_word = false;
    for (at, letter) in text[range.clone()].char_indices() {
        let next = text[range.start + at..].chars().nth(1).unwrap_or(' ');
        is_word = match letter {
            '<' => false,
            '>' => true,
            _ => is_word,
        };
        if is_word && letter.is_ascii_alphanumeric() && !next.is_alphanumeric() {
            let place = range.start + at..range.start + at + 1;
            let other = if letter == 'q' || letter == '7' {
                "x"
            } else if letter.is_ascii_digit() {
                "7"
            } else {
                "q"
            };
            let around: String = text[range.start..place.end].chars().rev().take(20).collect();
            mutants.push((
                format!("{what}: {} became {other}", around.chars().rev().collect::<String>()),
                with(text, place, other),
            ));
        }
    }
    mutants
}

/// Words that both versions have.
const KEPT: [&str; 4] = ["invoice", "plums", "Third", "Nothing"];

fn of_kept(text: &str, mark: impl Fn(&str, bool) -> String) -> Mutants {
    let mut mutants = Mutants::new();
    for words in KEPT {
        let at = text.rfind(words).unwrap_or_else(|| panic!("{words} is not in {text}"));
        for is_new in [true, false] {
            let marked = mark(words, is_new);
            mutants.push((format!("marked: {marked}"), with(text, at..at + words.len(), &marked)));
            let both = format!("{}{}", mark(words, false), mark(words, true));
            mutants.push((format!("marked twice: {both}"), with(text, at..at + words.len(), &both)));
        }
    }
    mutants
}

#[test]
fn damage_to_html_is_found() {
    assert_found(Format::Html, |html| {
        let body = html.find("<main").unwrap();
        let marks: Vec<Mark> = ["ins", "del"].iter().flat_map(|name| elements(html, name)).collect();
        let without_said = |inner: &str| {
            let said =
                elements(inner, "span").into_iter().filter(|mark| inner[mark.whole.clone()].contains("\"said\""));
            said.collect::<Vec<_>>()
                .iter()
                .rev()
                .fold(inner.to_owned(), |text, mark| with(&text, mark.whole.clone(), ""))
        };
        let swapped = |whole: &str| {
            let (from, to) =
                if whole.starts_with("<ins") { (NEW_IN_HTML, OLD_IN_HTML) } else { (OLD_IN_HTML, NEW_IN_HTML) };
            from.iter().zip(to).fold(whole.to_owned(), |text, (one, other)| text.replace(one, other))
        };
        let mut mutants = of_marks(html, &marks, without_said, swapped);
        for mark in &marks {
            // The element says one thing and its class another.
            let whole = &html[mark.whole.clone()];
            let other = swapped(whole).replace("inserted\"", "x\"").replace("deleted\"", "inserted\"");
            let other = other.replace("x\"", "deleted\"");
            mutants.push((format!("of two minds: {other}"), with(html, mark.whole.clone(), &other)));
        }
        mutants.extend(of_kept(html, |words, is_new| match is_new {
            true => format!("<ins class=\"change inserted\"><span class=\"said\"> inserted: </span>{words}<span class=\"said\"> end of insertion </span></ins>"),
            false => format!("<del class=\"change deleted\"><span class=\"said\"> deleted: </span>{words}<span class=\"said\"> end of deletion </span></del>"),
        }));
        let start = body + html[body..].find("id=\"_changes\"").unwrap();
        let start = start + html[start..].find('>').unwrap();
        mutants.extend(of_words(html, start..start + html[start..].find("</section>").unwrap(), "summary"));
        mutants
    });
}

const NEW_IN_HTML: [&str; 4] = ["<ins", "</ins", "inserted", "insertion"];
const OLD_IN_HTML: [&str; 4] = ["<del", "</del", "deleted", "deletion"];

#[test]
fn damage_to_docbook_is_found() {
    assert_found(Format::Docbook, |xml| {
        let is_change = |mark: &Mark| xml[mark.whole.start..mark.inner.start].contains("revisionflag");
        let marks: Vec<Mark> =
            ["phrase", "para"].iter().flat_map(|name| elements(xml, name)).filter(is_change).collect();
        const NAMES: [(&str, &str); 2] = [("inserted", "deleted"), ("added", "deleted")];
        let swapped = |whole: &str| {
            let is_new = whole.contains("\"added\"");
            NAMES.iter().fold(whole.to_owned(), |text, (new, old)| {
                let (role, flag) = (format!("role=\"{new}\""), format!("flag=\"{new}\""));
                let (old_role, old_flag) = (format!("role=\"{old}\""), format!("flag=\"{old}\""));
                match (is_new, *new) {
                    (true, "inserted") => text.replace(&role, &old_role).replace("moved-to", "moved-from"),
                    (true, _) => text.replace(&flag, &old_flag),
                    (false, "inserted") => text.replace(&old_role, &role).replace("moved-from", "moved-to"),
                    (false, _) => text.replace(&old_flag, &flag),
                }
            })
        };
        let mut mutants = of_marks(xml, &marks, str::to_owned, swapped);
        for mark in &marks {
            let whole = &xml[mark.whole.clone()];
            let flag = if whole.contains("\"added\"") { ("added", "deleted") } else { ("deleted", "added") };
            for (one, other) in [
                (format!("revisionflag=\"{}\"", flag.0), format!("revisionflag=\"{}\"", flag.1)),
                (format!("revisionflag=\"{}\"", flag.0), String::new()),
                ("revision=\"1.1\"".to_owned(), "revision=\"1.0\"".to_owned()),
                ("revision=\"1.1\"".to_owned(), String::new()),
            ] {
                let changed = whole.replacen(&one, &other, 1);
                mutants.push((format!("{one} became {other}: {whole}"), with(xml, mark.whole.clone(), &changed)));
            }
        }
        for (at, _) in xml.match_indices("<row") {
            let end = at + xml[at..].find('>').unwrap();
            let row = &xml[at..end];
            for flag in ["", " revisionflag=\"added\" revision=\"1.1\"", " revisionflag=\"deleted\" revision=\"1.1\""] {
                if row != format!("<row{flag}") {
                    mutants.push((format!("{row} became <row{flag}"), with(xml, at..end, &format!("<row{flag}"))));
                }
            }
        }
        mutants.extend(of_kept(xml, |words, is_new| {
            let (role, flag) = if is_new { ("inserted", "added") } else { ("deleted", "deleted") };
            format!("<phrase role=\"{role}\" revisionflag=\"{flag}\" revision=\"1.1\">{words}</phrase>")
        }));
        let start = xml.find("xml:id=\"_changes\"").unwrap();
        let start = start + xml[start..].find('>').unwrap();
        mutants.extend(of_words(xml, start..start + xml[start..].find("</sidebar>").unwrap(), "summary"));
        mutants
    });
}

#[test]
fn damage_to_text_is_found() {
    const SIGNS: [(&str, &str); 4] = [("{+", "+}"), ("[-", "-]"), ("{>", ">}"), ("[<", "<]")];
    assert_found(Format::Text, |text| {
        let mut marks = Vec::new();
        for (open, close) in SIGNS {
            for (at, _) in text.match_indices(open) {
                let end = at + text[at..].find(close).unwrap();
                marks.push(Mark { whole: at..end + 2, inner: at + 2..end });
            }
        }
        let swapped = |whole: &str| {
            let at = SIGNS.iter().position(|(open, _)| whole.starts_with(open)).unwrap();
            let (open, close) = SIGNS[at ^ 1];
            format!("{open}{}{close}", &whole[2..whole.len() - 2])
        };
        let mut mutants = of_marks(text, &marks, str::to_owned, swapped);
        mutants.extend(of_kept(text, |words, is_new| {
            let (open, close) = SIGNS[usize::from(!is_new)];
            format!("{open}{words}{close}")
        }));
        for (at, _) in text.match_indices(" |\n") {
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            if text[line..at].chars().count() == 70 {
                let kept = text[line..at].trim_end();
                mutants.push((format!("no bar: {kept}"), with(text, line..at + 2, kept)));
            }
        }
        let plain = text.rfind("stay here always").unwrap();
        let end = plain + text[plain..].find('\n').unwrap();
        let line = &text[plain..end];
        mutants.push((format!("a bar: {line}"), with(text, plain..end, &format!("{line:<70} |"))));
        let rule = "-".repeat(70);
        let start = text.find(&rule).unwrap() + rule.len();
        let summary = start..start + text[start..].find(&rule).unwrap();
        let tagged = format!(">{}", &text[summary.clone()]);
        for (what, mutant) in of_words(&tagged, 0..tagged.len(), "summary") {
            mutants.push((what, with(text, summary.clone(), &mutant[1..])));
        }
        mutants
    });
}

#[test]
fn damage_to_word_is_found() {
    let compilation = redline();
    let docx = edition(&compilation, Format::Docx);
    assert_eq!(faults(&compilation, Format::Docx, &docx), [""; 0]);
    let text = String::from_utf8(Archive::open(&docx).unwrap().read("word/document.xml").unwrap()).unwrap();
    let run = |element: &str, words: &str| {
        let name = if element == "w:del" { "w:delText" } else { "w:t" };
        format!(
            "<{element} w:id=\"9{}\" w:author=\"A\"><w:r><{name} xml:space=\"preserve\">{words}</{name}></w:r></{element}>",
            element.len()
        )
    };
    let mut mutants = Mutants::new();
    for words in KEPT {
        let at = text.rfind(words).unwrap();
        let start = text[..at].rfind("<w:r>").unwrap();
        let end = at + text[at..].find("</w:r>").unwrap() + "</w:r>".len();
        let whole = &text[start..end];
        let (before, behind) = whole.split_once(words).unwrap();
        assert!(!before.contains("w:rPr"), "{words} look like others");
        let around = |marked: &str| format!("{before}</w:t></w:r>{marked}<w:r><w:t xml:space=\"preserve\">{behind}");
        for marked in
            [run("w:ins", words), run("w:del", words), run("w:del", words) + &run("w:ins", words).replace("95", "96")]
        {
            mutants.push((format!("marked: {marked}"), with(&text, start..end, &around(&marked))));
        }
    }
    // The words of two changes in each other's places.
    let texts: Vec<Mark> =
        elements(&text, "w:delText").into_iter().filter(|mark| !text[mark.inner.clone()].trim().is_empty()).collect();
    for pair in texts.windows(2) {
        let [one, other] = pair else { continue };
        let both = with(&text, other.inner.clone(), &text[one.inner.clone()]);
        let what = format!("exchanged: {} and {}", &text[one.inner.clone()], &text[other.inner.clone()]);
        if text[one.inner.clone()] != text[other.inner.clone()] {
            mutants.push((what, with(&both, one.inner.clone(), &text[other.inner.clone()])));
        }
    }
    assert!(mutants.len() > 15, "{}", mutants.len());
    let believed: Vec<&str> = mutants
        .iter()
        .filter(|(_, mutant)| faults(&compilation, Format::Docx, &with_text(&docx, mutant)).is_empty())
        .map(|(what, _)| what.as_str())
        .collect();
    assert_eq!(believed, [""; 0], "is believed");
}

fn with_text(docx: &[u8], text: &str) -> Vec<u8> {
    let archive = Archive::open(docx).unwrap();
    let mut changed = zip::Archive::default();
    for entry in archive.entries() {
        let bytes = archive.read(&entry.name).unwrap();
        let is_text = entry.name == "word/document.xml";
        changed.deflate(&entry.name, if is_text { text.as_bytes() } else { &bytes });
    }
    changed.finish().unwrap()
}

#[test]
fn damage_to_pdf_is_found() {
    let compilation = redline();
    let pdf = edition(&compilation, Format::Pdf);
    assert_eq!(faults(&compilation, Format::Pdf, &pdf), [""; 0]);
    let document = Document::load_mem(&pdf).unwrap();
    let of = |names: &[&str]| -> Vec<ObjectId> {
        let is = |element: &Dictionary| {
            let name = element.get(b"S").and_then(Object::as_name).ok();
            names.iter().any(|wanted| name == Some(wanted.as_bytes())) && element.has(b"P")
        };
        document.objects.iter().filter(|(_, object)| object.as_dict().is_ok_and(is)).map(|(id, _)| *id).collect()
    };
    let (changes, texts) = (of(&["Ins", "Del"]), of(&["P", "LBody", "TD", "TH"]));
    let brackets = of(&["Span"]).into_iter().filter(|id| get(&document, *id).has(b"ActualText")).collect::<Vec<_>>();
    assert!(changes.len() > 15 && brackets.len() >= 2 * changes.len() && texts.len() > 20);
    let mut mutants: Vec<(String, Document)> = Vec::new();
    let mut mutant = |what: String, change: &dyn Fn(&mut Document)| {
        let mut changed = document.clone();
        change(&mut changed);
        mutants.push((what, changed));
    };
    for id in &changes {
        let is_new = get(&document, *id).get(b"S").and_then(Object::as_name).unwrap() == b"Ins";
        let other = if is_new { "Del" } else { "Ins" };
        for name in [other, "Span"] {
            mutant(format!("{id:?} became {name}"), &|pdf| {
                pdf.get_dictionary_mut(*id).unwrap().set("S", Object::Name(name.into()));
            });
        }
        mutant(format!("{id:?} is empty"), &|pdf| {
            pdf.get_dictionary_mut(*id).unwrap().set("K", Object::Array(Vec::new()));
        });
    }
    for id in &brackets {
        mutant(format!("{id:?} says something else"), &|pdf| {
            pdf.get_dictionary_mut(*id).unwrap().set("ActualText", Object::string_literal("said"));
        });
    }
    for pair in changes.windows(2).chain(texts.windows(2)) {
        let parent = |id: &ObjectId| get(&document, *id).get(b"P").and_then(Object::as_reference).ok();
        let is_in = |inner: ObjectId, outer: ObjectId| std::iter::successors(Some(inner), parent).any(|id| id == outer);
        // What is in another has its words.
        if is_in(pair[0], pair[1]) || is_in(pair[1], pair[0]) {
            continue;
        }
        let [one, other] = [pair[0], pair[1]].map(|id| get(&document, id).get(b"K").unwrap().clone());
        let names = [pair[0], pair[1]].map(|id| format!("{:?}", get(&document, id)));
        mutant(format!("{names:?} are exchanged"), &|pdf| {
            pdf.get_dictionary_mut(pair[0]).unwrap().set("K", other.clone());
            pdf.get_dictionary_mut(pair[1]).unwrap().set("K", one.clone());
        });
    }
    // A paragraph that stayed, marked.
    for id in of(&["P"]) {
        for name in ["Ins", "Del"] {
            mutant(format!("{id:?} is marked as {name}"), &|pdf| {
                let mut inner = get(pdf, id).clone();
                inner.set("S", Object::Name(name.into()));
                inner.set("P", Object::Reference(id));
                let inner = pdf.add_object(inner);
                pdf.get_dictionary_mut(id).unwrap().set("K", Object::Reference(inner));
            });
        }
    }
    let believed: Vec<String> = mutants
        .into_iter()
        .filter_map(|(what, mut mutant)| {
            let mut bytes = Vec::new();
            mutant.save_to(&mut bytes).unwrap();
            faults(&compilation, Format::Pdf, &bytes).is_empty().then_some(what)
        })
        .collect();
    assert_eq!(believed, [""; 0], "is believed");
}

fn get(document: &Document, id: ObjectId) -> &Dictionary {
    document.get_dictionary(id).unwrap()
}
