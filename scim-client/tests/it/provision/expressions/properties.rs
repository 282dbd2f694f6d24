//! What holds for all expressions.

use proptest::{collection::vec, option, prelude::*};
use scim_client::provision::mapping::expression::{Expression, ExpressionContext, Outcome};
use serde_json::{Value, json};

use super::{now, person};

/// Every function, with the fewest and the most arguments it is tried with.
const FUNCTIONS: [(&str, usize, usize); 45] = [
    ("Append", 2, 2),
    ("AppRoleAssignmentsComplex", 1, 1),
    ("AssertiveAppRoleAssignmentsComplex", 1, 1),
    ("BitAnd", 2, 2),
    ("CBool", 1, 1),
    ("CDate", 1, 1),
    ("Coalesce", 1, 5),
    ("ConvertToBase64", 1, 1),
    ("ConvertToUTF8Hex", 1, 1),
    ("Count", 1, 1),
    ("CStr", 1, 1),
    ("DateAdd", 3, 3),
    ("DateDiff", 3, 3),
    ("DateFromNum", 1, 1),
    ("FormatDateTime", 4, 4),
    ("Guid", 0, 0),
    ("IgnoreFlowIfNullOrEmpty", 1, 1),
    ("IIF", 3, 3),
    ("InStr", 2, 3),
    ("IsNull", 1, 1),
    ("IsNullOrEmpty", 1, 1),
    ("IsPresent", 1, 1),
    ("IsString", 1, 1),
    ("Item", 2, 2),
    ("Join", 2, 5),
    ("Left", 2, 2),
    ("Mid", 3, 3),
    ("NormalizeDiacritics", 1, 1),
    ("Not", 1, 1),
    ("Now", 0, 0),
    ("NumFromDate", 1, 1),
    ("PCase", 1, 2),
    ("RandomString", 5, 6),
    ("Redact", 1, 1),
    ("RemoveDuplicates", 1, 1),
    ("Replace", 1, 7),
    ("SelectUniqueValue", 2, 5),
    ("SingleAppRoleAssignment", 1, 1),
    ("Split", 2, 2),
    ("StripSpaces", 1, 1),
    ("Switch", 4, 4),
    ("Switch", 6, 6),
    ("ToLower", 1, 2),
    ("ToUpper", 1, 2),
    ("Word", 3, 3),
];

/// An expression as somebody might write it, and as it is printed.
#[derive(Clone, Debug)]
struct Written {
    loose: String,
    printed: String,
}

fn written(loose: impl Into<String>, printed: impl Into<String>) -> Written {
    Written { loose: loose.into(), printed: printed.into() }
}

fn leaf() -> impl Strategy<Value = Written> {
    let quoted = |text: String| {
        let text = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        written(text.clone(), text)
    };
    let named = |name: String| written(format!("[{name}]"), format!("[{name}]"));
    prop_oneof![
        any::<String>().prop_map(quoted),
        r#"["\\a]{0,4}"#.prop_map(quoted),
        "[a-zA-Z_:. ]{1,12}".prop_map(named),
        any::<i64>().prop_map(|number| written(number.to_string(), number.to_string())),
        any::<u32>().prop_map(|number| written(format!("&H{number:08x}"), number.to_string())),
    ]
}

/// Functions that take whatever they are given.
fn expression() -> impl Strategy<Value = Written> {
    leaf().prop_recursive(6, 40, 5, |inner| {
        let operator = prop::sample::select(vec!["=", "<>", "<", "<=", ">", ">="]);
        let comparison = (inner.clone(), operator, inner.clone()).prop_map(|(a, operator, b)| {
            written(
                format!("{}\n {operator} {}", a.loose, b.loose),
                format!("{}{operator}{}", a.printed, b.printed),
            )
        });
        let argument = prop_oneof![4 => inner, 1 => comparison];
        let call = |name: &'static str, arguments: Vec<Option<Written>>| {
            let join = |texts: Vec<String>, comma: &str| texts.join(comma);
            let of = |text: fn(&Written) -> &String| {
                let text = |argument: &Option<Written>| argument.as_ref().map(text).cloned();
                arguments.iter().map(|argument| text(argument).unwrap_or_default()).collect()
            };
            let loose = join(of(|argument| &argument.loose), "\t, ");
            let printed = join(of(|argument| &argument.printed), ",");
            written(format!("{name} ( {loose}\r\n)"), format!("{name}({printed})"))
        };
        prop_oneof![
            vec(argument.clone(), 1..5)
                .prop_map(move |all| call("Coalesce", all.into_iter().map(Some).collect())),
            (argument.clone(), option::of(argument.clone()), argument.clone(), argument.clone())
                .prop_map(move |(source, default, key, value)| {
                    call("Switch", vec![Some(source), default, Some(key), Some(value)])
                }),
            (argument.clone(), argument).prop_map(move |(source, length)| {
                call("Left", vec![Some(source), Some(length)])
            }),
        ]
    })
}

/// What somebody might put where something else belongs.
fn odd() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        prop::sample::select(vec![
            "[text]",
            "[list]",
            "[complex]",
            "[number]",
            "[none]",
            "[empty]",
            "[date]",
            "[role]",
            "0",
            "1",
            "-1",
            "3",
            "9223372036854775807",
            "-9223372036854775808",
            "\"\"",
            "\"d\"",
            "\"(?<a>.)\"",
            "\"a\"",
            "\"$1${a}\"",
            "\"yyyy\"",
            "\"ww\"",
            "\"True\"",
            "\" \"",
            "\"2021-08-25\"",
            "Now()",
            "[number] > [date]",
            "Split([text], \" \")",
            "Not([none])",
            "[appRoleAssignments]",
            "[IsSoftDeleted]",
            "\"tr\"",
            "\"yyyy-MM-ddTHH:mm:ss.FFFK\"",
        ])
        .prop_map(str::to_owned),
        "[ -~é👍]{0,8}".prop_map(|text| {
            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
        }),
    ]
}

fn odd_call() -> impl Strategy<Value = String> {
    (prop::sample::select(FUNCTIONS.to_vec()), vec(odd(), 7)).prop_flat_map(
        |((name, least, most), arguments)| {
            (least..=most).prop_map(move |count| {
                format!("{name}({})", arguments.get(..count).unwrap().join(","))
            })
        },
    )
}

fn somebody() -> Value {
    json!({
        "text": "Zoë d'Été 👍 (2nd)",
        "list": ["a", 1, true, {"value": "x"}, ["y"]],
        "complex": {"value": "x", "displayName": 7},
        "number": -7,
        "none": null,
        "empty": "",
        "date": "2012-03-16-07:00",
        "role": {"displayName": "Admin"},
    })
}

fn evaluate(expression: &Expression, seed: u128) -> Option<Outcome> {
    expression.evaluate(&person(&somebody()), &ExpressionContext::new(now(), seed)).ok()
}

proptest! {
    #[test]
    fn printing_and_parsing_are_inverse(written in expression()) {
        prop_assume!(written.loose.chars().count() <= 10_000);
        let expression: Expression = written.loose.parse().unwrap();
        prop_assert_eq!(expression.to_string(), written.printed.as_str());
        let _ = evaluate(&expression, 0);
        prop_assert_eq!(written.printed.parse::<Expression>().unwrap(), expression);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        if let Ok(expression) = text.parse::<Expression>() {
            prop_assert_eq!(expression.to_string().parse::<Expression>().unwrap(), expression);
        }
    }

    #[test]
    fn nothing_like_an_expression_makes_the_parser_panic(
        text in r#"((Left|Join|Replace|DateAdd|Now|IIF)\(|\)|,|"|\\|\[|\]|[ a=<>&H1-9.()é]|[a-z]+|"d"|\[a\]){0,30}"#
    ) {
        match text.parse::<Expression>() {
            Ok(expression) => {
                prop_assert!(expression.to_string().chars().count() <= text.chars().count());
                prop_assert_eq!(expression.to_string().parse::<Expression>().unwrap(), expression);
            }
            Err(error) => prop_assert!(text.is_char_boundary(error.offset())),
        }
    }

    #[test]
    fn no_argument_makes_a_function_panic(text in odd_call(), seed in any::<u128>()) {
        if let Ok(expression) = text.parse::<Expression>() {
            prop_assert!(evaluate(&expression, seed) == evaluate(&expression, seed));
        }
    }

    #[test]
    fn no_call_of_calls_panics(
        inner in vec(odd_call(), 7),
        outer in prop::sample::select(FUNCTIONS.to_vec()),
    ) {
        let (name, _, most) = outer;
        let arguments: Vec<_> =
            inner.into_iter().filter(|text| text.parse::<Expression>().is_ok()).take(most).collect();
        if let Ok(expression) = format!("{name}({})", arguments.join(",")).parse::<Expression>() {
            let _ = evaluate(&expression, 0);
        }
    }

    #[test]
    fn no_pattern_and_no_format_panics(pattern in r"([\[\]()^?<>:=!\\&~a-c1é.*+{}|-]|\\[a-zA-Z0-9<>]){0,12}", text in "[a-c<>&~1é-]{0,8}", format in "[yMdHhmsfFtzKZg'\"\\\\%./: é]{0,12}") {
        let person = person(&json!({"pattern": pattern, "text": text, "format": format}));
        for expression in [
            r#"Replace([text], , [pattern], , "<$1$&>", , )"#,
            r#"FormatDateTime([text], , [format], "o")"#,
            r#"FormatDateTime(Now(), , "d", [format])"#,
            r#"FormatDateTime(FormatDateTime(Now(), , "d", [format]), , [format], [format])"#,
            "CDate([text])",
        ] {
            let expression: Expression = expression.parse().unwrap();
            let _ = expression.evaluate(&person, &ExpressionContext::new(now(), 0));
        }
    }

    #[test]
    fn parts_agree_with_a_naive_model(
        text in "[ab é]{0,8}", sought in "[ab é]{0,2}", start in -2..12_i64, length in -2..12_i64,
    ) {
        let person = person(&json!({"t": text, "s": sought, "n": start, "l": length}));
        let give = |expression: &str| {
            let expression: Expression = expression.parse().unwrap();
            let outcome = expression.evaluate(&person, &ExpressionContext::new(now(), 0));
            match outcome.unwrap() {
                Outcome::Value(value) => value.as_str().unwrap().to_owned(),
                other => panic!("{other:?}"),
            }
        };
        let chars: Vec<char> = text.chars().collect();
        let wanted: Vec<char> = sought.chars().collect();
        let place = |index: usize| i64::try_from(index).unwrap() + 1;
        let lies = |index: usize| {
            place(index) >= start.max(1) && length.is_negative()
                || place(index) >= start.max(1) && place(index) < start.max(1) + length
        };
        let part: String = (0..chars.len()).filter(|index| lies(*index)).map(|index| chars[index]).collect();
        prop_assert_eq!(give("Mid([t], [n], [l])"), part);

        let found = (0..=chars.len())
            .find(|index| place(*index) >= start && chars[*index..].starts_with(&wanted));
        prop_assert_eq!(give("InStr([t], [s], [n])"), found.map_or(0, place).to_string());

        let mut words = vec![String::new()];
        for c in &chars {
            if wanted.contains(c) {
                words.push(String::new());
            } else {
                words.last_mut().unwrap().push(*c);
            }
        }
        words.retain(|word| !word.is_empty());
        let word = usize::try_from(start - 1).ok().and_then(|index| words.get(index).cloned());
        prop_assert_eq!(give("Word([t], [n], [s])"), word.unwrap_or_default());
    }
}
