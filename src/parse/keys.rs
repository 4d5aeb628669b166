//! The keys of the front matter, in one place: what is read, what "did you
//! mean" chooses from and what the handbook lists.

/// A key and what its value is, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Name as authors write it.
    pub name: &'static str,
    /// Accepted values, as the object of "takes".
    pub takes: &'static str,
}

impl Key {
    /// The words that the key accepts; none if it accepts other values.
    pub fn values(self) -> impl Iterator<Item = &'static str> {
        let takes = if self.takes.starts_with('`') { self.takes } else { "" };
        takes.split('`').skip(1).step_by(2).filter(|word| !word.starts_with('.'))
    }
}

const fn key(name: &'static str, takes: &'static str) -> Key {
    Key { name, takes }
}

const TEXT: &str = "text";

/// Every key of the front matter.
pub const KEYS: &[Key] = &[
    key("title", TEXT),
    key("subtitle", TEXT),
    key("reference", TEXT),
    key("date", "a date such as `2026-11-23`"),
    key("version", TEXT),
    key("status", "`draft`, `review`, `final` or `withdrawn`"),
    key("reason", TEXT),
    key("marking", TEXT),
    key("embargo", "a moment with its time zone, such as `2026-11-23T12:00+01:00`"),
    key("history", "a list of maps with `version`, `date` and `change`"),
    key("distribution", TEXT),
    key("imprint", TEXT),
    key("limits", "a map with `pages` and `words`"),
    key("lang", "a language tag such as `en` or `fr-BE`"),
    key("authors", "a name, or a list of names or of maps with `name`, `affiliation` and `email`"),
    key("contact", "text, or a map with `name`, `email`, `phone` and `url`"),
    key("abstract", TEXT),
    key("keywords", "a list of words"),
    key("licence", "text, or a map with `name` and `url`"),
    key("toc", "`auto`, `yes`, `no`, or how many levels deep the contents go"),
    key("numbering", "a map of `sections`, `paragraphs`, `figures`, `tables` and `boxes` to `true` or `false`"),
    key("theme", TEXT),
    key("bibliography", "a path or a list of paths"),
    key("citation-style", "`author-date`, `notes` or a `.csl` file"),
    key("abbreviations", "a map of short forms to what they stand for"),
];

/// Other spellings of keys.
pub const ALIASES: &[(&str, &str)] = &[("author", "authors"), ("license", "licence"), ("language", "lang")];

/// Keys that site generators read and that say nothing to readers.
pub const FOREIGN_KEYS: &[&str] = &[
    "aliases",
    "anchor",
    "banner",
    "body_class",
    "breadcrumb",
    "canonical",
    "canonical_url",
    "cascade",
    "categories",
    "category",
    "changefreq",
    "comments",
    "cover",
    "created",
    "css",
    "cssclass",
    "cssclasses",
    "custom_edit_url",
    "date_created",
    "description",
    "dg-publish",
    "eleventyNavigation",
    "excerpt",
    "exclude",
    "exclude_from_search",
    "favicon",
    "featured",
    "featured_image",
    "format",
    "grand_parent",
    "has_children",
    "has_toc",
    "head",
    "header",
    "hide",
    "hide_table_of_contents",
    "hide_title",
    "icon",
    "id",
    "identifier",
    "image",
    "images",
    "index",
    "jupyter",
    "kernelspec",
    "last_modified_at",
    "last_updated",
    "lastmod",
    "layout",
    "linkTitle",
    "link-citations",
    "locale",
    "markup",
    "math",
    "menu",
    "meta",
    "mermaid",
    "modified",
    "nav",
    "nav_exclude",
    "nav_order",
    "navigation",
    "next",
    "no_list",
    "og_image",
    "order",
    "output",
    "outputs",
    "pagination_next",
    "pagination_prev",
    "parent",
    "permalink",
    "position",
    "prev",
    "priority",
    "redirect",
    "redirect_from",
    "redirect_to",
    "redirects",
    "related",
    "resources",
    "robots",
    "search",
    "search_exclude",
    "sections",
    "seo",
    "series",
    "share",
    "show_downloads",
    "sidebar",
    "sidebar_label",
    "sidebar_position",
    "sitemap",
    "sitemap_exclude",
    "slug",
    "sort",
    "tag",
    "tags",
    "taxonomies",
    "template",
    "thumbnail",
    "toc_depth",
    "toc_label",
    "topics",
    "translationKey",
    "type",
    "uid",
    "updated",
    "url",
    "uuid",
    "versions",
    "weight",
];

/// The keys of an author, who may also be a name alone.
pub const AUTHOR_KEYS: &[&str] = &["name", "affiliation", "email"];
/// The keys of `contact`.
pub const CONTACT_KEYS: &[&str] = &["name", "email", "phone", "url"];
/// The keys of `licence`.
pub const LICENCE_KEYS: &[&str] = &["name", "url"];
/// The keys of an entry of `history`.
pub const HISTORY_KEYS: &[&str] = &["version", "date", "change"];
/// The keys of `limits`.
pub const LIMIT_KEYS: &[&str] = &["pages", "words"];
/// The keys of `numbering`.
pub const NUMBERING_KEYS: &[&str] = &["sections", "paragraphs", "figures", "tables", "boxes"];

/// The accepted values of a key of the front matter.
pub fn takes(name: &str) -> &'static str {
    KEYS.iter().find(|key| key.name == name).map_or(TEXT, |key| key.takes)
}
