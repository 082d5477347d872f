//! The HTTP side: two listeners on loopback, one for the service, one for the
//! object storage.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::Frame;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use super::Shared;
use super::answer::{Answer, Delivery};
use super::app;
use super::clock;
use super::cors;
use super::request::{self, Incoming, Reading};

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// One of the two services.
#[derive(Clone, Copy)]
struct App {
    /// How much of a body is read, decided by its request's head.
    reading: fn(&Shared, &Incoming) -> Reading,
    answer: fn(&Shared, &Incoming) -> Answer,
}

const API: App = App {
    reading: app::reading,
    answer: app::answer,
};

const STORAGE: App = App {
    reading: app::reading_storage,
    answer: app::answer_storage,
};

/// A socket that is bound but does not answer yet.
pub(crate) fn bind(port: u16) -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// The thread that serves; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves on a thread and a runtime of its own, so that a caller needs
    /// neither, and a test that blocks its own runtime does not block us.
    pub(crate) fn start(
        api: TcpListener,
        storage: TcpListener,
        shared: Arc<Shared>,
    ) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (begun, outcome) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("aitoearn-sandbox".to_owned())
            .spawn(move || {
                if let Err(error) = serve_all(api, storage, shared, stopped, &begun) {
                    // Nobody listens only if the caller has gone meanwhile.
                    let _ = begun.send(Err(error));
                }
            })?;
        outcome
            .recv()
            .unwrap_or_else(|_| Err(io::Error::other("the sandbox's thread ended at once")))?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // An error means that the thread has already ended.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Everything that has to happen on the thread itself, its runtime included:
/// one must not be dropped where the caller may be, inside another.
fn serve_all(
    api: TcpListener,
    storage: TcpListener,
    shared: Arc<Shared>,
    stopped: oneshot::Receiver<()>,
    begun: &mpsc::Sender<io::Result<()>>,
) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let api = tokio::net::TcpListener::from_std(api)?;
        let storage = tokio::net::TcpListener::from_std(storage)?;
        let _ = begun.send(Ok(()));
        tokio::select! {
            () = accept(api, Arc::clone(&shared), API) => {}
            () = accept(storage, shared, STORAGE) => {}
            // Also when the sender is gone: nobody can stop us later.
            _ = stopped => {}
        }
        Ok(())
    })
}

async fn accept(listener: tokio::net::TcpListener, shared: Arc<Shared>, app: App) {
    loop {
        // A failed accept is one client's trouble (or a short lack of
        // descriptors), not the end of the service.
        let Ok((socket, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            let service = service_fn(move |request| serve(Arc::clone(&shared), app, request));
            // An error here is a connection that broke; the client knows.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(socket), service)
                .await;
        });
    }
}

async fn serve(
    shared: Arc<Shared>,
    app: App,
    request: hyper::Request<hyper::body::Incoming>,
) -> io::Result<hyper::Response<Body>> {
    let (head, body) = request.into_parts();
    let mut request = Incoming::of(head);
    if let Some(refusal) = shared.hosts.refusal(&request) {
        return Ok(write(refusal));
    }
    if let Some(mut answer) = cors::preflight(&shared.hosts, &request) {
        app::log_preflight(&shared, &request, &mut answer);
        cors::allow(&shared.hosts, &request, &mut answer);
        return Ok(write(answer));
    }
    request.body = request::read(body, (app.reading)(&shared, &request))
        .await
        .map_err(io::Error::other)?;
    let mut answer = (app.answer)(&shared, &request);
    cors::allow(&shared.hosts, &request, &mut answer);
    // A client learns from it when a scheduled post comes due.
    let date = clock::http_date(shared.clock.timestamp());
    answer.headers.push(("date", date));
    match answer.delivery {
        Delivery::Now | Delivery::Half => {}
        Delivery::After(delay) => tokio::time::sleep(delay).await,
        Delivery::Never => std::future::pending().await,
        // An error of the service closes the connection without a word.
        Delivery::Cut => return Err(cut()),
    }
    Ok(write(answer))
}

fn cut() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "a fault was ordered")
}

fn write(answer: Answer) -> hyper::Response<Body> {
    let mut response = hyper::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    let mut pieces = answer.body;
    let body = if answer.delivery == Delivery::Half {
        let all = pieces.concat();
        response = response.header("content-length", all.len());
        let half = Bytes::copy_from_slice(&all[..all.len() / 2]);
        // The pause lets what there is go out before the connection closes.
        let end = stream::once(async {
            tokio::task::yield_now().await;
            Err(cut())
        });
        let start = stream::iter([Ok(Frame::data(half))]);
        StreamBody::new(start.chain(end)).boxed_unsync()
    } else if pieces.len() == 1 {
        whole(pieces.remove(0))
    } else {
        let frames = pieces
            .into_iter()
            .map(|piece| Ok::<_, io::Error>(Frame::data(piece)));
        StreamBody::new(stream::iter(frames)).boxed_unsync()
    };
    // Only a header value that is no header value can fail here, and the one
    // that comes from outside, the request id, came in as one.
    response
        .body(body)
        .unwrap_or_else(|_| hyper::Response::new(whole(Bytes::new())))
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes)
        .map_err(|never: Infallible| match never {})
        .boxed_unsync()
}
