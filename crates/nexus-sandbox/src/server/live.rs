//! `GET /_sandbox/live` served: tells what there is, and goes on telling what changes, until one side is gone.

use std::sync::Arc;
use std::time::Duration;

use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{self, HeaderValue};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep, sleep_until};

use crate::admin::live::{EVENTS, after};
use crate::call::Reply;
use crate::server::delivery::Delivered;
use crate::server::own_world::OwnWorld;

/// Between two looks at a world in which much happens; ten times as long as a look takes, where that is more.
const PAUSE: Duration = Duration::from_millis(25);
/// So long nothing is said at most: then a comment shows whether anybody still listens.
const SILENCE: Duration = Duration::from_secs(15);
/// Where time passes by itself, the clock is told so often.
const SECOND: Duration = Duration::from_secs(1);
/// Parts that wait to be sent. A listener that takes none is told nothing new, and then of each thing its latest state.
const WAITING: usize = 4;

/// The parts of the body for a listener that knows everything up to a change, or nothing.
pub(crate) fn stream(
    own: Arc<OwnWorld>,
    known: Option<&str>,
    run: &str,
    ending: watch::Receiver<bool>,
) -> Result<mpsc::Receiver<Bytes>, Reply> {
    let known = after(known)?;
    let (send, told) = mpsc::channel(WAITING);
    let run = run.to_owned();
    tokio::spawn(async move { tell(&own, known, &run, ending, send).await });
    Ok(told)
}

async fn tell(
    own: &OwnWorld,
    known: Option<u64>,
    run: &str,
    mut ending: watch::Receiver<bool>,
    send: mpsc::Sender<Bytes>,
) {
    // Before the first look, so that no change falls between.
    let mut touches = own.touches();
    let mut told = own.watched().listen(known, run);
    let silence = if own.runs() { SECOND } else { SILENCE };
    loop {
        let last = told.last;
        if !told.text.is_empty() && send.send(told.text.into()).await.is_err() {
            return;
        }
        let mut text = String::new();
        tokio::select! {
            () = send.closed() => return,
            _ = ending.changed() => return,
            touched = touches.changed() => if touched.is_err() { return },
            () = sleep(silence) => text.push_str(":\n\n"),
        }
        let began = Instant::now();
        told = own.watched().changes(last);
        if told.text.is_empty() {
            told.text = text;
        }
        sleep_until(Instant::now() + PAUSE.max(began.elapsed() * 10)).await;
    }
}

pub(crate) fn response(told: Delivered) -> Response<Delivered> {
    let mut response = Response::new(told);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(EVENTS));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
