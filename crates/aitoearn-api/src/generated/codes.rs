crate::codes! {
    401 UNAUTHORIZED "Unauthorized" Auth AfterReauth "The key is missing or not valid here." "Check the key and the site it belongs to.";
    429 TOO_MANY_REQUESTS "TooManyRequests" RateLimit Yes "The route's request budget is used up." "Wait as long as the error says.";
    12600 ACCOUNT_NOT_FOUND "AccountNotFound" NotFound No "You have no account with this id." "List the accounts and use one of their ids.";
    15039 CHANNEL_AUTH_SESSION_INVALID "ChannelAuthSessionInvalid" Auth AfterReauth "The authorization is unknown, over five minutes old, or of another user." "Start a new authorization.";
    15040 CHANNEL_AUTH_PLATFORM_MISMATCH "ChannelAuthPlatformMismatch" Validation No "The authorization belongs to another platform." "Name the platform with which it was started.";
}
