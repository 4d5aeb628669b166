//! The parts of the file and how they belong together: content types,
//! relationships, properties (ECMA-376, part 2: Open Packaging Conventions).

use crate::backend::markup::Markup;
use crate::backend::timestamp::Timestamp;
use crate::resolve::Resolved;

/// XML declaration of every part.
pub const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
/// The namespace of WordprocessingML.
pub const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
/// The namespace of relationships.
pub const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006";
const PROGRAM: &str = concat!("Chancery ", env!("CARGO_PKG_VERSION"));
/// Format id of custom properties (MS-OSHARED, 2.3.3.2.3.1).
const PROPERTY_SET: &str = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}";

/// Where a relationship leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Another part, by its path from the folder of this one.
    Part(String),
    /// An address outside of the file.
    Address(String),
}

/// The relationships of a part. Each target has one.
#[derive(Debug, Default)]
pub struct Relationships {
    entries: Vec<(&'static str, End)>,
}

impl Relationships {
    /// The id of the relationship of a kind to a target.
    pub fn id(&mut self, kind: &'static str, end: End) -> String {
        let known = self.entries.iter().position(|entry| *entry == (kind, end.clone()));
        let index = known.unwrap_or_else(|| {
            self.entries.push((kind, end));
            self.entries.len() - 1
        });
        format!("rId{}", index + 1)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Writes the part that holds them.
    pub fn part(&self) -> String {
        let mut out = Markup::new();
        out.raw(DECLARATION);
        out.element("Relationships", &[("xmlns", &format!("{PACKAGE}/relationships"))], |out| {
            for (index, (kind, end)) in self.entries.iter().enumerate() {
                let id = format!("rId{}", index + 1);
                let kind = if kind.contains(':') { (*kind).to_owned() } else { format!("{RELATIONSHIPS}/{kind}") };
                let (target, mode) = match end {
                    End::Part(path) => (path, None),
                    End::Address(address) => (address, Some(("TargetMode", "External"))),
                };
                let attributes = [("Id", id.as_str()), ("Type", &kind), ("Target", target)];
                let attributes: Vec<(&str, &str)> = attributes.into_iter().chain(mode).collect();
                out.empty("Relationship", &attributes);
            }
        });
        out.into_string()
    }
}

/// The relationships of the file itself.
pub fn of_file(has_custom: bool) -> Relationships {
    let mut all = Relationships::default();
    all.id("officeDocument", End::Part("word/document.xml".to_owned()));
    all.id(
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        End::Part("docProps/core.xml".to_owned()),
    );
    all.id("extended-properties", End::Part("docProps/app.xml".to_owned()));
    if has_custom {
        all.id("custom-properties", End::Part("docProps/custom.xml".to_owned()));
    }
    all
}

/// The types of all parts: those of pictures by their endings, those of others one by one.
pub fn content_types(parts: &[&str]) -> String {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    out.element("Types", &[("xmlns", &format!("{PACKAGE}/content-types"))], |out| {
        let endings = [
            ("jpeg", "image/jpeg"),
            ("png", "image/png"),
            ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
            ("svg", "image/svg+xml"),
            ("xml", "application/xml"),
        ];
        for (ending, kind) in endings {
            out.empty("Default", &[("Extension", ending), ("ContentType", kind)]);
        }
        for part in parts {
            if let Some(kind) = content_type(part) {
                out.empty("Override", &[("PartName", &format!("/{part}")), ("ContentType", &kind)]);
            }
        }
    });
    out.into_string()
}

fn content_type(part: &str) -> Option<String> {
    let office = |name: &str| format!("application/vnd.openxmlformats-officedocument.{name}+xml");
    let name = part.rsplit('/').next()?.strip_suffix(".xml")?;
    Some(match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "document" => office("wordprocessingml.document.main"),
        "styles" => office("wordprocessingml.styles"),
        "numbering" => office("wordprocessingml.numbering"),
        "settings" => office("wordprocessingml.settings"),
        "fontTable" => office("wordprocessingml.fontTable"),
        "footnotes" => office("wordprocessingml.footnotes"),
        "header" => office("wordprocessingml.header"),
        "footer" => office("wordprocessingml.footer"),
        "theme" => office("theme"),
        "core" => "application/vnd.openxmlformats-package.core-properties+xml".to_owned(),
        "app" => office("extended-properties"),
        "custom" => office("custom-properties"),
        _ => return None,
    })
}

/// The core properties of the document (Dublin Core).
pub fn core_properties(document: &Resolved) -> String {
    let metadata = &document.metadata;
    let mut out = Markup::new();
    out.raw(DECLARATION);
    let namespaces = [
        ("xmlns:cp", &*format!("{PACKAGE}/metadata/core-properties")),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    out.element("cp:coreProperties", &namespaces, |out| {
        let leaf = |out: &mut Markup, name: &str, value: Option<&str>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                out.leaf(name, &[], value);
            }
        };
        let authors: Vec<&str> = metadata.authors.iter().map(|author| author.name.as_str()).collect();
        leaf(out, "dc:title", Some(&document.title_text));
        leaf(out, "dc:subject", document.subtitle.as_deref());
        leaf(out, "dc:creator", Some(&authors.join("; ")));
        leaf(out, "cp:keywords", Some(&metadata.keywords.join(", ")));
        // A redline has no description, because it contains two versions.
        leaf(out, "dc:description", document.description.as_deref().filter(|_| !document.is_redline));
        leaf(out, "dc:language", Some(&document.language.tag));
        leaf(out, "dc:identifier", metadata.reference.as_ref().map(|reference| reference.value.as_str()));
        if let Some(moment) = document.timestamp {
            let moment = Timestamp::from_timestamp(moment).w3c();
            for name in ["dcterms:created", "dcterms:modified"] {
                out.leaf(name, &[("xsi:type", "dcterms:W3CDTF")], &moment);
            }
        }
        leaf(out, "cp:version", metadata.version.as_ref().map(|version| version.value.as_str()));
        leaf(out, "cp:contentStatus", metadata.status.as_ref().map(|status| status_name(status.value)));
    });
    out.into_string()
}

fn status_name(status: crate::ast::Status) -> &'static str {
    use crate::ast::Status;
    match status {
        Status::Draft => "Draft",
        Status::Review => "For review",
        Status::Final => "Final",
        Status::Withdrawn => "Withdrawn",
    }
}

/// The application properties.
pub fn app_properties() -> String {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    out.element("Properties", &[("xmlns", &format!("{OFFICE}/extended-properties"))], |out| {
        out.leaf("Application", &[], PROGRAM);
    });
    out.into_string()
}

/// The document's metadata without a built-in property of Word.
pub fn custom_properties(document: &Resolved) -> Option<String> {
    let metadata = &document.metadata;
    let mut properties: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: Option<String>| properties.extend(value.map(|value| (name.to_owned(), value)));
    add("Reference", metadata.reference.as_ref().map(|reference| reference.value.clone()));
    add("Date", metadata.date.as_ref().map(|date| date.value.to_string()));
    add("Marking", metadata.marking.as_ref().map(|marking| marking.value.clone()));
    add("Distribution", metadata.distribution.as_ref().map(|to| to.value.clone()));
    add("Licence", metadata.licence.as_ref().map(|licence| licence.value.name.clone()));
    metadata.extra.iter().for_each(|(name, value)| add(name, Some(value.clone())));
    if properties.is_empty() {
        return None;
    }
    let mut out = Markup::new();
    out.raw(DECLARATION);
    let namespaces =
        [("xmlns", &*format!("{OFFICE}/custom-properties")), ("xmlns:vt", &*format!("{OFFICE}/docPropsVTypes"))];
    out.element("Properties", &namespaces, |out| {
        // The first numbers are taken.
        for (number, (name, value)) in (2..).zip(&properties) {
            let number = number.to_string();
            let attributes = [("fmtid", PROPERTY_SET), ("pid", number.as_str()), ("name", name.as_str())];
            out.element("property", &attributes, |out| out.leaf("vt:lpwstr", &[], value));
        }
    });
    Some(out.into_string())
}
