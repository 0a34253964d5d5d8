//! How long is waited for a source, and how often it is asked again.

use std::future::Future;
use std::time::Duration;

use super::failure::{Failure, Outcome};

/// How long is waited for a source, and how often it is asked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patience {
    /// Longest wait for a connection with its handshakes.
    pub connect: Duration,
    /// Longest wait for any one answer, or for the next bytes of a long one.
    pub answer: Duration,
    /// Pauses before the second attempt and those after it; as many as there are, so often is tried again.
    pub pauses: Vec<Duration>,
}

impl Default for Patience {
    fn default() -> Self {
        let pauses = [1, 5, 15].map(Duration::from_secs).to_vec();
        Self { connect: Duration::from_secs(20), answer: Duration::from_mins(1), pauses }
    }
}

impl Patience {
    /// Repeats `attempt` while its failure is transient and a pause is left.
    pub(super) fn persist<T>(&self, mut attempt: impl FnMut() -> Outcome<T>) -> Outcome<T> {
        let mut pauses = self.pauses.iter();
        loop {
            let failure = match attempt() {
                Err(failure) if failure.transient => failure,
                done => return done,
            };
            let Some(pause) = pauses.next() else { return Err(failure) };
            tracing::debug!("tried again in {pause:?}: {}", failure.reason);
            std::thread::sleep(*pause);
        }
    }

    /// Ends a wait for a connection that takes too long.
    pub(super) async fn to_connect<T>(&self, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        within(self.connect, "no connection", work).await
    }

    /// Ends a wait for an answer that takes too long.
    pub(super) async fn to_answer<T>(&self, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
        within(self.answer, "no answer", work).await
    }
}

async fn within<T>(limit: Duration, what: &str, work: impl Future<Output = Outcome<T>>) -> Outcome<T> {
    match tokio::time::timeout(limit, work).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Failure::transient(format!("{what} within {} seconds", limit.as_secs_f32()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hasty() -> Patience {
        Patience { pauses: vec![Duration::ZERO; 3], ..Patience::default() }
    }

    #[test]
    fn what_is_transient_is_tried_four_times() {
        let mut attempts = 0;
        let outcome = hasty().persist(|| {
            attempts += 1;
            Err::<(), _>(Failure::transient("busy"))
        });
        assert_eq!((attempts, outcome), (4, Err(Failure::transient("busy"))));
    }

    #[test]
    fn what_lasts_is_not_tried_again_and_success_ends_it() {
        let mut attempts = 0;
        let outcome = hasty().persist(|| {
            attempts += 1;
            Err::<(), _>(Failure::lasting("refused"))
        });
        assert_eq!((attempts, outcome), (1, Err(Failure::lasting("refused"))));
        let mut attempts = 0;
        let outcome = hasty().persist(|| {
            attempts += 1;
            if attempts < 3 { Err(Failure::transient("busy")) } else { Ok(attempts) }
        });
        assert_eq!(outcome, Ok(3));
    }

    #[test]
    fn pauses_add_up_to_less_than_a_minute() {
        assert!(Patience::default().pauses.iter().sum::<Duration>() < Duration::from_mins(1));
    }
}
