//! The HTML view. After a change only the changed elements are sent, so the browser keeps the
//! scroll position and rebuilds little.
//!
//! The HTML backend, which closes all elements, provides their positions. Applying the replacements
//! to the text of one edition gives the other, byte for byte.

use crate::backend::html::{Element, Page};
use crate::source::hash::hash;
use serde::Serialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Elements that are replaced as a whole: their content is parsed by other rules (HTML, 13.2.5 and
/// 13.2.6).
const WHOLE: [&str; 6] = ["math", "pre", "style", "svg", "table", "title"];

/// An HTML edition with the positions of its elements.
pub struct WebPage {
    /// A hash of its content.
    pub name: String,
    pub bytes: Arc<Vec<u8>>,
    /// Its elements, in the order of their start tags.
    elements: Vec<Element>,
}

/// A replacement of some elements and the text around them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Patch {
    /// Path to their parent element: child indices from the root.
    path: Vec<usize>,
    /// Index of the first replaced child.
    at: usize,
    /// Number of replaced children.
    count: usize,
    /// New text between the preceding and the following sibling (or the parent's tags).
    html: String,
}

impl Patch {
    fn new(path: &[usize], replaced: Range<usize>, html: &[u8]) -> Patch {
        let html = String::from_utf8_lossy(html).into_owned();
        Patch { path: path.to_vec(), at: replaced.start, count: replaced.len(), html }
    }
}

impl WebPage {
    /// The page of an edition.
    pub fn new(page: Page) -> WebPage {
        let Page { text, elements } = page;
        WebPage { name: format!("{:016x}", hash(text.as_bytes())), bytes: Arc::new(text.into_bytes()), elements }
    }

    fn slice(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The children of an element.
    fn within(&self, parent: usize) -> Inside<'_> {
        let (mut children, mut next) = (Vec::new(), parent + 1);
        let whole =
            self.elements.get(parent).copied().unwrap_or(Element { start: 0, content: 0, close: 0, end: 0, next });
        while let Some(child) = self.elements.get(next).filter(|_| next < whole.next) {
            children.push((next, *child));
            next = child.next;
        }
        Inside { page: self, whole, children }
    }

    /// The replacements that turn this page into another, in the order of the text. `None` if the
    /// whole page must be reloaded.
    pub fn patches(&self, other: &WebPage) -> Option<Vec<Patch>> {
        let (ours, theirs) = (self.within(0), other.within(0));
        let around = |inside: &Inside| {
            let parts = (0..=inside.children.len()).map(|number| inside.between(number).to_vec());
            let page = inside.page;
            let outside = [page.slice(0, inside.whole.content), page.slice(inside.whole.close, page.bytes.len())];
            parts.chain(outside.map(<[u8]>::to_vec)).collect::<Vec<_>>()
        };
        if ours.children.len() != 2 || around(&ours) != around(&theirs) {
            return None;
        }
        let mut found = Vec::new();
        for (number, (our, their)) in ours.children.iter().zip(&theirs.children).enumerate() {
            if self.start_tag(our.1) != other.start_tag(their.1) {
                return None;
            }
            compare(&self.within(our.0), &other.within(their.0), &mut vec![number], &mut found);
        }
        Some(found)
    }

    fn start_tag(&self, element: Element) -> &str {
        std::str::from_utf8(self.slice(element.start, element.content)).unwrap_or_default()
    }
}

/// An element and its children, with their indices.
struct Inside<'a> {
    page: &'a WebPage,
    whole: Element,
    children: Vec<(usize, Element)>,
}

impl Inside<'_> {
    /// The text of a child.
    fn child(&self, number: usize) -> &[u8] {
        self.children.get(number).map_or(&[], |(_, child)| self.page.slice(child.start, child.end))
    }

    /// The text between a child and the one before it.
    fn between(&self, number: usize) -> &[u8] {
        self.range(number, number)
    }

    /// The text of some children, with the text before the first and after the last.
    fn range(&self, start: usize, end: usize) -> &[u8] {
        let before = start.checked_sub(1).and_then(|last| self.children.get(last));
        let from = before.map_or(self.whole.content, |(_, child)| child.end);
        self.page.slice(from, self.children.get(end).map_or(self.whole.close, |(_, child)| child.start))
    }
}

/// Compares the children of two elements with equal start tags.
fn compare(ours: &Inside, theirs: &Inside, path: &mut Vec<usize>, found: &mut Vec<Patch>) {
    let (mut our, mut their) = (0, 0);
    let end = (ours.children.len(), theirs.children.len());
    for (same, other) in same_children(ours, theirs).into_iter().chain([end]) {
        replace(ours, our..same, theirs, their..other, path, found);
        (our, their) = (same + 1, other + 1);
    }
}

/// Replaces some children and the text around them by others.
fn replace(
    ours: &Inside,
    our: Range<usize>,
    theirs: &Inside,
    their: Range<usize>,
    path: &mut Vec<usize>,
    found: &mut Vec<Patch>,
) {
    let is_same_around = (0..=our.len()).all(|at| ours.between(our.start + at) == theirs.between(their.start + at));
    if our.len() != their.len() || !is_same_around {
        found.push(Patch::new(path, our, theirs.range(their.start, their.end)));
        return;
    }
    for (number, other) in our.zip(their).filter(|(our, their)| ours.child(*our) != theirs.child(*their)) {
        let Some(((our, was), (their, is))) = ours.children.get(number).zip(theirs.children.get(other)) else {
            continue;
        };
        let tag = ours.page.start_tag(*was);
        if tag == theirs.page.start_tag(*is) && !WHOLE.contains(&name(tag)) {
            path.push(number);
            compare(&ours.page.within(*our), &theirs.page.within(*their), path, found);
            path.pop();
        } else {
            found.push(Patch::new(path, number..number + 1, theirs.range(other, other + 1)));
        }
    }
}

/// Pairs of equal children, as indices. They are the common prefix, the common suffix, and the
/// longest increasing sequence of unique children in between (patience diff).
fn same_children(ours: &Inside, theirs: &Inside) -> Vec<(usize, usize)> {
    let (our_count, their_count) = (ours.children.len(), theirs.children.len());
    let least = our_count.min(their_count);
    let first = (0..least).take_while(|at| ours.child(*at) == theirs.child(*at)).count();
    let is_same_behind = |back: &usize| ours.child(our_count - back - 1) == theirs.child(their_count - back - 1);
    let behind = (0..least - first).take_while(is_same_behind).count();
    let mut places: BTreeMap<&[u8], (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for at in first..our_count - behind {
        places.entry(ours.child(at)).or_default().0.push(at);
    }
    for at in first..their_count - behind {
        places.entry(theirs.child(at)).or_default().1.push(at);
    }
    let mut once: Vec<(usize, usize)> = places
        .into_values()
        .filter_map(|(our, their)| match (our.as_slice(), their.as_slice()) {
            ([our], [their]) => Some((*our, *their)),
            _ => None,
        })
        .collect();
    once.sort_unstable();
    let before = (0..first).map(|at| (at, at));
    let after = (1..=behind).rev().map(|back| (our_count - back, their_count - back));
    before.chain(longest_rise(&once)).chain(after).collect()
}

/// The longest subsequence of pairs whose second numbers increase.
fn longest_rise(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // `ends`: for each length, the last pair of the subsequence with the lowest end. `before`: the
    // predecessor of each pair.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), Vec::new());
    let second = |number: &usize| pairs.get(*number).map(|(_, second)| *second);
    for (number, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| second(end) < Some(pair.1));
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    let steps = std::iter::successors(ends.last().copied(), |number| before.get(*number).copied().flatten());
    let mut rise: Vec<(usize, usize)> = steps.filter_map(|number| pairs.get(number).copied()).collect();
    rise.reverse();
    rise
}

/// The element name in a tag.
fn name(tag: &str) -> &str {
    let inside = tag.trim_start_matches(['<', '/']);
    inside.split([' ', '\n', '/', '>']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Element, Page, Patch, WebPage, name};
    use crate::Session;
    use crate::project::Project;
    use crate::resolve::{Context, Library};
    use crate::source::MemoryFiles;
    use std::path::Path;

    /// Elements without an end tag (HTML, 13.1.2).
    const VOID: [&str; 13] =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
    /// The elements of a text; `None` where it is not one that Chancery writes.
    fn elements(text: &str) -> Option<Vec<Element>> {
        let (mut found, mut open, mut at): (Vec<Element>, Vec<usize>, usize) = (Vec::new(), Vec::new(), 0);
        while let Some(offset) = text.get(at..)?.find('<') {
            let start = at + offset;
            let end = start + text.get(start..)?.find('>')? + 1;
            let tag = text.get(start..end)?;
            at = end;
            if tag.starts_with("<!") {
                continue;
            }
            if tag.starts_with("</") {
                let next = found.len();
                let element = found.get_mut(open.pop()?)?;
                if name(text.get(element.start..element.content)?) != name(tag) {
                    return None;
                }
                (element.close, element.end, element.next) = (start, end, next);
                continue;
            }
            if name(tag) == "style" {
                // What is in it is no markup.
                at = end + text.get(end..)?.find("</style>")?;
            }
            if !VOID.contains(&name(tag)) && !tag.ends_with("/>") {
                open.push(found.len());
            }
            found.push(Element { start, content: end, close: end, end, next: found.len() + 1 });
        }
        open.is_empty().then_some(found)
    }

    fn page(text: &str) -> WebPage {
        WebPage::new(Page { text: text.to_owned(), elements: elements(text).unwrap() })
    }

    fn with_body(body: &str) -> String {
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<title>T</title>\n</head>\n<body>\n{body}</body>\n</html>\n"
        )
    }

    /// What becomes of a text when patches are made, as the browser makes them.
    fn patched(old: &WebPage, patches: &[Patch]) -> String {
        let mut text = String::from_utf8(old.bytes.to_vec()).unwrap();
        for Patch { path, at, count, html } in patches.iter().rev() {
            let parent = path.iter().fold(0, |parent, number| old.within(parent).children[*number].0);
            let inside = old.within(parent);
            let start = inside.range(*at, at + count).as_ptr() as usize - old.bytes.as_ptr() as usize;
            text.replace_range(start..start + inside.range(*at, at + count).len(), html);
        }
        text
    }

    #[test]
    fn only_what_changed_is_sent() {
        let of = |old: &str, new: &str| page(&with_body(old)).patches(&page(&with_body(new))).unwrap();
        let patch = |path: &[usize], at, count, html: &str| Patch { path: path.to_vec(), at, count, html: html.into() };
        let text = "<main>\n<p>One <b>two</b>.</p>\n<p>Three.</p>\n</main>\n";
        assert_eq!(of(text, text), []);
        assert_eq!(of(text, &text.replace("Three", "Four")), [patch(&[1, 0, 1], 0, 0, "Four.")]);
        assert_eq!(of(text, &text.replace("two", "2")), [patch(&[1, 0, 0, 0], 0, 0, "2")]);
        assert_eq!(of(text, &text.replace("<p>Three.</p>\n", "")), [patch(&[1, 0], 1, 1, "\n")]);
        let more = text.replace("</main>", "<p>More.</p>\n</main>");
        assert_eq!(of(text, &more), [patch(&[1, 0], 2, 0, "\n<p>More.</p>\n")]);
        // What moves is taken out and put in, and what stays is left alone.
        let list = |items: &str| items.chars().map(|item| format!("<p>{item}</p>\n")).collect::<String>();
        let moves = of(&list("abcdef"), &list("eabcdf"));
        assert_eq!(moves, [patch(&[1], 0, 0, "\n<p>e</p>\n"), patch(&[1], 4, 1, "\n")]);
        // Numbers in two places are two changes.
        assert_eq!(of(text, &text.replace("One", "1").replace("Three", "3")).len(), 2);
        assert_eq!(of("<pre>a <b>b</b></pre>\n", "<pre>a <b>c</b></pre>\n").len(), 1);
        // Another language is another page.
        let other = with_body(text).replace("\"en\"", "\"de\"");
        assert_eq!(page(&with_body(text)).patches(&page(&other)), None);
    }

    #[test]
    fn elements_are_where_the_backend_says_that_they_are() {
        let files = MemoryFiles::default().with("note.md", include_str!("../../../source/handbook.md"));
        let (project, library) = (Project::default(), Library::default());
        let context = Context { dead_links_stay: true, ..Context::new(&project, &library, &files) };
        let session = Session::new(1 << 20);
        for _ in 0..2 {
            let page = session.compile("note.md", &context).html().unwrap();
            assert!(elements(&page.text).unwrap() == page.elements);
        }
    }

    #[test]
    fn the_old_text_with_its_patches_is_the_new_text() {
        let read = |path: &Path| std::fs::read_to_string(path).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut texts = vec![read(&root.join("outputs/handbook.html"))];
        for word in ["Paragraph", "code", "<li>", "Note", "<td", "Chancery", "</p>"] {
            for addition in ["", " more", "<br>", "<p>New <em>words</em></p>"] {
                let last = texts[texts.len() / 2].clone();
                let places = last.matches(word).count();
                let changed = last.replacen(&format!(">{word}"), &format!(">{addition}{word}"), places / 2 + 1);
                texts.push(changed.replacen("</p>", &format!("{addition}</p>"), 1));
            }
        }
        let mut cases = 0;
        for folder in ["field", "habits", "html", "layout", "math", "redlines", "resolve"] {
            let files = std::fs::read_dir(root.join("tests/cases").join(folder)).unwrap();
            let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
            paths.retain(|path| path.extension().is_some_and(|ending| ending == "html"));
            paths.sort();
            texts.extend(paths.iter().map(|path| with_body(&read(path))));
        }
        for pair in texts.windows(2) {
            let (old, new) = (page(&pair[0]), page(&pair[1]));
            if let Some(patches) = old.patches(&new) {
                cases += 1;
                assert_eq!(patched(&old, &patches), pair[1]);
            }
        }
        assert!(cases > 90, "{cases}");
    }
}
