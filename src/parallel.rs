//! Jobs beside the thread that makes a document, and what threads share.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, available_parallelism, scope};

/// Each may hold a picture's pixels, and there are seldom more jobs that take long.
const MOST_THREADS: usize = 3;

static KEEPS_TO_POOL: AtomicBool = AtomicBool::new(false);

/// Stops [`beside`] from starting its own threads.
pub fn keep_to_pool() {
    KEEPS_TO_POOL.store(true, Ordering::Relaxed);
}

/// Runs `jobs` on other threads while this thread runs `work`: on those of its pool, or on new
/// threads if the pool has only one and the machine has more cores. If no thread is available, the
/// jobs are not run.
pub fn beside<J: Sync, T>(jobs: &[J], job: impl Fn(&J) + Sync, work: impl FnOnce() -> T) -> T {
    if jobs.is_empty() {
        return work();
    }
    let job = &job;
    if rayon::current_num_threads() > 1 {
        return rayon::in_place_scope(|scope| {
            jobs.iter().for_each(|one| scope.spawn(move |_| job(one)));
            work()
        });
    }
    let next = AtomicUsize::new(0);
    let take = || {
        while let Some(one) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
            job(one);
        }
    };
    scope(|scope| {
        for _ in 0..other_cores().min(jobs.len()) {
            // Without it, there is less help.
            let _ = Builder::new().spawn_scoped(scope, take);
        }
        work()
    })
}

/// The content of a mutex, also after a thread that held it panicked: what is shared is whole
/// between any two statements, or compared before it is used.
pub fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn other_cores() -> usize {
    if KEEPS_TO_POOL.load(Ordering::Relaxed) {
        return 0;
    }
    available_parallelism().map_or(0, |cores| cores.get() - 1).min(MOST_THREADS)
}

#[cfg(test)]
mod tests {
    use super::beside;
    use rayon::ThreadPoolBuilder;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn jobs_are_done_once_and_before_it_returns() {
        for threads in [1, 3] {
            let done: Vec<AtomicUsize> = (0..20).map(|_| AtomicUsize::new(0)).collect();
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let work = || beside(&done, |one| _ = one.fetch_add(1, Ordering::Relaxed), || "done");
            assert_eq!(pool.install(work), "done");
            let counts: Vec<usize> = done.iter().map(|one| one.load(Ordering::Relaxed)).collect();
            // With one core there are no helpers.
            assert!(counts == [1; 20] || counts == [0; 20], "{counts:?}");
        }
    }
}
