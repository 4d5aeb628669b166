//! The queue of unprocessed editor messages. Typing is faster than compiling a long document: edits
//! are coalesced, and requests made before a pending edit are deferred or dropped.

use lsp_server::{Connection, Message, Request, RequestId};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Builder;

/// Notifications that change a text.
const CHANGES: [&str; 3] = ["textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"];

/// An event for the main loop.
pub enum Event {
    /// A message of the editor.
    Message(Message),
    /// Layout of a document found problems.
    Pages,
    /// The end of the connection.
    End,
}

/// Events in order.
pub struct EventQueue {
    sender: Sender<Event>,
    incoming: Receiver<Event>,
    waiting: VecDeque<Event>,
}

impl EventQueue {
    /// Starts a thread that receives messages at any time, because a connection itself buffers
    /// none.
    ///
    /// # Errors
    /// If no thread is available.
    pub fn open(connection: &Connection) -> std::io::Result<EventQueue> {
        let (sender, incoming) = channel();
        let (messages, others) = (connection.receiver.clone(), sender.clone());
        // The thread ends with the editor or the queue.
        let taking = move || {
            let messages = messages.into_iter().map(Event::Message);
            messages.chain([Event::End]).all(|news| sender.send(news).is_ok())
        };
        Builder::new().spawn(taking)?;
        Ok(EventQueue { sender: others, incoming, waiting: VecDeque::new() })
    }

    /// A sender for other events.
    pub fn sender(&self) -> Sender<Event> {
        self.sender.clone()
    }

    /// Waits for the next event.
    pub fn next(&mut self) -> Event {
        self.fill();
        self.waiting.pop_front().or_else(|| self.incoming.recv().ok()).unwrap_or(Event::End)
    }

    /// Whether no edit is waiting.
    pub fn has_no_pending_edit(&mut self) -> bool {
        self.fill();
        !self.messages().any(|message| changed(message).is_some())
    }

    /// Whether the editor has cancelled a request.
    pub fn is_cancelled(&self, id: &RequestId) -> bool {
        self.messages().any(|message| match message {
            Message::Notification(notification) => {
                notification.method == "$/cancelRequest" && notification.params["id"] == json!(id)
            }
            Message::Request(_) | Message::Response(_) => false,
        })
    }

    /// Whether a waiting edit changes the text of a request.
    pub fn is_superseded(&self, request: &Request) -> bool {
        let uri = &request.params["textDocument"]["uri"];
        uri.is_string() && self.messages().any(|message| changed(message) == Some(uri))
    }

    /// Moves a request to the end of the queue.
    pub fn defer(&mut self, request: Request) {
        self.waiting.push_back(Event::Message(request.into()));
    }

    fn messages(&self) -> impl Iterator<Item = &Message> {
        self.waiting.iter().filter_map(|news| match news {
            Event::Message(message) => Some(message),
            Event::Pages | Event::End => None,
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
    use super::{Event, EventQueue};
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
        messages.into_iter().for_each(|message| sender.send(Event::Message(message)).unwrap());
        sender.send(Event::Pages).unwrap();
        let mut queue = EventQueue { sender, incoming, waiting: VecDeque::new() };
        assert!(!queue.has_no_pending_edit());
        assert!(queue.is_superseded(&request(3, "b")) && queue.is_cancelled(&3.into()));
        assert!(matches!(queue.next(), Event::Message(Message::Notification(_))));
        assert!(!queue.is_superseded(&request(1, "a")) && !queue.is_cancelled(&1.into()));
        let Event::Message(Message::Request(defer)) = queue.next() else { panic!("the request comes next") };
        queue.defer(defer);
        let rest: Vec<bool> = (0..5).map(|_| matches!(queue.next(), Event::Message(Message::Request(_)))).collect();
        assert_eq!(rest, [false, true, false, false, true]);
        assert!(queue.has_no_pending_edit());
    }
}
