//! How a camera held a picture: the orientation that EXIF 2.32 (section
//! 4.6.5.1.6) records in JPEG and PNG files.

/// An orientation from 1, upright, to 8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orientation(u8);

impl Orientation {
    /// The orientation of the pixels as stored.
    pub const UPRIGHT: Orientation = Orientation(1);

    /// Reads the orientation from a TIFF header and its first directory.
    pub fn read(tiff: &[u8]) -> Option<Self> {
        const TAG: u16 = 0x0112;
        const ENTRY_LENGTH: usize = 12;
        let little = match tiff.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let short = |offset: usize| -> Option<u16> {
            let pair: [u8; 2] = tiff.get(offset..offset.checked_add(2)?)?.try_into().ok()?;
            Some(if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) })
        };
        let (low, high) = if little { (short(4)?, short(6)?) } else { (short(6)?, short(4)?) };
        let directory = usize::from(high) << 16 | usize::from(low);
        let count = usize::from(short(directory)?);
        let value = (0..count)
            .map(|entry| directory + 2 + entry * ENTRY_LENGTH)
            .find(|offset| short(*offset) == Some(TAG))
            .and_then(|offset| short(offset + 8))?;
        u8::try_from(value).ok().filter(|value| (1..=8).contains(value)).map(Orientation)
    }

    /// Its number in EXIF.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Width and height as they are seen, from those of the rows.
    pub fn upright<T>(self, width: T, height: T) -> (T, T) {
        if self.0 >= 5 { (height, width) } else { (width, height) }
    }

    /// Pixels in the order in which they are seen, from those of the rows.
    pub fn turn(self, pixels: &[u8], width: usize, height: usize, channels: usize) -> Vec<u8> {
        let (columns, rows) = self.upright(width, height);
        let mut turned = Vec::with_capacity(pixels.len());
        for y in 0..rows {
            for x in 0..columns {
                let (from_x, from_y) = match self.0 {
                    2 => (width - 1 - x, y),
                    3 => (width - 1 - x, height - 1 - y),
                    4 => (x, height - 1 - y),
                    5 => (y, x),
                    6 => (y, height - 1 - x),
                    7 => (width - 1 - y, height - 1 - x),
                    8 => (width - 1 - y, x),
                    _ => (x, y),
                };
                let start = (from_y * width + from_x) * channels;
                turned.extend_from_slice(pixels.get(start..start + channels).unwrap_or_default());
            }
        }
        turned
    }
}

#[cfg(test)]
mod tests {
    use super::Orientation;

    #[test]
    fn every_turn_brings_the_pixels_upright() {
        // An F, three pixels wide and two high, as each orientation stores it.
        let upright = [1, 2, 3, 4, 5, 6];
        let stored: [(u8, (usize, usize), [u8; 6]); 8] = [
            (1, (3, 2), [1, 2, 3, 4, 5, 6]),
            (2, (3, 2), [3, 2, 1, 6, 5, 4]),
            (3, (3, 2), [6, 5, 4, 3, 2, 1]),
            (4, (3, 2), [4, 5, 6, 1, 2, 3]),
            (5, (2, 3), [1, 4, 2, 5, 3, 6]),
            (6, (2, 3), [3, 6, 2, 5, 1, 4]),
            (7, (2, 3), [6, 3, 5, 2, 4, 1]),
            (8, (2, 3), [4, 1, 5, 2, 6, 3]),
        ];
        for (number, (width, height), pixels) in stored {
            let orientation = Orientation(number);
            assert_eq!(orientation.upright(width, height), (3, 2), "{number}");
            assert_eq!(orientation.turn(&pixels, width, height, 1), upright, "{number}");
        }
    }
}
