//! Metadata of the document for machines: `<info>`.

use super::block::Title;
use super::writer::Writer;
use super::xml::{Attributes, WriteXml};
use crate::ast::{Author, Contact, Revision, Status};
use crate::backend::address::encode_uri;

impl Writer<'_> {
    pub(super) fn info(&mut self) {
        let document = self.document;
        let metadata = &document.metadata;
        let none = Attributes::new();
        self.block("info", &none, |w| {
            w.title(&Title::Inlines(&document.title));
            if let Some(subtitle) = &document.subtitle {
                w.text_leaf("subtitle", &none, subtitle);
            }
            w.authors(&metadata.authors);
            if let Some(date) = &metadata.date {
                w.text_leaf("date", &none, &date.value.to_string());
            }
            if let Some(reference) = &metadata.reference {
                let class = vec![("class", "other".to_owned()), ("otherclass", "reference".to_owned())];
                w.text_leaf("biblioid", &class, &reference.value);
            }
            if let Some(version) = &metadata.version {
                w.text_leaf("edition", &none, &version.value);
            }
            for banner in &document.banners {
                w.release("banner", banner);
            }
            w.release_information();
            w.history(&metadata.history);
            if let Some(contact) = &metadata.contact {
                w.contact(contact);
            }
            w.licence();
            if !metadata.keywords.is_empty() {
                w.block("keywordset", &none, |w| {
                    metadata.keywords.iter().for_each(|keyword| w.text_leaf("keyword", &none, keyword));
                });
            }
            if !document.summary.is_empty() {
                w.block("abstract", &none, |w| {
                    w.title(&Title::Words(document.language.labels.abstract_title));
                    w.content(&document.summary);
                });
            } else if let Some(description) = &document.description {
                w.meta("description", description);
            }
            metadata.extra.iter().for_each(|(name, value)| w.meta(name, value));
        });
    }

    fn authors(&mut self, authors: &[Author]) {
        let none = Attributes::new();
        for author in authors {
            self.block("author", &none, |w| {
                w.text_leaf("personname", &none, &author.name);
                if let Some(affiliation) = &author.affiliation {
                    w.block("affiliation", &none, |w| w.text_leaf("orgname", &none, affiliation));
                }
                if let Some(email) = &author.email {
                    w.text_leaf("email", &none, email);
                }
            });
        }
    }

    /// Writes metadata without a DocBook element, with roles named like the front matter's keys.
    fn release_information(&mut self) {
        let metadata = &self.document.metadata;
        if let Some(reason) = &metadata.reason {
            self.release("reason", &reason.value);
        }
        if let Some(marking) = &metadata.marking {
            self.release("marking", &marking.value);
        }
        if let Some(embargo) = &metadata.embargo {
            let embargo = &embargo.value;
            self.release("embargo", &format!("{}T{}{}", embargo.date, embargo.time, embargo.zone));
        }
        if let Some(distribution) = &metadata.distribution {
            self.release("distribution", &distribution.value);
        }
    }

    fn release(&mut self, role: &str, text: &str) {
        self.text_leaf("releaseinfo", &vec![("role", role.to_owned())], text);
    }

    fn meta(&mut self, name: &str, content: &str) {
        self.empty("meta", &vec![("name", name.to_owned()), ("content", content.to_owned())]);
    }

    fn history(&mut self, history: &[Revision]) {
        if history.is_empty() {
            return;
        }
        let none = Attributes::new();
        self.block("revhistory", &none, |w| {
            for revision in history {
                w.block("revision", &none, |w| {
                    w.text_leaf("revnumber", &none, &revision.version);
                    let date = revision.date.map(|date| date.to_string()).unwrap_or_default();
                    w.text_leaf("date", &none, &date);
                    w.text_leaf("revremark", &none, &revision.change);
                });
            }
        });
    }

    fn contact(&mut self, contact: &Contact) {
        self.leaf("address", &vec![("role", "contact".to_owned())], |w| {
            let parts = [
                ("orgname", &contact.name),
                ("email", &contact.email),
                ("phone", &contact.phone),
                ("uri", &contact.url),
            ];
            let mut separator = "";
            for (name, value) in parts {
                if let Some(value) = value {
                    w.xml.text(separator);
                    w.inline(name, &Attributes::new(), |w| w.xml.text(value));
                    separator = "\n";
                }
            }
        });
    }

    fn licence(&mut self) {
        let metadata = &self.document.metadata;
        let none = Attributes::new();
        if let Some(licence) = &metadata.licence {
            let licence = &licence.value;
            self.block("legalnotice", &vec![("role", "licence".to_owned())], |w| {
                w.leaf("para", &none, |w| match &licence.url {
                    None => w.xml.text(&licence.name),
                    Some(url) => {
                        w.inline("link", &vec![("xlink:href", encode_uri(url))], |w| w.xml.text(&licence.name));
                    }
                });
            });
        }
        if let Some(imprint) = &metadata.imprint {
            self.block("legalnotice", &vec![("role", "imprint".to_owned())], |w| {
                w.text_leaf("para", &none, &imprint.value);
            });
        }
    }
}

/// The value of the article's `status` attribute.
pub(super) fn status(status: Status) -> &'static str {
    match status {
        Status::Draft => "draft",
        Status::Review => "review",
        Status::Final => "final",
        Status::Withdrawn => "withdrawn",
    }
}
