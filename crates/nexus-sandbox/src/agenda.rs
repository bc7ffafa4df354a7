//! [`Agenda`]: when something happens to which record by itself.
//!
//! Records age only when they are looked at. Who has subscribed to events wants to be told without looking, so from then on
//! the moments are kept in order. While nobody has, nothing is kept: a million records cost nothing more.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

#[derive(Default)]
pub(crate) struct Agenda {
    on: bool,
    /// Records to which something happened since the moments were last looked at.
    touched: Vec<u32>,
    moments: BinaryHeap<Reverse<(i64, u32)>>,
}

impl Agenda {
    /// Begins with these records; the caller has settled all of them.
    pub(crate) fn begin(&mut self, records: u32) {
        if !self.on {
            self.on = true;
            self.touched.extend(0..records);
        }
    }

    pub(crate) fn end(&mut self) {
        *self = Agenda::default();
    }

    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    /// Something happened to this record: its next moment may be another now.
    pub(crate) fn touch(&mut self, number: u32) {
        if self.on {
            self.touched.push(number);
        }
    }

    /// The next moment of any record, by what each says is its own.
    pub(crate) fn next(&mut self, of: impl Fn(u32) -> Option<i64>) -> Option<i64> {
        for number in self.touched.drain(..) {
            self.moments.extend(of(number).map(|at| Reverse((at, number))));
        }
        loop {
            let Reverse((at, number)) = *self.moments.peek()?;
            match of(number) {
                Some(own) if own == at => return Some(at),
                // It was looked at meanwhile, or became due sooner; every change has brought an entry of its own.
                own => {
                    self.moments.pop();
                    self.moments.extend(own.filter(|own| *own > at).map(|own| Reverse((own, number))));
                }
            }
        }
    }

    /// A record whose next moment this is.
    pub(crate) fn plan(&mut self, number: u32, at: i64) {
        self.moments.push(Reverse((at, number)));
    }

    /// The records whose moment has come by this time, each once, in order of creation. The caller settles them and says by
    /// [`plan`](Agenda::plan) what is next.
    pub(crate) fn take(&mut self, until: i64) -> Vec<u32> {
        let mut due = Vec::new();
        while let Some(Reverse((at, number))) = self.moments.peek().copied()
            && at <= until
        {
            self.moments.pop();
            due.push(number);
        }
        due.sort_unstable();
        due.dedup();
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_in_order_and_each_record_once() {
        let mut agenda = Agenda::default();
        agenda.touch(0);
        assert_eq!(agenda.next(|_| Some(1)), None, "nobody has asked");
        let mut own = [Some(30), Some(10), None, Some(10)];
        agenda.begin(4);
        agenda.touch(1);
        assert_eq!(agenda.next(|number| own[number as usize]), Some(10));
        assert_eq!(agenda.take(10), [1, 3]);
        own[1] = Some(20);
        own[3] = None;
        agenda.plan(1, 20);
        assert_eq!(agenda.next(|number| own[number as usize]), Some(20));
        // Somebody looked at it, so that its moment is another without a change.
        own[1] = Some(25);
        assert_eq!(agenda.next(|number| own[number as usize]), Some(25));
        own[1] = None;
        assert_eq!(agenda.next(|number| own[number as usize]), Some(30));
        agenda.end();
        assert_eq!(agenda.next(|number| own[number as usize]), None);
    }
}
