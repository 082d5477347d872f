//! `client.platforms()`

use aitoearn_api::operations;

use super::resource;
use crate::{
    Request,
    input::path_segment,
    types::{Platform, PlatformInfo, PublishOptionSource},
};

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
            |api, ()| Box::pin(api.platforms_list()),
        )
    }

    /// The publish options of a platform whose values depend on the account,
    /// such as categories or playlists. Most platforms have none.
    ///
    /// Calls `GET /api/v2/channels/platforms/{platform}/publish-options`.
    ///
    /// # Errors
    ///
    /// [`Code::VALIDATION_FAILED`](crate::Code::VALIDATION_FAILED) if the service
    /// does not know the platform (ids are case-sensitive);
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the key is not valid here.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::Platform;
    ///
    /// for option in client.platforms().publish_options(Platform::Bilibili).await? {
    ///     println!("{}", option.field);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn publish_options(
        &self,
        platform: impl Into<Platform>,
    ) -> Request<Vec<PublishOptionSource>> {
        Request::new(
            &self.client,
            &operations::PLATFORMS_PUBLISH_OPTIONS,
            path_segment("platform", platform.into()),
            |api, platform| Box::pin(api.platforms_publish_options(platform)),
        )
    }
}
