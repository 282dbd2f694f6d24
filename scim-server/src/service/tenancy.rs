//! Which tenant a request is about, and where its endpoints lie.

use std::borrow::Cow;

use http::{Uri, header, request::Parts};
use percent_encoding::percent_decode_str;

use super::{InvalidConfiguration, ScimService, TenantHosts};
use crate::{
    auth::Principal,
    error::Error,
    tenant::{Tenant, Tenants},
};

/// How a request tells its tenant.
pub(super) enum Tenancy {
    /// There is one.
    Single(Tenant),
    /// By two segments behind the base path, such as `/Realms/clinic`.
    Path { collection: String, tenants: Tenants },
    /// By the host that the client asks, out of those that are known.
    Host(TenantHosts),
    /// By who asks.
    Token,
}

/// A URL that endpoints lie behind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct BaseUrl {
    /// The whole, without a slash at its end.
    pub(super) url: String,
    /// Its path, without a slash at its end.
    pub(super) path: String,
}

/// A request that has found its tenant.
pub(super) struct Located<'r> {
    pub(super) tenant: Tenant,
    /// The URL that the tenant's endpoints lie behind.
    pub(super) base: String,
    /// The segments of the path behind that URL, decoded.
    pub(super) segments: Vec<Cow<'r, str>>,
}

impl BaseUrl {
    pub(super) fn read(url: &str) -> Result<Self, InvalidConfiguration> {
        let url = url.trim_end_matches('/').to_owned();
        let uri: Uri = url.parse().map_err(|_| InvalidConfiguration::BaseUrl)?;
        let is_http = matches!(uri.scheme_str(), Some("http" | "https"));
        if !is_http || uri.authority().is_none() || uri.query().is_some() {
            return Err(InvalidConfiguration::BaseUrl);
        }
        let path = uri.path().trim_end_matches('/').to_owned();
        Ok(Self { url, path })
    }

    /// The segments of a path behind this one, decoded; a slash at the end is passed over.
    fn segments<'r>(&self, path: &'r str) -> Result<Vec<Cow<'r, str>>, Error> {
        let rest = path.strip_prefix(self.path.as_str()).ok_or(Error::NotFound)?;
        if !rest.is_empty() && !rest.starts_with('/') {
            return Err(Error::NotFound);
        }
        let segments = rest.split('/').filter(|segment| !segment.is_empty());
        segments
            .map(|segment| percent_decode_str(segment).decode_utf8().map_err(|_| Error::NotFound))
            .collect()
    }
}

impl ScimService {
    /// The tenant of a request, its base URL, and the segments behind it.
    ///
    /// A tenant that the principal does not reach does not exist for it.
    pub(super) fn locate<'r>(
        &self,
        parts: &'r Parts,
        principal: &Principal,
    ) -> Result<Located<'r>, Error> {
        let base = &self.0.base;
        let path = parts.uri.path();
        let here = |tenant: &Tenant, base: &BaseUrl| -> Result<Located<'r>, Error> {
            let segments = base.segments(path)?;
            Ok(Located { tenant: tenant.clone(), base: base.url.clone(), segments })
        };
        let located = match &self.0.tenancy {
            Tenancy::Single(tenant) => here(tenant, base)?,
            Tenancy::Path { collection, tenants } => {
                let mut segments = base.segments(path)?.into_iter();
                let first = segments.next().ok_or(Error::NotFound)?;
                let name = segments.next().ok_or(Error::NotFound)?;
                let tenant: Tenant = name.parse().map_err(|_| Error::NotFound)?;
                if first != *collection || !tenants.contains(&tenant) {
                    return Err(Error::NotFound);
                }
                let base = format!("{}/{collection}/{tenant}", base.url);
                Located { tenant, base, segments: segments.collect() }
            }
            Tenancy::Host(hosts) => {
                let (tenant, base) =
                    host(parts).and_then(|host| hosts.find(host)).ok_or(Error::NotFound)?;
                here(&tenant, &base)?
            }
            Tenancy::Token => here(principal.access.only_tenant().ok_or(Error::Forbidden)?, base)?,
        };
        if principal.access.reaches(&located.tenant) { Ok(located) } else { Err(Error::NotFound) }
    }
}

/// The host that a client asks, with its port if it names one (RFC 9112 §3.2).
fn host(parts: &Parts) -> Option<&str> {
    if let Some(authority) = parts.uri.authority() {
        return Some(authority.as_str());
    }
    let mut hosts = parts.headers.get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    hosts.next().is_none().then_some(host)
}
