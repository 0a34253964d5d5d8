//! A bound on the memory of documents that wait to be indexed.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// How long a document waits for others to be indexed before it is let in anyway: the indexing threads have failed
/// then, and the index says so when the document is given to it.
const PATIENCE: Duration = Duration::from_mins(2);

/// Bytes of documents that may wait at once.
#[derive(Debug, Clone)]
pub(super) struct Budget {
    state: Arc<State>,
    limit: usize,
}

#[derive(Debug)]
struct State {
    used: Mutex<usize>,
    freed: Condvar,
}

/// A part of the budget, given back when dropped.
#[derive(Debug)]
pub(super) struct Share {
    state: Arc<State>,
    bytes: usize,
}

impl Budget {
    pub(super) fn new(limit: usize) -> Self {
        Self { state: Arc::new(State { used: Mutex::new(0), freed: Condvar::new() }), limit }
    }

    /// Waits until `bytes` more are within the limit, or nothing else is waiting.
    pub(super) fn take(&self, bytes: usize) -> Share {
        let used = self.state.used.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |used: &mut usize| *used > 0 && used.saturating_add(bytes) > self.limit;
        let (mut used, _) =
            self.state.freed.wait_timeout_while(used, PATIENCE, full).unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_add(bytes);
        Share { state: Arc::clone(&self.state), bytes }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut used = self.state.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = used.saturating_sub(self.bytes);
        self.state.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_waits_until_there_is_room_and_a_large_one_until_it_is_alone() {
        let budget = Budget::new(10);
        let first = budget.take(8);
        let waiting = std::thread::spawn({
            let budget = budget.clone();
            move || budget.take(100)
        });
        drop(first);
        let large = waiting.join().expect("thread");
        assert_eq!(*budget.state.used.lock().expect("lock"), 100);
        drop(large);
        assert_eq!(*budget.state.used.lock().expect("lock"), 0);
    }
}
