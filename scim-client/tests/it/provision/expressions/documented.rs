//! The examples of the reference of Microsoft Entra ID, function by function.

use scim_client::provision::{
    SourceObject,
    mapping::expression::{ExpressionContext, Outcome},
};
use serde_json::{Value, json};

use super::{check, now, outcome, parse, person, value};

#[test]
fn texts() {
    let mail = || json!({"userPrincipalName": "John.Doe@contoso.com"});
    let john = || json!({"givenName": "John", "surname": "Doe"});
    let preferred = || json!({"PreferredFirstName": "John", "PreferredLastName": "Smith"});
    let rows = [
        (r#"Append([userPrincipalName], ".test")"#, mail(), json!("John.Doe@contoso.com.test")),
        ("Append(Mid([givenName], 1, 3), Mid([surname], 1, 5))", john(), json!("JohDoe")),
        (r#"Join(", ", "", [surname], [givenName])"#, john(), json!("Doe, John")),
        (
            r#"ToLower(Join("@", NormalizeDiacritics(StripSpaces(Join(".",  [PreferredFirstName], [PreferredLastName]))), "contoso.com"))"#,
            preferred(),
            json!("john.smith@contoso.com"),
        ),
        (r#"InStr("The quick brown fox","quick")"#, json!({}), json!("5")),
        (r#"InStr("repEated","e",3,vbBinaryCompare)"#, json!({}), json!("7")),
        (r#"Left("John Doe", 3)"#, json!({}), json!("Joh")),
        ("NormalizeDiacritics([givenName])", json!({"givenName": "Zoë"}), json!("Zoe")),
        (r#"Word("The quick brown fox",3," ")"#, json!({}), json!("brown")),
        (r#"Word("This,string!has&many separators",3,",!&#")"#, json!({}), json!("has")),
        (
            "PCase([firstName])",
            json!({"firstName": "PABLO GONSALVES (SECOND)"}),
            json!("Pablo Gonsalves (Second)"),
        ),
        (
            r#"PCase([lastName]," '-")"#,
            json!({"lastName": "PINTO-DE'SILVA"}),
            json!("Pinto-De'Silva"),
        ),
        (
            r#"PCase(Join(" ",[firstName],[lastName]))"#,
            json!({"firstName": "GREGORY", "lastName": "JAMES"}),
            json!("Gregory James"),
        ),
        (r#""Company name: \"Contoso\"""#, json!({}), json!(r#"Company name: "Contoso""#)),
    ];
    check(&rows);
}

#[test]
fn several_values() {
    let addresses = || json!({"proxyAddresses": ["SMTP:a@b.c", "smtp:d@b.c", "SMTP:a@b.c"]});
    let rows = [
        ("Count([proxyAddresses])", addresses(), json!("3")),
        ("Item([proxyAddresses], 1)", addresses(), json!("SMTP:a@b.c")),
        ("RemoveDuplicates([proxyAddresses])", addresses(), json!(["SMTP:a@b.c", "smtp:d@b.c"])),
        (
            r#"Split([extensionAttribute5], ",")"#,
            json!({"extensionAttribute5": "PermissionSetOne, PermissionSetTwo"}),
            json!(["PermissionSetOne", "PermissionSetTwo"]),
        ),
        (
            r#"Join(";", [proxyAddresses], "x")"#,
            addresses(),
            json!("SMTP:a@b.c;smtp:d@b.c;SMTP:a@b.c;x"),
        ),
    ];
    check(&rows);
}

#[test]
fn encodings() {
    let rows = [
        ("BitAnd(&HF, &HF7)", json!({}), json!("7")),
        (
            r#"ConvertToBase64("Hello world!")"#,
            json!({}),
            json!("SABlAGwAbABvACAAdwBvAHIAbABkACEA"),
        ),
        (r#"ConvertToUTF8Hex("Hello world!")"#, json!({}), json!("48656C6C6F20776F726C6421")),
        (
            "CStr([dn])",
            json!({"dn": "cn=Joe,dc=contoso,dc=com"}),
            json!("cn=Joe,dc=contoso,dc=com"),
        ),
        (
            // The reference has an identifier that does not belong to the result it shows.
            r#"Join("", 1000, Replace(ConvertToUTF8Hex([objectId]), , "[a-zA-Z_]*", , "", , ))"#,
            json!({"objectId": "d05e47b1-3909-445a-ba5e-ca60cbc0e4b4"}),
            json!("100064303565343762312333930392343435612626135652636136306362633065346234"),
        ),
    ];
    check(&rows);
}

#[test]
fn choices_and_questions() {
    let zones = r#"Switch([state], "Australia/Sydney", "NSW", "Australia/Sydney","QLD", "Australia/Brisbane", "SA", "Australia/Adelaide")"#;
    let flag = r#"Switch(ToLower([statusFlag]), "0", "true", "1", "false", "0")"#;
    let empty_flag = r#"Switch([statusFlag], "Default Value", "true", "1", "", "0")"#;
    let country = r#"IIF([country]="USA",[country],[department])"#;
    let both = r#"IIF([country]="USA",IIF([state]="CA","True","False"),"False")"#;
    let either = r#"IIF([country]="USA","True",IIF([state]="CA","True","False"))"#;
    let company = r#"IIF([companyName] = "Company A", "A", IIF([companyName] = "Company B", "B", "External"))"#;
    let rows = [
        (
            "Coalesce([mail],[userPrincipalName])",
            json!({"mail": null, "userPrincipalName": "John.Doe@contoso.com"}),
            json!("John.Doe@contoso.com"),
        ),
        ("CBool([attribute1] = [attribute2])", json!({"attribute1": "a"}), json!("False")),
        (
            "CBool([attribute1] = [attribute2])",
            json!({"attribute1": "a", "attribute2": "a"}),
            json!("True"),
        ),
        (zones, json!({"state": "QLD"}), json!("Australia/Brisbane")),
        (zones, json!({"state": "WA"}), json!("Australia/Sydney")),
        (flag, json!({"statusFlag": "TRUE"}), json!("1")),
        (flag, json!({"statusFlag": "False"}), json!("0")),
        (empty_flag, json!({"statusFlag": "true"}), json!("1")),
        (empty_flag, json!({"statusFlag": "TRUE"}), json!("Default Value")),
        (empty_flag, json!({}), json!("0")),
        (r#"Switch([country],[country],"","Other")"#, json!({"country": "USA"}), json!("USA")),
        (r#"Switch([country],[country],"","Other")"#, json!({}), json!("Other")),
        (country, json!({"country": "USA", "department": "Sales"}), json!("USA")),
        (country, json!({"country": "UK", "department": "Sales"}), json!("Sales")),
        (both, json!({"country": "USA", "state": "CA"}), json!("True")),
        (both, json!({"country": "USA", "state": "WA"}), json!("False")),
        (either, json!({"country": "UK", "state": "CA"}), json!("True")),
        (either, json!({"country": "UK", "state": "WA"}), json!("False")),
        (company, json!({"companyName": "Company B"}), json!("B")),
        (company, json!({}), json!("External")),
        ("IsNull([displayName])", json!({}), json!("True")),
        ("IsNull([displayName])", json!({"displayName": ""}), json!("False")),
        ("IsNullOrEmpty([displayName])", json!({"displayName": ""}), json!("True")),
        ("IsNullOrEmpty([displayName])", json!({"displayName": "x"}), json!("False")),
        (
            r#"Switch(IsPresent([jobTitle]), "DefaultValue", "True", [jobTitle])"#,
            json!({}),
            json!("DefaultValue"),
        ),
    ];
    check(&rows);
}

#[test]
fn what_the_reference_calls_unsupported_works() {
    let rows = [
        (r#"IIF([country]="","Other",[country])"#, json!({}), json!("Other")),
        (r#"IIF(IsNullOrEmpty([country]),"Other",[country])"#, json!({}), json!("Other")),
        (r#"IIF(IsPresent([country]),[country],"Other")"#, json!({}), json!("Other")),
        (r#"IIF(IsPresent([country]),[country],"Other")"#, json!({"country": "UK"}), json!("UK")),
    ];
    check(&rows);
}

#[test]
fn a_switch_of_questions_follows_the_definition_of_switch() {
    // The reference means the first that is present, but its own definition says otherwise.
    let text = "Switch(IsPresent([directManager]),[directManager], IsPresent([skiplevelManager]),[skiplevelManager], IsPresent([director]),[director])";
    let all = json!({"directManager": "1", "skiplevelManager": "2", "director": "3"});
    assert_eq!(value(text, &all), json!("2"));
    assert_eq!(value(text, &json!({"directManager": "1"})), json!("1"));
    let first = "Coalesce([directManager], [skiplevelManager], [director])";
    assert_eq!(value(first, &all), json!("1"));
}

#[test]
fn an_empty_value_leaves_the_attribute_out() {
    let department = "IgnoreFlowIfNullOrEmpty([department])";
    let prefix = r#"IgnoreFlowIfNullOrEmpty(Switch([prefix], "", "3443", "Dr.", "3444", "Prof.", "3445", "Prof. Dr."))"#;
    assert_eq!(outcome(department, &json!({})), Outcome::Ignore);
    assert_eq!(outcome(department, &json!({"department": ""})), Outcome::Ignore);
    assert_eq!(value(department, &json!({"department": "Sales"})), json!("Sales"));
    assert_eq!(outcome(prefix, &json!({"prefix": "1"})), Outcome::Ignore);
    assert_eq!(value(prefix, &json!({"prefix": "3444"})), json!("Prof."));
}

#[test]
fn dates() {
    let hired = || json!({"StatusHireDate": "2012-03-16-07:00"});
    let rows = [
        (
            "CDate([StatusHireDate])",
            json!({"StatusHireDate": "2020-03-16-07:00"}),
            json!("3/16/2020 7:00:00 AM"),
        ),
        (r#"CDate("2021-06-30+08:00")"#, json!({}), json!("6/29/2021 4:00:00 PM")),
        (r#"CDate("2009-06-15T01:45:30-07:00")"#, json!({}), json!("6/15/2009 8:45:30 AM")),
        (r#"DateAdd("d", 7, CDate([StatusHireDate]))"#, hired(), json!("3/23/2012 7:00:00 AM")),
        (r#"DateAdd("d", -10, CDate([StatusHireDate]))"#, hired(), json!("3/6/2012 7:00:00 AM")),
        (r#"DateAdd("ww", 2, CDate([StatusHireDate]))"#, hired(), json!("3/30/2012 7:00:00 AM")),
        (r#"DateAdd("m", 10, CDate([StatusHireDate]))"#, hired(), json!("1/16/2013 7:00:00 AM")),
        (r#"DateAdd("yyyy", 2, CDate([StatusHireDate]))"#, hired(), json!("3/16/2014 7:00:00 AM")),
        (r#"DateDiff("d", Now(), CDate([StatusHireDate]))"#, hired(), json!("-3449")),
        (r#"DateDiff("ww", Now(), CDate([StatusHireDate]))"#, hired(), json!("-493")),
        (r#"DateDiff("m", Now(), CDate([StatusHireDate]))"#, hired(), json!("-113")),
        (r#"DateDiff("yyyy", Now(), CDate([StatusHireDate]))"#, hired(), json!("-9")),
        (
            r#"DateDiff("d", CDate("2021-08-18+08:00"), CDate("2021-08-31+08:00"))"#,
            json!({}),
            json!("13"),
        ),
        (
            r#"DateDiff("d", CDate("2021-08-31+08:00"), CDate("2021-08-31+08:00"))"#,
            json!({}),
            json!("0"),
        ),
        (r#"DateDiff("h", CDate("2021-08-24"), CDate("2021-08-25"))"#, json!({}), json!("24")),
        (r#"DateDiff("n", CDate("2021-08-24"), CDate("2021-08-25"))"#, json!({}), json!("1440")),
        (r#"DateDiff("s", CDate("2021-08-24"), CDate("2021-08-25"))"#, json!({}), json!("86400")),
        (
            "DateFromNum([lastLogonTimestamp])",
            json!({"lastLogonTimestamp": 129_699_324_000_000_000_i64}),
            json!("1/1/2012 11:00:00 PM"),
        ),
        ("DateFromNum(129699324000000000)", json!({}), json!("1/1/2012 11:00:00 PM")),
        (
            r#"FormatDateTime([extensionAttribute1], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")"#,
            json!({"extensionAttribute1": "20150123105347.1Z"}),
            json!("2015-01-23"),
        ),
        (
            r#"NumFromDate(Join("", FormatDateTime([ContractEndDate], ,"yyyy-MM-ddzzz", "yyyy-MM-dd"), " 23:59:59-08:00"))"#,
            json!({"ContractEndDate": "2020-12-31-08:00"}),
            json!("132539615990000000"),
        ),
        (
            r#"NumFromDate(Join("",FormatDateTime([endDate], ,"M/d/yyyy hh:mm:ss tt","yyyy-MM-dd")," 23:59:59-08:00"))"#,
            json!({"endDate": "12/31/2020 08:00:00 AM"}),
            json!("132539615990000000"),
        ),
        ("Now()", json!({}), json!("8/25/2021 5:41:18 PM")),
    ];
    check(&rows);
}

#[test]
fn who_starts_soon_is_enabled() {
    let text = r#"Switch([Active], , 
      "1", IIF(DateDiff("d", Now(), CDate([StatusHireDate])) > 5, "False", "True"), 
      "0", "False")"#;
    let rows = [
        (text, json!({"Active": "1", "StatusHireDate": "2021-08-29"}), json!("True")),
        (text, json!({"Active": "1", "StatusHireDate": "2021-09-29"}), json!("False")),
        (text, json!({"Active": "0"}), json!("False")),
        (text, json!({"Active": "2"}), json!(null)),
    ];
    check(&rows);
}

#[test]
fn replacements() {
    let rows = [
        (
            r#"Replace([BusinessTitle],"Product Developer", , , "Software Engineer", , )"#,
            json!({"BusinessTitle": "Product Developer"}),
            json!("Software Engineer"),
        ),
        (
            r#"Replace([UserID],"<username>", , , , , "<username>@contoso.com")"#,
            json!({"UserID": "jsmith"}),
            json!("jsmith@contoso.com"),
        ),
        (
            r#"Replace([telephoneNumber], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", , "${phoneNumber}", , )"#,
            json!({"telephoneNumber": "+91 9998887777"}),
            json!("9998887777"),
        ),
        (
            r#"Replace([mobile], , "[()\\s-]+", , "", , )"#,
            json!({"mobile": "+1 (999) 888-7777"}),
            // The reference loses the plus sign, which its pattern does not match.
            json!("+19998887777"),
        ),
        (
            r#"Replace([AddressLineData], ,"(?<streetNumber>^\\d*)","streetNumber", "888", , )"#,
            json!({"AddressLineData": "545 Tremont Street"}),
            json!("888 Tremont Street"),
        ),
        (
            r#"Replace([userPrincipalName], , "(?<Suffix>@(.)*)", "Suffix", "", , )"#,
            json!({"userPrincipalName": "jsmith@contoso.com"}),
            json!("jsmith"),
        ),
        (
            r#"Replace([telephoneNumber], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", "phoneNumber" , , [mobile], )"#,
            json!({"telephoneNumber": "", "mobile": "+91 8887779999"}),
            json!("8887779999"),
        ),
        (
            r#"Replace([mailNickname], , "[a-zA-Z_]*", , "", , )"#,
            json!({"mailNickname": "john_doe72"}),
            json!("72"),
        ),
        (
            r#"Replace([mail], "@contoso.com", , ,"", ,)"#,
            json!({"mail": "john.doe@contoso.com"}),
            json!("john.doe"),
        ),
    ];
    check(&rows);
}

#[test]
fn candidates_come_in_order() {
    let text = r#"
    SelectUniqueValue( 
        Join("@", NormalizeDiacritics(StripSpaces(Join(".",  [PreferredFirstName], [PreferredLastName]))), "contoso.com"), 
        Join("@", NormalizeDiacritics(StripSpaces(Join(".",  Mid([PreferredFirstName], 1, 1), [PreferredLastName]))), "contoso.com"),
        Join("@", NormalizeDiacritics(StripSpaces(Join(".",  Mid([PreferredFirstName], 1, 2), [PreferredLastName]))), "contoso.com")
    )
"#;
    let candidates: Vec<Value> =
        ["John.Smith@contoso.com", "J.Smith@contoso.com", "Jo.Smith@contoso.com"]
            .map(Value::from)
            .into();
    let john = json!({"PreferredFirstName": "John", "PreferredLastName": "Smith"});
    assert_eq!(outcome(text, &john), Outcome::Candidates(candidates));
}

#[test]
fn soft_deletion_is_an_attribute() {
    let context = ExpressionContext::new(now(), 0);
    let nobody = SourceObject::new("1");
    for (is_soft_deleted, active) in [(false, "True"), (true, "False")] {
        let context = context.clone().with_soft_deleted(is_soft_deleted);
        for text in [
            "Not([IsSoftDeleted])",
            r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#,
        ] {
            let outcome = parse(text).evaluate(&nobody, &context).unwrap();
            assert_eq!(outcome, Outcome::Value(active.into()), "{text}");
        }
    }
}

#[test]
fn roles() {
    let role = |value: &str, display: &str| {
        json!({
            "primary": false, "type": "WindowsAzureActiveDirectoryRole",
            "display": display, "value": value,
        })
    };
    let assigned = SourceObject::new("1").with_roles(["User", "Admin", "User"]);
    let detailed = person(&json!({"appRoleAssignments": [
        {"id": "06b07648", "value": "25", "displayName": "Role1234"},
        {"id": "06b07649", "displayName": "Role0"},
        {"id": "06b07650"},
    ]}));
    let nobody = SourceObject::new("1");
    let names = (role("Admin", "Admin"), role("User", "User"));
    let details = (role("25", "Role1234"), role("Role0", "Role0"));
    let rows = [
        ("SingleAppRoleAssignment", &assigned, Outcome::Value(json!("Admin"))),
        ("SingleAppRoleAssignment", &detailed, Outcome::Value(json!("25"))),
        ("SingleAppRoleAssignment", &nobody, Outcome::Null),
        ("AppRoleAssignmentsComplex", &assigned, Outcome::Value(json!([names.0, names.1]))),
        ("AppRoleAssignmentsComplex", &detailed, Outcome::Value(json!([details.0, details.1]))),
        ("AppRoleAssignmentsComplex", &nobody, Outcome::Null),
        (
            "AssertiveAppRoleAssignmentsComplex",
            &assigned,
            Outcome::Value(json!([names.0, names.1])),
        ),
    ];
    for (function, object, expected) in rows {
        let text = format!("{function}([appRoleAssignments])");
        let outcome = parse(&text).evaluate(object, &ExpressionContext::new(now(), 0)).unwrap();
        assert!(outcome == expected, "{text} {object:?}");
    }
}

#[test]
fn redaction_changes_nothing_but_is_known() {
    let rows = [
        ("Redact([userPrincipalName])", json!({"userPrincipalName": "a@b.c"}), json!("a@b.c")),
        (r#"Redact("StringToBeRedacted")"#, json!({}), json!("StringToBeRedacted")),
    ];
    check(&rows);
    for (text, is_redacted, is_deterministic) in [
        ("Redact([userPrincipalName])", true, true),
        ("Redact(RandomString(6,3,0,0,3))", true, false),
        ("Append(Redact([a]), Guid())", true, false),
        (r#"CBool(Now() = "Redact(Now())")"#, false, false),
        (r#"CBool("Guid()" = "Redact(Now())")"#, false, true),
    ] {
        assert_eq!(parse(text).is_redacted(), is_redacted, "{text}");
        assert_eq!(parse(text).is_deterministic(), is_deterministic, "{text}");
    }
}
