//! `client.auth()`: the whole of a connection.

use crate::{Auth, flow::Connect, types::Platform};

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
}
