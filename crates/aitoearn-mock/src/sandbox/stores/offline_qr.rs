//! How often codes for posts without an account were asked for.

use crate::sandbox::throttle::Throttle;

/// The calls of each operation.
#[derive(Debug, Default)]
pub(crate) struct OfflineQr {
    pub(crate) douyin: Throttle,
    pub(crate) rednote: Throttle,
}
