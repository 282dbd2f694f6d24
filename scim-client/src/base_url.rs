use std::{fmt, str::FromStr};

use http::{Response, Uri, header};
use url::Url;

/// The base URL of a service provider ([RFC 7644 §1.3]), without a slash at the end.
///
/// Parsing takes what people paste: the URL of `/Users` or `/Groups`, a slash at the end, a query
/// that switches a feature on at the identity provider, a fragment, white space around it.
///
/// ```
/// use scim_client::BaseUrl;
///
/// let url: BaseUrl = " https://scim.example.com/v2/users/?aadOptscim062020 ".parse()?;
/// assert_eq!(url.as_str(), "https://scim.example.com/v2");
/// # Ok::<(), scim_client::InvalidBaseUrl>(())
/// ```
///
/// [RFC 7644 §1.3]: https://www.rfc-editor.org/rfc/rfc7644#section-1.3
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct BaseUrl(String);

/// A string that is not a base URL.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBaseUrl {
    /// It is no URL at all.
    #[error("the base url is not a url")]
    Syntax(#[source] url::ParseError),
    /// The scheme is neither `http` nor `https`.
    #[error("the base url must begin with `https://` or `http://`")]
    Scheme,
    /// It holds a user name or a password.
    #[error("the base url must not hold a user name or a password")]
    UserInfo,
}

impl BaseUrl {
    /// The URL, without a slash at the end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Where an answer sends a request with its method and body (307, 308), if that is a place of
    /// the same origin: another one must not get the credentials.
    pub(crate) fn same_origin_redirect<B>(&self, from: &Uri, answer: &Response<B>) -> Option<Uri> {
        if !matches!(answer.status().as_u16(), 307 | 308) {
            return None;
        }
        let location = answer.headers().get(header::LOCATION)?.to_str().ok()?;
        let base = Url::parse(&self.0).ok()?;
        let to = Url::parse(&from.to_string()).ok()?.join(location).ok()?;
        (to.origin() == base.origin()).then(|| to.as_str().parse().ok())?
    }
}

impl FromStr for BaseUrl {
    type Err = InvalidBaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut url = Url::parse(text.trim()).map_err(InvalidBaseUrl::Syntax)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(InvalidBaseUrl::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(InvalidBaseUrl::UserInfo);
        }
        url.set_query(None);
        url.set_fragment(None);
        let path = without_collection(url.path()).to_owned();
        url.set_path(&path);
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

fn without_collection(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    match path.rsplit_once('/') {
        Some((base, last))
            if last.eq_ignore_ascii_case("users") || last.eq_ignore_ascii_case("groups") =>
        {
            base
        }
        _ => path,
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_people_paste_become_the_base() {
        const SANDBOX: &str = "https://user-roster-api.sandboxcernercentral.com/scim/v1/Realms/R1";
        const PRODUCTION: &str = "https://user-roster-api.cernercentral.com/scim/v1/Realms/R1";
        let rows = [
            ("https://user-roster-api.sandboxcernercentral.com/scim/v1/Realms/R1/Users", SANDBOX),
            ("https://user-roster-api.sandboxcernercentral.com/scim/v1/Realms/R1/Users/", SANDBOX),
            ("https://user-roster-api.sandboxcernercentral.com/scim/v1/Realms/R1/", SANDBOX),
            ("https://user-roster-api.cernercentral.com/scim/v1/Realms/R1", PRODUCTION),
            (
                "https://scim.hospital.example/scim?aadOptscim062020",
                "https://scim.hospital.example/scim",
            ),
            ("\t https://a.example/Groups#top\n", "https://a.example"),
            ("HTTPS://A.example:443/v2/USERS//?x=1", "https://a.example/v2"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("https://a.example/my/users/v2", "https://a.example/my/users/v2"),
            ("https://a.example/PowerUsers", "https://a.example/PowerUsers"),
            ("https://[::1]/a b", "https://[::1]/a%20b"),
        ];
        for (given, base) in rows {
            let url: BaseUrl = given.parse().unwrap();
            assert_eq!(url.as_str(), base, "{given}");
            assert_eq!(url.to_string().parse(), Ok(url), "{given}");
        }
    }

    #[test]
    fn what_is_no_base_is_refused_without_being_shown() {
        let rows = [
            ("", "the base url is not a url"),
            ("scim.example.com/v2", "the base url is not a url"),
            ("ftp://a.example", "the base url must begin with `https://` or `http://`"),
            ("https://me:secret@a.example", "the base url must not hold a user name or a password"),
            ("https://me@a.example", "the base url must not hold a user name or a password"),
        ];
        for (given, message) in rows {
            let error = given.parse::<BaseUrl>().unwrap_err();
            assert_eq!(error.to_string(), message, "{given}");
            assert!(!format!("{error:?}").contains("secret"));
        }
    }
}
