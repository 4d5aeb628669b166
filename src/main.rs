//! The `chancery` program.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A document is very many small lists that grow, on all cores at once: the
/// system's allocator took a tenth of the time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    chancery::cli::main()
}
