//! Reads an e-book: the text of its one file, read like an HTML page, and the rules of the
//! container and the package.

mod navigation;

use super::{Check, Findings, Unreadable, html};
use crate::resolve::Resolved;
use crate::resolve::is_xml_name;
use crate::source::zip::Archive;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use quick_xml::Reader as XmlReader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

const MEDIA_TYPE: &[u8] = b"application/epub+zip";
const MATHML: &str = "http://www.w3.org/1998/Math/MathML";
const XHTML: &str = "application/xhtml+xml";
/// Where the content of the first file of an archive begins, after a name of eight letters.
const FIRST_CONTENT: usize = 38;
/// Required accessibility metadata (EPUB Accessibility 1.1, 2.2 and 4.2).
const DISCOVERY: [&str; 6] = [
    "schema:accessMode",
    "schema:accessModeSufficient",
    "schema:accessibilityFeature",
    "schema:accessibilityHazard",
    "dcterms:conformsTo",
    "a11y:certifiedBy",
];

/// An e-book, unpacked.
pub struct Book {
    /// Names and contents of its files, in their order.
    files: Vec<(String, Vec<u8>)>,
    package: Package,
    /// The text in the order of the spine.
    text: String,
}

/// The content of the package document.
#[derive(Default)]
struct Package {
    /// Its own path in the archive.
    path: String,
    /// Items by id: path in the archive, media type, properties.
    items: BTreeMap<String, Item>,
    /// Items that are declared, each by its path.
    declared: Vec<String>,
    /// Ids of items in reading order.
    spine: Vec<String>,
    /// Properties and elements of the metadata with their values.
    metadata: Vec<(String, String)>,
    /// The id of the identifier, and the one declared as `unique-identifier`.
    identifiers: [Option<String>; 2],
    faults: Vec<String>,
}

struct Item {
    path: String,
    media_type: String,
    properties: String,
    /// Whether it belongs to the text, and not to the ways through it.
    is_linear: bool,
}

impl Item {
    fn has(&self, property: &str) -> bool {
        self.properties.split(' ').any(|known| known == property)
    }
}

/// Reads an e-book: what it says, and the rules that it keeps or breaks.
pub fn findings(book: &Book, bytes: &[u8]) -> Findings {
    let (reading, of_page) = html::read(&book.text);
    let mut checks = rules(book, bytes);
    checks.extend(of_page);
    Findings::new(Ok(reading), &["EPUB 3.3", "EPUB Accessibility 1.1", "WCAG 2.2 AA"], checks)
}

impl Book {
    /// Unpacks an e-book and finds its text.
    pub fn open(bytes: &[u8]) -> Result<Book, Unreadable> {
        let refused = |error: crate::source::zip::Refusal| Unreadable(error.to_string());
        let archive = Archive::open(bytes).map_err(refused)?;
        let mut files = Vec::new();
        for entry in archive.entries() {
            files.push((entry.name.clone(), archive.read(&entry.name).map_err(refused)?));
        }
        let mut book = Book { files, package: Package::default(), text: String::new() };
        let path = book.rootfile().ok_or_else(|| Unreadable("its container names no package".to_owned()))?;
        let package = book.file(&path).ok_or_else(|| Unreadable(format!("there is no `{path}` in it")))?;
        book.package = Package::read(path, &package);
        let linear =
            book.package.spine.iter().filter_map(|id| book.package.items.get(id)).filter(|item| item.is_linear);
        book.text = linear.filter_map(|item| book.file(&item.path)).collect();
        Ok(book)
    }

    /// The pictures of the text in order, each as a `data:` address.
    pub fn pictures(&self) -> Vec<String> {
        let found = html::pictures(&self.text).into_iter().map(|source| {
            let path = within(&self.package.path, &source);
            let item = self.package.items.values().find(|item| item.path == path);
            let bytes = self.files.iter().find(|(name, _)| *name == path);
            item.zip(bytes)
                .map(|(item, (_, bytes))| format!("data:{};base64,{}", item.media_type, STANDARD.encode(bytes)))
        });
        found.map(Option::unwrap_or_default).collect()
    }

    /// Whether the contents are the outline of the document.
    pub fn contents(&self, document: &Resolved) -> Check {
        let mut pages = self.package.items.values().filter(|item| item.has("nav"));
        let page = pages.next().and_then(|item| self.file(&item.path)).unwrap_or_default();
        let faults = navigation::faults(&page, document);
        rule("EPUB 3.3, 7.4.3.1", "The contents are the headings of the text, in order.", faults)
    }

    fn file(&self, path: &str) -> Option<String> {
        let bytes = self.files.iter().find(|(name, _)| name == path);
        bytes.map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned())
    }

    fn rootfile(&self) -> Option<String> {
        let container = self.file("META-INF/container.xml")?;
        elements(&container).0.into_iter().find(|element| element.name == "rootfile")?.take("full-path")
    }
}

impl Package {
    fn read(path: String, text: &str) -> Package {
        let mut package = Package { path, ..Package::default() };
        let (elements, faults) = elements(text);
        package.faults = faults;
        let aside: BTreeSet<String> = elements
            .iter()
            .filter(|element| element.name == "itemref" && element.get("linear") == Some("no"))
            .filter_map(|element| element.get("idref").map(str::to_owned))
            .collect();
        for element in elements {
            package.add(element, &aside);
        }
        package
    }

    fn add(&mut self, mut element: Element, aside: &BTreeSet<String>) {
        match element.name.as_str() {
            "package" => self.identifiers[1] = element.take("unique-identifier"),
            "item" => {
                let id = element.take("id").unwrap_or_default();
                let path = within(&self.path, element.get("href").unwrap_or_default());
                self.declared.push(path.clone());
                let media_type = element.take("media-type").unwrap_or_default();
                let properties = element.take("properties").unwrap_or_default();
                let item = Item { path, media_type, properties, is_linear: !aside.contains(&id) };
                if self.items.insert(id.clone(), item).is_some() {
                    self.faults.push(format!("the id `{id}` is given twice"));
                }
            }
            "itemref" => self.spine.push(element.take("idref").unwrap_or_default()),
            "meta" => {
                let name = element.take("property").unwrap_or_default();
                self.metadata.push((name, element.words));
            }
            name if name.starts_with("dc:") => {
                if name == "dc:identifier" {
                    self.identifiers[0] = element.get("id").map(str::to_owned);
                }
                self.metadata.push((element.name, element.words));
            }
            _ => {}
        }
    }

    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.metadata.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }
}

/// Checks the rules of EPUB 3.3 and EPUB Accessibility 1.1.
fn rules(book: &Book, bytes: &[u8]) -> Vec<Check> {
    vec![
        rule("EPUB 3.3, 4.2.3", "`mimetype` is the first file, as it is, and says what this is.", first(bytes)),
        rule("XML 1.0, 2.1", "Its files are well-formed.", broken(book)),
        rule("EPUB 3.3, 5.6", "The manifest names every file once, and no other.", manifest(book)),
        rule("EPUB 3.3, 5.6.2.1", "Properties say what the text holds.", properties(book)),
        rule("EPUB 3.3, 5.7", "The spine names the text, and each part once.", spine(book)),
        rule("EPUB 3.3, 5.5.3", "Identifier, title, language and date of change are given.", metadata(&book.package)),
        rule("EPUB 3.3, 7", "The navigation leads to places that are there.", navigation(book)),
        rule("EPUB 3.3, 3.6", "Nothing is loaded that is not in the e-book.", outside(book)),
        rule("EPUB Accessibility 1.1, 2", "Metadata says who can read it.", discovery(book)),
        rule("EPUB 3.3, 6.1", "Identifiers are names of XML.", names(&book.text)),
    ]
}

fn first(bytes: &[u8]) -> Vec<String> {
    let archive = Archive::open(bytes).ok();
    let entry = archive.as_ref().and_then(|archive| archive.entries().first());
    let fault = match entry {
        Some(entry) if entry.name != "mimetype" => format!("the first file is `{}`", entry.name),
        Some(entry) if !entry.is_stored => "`mimetype` is compressed".to_owned(),
        Some(entry)
            if entry.size == MEDIA_TYPE.len()
                && bytes.get(FIRST_CONTENT..FIRST_CONTENT + MEDIA_TYPE.len()) == Some(MEDIA_TYPE) =>
        {
            return Vec::new();
        }
        Some(_) => "`mimetype` says something else".to_owned(),
        None => "there is no file".to_owned(),
    };
    vec![fault]
}

fn broken(book: &Book) -> Vec<String> {
    let is_xml = |name: &str| [".xml", ".opf", ".xhtml", ".svg"].iter().any(|ending| name.ends_with(ending));
    let mut broken = book.package.faults.clone();
    for (name, bytes) in book.files.iter().filter(|(name, _)| is_xml(name)) {
        match std::str::from_utf8(bytes) {
            Ok(text) => broken.extend(elements(text).1.into_iter().map(|fault| format!("{name}: {fault}"))),
            Err(error) => broken.push(format!("{name}: {error}")),
        }
    }
    broken
}

fn manifest(book: &Book) -> Vec<String> {
    let Package { path, declared, .. } = &book.package;
    let is_content = |name: &&String| *name != "mimetype" && !name.starts_with("META-INF/") && *name != path;
    let present: Vec<&String> = book.files.iter().map(|(name, _)| name).filter(is_content).collect();
    let mut faults = Vec::new();
    for name in &present {
        match declared.iter().filter(|declared| declared == name).count() {
            0 => faults.push(format!("`{name}` is not named")),
            1 => {}
            _ => faults.push(format!("`{name}` is named twice")),
        }
    }
    let absent = declared.iter().filter(|name| !present.contains(name));
    faults.extend(absent.map(|name| format!("`{name}` is not there")));
    faults
}

fn properties(book: &Book) -> Vec<String> {
    let mut faults = Vec::new();
    for item in book.package.items.values().filter(|item| item.media_type == XHTML) {
        let page = book.file(&item.path).unwrap_or_default();
        let found = elements(&page).0;
        // Without its namespace a formula is none.
        let is_math = |element: &&Element| element.name == "math";
        if found.iter().filter(is_math).any(|math| math.get("xmlns") != Some(MATHML)) {
            faults.push(format!("a formula of `{}` has no namespace", item.path));
        }
        for (property, element) in [("mathml", "math"), ("svg", "svg"), ("scripted", "script")] {
            let holds = found.iter().any(|found| found.name == element);
            if holds != item.has(property) {
                faults.push(format!("`{property}` of `{}`", item.path));
            }
        }
    }
    faults
}

fn spine(book: &Book) -> Vec<String> {
    let Package { spine, items, .. } = &book.package;
    let mut faults: Vec<String> = spine.iter().filter(|id| !items.contains_key(*id)).cloned().collect();
    let once: BTreeSet<&String> = spine.iter().collect();
    if once.len() != spine.len() {
        faults.push("a part is named twice".to_owned());
    }
    if book.text.is_empty() || !spine.first().and_then(|id| items.get(id)).is_some_and(|item| item.is_linear) {
        faults.push("it does not begin with the text".to_owned());
    }
    faults
}

fn metadata(package: &Package) -> Vec<String> {
    let mut faults = Vec::new();
    for name in ["dc:identifier", "dc:title", "dc:language"] {
        if package.values(name).next().is_none_or(str::is_empty) {
            faults.push(format!("`{name}` is missing"));
        }
    }
    let [own, unique] = &package.identifiers;
    if own.is_none() || own != unique {
        faults.push("no identifier is the unique one".to_owned());
    }
    let modified: Vec<&str> = package.values("dcterms:modified").collect();
    let is_moment = |text: &str| text.len() == 20 && text.ends_with('Z') && text.as_bytes().get(10) == Some(&b'T');
    if !matches!(modified.as_slice(), [one] if is_moment(one)) {
        faults.push("`dcterms:modified` is no moment in UTC, or not given once".to_owned());
    }
    faults
}

fn navigation(book: &Book) -> Vec<String> {
    let mut items = book.package.items.values().filter(|item| item.has("nav"));
    let (Some(item), None) = (items.next(), items.next()) else { return vec!["there is not one".to_owned()] };
    let page = elements(&book.file(&item.path).unwrap_or_default()).0;
    let mut faults = Vec::new();
    for kind in ["toc", "landmarks"] {
        if page.iter().filter(|element| element.name == "nav" && element.get("epub:type") == Some(kind)).count() != 1 {
            faults.push(format!("there is not one list `{kind}`"));
        }
    }
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // Where the last entry of the list leads.
    let mut last: Option<(String, usize)> = None;
    for element in &page {
        let address = match (element.name.as_str(), element.get("href")) {
            ("nav", _) => {
                last = None;
                continue;
            }
            ("a", Some(address)) => address,
            _ => continue,
        };
        let (file, id) = address.split_once('#').unwrap_or((address, ""));
        let path = if file.is_empty() { item.path.clone() } else { within(&item.path, file) };
        let known = ids.entry(path.clone()).or_insert_with_key(|path| {
            let page = book.file(path).unwrap_or_default();
            elements(&page).0.iter().filter_map(|element| element.get("id").map(str::to_owned)).collect()
        });
        let Some(place) = known.iter().position(|known| known == id) else {
            faults.push(format!("`{address}` leads nowhere"));
            continue;
        };
        if last.is_some_and(|(before, above)| before == path && above >= place) {
            faults.push(format!("`{address}` stands before what it is listed behind"));
        }
        last = Some((path, place));
    }
    faults
}

/// Everything that a page loads is a file of the manifest, and styles load nothing.
fn outside(book: &Book) -> Vec<String> {
    let mut faults = Vec::new();
    for item in book.package.items.values() {
        let content = book.file(&item.path).unwrap_or_default();
        if item.media_type == "text/css" && (content.contains("url(") || content.contains("@import")) {
            faults.push(format!("`{}` loads something", item.path));
        }
        if item.media_type != XHTML {
            continue;
        }
        for element in elements(&content).0 {
            let loaded = ["src", "srcset", "poster", "data"].into_iter().filter_map(|name| element.get(name));
            let linked = element.get("href").filter(|_| element.name == "link");
            for address in loaded.chain(linked) {
                if !book.package.declared.contains(&within(&item.path, address)) {
                    faults.push(address.to_owned());
                }
            }
        }
    }
    faults
}

fn discovery(book: &Book) -> Vec<String> {
    let values = |name| book.package.values(name);
    let missing = DISCOVERY.into_iter().filter(|name| values(name).next().is_none_or(str::is_empty));
    let mut faults: Vec<String> = missing.map(|name| format!("`{name}` is missing")).collect();
    let holds = |name: &str| elements(&book.text).0.iter().any(|element| element.name == name);
    if holds("img") && !values("schema:accessMode").any(|mode| mode == "visual") {
        faults.push("there are pictures, and `schema:accessMode` does not say so".to_owned());
    }
    faults
}

fn names(text: &str) -> Vec<String> {
    let ids = elements(text).0.into_iter().filter_map(|mut element| element.take("id"));
    ids.filter(|id| !is_xml_name(id)).collect()
}

/// An element, and the words right after where it starts.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    words: String,
}

impl Element {
    fn from_start(start: &BytesStart) -> Element {
        let attributes = start.attributes().flatten().map(|attribute| {
            let value = unescape(&attribute.value).map(Cow::into_owned);
            (attribute.key.as_ref().to_owned(), value.unwrap_or_default())
        });
        Element { name: start.name().as_ref().to_owned(), attributes: attributes.collect(), words: String::new() }
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn take(&mut self, name: &str) -> Option<String> {
        let (_, value) = self.attributes.iter_mut().find(|(key, _)| key == name)?;
        Some(std::mem::take(value))
    }
}

/// All elements of a file of XML in order, and why it is none.
fn elements(text: &str) -> (Vec<Element>, Vec<String>) {
    let mut reader = XmlReader::from_str(text);
    let mut elements: Vec<Element> = Vec::new();
    let mut faults = Vec::new();
    let mut depth = 0_usize;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                depth += 1;
                elements.push(Element::from_start(&start));
            }
            Ok(Event::Empty(start)) => elements.push(Element::from_start(&start)),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Text(words)) => {
                if let Some(element) = elements.last_mut().filter(|element| element.words.is_empty()) {
                    (*words).clone_into(&mut element.words);
                }
            }
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => {
                faults.push(error.to_string());
                break;
            }
        }
    }
    if faults.is_empty() && depth > 0 {
        faults.push("an element is not closed".to_owned());
    }
    (elements, faults)
}

/// The path in the archive that an address in a file leads to. Our addresses go down only.
fn within(file: &str, address: &str) -> String {
    match file.rsplit_once('/') {
        Some((folder, _)) => format!("{folder}/{address}"),
        None => address.to_owned(),
    }
}

fn rule(rule: &str, states: &str, faults: Vec<String>) -> Check {
    Check { rule: rule.to_owned(), states: states.to_owned(), faults }
}
