//! What a store can look up in its indexes, so that it need not try a filter on every resource.

use std::fmt;

use super::{
    CompareOp,
    bind::{BoundFilter, Condition, Location, Test},
    compare::Operand,
    decide::Next,
};

/// A comparison of an attribute with a text, which an index can answer.
#[derive(Clone, Copy, Eq, PartialEq)]
#[non_exhaustive]
pub struct Lookup<'f> {
    /// The URI of the extension that the attribute is of.
    pub extension: Option<&'f str>,
    /// The attribute.
    pub attribute: &'f str,
    /// The sub-attribute; of a multi-valued attribute, that of some element.
    pub sub_attribute: Option<&'f str>,
    /// The text, in the form of [`crate::fold`] where case does not count.
    pub text: &'f str,
    /// Whether the value begins with the text; otherwise it equals it.
    pub is_prefix: bool,
    /// Whether case counts.
    pub case_exact: bool,
}

/// What cannot be looked up.
const NEVER: u64 = u64::MAX;

impl BoundFilter {
    /// Look-ups of which every resource that matches is found by at least one.
    ///
    /// `cost` tells what a look-up costs, and is `None` for what no index answers; cheap ones
    /// are chosen. What they find may still not match. `None` if every resource has to be
    /// looked at; without any look-up, no resource can match.
    ///
    /// ```
    /// use scim_core::{Filter, SchemaRegistry};
    ///
    /// let registry = SchemaRegistry::standard();
    /// let users = registry.resource_type("User").ok_or("no such resource type")?;
    /// let filter: Filter = r#"active eq true and (userName eq "BJensen" or emails[value eq "b@x.org"])"#.parse()?;
    /// let bound = filter.bind(users)?;
    /// let lookups = bound.lookups(&|_| Some(1)).ok_or("everything has to be looked at")?;
    /// let paths: Vec<_> = lookups.iter().map(|lookup| (lookup.path(), lookup.text)).collect();
    /// assert_eq!(paths, [("userName".into(), "bjensen"), ("emails.value".into(), "b@x.org")]);
    /// assert_eq!(bound.lookups(&|lookup| (lookup.attribute == "userName").then_some(1)), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn lookups(&self, cost: &dyn Fn(&Lookup<'_>) -> Option<u64>) -> Option<Vec<Lookup<'_>>> {
        let costs = Costs::of(&self.tests, cost);
        if costs.at(Next::Test(0)) == NEVER {
            return None;
        }
        let mut lookups = Vec::new();
        let mut seen = vec![false; self.tests.len()];
        let mut open = vec![Next::Test(0)];
        while let Some(next) = open.pop() {
            let Next::Test(index) = next else { continue };
            let (Some(test), Some(seen)) = (self.tests.get(index), seen.get_mut(index)) else {
                continue;
            };
            if std::mem::replace(seen, true) {
                continue;
            }
            open.push(test.way.if_false);
            if !costs.is_own_way(index, test) {
                open.push(test.way.if_true);
            } else if matches!(test.condition, Condition::Elements) {
                open.push(Next::Test(index + 1));
            } else {
                lookups.extend(own(test, costs.owner(&self.tests, index)));
            }
        }
        Some(lookups)
    }
}

/// What it costs to find all that pass the tests from one of them on.
struct Costs {
    /// By test.
    totals: Vec<u64>,
    /// By test: what finding those costs that hold it.
    own: Vec<u64>,
    /// By test: the value path that it is inside of.
    owners: Vec<Option<usize>>,
}

impl Costs {
    fn of(tests: &[Test], cost: &dyn Fn(&Lookup<'_>) -> Option<u64>) -> Self {
        let owners = owners(tests);
        let mut costs =
            Self { totals: vec![NEVER; tests.len()], own: vec![NEVER; tests.len()], owners };
        // Every way leads forward.
        for (index, test) in tests.iter().enumerate().rev() {
            let own = match test.condition {
                Condition::Elements => costs.at(Next::Test(index + 1)),
                // There is nothing to find.
                Condition::Never => 0,
                _ => {
                    let lookups = own(test, costs.owner(tests, index));
                    let sum = |sum: u64, lookup| Some(sum.saturating_add(cost(&lookup)?));
                    let is_lookup = !lookups.is_empty();
                    lookups.into_iter().try_fold(0, sum).filter(|_| is_lookup).unwrap_or(NEVER)
                }
            };
            let if_true = own.min(costs.at(test.way.if_true));
            let total = if_true.saturating_add(costs.at(test.way.if_false));
            if let (Some(place), Some(own_place)) =
                (costs.totals.get_mut(index), costs.own.get_mut(index))
            {
                (*place, *own_place) = (total, own);
            }
        }
        costs
    }

    fn at(&self, next: Next) -> u64 {
        match next {
            Next::Answer(true) => NEVER,
            Next::Answer(false) => 0,
            Next::Test(index) => self.totals.get(index).copied().unwrap_or(NEVER),
        }
    }

    /// Whether those that hold a test are found by it, and not by what comes behind.
    fn is_own_way(&self, index: usize, test: &Test) -> bool {
        let own = self.own.get(index).copied().unwrap_or(NEVER);
        own != NEVER && own <= self.at(test.way.if_true)
    }

    /// Where the value path lies that a test is inside of.
    fn owner<'f>(&self, tests: &'f [Test], index: usize) -> Option<&'f Location> {
        let owner = self.owners.get(index).copied().flatten()?;
        tests.get(owner).map(|test| &test.location)
    }
}

/// The value path that each test is inside of: the tests of one lead to each other.
fn owners(tests: &[Test]) -> Vec<Option<usize>> {
    let mut owners = vec![None; tests.len()];
    for (index, test) in tests.iter().enumerate() {
        let owner = owners.get(index).copied().flatten();
        for next in [test.way.if_true, test.way.if_false] {
            if let Next::Test(next) = next
                && let Some(place) = owners.get_mut(next)
            {
                *place = owner;
            }
        }
        if matches!(test.condition, Condition::Elements)
            && let Some(place) = owners.get_mut(index + 1)
        {
            *place = Some(index);
        }
    }
    owners
}

/// The look-ups that find whatever holds a test; none if it is no comparison with texts.
fn own<'f>(test: &'f Test, owner: Option<&'f Location>) -> Vec<Lookup<'f>> {
    let location = &test.location;
    let (extension, attribute, sub_attribute) = match owner {
        Some(owner) => (&owner.extension, &owner.attribute, Some(&*location.attribute)),
        None => (&location.extension, &location.attribute, location.sub_attribute.as_deref()),
    };
    let extension = extension.as_deref();
    let lookup = |text, is_prefix, case_exact| Lookup {
        extension,
        attribute,
        sub_attribute,
        text,
        is_prefix,
        case_exact,
    };
    match &test.condition {
        Condition::Compare(CompareOp::Equal, Operand::Text { text, case_exact, .. }) => {
            vec![lookup(text, false, *case_exact)]
        }
        Condition::Compare(CompareOp::StartsWith, Operand::Text { text, case_exact, .. }) => {
            vec![lookup(text, true, *case_exact)]
        }
        Condition::OneOf(texts) => {
            texts.iter().map(|text| lookup(text, false, texts.case_exact())).collect()
        }
        _ => Vec::new(),
    }
}

impl Lookup<'_> {
    /// The path of the attribute, in the schema's spelling.
    pub fn path(&self) -> String {
        let extension = self.extension.map(|uri| format!("{uri}:")).unwrap_or_default();
        let sub_attribute = self.sub_attribute.map(|name| format!(".{name}")).unwrap_or_default();
        format!("{extension}{}{sub_attribute}", self.attribute)
    }
}

impl fmt::Debug for Lookup<'_> {
    /// Without the text, which is personal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lookup")
            .field("path", &self.path())
            .field("is_prefix", &self.is_prefix)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use crate::{filter::Filter, schema::SchemaRegistry};

    /// The look-ups of a filter where `userName`, `externalId` and `emails.value` have an index.
    fn lookups(filter: &str) -> Option<Vec<String>> {
        let registry = SchemaRegistry::standard();
        let users = registry.resource_type("User").unwrap();
        let bound = filter.parse::<Filter>().unwrap().bind(users).unwrap();
        let lookups = bound.lookups(&|lookup| match lookup.path().as_str() {
            "userName" => Some(1),
            "externalId" => Some(2),
            "emails.value" if !lookup.is_prefix => Some(5),
            _ => None,
        });
        let mut lookups: Vec<String> = lookups?
            .iter()
            .map(|lookup| {
                let op = if lookup.is_prefix { "^" } else { "=" };
                format!("{}{op}{}", lookup.path(), lookup.text)
            })
            .collect();
        lookups.sort();
        Some(lookups)
    }

    #[test]
    fn what_every_match_has_is_looked_up() {
        let cases: [(&str, &[&str]); 15] = [
            (r#"userName eq "B""#, &["userName=b"]),
            (r#"userName sw "B""#, &["userName^b"]),
            (r#"active eq true and externalId eq "X""#, &["externalId=X"]),
            (r#"externalId eq "x" and userName eq "b""#, &["userName=b"]),
            (r#"userName eq "b" or externalId eq "x""#, &["externalId=x", "userName=b"]),
            (r#"userName eq "a" or userName eq "b""#, &["userName=a", "userName=b"]),
            (r#"emails[type eq "work" and value eq "b@x"]"#, &["emails.value=b@x"]),
            (r#"emails[value eq "a" or value eq "b"]"#, &["emails.value=a", "emails.value=b"]),
            (r#"emails.value eq "b@x" and title pr"#, &["emails.value=b@x"]),
            (
                r#"(title pr or userName eq "a") and (userName eq "b" or emails eq "c")"#,
                // The first of them is one more than needed.
                &["emails.value=c", "userName=a", "userName=b"],
            ),
            (r#"not (userName ne "b")"#, &["userName=b"]),
            (r#"not (userName ne "b" or title pr)"#, &["userName=b"]),
            (r#"userName eq "b" and not (userName eq "c")"#, &["userName=b"]),
            (
                r#"title pr and emails[type pr and value eq "c"] or userName eq "b""#,
                &["emails.value=c", "userName=b"],
            ),
            (r#"userName eq "b" and userName eq "c""#, &["userName=b"]),
        ];
        for (filter, expected) in cases {
            assert_eq!(lookups(filter).unwrap(), expected, "{filter}");
        }
    }

    #[test]
    fn what_only_other_types_have_need_not_be_looked_for() {
        let registry = SchemaRegistry::standard();
        let groups = registry.resource_type("Group").unwrap();
        let all: Vec<_> = registry.resource_types().map(AsRef::as_ref).collect();
        let cases = [
            (r#"userName eq "b""#, Some(0)),
            (r#"emails[value eq "b" or type pr]"#, Some(0)),
            ("not (userName ne null)", None),
            (r#"userName ne "b""#, None),
            (r#"displayName pr and userName eq "b""#, Some(0)),
            (r#"displayName pr or userName eq "b""#, None),
            (r#"displayName eq "b" or userName eq "b""#, Some(1)),
            (r#"displayName eq "b" and not (userName eq "b")"#, Some(1)),
        ];
        for (filter, expected) in cases {
            let bound = filter.parse::<Filter>().unwrap().bind_among(groups, &all).unwrap();
            assert_eq!(bound.lookups(&|_| Some(1)).map(|l| l.len()), expected, "{filter}");
        }
    }

    #[test]
    fn nothing_is_looked_up_where_more_can_match() {
        for filter in [
            "title pr",
            r#"userName ne "b""#,
            r#"not (userName eq "b")"#,
            r#"userName co "b""#,
            r#"userName eq "b" or title pr"#,
            r#"emails[type eq "work"]"#,
            r#"emails[value sw "b"]"#,
            r#"emails[value eq "b" or type eq "work"]"#,
            r#"not (emails[value eq "b"])"#,
            r#"emails[not (value eq "b")]"#,
        ] {
            assert_eq!(lookups(filter), None, "{filter}");
        }
    }
}
