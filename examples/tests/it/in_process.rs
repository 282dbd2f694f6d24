use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use scim_client::{
    Client,
    provision::{CycleKind, Provisioner, state::SqliteState},
    transport::InProcessTransport,
};
use scim_examples::{
    directory::{Directory, ObjectId},
    directory_source::DirectorySource,
    job::{mapping, scope},
};
use scim_server::{
    Access, ScimService, SystemAccounts, Tenant,
    store::{MemoryStore, ResourceStore, SqliteStore},
};
use tempfile::{TempDir, tempdir};

use crate::comparison::{Users, assert_agree, is_in_scope, users};

/// A directory, a roster, and the state file of the job between them.
struct House {
    source: DirectorySource,
    client: Client,
    folder: TempDir,
}

impl House {
    fn new(store: Arc<dyn ResourceStore>, folder: TempDir) -> Self {
        let tenant: Tenant = "clinic".parse().unwrap();
        let accounts = SystemAccounts::new();
        let token = accounts.add("provisioning", Access::to_tenant(tenant.clone())).unwrap();
        let service = ScimService::builder("https://roster.example/scim", store, accounts)
            .with_tenant(tenant)
            .build()
            .unwrap();
        let transport = InProcessTransport::new(move |request: Request<Bytes>| {
            let service = service.clone();
            async move { service.handle(request).await }
        });
        let client = Client::builder("https://roster.example/scim/Users")
            .bearer_token(token.reveal())
            .transport(transport)
            .build()
            .unwrap();
        let source = DirectorySource::new(Directory::generate(7, 200, 20));
        Self { source, client, folder }
    }

    /// Runs a cycle in a new job, as after a restart.
    async fn run(&self, kind: CycleKind) -> scim_client::provision::CycleReport {
        let state = SqliteState::open(self.folder.path().join("state.sqlite"), "roster").unwrap();
        let source = self.source.clone();
        let job = Provisioner::new(&self.client, mapping().unwrap(), source, state).unwrap();
        let report = job.with_scope(scope()).run(kind).await.unwrap();
        assert!(report.failed.is_empty(), "{:?}", report.failed);
        report
    }

    async fn assert_agree(&self, before: &Users) -> Users {
        let users = users(&self.client).await;
        assert_agree(&self.source.directory(), &users, before);
        users
    }

    async fn assert_quiet(&self) {
        for kind in [CycleKind::Incremental, CycleKind::Initial] {
            let report = self.run(kind).await;
            assert_eq!((report.reads, report.writes), (0, 0), "{kind:?}");
        }
    }
}

/// What happens in a week; gives who was disabled, unassigned and deleted.
fn a_week(directory: &mut Directory) -> [ObjectId; 3] {
    let in_scope = directory.people().filter(|person| is_in_scope(person));
    let cast: Vec<ObjectId> = in_scope.map(|person| person.object_id.clone()).collect();
    let guest = directory.people().find(|p| p.assignment.role() == Some("Default Access"));
    let guest = guest.unwrap().object_id.clone();
    for _ in 0..5 {
        directory.hire();
    }
    directory.change_job_title(&cast[10], "Chief Nursing Officer").unwrap();
    if directory.change_manager(&cast[20], Some(&cast[30])).is_err() {
        directory.change_manager(&cast[30], Some(&cast[20])).unwrap();
    }
    directory.change_manager(&cast[40], None).unwrap();
    directory.rename(&cast[50], "Zoë", "Łukasiewicz-Ångström").unwrap();
    directory.disable(&cast[60]).unwrap();
    directory.unassign(&cast[70]).unwrap();
    directory.remove(&cast[80]).unwrap();
    directory.assign(&guest, "User").unwrap();
    [cast[60].clone(), cast[70].clone(), cast[80].clone()]
}

#[tokio::test]
async fn a_roster_follows_its_directory() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("roster.sqlite");
    let stores: [(Arc<dyn ResourceStore>, TempDir); 2] = [
        (Arc::new(MemoryStore::new()), tempdir().unwrap()),
        (Arc::new(SqliteStore::open(file).unwrap()), folder),
    ];
    for (store, folder) in stores {
        let house = House::new(store, folder);
        let first = house.run(CycleKind::Initial).await;
        assert_eq!((first.objects, first.created, first.skipped.len()), (200, 180, 20));
        // Three requests to learn what the roster takes, one for everybody, and one to write.
        assert_eq!((first.reads, first.writes), (4, 1));
        let before = house.assert_agree(&Users::new()).await;
        house.assert_quiet().await;

        let leavers = a_week(&mut house.source.directory());
        let week = house.run(CycleKind::Incremental).await;
        assert_eq!((week.created, week.disabled, week.enabled), (6, 3, 0));
        let after = house.assert_agree(&before).await;
        assert_eq!(after.len(), 186);
        for leaver in &leavers {
            assert_eq!(after[leaver.as_str()].active, Some(false));
        }
        house.assert_quiet().await;

        // Those who can, return.
        let [disabled, unassigned, _] = &leavers;
        house.source.directory().enable(disabled).unwrap();
        house.source.directory().assign(unassigned, "User").unwrap();
        let back = house.run(CycleKind::Incremental).await;
        assert_eq!((back.objects, back.enabled, back.writes), (2, 2, 1));
        house.assert_agree(&after).await;
        house.assert_quiet().await;
    }
}

#[tokio::test]
async fn a_job_without_memory_finds_everyone_again_and_writes_nothing() {
    let mut house = House::new(Arc::new(MemoryStore::new()), tempdir().unwrap());
    house.run(CycleKind::Initial).await;
    let before = users(&house.client).await;
    house.folder = tempdir().unwrap();
    let again = house.run(CycleKind::Initial).await;
    assert_eq!((again.adopted, again.created), (180, 0));
    assert_eq!((again.reads, again.writes), (1, 0));
    assert_eq!(users(&house.client).await, before);
    house.assert_quiet().await;
}
