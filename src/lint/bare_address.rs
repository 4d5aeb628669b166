//! Addresses that are bare in the text (W0512).

use super::prose::{Link, is_address};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Fix};
use crate::resolve::Target;
use crate::source::edit::Edit;

/// Looks at one link. An e-mail address is its own best name.
pub fn check(link: &Link, diagnostics: &mut Diagnostics) {
    let Target::External(address) = link.target else {
        return;
    };
    if address.starts_with("http") && is_address(&link.text, link.target) {
        diagnostics.push(
            Diagnostic::new(Code::BareAddress, link.span, "an address stands bare in the text")
                .hint(format!("say where it leads: `[words]({address})`"))
                .fixes(named(link, address)),
        );
    }
}

/// Names the site that an address leads into.
fn named(link: &Link, address: &str) -> Option<Fix> {
    let (_, rest) = address.split_once("://")?;
    let (site, _) = rest.split_once('/').filter(|(_, page)| !page.is_empty())?;
    let site = site.strip_prefix("www.").unwrap_or(site);
    let edit = Edit::replace(link.span, format!("[{site}]({address})"));
    Some(Fix::offered(format!("Name the site: `{site}`"), [edit]))
}
