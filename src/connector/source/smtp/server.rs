//! Waits for connections.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::access::Network;
use super::arrival::Arrival;
use super::conversation::{Conversation, Counter, End};
use super::reply::Reply;
use super::session::{Rules, Session};
use super::tls::{self, Certificate};
use super::users::Users;
use super::wire::Wire;
use crate::{Error, Result};

/// How mail is received.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Address and port; port 0 takes any that is free.
    pub listen: SocketAddr,
    /// Certificate and key, if connections can be encrypted.
    pub certificate: Option<Certificate>,
    /// Whether encryption begins with the connection, and not with `STARTTLS`.
    pub implicit_tls: bool,
    /// Who may send without logging in.
    pub allow: Vec<Network>,
    /// Who may log in.
    pub users: Option<Users>,
    /// Bytes of the largest mail.
    pub max_size: u64,
    /// Connections at a time.
    pub max_connections: usize,
    /// Recipients of one mail.
    pub max_recipients: usize,
    /// Errors after which a connection is closed.
    pub max_errors: u32,
    /// Longest wait for a command.
    pub command_timeout: Duration,
    /// Longest wait for the next bytes of a mail.
    pub data_timeout: Duration,
    /// How long open conversations may still take when the server is stopped.
    pub grace: Duration,
    /// Where large mails are kept while they come in.
    pub directory: PathBuf,
}

impl ServerOptions {
    /// The usual limits: mails of 150 MB, 100 connections, 1,000 recipients, and the timeouts of RFC 5321 4.5.3.2.
    pub fn new(listen: SocketAddr, directory: PathBuf) -> Self {
        Self {
            listen,
            certificate: None,
            implicit_tls: false,
            allow: Vec::new(),
            users: None,
            max_size: 150_000_000,
            max_connections: 100,
            max_recipients: 1000,
            max_errors: 20,
            command_timeout: Duration::from_mins(5),
            data_timeout: Duration::from_mins(3),
            grace: Duration::from_secs(20),
            directory,
        }
    }
}

/// A server at work. Dropped, it ends at once; what was not acknowledged is sent again by its sender.
pub struct Server {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    _task: JoinHandle<()>,
    _runtime: Runtime,
}

impl Server {
    /// Begins to listen. Mails come out of the channel, which ends some time after [`Server::stop`].
    ///
    /// # Errors
    /// The address is not free, or the certificate cannot be used.
    pub fn start(options: ServerOptions) -> Result<(Self, Receiver<Arrival>)> {
        let failed =
            |source| Error::Remote { action: "listen on", place: options.listen.to_string(), of_all: true, source };
        let acceptor = options.certificate.as_ref().map(tls::acceptor).transpose()?;
        if options.implicit_tls && acceptor.is_none() {
            return Err(Error::InvalidInput(
                "encryption from the beginning needs a certificate and its key".to_owned(),
            ));
        }
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("smtp").enable_all().build();
        let runtime = runtime.map_err(|error| failed(error.into()))?;
        let listener = runtime.block_on(TcpListener::bind(options.listen)).map_err(|error| failed(error.into()))?;
        let address = listener.local_addr().map_err(|error| failed(error.into()))?;
        // Each connection waits for the answer to one mail at most.
        let (intake, arrivals) = sync_channel(options.max_connections);
        let (stop, stopped) = watch::channel(false);
        let counter = Counter {
            rules: Rules {
                max_size: options.max_size,
                max_recipients: options.max_recipients,
                max_errors: options.max_errors,
                tls: acceptor.is_some(),
                users: options.users.clone(),
            },
            directory: options.directory.clone(),
            intake,
            stop: stopped.clone(),
            command_timeout: options.command_timeout,
            data_timeout: options.data_timeout,
        };
        let house = House { options, acceptor, counter: Arc::new(counter) };
        let task = runtime.spawn(house.open(listener, stopped));
        Ok((Self { address, stop, _task: task, _runtime: runtime }, arrivals))
    }

    /// The address with the port that was taken.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more connections and commands. Mails on their way are still taken, for a while.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }
}

/// What waits for connections.
#[derive(Clone)]
struct House {
    options: ServerOptions,
    acceptor: Option<TlsAcceptor>,
    counter: Arc<Counter>,
}

impl House {
    async fn open(self, listener: TcpListener, mut stop: watch::Receiver<bool>) {
        let grace = self.options.grace;
        let seats = Arc::new(Semaphore::new(self.options.max_connections));
        let mut connections = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                Some(_) = connections.join_next() => continue,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, peer)) = accepted else {
                // Out of file descriptors, most likely: some connection has to end first.
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            };
            stream.set_nodelay(true).ok();
            let (house, seat) = (self.clone(), Arc::clone(&seats).try_acquire_owned());
            if seat.is_err() {
                turn_away(&stream);
                continue;
            }
            connections.spawn(async move {
                let _seat = seat;
                if let Err(error) = house.welcome(stream, peer.ip()).await {
                    tracing::debug!("the connection from {peer} broke: {error}");
                }
            });
        }
        drop(listener);
        drop(self);
        tokio::time::timeout(grace, async { while connections.join_next().await.is_some() {} }).await.ok();
        connections.shutdown().await;
    }

    async fn welcome(&self, stream: TcpStream, peer: IpAddr) -> std::io::Result<()> {
        let allowed = peer.to_canonical().is_loopback() && self.options.allow.is_empty();
        let trusted = allowed || self.options.allow.iter().any(|network| network.contains(peer));
        let mut session = Session::new(&self.counter.rules, self.options.implicit_tls, trusted);
        match &self.acceptor {
            Some(acceptor) if self.options.implicit_tls => {
                let stream = self.encrypt(acceptor, stream).await?;
                self.talk(stream, peer, trusted, &mut session).await.map(drop)
            }
            acceptor => {
                let (end, stream) = self.talk(stream, peer, trusted, &mut session).await?;
                let (Some(acceptor), End::StartTls, Some(stream)) = (acceptor, end, stream) else { return Ok(()) };
                let stream = self.encrypt(acceptor, stream).await?;
                session.begin_encrypted();
                self.converse(stream, peer, &mut session).await.map(drop)
            }
        }
    }

    async fn encrypt<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        acceptor: &TlsAcceptor,
        stream: S,
    ) -> std::io::Result<tokio_rustls::server::TlsStream<S>> {
        let accepted = tokio::time::timeout(self.options.command_timeout, acceptor.accept(stream)).await;
        accepted.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
    }

    /// Greets and converses.
    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        peer: IpAddr,
        trusted: bool,
        session: &mut Session<'_>,
    ) -> std::io::Result<(End, Option<S>)> {
        let mut wire = Wire::new(stream);
        if !trusted && self.options.users.is_none() {
            wire.say(&Reply::new(554, "5.7.1 this address may not send here"), self.options.command_timeout).await?;
            wire.close().await;
            return Ok((End::Closed, None));
        }
        wire.say(&Session::greeting(), self.options.command_timeout).await?;
        let Some(stream) = wire.into_stream() else { return Ok((End::Closed, None)) };
        self.converse(stream, peer, session).await
    }

    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
        peer: IpAddr,
        session: &mut Session<'_>,
    ) -> std::io::Result<(End, Option<S>)> {
        let mut conversation = Conversation { counter: &self.counter, peer, wire: Wire::new(stream) };
        let end = conversation.run(session).await?;
        if end == End::Closed {
            conversation.wire.close().await;
            return Ok((end, None));
        }
        // Commands sent along with STARTTLS came unencrypted and may be somebody else's: the connection ends.
        Ok((end, conversation.wire.into_stream()))
    }
}

/// Says that there are too many connections, without waiting for somebody who does not listen.
fn turn_away(stream: &TcpStream) {
    stream.try_write(&Reply::new(421, "4.7.0 too many connections: try again later").bytes()).ok();
}
