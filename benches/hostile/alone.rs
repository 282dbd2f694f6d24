use std::{
    pin::pin,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Request, Response};
use scim_benches::markdown;
use scim_server::{Access, ScimService, SystemAccounts, store::MemoryStore};
use serde_json::{Value, json};

use crate::{
    TOKEN,
    bombs::{Bomb, MANY, bombs, group},
};

struct Server {
    service: ScimService,
    user: String,
    ward: String,
}

impl Server {
    fn new() -> Self {
        let accounts = SystemAccounts::new();
        accounts
            .add_token("bench", Access::to_all_tenants(), &TOKEN.parse().unwrap(), None)
            .unwrap();
        let service = ScimService::builder("http://localhost/scim", MemoryStore::new(), accounts)
            .with_tenant("bench".parse().unwrap())
            .build()
            .unwrap();
        let mut server = Self { service, user: String::new(), ward: String::new() };
        for number in 0..MANY {
            let user = json!({
                "userName": format!("user{number}@example.com"), "title": "Guide",
                "emails": [{ "value": format!("user{number}@example.com"), "type": "work" }],
            });
            server.user = server.create("/Users", &user);
        }
        server.ward = server.create("/Groups", &group(MANY));
        server
    }

    fn create(&self, path: &str, body: &Value) -> String {
        let response = self.send("POST", path, &body.to_string());
        let created: Value = serde_json::from_slice(response.body()).unwrap();
        format!("{path}/{}", created["id"].as_str().unwrap())
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Response<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(format!("/scim{path}"))
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("content-type", "application/scim+json")
            .body(Bytes::copy_from_slice(body.as_bytes()))
            .unwrap();
        let (parts, body) = request.into_parts();
        // As the adapters do, before they have read it.
        if body.len() > self.service.body_limit(&parts) {
            return self.service.body_too_large(&parts);
        }
        let mut answer = pin!(self.service.handle(Request::from_parts(parts, body)));
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(response) = answer.as_mut().poll(&mut context) {
                return response;
            }
        }
    }

    /// Nanoseconds and bytes of heap of one request, and its status.
    fn cost(&self, bomb: &Bomb) -> (f64, u64, u16) {
        let mut status = 0;
        let counted = allocation_counter::measure(|| {
            status = self.send(bomb.method, &bomb.path, &bomb.body).status().as_u16();
        });
        let mut samples = Vec::new();
        let began = Instant::now();
        while samples.len() < 3
            || (began.elapsed() < Duration::from_millis(300) && samples.len() < 1000)
        {
            let sent = Instant::now();
            self.send(bomb.method, &bomb.path, &bomb.body);
            samples.push(sent.elapsed().as_secs_f64());
        }
        samples.sort_unstable_by(f64::total_cmp);
        (samples[samples.len() / 2], counted.bytes_max, status)
    }
}

pub(crate) fn measure() {
    let server = Server::new();
    let columns = [
        "request",
        "bytes",
        "answer",
        "ms",
        "heap KB",
        "times GET",
        "heap, times GET",
        "ns a byte",
    ];
    println!("{}", markdown::head(&columns));
    let mut plain = None;
    for bomb in bombs(&server.user, &server.ward) {
        let (seconds, heap, status) = server.cost(&bomb);
        let (plain_seconds, plain_heap) = *plain.get_or_insert((seconds, heap));
        let sent = bomb.path.len() + bomb.body.len();
        let (heap, plain_heap, bytes) = (float(heap), float(plain_heap), float(sent as u64));
        println!(
            "{}",
            markdown::row(&[
                bomb.name.to_owned(),
                sent.to_string(),
                status.to_string(),
                format!("{:.3}", seconds * 1e3),
                format!("{:.0}", heap / 1024.0),
                format!("{:.1}", seconds / plain_seconds),
                format!("{:.1}", heap / plain_heap),
                format!("{:.1}", seconds * 1e9 / bytes),
            ])
        );
    }
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn float(count: u64) -> f64 {
    count as f64
}
