//! Addresses as HTML wants them.

use crate::backend::address::encode_uri;
use crate::format::Format;
use crate::resolve::Target;

/// The address of a target from an HTML edition.
pub fn href(target: &Target) -> String {
    encode_uri(&target.address(Format::Html))
}
