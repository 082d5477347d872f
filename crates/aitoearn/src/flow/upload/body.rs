//! The bytes on their way: exactly as many as announced, counted.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::ReadBuf;

use super::{OnProgress, UploadProgress, digest::Md5, source::Reader};
use crate::clock::{Instant, sleep_until};

/// How much is read, and held, at a time.
const CHUNK: usize = 64 * 1024;

/// What the sender and the body that it sends have in common.
pub(super) struct Meter {
    total: u64,
    on_progress: Option<OnProgress>,
    state: Mutex<State>,
}

struct State {
    sent: u64,
    moved: Instant,
    digest: Md5,
    broken: Option<BrokenSource>,
}

/// Why the body came to an early end.
#[derive(Debug)]
pub(super) enum BrokenSource {
    Unreadable(io::Error),
    TooShort,
    TooLong,
}

impl Meter {
    pub(super) fn new(total: u64, on_progress: Option<OnProgress>) -> Arc<Self> {
        let state = Mutex::new(State {
            sent: 0,
            moved: Instant::now(),
            digest: Md5::default(),
            broken: None,
        });
        Arc::new(Self {
            total,
            on_progress,
            state,
        })
    }

    pub(super) fn sent(&self) -> u64 {
        self.state().sent
    }

    /// What was wrong with the source, if it was that.
    pub(super) fn take_broken(&self) -> Option<BrokenSource> {
        self.state().broken.take()
    }

    /// Returns once nothing has moved for this long.
    pub(super) async fn idle(&self, limit: std::time::Duration) {
        if cfg!(target_family = "wasm") {
            // A browser does not tell what has moved.
            return std::future::pending().await;
        }
        loop {
            let end = self.state().moved + limit;
            if end <= Instant::now() {
                return;
            }
            sleep_until(end).await;
        }
    }

    /// The digest of what was sent so far, in hexadecimal digits.
    pub(super) fn digest(&self) -> String {
        let digest = self.state().digest.clone();
        digest.hex()
    }

    fn passed(&self, bytes: &[u8]) {
        let sent = {
            let mut state = self.state();
            state.sent += bytes.len() as u64;
            state.digest.update(bytes);
            state.moved = Instant::now();
            state.sent
        };
        // Not under the lock: whatever the caller does there is theirs.
        if let Some(tell) = &self.on_progress {
            let total = self.total;
            tell(UploadProgress { sent, total });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reads a source and gives exactly as many bytes as announced, or an error.
pub(super) struct Body {
    reader: Reader,
    meter: Arc<Meter>,
    left: u64,
    /// Whether the source has to end with the last byte.
    to_the_end: bool,
    buffer: Box<[u8]>,
    /// Read, and held back until it is known whether more follows.
    last: Option<Bytes>,
    over: bool,
}

impl Body {
    pub(super) fn new(reader: Reader, meter: &Arc<Meter>, to_the_end: bool) -> Self {
        Self {
            reader,
            meter: Arc::clone(meter),
            left: meter.total,
            to_the_end,
            buffer: vec![0; CHUNK].into_boxed_slice(),
            last: None,
            over: false,
        }
    }

    fn read(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, BrokenSource>> {
        loop {
            if self.left == 0 && (self.last.is_none() || !self.to_the_end) {
                return Poll::Ready(Ok(self.last.take()));
            }
            // One byte more than announced is enough to know that there is one.
            let wanted = self.left.max(1).min(CHUNK as u64);
            let wanted = usize::try_from(wanted).unwrap_or(CHUNK);
            let mut buffer = ReadBuf::new(&mut self.buffer[..wanted]);
            ready!(self.reader.as_mut().poll_read(cx, &mut buffer))
                .map_err(BrokenSource::Unreadable)?;
            let read = buffer.filled();
            match (self.left, read.len()) {
                (0, 0) => return Poll::Ready(Ok(self.last.take())),
                (0, _) => return Poll::Ready(Err(BrokenSource::TooLong)),
                (_, 0) => return Poll::Ready(Err(BrokenSource::TooShort)),
                (_, count) => {
                    let bytes = Bytes::copy_from_slice(read);
                    self.left -= u64::try_from(count).unwrap_or(u64::MAX);
                    if self.left > 0 {
                        return Poll::Ready(Ok(Some(bytes)));
                    }
                    self.last = Some(bytes);
                }
            }
        }
    }
}

impl Stream for Body {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.over {
            return Poll::Ready(None);
        }
        let item = match ready!(this.read(cx)) {
            Ok(Some(bytes)) => {
                this.meter.passed(&bytes);
                Some(Ok(bytes))
            }
            Ok(None) => {
                this.over = true;
                None
            }
            Err(broken) => {
                this.over = true;
                this.meter.state().broken = Some(broken);
                // Ends the request before its last byte; who reads the meter knows why.
                Some(Err(io::Error::other("the source is broken")))
            }
        };
        Poll::Ready(item)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{sleep, timeout};

    use super::*;

    async fn all(source: &[u8], announced: u64, to_the_end: bool) -> (usize, Arc<Meter>) {
        let meter = Meter::new(announced, None);
        let mut body = Body::new(
            Box::pin(io::Cursor::new(source.to_vec())),
            &meter,
            to_the_end,
        );
        let mut given = 0;
        while let Some(Ok(bytes)) =
            std::future::poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await
        {
            given += bytes.len();
        }
        (given, meter)
    }

    #[tokio::test]
    async fn exactly_what_was_announced_or_not_all_of_it() {
        let source = &vec![7; 3 * CHUNK];
        let length = source.len() as u64;
        let (given, meter) = all(source, length, true).await;
        assert_eq!((given, meter.sent()), (source.len(), length));
        assert!(meter.take_broken().is_none());

        // The last piece is held back, so that no storage ever has it all.
        let (given, meter) = all(source, length - 1, true).await;
        assert!(given as u64 + 1 < length);
        assert!(matches!(meter.take_broken(), Some(BrokenSource::TooLong)));

        let (_, meter) = all(source, length + 1, true).await;
        assert!(matches!(meter.take_broken(), Some(BrokenSource::TooShort)));

        let (given, meter) = all(source, length - 1, false).await;
        assert_eq!(given as u64, length - 1);
        assert!(meter.take_broken().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn idle_is_the_time_since_the_last_byte() {
        const LIMIT: Duration = Duration::from_secs(60);
        let meter = Meter::new(10, None);
        let begun = Instant::now();
        for _ in 0..10 {
            assert!(timeout(LIMIT * 9 / 10, meter.idle(LIMIT)).await.is_err());
            meter.passed(&[1]);
        }
        meter.idle(LIMIT).await;
        assert_eq!(begun.elapsed().as_secs(), 600);
        sleep(LIMIT).await;
        meter.idle(LIMIT).await;
        assert_eq!(begun.elapsed().as_secs(), 660, "at once");
    }
}
