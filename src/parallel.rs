//! Jobs beside the thread that makes a document, and what threads share.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{channel, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, available_parallelism, scope};

/// Each may hold a picture's pixels, and there are seldom more jobs that take long.
const MOST_THREADS: usize = 3;

/// Jobs of a pipeline that a pool of threads does at once.
const BATCH: usize = 32;
/// Jobs of a pipeline that wait for a thread at most, because they take memory.
const MOST_WAITING: usize = 4;

static KEEPS_TO_POOL: AtomicBool = AtomicBool::new(false);

/// Stops [`beside`] and [`pipeline`] from starting their own threads.
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

/// Makes jobs on this thread, one after the other, does them beside it, and collects the results
/// here, in order. They are done on the threads of its pool, or on a new one if the pool has only
/// one, the machine has more cores and the jobs are many.
pub fn pipeline<J: Send, R: Send>(
    mut jobs: impl ExactSizeIterator<Item = J>,
    job: impl Fn(J) -> R + Sync,
    mut collect: impl FnMut(R),
) {
    let job = &job;
    if rayon::current_num_threads() > 1 {
        while jobs.len() > 0 {
            let mut batch: Vec<Option<R>> = (0..BATCH.min(jobs.len())).map(|_| None).collect();
            rayon::in_place_scope(|scope| {
                for (place, next) in batch.iter_mut().zip(&mut jobs) {
                    scope.spawn(move |_| *place = Some(job(next)));
                }
            });
            batch.into_iter().flatten().for_each(&mut collect);
        }
        return;
    }
    if jobs.len() <= BATCH || other_cores() == 0 {
        return jobs.map(job).for_each(collect);
    }
    let (waiting, taken) = sync_channel(MOST_WAITING);
    let (finished, results) = channel();
    let work = move || taken.into_iter().map(job).try_for_each(|result| finished.send(result));
    scope(|scope| {
        if Builder::new().spawn_scoped(scope, work).is_err() {
            return jobs.map(job).for_each(collect);
        }
        for next in jobs {
            // It fails if the other thread panicked, which the scope passes on.
            let _ = waiting.send(next);
            results.try_iter().for_each(&mut collect);
        }
        drop(waiting);
        results.into_iter().for_each(collect);
    });
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
    use super::{beside, pipeline};
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
    #[test]
    fn a_pipeline_keeps_the_order() {
        for (threads, jobs) in [(1, 10), (1, 1000), (3, 10), (3, 1000)] {
            let pool = ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            let mut made = Vec::new();
            let doubles = (0..jobs).map(|number| number * 2);
            pool.install(|| pipeline(doubles, |number| number + 1, |number| made.push(number)));
            assert_eq!(made, (0..jobs).map(|number| number * 2 + 1).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_panic_in_a_pipeline_is_passed_on() {
        let fails = || {
            let pool = ThreadPoolBuilder::new().num_threads(1).build().unwrap();
            pool.install(|| pipeline(0..1000, |number| assert_ne!(number, 500, "on purpose"), drop))
        };
        assert!(std::panic::catch_unwind(fails).is_err());
    }
}
