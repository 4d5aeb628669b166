//! `chancery lsp`: the documents in an editor, by the Language Server Protocol 3.17.
//!
//! One thread takes messages in their order ([`server`]), but for those that later ones make
//! worthless ([`queue`]). Texts that are open in the editor
//! count before those on the disk ([`open`]); what is asked of a document is answered from
//! its last compilation ([`answer`], [`complete`]) and from the names that stand in the texts
//! of the project ([`names`], [`reference`]).

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

/// Serves an editor over standard input and output until it says that it ends. With `serve`
/// the live page of the first file that is opened is shown at once.
pub fn lsp(serve: bool) -> Result<Outcome, Failure> {
    let (connection, threads) = Connection::stdio();
    let outcome = server::run(&connection, serve);
    // The threads end when nobody sends to them any more.
    drop(connection);
    threads.join().map_err(|error| Failure::Io(format!("cannot talk to the editor: {error}")))?;
    outcome
}
