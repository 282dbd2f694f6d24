//! Identity providers, emulated, against the service over both stores.

mod faults;
mod requests;

use std::sync::Arc;

use scim_server::{
    Access, Policy, ResourceStore, ScimService, SystemAccounts, Tenants, Token,
    emulate::{Dialect, EntraId, IdentityProvider, Matching, Okta, OktaApplication, UserRoster},
    store::{MemoryStore, SqliteStore},
};
use tempfile::TempDir;

const BASE: &str = "https://host.example/scim/v1/Realms/clinic";

/// A service of one realm, and the token for it.
fn service(store: Arc<dyn ResourceStore>, policy: Policy) -> (ScimService, Token) {
    let realms = Tenants::new();
    realms.insert("clinic".parse().unwrap());
    let accounts = SystemAccounts::new();
    let token = accounts.add("provisioning", Access::to_tenant("clinic".parse().unwrap())).unwrap();
    let service = ScimService::builder("https://host.example/scim/v1", store, accounts)
        .with_tenants_in_path("Realms", realms)
        .with_policy(policy)
        .build()
        .unwrap();
    (service, token)
}

fn in_memory() -> (ScimService, Token) {
    service(Arc::new(MemoryStore::new()), Policy::default())
}

/// Calls a test with a service over each store.
async fn over_each_store(test: impl AsyncFn(ScimService, Token)) {
    let folder = TempDir::new().unwrap();
    let stores: [Arc<dyn ResourceStore>; 2] = [
        Arc::new(MemoryStore::new()),
        Arc::new(SqliteStore::open(folder.path().join("roster.db")).unwrap()),
    ];
    for store in stores {
        let (service, token) = service(store, Policy::default());
        test(service, token).await;
    }
}

#[tokio::test]
async fn entra_id_is_served_in_both_dialects() {
    over_each_store(async |service, token| {
        for (dialect, matching) in [
            (Dialect::Default, Matching::UserName),
            (Dialect::Default, Matching::ExternalId),
            (Dialect::Default, Matching::WorkEmail),
            (Dialect::AadOptscim062020, Matching::UserName),
            (Dialect::AadOptscim062020, Matching::ExternalId),
            (Dialect::AadOptscim062020, Matching::WorkEmail),
        ] {
            let entra = EntraId::new(&service, BASE, token.reveal());
            let entra = entra.with_dialect(dialect).with_matching(matching);
            let report = entra.run_all().await.unwrap();
            assert_eq!(report.provider(), IdentityProvider::EntraId);
            assert!(report.exchanges().len() > 60, "{report}");
            assert_eq!(entra.report().exchanges().len(), report.exchanges().len());
        }
        // It leaves nothing.
        let okta = Okta::new(&service, BASE, token.reveal());
        assert!(okta.import_users().await.unwrap().is_empty());
        assert!(okta.import_groups().await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn okta_is_served_with_either_application() {
    over_each_store(async |service, token| {
        for (application, page_size) in [
            (OktaApplication::IntegrationNetwork, 1),
            (OktaApplication::IntegrationNetwork, 100),
            (OktaApplication::Wizard, 2),
            (OktaApplication::Wizard, 100),
        ] {
            let okta = Okta::new(&service, BASE, token.reveal());
            let okta = okta.with_application(application).with_page_size(page_size);
            let report = okta.run_all().await.unwrap();
            assert!(report.exchanges().len() > 40, "{report}");
        }
        let users = Okta::new(&service, BASE, token.reveal()).import_users().await.unwrap();
        assert_eq!(users.len(), 12);
        assert!(users.iter().all(|user| user.resource()["active"] == false));
    })
    .await;
}

#[tokio::test]
async fn a_user_roster_is_served_from_any_form_of_its_url() {
    over_each_store(async |service, token| {
        for form in ["", "/", "/Users", "/Users/"] {
            let url = format!("{BASE}{form}");
            let report = UserRoster::new(&service, url, token.reveal()).run_all().await.unwrap();
            let methods = report.exchanges().iter().map(|exchange| exchange.method().as_str());
            assert!(methods.into_iter().all(|method| method != "DELETE"));
        }
    })
    .await;
}

#[tokio::test]
async fn the_strict_policy_serves_the_flagged_dialect_no_further_than_the_rfc() {
    let (service, token) = service(Arc::new(MemoryStore::new()), Policy::strict());
    let entra = EntraId::new(&service, BASE, token.reveal());
    entra.test_connection().await.unwrap();
    for dialect in [Dialect::Default, Dialect::AadOptscim062020] {
        let entra = EntraId::new(&service, BASE, token.reveal()).with_dialect(dialect);
        let error = entra.run_all().await.unwrap_err();
        assert_eq!(error.status(), Some(400), "{error}");
    }
}
