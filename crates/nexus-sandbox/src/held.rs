//! [`Held`]: a world that its holder has alone, until it is let go.

use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;

use tokio::sync::watch;

use crate::world::World;

/// A world that nobody else has meanwhile. Those who listen hear of it when it is let go.
pub(crate) struct Held<'a> {
    pub(crate) world: MutexGuard<'a, World>,
    /// Who hears of it.
    pub(crate) touched: Option<&'a watch::Sender<u64>>,
}

impl Deref for Held<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(touched) = self.touched.filter(|touched| touched.receiver_count() > 0) {
            touched.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}
