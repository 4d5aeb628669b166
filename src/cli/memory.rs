//! The size of the pages that the system gives memory in. A large one costs as
//! much as a few small ones, but takes its whole room at once: right for a long
//! document, wasteful for a brief.
//!
//! On Linux the allocator asks for transparent huge pages (madvise(2)), and
//! prctl(2) decides whether the process gets them. Elsewhere nothing is asked for.

/// Leaves pages small until [`allow_large_pages`].
pub fn keep_pages_small() {
    set_small(true);
}

/// Lets memory that is touched for the first time from here on come in large
/// pages.
pub fn allow_large_pages() {
    set_small(false);
}

#[cfg(target_os = "linux")]
fn set_small(small: bool) {
    // A system that does not know the call goes on as it likes.
    let _ = rustix::thread::disable_transparent_huge_pages(small);
}

#[cfg(not(target_os = "linux"))]
fn set_small(_small: bool) {}
