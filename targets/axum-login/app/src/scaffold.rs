//! What an operator does to accounts and sessions, below /_test/. Loopback only, as the whole site.
//!
//!     POST /_test/NAME      204, 404 no such account, 409 exists already
//!     GET  /_test/sessions  {"count": records in the store}

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;

use crate::accounts::{Account, Accounts};
use crate::store::Listed;

#[derive(Deserialize)]
struct Order {
    user: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    role: String,
}

pub fn routes(accounts: Accounts, store: Listed) -> Router {
    Router::new()
        .route("/_test/sessions", get(count))
        .route("/_test/expire", post(expire))
        .with_state((accounts.clone(), store))
        .merge(
            Router::new()
                .route("/_test/create", post(create))
                .route("/_test/delete", post(|State(s): State<Accounts>, Json(o): Json<Order>| async move { found(s.delete(&o.user)) }))
                .route("/_test/disable", post(|s, o| change(s, o, |a, _| a.active = false)))
                .route("/_test/enable", post(|s, o| change(s, o, |a, _| a.active = true)))
                .route("/_test/set_role", post(|s, o| change(s, o, |a, o| a.role = o.role)))
                .route("/_test/set_password", post(|s, o| change(s, o, |a, o| a.password = o.password)))
                .with_state(accounts),
        )
}

async fn create(State(accounts): State<Accounts>, Json(o): Json<Order>) -> StatusCode {
    if accounts.create(&o.user, &o.password, &o.role) { StatusCode::NO_CONTENT } else { StatusCode::CONFLICT }
}

async fn change(State(accounts): State<Accounts>, Json(o): Json<Order>, f: fn(&mut Account, Order)) -> StatusCode {
    let name = o.user.clone();
    found(accounts.change(&name, |a| f(a, o)))
}

async fn count(State((_, store)): State<(Accounts, Listed)>) -> Json<serde_json::Value> {
    Json(serde_json::json!({"count": store.count()}))
}

async fn expire(State((accounts, store)): State<(Accounts, Listed)>, Json(o): Json<Order>) -> StatusCode {
    match accounts.change(&o.user, |_| ()) {
        Some(a) => {
            store.expire(a.id).await;
            StatusCode::NO_CONTENT
        }
        None => StatusCode::NOT_FOUND,
    }
}

fn found(account: Option<Account>) -> StatusCode {
    if account.is_some() { StatusCode::NO_CONTENT } else { StatusCode::NOT_FOUND }
}
