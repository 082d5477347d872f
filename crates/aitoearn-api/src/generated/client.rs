use progenitor_client::{ClientHooks, OperationInfo, encode_path};

use crate::{ClientInfo, Context, Envelope, Error, ResponseValue, types};

/// Client for AiToEarn.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: Context,
}

impl Client {
    /// A client with an HTTP client of your own, whose redirects must be off.
    pub fn new_with_client(baseurl: &str, client: reqwest::Client, inner: Context) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}

impl ClientInfo<Context> for Client {
    fn api_version() -> &'static str {
        "1.0.0"
    }

    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }

    fn client(&self) -> &reqwest::Client {
        &self.client
    }

    fn inner(&self) -> &Context {
        &self.inner
    }
}

impl Client {
    /// Sends a `GET` request to `/api/v2/channels/accounts/{}`.
    pub async fn accounts_get<'a>(
        &'a self,
        account_id: &'a str,
    ) -> Result<ResponseValue<Envelope<types::Account>>, Error<()>> {
        let url = format!(
            "{}/api/v2/channels/accounts/{}",
            self.baseurl,
            encode_path(&account_id.to_string())
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "accounts_get",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /// Sends a `GET` request to `/api/v2/channels/accounts`.
    pub async fn accounts_list<'a>(
        &'a self,
        ids: Option<&'a Vec<String>>,
        status: Option<i64>,
        types: Option<&'a Vec<types::Platform>>,
    ) -> Result<ResponseValue<Envelope<types::AccountList>>, Error<()>> {
        let url = format!("{}/api/v2/channels/accounts", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("ids[]", &ids))
            .query(&progenitor_client::QueryParam::new("status", &status))
            .query(&progenitor_client::QueryParam::new("types[]", &types))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "accounts_list",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /// Sends a `GET` request to `/api/v2/channels/accounts/auth/{}`.
    pub async fn auth_start<'a>(
        &'a self,
        platform: &'a str,
        callback_url: Option<&'a str>,
        group_id: Option<&'a str>,
        redirect_uri: Option<&'a str>,
    ) -> Result<ResponseValue<Envelope<types::AuthStart>>, Error<()>> {
        let url = format!(
            "{}/api/v2/channels/accounts/auth/{}",
            self.baseurl,
            encode_path(&platform.to_string())
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new(
                "callbackUrl",
                &callback_url,
            ))
            .query(&progenitor_client::QueryParam::new("groupId", &group_id))
            .query(&progenitor_client::QueryParam::new(
                "redirectUri",
                &redirect_uri,
            ))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "auth_start",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /// Sends a `GET` request to `/api/v2/channels/accounts/auth/{}/status/{}`.
    pub async fn auth_status<'a>(
        &'a self,
        platform: &'a str,
        session_id: &'a str,
    ) -> Result<ResponseValue<Envelope<types::AuthSession>>, Error<()>> {
        let url = format!(
            "{}/api/v2/channels/accounts/auth/{}/status/{}",
            self.baseurl,
            encode_path(&platform.to_string()),
            encode_path(&session_id.to_string())
        );
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "auth_status",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }

    /// Sends a `GET` request to `/api/v2/channels/platforms`.
    pub async fn platforms_list<'a>(
        &'a self,
    ) -> Result<ResponseValue<Envelope<::std::vec::Vec<types::PlatformInfo>>>, Error<()>> {
        let url = format!("{}/api/v2/channels/platforms", self.baseurl,);
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(
            ::reqwest::header::HeaderName::from_static("api-version"),
            ::reqwest::header::HeaderValue::from_static(Self::api_version()),
        );
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "platforms_list",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
