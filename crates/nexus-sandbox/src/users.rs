//! The users of a world by their identifiers. There may be very many, and each call of the SSO API looks one up.

use std::sync::Arc;

use crate::sessions::Map;

pub(crate) struct Users {
    ids: Vec<Arc<str>>,
    numbers: Map<Arc<str>, u32>,
}

impl Users {
    /// These, or `user-1` where there are none: the first session is always somebody's.
    pub(crate) fn new(ids: &[String]) -> Users {
        let mut users = Users { ids: Vec::with_capacity(ids.len()), numbers: Map::default() };
        for id in ids {
            users.add(id);
        }
        if users.ids.is_empty() {
            users.add("user-1");
        }
        users
    }

    /// The number of the user with this identifier, which may be new.
    pub(crate) fn add(&mut self, id: &str) -> Option<u32> {
        if let Some(known) = self.find(id) {
            return Some(known);
        }
        let number = u32::try_from(self.ids.len()).ok()?;
        let id: Arc<str> = id.into();
        self.ids.push(Arc::clone(&id));
        self.numbers.insert(id, number);
        Some(number)
    }

    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        self.numbers.get(id).copied()
    }

    pub(crate) fn id(&self, number: u32) -> &str {
        self.ids.get(number as usize).map_or("", |id| id)
    }

    /// All of them, in order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.ids.iter().map(|id| &**id)
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn users_keep_their_numbers() {
        let mut users = Users::new(&["a".to_owned(), "b".to_owned(), "a".to_owned()]);
        assert_eq!((users.len(), users.find("a"), users.find("b"), users.find("c")), (2, Some(0), Some(1), None));
        assert_eq!((users.add("c"), users.add("a"), users.find("c")), (Some(2), Some(0), Some(2)));
        assert_eq!((users.id(2), users.id(9)), ("c", ""));
        assert_eq!(Users::new(&[]).id(0), "user-1");
    }
}
