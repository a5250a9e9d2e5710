//! A small site that uses axum-login and tower-sessions as their documentation says.
//!
//! usage: axum-login-app PORT          serves on 127.0.0.1
//!
//! JSON in and out; which statuses mean what is in ../app.yaml.

mod accounts;
mod scaffold;
mod store;

use axum::extract::State;
use axum::http::{header, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{middleware, Json, Router};
use tower_sessions::{Session, SessionManagerLayer};
use axum_login::{AuthManagerLayerBuilder, AuthSession};
use serde::Deserialize;

use accounts::{Accounts, Credentials};
use store::Listed;

type Auth = AuthSession<Accounts>;

fn main() {
    let port: u16 = std::env::args().nth(1).and_then(|p| p.parse().ok()).expect("usage: axum-login-app PORT");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_io().enable_time().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        axum::serve(listener, site()).await.unwrap();
    });
}

fn site() -> Router {
    let (accounts, store) = (Accounts::default(), Listed::default());
    // Secure is on by default, and this site has no https. The rest is as it comes: HttpOnly, SameSite=Strict, Path=/.
    let sessions = SessionManagerLayer::new(store.clone()).with_secure(false);
    let auth = AuthManagerLayerBuilder::new(accounts.clone(), sessions).build();
    Router::new()
        .route("/", get(home))
        .route("/login", post(login))
        .route("/logout", post(logout))
        .route("/whoami", get(whoami))
        .route("/signup", post(signup))
        .route("/users", post(create_user))
        .route("/password", post(change_password))
        .route("/note", get(read_note).post(note))
        .with_state(accounts.clone())
        .layer(auth)
        .layer(middleware::map_response(no_store))
        .merge(scaffold::routes(accounts, store)) // beside the session layer: it cannot touch the session of a request
}

/// What depends on who asks is nobody else's to keep.
async fn no_store(mut answer: Response) -> Response {
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

async fn login(mut auth: Auth, Json(c): Json<Credentials>) -> StatusCode {
    match auth.authenticate(c).await {
        Ok(Some(account)) => done(auth.login(&account).await),
        Ok(None) => StatusCode::UNAUTHORIZED,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

async fn logout(mut auth: Auth) -> StatusCode {
    done(auth.logout().await)
}

async fn whoami(auth: Auth) -> Response {
    match auth.user {
        Some(a) => Json(serde_json::json!({"user": a.name, "role": a.role})).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn signup(State(accounts): State<Accounts>, Json(c): Json<Credentials>) -> StatusCode {
    created(accounts.create(&c.user, &c.password, "user"))
}

async fn create_user(auth: Auth, State(accounts): State<Accounts>, Json(c): Json<Credentials>) -> StatusCode {
    match auth.user {
        None => StatusCode::UNAUTHORIZED,
        Some(a) if a.role != "admin" => StatusCode::FORBIDDEN,
        Some(_) => created(accounts.create(&c.user, &c.password, "user")),
    }
}

#[derive(Deserialize)]
struct Change {
    current: String,
    new: String,
}

async fn change_password(mut auth: Auth, State(accounts): State<Accounts>, Json(c): Json<Change>) -> StatusCode {
    let Some(me) = auth.user.clone() else { return StatusCode::UNAUTHORIZED };
    if me.password != c.current || c.new.is_empty() {
        return StatusCode::FORBIDDEN;
    }
    // The hash of the session is that of the old password now; signing in again gives this session the new one.
    match accounts.change(&me.name, |a| a.password = c.new) {
        Some(changed) => done(auth.login(&changed).await),
        None => StatusCode::UNAUTHORIZED,
    }
}

#[derive(Deserialize)]
struct Note {
    text: String,
}

async fn note(auth: Auth, session: Session, Json(n): Json<Note>) -> StatusCode {
    if auth.user.is_none() {
        return StatusCode::UNAUTHORIZED;
    }
    done(session.insert("note", n.text).await)
}

async fn read_note(auth: Auth, session: Session) -> Response {
    if auth.user.is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    match session.get::<String>("note").await {
        Ok(text) => Json(serde_json::json!({"text": text.unwrap_or_default()})).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn home(auth: Auth) -> Html<String> {
    Html(match auth.user {
        Some(a) => format!(
            r#"<!doctype html><title>home</title><p id="user">{}</p><form id="sign-out" method="post" action="/logout"><button>Sign out</button></form>"#,
            a.name // letters and digits
        ),
        None => r#"<!doctype html><title>home</title><p id="sign-in">Signed out.</p>"#.into(),
    })
}

fn done<T, E>(result: Result<T, E>) -> StatusCode {
    if result.is_ok() { StatusCode::NO_CONTENT } else { StatusCode::INTERNAL_SERVER_ERROR }
}

fn created(made: bool) -> StatusCode {
    if made { StatusCode::CREATED } else { StatusCode::CONFLICT }
}
