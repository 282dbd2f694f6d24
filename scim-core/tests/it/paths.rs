use scim_core::patch::PatchPath;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Case {
    id: String,
    path: String,
    valid: bool,
    #[serde(default)]
    either: bool,
    ast: Option<Value>,
}

#[test]
fn every_vector_is_accepted_with_its_parts_or_refused() {
    let cases: Vec<Case> = super::data(include_str!("../data/path.json"));
    let mut wrong = Vec::new();
    for case in &cases {
        let parsed = case.path.parse::<PatchPath>();
        if parsed.is_ok() != case.valid && !case.either {
            wrong.push(format!("{}: {} -> {:?}", case.id, case.path, parsed));
        }
        let Ok(path) = parsed else { continue };
        assert_eq!(path.to_string().parse::<PatchPath>().as_ref(), Ok(&path), "{}", case.id);
        let Some(parts) = &case.ast else { continue };
        let attribute = path.attribute().unwrap();
        let found = [
            ("urn", attribute.schema().map(str::to_owned)),
            ("attr", Some(attribute.name().to_owned())),
            ("sub", path.sub_attribute().map(str::to_owned)),
        ];
        for (name, found) in found {
            assert_eq!(parts.get(name).and_then(Value::as_str), found.as_deref(), "{}", case.id);
        }
        assert_eq!(parts.get("filter").is_some(), path.filter().is_some(), "{}", case.id);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
