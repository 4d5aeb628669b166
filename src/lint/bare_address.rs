//! Addresses that stand bare in the text (W0512).

use super::prose::{Link, is_address};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::resolve::Target;

/// Looks at one link. An e-mail address is its own best name.
pub fn check(link: &Link, diagnostics: &mut Diagnostics) {
    let Target::External(address) = link.target else {
        return;
    };
    if address.starts_with("http") && is_address(&link.text, link.target) {
        diagnostics.push(
            Diagnostic::new(Code::BareAddress, link.span, "an address stands bare in the text")
                .hint(format!("say where it leads: `[words]({address})`")),
        );
    }
}
