use csv::{QuoteStyle, WriterBuilder};
use proptest::{collection::vec, prelude::*, sample::select};
use scim_client::provision::source::{Change, Csv, Fields, FileLimits, ObjectKind, Position};
use serde_json::json;

use super::folder::{Folder, Reading, fault};

#[tokio::test]
async fn what_is_wrong_is_said_without_a_value() {
    let rows = [
        ("", "/people: the file does not end with a whole line"),
        ("id,name", "/people: the file does not end with a whole line"),
        ("id,name\n1,\"secret\n", "/people: the file does not end with a whole line"),
        ("name\nsecret\n", "/people, line 1: there is no column `id`"),
        ("secret,\n", "/people, line 1: column 2 of the header has no name of its own"),
        ("id,secret,secret\n", "/people, line 1: column 3 of the header has no name of its own"),
        ("id,name\n1\n", "/people, line 2: it has 1 columns, and the header has 2"),
        ("id,name\n1,,secret\n", "/people, line 2: it has 3 columns, and the header has 2"),
        ("id,name\n\n", "/people, line 2: it has 1 columns, and the header has 2"),
        ("id\n\n", "/people, line 2: it has no identifier"),
        ("id,name\n,secret\n", "/people, line 2: it has no identifier"),
        ("id,name\n1,\"a\nb\"\n1,secret\n", "/people, line 4: the identifier came before"),
        ("id,name\n1,se\"cret\n", "/people, line 2: there is a quotation mark where none may be"),
        ("id,name\n1,\"se\"cret\n", "/people, line 2: there is a quotation mark where none may be"),
        ("id,active\n1,secret\n", "/people, line 2: `active` has a value that means nothing"),
        ("id,kind\n1,secret\n", "/people, line 2: `kind` has a value that means nothing"),
        (
            "id,name\n1,a\n#end,2\n",
            "/people, line 3: there are 1 objects, and the end marker tells 2",
        ),
        ("id,name\n#end,0\n1,secret\n", "/people, line 3: something follows the end marker"),
    ];
    for (file, text) in rows {
        let folder = Folder::with(file);
        assert_eq!(fault(&Csv::new(folder.path())).await, text, "{file}");
    }
    let folder = Folder::with(b"id,name\n1,secret\xff\n");
    assert_eq!(fault(&Csv::new(folder.path())).await, "/people, line 2: it is not UTF-8");
}

#[tokio::test]
async fn a_column_of_the_settings_must_be_there() {
    let folder = Folder::with("id,role,mails\n1,User,a;b\n");
    let source = Csv::new(folder.path()).with_fields(Fields::new().with_roles("roles"));
    assert_eq!(fault(&source).await, "/people, line 1: there is no column `roles`");
    let source = Csv::new(folder.path()).with_list("otherMails", ';');
    assert_eq!(fault(&source).await, "/people, line 1: there is no column `otherMails`");
    let fields = Fields::new().with_roles("role");
    let source = Csv::new(folder.path()).with_fields(fields).with_list("mails", ';');
    Reading::start(&source).await;
}

#[tokio::test]
async fn quoted_cells_hold_anything() {
    let folder = Folder::with(
        "\u{feff}\"id\" ;\"note\";mails;members;kind\r\n\
         \" 1\";\"a;\r\n\"\"b\"\"\n\";\" x | y || \";\"2|3\";group\r\n",
    );
    // The blank after the first name is not one of a name in quotation marks.
    let source = || Csv::new(folder.path()).with_delimiter(b';');
    assert_eq!(
        fault(&source()).await,
        "/people, line 1: there is a quotation mark where none may be"
    );
    folder.write(std::fs::read_to_string(folder.path()).unwrap().replace("\"id\" ", " id "));
    let source = source().with_list("mails", '|').with_list("members", '|');
    let reading = Reading::start(&source).await;
    let [Change::Present(group)] = &reading.changes[..] else { panic!("there is one") };
    assert_eq!(
        json!(group.attributes),
        json!({"id": " 1", "note": "a;\r\n\"b\"\n", "mails": ["x", "y"]})
    );
    assert_eq!((group.id.as_str(), group.kind), (" 1", ObjectKind::Group));
    assert_eq!(group.members, ["2".into(), "3".into()]);
}

#[tokio::test]
async fn a_row_is_no_longer_than_a_line_may_be() {
    let folder = Folder::with("id,n\n1,\"a\nb\nc\"\n");
    let with = |line| Csv::new(folder.path()).with_limits(FileLimits::new().with_line(line));
    for (line, is_read) in [(3, false), (8, false), (9, true)] {
        assert_eq!(Reading::of(&with(line), Position::Start).await.is_ok(), is_read, "{line}");
    }
    for line in 4..9 {
        let text = format!("/people, line 2: it is longer than {line} bytes");
        assert_eq!(fault(&with(line)).await, text);
    }
}

#[tokio::test]
async fn another_header_changes_everyone() {
    let folder = Folder::with("id,a\n1,x\n2,y\n");
    let source = Csv::new(folder.path());
    let reading = Reading::start(&source).await;
    folder.write("id,b\n1,x\n2,y\n");
    let since = Reading::since(&source, &reading.watermark).await;
    assert_eq!((since.is_snapshot, since.names()), (false, vec!["1".to_owned(), "2".to_owned()]));
}

#[tokio::test]
async fn groups_have_a_header_of_their_own() {
    let folder = Folder::with("id,mail\nada,a@b.example\n");
    std::fs::write(folder.groups(), "name,members,id\nAll,ada,all\n").unwrap();
    let reading = Reading::start(&Csv::new(folder.path()).with_groups(folder.groups())).await;
    let [Change::Present(ada), Change::Present(all)] = &reading.changes[..] else {
        panic!("there are two")
    };
    assert_eq!((ada.kind, all.kind), (ObjectKind::User, ObjectKind::Group));
    assert_eq!(
        (all.attributes["name"].as_str(), &all.members[..]),
        (Some("All"), &["ada".into()][..])
    );
}

/// What the file says: the cells of each row, and nothing for an empty one.
fn cells(reading: &Reading) -> Vec<Vec<String>> {
    let cells = |change: &Change| match change {
        Change::Present(object) => {
            let cell = |name: &str| object.value(name).and_then(|cell| cell.as_str());
            ["a", "b"].map(|name| cell(name).unwrap_or_default().to_owned()).to_vec()
        }
        Change::Removed(_) => panic!("nobody is gone"),
    };
    reading.changes.iter().map(cells).collect()
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        rows in vec(vec("[a\",;\n\r #\u{e9}]{0,6}", 2), 0..6),
        style in select(&[QuoteStyle::Necessary, QuoteStyle::Always][..]),
    ) {
        let mut writer = WriterBuilder::new().quote_style(style).from_writer(Vec::new());
        writer.write_record(["id", "a", "b"]).unwrap();
        for (row, number) in rows.iter().zip(1..) {
            writer.write_record([&number.to_string(), &row[0], &row[1]]).unwrap();
        }
        let folder = Folder::with(writer.into_inner().unwrap());
        let source = Csv::new(folder.path()).with_limits(FileLimits::new().with_page(2));
        let reading = block_on(Reading::start(&source));
        prop_assert_eq!(cells(&reading), rows);
    }

    #[test]
    fn any_file_is_read_or_not(file in "[a1\",\n\r#]{0,40}") {
        let folder = Folder::with(format!("id,a\n{file}"));
        let reading = block_on(Reading::of(&Csv::new(folder.path()), Position::Start));
        prop_assert!(reading.is_err() || file.is_empty() || file.ends_with('\n'));
    }
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}
