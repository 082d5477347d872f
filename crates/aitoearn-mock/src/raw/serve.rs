//! The stage: accepts connections, reads requests, plays acts.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::act::{Act, Cue, Then};
use super::log::{Log, RawRequest};

type Choose = Box<dyn Fn(usize, Option<&RawRequest>) -> Act + Send + Sync>;

/// What all connections share.
pub(super) struct Stage {
    choose: Choose,
    /// How many acts have begun.
    begun: Mutex<usize>,
    log: Arc<Log>,
}

impl Stage {
    pub(super) fn new(choose: Choose, log: Arc<Log>) -> Self {
        Self {
            choose,
            begun: Mutex::default(),
            log,
        }
    }

    /// The next act, if it begins with the connection.
    fn opening(&self) -> Option<Act> {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let act = (self.choose)(*begun, None);
        let opens = act.cue == Cue::Connected;
        *begun += usize::from(opens);
        opens.then_some(act)
    }

    fn answer(&self, request: &RawRequest) -> Act {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        let act = (self.choose)(*begun, Some(request));
        *begun += 1;
        act
    }
}

/// Ends only by being aborted, and all connections with it.
pub(super) async fn accept(listener: TcpListener, stage: Arc<Stage>) {
    let mut connections = JoinSet::new();
    loop {
        // A failed accept is one client's trouble.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        // Pieces leave as they are written.
        let _ = stream.set_nodelay(true);
        let number = stage.log.connected();
        let connection = Connection {
            stream,
            stage: Arc::clone(&stage),
            number,
            unread: BytesMut::new(),
        };
        connections.spawn(connection.serve());
        // Only what still runs is kept.
        while connections.try_join_next().is_some() {}
    }
}

struct Connection {
    stream: TcpStream,
    stage: Arc<Stage>,
    number: usize,
    /// Received, and not yet taken as part of a request.
    unread: BytesMut,
}

/// The body of a request, as far as it has not come.
enum Rest {
    Bytes(u64),
    /// In chunks, of which the last bytes that came are kept.
    Chunks(Vec<u8>),
}

/// The client has gone, or the connection broke.
struct Gone;

impl From<io::Error> for Gone {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl Connection {
    async fn serve(mut self) {
        // However it ends, it has ended.
        let _: Result<(), Gone> = self.play_all().await;
        let (log, number) = (Arc::clone(&self.stage.log), self.number);
        drop(self);
        log.closed(number);
    }

    async fn play_all(&mut self) -> Result<(), Gone> {
        if let Some(opening) = self.stage.opening() {
            self.write(&opening).await?;
            if !self.goes_on(opening.then).await? {
                return Ok(());
            }
        }
        loop {
            let head = self.read_head().await?;
            let number = self.stage.log.requested(self.number, &head);
            let request = self.stage.log.request(number);
            let act = self.stage.answer(&request);
            let mut rest = Rest::of(&request);
            let wanted = match act.cue {
                Cue::Connected | Cue::Head => 0,
                Cue::Body(bytes) => bytes,
                Cue::Request => u64::MAX,
            };
            self.read_body(number, &mut rest, wanted).await?;
            self.write(&act).await?;
            if !self.goes_on(act.then).await? {
                return Ok(());
            }
            self.read_body(number, &mut rest, u64::MAX).await?;
        }
    }

    async fn write(&mut self, act: &Act) -> Result<(), Gone> {
        for piece in act.head() {
            if act.drips_head() {
                self.pause(act.pause()).await?;
            }
            self.write_piece(piece).await?;
        }
        for piece in act.body() {
            self.pause(act.pause()).await?;
            self.write_piece(piece).await?;
        }
        Ok(())
    }

    async fn write_piece(&mut self, mut piece: Bytes) -> Result<(), Gone> {
        while !piece.is_empty() {
            let count = self.stream.write_buf(&mut piece).await?;
            self.stage.log.sent_bytes(count);
        }
        Ok(())
    }

    /// Notices meanwhile whether the client closes the connection.
    async fn pause(&mut self, pause: Duration) -> Result<(), Gone> {
        if pause.is_zero() {
            return Ok(());
        }
        let mut over = std::pin::pin!(sleep(pause));
        loop {
            tokio::select! {
                biased;
                () = &mut over => return Ok(()),
                more = self.read() => more?,
            }
        }
    }

    /// Whether a further request is read.
    async fn goes_on(&mut self, then: Then) -> Result<bool, Gone> {
        match then {
            Then::Next => return Ok(true),
            Then::Close => self.stream.shutdown().await?,
            Then::Reset => self.stream.set_zero_linger()?,
            Then::Silence => loop {
                self.read().await?;
                self.unread.clear();
            },
        }
        Ok(false)
    }

    /// More bytes of whatever comes next.
    async fn read(&mut self) -> Result<(), Gone> {
        self.unread.reserve(16 * 1024);
        let count = self.stream.read_buf(&mut self.unread).await?;
        if count == 0 {
            return Err(Gone);
        }
        let new = &self.unread[self.unread.len() - count..];
        self.stage.log.received_bytes(self.number, new);
        Ok(())
    }

    async fn read_head(&mut self) -> Result<Bytes, Gone> {
        loop {
            let end = self.unread.windows(4).position(|end| end == b"\r\n\r\n");
            if let Some(end) = end {
                return Ok(self.unread.split_to(end + 4).freeze());
            }
            self.read().await?;
        }
    }

    /// Reads on until `wanted` bytes of the body have come, or all of it.
    async fn read_body(
        &mut self,
        request: usize,
        rest: &mut Rest,
        wanted: u64,
    ) -> Result<(), Gone> {
        let mut came = 0;
        while came < wanted && !rest.is_over() {
            if self.unread.is_empty() {
                self.read().await?;
            }
            let taken = rest.take(&mut self.unread);
            self.stage.log.received_body(request, &taken);
            came += taken.len() as u64;
        }
        Ok(())
    }
}

impl Rest {
    fn of(request: &RawRequest) -> Self {
        let length = request.header("content-length");
        match request.header("transfer-encoding") {
            Some(_) => Self::Chunks(Vec::new()),
            None => Self::Bytes(length.and_then(|text| text.parse().ok()).unwrap_or(0)),
        }
    }

    fn is_over(&self) -> bool {
        match self {
            Self::Bytes(left) => *left == 0,
            Self::Chunks(end) => end.ends_with(b"\r\n0\r\n\r\n") || end == b"0\r\n\r\n",
        }
    }

    /// Takes what belongs to the body. No client sends a second request before
    /// this one is answered, so chunks take everything.
    fn take(&mut self, unread: &mut BytesMut) -> Bytes {
        match self {
            Self::Bytes(left) => {
                let len = unread
                    .len()
                    .min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= len as u64;
                unread.split_to(len).freeze()
            }
            Self::Chunks(end) => {
                let taken = unread.split().freeze();
                end.extend_from_slice(&taken);
                end.drain(..end.len().saturating_sub(7));
                taken
            }
        }
    }
}
