//! What is a date, and how it is written.

use scim_client::provision::mapping::expression::EvaluateErrorKind as Kind;
use serde_json::json;

use super::{check_constant, fault, value};

#[test]
fn dates_that_need_no_format() {
    let rows = [
        ("2020-03-16", Some("3/16/2020 12:00:00 AM")),
        ("2020-3-6", Some("3/6/2020 12:00:00 AM")),
        ("2020/03/16", Some("3/16/2020 12:00:00 AM")),
        (" 2020-03-16T13:05 ", Some("3/16/2020 1:05:00 PM")),
        ("2020-03-16 13:05:06Z", Some("3/16/2020 1:05:06 PM")),
        ("2020-03-16t13:05:06.123456789z", Some("3/16/2020 1:05:06 PM")),
        ("2020-03-16T00:05:06+0530", Some("3/15/2020 6:35:06 PM")),
        ("2013-01-10 4:00 PM -8", Some("1/11/2013 12:00:00 AM")),
        ("3/16/2020", Some("3/16/2020 12:00:00 AM")),
        ("3/16/2020 12:00:00 AM", Some("3/16/2020 12:00:00 AM")),
        ("3/16/2020 12:00:00 pm", Some("3/16/2020 12:00:00 PM")),
        ("12/31/2020 1:2", None),
        ("Mon, 15 Jun 2009 20:45:30 GMT", Some("6/15/2009 8:45:30 PM")),
        ("Mon, 15 Jun 2009 20:45:30 +0200", Some("6/15/2009 6:45:30 PM")),
        ("1/1/0001", Some("1/1/0001 12:00:00 AM")),
        ("0001-01-01T00:00:00+01:00", None),
        ("9999-12-31T23:59:59-01:00", None),
        ("0000-01-01", None),
        ("2021-02-29", None),
        ("16/3/2020", None),
        ("2020-03-16T24:00", None),
        ("2020-03-16T13:00 AM", None),
        ("2020-03-16T", None),
        ("2020-03-16T10", None),
        ("2020-03-16+15:00", None),
        ("2020-03-16Tomorrow", None),
        ("3-16-2020", None),
        ("20200316", None),
        ("soon", None),
        ("é", None),
    ];
    for (text, expected) in rows {
        let attributes = json!({"a": text});
        if let Some(expected) = expected {
            assert_eq!(value("CDate([a])", &attributes), json!(expected), "{text}");
        } else {
            assert_eq!(fault("CDate([a])", &attributes), (Kind::NotADate, "CDate"), "{text}");
        }
    }
}

#[test]
fn every_piece_of_a_format() {
    let rows = [
        ("d", "06/05/2009"),
        ("D", "Friday, 05 June 2009"),
        ("f", "Friday, 05 June 2009 03:04"),
        ("F", "Friday, 05 June 2009 03:04:07"),
        ("g", "06/05/2009 03:04"),
        ("G", "06/05/2009 03:04:07"),
        ("m", "June 05"),
        ("M", "June 05"),
        ("o", "2009-06-05T03:04:07.0800000Z"),
        ("O", "2009-06-05T03:04:07.0800000Z"),
        ("r", "Fri, 05 Jun 2009 03:04:07 GMT"),
        ("R", "Fri, 05 Jun 2009 03:04:07 GMT"),
        ("s", "2009-06-05T03:04:07"),
        ("t", "03:04"),
        ("T", "03:04:07"),
        ("u", "2009-06-05 03:04:07Z"),
        ("U", "Friday, 05 June 2009 03:04:07"),
        ("y", "2009 June"),
        ("Y", "2009 June"),
        ("%d", "5"),
        ("%d %M", "5 6"),
        ("d dd ddd dddd ddddd", "5 05 Fri Friday Friday"),
        ("M MM MMM MMMM", "6 06 Jun June"),
        ("%y", "9"),
        ("yy yyy yyyy yyyyy", "09 2009 2009 02009"),
        ("h hh H HH", "3 03 3 03"),
        ("m mm s ss", "4 04 7 07"),
        ("f ff fff fffffff", "0 08 080 0800000"),
        ("F FF FFF FFFFFFF", " 08 08 08"),
        ("ss.F", "07"),
        ("ss.FF", "07.08"),
        ("t tt", "A AM"),
        ("z zz zzz K", "+0 +00 +00:00 Z"),
        ("%g", "A.D."),
        ("yyyy'year'MM\"month\"", "2009year06month"),
        (r"\d\y\\", r"dy\"),
        ("dd.MM.yyyy", "05.06.2009"),
        ("yyyyMMddHHmmss.0Z", "20090605030407.0Z"),
        ("d. 'é'", "5. é"),
        ("j", ""),
    ];
    for (format, expected) in rows {
        let attributes = json!({"format": format});
        let text = r#"FormatDateTime(CDate("2009-06-05T03:04:07.08Z"), , "s", [format])"#;
        match expected {
            "" => assert_eq!(fault(text, &attributes), (Kind::InvalidFormat, "FormatDateTime")),
            expected => assert_eq!(value(text, &attributes), json!(expected), "{format}"),
        }
    }
}

#[test]
fn dates_are_read_by_format() {
    let rows = [
        ("2009-06-15T01:45:30.5000000-07:00", "o", Some("2009-06-15 08:45:30.5 Z")),
        ("2009-06-15T01:45:30.5000000", "o", Some("2009-06-15 01:45:30.5 ")),
        ("Mon, 15 Jun 2009 20:45:30 GMT", "R", Some("2009-06-15 20:45:30 ")),
        ("Tue, 15 Jun 2009 20:45:30 GMT", "R", None),
        ("  06/15/2009 ", "d", Some("2009-06-15 00:00:00 ")),
        ("15. june 49", "d. MMMM yy", Some("2049-06-15 00:00:00 ")),
        ("15. JUN 50", "d. MMM yy", Some("1950-06-15 00:00:00 ")),
        ("5 3", "d M", Some("2000-03-05 00:00:00 ")),
        ("12:30 a", "h:mm t", Some("2000-01-01 00:30:00 ")),
        ("12:30 PM", "hh:mm tt", Some("2000-01-01 12:30:00 ")),
        ("11:30", "hh:mm", Some("2000-01-01 11:30:00 ")),
        ("13:30 PM", "HH:mm tt", Some("2000-01-01 13:30:00 ")),
        ("13:30 AM", "HH:mm tt", None),
        ("13:30", "hh:mm", None),
        ("00:30 AM", "hh:mm tt", None),
        ("7.25", "s.ff", Some("2000-01-01 00:00:07.25 ")),
        ("7", "s.FFF", Some("2000-01-01 00:00:07 ")),
        ("7.5", "s.FFF", Some("2000-01-01 00:00:07.5 ")),
        ("75", "sFFF", None),
        ("07FF", "ssFFF", None),
        ("075", "ssFFF", Some("2000-01-01 00:00:07.5 ")),
        ("2009-06-15+8", "yyyy-MM-ddz", Some("2009-06-14 16:00:00 Z")),
        ("2009-06-15-08:30", "yyyy-MM-ddK", Some("2009-06-15 08:30:00 Z")),
        ("2009-06-15", "yyyy-MM-ddK", Some("2009-06-15 00:00:00 ")),
        ("2009-06-15x", "yyyy-MM-dd", None),
        ("2009-6-15", "yyyy-MM-dd", None),
        ("2009-6-15", "yyyy-M-d", Some("2009-06-15 00:00:00 ")),
        ("2009-06-15 A.D.", "yyyy-MM-dd g", Some("2009-06-15 00:00:00 ")),
        ("2009-02-29", "yyyy-MM-dd", None),
        ("é", "d", None),
        ("20090615é", "yyyyMMddtt", None),
    ];
    for (text, format, expected) in rows {
        let attributes = json!({"a": text, "format": format});
        let expression = r#"FormatDateTime([a], , [format], "yyyy-MM-dd HH:mm:ss.FF K")"#;
        if let Some(expected) = expected {
            assert_eq!(value(expression, &attributes), json!(expected), "{text} {format}");
        } else {
            let fault = fault(expression, &attributes);
            assert_eq!(fault, (Kind::NotADate, "FormatDateTime"), "{text} {format}");
        }
    }
}

#[test]
fn styles_say_where_blanks_may_stand() {
    let rows = [
        ("", true, true, false),
        ("None", false, false, false),
        ("AllowLeadingWhite", true, false, false),
        ("DateTimeStyles.RoundtripKind, DateTimeStyles.AllowTrailingWhite", false, true, false),
        ("AllowInnerWhite,AssumeUniversal", true, false, true),
        ("AllowWhiteSpaces", true, true, true),
    ];
    for (styles, leading, trailing, inner) in rows {
        let text = r#"IsNull(FormatDateTime([a], [styles], "yyyy-MM-dd", "s"))"#;
        for (date, is_allowed) in
            [(" 2009-06-15", leading), ("2009-06-15 ", trailing), ("2009- 06-15", inner)]
        {
            let attributes = json!({"a": date, "styles": styles});
            if is_allowed {
                assert_eq!(value(text, &attributes), json!("False"), "{date:?} {styles}");
            } else {
                let fault = fault(text, &attributes);
                assert_eq!(fault, (Kind::NotADate, "FormatDateTime"), "{date:?} {styles}");
            }
        }
    }
    let wrong = fault(r#"FormatDateTime("x", [styles], "d", "d")"#, &json!({"styles": "Any"}));
    assert_eq!(wrong, (Kind::InvalidStyles, "FormatDateTime"));
}

#[test]
fn reckoning() {
    check_constant(&[
        (r#"DateAdd("m", 1, "2021-01-31")"#, json!("2/28/2021 12:00:00 AM")),
        (r#"DateAdd("m", -11, "2021-01-31")"#, json!("2/29/2020 12:00:00 AM")),
        (r#"DateAdd("yyyy", 1, "2020-02-29")"#, json!("2/28/2021 12:00:00 AM")),
        (r#"DateAdd("h", 25, "2021-01-31")"#, json!("2/1/2021 1:00:00 AM")),
        (r#"DateAdd("n", -1, "2021-01-01")"#, json!("12/31/2020 11:59:00 PM")),
        (r#"DateAdd("s", 86400, "2021-01-01")"#, json!("1/2/2021 12:00:00 AM")),
        (r#"DateAdd("d", "7", "2021-01-01")"#, json!("1/8/2021 12:00:00 AM")),
        // Full days, and weeks that begin on Sunday.
        (r#"DateDiff("d", "2021-08-24T23:00", "2021-08-25T22:00")"#, json!("0")),
        (r#"DateDiff("d", "2021-08-25T22:00", "2021-08-24T23:00")"#, json!("0")),
        (r#"DateDiff("ww", "2021-08-21T23:00", "2021-08-22T01:00")"#, json!("1")),
        (r#"DateDiff("ww", "2021-08-22", "2021-08-28")"#, json!("0")),
        (r#"DateDiff("yyyy", "2020-12-31", "2021-01-01")"#, json!("1")),
        (r#"DateDiff("m", "2021-01-01", "2020-12-31")"#, json!("-1")),
        (r#"DateDiff("d", CDate("2012-03-16-07:00"), Now())"#, json!("3449")),
        ("DateFromNum(9223372036854775807)", json!(null)),
        ("DateFromNum(0)", json!("1/1/1601 12:00:00 AM")),
        (r#"DateFromNum(NumFromDate("2012-01-01 23:00:00"))"#, json!("1/1/2012 11:00:00 PM")),
        (r#"NumFromDate("2012-01-01 23:00:00")"#, json!("129699324000000000")),
        (r#"NumFromDate("2012-01-01T23:00:00.1234567Z")"#, json!("129699324001234567")),
        (r#"NumFromDate("9999-12-31")"#, json!("2650466880000000000")),
        (r#"NumFromDate("1600-12-31T23:59:59.5Z")"#, json!("-5000000")),
        (
            r#"FormatDateTime(DateFromNum(-5000000), , "s", "o")"#,
            json!("1600-12-31T23:59:59.5000000Z"),
        ),
        (
            r#"FormatDateTime(Now(), , "M/d/yyyy h:mm:ss tt", "o")"#,
            json!("2021-08-25T17:41:18.0000000Z"),
        ),
    ]);
    let most = i64::MAX;
    for (text, function) in [
        (format!(r#"DateAdd("yyyy", {most}, "2021-01-01")"#), "DateAdd"),
        (format!(r#"DateAdd("ww", {most}, "2021-01-01")"#), "DateAdd"),
        (format!(r#"DateAdd("s", -{most}, "2021-01-01")"#), "DateAdd"),
        (r#"DateAdd("yyyy", 8000, "2021-01-01")"#.to_owned(), "DateAdd"),
        ("DateFromNum(9223372036854775806)".to_owned(), "DateFromNum"),
        ("DateFromNum(-9223372036854775808)".to_owned(), "DateFromNum"),
    ] {
        assert_eq!(fault(&text, &json!({})), (Kind::DateOutOfRange, function), "{text}");
    }
    let wrong = fault(r#"DateAdd([a], 1, "2021-01-01")"#, &json!({"a": "q"}));
    assert_eq!(wrong, (Kind::InvalidInterval, "DateAdd"));
}
