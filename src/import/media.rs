//! Pictures of a file. Their formats are recognised by their bytes, and they get new names.

/// A picture beside the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Medium {
    /// Path from the folder of the source.
    pub path: String,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// A kind of picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Png,
    Jpeg,
    Gif,
    Svg,
    /// Known, and not drawn; with the ending of its files.
    NotDrawn(&'static str),
}

impl Kind {
    /// The kind of a picture by its first bytes.
    pub fn from_bytes(bytes: &[u8]) -> Option<Kind> {
        const HEAD: usize = 1024;
        const EMF_SIGN: std::ops::Range<usize> = 40..44;
        let starts = |sign: &[u8]| bytes.starts_with(sign);
        Some(match bytes {
            _ if starts(b"\x89PNG\r\n\x1a\n") => Kind::Png,
            _ if starts(b"\xff\xd8\xff") => Kind::Jpeg,
            _ if starts(b"GIF8") => Kind::Gif,
            _ if starts(b"BM") => Kind::NotDrawn("bmp"),
            _ if starts(b"II*\0") || starts(b"MM\0*") => Kind::NotDrawn("tif"),
            _ if starts(b"\x01\0\0\0") && bytes.get(EMF_SIGN) == Some(b" EMF") => Kind::NotDrawn("emf"),
            _ if starts(b"\xd7\xcd\xc6\x9a") || starts(b"\x01\0\x09\0") => Kind::NotDrawn("wmf"),
            _ if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") => Kind::NotDrawn("webp"),
            _ if String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).contains("<svg") => Kind::Svg,
            _ => return None,
        })
    }

    /// The ending of the names of its files.
    pub const fn extension(self) -> &'static str {
        match self {
            Kind::Png => "png",
            Kind::Jpeg => "jpg",
            Kind::Gif => "gif",
            Kind::Svg => "svg",
            Kind::NotDrawn(extension) => extension,
        }
    }
}

/// The pictures of a file, each once.
#[derive(Debug, Default)]
pub struct Media {
    /// Prefix of the file names.
    stem: String,
    all: Vec<Medium>,
}

impl Media {
    /// Pictures of a file whose name has this stem.
    pub fn for_stem(stem: &str) -> Media {
        Media { stem: safe(stem), all: Vec::new() }
    }

    /// Adds a picture, unless it is there; gives its path and kind, or `None` where it is
    /// no picture that is known.
    pub fn add(&mut self, bytes: Vec<u8>) -> Option<(String, Kind)> {
        let kind = Kind::from_bytes(&bytes)?;
        if let Some(known) = self.all.iter().find(|medium| medium.bytes == bytes) {
            return Some((known.path.clone(), kind));
        }
        let path = format!("media/{}-{}.{}", self.stem, self.all.len() + 1, kind.extension());
        self.all.push(Medium { path: path.clone(), bytes });
        Some((path, kind))
    }

    /// All of them, in the order in which they were met.
    pub fn into_all(self) -> Vec<Medium> {
        self.all
    }
}

/// A name of a file that is safe everywhere.
pub fn safe(name: &str) -> String {
    let letters = name.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' });
    let name: String = letters.collect::<String>().trim_matches('-').to_owned();
    if name.is_empty() { "document".to_owned() } else { name }
}
