//! Word documents and e-books in lines for people: what stands in a package, without how it is
//! written.

use chancery::source::zip::Archive;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// A part of XML as a tree.
enum Node {
    Element(Element),
    Text(String),
}

#[derive(Default)]
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    children: Vec<Node>,
}

impl Element {
    fn of(start: &BytesStart) -> Element {
        let attributes = start.attributes().flatten().map(|attribute| {
            let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
            (attribute.key.as_ref().to_owned(), value)
        });
        Element { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), children: Vec::new() }
    }

    fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    fn child(&self, path: &str) -> Option<&Element> {
        path.split('/').try_fold(self, |element, name| element.elements().find(|child| child.name == name))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a property, by its path.
    fn value(&self, path: &str) -> Option<&str> {
        self.child(path)?.get("w:val")
    }

    fn within(&self, name: &str) -> Vec<&Element> {
        let mut found = Vec::new();
        for child in self.elements() {
            if child.name == name {
                found.push(child);
            }
            found.extend(child.within(name));
        }
        found
    }

    fn text(&self) -> String {
        let text = self.children.iter().map(|node| match node {
            Node::Element(element) => element.text(),
            Node::Text(text) => text.clone(),
        });
        text.collect()
    }
}

fn tree(xml: &str) -> Element {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Element::default()];
    let add = |open: &mut Vec<Element>, node| open.last_mut().unwrap().children.push(node);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => open.push(Element::of(&start)),
            Event::Empty(start) => add(&mut open, Node::Element(Element::of(&start))),
            Event::End(_) => {
                let closed = open.pop().unwrap();
                add(&mut open, Node::Element(closed));
            }
            Event::Text(text) => add(&mut open, Node::Text((*text).to_owned())),
            Event::GeneralRef(entity) => {
                let plain = quick_xml::escape::unescape(&format!("&{};", &*entity)).unwrap().into_owned();
                add(&mut open, Node::Text(plain));
            }
            Event::Eof => return open.pop().unwrap(),
            _ => {}
        }
    }
}

fn part(archive: &Archive, name: &str) -> Option<Element> {
    archive.holds(name).then(|| tree(&String::from_utf8(archive.read(name).unwrap()).unwrap()))
}

/// A Word document: a line for each paragraph, with its style, and lines for tables, rows and cells.
///
/// | sign | means |
/// |---|---|
/// | `{Style words}` | a run with a style; `lang=` names its language |
/// | `[#name words]` | a bookmark |
/// | `(→target words)` | a link |
/// | `<INSTRUCTION = words>` | a field and what it shows |
/// | `^2` | what calls the note with this id, with a mark of its own in `^2=3`; `^` the number in the note |
/// | `+{words}`, `-{words}` | inserted and deleted |
/// | `⇥`, `⏎` | a tab and a broken line |
pub fn word(bytes: &[u8]) -> String {
    let archive = Archive::open(bytes).unwrap();
    let mut out = String::new();
    for (name, links) in
        [("word/document.xml", "word/_rels/document.xml.rels"), ("word/footnotes.xml", "word/_rels/footnotes.xml.rels")]
    {
        let Some(root) = part(&archive, name) else { continue };
        let mut listing = Listing::default();
        for relationship in part(&archive, links).iter().flat_map(|root| root.within("Relationship")) {
            let [id, target] = ["Id", "Target"].map(|name| relationship.get(name).unwrap().to_owned());
            listing.targets.insert(id, target);
        }
        for element in root.elements().flat_map(|root| root.elements()) {
            match element.name.as_str() {
                "w:body" => listing.blocks(element, 0),
                "w:footnote" if element.get("w:type").is_none() => {
                    listing.line(0, &format!("note {}", element.get("w:id").unwrap()));
                    listing.blocks(element, 1);
                }
                _ => {}
            }
        }
        out.push_str(&listing.out);
    }
    out
}

#[derive(Default)]
struct Listing {
    targets: BTreeMap<String, String>,
    out: String,
}

impl Listing {
    fn line(&mut self, depth: usize, text: &str) {
        let text = text.replace('\n', "⏎");
        self.out.push_str(&format!("{}{}\n", "  ".repeat(depth), text.trim_end()));
    }

    fn blocks(&mut self, element: &Element, depth: usize) {
        for block in element.elements() {
            match block.name.as_str() {
                "w:p" => {
                    let line = self.paragraph(block);
                    self.line(depth, &line);
                }
                "w:tbl" => self.table(block, depth),
                "w:sectPr" | "w:tcPr" => {}
                other => self.line(depth, other),
            }
        }
    }

    fn paragraph(&self, paragraph: &Element) -> String {
        let mut head = paragraph.value("w:pPr/w:pStyle").unwrap_or("no style").to_owned();
        for property in paragraph.child("w:pPr").iter().flat_map(|properties| properties.elements()) {
            let value = property.get("w:val");
            head += &match property.name.as_str() {
                "w:pStyle" | "w:rPr" | "w:pPrChange" => String::new(),
                "w:numPr" => {
                    let [list, level] = ["w:numId", "w:ilvl"].map(|name| property.value(name).unwrap_or_default());
                    format!(" list={list}/{level}")
                }
                "w:sectPr" => match property.child("w:pgSz").and_then(|size| size.get("w:orient")) {
                    Some(way) => format!(" section={way}"),
                    None => " section".to_owned(),
                },
                name => match value {
                    Some(value) => format!(" {}={value}", &name[2..]),
                    None => format!(" {}", &name[2..]),
                },
            };
        }
        let mut words = String::new();
        self.inlines(paragraph, &mut words);
        format!("{head}: {words}")
    }

    fn table(&mut self, table: &Element, depth: usize) {
        let mut head = format!("table {}", table.value("w:tblPr/w:tblStyle").unwrap_or("no style"));
        let look = table.child("w:tblPr/w:tblLook").unwrap();
        for (name, said) in [("w:firstRow", "heads columns"), ("w:firstColumn", "heads rows")] {
            if look.get(name) == Some("1") {
                head += &format!(", {said}");
            }
        }
        if table.child("w:tblPr/w:bidiVisual").is_some() {
            head += ", right to left";
        }
        if let Some(caption) = table.value("w:tblPr/w:tblCaption") {
            head += &format!(": {caption}");
        }
        self.line(depth, &head);
        for row in table.within("w:tr").into_iter().filter(|row| table.elements().any(|own| std::ptr::eq(own, *row))) {
            let is_head = row.child("w:trPr/w:tblHeader").is_some();
            self.line(depth + 1, if is_head { "row, head" } else { "row" });
            for cell in row.elements().filter(|cell| cell.name == "w:tc") {
                let mut head = "cell".to_owned();
                if let Some(columns) = cell.value("w:tcPr/w:gridSpan") {
                    head += &format!(", {columns} columns");
                }
                match cell.child("w:tcPr/w:vMerge").map(|merge| merge.get("w:val")) {
                    Some(Some(_)) => head += ", goes on below",
                    Some(None) => head += ", of the row above",
                    None => {}
                }
                // A cell of one paragraph is one line.
                let blocks: Vec<&Element> = cell.elements().filter(|block| block.name != "w:tcPr").collect();
                match blocks.as_slice() {
                    [only] if only.name == "w:p" => {
                        let line = self.paragraph(only);
                        self.line(depth + 2, &format!("{head} | {line}"));
                    }
                    _ => {
                        self.line(depth + 2, &head);
                        self.blocks(cell, depth + 3);
                    }
                }
            }
        }
    }

    fn inlines(&self, element: &Element, words: &mut String) {
        for inline in element.elements() {
            let get = |name: &str| inline.get(name).unwrap_or_default();
            match inline.name.as_str() {
                "w:pPr" => {}
                "w:r" => self.run(inline, words),
                "w:hyperlink" => {
                    let target = match inline.get("w:anchor") {
                        Some(anchor) => format!("#{anchor}"),
                        None => self.targets.get(get("r:id")).cloned().unwrap_or_default(),
                    };
                    words.push_str(&format!("(→{target} "));
                    self.inlines(inline, words);
                    words.push(')');
                }
                "w:bookmarkStart" => words.push_str(&format!("[#{} ", get("w:name"))),
                "w:bookmarkEnd" => {
                    let end = words.strip_suffix(' ').map_or(words.len(), str::len);
                    words.replace_range(end.., "]");
                }
                "w:ins" | "w:moveTo" | "w:del" | "w:moveFrom" => {
                    let sign = if matches!(inline.name.as_str(), "w:ins" | "w:moveTo") { '+' } else { '-' };
                    words.push_str(&format!("{sign}{{"));
                    self.inlines(inline, words);
                    words.push('}');
                }
                "m:oMath" | "m:oMathPara" => {
                    words.push_str(&format!("<formula {}>", inline.text().replace('\u{200b}', "")))
                }
                "w:moveFromRangeStart" | "w:moveFromRangeEnd" | "w:moveToRangeStart" | "w:moveToRangeEnd" => {}
                other => words.push_str(&format!("<{other}>")),
            }
        }
    }

    fn run(&self, run: &Element, words: &mut String) {
        let mut said = String::new();
        for piece in run.elements() {
            match piece.name.as_str() {
                "w:rPr" => {}
                "w:t" | "w:delText" => said.push_str(&piece.text()),
                "w:instrText" | "w:delInstrText" => said.push_str(piece.text().trim()),
                "w:fldChar" => said.push_str(match piece.get("w:fldCharType").unwrap() {
                    "begin" => "<",
                    "separate" => " = ",
                    _ => ">",
                }),
                "w:br" => said.push('⏎'),
                "w:tab" => said.push('⇥'),
                "w:softHyphen" => said.push_str("<soft hyphen>"),
                "w:noBreakHyphen" => said.push('\u{2011}'),
                "w:footnoteReference" => {
                    let shows = if piece.get("w:customMarkFollows").is_some() { "=" } else { "" };
                    said.push_str(&format!("^{}{shows}", piece.get("w:id").unwrap()));
                }
                "w:footnoteRef" => said.push('^'),
                "w:drawing" => said.push_str(&self.picture(piece)),
                other => said.push_str(&format!("<{other}>")),
            }
        }
        let mut look: Vec<String> = Vec::new();
        for property in run.child("w:rPr").iter().flat_map(|properties| properties.elements()) {
            let value = property.get("w:val").or_else(|| property.get("w:bidi"));
            match (property.name.as_str(), value) {
                // What these are is seen from what they hold.
                ("w:rStyle", Some("Hyperlink" | "FootnoteReference")) => {}
                ("w:rStyle", Some(style)) => look.push(style.to_owned()),
                (name, Some(value)) => look.push(format!("{}={value}", &name[2..])),
                (name, None) => look.push(name[2..].to_owned()),
            }
        }
        match look.is_empty() {
            true => words.push_str(&said),
            false => words.push_str(&format!("{{{} {said}}}", look.join(" "))),
        }
    }

    fn picture(&self, drawing: &Element) -> String {
        let properties = drawing.within("wp:docPr")[0];
        let extent = drawing.within("wp:extent")[0];
        let points = |name| extent.get(name).unwrap().parse::<f64>().unwrap() / 12_700.0;
        let mut said = String::from("<picture");
        for blip in drawing.within("a:blip").into_iter().chain(drawing.within("asvg:svgBlip")) {
            said += &format!(" {}", self.targets.get(blip.get("r:embed").unwrap()).unwrap());
        }
        said += &format!(" {:.0}×{:.0} pt", points("cx"), points("cy"));
        for (name, value) in &drawing.within("a:xfrm")[0].attributes {
            said += &format!(" {name}={value}");
        }
        if !drawing.within("adec:decorative").is_empty() {
            said += ", decorative";
        }
        for (name, before) in [("descr", ": "), ("title", " | ")] {
            if let Some(text) = properties.get(name).filter(|text| !text.is_empty()) {
                said += &format!("{before}{text}");
            }
        }
        said + ">"
    }
}

/// An e-book: its files in their order, its spine, the lists of its navigation, and what stands
/// inside `<main>`.
pub fn e_book(bytes: &[u8]) -> String {
    let archive = Archive::open(bytes).unwrap();
    let text = |name: &str| String::from_utf8(archive.read(name).unwrap()).unwrap();
    let mut out = String::new();
    let package = part(&archive, "EPUB/package.opf").unwrap();
    let items = package.within("item");
    for entry in archive.entries() {
        let item = items.iter().find(|item| entry.name.strip_prefix("EPUB/") == item.get("href"));
        let kind = item.and_then(|item| item.get("media-type")).unwrap_or_default();
        let properties = item.and_then(|item| item.get("properties")).unwrap_or_default();
        out += format!("{} {kind} {properties}", entry.name).trim_end();
        out.push('\n');
    }
    let spine = package.within("itemref").into_iter().map(|item| item.get("idref").unwrap());
    out += &format!("spine: {}\n", spine.collect::<Vec<_>>().join(" "));
    for list in part(&archive, "EPUB/navigation.xhtml").unwrap().within("nav") {
        out += &format!("{}:\n", list.get("epub:type").unwrap());
        entries(list, 1, &mut out);
    }
    let page = text("EPUB/text.xhtml");
    let main = page.split_once("<main").and_then(|(_, rest)| rest.split_once('>')).unwrap().1;
    out + main.rsplit_once("</main>").unwrap().0
}

fn entries(list: &Element, depth: usize, out: &mut String) {
    for child in list.elements() {
        match child.name.as_str() {
            "a" | "span" => {
                let target = child.get("href").map(|href| format!(" → {href}")).unwrap_or_default();
                out.push_str(&format!("{}{}{target}\n", "  ".repeat(depth), child.text()));
            }
            "li" => entries(child, depth, out),
            "ol" => entries(child, depth + usize::from(list.name == "li"), out),
            _ => {}
        }
    }
}
