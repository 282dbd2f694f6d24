use std::{fmt, time::Duration};

use async_lock::Mutex;
use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header};
use serde::Deserialize;
use serde_json::Value;

use super::{BearerToken, CredentialContext, CredentialError, Credentials};

/// Tokens from an authorization server, by the client credentials grant ([RFC 6749 §4.4]).
///
/// A token is fetched when it is first needed, again when four fifths of its life are over, and
/// once more when the service provider refuses it. The client needs a timer to know how old a token
/// is; without one it learns that from the refusal. The token endpoint is reached by the client's
/// own transport.
///
/// ```
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use scim_client::{Client, User, transport::{ClientCredentials, InProcessTransport}};
///
/// let service = InProcessTransport::new(async |request: Request<Bytes>| {
///     Response::new(Bytes::from_static(match request.uri().path() {
///         "/token" => br#"{"access_token": "AQ-3.fT", "token_type": "Bearer", "expires_in": 3600}"#,
///         _ if request.headers()["authorization"] == "Bearer AQ-3.fT" => {
///             br#"{"totalResults": 0, "Resources": []}"#
///         }
///         _ => b"{}",
///     }))
/// });
/// let credentials = ClientCredentials::new("https://login.example.com/token", "engine", "s3cr3t")?
///     .with_scope("scim");
/// let client = Client::builder("https://scim.example.com/v2")
///     .credentials(credentials)
///     .transport(service)
///     .build()?;
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// assert!(client.api::<User>().list().all().await?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// [RFC 6749 §4.4]: https://www.rfc-editor.org/rfc/rfc6749#section-4.4
pub struct ClientCredentials {
    token_url: Uri,
    client_id: String,
    client_secret: String,
    scope: Option<String>,
    in_body: bool,
    token: Mutex<Option<Token>>,
}

/// Settings that are no client credentials.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidClientCredentials {
    /// The URL of the token endpoint is not an absolute one with `https` or `http`.
    #[error("the url of the token endpoint must begin with `https://` or `http://`")]
    TokenUrl,
    /// The client has no identifier.
    #[error("the client identifier is empty")]
    ClientId,
}

struct Token {
    header: HeaderValue,
    /// When to fetch another one.
    renew_at: Option<Duration>,
}

/// The answer of a token endpoint (RFC 6749 §5.1).
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    #[serde(default)]
    token_type: Option<String>,
    #[serde(default)]
    expires_in: Option<Value>,
}

/// Why a token endpoint gave no token; its words are not repeated, since they may hold secrets.
#[derive(Debug, thiserror::Error)]
enum NoToken {
    #[error("the token endpoint answers with status {0}")]
    Status(u16),
    #[error("the answer of the token endpoint is not one of RFC 6749")]
    Answer,
    #[error("the token is not a bearer token")]
    TokenType,
}

impl ClientCredentials {
    /// Credentials that name and prove the client in the `Authorization` header of the token
    /// request, as RFC 6749 §2.3.1 prefers.
    ///
    /// # Errors
    /// If the URL is none to send secrets to, or the client has no identifier.
    pub fn new(
        token_url: &str,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, InvalidClientCredentials> {
        let token_url: Uri =
            token_url.trim().parse().map_err(|_| InvalidClientCredentials::TokenUrl)?;
        if !matches!(token_url.scheme_str(), Some("https" | "http")) {
            return Err(InvalidClientCredentials::TokenUrl);
        }
        let client_id = client_id.into();
        if client_id.is_empty() {
            return Err(InvalidClientCredentials::ClientId);
        }
        Ok(Self {
            token_url,
            client_id,
            client_secret: client_secret.into(),
            scope: None,
            in_body: false,
            token: Mutex::new(None),
        })
    }

    /// The credentials with a scope to ask for; several are parted by spaces.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// The credentials sent in the body, for authorization servers that do not read the header.
    #[must_use]
    pub fn in_body(mut self) -> Self {
        self.in_body = true;
        self
    }

    async fn fetch(&self, cx: &CredentialContext<'_>) -> Result<Token, CredentialError> {
        let answer = cx.transport.send(self.request()?).await?;
        let status = answer.status();
        if !status.is_success() {
            // RFC 6749 §5.2: 400 and 401 are refusals.
            let no_token = NoToken::Status(status.as_u16());
            return Err(if status.is_client_error() && status.as_u16() != 429 {
                CredentialError::refused(no_token)
            } else {
                CredentialError::unavailable(no_token)
            });
        }
        let answer: TokenAnswer = serde_json::from_slice(answer.body())
            .map_err(|_| CredentialError::unavailable(NoToken::Answer))?;
        if answer.token_type.is_some_and(|name| !name.eq_ignore_ascii_case("bearer")) {
            return Err(CredentialError::unavailable(NoToken::TokenType));
        }
        let header = BearerToken::new(&answer.access_token)
            .map_err(|_| CredentialError::unavailable(NoToken::Answer))?
            .into_header();
        let life = answer.expires_in.as_ref().and_then(seconds);
        let renew_at = cx.now.zip(life).map(|(now, life)| now.saturating_add(life * 4 / 5));
        Ok(Token { header, renew_at })
    }

    /// The request of RFC 6749 §4.4.2.
    fn request(&self) -> Result<Request<Bytes>, CredentialError> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if let Some(scope) = &self.scope {
            form.append_pair("scope", scope);
        }
        if self.in_body {
            form.append_pair("client_id", &self.client_id);
            form.append_pair("client_secret", &self.client_secret);
        }
        let mut request = Request::post(&self.token_url)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Bytes::from(form.finish()))
            .map_err(CredentialError::unavailable)?;
        if !self.in_body {
            request.headers_mut().insert(header::AUTHORIZATION, self.basic()?);
        }
        Ok(request)
    }

    /// RFC 6749 §2.3.1: both are form-encoded before they are put together.
    fn basic(&self) -> Result<HeaderValue, CredentialError> {
        let encoded =
            |text: &str| -> String { form_urlencoded::byte_serialize(text.as_bytes()).collect() };
        let pair = format!("{}:{}", encoded(&self.client_id), encoded(&self.client_secret));
        let value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)));
        let mut value = value.map_err(CredentialError::unavailable)?;
        value.set_sensitive(true);
        Ok(value)
    }
}

#[async_trait]
impl Credentials for ClientCredentials {
    async fn authorization(
        &self,
        cx: &CredentialContext<'_>,
    ) -> Result<HeaderValue, CredentialError> {
        // Whoever comes meanwhile waits for the same token.
        let mut token = self.token.lock().await;
        if let Some(token) = token.as_ref().filter(|token| token.is_fresh(cx.now)) {
            return Ok(token.header.clone());
        }
        let fetched = self.fetch(cx).await?;
        Ok(token.insert(fetched).header.clone())
    }

    async fn is_renewable(&self, rejected: &HeaderValue) -> bool {
        let mut token = self.token.lock().await;
        // Another request may have brought a new one already.
        if token.as_ref().is_some_and(|token| token.header == *rejected) {
            *token = None;
        }
        true
    }
}

impl Token {
    fn is_fresh(&self, now: Option<Duration>) -> bool {
        self.renew_at.zip(now).is_none_or(|(renew_at, now)| now < renew_at)
    }
}

/// `expires_in`, which some send as text.
fn seconds(value: &Value) -> Option<Duration> {
    let seconds = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    seconds.map(Duration::from_secs)
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("token_url", &self.token_url)
            .field("scope", &self.scope)
            .finish_non_exhaustive()
    }
}
