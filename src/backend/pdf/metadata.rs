//! Metadata of the file: XMP, the information dictionary that must agree with it, and the standards
//! that it claims.

use super::syntax::{push_name, push_text};
use crate::backend::timestamp::Timestamp;
use crate::resolve::Resolved;

/// The program's name in the file.
const PRODUCER: &str = concat!("Chancery ", env!("CARGO_PKG_VERSION"));

/// The standards that a file claims. A claim never exceeds the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// PDF/UA-1 (ISO 14289-1) and PDF/A-2a (ISO 19005-2, level A).
    Accessible,
    /// PDF/A-2u (level U) only: something that the writer alone can mend, such
    /// as an alternative text, is missing.
    Archival,
}

/// The values that XMP and the information dictionary share.
#[derive(Debug)]
pub struct Metadata<'a> {
    title: &'a str,
    authors: Vec<&'a str>,
    description: Option<&'a str>,
    keywords: String,
    language: &'a str,
    rights: Option<&'a str>,
    identifier: Option<&'a str>,
    moment: Option<Timestamp>,
}

impl<'a> Metadata<'a> {
    /// The metadata of a document, for the information dictionary and XMP.
    pub fn from_document(document: &'a Resolved) -> Self {
        let metadata = &document.metadata;
        Self {
            title: &document.title_text,
            authors: metadata.authors.iter().map(|author| author.name.as_str()).collect(),
            description: document.description.as_deref(),
            keywords: metadata.keywords.join(", "),
            language: &document.language.tag,
            rights: metadata.licence.as_ref().map(|licence| licence.value.name.as_str()),
            identifier: metadata.reference.as_ref().map(|reference| reference.value.as_str()),
            moment: document.timestamp.map(Timestamp::from_timestamp),
        }
    }

    /// The information dictionary (ISO 32000-1, 14.3.3).
    pub fn info(&self) -> Vec<u8> {
        let mut out = b"<<".to_vec();
        let mut entry = |key: &str, value: &str| {
            push_name(&mut out, key.as_bytes());
            push_text(&mut out, value);
        };
        entry("Title", self.title);
        if !self.authors.is_empty() {
            entry("Author", &self.authors.join("; "));
        }
        if let Some(description) = self.description {
            entry("Subject", description);
        }
        if !self.keywords.is_empty() {
            entry("Keywords", &self.keywords);
        }
        entry("Creator", PRODUCER);
        entry("Producer", PRODUCER);
        if let Some(moment) = &self.moment {
            let date = moment.pdf();
            entry("CreationDate", &date);
            entry("ModDate", &date);
        }
        out.extend_from_slice(b">>");
        out
    }

    /// The XMP packet (ISO 16684-1; ISO 19005-2, 6.6; ISO 14289-1, 5).
    pub fn xmp(&self, claim: Claim) -> String {
        let mut xmp = Xmp::default();
        xmp.open("x:xmpmeta", &[("xmlns:x", "adobe:ns:meta/")]);
        xmp.open("rdf:RDF", &[("xmlns:rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#")]);
        xmp.open(
            "rdf:Description",
            &[
                ("rdf:about", ""),
                ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
                ("xmlns:xmp", "http://ns.adobe.com/xap/1.0/"),
                ("xmlns:pdf", "http://ns.adobe.com/pdf/1.3/"),
                ("xmlns:pdfaid", "http://www.aiim.org/pdfa/ns/id/"),
                ("xmlns:pdfuaid", PDFUA_NAMESPACE),
            ],
        );
        xmp.text("dc:format", "application/pdf");
        xmp.alternatives("dc:title", self.language, self.title);
        if !self.authors.is_empty() {
            xmp.items("dc:creator", "rdf:Seq", &self.authors);
        }
        if let Some(description) = self.description {
            xmp.alternatives("dc:description", self.language, description);
        }
        xmp.items("dc:language", "rdf:Bag", &[self.language]);
        if let Some(rights) = self.rights {
            xmp.alternatives("dc:rights", self.language, rights);
        }
        if let Some(identifier) = self.identifier {
            xmp.text("dc:identifier", identifier);
        }
        if !self.keywords.is_empty() {
            xmp.text("pdf:Keywords", &self.keywords);
        }
        xmp.text("pdf:Producer", PRODUCER);
        xmp.text("xmp:CreatorTool", PRODUCER);
        if let Some(moment) = &self.moment {
            let date = moment.w3c();
            for name in ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"] {
                xmp.text(name, &date);
            }
        }
        xmp.text("pdfaid:part", "2");
        match claim {
            Claim::Accessible => {
                xmp.text("pdfaid:conformance", "A");
                xmp.text("pdfuaid:part", "1");
            }
            Claim::Archival => xmp.text("pdfaid:conformance", "U"),
        }
        xmp.close("rdf:Description");
        if claim == Claim::Accessible {
            extension_schema(&mut xmp);
        }
        xmp.close("rdf:RDF");
        xmp.close("x:xmpmeta");
        xmp.packet()
    }
}

const PDFUA_NAMESPACE: &str = "http://www.aiim.org/pdfua/ns/id/";

/// PDF/A wants every property that it does not know described
/// (ISO 19005-2, 6.6.2.3.2), and `pdfuaid:part` is one.
fn extension_schema(xmp: &mut Xmp) {
    const RESOURCE: (&str, &str) = ("rdf:parseType", "Resource");
    xmp.open(
        "rdf:Description",
        &[
            ("rdf:about", ""),
            ("xmlns:pdfaExtension", "http://www.aiim.org/pdfa/ns/extension/"),
            ("xmlns:pdfaSchema", "http://www.aiim.org/pdfa/ns/schema#"),
            ("xmlns:pdfaProperty", "http://www.aiim.org/pdfa/ns/property#"),
        ],
    );
    xmp.open("pdfaExtension:schemas", &[]);
    xmp.open("rdf:Bag", &[]);
    xmp.open("rdf:li", &[RESOURCE]);
    xmp.text("pdfaSchema:schema", "PDF/UA identification schema");
    xmp.text("pdfaSchema:namespaceURI", PDFUA_NAMESPACE);
    xmp.text("pdfaSchema:prefix", "pdfuaid");
    xmp.open("pdfaSchema:property", &[]);
    xmp.open("rdf:Seq", &[]);
    xmp.open("rdf:li", &[RESOURCE]);
    xmp.text("pdfaProperty:name", "part");
    xmp.text("pdfaProperty:valueType", "Integer");
    xmp.text("pdfaProperty:category", "internal");
    xmp.text("pdfaProperty:description", "Part of ISO 14289 that the file conforms to");
    for name in ["rdf:li", "rdf:Seq", "pdfaSchema:property", "rdf:li", "rdf:Bag", "pdfaExtension:schemas"] {
        xmp.close(name);
    }
    xmp.close("rdf:Description");
}

/// An XMP packet as it grows.
#[derive(Default)]
struct Xmp(String);

impl Xmp {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.0.push('<');
        self.0.push_str(name);
        for (key, value) in attributes {
            self.0.push(' ');
            self.0.push_str(key);
            self.0.push_str("=\"");
            self.escape(value);
            self.0.push('"');
        }
        self.0.push('>');
    }

    fn close(&mut self, name: &str) {
        self.0.push_str("</");
        self.0.push_str(name);
        self.0.push('>');
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.escape(text);
        self.close(name);
    }

    fn items(&mut self, name: &str, container: &str, items: &[&str]) {
        self.open(name, &[]);
        self.open(container, &[]);
        for item in items {
            self.text("rdf:li", item);
        }
        self.close(container);
        self.close(name);
    }

    /// Writes a text as the default and in its language.
    fn alternatives(&mut self, name: &str, language: &str, text: &str) {
        self.open(name, &[]);
        self.open("rdf:Alt", &[]);
        for language in ["x-default", language] {
            self.open("rdf:li", &[("xml:lang", language)]);
            self.escape(text);
            self.close("rdf:li");
        }
        self.close("rdf:Alt");
        self.close(name);
    }

    fn escape(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                // XML 1.0 has no other control characters.
                '\t' | '\n' | '\r' => self.0.push(' '),
                control if control.is_control() => {}
                '\u{FFFE}' | '\u{FFFF}' => {}
                other => self.0.push(other),
            }
        }
    }

    fn packet(self) -> String {
        format!("<?xpacket begin=\"\u{FEFF}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n{}\n<?xpacket end=\"r\"?>", self.0)
    }
}
