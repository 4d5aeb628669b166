//! Ids: what the author gave, what is made from titles, and what others may
//! call them by.

use super::walk;
use crate::ast::{Attrs, Block, BlockKind, Expanded, ExpandedBlock, Inline, Parsed, plain_text};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::{fold, is_mark};
use crate::source::Span;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

/// Prefix of an id that is not a valid XML name.
const NAME_PREFIX: &str = "id-";
/// Id of a heading that has no letters.
const NAMELESS: &str = "section";

/// All ids of a document.
#[derive(Debug, Clone, Default)]
pub struct Ids {
    /// Every id in use, with its place.
    used: BTreeMap<String, Span>,
    /// Names that authors know an id by and that are no XML names.
    aliases: BTreeMap<String, String>,
    /// Slugs of headings that have ids of their own, and those ids.
    titles: Vec<(String, String)>,
    /// Made when it is first needed.
    similar: OnceCell<Similar>,
    /// The next number to try for a name that is taken.
    next: HashMap<String, u32>,
}

impl Ids {
    /// Gives every heading an id and makes all ids XML names (NCName,
    /// Namespaces in XML 1.0, section 3), each used once.
    pub fn assign(blocks: &mut [Block<Expanded>], diagnostics: &mut Diagnostics) -> Ids {
        let mut ids = Ids::default();
        ids.collect(blocks, diagnostics);
        ids.name_headings(blocks);
        ids
    }

    /// Takes note of the ids that authors gave in some more blocks.
    pub fn collect(&mut self, blocks: &mut [Block<Expanded>], diagnostics: &mut Diagnostics) {
        walk::attributes(blocks, &mut |attrs, span| self.take(attrs, span, diagnostics));
    }

    /// Takes note of the ids that authors gave in a run of text.
    pub fn collect_in_text(&mut self, content: &mut [Inline<Parsed>], diagnostics: &mut Diagnostics) {
        walk::inline_attributes(content, &mut |attrs, span| self.take(attrs, span, diagnostics));
    }

    /// Takes note of an id. One that is given already is dropped.
    fn take(&mut self, attrs: &mut Attrs, span: Span, diagnostics: &mut Diagnostics) {
        let Some(written) = attrs.id().map(str::to_owned) else { return };
        let place = attrs.list().and_then(|list| list.span).unwrap_or(span);
        let id = name(&written);
        if let Some(first) = self.used.get(&id) {
            let is_anchor = attrs.list().is_some_and(|list| list.html);
            diagnostics.push(if is_anchor {
                Diagnostic::new(Code::RepeatedAnchor, place, format!("the anchor `{written}` is given twice"))
                    .secondary(*first, "links lead here, to the first one")
                    .hint("give this place another name, or take it out")
            } else {
                Diagnostic::new(Code::DuplicateId, place, format!("the id `{written}` is given twice"))
                    .secondary(*first, "it is given here first")
                    .hint("give each place an id of its own")
            });
            attrs.edit().id = None;
            return;
        }
        if id != written {
            self.aliases.insert(written, id.clone());
        }
        self.used.insert(id.clone(), place);
        attrs.edit().id = Some(id);
    }

    fn name_headings(&mut self, blocks: &mut [Block<Expanded>]) {
        for block in blocks {
            let slug = match &block.kind {
                BlockKind::Stage(ExpandedBlock::Heading(heading)) => Some(slug(heading.content.plain_text())),
                BlockKind::Stage(ExpandedBlock::Annex(annex)) => {
                    annex.title.as_deref().map(|title| slug(&plain_text(title)))
                }
                _ => None,
            };
            match (slug, block.attrs.id()) {
                (Some(slug), Some(id)) => self.titles.push((slug, id.to_owned())),
                (Some(slug), None) => {
                    let id = self.unique(&slug, block.span);
                    block.attrs.edit().id = Some(id);
                }
                (None, _) => {}
            }
            walk::child_lists(block, &mut |blocks| self.name_headings(blocks));
        }
    }

    /// An id like `wish` that nothing else has.
    pub fn unique(&mut self, wish: &str, span: Span) -> String {
        self.similar.take();
        let wish = if wish.is_empty() { NAMELESS } else { wish };
        let mut written = wish.to_owned();
        let mut id = name(&written);
        while self.used.contains_key(&id) {
            let next = self.next.entry(wish.to_owned()).or_insert(1);
            written = format!("{wish}-{next}");
            *next = next.saturating_add(1);
            id = name(&written);
        }
        if id != written {
            self.aliases.entry(written).or_insert_with(|| id.clone());
        }
        self.used.insert(id.clone(), span);
        id
    }

    /// The id that an author means by `written`, in a reference or after `#`.
    pub fn find(&self, written: &str) -> Option<&str> {
        let exact = |name: &str| match self.used.get_key_value(name) {
            Some((id, _)) => Some(id.as_str()),
            None => self.aliases.get(name).map(String::as_str),
        };
        exact(written).or_else(|| exact(&super::link::percent_decode(written)))
    }

    /// The one id that another tool may mean by `written`.
    pub fn similar(&self, written: &str) -> Option<&str> {
        similar(self.similar.get_or_init(|| self.all_similar()), written)
    }

    /// Every id by the names that other tools may give it.
    pub fn all_similar(&self) -> Similar {
        let mut found = Similar::new();
        let own = self.used.keys().map(|id| (id, id));
        let names = own.chain(self.aliases.iter()).chain(self.titles.iter().map(|(slug, id)| (slug, id)));
        for (name, id) in names.filter(|(_, id)| self.used.contains_key(*id)) {
            for spelling in spellings(name).into_iter().filter(|spelling| !spelling.is_empty()) {
                let meant = found.entry(spelling).or_insert_with(|| Some(id.clone()));
                if meant.as_ref() != Some(id) {
                    *meant = None;
                }
            }
        }
        found
    }

    /// Frees an id whose place was taken out of the text.
    pub fn forget(&mut self, id: &str) {
        self.similar.take();
        self.used.remove(id);
    }

    /// The other names of ids, for those who link from outside. The `title`,
    /// which the text does not hold, leads to the empty id.
    pub fn take_aliases(&mut self, title: Option<&str>) -> BTreeMap<String, String> {
        let mut aliases = std::mem::take(&mut self.aliases);
        if let Some(title) = title {
            self.forget(title);
            aliases.values_mut().filter(|id| *id == title).for_each(String::clear);
            aliases.insert(title.to_owned(), String::new());
        }
        aliases
    }

    /// All ids in use, in alphabetical order.
    pub fn into_names(self) -> Vec<String> {
        self.used.into_keys().collect()
    }

    /// Every name a reference may use.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.used.keys().chain(self.aliases.keys()).map(String::as_str)
    }
}

/// The slug of a title, as the forges make it, so that links written for them
/// lead to the same places: lower case, spaces to hyphens, punctuation gone.
pub fn slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for c in title.trim().chars() {
        match c {
            ' ' | '-' => slug.push('-'),
            '_' => slug.push('_'),
            c if c.is_alphanumeric() || is_mark(c) => slug.extend(c.to_lowercase()),
            _ => {}
        }
    }
    slug
}

/// Ids by the names that other tools generate: folded, and folded without the characters before the
/// first letter, as in pandoc and kramdown. `None` if several ids match.
pub type Similar = BTreeMap<String, Option<String>>;

/// Forms of an id in other tools.
fn spellings(name: &str) -> Vec<String> {
    let whole = fold(name);
    let bare = whole.trim_start_matches(|letter: char| !letter.is_alphabetic()).to_owned();
    if bare.is_empty() || bare == whole { vec![whole] } else { vec![whole, format!(">{bare}")] }
}

/// The id that a tool means which makes other ids of the same words.
pub fn similar<'a>(ids: &'a Similar, written: &str) -> Option<&'a str> {
    let decoded = super::link::percent_decode(written);
    let name = ["user-content-", "markdown-header-"].iter().find_map(|prefix| decoded.strip_prefix(prefix));
    let name = fold(name.unwrap_or(&decoded));
    if name.is_empty() {
        return None;
    }
    let found = |name: &str| ids.get(name).and_then(Option::as_deref);
    found(&name).or_else(|| found(&format!(">{name}")))
}

/// The nearest XML name (NCName) to what an author wrote.
fn name(written: &str) -> String {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if written.starts_with(|c: char| c.is_ascii_alphabetic()) && written.as_bytes().iter().all(is_name) {
        return written.to_owned();
    }
    let mut name: String = written.chars().map(|c| if is_name_char(c) { c } else { '-' }).collect();
    if !name.starts_with(is_name_start) {
        name.insert_str(0, NAME_PREFIX);
    }
    name
}

/// NameStartChar without the colon (XML 1.0, production 4).
fn is_name_start(c: char) -> bool {
    matches!(c, 'A'..='Z' | '_' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
        | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
        | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
        | '\u{10000}'..='\u{EFFFF}')
}

/// NameChar without the colon (XML 1.0, production 4a).
fn is_name_char(c: char) -> bool {
    is_name_start(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}
