use crate::{Auth, Code, Method, Operation, Reply, RetryClass, TimeoutClass};

pub const ACCOUNTS_GET: Operation = Operation {
    name: "accounts_get",
    id: "AccountsController_getById_v2",
    method: Method::Get,
    path: "/api/v2/channels/accounts/{accountId}",
    tag: "Channels / Accounts",
    auth: Auth::ApiKey,
    reply: Reply::Envelope,
    retry: RetryClass::Read,
    timeout: TimeoutClass::Read,
    codes: &[Code::ACCOUNT_NOT_FOUND],
};

pub const ACCOUNTS_LIST: Operation = Operation {
    name: "accounts_list",
    id: "AccountsController_list_v2",
    method: Method::Get,
    path: "/api/v2/channels/accounts",
    tag: "Channels / Accounts",
    auth: Auth::ApiKey,
    reply: Reply::Envelope,
    retry: RetryClass::Read,
    timeout: TimeoutClass::Read,
    codes: &[],
};

pub const AUTH_START: Operation = Operation {
    name: "auth_start",
    id: "AuthController_startAuth_v2",
    method: Method::Get,
    path: "/api/v2/channels/accounts/auth/{platform}",
    tag: "Channels / Authorization",
    auth: Auth::ApiKey,
    reply: Reply::Envelope,
    retry: RetryClass::Effect,
    timeout: TimeoutClass::Write,
    codes: &[],
};

pub const AUTH_STATUS: Operation = Operation {
    name: "auth_status",
    id: "AuthController_getAuthStatus_v2",
    method: Method::Get,
    path: "/api/v2/channels/accounts/auth/{platform}/status/{sessionId}",
    tag: "Channels / Authorization",
    auth: Auth::ApiKey,
    reply: Reply::Envelope,
    retry: RetryClass::Read,
    timeout: TimeoutClass::Read,
    codes: &[
        Code::CHANNEL_AUTH_SESSION_INVALID,
        Code::CHANNEL_AUTH_PLATFORM_MISMATCH,
    ],
};

pub const PLATFORMS_LIST: Operation = Operation {
    name: "platforms_list",
    id: "PlatformsController_listPlatforms_v2",
    method: Method::Get,
    path: "/api/v2/channels/platforms",
    tag: "Channels / Platforms",
    auth: Auth::None,
    reply: Reply::Envelope,
    retry: RetryClass::Read,
    timeout: TimeoutClass::Read,
    codes: &[],
};

pub static ALL: [&Operation; 5] = [
    &ACCOUNTS_GET,
    &ACCOUNTS_LIST,
    &AUTH_START,
    &AUTH_STATUS,
    &PLATFORMS_LIST,
];

pub fn by_name(name: &str) -> Option<&'static Operation> {
    let index = ALL
        .binary_search_by_key(&name, |operation| operation.name)
        .ok()?;
    ALL.get(index).copied()
}
