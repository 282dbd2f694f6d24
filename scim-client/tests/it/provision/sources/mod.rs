//! The sources that come with the engine.

mod contract;
#[cfg(feature = "csv")]
mod csv;
mod cutting;
mod differing;
mod directory;
mod folder;
mod json_lines;
mod scim;

/// Two people and two groups; nobody says whether the first group is enabled.
const JSON: &str = r#"{"id": "ada", "mail": "ada@mail.example", "otherMails": ["a@b.example", "c@d.example"], "roles": ["User", "Head"]}
{"id": "ben", "kind": "User", "mail": "ben@mail.example", "active": false, "deleted": true, "roles": null}
{"id": "all", "kind": "group", "name": "All", "members": ["ada", {"value": "ben"}, "few"], "roles": "User"}
{"id": "few", "kind": "group", "name": "Few", "members": []}
"#;

/// The same.
#[cfg(feature = "csv")]
const CSV: &str = "\
id,kind,mail,name,otherMails,active,deleted,roles,members
ada,,ada@mail.example,,a@b.example|c@d.example,,,User;Head,
ben,User,ben@mail.example,,,FALSE,true,,
all,group,,All,,,,User,ada;ben;few
few,group,,Few,,,,,
";
