//! The memory store of tower-sessions, with a list of the ids that it holds: it has none of its own, and the operator
//! wants to count sessions and to let them run out.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::{session_store, MemoryStore, SessionStore};

#[derive(Clone, Debug, Default)]
pub struct Listed {
    inner: MemoryStore,
    ids: Arc<Mutex<HashSet<Id>>>,
}

#[async_trait::async_trait]
impl SessionStore for Listed {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        self.inner.create(record).await?;
        self.ids.lock().unwrap().insert(record.id);
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.ids.lock().unwrap().insert(record.id);
        self.inner.save(record).await
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.inner.load(id).await
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.ids.lock().unwrap().remove(id);
        self.inner.delete(id).await
    }
}

impl Listed {
    pub fn count(&self) -> usize {
        self.ids.lock().unwrap().len()
    }

    /// Lets the sessions of an account have run out a minute ago.
    pub async fn expire(&self, account: u64) {
        let ids: Vec<Id> = self.ids.lock().unwrap().iter().copied().collect();
        for id in ids {
            let Ok(Some(mut record)) = self.inner.load(&id).await else { continue };
            // axum_login::session keeps {"user_id": ..., "auth_hash": ...} there.
            let owner = record.data.get("axum-login.data").and_then(|d| d["user_id"].as_u64());
            if owner == Some(account) {
                record.expiry_date = OffsetDateTime::now_utc() - Duration::minutes(1);
                let _ = self.inner.save(&record).await;
            }
        }
    }
}
