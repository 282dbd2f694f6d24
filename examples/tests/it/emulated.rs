//! Identity providers, emulated, over a socket.

use bytes::Bytes;
use http::Request;
use scim_client::transport::{ReqwestTransport, Transport as _};
use scim_server::{
    Access, ScimService, SystemAccounts,
    emulate::{Dialect, EntraId, Okta, UserRoster},
    store::SqliteStore,
};
use tempfile::tempdir;
use tokio::{net::TcpListener, sync::oneshot};

#[tokio::test]
async fn every_identity_provider_is_served_by_axum_over_a_socket() {
    let folder = tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}/scim", listener.local_addr().unwrap());
    let accounts = SystemAccounts::new();
    let token = accounts.add("provisioning", Access::to_tenant("clinic".parse().unwrap())).unwrap();
    let store = SqliteStore::open(folder.path().join("roster.db")).unwrap();
    let service = ScimService::builder(base_url.as_str(), store, accounts)
        .with_tenant("clinic".parse().unwrap())
        .build()
        .unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let serve = axum::serve(listener, scim_server::axum::router(service))
        .with_graceful_shutdown(async { drop(stopped.await) });

    let http = ReqwestTransport::new().unwrap();
    let transport = |request: Request<Bytes>| {
        let http = http.clone();
        async move { http.send(request).await }
    };
    let token = token.reveal();
    let play = async {
        for dialect in [Dialect::Default, Dialect::AadOptscim062020] {
            let entra = EntraId::new(&transport, &base_url, token).with_dialect(dialect);
            entra.run_all().await.unwrap();
        }
        let okta = Okta::new(&transport, &base_url, token).with_page_size(2);
        okta.run_all().await.unwrap();
        let url = format!("{base_url}/Users");
        UserRoster::new(&transport, url, token).run_all().await.unwrap();
        stop.send(()).unwrap();
    };
    let (served, ()) = tokio::join!(async { serve.await }, play);
    served.unwrap();
}
