//! Lines and bytes of a connection.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::reply::Reply;

/// Bytes of the longest command. Ours are shorter, and those of extensions not much longer (RFC 5321 4.5.3.1).
const LONGEST_LINE: usize = 12 << 10;

/// Bytes read at a time.
const CHUNK: usize = 64 << 10;

/// A connection with what was read of it and not yet used.
pub(super) struct Wire<S> {
    stream: S,
    buffer: Vec<u8>,
    used: usize,
}

/// What was read in place of a command.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line without its end.
    Whole(Vec<u8>),
    /// A line that ended with a line feed alone.
    Bare,
    /// More bytes than a line may have.
    TooLong,
    /// The connection was closed.
    Closed,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    pub(super) fn new(stream: S) -> Self {
        Self { stream, buffer: Vec::new(), used: 0 }
    }

    /// The connection, unless something was read that would be lost.
    pub(super) fn into_stream(self) -> Option<S> {
        (self.used == self.buffer.len()).then_some(self.stream)
    }

    /// Sends a reply.
    pub(super) async fn say(&mut self, reply: &Reply, limit: Duration) -> io::Result<()> {
        let bytes = reply.bytes();
        within(limit, async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        })
        .await
    }

    /// Reads up to the end of a line.
    pub(super) async fn line(&mut self, limit: Duration) -> io::Result<Line> {
        loop {
            let rest = self.rest();
            if let Some(end) = memchr::memchr(b'\n', rest) {
                let line = rest.get(..end).unwrap_or_default();
                let line = match line.strip_suffix(b"\r") {
                    _ if line.len() > LONGEST_LINE => Line::TooLong,
                    Some(line) => Line::Whole(line.to_vec()),
                    None => Line::Bare,
                };
                self.used += end + 1;
                return Ok(line);
            }
            if rest.len() > LONGEST_LINE {
                return Ok(Line::TooLong);
            }
            if self.fill(limit).await? == 0 {
                return Ok(Line::Closed);
            }
        }
    }

    /// Bytes that were read and not yet used, some more read if there are none; none at the end of the connection.
    pub(super) async fn bytes(&mut self, limit: Duration) -> io::Result<&[u8]> {
        if self.rest().is_empty() {
            self.fill(limit).await?;
        }
        Ok(self.rest())
    }

    /// So many of them are used now.
    pub(super) fn consume(&mut self, bytes: usize) {
        self.used = self.used.saturating_add(bytes).min(self.buffer.len());
    }

    /// Ends the connection in order, as far as the other side lets us.
    pub(super) async fn close(mut self) {
        within(Duration::from_secs(2), self.stream.shutdown()).await.ok();
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    async fn fill(&mut self, limit: Duration) -> io::Result<usize> {
        self.buffer.drain(..self.used);
        self.used = 0;
        self.buffer.reserve(CHUNK);
        within(limit, self.stream.read_buf(&mut self.buffer)).await
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
}
