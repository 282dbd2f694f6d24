//! A service provider over an application's own table of employees.
//!
//! ```text
//! cargo run --release --example custom_store
//! cargo run --release --example custom_store -- --serve 127.0.0.1:8080 --file employees.db
//! ```
//!
//! The first plays some requests over loopback and ends with exit code 0 only if all went as
//! expected; the second prints `BASE_URL=…` and `TOKEN=…` and listens until it is killed.
#![expect(clippy::print_stdout, reason = "an example talks to a person")]

mod employees;
mod requests;

use std::{
    io::{Write as _, stdout},
    net::SocketAddr,
    path::PathBuf,
    process::ExitCode,
};

use clap::Parser;
use scim_client::{Client, transport::ReqwestTransport};
use scim_server::{Access, ScimService, SystemAccounts, scim_core::SchemaRegistry, store::Typed};
use tokio::{net::TcpListener, sync::oneshot};

use self::{
    employees::Employees,
    requests::{Played, play, table},
};

/// A service provider over an application's own table.
#[derive(Parser)]
struct Arguments {
    /// Listen there until it is killed
    #[arg(long)]
    serve: Option<SocketAddr>,
    /// The SQLite file with the table; without it a file that goes with the process
    #[arg(long)]
    file: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn std::error::Error + Send + Sync>> {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    let file = arguments.file.unwrap_or_else(|| folder.path().join("employees.db"));
    let address = arguments.serve.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 0)));
    let listener = TcpListener::bind(address).await?;
    let base_url = format!("http://{}/scim", listener.local_addr()?);

    let accounts = SystemAccounts::new();
    let token = accounts.add("provisioning", Access::to_tenant("acme".parse()?))?;
    let store = Typed::new(Employees::open(&file)?);
    let service = ScimService::builder(base_url.as_str(), store, accounts)
        .with_tenant("acme".parse()?)
        .with_registry(SchemaRegistry::standard().without_resource_type("Group"))
        .build()?;
    let app = scim_server::axum::router(service);

    if arguments.serve.is_some() {
        println!("BASE_URL={base_url}\nTOKEN={}", token.reveal());
        stdout().flush()?;
        axum::serve(listener, app).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let client = Client::builder(base_url)
        .bearer_token(token.reveal())
        .transport(ReqwestTransport::new()?)
        .build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    let serve = async {
        axum::serve(listener, app).with_graceful_shutdown(async { drop(stopped.await) }).await
    };
    let ask = async {
        let played = play(&client).await;
        // The connections that the client keeps would keep the server.
        drop((client, stop));
        played
    };
    let (served, played) = tokio::join!(serve, ask);
    served?;
    let played = played?;
    println!("{}", table(&played));
    let is_right = !played.is_empty() && played.iter().all(Played::is_as_expected);
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
