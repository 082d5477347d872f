//! What a browser's HTTP hands out stays on its thread, while our futures and streams are `Send`
//! everywhere. There it is wrapped, and panics on another thread than its own; elsewhere it is
//! `Send` as it is, and nothing is wrapped.

use std::pin::Pin;

/// A future in a box.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A value that may belong to its thread.
#[cfg(not(target_family = "wasm"))]
pub(crate) type Local<T> = T;
#[cfg(target_family = "wasm")]
pub(crate) type Local<T> = send_wrapper::SendWrapper<T>;

#[cfg(not(target_family = "wasm"))]
pub(crate) fn local<T>(value: T) -> Local<T> {
    value
}
#[cfg(target_family = "wasm")]
pub(crate) fn local<T>(value: T) -> Local<T> {
    send_wrapper::SendWrapper::new(value)
}

/// Boxes a future that may belong to its thread.
#[cfg(not(target_family = "wasm"))]
pub(crate) fn boxed<'a, T>(future: impl Future<Output = T> + Send + 'a) -> BoxFuture<'a, T> {
    Box::pin(future)
}
#[cfg(target_family = "wasm")]
pub(crate) fn boxed<'a, T>(future: impl Future<Output = T> + 'a) -> BoxFuture<'a, T> {
    Box::pin(local(future))
}
