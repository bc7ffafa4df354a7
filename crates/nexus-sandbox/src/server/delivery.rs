//! Bodies of responses, some of which do not arrive whole: cut, or slow.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::time::Sleep;

use crate::faults::Delivery;
use crate::server::connection::Busy;

/// A body and how it goes out.
pub(crate) struct Delivered {
    rest: Bytes,
    /// Breaks off when this many bytes are out.
    cut: Option<usize>,
    pause: Option<Duration>,
    sleep: Option<Pin<Box<Sleep>>>,
    /// What comes after, as long as it lives.
    more: Option<mpsc::Receiver<Bytes>>,
    /// Until it is out, its connection keeps nobody waiting.
    _busy: Option<Busy>,
}

impl Delivered {
    pub(crate) fn new(body: Bytes, delivery: Delivery, busy: Option<Busy>) -> Delivered {
        let (cut, pause) = match delivery {
            Delivery::Cut(bytes) => (Some(bytes), None),
            Delivery::Slow(pause) => (None, Some(pause)),
            _ => (None, None),
        };
        Delivered { rest: body, cut, pause, sleep: None, more: None, _busy: busy }
    }

    /// A body that goes on until the other side of the channel, or of the connection, is gone.
    pub(crate) fn stream(more: mpsc::Receiver<Bytes>, busy: Busy) -> Delivered {
        Delivered { more: Some(more), ..Delivered::new(Bytes::new(), Delivery::Whole, Some(busy)) }
    }
}

impl Body for Delivered {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(more) = &mut self.more {
            return more.poll_recv(cx).map(|part| part.map(|part| Ok(Frame::data(part))));
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
            return Poll::Ready(None);
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
        self.rest.is_empty() && self.cut.is_none() && self.more.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        if self.more.is_some() { SizeHint::default() } else { SizeHint::with_exact(self.rest.len() as u64) }
    }
}
