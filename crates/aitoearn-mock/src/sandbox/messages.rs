//! The texts that go with the codes, in the two languages the service speaks.

use serde_json::Value;

/// The language of an error's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// From an `Accept-Language` header; English unless the first choice is
    /// Chinese (`zh`, `zh-CN`, ...).
    pub(crate) fn from_header(header: Option<&str>) -> Self {
        let first = header
            .unwrap_or_default()
            .split(',')
            .next()
            .unwrap_or_default()
            .trim();
        let zh = first
            .get(..2)
            .is_some_and(|start| start.eq_ignore_ascii_case("zh"));
        if zh { Self::Chinese } else { Self::English }
    }
}

/// The text for a code, with `{name}` filled from the details. A `{{name}}`
/// stays as it is: some of the service's own texts are never filled in.
pub(crate) fn text(code: i64, data: &Value, language: Language) -> String {
    let (english, chinese) = pair(code);
    let template = match language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    let mut text = template.to_owned();
    for (key, value) in data.as_object().into_iter().flatten() {
        let hole = format!("{{{key}}}");
        if text.contains(&hole) && !text.contains(&format!("{{{hole}}}")) {
            let value = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            text = text.replace(&hole, &value);
        }
    }
    text
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn pair(code: i64) -> (&'static str, &'static str) {
    match code {
        // Thrown before anyone looks at the language: always English.
        400 => ("Bad request", "Bad request"),
        401 => ("Unauthorized", "Unauthorized"),
        404 => ("Not found", "Not found"),
        429 => ("Too many requests", "Too many requests"),
        500 => ("Internal server error", "Internal server error"),
        10002 => ("Validation failed", "参数校验失败"),
        12001 => ("Not enough credits", "积分不足"),
        12300 => ("The model is not available", "模型不可用"),
        12302 => ("No such AI task", "任务不存在"),
        12310 => (
            "The model does not offer this video mode",
            "模型不支持该视频模式",
        ),
        12311 => ("The model does not take this input", "模型不支持该输入"),
        12322 => (
            "This validation session is unknown, over or expired",
            "真人认证会话无效或已过期",
        ),
        12323 => ("Volcengine asset group not found", "火山引擎素材组不存在"),
        12324 => ("Volcengine asset not found", "火山引擎素材不存在"),
        12329 => (
            "The validation is not finished yet, try again later",
            "真人认证尚未完成，请稍后重试",
        ),
        12600 => ("Account not found", "账号不存在"),
        12601 => ("Account group not found", "账号分组不存在"),
        12750 => ("Asset not found", "资源不存在"),
        12751 => ("The file has not been uploaded", "文件未上传"),
        12752 => ("The file is too large", "文件过大"),
        15000 => (
            "Publish record {{recordId}} not found",
            "发布记录 {{recordId}} 不存在",
        ),
        15001 => (
            "The account is offline, authorize it again",
            "账号已离线，请重新授权",
        ),
        15004 => ("Publish task not found", "发布任务不存在"),
        15013 => ("Authorization was refused", "授权失败"),
        15018 => (
            "The task's state does not allow this",
            "任务状态不允许此操作",
        ),
        15021 => ("Channel account not found", "渠道账号不存在"),
        15025 => (
            "Publish task {{flowId}} already exists",
            "发布任务 {{flowId}} 已存在",
        ),
        15032 => (
            "Platform {platform} is not supported",
            "不支持平台 {platform}",
        ),
        15036 => ("No work can be read from the link", "无法识别作品链接"),
        15039 => (
            "The authorization session is invalid or has expired",
            "授权会话无效或已过期",
        ),
        15040 => (
            "The session belongs to another platform",
            "授权会话与平台不匹配",
        ),
        15050 => ("Publish flow not found", "发布流程不存在"),
        15051 => (
            "The content breaks a rule of {platform}",
            "内容不符合 {platform} 的规则",
        ),
        15052 => ("Account {accountId} appears twice", "账号 {accountId} 重复"),
        15053 => ("The task has just started", "任务已开始执行"),
        15057 => (
            "The publish time can no longer change",
            "当前状态不能修改发布时间",
        ),
        15058 => ("The task cannot be published now", "当前状态不能立即发布"),
        15062 => (
            "{platform} does not support this",
            "{platform} 不支持此操作",
        ),
        15070 => ("A call to {platform} failed", "{platform} 接口调用失败"),
        15071 => (
            "{platform} limits the rate of calls",
            "{platform} 请求过于频繁",
        ),
        15079 => ("{platform} does not know the work", "{platform} 作品不存在"),
        15080 => (
            "{platform} does not offer this operation",
            "{platform} 不支持该操作",
        ),
        15088 => ("The platform pages in another way", "平台不支持该分页方式"),
        15089 => ("limit is over {maxLimit}", "limit 超过上限 {maxLimit}"),
        15090 => (
            "pageSize is over {maxPageSize}",
            "pageSize 超过上限 {maxPageSize}",
        ),
        15091 => ("The platform cannot page backwards", "平台不支持向前翻页"),
        15095 => (
            "Only a failed task can be retried",
            "只有失败的任务可以重试",
        ),
        16037 => ("An authorized account is needed", "需要已授权的账号"),
        _ => ("The request failed", "请求失败"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn language_is_the_first_choice() {
        assert_eq!(Language::from_header(None), Language::English);
        assert_eq!(Language::from_header(Some("zh")), Language::Chinese);
        assert_eq!(
            Language::from_header(Some("zh-CN,en;q=0.8")),
            Language::Chinese
        );
        assert_eq!(
            Language::from_header(Some("en-US,zh;q=0.8")),
            Language::English
        );
    }

    #[test]
    fn single_braces_are_filled_and_double_ones_are_not() {
        let data = json!({"platform": "xhs", "flowId": "f1"});
        assert_eq!(
            text(15032, &data, Language::English),
            "Platform xhs is not supported"
        );
        assert!(text(15025, &data, Language::English).contains("{{flowId}}"));
    }
}
