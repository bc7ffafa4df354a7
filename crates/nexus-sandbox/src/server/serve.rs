//! The loop that takes connections in, and gives up those that only hold an open file.

use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::AbortHandle;

use crate::call::Reply;
use crate::server::connection::{Connection, Patience, Ticks, Wire};
use crate::server::exchange::{Served, respond};
use crate::server::listening::Listening;
use crate::server::serving::{Notice, Serving};

/// How long the end waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(1);
/// A refused connection is let go after this time at the latest.
const FAREWELL: Duration = Duration::from_secs(1);
/// So many refused connections may be listening for their refusal; further ones are closed without.
const FAREWELLS: usize = 64;
/// The slow clock's tick is no longer than this.
const TICK: Duration = Duration::from_secs(5);

/// A connection that is open, as long as its task holds it.
struct Open {
    connection: Weak<Connection>,
    task: AbortHandle,
}

pub(crate) async fn serve(
    listening: Listening,
    served: Arc<Served>,
    serving: Serving,
    most: usize,
    mut stopped: oneshot::Receiver<()>,
) {
    let graceful = GracefulShutdown::new();
    let http = http1::Builder::new();
    let (tick, patience) = patience(&serving);
    let (ticks, farewells) = (Arc::new(Ticks::default()), Arc::new(Semaphore::new(FAREWELLS)));
    let (mut open, mut room): (Vec<Open>, usize) = (Vec::new(), 1024);
    let notify = |notice: &Notice| serving.notify.iter().for_each(|notify| notify(notice));
    let (mut crowded, mut starved, mut ending) = (false, false, false);
    let mut clock = Box::pin(tokio::time::sleep(tick));
    loop {
        let waits = ending || ticks.open() > 0;
        let accepted = tokio::select! {
            accepted = listening.accept() => accepted,
            // While nobody is connected and no tenant will end, nothing wakes this process.
            () = &mut clock, if waits => {
                clock.as_mut().reset(tokio::time::Instant::now() + tick);
                ticks.pass();
                ending = served.tenants.forget_ended();
                give_up(&mut open, patience);
                continue;
            }
            () = served.tenants.ending.notified() => {
                ending = true;
                continue;
            }
            // The channel signals the stop by a message or by being closed.
            _ = &mut stopped => break,
        };
        let stream = match accepted {
            Ok(stream) => stream,
            Err(error) => {
                // Out of descriptors, for example: others may be closed meanwhile.
                if !starved && is_starved(&error) {
                    notify(&Notice::OutOfFiles);
                    starved = true;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        if ticks.open() >= most {
            if !crowded {
                notify(&Notice::TooManyConnections { limit: most });
                crowded = true;
            }
            if let Ok(permit) = Arc::clone(&farewells).try_acquire_owned() {
                tokio::spawn(async move {
                    let _ = tokio::time::timeout(FAREWELL, refuse(stream)).await;
                    drop(permit);
                });
            }
            continue;
        }
        crowded = crowded && ticks.open() > most / 2;
        starved = starved && ticks.open() > most / 2;
        if open.len() >= room {
            open.retain(|one| !one.task.is_finished());
            room = open.len() * 2 + 1024;
        }
        let connection = Connection::new(stream, Arc::clone(&ticks));
        let (weak, wire) = (Arc::downgrade(&connection), Wire(Arc::clone(&connection)));
        let served = Arc::clone(&served);
        let service = service_fn(move |request| respond(Arc::clone(&served), Arc::clone(&connection), request));
        let conversation = graceful.watch(http.serve_connection(TokioIo::new(wire), service));
        let task = tokio::spawn(async move {
            // What a client breaks is its own business.
            let _ = conversation.await;
        });
        open.push(Open { connection: weak, task: task.abort_handle() });
    }
    drop(listening);
    // Those who listen would wait for more.
    served.ending.send_replace(true);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

/// The tick, and how many of them each kind of waiting may take.
fn patience(serving: &Serving) -> (Duration, Patience) {
    let shortest = serving.request_timeout.min(serving.idle_timeout);
    let tick = (shortest / 4).clamp(Duration::from_millis(1), TICK);
    let ticks = |time: Duration| u32::try_from(time.as_millis() / tick.as_millis().max(1)).unwrap_or(u32::MAX);
    (tick, Patience { request: ticks(serving.request_timeout), idle: ticks(serving.idle_timeout) })
}

/// Ends the connections that have kept the server waiting for too long.
fn give_up(open: &mut Vec<Open>, patience: Patience) {
    open.retain(|one| {
        let overdue = one.connection.upgrade().is_none_or(|connection| connection.is_overdue(patience));
        if overdue {
            one.task.abort();
        }
        !overdue
    });
}

#[cfg(unix)]
fn is_starved(error: &io::Error) -> bool {
    use rustix::io::Errno;
    [Errno::MFILE, Errno::NFILE].iter().any(|errno| error.raw_os_error() == Some(errno.raw_os_error()))
}

#[cfg(not(unix))]
fn is_starved(_: &io::Error) -> bool {
    true
}

/// Says why, and reads on until the other side has heard it: closing with unread bytes would reset the connection.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    let reply = Reply::refusal(503, "Too many connections are open; close some, or wait.");
    let head = format!(
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: {}\r\nContent-Length: {}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n",
        reply.content_type,
        reply.body.len()
    );
    stream.write_all(&[head.as_bytes(), &reply.body].concat()).await?;
    stream.shutdown().await?;
    let mut unread = [0; 1024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}
