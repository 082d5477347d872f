//! `client.assets()`: uploads.

use std::{ffi::OsStr, path::Path};

use aitoearn_api::operations;

use crate::{
    Assets, Client, Error, InputError, Request,
    flow::{Upload, UploadSource},
    options::RequestOptions,
    request::request_methods,
    types::{AssetType, AssetsUploadSignBody, UploadTarget},
};

impl Assets {
    /// Uploads a file: from a path, or from bytes or a reader by [`UploadSource`].
    /// Gives the confirmed asset, whose `url` may be published.
    ///
    /// Calls [`upload_sign`](Self::upload_sign), sends the bytes to the storage,
    /// and calls [`confirm`](Self::confirm).
    ///
    /// # Errors
    ///
    /// [`UploadError`](crate::flow::UploadError), which says at which step it failed.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::flow::UploadError> {
    /// let asset = client
    ///     .assets()
    ///     .upload("clip.mp4")
    ///     .on_progress(|it| println!("{} of {} bytes", it.sent, it.total))
    ///     .await?;
    /// println!("{:?}", asset.url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload(&self, source: impl Into<UploadSource>) -> Upload {
        Upload::new(&self.client, source.into())
    }

    /// Announces a file and gets an address to send its bytes to.
    ///
    /// `filename` is a name without directories, and its extension must be the
    /// right one: the service takes the file's type from it.
    ///
    /// The bytes then go to `upload_url` of the answer by `PUT`, within five
    /// minutes, with the `Content-Type` that the extension stands for and a
    /// `Content-Length` (no chunked transfer). Use the address byte for byte, and
    /// **send no API key**: it belongs to an object storage, not to AiToEarn.
    ///
    /// Calls `POST /api/assets/uploadSign`. A signature that nobody uses does no
    /// harm, so a failed call is repeated.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidInput`] for a name that is empty, a path, or without an
    /// extension, and for a size of 0;
    /// [`Code::ASSET_TOO_LARGE`](crate::Code::ASSET_TOO_LARGE) for a size over the
    /// site's limit; [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the key
    /// is not valid at this site.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// let target = client.assets().upload_sign("clip.mp4").size(1_048_576).await?;
    /// if let Some(url) = &target.upload_url {
    ///     // PUT the 1,048,576 bytes to `url` with `Content-Type: video/mp4`, then:
    ///     let asset = client.assets().confirm(&target.id).await?;
    ///     println!("{:?}", asset.url);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload_sign(&self, filename: impl Into<String>) -> SignUpload {
        SignUpload {
            client: self.client.clone(),
            options: RequestOptions::default(),
            filename: filename.into(),
            kind: AssetType::PublishMedia,
            size: None,
        }
    }
}

/// An upload that is ready to be announced. Made by [`Assets::upload_sign`]; `.await` it.
///
/// ```no_run
/// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
/// let target = client.assets().upload_sign("kettle.png").size(20_480).await?;
/// println!("{:?}", target.upload_url);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "a request does nothing until it is awaited"]
pub struct SignUpload {
    client: Client,
    options: RequestOptions,
    filename: String,
    kind: AssetType,
    size: Option<u64>,
}

impl SignUpload {
    /// What the file is for. Default: [`AssetType::PublishMedia`], media of a post.
    pub fn kind(mut self, kind: impl Into<AssetType>) -> Self {
        self.kind = kind.into();
        self
    }

    /// The exact size of the file in bytes. Default: not announced.
    ///
    /// The service then refuses a file that is too large before anything is
    /// uploaded, and the storage insists on exactly this length.
    pub fn size(mut self, bytes: u64) -> Self {
        self.size = Some(bytes);
        self
    }

    fn into_request(self) -> Request<UploadTarget> {
        let Self {
            client,
            options,
            filename,
            kind,
            size,
        } = self;
        let body = file_name(filename).and_then(|filename| {
            Ok(AssetsUploadSignBody {
                filename,
                size: size.map(file_size).transpose()?,
                type_: Some(kind),
            })
        });
        Request::new(
            &client,
            &operations::ASSETS_UPLOAD_SIGN,
            body,
            |api, body| Box::pin(api.assets_upload_sign(body)),
        )
        .with_options(options)
    }
}

request_methods!([] SignUpload => UploadTarget);

fn file_name(name: String) -> Result<String, Error> {
    let problem = if name.trim().is_empty() {
        "is empty"
    } else if name.contains(['/', '\\']) {
        "is a path: give the name alone"
    } else if Path::new(&name).extension().is_none_or(OsStr::is_empty) {
        "has no extension, from which the service takes the type"
    } else {
        return Ok(name);
    };
    Err(InputError::new("filename", problem).into())
}

fn file_size(bytes: u64) -> Result<i64, Error> {
    match i64::try_from(bytes) {
        Ok(0) => Err(InputError::new("size", "is zero: there is nothing to upload").into()),
        Ok(size) => Ok(size),
        Err(_) => Err(InputError::new("size", "is more than any storage takes").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_an_extension_and_no_directory() {
        for good in ["a.mp4", "快 乐.JPG", "a.b.c", ".a.png"] {
            assert_eq!(file_name(good.to_owned()).expect(good), good);
        }
        for bad in [
            "", " ", "clip", "clip.", ".mp4", "a/b.mp4", "a\\b.mp4", "..",
        ] {
            assert!(file_name(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn sizes_are_bytes_above_zero() {
        assert_eq!(file_size(1).expect("fine"), 1);
        assert!(file_size(0).is_err() && file_size(u64::MAX).is_err());
    }
}
