//! Bodies of responses, some of which do not arrive whole: cut, or slow. Or long, and written in parts.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::time::Sleep;

use crate::faults::Delivery;
use crate::parts::Reset;
use crate::server::connection::Busy;

/// Gives the next part of a body that is written in parts; none after the last.
pub(crate) type More = Box<dyn FnMut() -> Result<Option<Vec<u8>>, Reset> + Send>;

/// A body and how it goes out.
pub(crate) struct Delivered {
    rest: Bytes,
    /// What comes after `rest`; only of a body that is delivered as it should be, or late.
    more: Option<More>,
    /// Breaks off when this many bytes are out.
    cut: Option<usize>,
    pause: Option<Duration>,
    sleep: Option<Pin<Box<Sleep>>>,
    /// A stream: what comes, as long as both sides live.
    live: Option<mpsc::Receiver<Bytes>>,
    /// Until it is out, its connection keeps nobody waiting.
    _busy: Option<Busy>,
}

impl Delivered {
    pub(crate) fn new(body: Bytes, delivery: Delivery, more: Option<More>, busy: Option<Busy>) -> Delivered {
        let (cut, pause) = match delivery {
            Delivery::Cut(bytes) => (Some(bytes), None),
            Delivery::Slow(pause) => (None, Some(pause)),
            _ => (None, None),
        };
        Delivered { rest: body, more, cut, pause, sleep: None, live: None, _busy: busy }
    }

    /// A body that goes on until the other side of the channel, or of the connection, is gone.
    pub(crate) fn stream(live: mpsc::Receiver<Bytes>, busy: Busy) -> Delivered {
        Delivered { live: Some(live), ..Delivered::new(Bytes::new(), Delivery::Whole, None, Some(busy)) }
    }
}

impl Body for Delivered {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(live) = &mut self.live {
            return live.poll_recv(cx).map(|part| part.map(|part| Ok(Frame::data(part))));
        }
        if let Some(cut) = self.cut.take() {
            self.cut = Some(0);
            if cut > 0 && !self.rest.is_empty() {
                let kept = self.rest.len().min(cut);
                let part = self.rest.split_to(kept);
                self.rest.clear();
                return Poll::Ready(Some(Ok(Frame::data(part))));
            }
            return Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())));
        }
        if self.rest.is_empty() {
            let Some(more) = &mut self.more else { return Poll::Ready(None) };
            // After a reset there is no such list any more.
            match more().map_err(|Reset| io::ErrorKind::ConnectionReset)? {
                Some(part) => self.rest = part.into(),
                None => {
                    self.more = None;
                    return Poll::Ready(None);
                }
            }
        }
        let Some(pause) = self.pause else {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut self.rest)))));
        };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
        ready!(sleep.as_mut().poll(cx));
        self.sleep = None;
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(1)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.cut.is_none() && self.more.is_none() && self.live.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = SizeHint::new();
        match (&self.more, &self.live) {
            (None, None) => hint.set_exact(self.rest.len() as u64),
            _ => hint.set_lower(self.rest.len() as u64),
        }
        hint
    }
}
