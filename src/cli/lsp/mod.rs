//! `chancery lsp`: the documents in an editor, by the Language Server Protocol 3.17.
//!
//! One thread processes messages in order ([`server`]), except those that later ones supersede
//! ([`event_queue`]). Texts open in the editor overlay the files on disk ([`open`]). Requests about
//! a document are answered from its last compilation ([`answer`], [`complete`]) and from the
//! symbols in the project's texts ([`symbols`], [`mod@reference`]).

mod answer;
mod complete;
mod event_queue;
mod live;
mod open;
mod position;
mod reference;
mod rename_files;
mod server;
mod symbols;
mod tokens;

use super::failure::{Failure, Outcome};
use lsp_server::Connection;

/// Serves an editor over standard input and output until it exits. With `serve` the preview of the
/// first opened file is shown at once.
pub fn lsp(serve: bool) -> Result<Outcome, Failure> {
    let (connection, threads) = Connection::stdio();
    let outcome = server::run(&connection, serve);
    // The threads end when their senders are dropped.
    drop(connection);
    threads.join().map_err(|error| Failure::Io(format!("cannot talk to the editor: {error}")))?;
    outcome
}
