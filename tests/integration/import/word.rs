//! Small Word files, made for one test each.

/// A Word file to be.
pub struct Word {
    document: String,
    parts: Vec<(&'static str, &'static str, String)>,
    links: Vec<(String, String)>,
    /// Lists of what other parts refer to.
    lists: Vec<(String, String)>,
}

const SPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\" \
    xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
    xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
    xmlns:m=\"http://schemas.openxmlformats.org/officeDocument/2006/math\" \
    xmlns:v=\"urn:schemas-microsoft-com:vml\"";

impl Word {
    pub fn new(body: &str) -> Word {
        let document = format!("<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>");
        Word { document, parts: Vec::new(), links: Vec::new(), lists: Vec::new() }
    }

    pub fn with_document(mut self, document: &str) -> Word {
        document.clone_into(&mut self.document);
        self
    }

    fn part(mut self, name: &'static str, root: &'static str, content: &str) -> Word {
        self.parts.push((name, root, content.to_owned()));
        self
    }

    pub fn styles(self, styles: &str) -> Word {
        self.part("styles", "styles", styles)
    }

    pub fn numbering(self, lists: &str) -> Word {
        self.part("numbering", "numbering", lists)
    }

    pub fn footnotes(self, notes: &str) -> Word {
        self.part("footnotes", "footnotes", notes)
    }

    pub fn comments(self, comments: &str) -> Word {
        self.part("comments", "comments", comments)
    }

    pub fn link(mut self, id: &str, address: &str) -> Word {
        self.links.push((id.to_owned(), address.to_owned()));
        self
    }

    pub fn footnote_link(mut self, id: &str, address: &str) -> Word {
        let list = format!(
            "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
             <Relationship Id=\"{id}\" Type=\"hyperlink\" Target=\"{address}\" TargetMode=\"External\"/></Relationships>"
        );
        self.lists.push(("word/_rels/footnotes.xml.rels".to_owned(), list));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const LIST: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
        let mut files = vec![
            ("[Content_Types].xml".to_owned(), "<Types/>".to_owned()),
            (
                "_rels/.rels".to_owned(),
                format!(
                    "<Relationships xmlns=\"{LIST}\"><Relationship Id=\"d\" Type=\"{KIND}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
                ),
            ),
            ("word/document.xml".to_owned(), self.document.clone()),
        ];
        let mut list = format!("<Relationships xmlns=\"{LIST}\">");
        for (name, root, content) in &self.parts {
            files.push((format!("word/{name}.xml"), format!("<w:{root} {SPACES}>{content}</w:{root}>")));
            list += &format!("<Relationship Id=\"{name}\" Type=\"{KIND}/{name}\" Target=\"{name}.xml\"/>");
        }
        for (id, address) in &self.links {
            list += &format!(
                "<Relationship Id=\"{id}\" Type=\"{KIND}/hyperlink\" Target=\"{address}\" TargetMode=\"External\"/>"
            );
        }
        files.push(("word/_rels/document.xml.rels".to_owned(), list + "</Relationships>"));
        files.extend(self.lists.iter().cloned());
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        archive(&files)
    }
}

/// A ZIP archive of files that are not compressed.
pub fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let number = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let offset = archive.len();
        let sums = [crc(text.as_bytes()).to_le_bytes(), number(text.len()), number(text.len())].concat();
        let length = u16::try_from(name.len()).unwrap().to_le_bytes();
        archive.extend([b"PK\x03\x04".as_slice(), &[20, 0, 0, 8, 0, 0, 0, 0, 33, 0], &sums, &length, &[0, 0]].concat());
        archive.extend([name.as_bytes(), text.as_bytes()].concat());
        directory.extend(
            [b"PK\x01\x02".as_slice(), &[20, 0, 20, 0, 0, 8, 0, 0, 0, 0, 33, 0], &sums, &length, &[0; 12]].concat(),
        );
        directory.extend([number(offset).as_slice(), name.as_bytes()].concat());
    }
    let start = archive.len();
    archive.extend(&directory);
    let count = u16::try_from(files.len()).unwrap().to_le_bytes();
    archive.extend([b"PK\x05\x06".as_slice(), &[0; 4], &count, &count].concat());
    archive.extend([number(directory.len()).as_slice(), &number(start), &[0, 0]].concat());
    archive
}

/// CRC-32 as ZIP has it.
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    };
    !bytes.iter().fold(u32::MAX, step)
}
