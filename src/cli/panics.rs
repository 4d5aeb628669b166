//! Faults of Chancery's own: what must not happen is a message, never a silent end.

use crate::diagnostic::{Code, Diagnostic};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How to go on after a fault of Chancery's own.
pub const HINT: &str = "please report it with the document that causes it";

/// Keeps the system's own words on a fault from the terminal: the guards say them.
pub fn silence() {
    std::panic::set_hook(Box::new(|_| {}));
}

/// Runs a step and catches panics.
///
/// # Errors
/// If it panics, a description of the fault.
pub fn catch_panic<T>(step: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|payload| panic_message(payload.as_ref()))
}

/// A fault as a problem of the document in which it happened.
pub fn internal(fault: &str) -> Diagnostic {
    Diagnostic::without_place(Code::Internal, format!("Chancery itself failed: {fault}")).hint(HINT)
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str).or(payload.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}
