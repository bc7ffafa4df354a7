//! The table of handles. A handle is a number with the type of a pointer.
//!
//! ```text
//!  63      56 55                            24 23          0
//! +----------+--------------------------------+-------------+
//! | 0x40+tag | generation                     | slot, shard |
//! +----------+--------------------------------+-------------+
//! ```
//!
//! The tag is the type; the generation changes each time a slot is used again. A handle is looked up and compared, never
//! dereferenced. A handle that was freed, has another type, comes from another copy of this library or was made up is not
//! found. The top byte makes it an address that no supported processor accepts, so code that dereferences it crashes at
//! once.

use std::hash::{BuildHasher, RandomState};
use std::marker::PhantomData;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

const SHARDS: usize = 16;
const SHARD_BITS: u32 = 4;
const SLOT_BITS: u32 = 24;
/// Live handles of one type and shard; sixteen times as many in all.
const SLOTS: usize = 1 << (SLOT_BITS - SHARD_BITS);
const TOP: u64 = 0x40;

/// All live objects behind the handles of one type.
pub(crate) struct Table<T> {
    tag: u8,
    shards: [Mutex<Shard<T>>; SHARDS],
    /// Every copy of this library begins at another generation, so that none accepts another's handle.
    first_generation: LazyLock<u32>,
}

struct Shard<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
}

struct Slot<T> {
    generation: u32,
    object: Option<Arc<T>>,
}

/// The parts of a handle, not yet checked.
struct Decoded {
    shard: usize,
    slot: usize,
    generation: u32,
}

impl<T> Table<T> {
    pub(crate) const fn new(tag: u8) -> Table<T> {
        Table {
            tag,
            shards: [const { Mutex::new(Shard { slots: Vec::new(), free: Vec::new() }) }; SHARDS],
            first_generation: LazyLock::new(|| {
                // The lower half, so that any slot can be used again two thousand million times.
                let chance = RandomState::new().hash_one(0u8);
                u32::try_from(chance >> 33).unwrap_or_default()
            }),
        }
    }

    /// Reserves a place for a later object. None if the table is full.
    fn reserve(&self) -> Option<u64> {
        let start = shard_of_thread();
        (0..SHARDS).find_map(|step| {
            let number = (start + step) % SHARDS;
            let mut shard = lock(self.shards.get(number)?);
            if shard.slots.len().saturating_sub(shard.free.len()) >= most() {
                return None;
            }
            if let Some(index) = shard.free.pop() {
                let generation = shard.slots.get(index as usize)?.generation;
                return Some(self.encode(number, index, generation));
            }
            let index = u32::try_from(shard.slots.len()).ok()?;
            let generation = *self.first_generation;
            shard.slots.push(Slot { generation, object: None });
            Some(self.encode(number, index, generation))
        })
    }

    /// Puts an object into its reserved place.
    fn fill(&self, handle: u64, object: Arc<T>) {
        let Some(place) = self.decode(handle) else { return };
        let Some(shard) = self.shards.get(place.shard) else { return };
        if let Some(slot) = lock(shard).slots.get_mut(place.slot) {
            slot.object = Some(object);
        }
    }

    /// Releases a reserved place whose handle was never given out.
    fn release(&self, handle: u64) {
        let Some(place) = self.decode(handle) else { return };
        if let Some(shard) = self.shards.get(place.shard) {
            lock(shard).free.push(u32::try_from(place.slot).unwrap_or_default());
        }
    }

    /// The object of a live handle. It stays alive for the caller, even if the handle is freed meanwhile.
    pub(crate) fn get(&self, handle: u64) -> Option<Arc<T>> {
        let place = self.decode(handle)?;
        let shard = lock(self.shards.get(place.shard)?);
        let slot = shard.slots.get(place.slot).filter(|slot| slot.generation == place.generation)?;
        slot.object.clone()
    }

    /// Removes a handle and returns its object, so that the object is dropped outside the lock.
    pub(crate) fn remove(&self, handle: u64) -> Option<Arc<T>> {
        let place = self.decode(handle)?;
        let mut shard = lock(self.shards.get(place.shard)?);
        let slot = shard.slots.get_mut(place.slot).filter(|slot| slot.generation == place.generation)?;
        let object = slot.object.take()?;
        // A slot whose generations are used up is not used again: no handle ever comes back to life.
        if let Some(next) = slot.generation.checked_add(1) {
            slot.generation = next;
            shard.free.push(u32::try_from(place.slot).unwrap_or_default());
        }
        Some(object)
    }

    /// The number of the type.
    pub(crate) fn tag(&self) -> u8 {
        self.tag
    }

    /// How many handles are live.
    pub(crate) fn live(&self) -> usize {
        let live = |shard: &Mutex<Shard<T>>| lock(shard).slots.iter().filter(|slot| slot.object.is_some()).count();
        self.shards.iter().map(live).sum()
    }

    fn encode(&self, shard: usize, slot: u32, generation: u32) -> u64 {
        let low = (u64::from(slot) << SHARD_BITS) | shard as u64;
        ((TOP | u64::from(self.tag)) << 56) | (u64::from(generation) << SLOT_BITS) | low
    }

    fn decode(&self, handle: u64) -> Option<Decoded> {
        let low = usize::try_from(handle & ((1 << SLOT_BITS) - 1)).ok()?;
        let generation = u32::try_from((handle >> SLOT_BITS) & u64::from(u32::MAX)).ok()?;
        (handle >> 56 == TOP | u64::from(self.tag)).then_some(Decoded {
            shard: low % SHARDS,
            slot: low >> SHARD_BITS,
            generation,
        })
    }
}

/// Live handles of one type and shard, at most.
#[cfg(not(test))]
fn most() -> usize {
    SLOTS
}

/// As many as a test wants for its own thread.
#[cfg(test)]
fn most() -> usize {
    MOST.get()
}

#[cfg(test)]
thread_local! {
    pub(crate) static MOST: std::cell::Cell<usize> = const { std::cell::Cell::new(SLOTS) };
}

fn lock<T>(shard: &Mutex<Shard<T>>) -> MutexGuard<'_, Shard<T>> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Threads keep to shards of their own, as far as there are enough.
fn shard_of_thread() -> usize {
    thread_local! {
        static OWN: usize = RandomState::new().hash_one(std::thread::current().id()) as usize % SHARDS;
    }
    // A thread that is about to end has no such value any more.
    OWN.try_with(|own| *own).unwrap_or_default()
}

/// Ties the type that C sees to the object behind it.
pub(crate) trait Handle: Sized + 'static {
    /// The object behind a live handle.
    type Object: Send + Sync + 'static;

    fn table() -> &'static Table<Self::Object>;

    /// Reserves a place in the table, so that a later result can be given to the caller.
    fn reserve() -> Option<Reserved<Self>> {
        Self::table().reserve().map(|value| Reserved { value, type_: PhantomData })
    }
}

/// A place reserved for an object. Dropping it releases the place.
pub(crate) struct Reserved<H: Handle> {
    value: u64,
    type_: PhantomData<fn(H)>,
}

impl<H: Handle> Reserved<H> {
    /// Puts the object in its place.
    pub(crate) fn fill(self, object: H::Object) -> Given<H> {
        let object = Arc::new(object);
        let value = std::mem::ManuallyDrop::new(self).value;
        H::table().fill(value, object);
        Given { value, type_: PhantomData }
    }
}

impl<H: Handle> Drop for Reserved<H> {
    fn drop(&mut self) {
        H::table().release(self.value);
    }
}

/// A handle that was not given to C yet. Dropping it frees the handle.
pub(crate) struct Given<H: Handle> {
    value: u64,
    type_: PhantomData<fn(H)>,
}

impl<H: Handle> Given<H> {
    /// Gives the handle to the caller, who owns it from then on.
    pub(crate) fn into_pointer(self) -> *mut H {
        let value = std::mem::ManuallyDrop::new(self).value;
        std::ptr::without_provenance_mut(usize::try_from(value).unwrap_or_default())
    }

    /// Lends the handle to a callback, which does not own it.
    pub(crate) fn lent(&self) -> *const H {
        std::ptr::without_provenance(usize::try_from(self.value).unwrap_or_default())
    }
}

impl<H: Handle> Drop for Given<H> {
    fn drop(&mut self) {
        drop(H::table().remove(self.value));
    }
}

/// One type of handle: its tag, which no other type has, and its table.
macro_rules! handle {
    ($name:ty, $tag:literal, $object:ty) => {
        impl $crate::table::Handle for $name {
            type Object = $object;

            fn table() -> &'static $crate::table::Table<$object> {
                static TABLE: $crate::table::Table<$object> = $crate::table::Table::new($tag);
                &TABLE
            }
        }
    };
}
pub(crate) use handle;

#[cfg(test)]
mod tests {
    use super::*;

    impl<T> Table<T> {
        fn insert(&self, object: Arc<T>) -> Option<u64> {
            self.reserve().inspect(|handle| self.fill(*handle, object))
        }
    }

    #[test]
    fn table_reserved_place_has_no_handle_and_counts() {
        let table = Table::new(1);
        MOST.set(2);
        let kept: Vec<u64> = std::iter::from_fn(|| table.reserve()).collect();
        assert_eq!(kept.len(), 2 * SHARDS);
        assert!(table.get(kept[0]).is_none() && table.remove(kept[0]).is_none());
        table.release(kept[1]);
        assert_eq!(table.insert(Arc::new("there")), Some(kept[1]));
        assert!(table.reserve().is_none());
        assert_eq!(table.remove(kept[1]).as_deref(), Some(&"there"));
        assert!(table.reserve().is_some_and(|handle| handle != kept[1]));
        MOST.set(SLOTS);
    }

    #[test]
    fn table_freed_handle_is_not_found_after_slot_reuse() {
        let table = Table::new(1);
        let first = table.insert(Arc::new("first")).unwrap();
        assert_eq!(table.get(first).as_deref(), Some(&"first"));
        assert_eq!((table.live(), table.reserve().is_some(), table.live()), (1, true, 1));
        assert_eq!(table.remove(first).as_deref(), Some(&"first"));
        assert_eq!(table.live(), 0);
        assert!(table.get(first).is_none() && table.remove(first).is_none());
        let second = table.insert(Arc::new("second")).unwrap();
        assert_eq!(first & 0xff_ffff, second & 0xff_ffff, "the same slot");
        assert!(table.get(first).is_none());
        assert_eq!(table.get(second).as_deref(), Some(&"second"));
    }

    #[test]
    fn table_refuses_handle_of_another_type_or_copy() {
        let (one, two, copy) = (Table::new(1), Table::new(2), Table::new(1));
        let handle = one.insert(Arc::new(7)).unwrap();
        two.insert(Arc::new(8)).unwrap();
        copy.insert(Arc::new(9)).unwrap();
        assert!(two.get(handle).is_none());
        let same_start = *one.first_generation == *copy.first_generation;
        assert!(same_start || copy.get(handle).is_none());
    }

    #[test]
    fn table_refuses_made_up_handle() {
        let table = Table::new(3);
        let handle = table.insert(Arc::new(())).unwrap();
        for bit in 0..64 {
            assert!(table.get(handle ^ (1 << bit)).is_none(), "bit {bit}");
        }
        assert!([0, 1, u64::MAX, handle << 1].iter().all(|odd| table.get(*odd).is_none()));
    }

    #[test]
    fn table_retires_slot_with_used_up_generations() {
        let table = Table::new(4);
        let handle = table.insert(Arc::new(())).unwrap();
        let place = table.decode(handle).unwrap();
        table.shards[place.shard].lock().unwrap().slots[place.slot].generation = u32::MAX;
        let last = table.encode(place.shard, u32::try_from(place.slot).unwrap(), u32::MAX);
        assert!(table.remove(last).is_some() && table.remove(last).is_none());
        assert_ne!(table.insert(Arc::new(())).unwrap() & 0xff_ffff, last & 0xff_ffff);
    }

    #[test]
    fn threads_insert_and_remove_at_once() {
        let table: &'static Table<usize> = Box::leak(Box::new(Table::new(5)));
        let threads: Vec<_> = (0..8)
            .map(|thread| {
                std::thread::spawn(move || {
                    for round in 0..1000 {
                        let handle = table.insert(Arc::new(thread * 10_000 + round)).unwrap();
                        assert_eq!(table.get(handle).as_deref(), Some(&(thread * 10_000 + round)));
                        assert!(table.remove(handle).is_some());
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}
