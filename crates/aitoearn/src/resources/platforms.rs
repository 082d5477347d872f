//! `client.platforms()`

use aitoearn_api::operations;

use super::resource;
use crate::{Request, types::PlatformInfo};

resource! {
    /// The platforms that the service knows. Made by [`Client::platforms`](crate::Client::platforms).
    Platforms
}

impl Platforms {
    /// All platforms, with their state at this site and what they can do.
    ///
    /// Ask at run time rather than building a list into your program: platforms
    /// come, go, and differ between the sites. Public: works without a key.
    ///
    /// Calls `GET /api/v2/channels/platforms`.
    ///
    /// # Errors
    ///
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the client has a key that is not valid here.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// for platform in client.platforms().list().await? {
    ///     println!("{}: {}", platform.platform, platform.status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Request<Vec<PlatformInfo>> {
        Request::new(
            &self.client,
            &operations::PLATFORMS_LIST,
            Ok(()),
            |api, ()| async move { api.platforms_list().await },
        )
    }
}
