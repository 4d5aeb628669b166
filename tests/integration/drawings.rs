//! Drawings of strangers: whatever is in the file, nothing panics, little is
//! written, and nothing active reaches an edition.
//!
//! A few in every run; `CHANCERY_MUTATIONS=100000` asks for more, and
//! `CHANCERY_CORPORA` names folders of other drawings to damage.

use crate::mutation::{WRITTEN, written};
use crate::support::{PROJECT_FREE, crate_path};
use base64::Engine;
use chancery::diagnostic::{Code, Diagnostics};
use chancery::format::Format;
use chancery::source::MemoryFiles;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// In every run of the tests.
const FEW: usize = 150;
/// As for the threads of the command line.
const STACK: usize = 64 * 1024 * 1024;
/// Bytes of a drawing that are taken at most.
const WINDOW: usize = 8_000;

/// Numbers that look random and are the same in every run (Knuth's MMIX
/// generator).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound.max(1)
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

const ELEMENTS: [&str; 22] = [
    "g",
    "use",
    "pattern",
    "mask",
    "clipPath",
    "marker",
    "linearGradient",
    "radialGradient",
    "symbol",
    "svg",
    "text",
    "tspan",
    "textPath",
    "rect",
    "circle",
    "path",
    "polyline",
    "image",
    "a",
    "switch",
    "defs",
    "stop",
];
const ATTRIBUTES: [&str; 24] = [
    "fill",
    "stroke",
    "mask",
    "clip-path",
    "marker-mid",
    "href",
    "xlink:href",
    "transform",
    "viewBox",
    "width",
    "height",
    "x",
    "y",
    "d",
    "points",
    "style",
    "class",
    "font-size",
    "stroke-dasharray",
    "opacity",
    "offset",
    "r",
    "spreadMethod",
    "patternUnits",
];
const VALUES: [&str; 24] = [
    "url(#i0)",
    "url(#i1)",
    "url(#i2) red",
    "#i0",
    "#i1",
    "#i2",
    "0",
    "-1",
    "1e38",
    "NaN",
    "0.0001",
    "50%",
    "100",
    "rotate(45) scale(0)",
    "matrix(1 0 0 1 1e30 0)",
    "0 0 10 10",
    "0 0 0 0",
    "M0 0L10 10C1 1 2 2 3 3zm5-5a1 1 0 00 9 9",
    "fill:url(#i3);marker:url(#i4)",
    "1 2 3",
    "reflect",
    "objectBoundingBox",
    "javascript:x()",
    "url(https://a.example/)",
];
const PIECES: [&str; 20] = [
    "<style>.k{fill:url(#i1)} g > * {mask:url(#i2)}</style>",
    "<style>@import 'x'</style>",
    "<script>x()</script>",
    "<set attributeName='href' to='javascript:x()'/>",
    "<animate attributeName='x'/>",
    "<foreignObject/>",
    "<!-- c -->",
    "<![CDATA[",
    "]]>",
    "&#106;avascript:",
    "&lt;script&gt;",
    "\u{202e}",
    "e\u{301}\u{301}",
    "مرحبا",
    "\u{10ffff}",
    "\u{1}",
    "<!DOCTYPE svg>",
    "</g>",
    "\"",
    "/>",
];

/// A drawing put together from elements that refer to one another.
fn generated(random: &mut Random) -> String {
    fn element(random: &mut Random, depth: usize, number: &mut usize, out: &mut String) {
        let name = random.pick(&ELEMENTS);
        out.push_str(&format!("<{name} id='i{number}'"));
        *number += 1;
        let mut used = Vec::new();
        for _ in 0..random.below(5) {
            let attribute = random.pick(&ATTRIBUTES);
            if !used.contains(&attribute) {
                used.push(attribute);
                out.push_str(&format!(" {attribute}='{}'", random.pick(&VALUES)));
            }
        }
        out.push('>');
        if depth < 6 {
            for _ in 0..random.below(4) {
                match random.below(8) {
                    0 => out.push_str("words العربية"),
                    1 => out.push_str(random.pick(&PIECES[..6])),
                    _ => element(random, depth + 1, number, out),
                }
            }
        }
        out.push_str(&format!("</{name}>"));
    }
    let mut out = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>".to_owned();
    let mut number = 0;
    for _ in 0..2 + random.below(6) {
        element(random, 0, &mut number, &mut out);
    }
    out + "</svg>"
}

fn mutated(sources: &[String], random: &mut Random) -> String {
    let mut text: Vec<char> = if random.below(2) == 0 {
        generated(random).chars().collect()
    } else {
        sources[random.below(sources.len())].chars().take(WINDOW).collect()
    };
    for _ in 0..random.below(4) {
        let start = random.below(text.len() + 1);
        let end = (start + random.below(40)).min(text.len());
        match random.below(4) {
            0 => drop(text.drain(start..end)),
            1 => {
                let copy = text[start..end].repeat(1 + random.below(20));
                text.splice(start..start, copy);
            }
            2 => drop(text.splice(start..start, random.pick(&PIECES).chars())),
            _ => drop(text.splice(start..end, random.pick(&VALUES).chars())),
        }
    }
    text.into_iter().collect()
}

fn collect(folder: &Path, sources: &mut Vec<String>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|ending| ending == "svg") {
            sources.extend(std::fs::read_to_string(path));
        }
    }
}

/// What could run or be fetched from a drawing.
const ACTIVE: [&str; 13] = [
    "<script",
    "<style",
    "<set",
    "<animate",
    "<foreign",
    "<handler",
    "<a ",
    "javascript:",
    "a.example",
    "url(h",
    "@import",
    "image-set",
    "<!",
];

/// Compiles a document with the drawing; what went wrong.
fn compile(drawing: &str) -> Result<(), String> {
    let files = MemoryFiles(BTreeMap::from([
        ("note.md".to_owned(), b"# A note\n\n![A drawing](any.svg)\n".to_vec()),
        ("any.svg".to_owned(), drawing.as_bytes().to_vec()),
    ]));
    let compiled = catch_unwind(AssertUnwindSafe(|| {
        let compilation = PROJECT_FREE.compile_files("note.md", &files);
        let mut found = compilation.diagnostics.clone();
        let (mut html, mut pdf) = (None, None);
        if !found.has_errors() {
            html = compilation.edition(Format::Html, &mut found);
            let mut more = Diagnostics::default();
            pdf = compilation.edition(Format::Pdf, &mut more);
            found.append(more);
        }
        let fault =
            found.iter().find(|problem| problem.code == Code::Internal).map(|problem| problem.message.to_string());
        (fault, written(html.iter().chain(&pdf).map(Vec::as_slice), &found), html)
    }));
    let Ok((fault, written, html)) = compiled else { return Err("it panics".to_owned()) };
    if let Some(fault) = fault {
        return Err(fault);
    }
    if written > WRITTEN {
        return Err(format!("{written} bytes are written"));
    }
    let html = String::from_utf8(html.unwrap_or_default()).unwrap();
    let Some((_, data)) = html.split_once("data:image/svg+xml;base64,") else { return Ok(()) };
    let data = base64::engine::general_purpose::STANDARD.decode(data.split('"').next().unwrap()).unwrap();
    let passed_on = markup(&String::from_utf8(data).unwrap());
    match ACTIVE.into_iter().find(|word| passed_on.contains(word)) {
        Some(word) => Err(format!("`{word}` is passed on")),
        None => Ok(()),
    }
}

/// What stands in the tags of a drawing: what stands between them is seen, and does nothing.
fn markup(drawing: &str) -> String {
    drawing.split('<').skip(1).filter_map(|tag| Some(format!("<{}>", tag.split_once('>')?.0))).collect()
}

#[test]
fn mutated_drawings_do_no_harm() {
    let asked = |name: &str| std::env::var(name).ok().and_then(|number| number.parse::<usize>().ok());
    let count = asked("CHANCERY_MUTATIONS").unwrap_or(FEW);
    let seed = asked("CHANCERY_SEED").unwrap_or(1);
    let run = move || {
        let mut sources = Vec::new();
        let corpora = std::env::var_os("CHANCERY_CORPORA").unwrap_or_default();
        let corpora = std::env::split_paths(&corpora).filter(|path| path.is_dir());
        for folder in [crate_path("tests"), crate_path("source")].into_iter().chain(corpora) {
            collect(&folder, &mut sources);
        }
        let mut random = Random(seed as u64);
        let mut faults = Vec::new();
        for number in 0..count {
            let drawing = mutated(&sources, &mut random);
            // Written before, so that it is there where nothing comes back.
            let path = std::env::temp_dir().join(format!("chancery-drawing-{seed}-{number}.svg"));
            std::fs::write(&path, &drawing).unwrap();
            match compile(&drawing) {
                Ok(()) => std::fs::remove_file(&path).unwrap(),
                Err(fault) => faults.push(format!("{}: {fault}", path.display())),
            }
        }
        faults
    };
    let faults = std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
    assert!(faults.is_empty(), "{} of {count} drawings\n{}", faults.len(), faults.join("\n"));
}
