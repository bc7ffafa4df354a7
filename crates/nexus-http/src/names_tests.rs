//! Tests of the lookup and cache of host names.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

use super::*;

const SECOND: Option<Duration> = Some(Duration::from_secs(1));
const SOON: Option<Duration> = Some(Duration::from_millis(20));

fn here() -> io::Result<Vec<SocketAddr>> {
    Ok(vec![SocketAddr::from(([127, 0, 0, 1], 0)), SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 0))])
}

/// Names whose lookups are counted.
fn counted(resolve: impl Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static) -> (Names, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let names = Names::new(move |name| {
        counter.fetch_add(1, Ordering::SeqCst);
        resolve(name)
    });
    (names, count)
}

#[test]
fn a_name_is_looked_up_once_and_again_when_it_is_forgotten() {
    let (names, count) = counted(|_| here());
    for _ in 0..300 {
        assert_eq!(
            names.addresses("host", SECOND, &Interrupts::default()).unwrap().to_vec(),
            here().unwrap(),
            "in the system's order"
        );
    }
    assert_eq!((count.load(Ordering::SeqCst), names.workers()), (1, 1));
    names.forget("another");
    names.addresses("host", SECOND, &Interrupts::default()).unwrap();
    assert_eq!(count.load(Ordering::SeqCst), 1);
    names.forget("host");
    names.addresses("host", SECOND, &Interrupts::default()).unwrap();
    assert_eq!((count.load(Ordering::SeqCst), names.workers()), (2, 1));
}

#[test]
fn names_failed_lookup_has_a_cause_and_is_not_cached() {
    let (names, count) = counted(|name| match name {
        "full" => Err(io::Error::from_raw_os_error(24)),
        "empty" => Ok(Vec::new()),
        "defect" => panic!("on purpose"),
        _ => Err(io::Error::other("failed to lookup address information")),
    });
    for (name, cause) in [
        ("unknown", TransportCause::NameNotFound),
        ("empty", TransportCause::NameNotFound),
        ("defect", TransportCause::Internal),
        ("unknown", TransportCause::NameNotFound),
    ] {
        assert_eq!(names.addresses(name, SECOND, &Interrupts::default()), Err(cause), "{name}");
    }
    if cfg!(unix) {
        assert_eq!(names.addresses("full", SECOND, &Interrupts::default()), Err(TransportCause::NoFiles));
    }
    assert!(count.load(Ordering::SeqCst) >= 4);
    assert_eq!(names.workers(), 1, "a panic costs no worker");
}

#[test]
fn names_concurrent_callers_share_one_lookup() {
    let (open, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let (names, count) = counted(move |_| {
        let _ = gate.lock().unwrap().recv();
        here()
    });
    std::thread::scope(|scope| {
        let callers: Vec<_> =
            (0..20).map(|_| scope.spawn(|| names.addresses("host", None, &Interrupts::default()))).collect();
        while count.load(Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        assert_eq!(names.addresses("host", SOON, &Interrupts::default()), Err(TransportCause::NameServiceSilent));
        open.send(()).unwrap();
        for caller in callers {
            assert!(caller.join().unwrap().is_ok());
        }
    });
    assert_eq!((count.load(Ordering::SeqCst), names.workers()), (1, 1));
}

#[test]
fn names_hanging_lookups_hold_no_caller_and_at_most_four_threads() {
    let (hold, gate) = mpsc::channel::<()>();
    let gate = Mutex::new(gate);
    let (names, count) = counted(move |_| {
        let _ = gate.lock().unwrap().recv();
        here()
    });
    let began = Instant::now();
    for number in 0..20 {
        assert_eq!(
            names.addresses(&format!("host-{number}"), SOON, &Interrupts::default()),
            Err(TransportCause::NameServiceSilent)
        );
    }
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(names.workers(), WORKERS);
    assert!(names.0.lock().queue.is_empty(), "what nobody waits for any more is not asked");
    drop(hold);
    assert!(names.addresses("another", SECOND, &Interrupts::default()).is_ok(), "workers that come back go on");
    assert!(count.load(Ordering::SeqCst) <= WORKERS + 1);
}

#[test]
fn no_more_names_are_known_than_the_limit() {
    let (names, count) = counted(|_| here());
    for number in 0..=MOST {
        names.addresses(&format!("host-{number}"), SECOND, &Interrupts::default()).unwrap();
    }
    assert_eq!(names.0.lock().known.len(), MOST);
    names.addresses("host-0", SECOND, &Interrupts::default()).unwrap();
    assert_eq!(count.load(Ordering::SeqCst), MOST + 2);
}

#[test]
fn expired_addresses_and_stalled_lookups_are_not_used() {
    let (names, _) = counted(|_| here());
    names.addresses("host", SECOND, &Interrupts::default()).unwrap();
    let mut state = names.0.lock();
    assert!(state.known("host", Instant::now()).is_some());
    assert!(state.known("host", Instant::now() + FRESH).is_none());
    let query = Query { name: "host".to_owned(), asked: Instant::now(), result: OnceLock::new() };
    state.under_way.push(Arc::new(query));
    assert!(state.joinable("host", Instant::now()).is_some());
    assert!(state.joinable("host", Instant::now() + PATIENCE).is_none());
}

#[test]
fn a_worker_without_work_ends() {
    let (names, _) = counted(|_| here());
    names.addresses("host", SECOND, &Interrupts::default()).unwrap();
    let end = Instant::now() + IDLE * 20;
    while names.workers() > 0 {
        assert!(Instant::now() < end, "it is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(names.addresses("another", SECOND, &Interrupts::default()).is_ok());
}

#[test]
fn the_names_of_a_process_are_its_own() {
    let one = Names::of_this_process();
    assert!(Arc::ptr_eq(&one.0, &Names::of_this_process().0));
}
