//! A client for programs without a runtime of their own: scripts, plugins, tests.
//!
//! ```no_run
//! use aitoearn::{Error, blocking::Client, types::Platform};
//!
//! fn main() -> Result<(), Error> {
//!     let client = Client::from_env()?;
//!     for account in client.run(|it| it.accounts().list())?.list {
//!         println!("{}: {}", account.type_, account.nickname);
//!     }
//!     for work in client.iter(|it| it.works().list(Platform::Tiktok, "tiktok_123").stream()) {
//!         println!("{:?}", work?.title);
//!     }
//!     Ok(())
//! }
//! ```

use std::{
    fmt, panic,
    pin::Pin,
    sync::{Arc, mpsc},
    thread,
};

use futures_core::Stream;
use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

use crate::{ClientBuilder, Error, error::ConfigError};

/// A [`Client`](crate::Client) with a runtime of its own, on a thread of its own.
///
/// All that can be awaited can be [`run`](Self::run), and every stream is an
/// [iterator](Self::iter). It works wherever it is called, also inside another runtime,
/// whose thread it then blocks. Clones share the thread, which ends with the last of them.
#[derive(Clone)]
pub struct Client {
    inner: crate::Client,
    background: Arc<Background>,
}

/// The thread that drives everything, until this is dropped.
struct Background {
    handle: Handle,
    _stop: oneshot::Sender<()>,
}

impl Client {
    /// A client with what the environment says; see
    /// [`Client::from_env`](crate::Client::from_env).
    ///
    /// # Errors
    ///
    /// As there, and [`Error::Config`] if no thread can be started.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(ClientBuilder::from_env()?.build()?)
    }

    /// A blocking client with the settings of this one.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if no thread can be started.
    pub fn new(client: crate::Client) -> Result<Self, Error> {
        let background = Background::start().map_err(|error| {
            ConfigError::new(
                "runtime",
                format!("no thread for it could be started: {error}"),
                "check how many threads this process may have",
            )
        })?;
        Ok(Self {
            inner: client,
            background: Arc::new(background),
        })
    }

    /// Makes a request, a wait or anything else that can be awaited, and waits for what
    /// comes of it.
    ///
    /// ```no_run
    /// # fn example(client: aitoearn::blocking::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let wait = client.run(|it| it.video().generate("the model's name", "A paper boat").start())?;
    /// println!("{}", client.run(|_| wait)?.url);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// If a function of yours panics in it, such as one for the progress.
    pub fn run<F>(&self, make: impl FnOnce(&crate::Client) -> F) -> F::Output
    where
        F: IntoFuture,
        F::IntoFuture: Send + 'static,
        F::Output: Send + 'static,
    {
        self.background.run(make(&self.inner).into_future())
    }

    /// Makes a stream, and reads it item by item. Dropping the iterator ends it.
    pub fn iter<S>(&self, make: impl FnOnce(&crate::Client) -> S) -> Iter<S>
    where
        S: Stream + Send + Unpin + 'static,
        S::Item: Send + 'static,
    {
        Iter {
            stream: Some(make(&self.inner)),
            background: Arc::clone(&self.background),
        }
    }

    /// The client that is awaited.
    pub fn inner(&self) -> &crate::Client {
        &self.inner
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("blocking::Client")
            .field(&self.inner)
            .finish()
    }
}

/// The items of a stream; made by [`Client::iter`].
#[must_use = "an iterator does nothing until it is read"]
pub struct Iter<S> {
    /// `None` while it is read, and after its end.
    stream: Option<S>,
    background: Arc<Background>,
}

impl<S> Iterator for Iter<S>
where
    S: Stream + Send + Unpin + 'static,
    S::Item: Send + 'static,
{
    type Item = S::Item;

    fn next(&mut self) -> Option<S::Item> {
        let mut stream = self.stream.take()?;
        let (item, stream) = self.background.run(async move {
            let item = std::future::poll_fn(|cx| Pin::new(&mut stream).poll_next(cx)).await;
            (item, stream)
        });
        self.stream = item.is_some().then_some(stream);
        item
    }
}

impl<S> fmt::Debug for Iter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter")
            .field("is_over", &self.stream.is_none())
            .finish_non_exhaustive()
    }
}

impl Background {
    fn start() -> std::io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let handle = runtime.handle().clone();
        let (stop, stopped) = oneshot::channel();
        thread::Builder::new()
            .name("aitoearn-blocking".to_owned())
            .spawn(move || {
                // Nothing is ever sent: it ends when the sender is gone.
                let _ = runtime.block_on(stopped);
            })?;
        Ok(Self {
            handle,
            _stop: stop,
        })
    }

    fn run<T: Send + 'static>(&self, future: impl Future<Output = T> + Send + 'static) -> T {
        let (sender, receiver) = mpsc::channel();
        let task = self.handle.spawn(future);
        self.handle.spawn(async move {
            // Nobody has gone away: `run` waits for it.
            let _ = sender.send(task.await);
        });
        match receiver.recv() {
            Ok(Ok(output)) => output,
            Ok(Err(error)) if error.is_panic() => panic::resume_unwind(error.into_panic()),
            // The runtime ends after all who can run something in it.
            Ok(Err(_)) | Err(_) => unreachable!("the runtime has ended"),
        }
    }
}
