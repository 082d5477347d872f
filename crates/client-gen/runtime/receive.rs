//! Reading what comes back.

use progenitor_client::{Error, ResponseValue};
use reqwest::{Response, StatusCode, header::HeaderMap};
use serde::de::DeserializeOwned;

use super::client::Context;

/// Most bytes of a response that are read into memory, after decompression.
const BODY_LIMIT: usize = 32 << 20;

async fn body(mut response: Response) -> Result<(StatusCode, HeaderMap, Vec<u8>), Error<()>> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(Error::ResponseBodyError)? {
        if body.len() + piece.len() > BODY_LIMIT {
            return Err(Error::Custom(format!(
                "the response has more than {} MiB",
                BODY_LIMIT >> 20
            )));
        }
        body.extend_from_slice(&piece);
    }
    Ok((status, headers, body))
}

/// Reads the response of a generated method.
pub async fn read<T: DeserializeOwned>(
    response: Response,
    _context: &Context,
) -> Result<ResponseValue<T>, Error<()>> {
    let (status, headers, body) = body(response).await?;
    match serde_json::from_slice(&body) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body.into(), error)),
    }
}

/// The same, of an operation that may answer with nothing.
pub async fn read_some<T: DeserializeOwned>(
    response: Response,
    _context: &Context,
) -> Result<ResponseValue<Option<T>>, Error<()>> {
    let (status, headers, body) = body(response).await?;
    if status == StatusCode::NO_CONTENT || body.is_empty() {
        return Ok(ResponseValue::new(None, status, headers));
    }
    match serde_json::from_slice(&body) {
        Ok(value) => Ok(ResponseValue::new(Some(value), status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body.into(), error)),
    }
}

/// The same, of an operation that answers with a text.
pub async fn read_text(
    response: Response,
    _context: &Context,
) -> Result<ResponseValue<String>, Error<()>> {
    let (status, headers, body) = body(response).await?;
    match String::from_utf8(body) {
        Ok(text) => Ok(ResponseValue::new(text, status, headers)),
        Err(error) => Err(Error::Custom(format!(
            "the response is a text that is no UTF-8: {error}"
        ))),
    }
}

/// A type that depends on the status of the response.
pub trait ByStatus: Sized {
    /// Reads the body that came with a status.
    fn read(status: u16, body: &[u8]) -> Result<Self, serde_json::Error>;
}

/// The same, of an operation whose answer depends on the status.
pub async fn read_by_status<T: ByStatus>(
    response: Response,
    _context: &Context,
) -> Result<ResponseValue<T>, Error<()>> {
    let (status, headers, body) = body(response).await?;
    let json: &[u8] = if body.is_empty() { b"null" } else { &body };
    match T::read(status.as_u16(), json) {
        Ok(value) => Ok(ResponseValue::new(value, status, headers)),
        Err(error) => Err(Error::InvalidResponsePayload(body.into(), error)),
    }
}

/// The body of a refusal, as the type that is documented for its status.
///
/// ```text
/// match client.get_patient("7").await {
///     Ok(patient) => …,
///     Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
///         let missing = failure::<types::NotFound>(error).await?;
///         …
///     }
///     Err(error) => …,
/// }
/// ```
///
/// # Errors
///
/// The error itself if it is no response, and [`Error::InvalidResponsePayload`] if the body is not a
/// `T`.
pub async fn failure<T: DeserializeOwned>(error: Error<()>) -> Result<ResponseValue<T>, Error<()>> {
    match error {
        Error::UnexpectedResponse(response) => read(response, &Context::default()).await,
        other => Err(other),
    }
}
