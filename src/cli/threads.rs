//! The threads that commands run and documents are made on. Their stacks are large
//! enough for the deepest nesting that the limits allow.

use rayon::{ThreadPoolBuildError, ThreadPoolBuilder};

/// One thread for each core.
pub const EACH_CORE: usize = 0;
/// Stack size in bytes.
pub const STACK: usize = 64 * 1024 * 1024;

/// Runs `work` in a pool of `threads` threads.
///
/// # Errors
/// If no threads are available.
pub fn on<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> Result<T, ThreadPoolBuildError> {
    if threads == 1 {
        // The one that is there: another would start with memory of its own.
        join_alone()?;
        return Ok(on_large_stack(work));
    }
    Ok(ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build()?.install(work))
}

/// Does work on this thread with a stack that is large enough, unless it has one.
pub fn on_large_stack<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK / 2, STACK, work)
}

/// Makes this thread a pool of its own, once for all.
fn join_alone() -> Result<(), ThreadPoolBuildError> {
    if rayon::current_thread_index().is_none() {
        ThreadPoolBuilder::new().num_threads(1).use_current_thread().build()?;
    }
    Ok(())
}
