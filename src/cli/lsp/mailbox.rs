//! What an editor has sent and what was not yet looked at. Who types is faster than a book is
//! compiled: of several changes the last counts, and what was asked before it waits or is dropped.

use lsp_server::{Connection, Message, Request, RequestId};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, channel};
use std::thread::Builder;

/// Notifications that change a text.
const CHANGES: [&str; 3] = ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"];

/// Messages in their order.
pub struct Mailbox {
    incoming: Receiver<Message>,
    waiting: VecDeque<Message>,
}

impl Mailbox {
    /// Takes in what the editor sends, whatever is done meanwhile: a connection holds no message
    /// but the one that is handed over.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn open(connection: &Connection) -> std::io::Result<Mailbox> {
        let (sender, incoming) = channel();
        let messages = connection.receiver.clone();
        // It ends with the editor, or with the mailbox.
        Builder::new().spawn(move || messages.into_iter().all(|message| sender.send(message).is_ok()))?;
        Ok(Mailbox { incoming, waiting: VecDeque::new() })
    }

    /// The next message, once there is one; `None` where the editor has gone.
    pub fn next(&mut self) -> Option<Message> {
        self.fill();
        self.waiting.pop_front().or_else(|| self.incoming.recv().ok())
    }

    /// Whether no change waits.
    pub fn is_calm(&mut self) -> bool {
        self.fill();
        !self.waiting.iter().any(|message| changed(message).is_some())
    }

    /// Whether the editor has taken a request back.
    pub fn is_cancelled(&self, id: &RequestId) -> bool {
        self.waiting.iter().any(|message| match message {
            Message::Notification(notification) => {
                notification.method == "$/cancelRequest" && notification.params["id"] == json!(id)
            }
            Message::Request(_) | Message::Response(_) => false,
        })
    }

    /// Whether the text that a request is about changes behind it.
    pub fn is_outdated(&self, request: &Request) -> bool {
        let uri = &request.params["textDocument"]["uri"];
        uri.is_string() && self.waiting.iter().any(|message| changed(message) == Some(uri))
    }

    /// Lets a request wait for all that has come.
    pub fn put_off(&mut self, request: Request) {
        self.waiting.push_back(request.into());
    }

    fn fill(&mut self) {
        self.waiting.extend(self.incoming.try_iter());
    }
}

/// The text that a message changes.
fn changed(message: &Message) -> Option<&Value> {
    match message {
        Message::Notification(notification) if CHANGES.contains(&notification.method.as_str()) => {
            Some(&notification.params["textDocument"]["uri"])
        }
        Message::Notification(_) | Message::Request(_) | Message::Response(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Mailbox;
    use lsp_server::{Message, Notification, Request};
    use serde_json::{Value, json};
    use std::collections::VecDeque;
    use std::sync::mpsc::channel;

    fn about(uri: &str) -> Value {
        json!({ "textDocument": { "uri": uri } })
    }

    fn request(id: i32, uri: &str) -> Request {
        Request::new(id.into(), "textDocument/hover".to_owned(), about(uri))
    }

    #[test]
    fn a_request_is_outdated_where_its_text_changes_behind_it() {
        let change = |uri: &str| Notification::new("textDocument/didChange".to_owned(), about(uri));
        let cancel = Notification::new("$/cancelRequest".to_owned(), json!({ "id": 3 }));
        let messages: [Message; 5] =
            [change("a").into(), request(1, "a").into(), change("b").into(), request(2, "b").into(), cancel.into()];
        let (sender, incoming) = channel();
        messages.into_iter().for_each(|message| sender.send(message).unwrap());
        drop(sender);
        let mut mailbox = Mailbox { incoming, waiting: VecDeque::new() };
        assert!(!mailbox.is_calm());
        assert!(mailbox.is_outdated(&request(3, "b")) && mailbox.is_cancelled(&3.into()));
        let change = mailbox.next().unwrap();
        assert!(matches!(change, Message::Notification(_)));
        assert!(!mailbox.is_outdated(&request(1, "a")) && !mailbox.is_cancelled(&1.into()));
        let Some(Message::Request(put_off)) = mailbox.next() else { panic!("the request comes next") };
        mailbox.put_off(put_off);
        let rest: Vec<bool> = (0..4).map(|_| matches!(mailbox.next(), Some(Message::Request(_)))).collect();
        assert_eq!(rest, [false, true, false, true]);
        assert!(mailbox.is_calm() && mailbox.next().is_none());
    }
}
