//! Pictures made of pixels, as images: each once, on other threads while pages are set.

use super::{Fault, Image, jpeg, png};
use crate::parallel::{beside, locked};
use crate::resolve::{Picture, PictureFormat};
use crate::source::content_cache::ContentCache;
use std::sync::{Arc, Mutex, MutexGuard};

/// An image, or why there is none.
pub type Made = Result<Arc<Image>, Fault>;

/// The images of a document, by the numbers of its pictures.
pub struct Images<'a> {
    pictures: &'a [Picture],
    states: Vec<Mutex<State>>,
}

/// State of a picture that takes long.
enum State {
    Waiting,
    Made(Made),
    Taken,
}

impl<'a> Images<'a> {
    /// The images for the pictures of a document.
    pub fn new(pictures: &'a [Picture]) -> Self {
        Images { pictures, states: pictures.iter().map(|_| Mutex::new(State::Waiting)).collect() }
    }

    /// Does work while other threads make the images that take long.
    pub fn beside<T>(&self, work: impl FnOnce() -> T) -> T {
        let slow: Vec<usize> =
            (0..).zip(self.pictures).filter(|(_, picture)| is_slow(picture)).map(|(index, _)| index).collect();
        let make = |index: &usize| {
            let Some((picture, mut state)) = self.pictures.get(*index).zip(self.state(*index)) else { return };
            if matches!(*state, State::Waiting) {
                *state = State::Made(from_png(picture));
            }
        };
        beside(&slow, make, work)
    }

    /// The image of a picture, which is not asked for again; `None` for one that is drawn.
    pub fn take(&self, index: usize) -> Option<Made> {
        let picture = self.pictures.get(index)?;
        let make = match picture.format {
            PictureFormat::Png => from_png,
            PictureFormat::Jpeg => from_jpeg,
            PictureFormat::Svg => return None,
        };
        let state = std::mem::replace(&mut *self.state(index)?, State::Taken);
        Some(match state {
            State::Made(made) => made,
            State::Waiting | State::Taken => make(picture),
        })
    }

    /// The state of an image; waits for the thread that makes it.
    fn state(&self, index: usize) -> Option<MutexGuard<'_, State>> {
        Some(locked(self.states.get(index)?))
    }
}

/// Whether a picture must be deflated again, which is worth another thread.
fn is_slow(picture: &Picture) -> bool {
    const PIXELS: u64 = 40_000;
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    picture.format == PictureFormat::Png && pixels > PIXELS && !png::is_stored(&picture.bytes)
}

fn from_jpeg(picture: &Picture) -> Made {
    jpeg::image(&picture.bytes).map(Arc::new)
}

/// The image of a PNG. Data that was deflated again is cached for other documents.
fn from_png(picture: &Picture) -> Made {
    static DEFLATED: ContentCache<Made> = ContentCache::new();
    if png::is_stored(&picture.bytes) {
        return png::image(&picture.bytes).map(Arc::new);
    }
    DEFLATED.get(&picture.bytes, || {
        let made = png::image(&picture.bytes).map(Arc::new);
        let size = made.as_ref().map_or(0, |image| image.size());
        (made, size)
    })
}
