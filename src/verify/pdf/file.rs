//! A file, opened once for all that is to be found out about it.

use super::{Unreadable, dictionary};
use lopdf::{Dictionary, Document, LoadOptions, ObjectId};

/// No stream is inflated to more bytes, nor are all pages together.
pub const STREAM_BYTES: usize = 256 << 20;

/// A PDF and the content of its pages.
#[derive(Debug)]
pub struct File {
    pub document: Document,
    /// In their order.
    pub pages: Vec<Page>,
}

/// A page of a file.
#[derive(Debug)]
pub struct Page {
    pub id: ObjectId,
    /// Its content stream, inflated.
    pub content: Vec<u8>,
}

impl File {
    /// Opens a file and inflates its pages.
    ///
    /// # Errors
    ///
    /// The file is damaged, or a stream is too large.
    pub fn open(bytes: &[u8]) -> Result<File, Unreadable> {
        let unreadable = |error: lopdf::Error| Unreadable(error.to_string());
        let options = LoadOptions { max_decompressed_size: Some(STREAM_BYTES), ..LoadOptions::default() };
        let document = Document::load_mem_with_options(bytes, options).map_err(unreadable)?;
        let mut left = STREAM_BYTES;
        let page = |id| {
            let content = document.get_page_content_with_limit(id, left).map_err(unreadable)?;
            left = left.saturating_sub(content.len());
            Ok(Page { id, content })
        };
        let pages = document.page_iter().map(page).collect::<Result<_, Unreadable>>()?;
        Ok(File { document, pages })
    }

    /// What a page names for its content (ISO 32000-1, 7.8.3).
    pub fn resources(&self, page: &Page) -> Option<&Dictionary> {
        dictionary(&self.document, self.document.get_dictionary(page.id).ok()?.get(b"Resources").ok()?)
    }
}
