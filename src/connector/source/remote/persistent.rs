//! A client whose connection is made when it is needed, and made anew after a failure.

use std::fs::File;
use std::io::{Seek as _, SeekFrom};

use tokio::runtime::{Builder, Runtime};

use super::failure::{Failure, Outcome};
use super::patience::Patience;
use super::{Checkpoint, Listed, Remote};
use crate::{Error, Result};

/// One protocol. A value of it is a connection.
pub(super) trait Client: Sized {
    /// Where it connects to, and how it gets in.
    type Place;

    /// The place as people write it, without secrets.
    fn name(place: &Self::Place) -> String;

    /// Connects and gets in.
    async fn connect(place: &Self::Place, patience: &Patience) -> Outcome<Self>;

    /// What there is after `after`, and how far that goes.
    async fn list(&mut self, patience: &Patience, after: &str) -> Outcome<(Vec<Listed>, Checkpoint)>;

    /// Writes a delivery to `to`.
    async fn fetch(&mut self, patience: &Patience, listed: &Listed, to: &mut File) -> Outcome<()>;
}

/// A client whose connection is made when it is needed, and made anew after a failure.
pub(super) struct Persistent<C: Client> {
    place: C::Place,
    patience: Patience,
    checkpoint: Checkpoint,
    connection: Option<C>,
    // After the connection, whose end needs it.
    runtime: Runtime,
}

impl<C: Client> Persistent<C> {
    /// Makes ready to connect; nothing is sent yet.
    pub(super) fn new(place: C::Place, patience: Patience) -> Result<Self> {
        // A thread of its own answers the keepalives of a server between two calls.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Error::Store { action: "start a thread", source: error.into() })?;
        Ok(Self { place, patience, checkpoint: Checkpoint::new(), connection: None, runtime })
    }
}

impl<C: Client> Remote for Persistent<C> {
    fn list(&mut self, after: &Checkpoint) -> Result<Vec<Listed>> {
        let Self { place, patience, checkpoint, connection, runtime } = self;
        checkpoint.clone_from(after);
        let listed = patience.persist(|| {
            runtime.block_on(async {
                let mut client = connected(connection, place, patience).await?;
                let listed = client.list(patience, after).await?;
                *connection = Some(client);
                Ok(listed)
            })
        });
        let (listed, reached) = listed.map_err(|failure| failure.into_error("list", C::name(place)))?;
        *checkpoint = reached;
        Ok(listed)
    }

    fn fetch(&mut self, listed: &Listed, to: &mut File) -> Result<()> {
        let Self { place, patience, connection, runtime, .. } = self;
        let fetched = patience.persist(|| {
            // An attempt before may have left a part of it.
            to.set_len(0).and_then(|()| to.seek(SeekFrom::Start(0))).map_err(|error| Failure::local(&error))?;
            runtime.block_on(async {
                let mut client = connected(connection, place, patience).await?;
                let fetched = client.fetch(patience, listed, to).await;
                if fetched.as_ref().err().is_none_or(|failure| !failure.transient) {
                    *connection = Some(client);
                }
                fetched
            })
        });
        fetched.map_err(|failure| failure.into_error("fetch", format!("{} of {}", listed.name, C::name(place))))
    }

    fn checkpoint(&self) -> Checkpoint {
        self.checkpoint.clone()
    }
}

/// The connection there is, taken out, or a new one: one that fails must not be used again.
async fn connected<C: Client>(connection: &mut Option<C>, place: &C::Place, patience: &Patience) -> Outcome<C> {
    match connection.take() {
        Some(client) => Ok(client),
        None => patience.to_connect(C::connect(place, patience)).await.map_err(|failure| failure.concerning(true)),
    }
}
