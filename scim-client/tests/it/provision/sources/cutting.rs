//! A file that somebody is still writing.

use scim_client::provision::{
    IdentitySource, SourceId,
    source::{JsonLines, Position},
};

use super::{
    JSON,
    folder::{Folder, Reading, text},
};

/// Reads the file as it was after every byte, and tells where that looked like a whole file.
async fn whole_at(file: &str, source: &dyn IdentitySource, folder: &Folder) -> Vec<usize> {
    let mut whole = Vec::new();
    for bytes in 0..file.len() {
        folder.write(&file.as_bytes()[..bytes]);
        let reading = Reading::of(source, Position::Start).await;
        let get = source.get(&SourceId::from("nobody")).await;
        assert_eq!(reading.is_ok(), get.is_ok(), "whether somebody is gone is not certain");
        match reading {
            Ok(_) => whole.push(bytes),
            // A line ends early, or a row is short.
            Err(error) => assert!(!text(&error).contains('@'), "{}", text(&error)),
        }
    }
    folder.write(file);
    Reading::start(source).await;
    whole
}

fn line_ends(file: &str) -> Vec<usize> {
    let ends = file.match_indices('\n').map(|(end, _)| end + 1);
    ends.filter(|end| *end < file.len()).collect()
}

#[tokio::test]
async fn with_an_end_marker_no_cut_off_file_is_whole() {
    for file in [JSON.to_owned(), JSON.replace('\n', "\r\n"), String::new()] {
        let file = format!("{file}{{\"end\": true, \"count\": {}}}\r\n", file.lines().count());
        let folder = Folder::new();
        let source = JsonLines::new(folder.path()).with_end_marker();
        assert_eq!(whole_at(&file, &source, &folder).await, [0; 0]);
    }
}

#[tokio::test]
async fn without_one_a_cut_at_the_end_of_a_line_is_not_seen() {
    let folder = Folder::new();
    let source = JsonLines::new(folder.path());
    assert_eq!(whole_at(JSON, &source, &folder).await, line_ends(JSON));
}

#[cfg(feature = "csv")]
#[tokio::test]
async fn so_with_rows() {
    use scim_client::provision::source::Csv;

    const FILE: &str =
        "\u{feff}\"id\",name,\"note\"\r\nada,\"Ada\nAdler\",\"a \"\"b\"\"\nc\"\r\n\"ben\",,\n";
    // Two of the line ends are in quotation marks.
    let row_ends = [FILE.find("ada").unwrap(), FILE.find("\"ben").unwrap()];
    let folder = Folder::new();
    let source = Csv::new(folder.path());
    assert_eq!(whole_at(FILE, &source, &folder).await, row_ends);
    let source = source.with_end_marker();
    for end in ["#end,2\n", "#end,2,\r\n", "#end,\"2\"\n"] {
        let file = format!("{FILE}{end}");
        assert_eq!(whole_at(&file, &source, &folder).await, [0; 0]);
    }
    let source = Csv::new(folder.path()).with_end_marker();
    assert_eq!(whole_at("id,name\n#end,0\n", &source, &folder).await, [0; 0]);
}

#[tokio::test]
async fn nobody_is_gone_because_of_a_marker_of_another_file() {
    let folder = Folder::with("{\"id\": 1}\n{\"end\": true, \"count\": 1}\n");
    let source = JsonLines::new(folder.path()).with_groups(folder.groups()).with_end_marker();
    let read = || Reading::of(&source, Position::Start);
    assert_eq!(text(&read().await.unwrap_err()), "/groups: the file cannot be read");
    std::fs::write(folder.groups(), "{\"id\": 2}\n").unwrap();
    assert_eq!(text(&read().await.unwrap_err()), "/groups: the end marker is missing");
    std::fs::write(folder.groups(), "{\"id\": 2}\n{\"end\": true, \"count\": 2}\n").unwrap();
    let fault = "/groups, line 2: there are 1 objects, and the end marker tells 2";
    assert_eq!(text(&read().await.unwrap_err()), fault);
    std::fs::write(folder.groups(), "{\"id\": 2}\n{\"end\": true, \"count\": 1}\n").unwrap();
    assert_eq!(read().await.unwrap().names(), ["1", "2"]);
}
