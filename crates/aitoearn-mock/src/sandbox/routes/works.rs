//! Works: what is on the platforms, paged in their several ways.

use std::ops::Range;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::catalogue::{self, HIDDEN, PLATFORMS, Paging, Platform};
use crate::sandbox::clock::{iso, later};
use crate::sandbox::envelope::{Refusal, Reply};
use crate::sandbox::query::Nested;
use crate::sandbox::route::{Access, Call, Route};
use crate::sandbox::schema;
use crate::sandbox::state::State;
use crate::sandbox::stores::accounts::Account;

pub(crate) const ROUTES: &[Route] = &[
    Route {
        name: "works_link_info",
        method: "GET",
        path: "/api/v2/channels/works/link-info",
        access: Access::Key,
        handler: link_info,
    },
    Route {
        name: "works_list",
        method: "GET",
        path: "/api/v2/channels/works/{platform}",
        access: Access::Key,
        handler: list,
    },
    Route {
        name: "works_get",
        method: "GET",
        path: "/api/v2/channels/works/{platform}/{platformWorkId}",
        access: Access::Key,
        handler: get,
    },
    Route {
        name: "works_analytics",
        method: "GET",
        path: "/api/v2/channels/works/{platform}/{platformWorkId}/analytics",
        access: Access::Key,
        handler: analytics,
    },
    Route {
        name: "works_verify_ownership",
        method: "POST",
        path: "/api/v2/channels/works/{platform}/{platformWorkId}/ownership/verify",
        access: Access::Key,
        handler: verify_ownership,
    },
];

/// How many works an account has before it posts anything through us.
const OLD_WORKS: u32 = 25;

/// Something on a platform.
struct Work {
    id: String,
    title: String,
    link: String,
    video: bool,
    published_at: Timestamp,
}

impl Work {
    fn json(&self, author: &str) -> Value {
        json!({
            "id": self.id,
            "url": self.link,
            "title": self.title,
            "mediaType": if self.video { "video" } else { "image" },
            "coverUrl": format!("https://assets.example.com/covers/{}.jpg", self.id),
            "publishedAt": iso(self.published_at),
            "status": "public",
            "author": author,
        })
    }

    fn item_json(&self, account: &Account) -> Value {
        json!({
            "platformWorkId": self.id,
            "contentMode": if self.video { "video" } else { "article" },
            "title": self.title,
            "url": self.link,
            "coverUrl": format!("https://assets.example.com/covers/{}.jpg", self.id),
            "publishedAt": iso(self.published_at),
            "authorName": account.nickname,
            "authorPlatformUid": account.uid,
            "status": "public",
            "metrics": metrics(),
        })
    }
}

/// Every number is optional in the service; these are the usual ones.
fn metrics() -> Value {
    json!({ "viewCount": 1520, "likeCount": 112, "commentCount": 17, "shareCount": 9 })
}

impl State {
    /// What the account has on its platform, the newest first: what was
    /// published through the sandbox, then what was there before.
    fn works(&self, account: &Account) -> Vec<Work> {
        let posted = self
            .publishing
            .posts
            .iter()
            .rev()
            .filter(|post| post.account_id.as_deref() == Some(account.id.as_str()));
        let posted = posted.filter_map(|post| {
            Some(Work {
                id: post.work_id.clone()?,
                title: post.title.clone(),
                link: post.work_link.clone()?,
                video: !post.videos.is_empty(),
                published_at: post.publish_at,
            })
        });
        let old = (1..=OLD_WORKS).rev().map(|n| {
            let id = format!("{}{n:03}", account.uid.trim_start_matches('_'));
            Work {
                title: format!("{} {n}", account.nickname),
                link: format!("https://www.example.com/{}/{id}", account.platform.id),
                video: true,
                published_at: later(account.connected_at, -86_400 * i64::from(OLD_WORKS + 1 - n)),
                id,
            }
        });
        posted.chain(old).collect()
    }

    fn find_work(&self, platform: &Platform, id: &str) -> Option<(&Account, Work)> {
        let accounts = self
            .accounts
            .list
            .iter()
            .filter(|account| account.platform.id == platform.id);
        accounts.into_iter().find_map(|account| {
            let work = self.works(account).into_iter().find(|work| work.id == id)?;
            Some((account, work))
        })
    }

    /// The account that a request names for a platform.
    fn account_on(&self, platform: &str, id: &str) -> Result<&Account, Refusal> {
        let account = self.account(id)?;
        if account.platform.id == platform {
            Ok(account)
        } else {
            Err(Refusal::new(15040))
        }
    }
}

/// The platform in the path. `None` for one that is known and offers nothing.
fn platform(call: &Call) -> Result<Option<&'static Platform>, Refusal> {
    let id = call.param("platform");
    match catalogue::platform(id) {
        None if id != HIDDEN => Err(catalogue::unknown("platform in the path", id)),
        platform => Ok(platform),
    }
}

fn not_offered(platform: &str, capability: &str) -> Refusal {
    Refusal::with(
        15080,
        json!({ "platform": platform, "capability": capability }),
    )
}

/// An `accountId` may be left out, but not be empty.
fn account_id(call: &Call) -> Result<Option<&str>, Refusal> {
    match call.query.text("accountId")? {
        Some("") => Err(Refusal::invalid("the query's accountId is empty")),
        other => Ok(other),
    }
}

fn list(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let platform = platform(call)?;
    let account_id = call.query.required("accountId")?;
    let wish = Wish::read(call.query.nested("pagination")?)?;
    let account = state.account_on(call.param("platform"), account_id)?;
    let Some(platform) = platform.filter(|platform| platform.lists_works()) else {
        return Err(not_offered(call.param("platform"), "work.listWorks"));
    };
    if !account.usable {
        return Err(Refusal::new(15001));
    }
    let works = state.works(account);
    let (range, pagination) = wish.cut(platform, works.len())?;
    let items: Vec<Value> = works[range]
        .iter()
        .map(|work| work.item_json(account))
        .collect();
    Ok(Reply::Data(
        json!({ "platform": platform.id, "items": items, "pagination": pagination }),
    ))
}

/// The page that a request wishes for.
enum Wish {
    Any,
    Page {
        page: u64,
        size: u64,
    },
    Cursor {
        cursor: Option<String>,
        limit: Option<u64>,
        back: bool,
    },
}

impl Wish {
    fn read(pagination: Option<Nested<'_>>) -> Result<Self, Refusal> {
        let Some(given) = pagination else {
            return Ok(Self::Any);
        };
        match (given.count("page")?, given.count("pageSize")?) {
            (Some(page), Some(size)) => return Ok(Self::Page { page, size }),
            (None, None) => {}
            _ => {
                return Err(Refusal::invalid(
                    "the query has only one of pagination[page] and pagination[pageSize]",
                ));
            }
        }
        let cursor = given.text("cursor").map(str::to_owned);
        let limit = given.count("limit")?;
        let back = match given.text("direction") {
            None | Some("next") => false,
            Some("previous") if cursor.is_some() => true,
            Some("previous") => {
                let note =
                    "the query's pagination[direction] is previous, which needs pagination[cursor]";
                return Err(Refusal::invalid(note));
            }
            Some(other) => {
                let note = format!(
                    "the query's pagination[direction] is {other:?}, and neither next nor previous"
                );
                return Err(Refusal::invalid(note));
            }
        };
        Ok(Self::Cursor {
            cursor,
            limit,
            back,
        })
    }

    /// The slice of `total` works, and how the answer describes it.
    fn cut(self, platform: &Platform, total: usize) -> Result<(Range<usize>, Value), Refusal> {
        match (platform.works, self) {
            (Paging::Cursor { default, .. }, Self::Any) => Ok(cut_cursor(0, false, default, total)),
            (
                Paging::Cursor {
                    default,
                    most,
                    backwards,
                },
                Self::Cursor {
                    cursor,
                    limit,
                    back,
                },
            ) => {
                let limit = limit.unwrap_or(default);
                if limit > most {
                    return Err(Refusal::with(
                        15089,
                        json!({ "platform": platform.id, "maxLimit": most }),
                    ));
                }
                if back && !backwards {
                    return Err(Refusal::with(15091, json!({ "platform": platform.id })));
                }
                let at = cursor.as_deref().map_or(Some(0), |cursor| {
                    read_cursor(cursor).filter(|at| *at <= total)
                });
                let at = at.ok_or_else(|| platform_error(platform, "validation", 15070))?;
                Ok(cut_cursor(at, back, limit, total))
            }
            (Paging::Page { default, .. }, Self::Any) => Ok(cut_page(1, default, total)),
            (Paging::Page { most, .. }, Self::Page { page, size }) => {
                if size > most {
                    return Err(Refusal::with(
                        15090,
                        json!({ "platform": platform.id, "maxPageSize": most }),
                    ));
                }
                Ok(cut_page(page, size, total))
            }
            (Paging::None, _) => Ok((0..total, json!({ "mode": "none" }))),
            (Paging::Cursor { .. }, _) => Err(wrong_mode("cursor", "page")),
            (Paging::Page { .. }, _) => Err(wrong_mode("page", "cursor")),
        }
    }
}

fn wrong_mode(expected: &str, actual: &str) -> Refusal {
    Refusal::with(
        15088,
        json!({ "expectedMode": expected, "actualMode": actual }),
    )
}

fn platform_error(platform: &Platform, category: &str, code: i64) -> Refusal {
    Refusal::with(
        code,
        json!({ "platform": platform.id, "category": category, "retryable": false }),
    )
}

/// Cursors are full of characters that a query must escape, as real ones are.
fn write_cursor(at: usize) -> String {
    format!("after:{at}/+=")
}

fn read_cursor(cursor: &str) -> Option<usize> {
    cursor
        .strip_prefix("after:")?
        .strip_suffix("/+=")?
        .parse()
        .ok()
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn cut_cursor(at: usize, back: bool, limit: u64, total: usize) -> (Range<usize>, Value) {
    let (start, end) = if back {
        (at.saturating_sub(size(limit)), at)
    } else {
        (at, at.saturating_add(size(limit)).min(total))
    };
    let mut pagination = json!({ "mode": "cursor", "hasNext": end < total, "hasPrevious": start > 0, "limit": limit });
    if end < total {
        pagination["nextCursor"] = json!(write_cursor(end));
    }
    if start > 0 {
        pagination["previousCursor"] = json!(write_cursor(start));
    }
    (start..end, pagination)
}

fn cut_page(page: u64, page_size: u64, total: usize) -> (Range<usize>, Value) {
    let start = size((page - 1).saturating_mul(page_size)).min(total);
    let end = start.saturating_add(size(page_size)).min(total);
    let pagination = json!({
        "mode": "page", "page": page, "pageSize": page_size, "total": total,
        "hasNext": end < total, "hasPrevious": page > 1,
    });
    (start..end, pagination)
}

fn get(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let platform = platform(call)?;
    let account_id = account_id(call)?;
    let Some(platform) = platform.filter(|platform| platform.lists_works()) else {
        return Err(not_offered(call.param("platform"), "work.getDetail"));
    };
    let account = state.account_on(platform.id, account_id.ok_or_else(|| Refusal::new(16037))?)?;
    let id = call.param("platformWorkId");
    let work = state.works(account).into_iter().find(|work| work.id == id);
    let work = work
        .ok_or_else(|| platform_error(platform, "not_found", 15079))?
        .json(&account.nickname);
    Ok(Reply::Data(fetched(
        state,
        json!({ "platform": platform.id, "work": work }),
    )))
}

/// Adds what every fresh look at a platform carries.
fn fetched(state: &mut State, mut data: Value) -> Value {
    let now = state.clock.timestamp();
    let id = state.ids.object_id(now);
    let snapshot = json!({ "id": id, "snapshotAt": iso(now), "fetchedAt": iso(now), "work": data["work"], "metrics": metrics() });
    data["snapshots"] = json!([snapshot]);
    data["snapshotId"] = json!(id);
    data["fetchedAt"] = json!(iso(now));
    data["extra"] = json!({});
    data
}

/// Several things that others would call errors are successes with a message here.
fn analytics(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let platform = platform(call)?;
    let account_id = account_id(call)?;
    for bound in ["since", "until"] {
        if let Some(text) = call.query.text(bound)?
            && schema::moment(text).is_none()
        {
            return Err(Refusal::invalid(format!(
                "the query's {bound} is {text:?}, which is no moment"
            )));
        }
    }
    let id = call.param("platformWorkId");
    let nothing = |message: &str| {
        let data = json!({ "platform": call.param("platform"), "platformWorkId": id, "snapshots": [], "message": message });
        Ok(Reply::Data(data))
    };
    let Some(platform) = platform.filter(|platform| platform.analytics.1) else {
        return nothing("The platform offers no analytics");
    };
    let Some(account_id) = account_id else {
        return nothing("An authorized account is needed");
    };
    let account = state.account_on(platform.id, account_id)?;
    let Some(work) = state.works(account).into_iter().find(|work| work.id == id) else {
        return nothing("The platform does not know the work");
    };
    let work = work.json(&account.nickname);
    let data = json!({
        "platform": platform.id, "platformWorkId": id, "accountId": account_id, "work": work, "metrics": metrics(),
    });
    Ok(Reply::Data(fetched(state, data)))
}

fn link_info(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let mut ids: Vec<&str> = PLATFORMS.iter().map(|platform| platform.id).collect();
    ids.push(HIDDEN);
    let id = call
        .query
        .one_of("platform", &ids)?
        .ok_or_else(|| Refusal::invalid("the query's platform is missing"))?;
    let link = call.query.required("link")?;
    if let Some(account_id) = account_id(call)? {
        state.account_on(id, account_id)?;
    }
    let Some(platform) = catalogue::platform(id) else {
        return Ok(Reply::Data(
            json!({ "platform": id, "snapshots": [], "message": "The platform offers no link information" }),
        ));
    };
    let last = link
        .split(['?', '#'])
        .next()
        .and_then(|path| path.trim_end_matches('/').rsplit('/').next());
    let work_id = last
        .filter(|_| schema::is_absolute_url(link))
        .ok_or_else(|| Refusal::new(15036))?;
    let data = match state.find_work(platform, work_id) {
        Some((account, work)) => fetched(
            state,
            json!({ "platform": id, "work": work.json(&account.nickname.clone()) }),
        ),
        // Somebody else's work: the link is all that can be told.
        None => json!({ "platform": id, "work": { "id": work_id, "url": link }, "snapshots": [] }),
    };
    Ok(Reply::Data(data))
}

fn verify_ownership(state: &mut State, call: &Call) -> Result<Reply, Refusal> {
    let platform = platform(call)?;
    schema::check("works_verify_ownership", &call.body)?;
    let account = state.account_on(
        call.param("platform"),
        call.body["candidateAccountId"].as_str().unwrap_or_default(),
    )?;
    let Some(platform) = platform.filter(|platform| platform.lists_works()) else {
        let message = "The platform offers no check of ownership";
        return Ok(Reply::Data(
            json!({ "platform": call.param("platform"), "owned": false, "message": message }),
        ));
    };
    let owned = state
        .works(account)
        .iter()
        .any(|work| work.id == call.param("platformWorkId"));
    Ok(Reply::Data(
        json!({ "platform": platform.id, "owned": owned }),
    ))
}
