//! The accounts, in memory, and how axum-login asks for them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum_login::{AuthUser, AuthnBackend, UserId};
use serde::Deserialize;

#[derive(Clone, Debug)]
pub struct Account {
    /// Never given twice: a second account of the same name is another one.
    pub id: u64,
    pub name: String,
    /// In clear: how passwords are kept concerns no session, and a run signs in thousands of times.
    pub password: String,
    pub role: String,
    pub active: bool,
}

impl AuthUser for Account {
    type Id = u64;

    fn id(&self) -> u64 {
        self.id
    }

    /// axum-login keeps it in the session and drops the session when it differs.
    fn session_auth_hash(&self) -> &[u8] {
        self.password.as_bytes()
    }
}

#[derive(Deserialize)]
pub struct Credentials {
    pub user: String,
    pub password: String,
}

#[derive(Clone, Default)]
pub struct Accounts(Arc<Mutex<Table>>);

#[derive(Default)]
struct Table {
    by_name: HashMap<String, Account>,
    last: u64,
}

impl Accounts {
    /// Makes an account; false if the name is taken.
    pub fn create(&self, name: &str, password: &str, role: &str) -> bool {
        let mut t = self.0.lock().unwrap();
        if name.is_empty() || password.is_empty() || t.by_name.contains_key(name) {
            return false;
        }
        t.last += 1;
        let account = Account { id: t.last, name: name.into(), password: password.into(), role: role.into(), active: true };
        t.by_name.insert(name.into(), account);
        true
    }

    /// Changes an account and returns it; None if there is none of that name.
    pub fn change(&self, name: &str, f: impl FnOnce(&mut Account)) -> Option<Account> {
        let mut t = self.0.lock().unwrap();
        let account = t.by_name.get_mut(name)?;
        f(account);
        Some(account.clone())
    }

    pub fn delete(&self, name: &str) -> Option<Account> {
        self.0.lock().unwrap().by_name.remove(name)
    }
}

impl AuthnBackend for Accounts {
    type User = Account;
    type Credentials = Credentials;
    type Error = std::convert::Infallible;

    async fn authenticate(&self, c: Credentials) -> Result<Option<Account>, Self::Error> {
        let t = self.0.lock().unwrap();
        Ok(t.by_name.get(&c.user).filter(|a| a.active && a.password == c.password).cloned())
    }

    /// Asked at every request: who is switched off is nobody.
    async fn get_user(&self, id: &UserId<Self>) -> Result<Option<Account>, Self::Error> {
        let t = self.0.lock().unwrap();
        Ok(t.by_name.values().find(|a| a.id == *id && a.active).cloned())
    }
}
