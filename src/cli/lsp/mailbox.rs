//! What an editor has sent and what was not yet looked at. Who types is faster than a book is
//! compiled: of several changes the last counts, and what was asked before it waits or is dropped.

use lsp_server::{Connection, Message, Request, RequestId};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Builder;

/// Notifications that change a text.
const CHANGES: [&str; 3] = ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"];

/// What has come.
pub enum News {
    /// The editor says something.
    Message(Message),
    /// A document has been laid out, and its pages meet problems.
    Pages,
    /// The editor has gone.
    End,
}

/// News in their order.
pub struct Mailbox {
    sender: Sender<News>,
    incoming: Receiver<News>,
    waiting: VecDeque<News>,
}

impl Mailbox {
    /// Takes in what the editor sends, whatever is done meanwhile: a connection holds no message
    /// but the one that is handed over.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn open(connection: &Connection) -> std::io::Result<Mailbox> {
        let (sender, incoming) = channel();
        let (messages, others) = (connection.receiver.clone(), sender.clone());
        // It ends with the editor, or with the mailbox.
        let taking = move || {
            let messages = messages.into_iter().map(News::Message);
            messages.chain([News::End]).all(|news| sender.send(news).is_ok())
        };
        Builder::new().spawn(taking)?;
        Ok(Mailbox { sender: others, incoming, waiting: VecDeque::new() })
    }

    /// Who else puts news in.
    pub fn sender(&self) -> Sender<News> {
        self.sender.clone()
    }

    /// The next news, once there are some.
    pub fn next(&mut self) -> News {
        self.fill();
        self.waiting.pop_front().or_else(|| self.incoming.recv().ok()).unwrap_or(News::End)
    }

    /// Whether no change waits.
    pub fn is_calm(&mut self) -> bool {
        self.fill();
        !self.messages().any(|message| changed(message).is_some())
    }

    /// Whether the editor has taken a request back.
    pub fn is_cancelled(&self, id: &RequestId) -> bool {
        self.messages().any(|message| match message {
            Message::Notification(notification) => {
                notification.method == "$/cancelRequest" && notification.params["id"] == json!(id)
            }
            Message::Request(_) | Message::Response(_) => false,
        })
    }

    /// Whether the text that a request is about changes behind it.
    pub fn is_outdated(&self, request: &Request) -> bool {
        let uri = &request.params["textDocument"]["uri"];
        uri.is_string() && self.messages().any(|message| changed(message) == Some(uri))
    }

    /// Lets a request wait for all that has come.
    pub fn put_off(&mut self, request: Request) {
        self.waiting.push_back(News::Message(request.into()));
    }

    fn messages(&self) -> impl Iterator<Item = &Message> {
        self.waiting.iter().filter_map(|news| match news {
            News::Message(message) => Some(message),
            News::Pages | News::End => None,
        })
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
    use super::{Mailbox, News};
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
        messages.into_iter().for_each(|message| sender.send(News::Message(message)).unwrap());
        sender.send(News::Pages).unwrap();
        let mut mailbox = Mailbox { sender, incoming, waiting: VecDeque::new() };
        assert!(!mailbox.is_calm());
        assert!(mailbox.is_outdated(&request(3, "b")) && mailbox.is_cancelled(&3.into()));
        assert!(matches!(mailbox.next(), News::Message(Message::Notification(_))));
        assert!(!mailbox.is_outdated(&request(1, "a")) && !mailbox.is_cancelled(&1.into()));
        let News::Message(Message::Request(put_off)) = mailbox.next() else { panic!("the request comes next") };
        mailbox.put_off(put_off);
        let rest: Vec<bool> = (0..5).map(|_| matches!(mailbox.next(), News::Message(Message::Request(_)))).collect();
        assert_eq!(rest, [false, true, false, false, true]);
        assert!(mailbox.is_calm());
    }
}
