//! `client.auth()`

use aitoearn_api::operations;

use super::resource;
use crate::{
    Client, Error, GroupId, Request, SessionId,
    flow::Connect,
    input::{path_segment, web_address},
    options::RequestOptions,
    request::{debug_options, request_methods},
    types::{AuthSession, AuthStart, AuthStartParams, Platform},
};

resource! {
    /// Connecting social accounts to AiToEarn. Made by [`Client::auth`].
    ///
    /// The user gives consent on the platform's own page.
    /// [`connect`](Self::connect) does it all: it starts an authorization, gives its
    /// `url` to be shown, and asks for its state until it is completed or failed.
    Auth
}

impl Auth {
    /// Connects an account: gives the page or QR code to show to the user, and
    /// waits until they are done.
    ///
    /// Calls [`start`](Self::start) once and [`status`](Self::status) every 2 s.
    ///
    /// # Errors
    ///
    /// [`CannotConnect`](crate::flow::CannotConnect) if it cannot begin. Then
    /// [`NotConnected`](crate::flow::NotConnected) if the user refuses, or does not
    /// finish within five minutes.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use aitoearn::types::Platform;
    ///
    /// let connecting = client.auth().connect(Platform::Tiktok).await?;
    /// println!("Please open {}", connecting.url());
    /// let connected = connecting.await?;
    /// println!("connected: {:?}", connected.account_ids);
    /// # Ok(())
    /// # }
    /// ```
    pub fn connect(&self, platform: impl Into<Platform>) -> Connect {
        Connect::new(&self.client, platform.into())
    }

    /// Starts an authorization, which lives for five minutes.
    ///
    /// Show its `url` to the user. For platforms with a QR code it may be a
    /// `data:` image instead of a page. Platforms that are driven by the browser
    /// plug-in cannot be authorized here.
    ///
    /// Calls `GET /api/v2/channels/accounts/auth/{platform}`. Although a `GET`,
    /// it has an effect, so it is not repeated blindly.
    ///
    /// # Errors
    ///
    /// [`Error::Ambiguous`] if it is not known whether one was started: start
    /// another, an unused one does no harm.
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED) if the key is not valid at this site.
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::Platform;
    ///
    /// let started = client.auth().start(Platform::Tiktok).await?;
    /// println!("Please open {}", started.url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn start(&self, platform: impl Into<Platform>) -> StartAuth {
        StartAuth {
            client: self.client.clone(),
            options: RequestOptions::default(),
            platform: platform.into(),
            group_id: None,
            redirect_uri: None,
            callback_url: None,
        }
    }

    /// The state of an authorization: pending, completed or failed.
    ///
    /// While `requires_selection` is set, the user still has to choose accounts
    /// in the browser. A failed one tells why in `error_code`.
    ///
    /// Calls `GET /api/v2/channels/accounts/auth/{platform}/status/{sessionId}`.
    ///
    /// # Errors
    ///
    /// [`Code::CHANNEL_AUTH_SESSION_INVALID`](crate::Code::CHANNEL_AUTH_SESSION_INVALID)
    /// once the five minutes are over, which is how an expired one shows;
    /// [`Code::CHANNEL_AUTH_PLATFORM_MISMATCH`](crate::Code::CHANNEL_AUTH_PLATFORM_MISMATCH)
    /// if it was started for another platform;
    /// [`Code::UNAUTHORIZED`](crate::Code::UNAUTHORIZED).
    ///
    /// ```no_run
    /// # async fn example(client: aitoearn::Client) -> Result<(), aitoearn::Error> {
    /// use aitoearn::types::{AuthSessionStatus, Platform};
    ///
    /// let session = client.auth().status(Platform::Tiktok, "the session's id").await?;
    /// if session.status == AuthSessionStatus::Completed {
    ///     println!("connected: {:?}", session.account_ids);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(
        &self,
        platform: impl Into<Platform>,
        session_id: impl Into<SessionId>,
    ) -> Request<AuthSession> {
        let path = path_segment("platform", platform.into())
            .and_then(|platform| Ok((platform, path_segment("session_id", session_id.into())?)));
        Request::new(
            &self.client,
            &operations::AUTH_STATUS,
            path,
            |api, (platform, session)| Box::pin(api.auth_status(platform, session)),
        )
    }
}

/// An authorization that is ready to be started. Made by [`Auth::start`]; `.await` it.
#[must_use = "a request does nothing until it is awaited"]
pub struct StartAuth {
    client: Client,
    options: RequestOptions,
    platform: Platform,
    group_id: Option<GroupId>,
    redirect_uri: Option<String>,
    callback_url: Option<String>,
}

request_methods!([] StartAuth => AuthStart);
debug_options!(StartAuth);

impl StartAuth {
    /// The account group that the account is put into. Default: the default group.
    pub fn group_id(mut self, id: impl Into<GroupId>) -> Self {
        self.group_id = Some(id.into());
        self
    }

    /// Where the browser is sent afterwards: an absolute http or https address.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// Which address of yours is told the result: an absolute http or https address.
    pub fn callback_url(mut self, url: impl Into<String>) -> Self {
        self.callback_url = Some(url.into());
        self
    }

    fn into_request(self) -> Request<AuthStart> {
        let Self {
            client,
            options,
            platform,
            group_id,
            redirect_uri,
            callback_url,
        } = self;
        let check = || -> Result<_, Error> {
            let platform = path_segment("platform", platform)?;
            let redirect = redirect_uri
                .map(|uri| web_address("redirect_uri", uri))
                .transpose()?;
            let callback = callback_url
                .map(|url| web_address("callback_url", url))
                .transpose()?;
            let mut params = AuthStartParams::default();
            params.callback_url = callback;
            params.group_id = group_id;
            params.redirect_uri = redirect;
            Ok((platform, params))
        };
        Request::new(
            &client,
            &operations::AUTH_START,
            check(),
            |api, (platform, params)| Box::pin(api.auth_start(platform, params)),
        )
        .with_options(options)
    }
}
