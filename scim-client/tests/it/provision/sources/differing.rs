//! A file that is another one in the next cycle, or in the next page.

use scim_client::provision::{
    CycleError, CycleKind, CycleReport, IdentitySource, Provisioner, SourceId,
    source::{FileLimits, Following, JsonLines, Position, Watermark},
};

use super::folder::{Folder, Reading, text};
use crate::provision::house::House;

fn line(id: &str, title: &str) -> String {
    format!(
        "{{\"id\": \"{id}\", \"upn\": \"{id}@clinic.example\", \"title\": \"{title}\", \
         \"roles\": [\"User\"]}}\n"
    )
}

fn lines(ids: &[&str]) -> String {
    ids.iter().map(|id| line(id, "Porter")).collect()
}

/// Two objects on a page.
fn source(folder: &Folder) -> JsonLines {
    JsonLines::new(folder.path()).with_limits(FileLimits::new().with_page(2))
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[tokio::test]
async fn only_who_is_changed_new_or_gone_is_given() {
    let folder = Folder::with(lines(&["ada", "ben", "cy", "dan", "eve"]));
    let source = source(&folder);
    let first = Reading::start(&source).await;
    assert_eq!((first.batches, first.is_snapshot), (3, true));
    folder.write(
        [line("fay", "Nurse"), lines(&["eve", "dan"]), line("ada", "Nurse"), line("gil", "Nurse")]
            .concat(),
    );
    let second = Reading::since(&source, &first.watermark).await;
    assert_eq!(second.names(), names(&["fay", "ada", "gil", "-ben", "-cy"]));
    assert_eq!((second.batches, second.is_snapshot), (2, false));
    // It is asked again if the cycle has failed, and after something else has changed.
    assert_eq!(Reading::since(&source, &first.watermark).await.names(), second.names());
    folder.write(lines(&["ada", "ben", "cy", "dan"]));
    let third = Reading::since(&source, &first.watermark).await;
    assert_eq!((third.is_snapshot, third.names()), (false, names(&["-eve"])));
    // And what it was in between is forgotten, so that all is said.
    let fourth = Reading::since(&source, &second.watermark).await;
    assert_eq!((fourth.is_snapshot, fourth.names()), (true, names(&["ada", "ben", "cy", "dan"])));
}

#[tokio::test]
async fn another_process_knows_an_unchanged_file_and_reads_another_one_whole() {
    let folder = Folder::with(lines(&["ada", "ben", "cy"]));
    let watermark = Reading::start(&source(&folder)).await.watermark;
    // Whenever it was written.
    folder.write(lines(&["ada", "ben", "cy"]));
    let since = Reading::since(&source(&folder), &watermark).await;
    assert_eq!((since.is_snapshot, since.changes.len()), (false, 0));
    folder.write(lines(&["ada", "cy"]));
    let since = Reading::since(&source(&folder), &watermark).await;
    assert_eq!((since.is_snapshot, since.names()), (true, names(&["ada", "cy"])));
    // By other settings the same file says something else.
    let fields = scim_client::provision::source::Fields::new().with_id("upn");
    let since = Reading::since(&source(&folder).with_fields(fields), &since.watermark).await;
    assert_eq!(since.names(), names(&["ada@clinic.example", "cy@clinic.example"]));
    let since = Reading::since(&source(&folder), &Watermark::new("of another source")).await;
    assert!(since.is_snapshot);
}

#[tokio::test]
async fn a_file_that_changes_between_pages_is_an_error() {
    let people = lines(&["ada", "ben", "cy", "dan", "eve"]);
    let longer = format!("{people}{}", line("fay", "Porter"));
    let other = people.replace("\"cy", "\"ci");
    let shorter = lines(&["ada", "ben"]);
    for (file, at_once) in [(&longer, false), (&other, false), (&other, true), (&shorter, false)] {
        let folder = Folder::with(&people);
        let source = source(&folder);
        let Following::More(next) = source.read(&Position::Start).await.unwrap().following else {
            panic!("there are three pages")
        };
        if at_once {
            folder.write_at_once(file);
        } else {
            folder.write(file);
        }
        let error = source.read(&Position::Next(next.clone())).await.unwrap_err();
        assert_eq!(text(&error), "/people: the file has changed while it was read");
        std::fs::remove_file(folder.path()).unwrap();
        let error = source.read(&Position::Next(next)).await.unwrap_err();
        assert_eq!(text(&error), "/people: the file cannot be read");
    }
}

#[tokio::test]
async fn a_single_object_is_read_as_it_is_now() {
    let folder = Folder::with(lines(&["ada", "ben"]));
    let source = source(&folder);
    Reading::start(&source).await;
    let title = async |id: &str| {
        let object = source.get(&SourceId::from(id)).await.unwrap();
        object.map(|object| object.attributes["title"].as_str().unwrap().to_owned())
    };
    assert_eq!(title("ben").await.as_deref(), Some("Porter"));
    folder.write([line("ben", "Head nurse"), line("cy", "Nurse")].concat());
    assert_eq!(title("ben").await.as_deref(), Some("Head nurse"));
    assert_eq!(title("cy").await.as_deref(), Some("Nurse"));
    assert_eq!(title("ada").await, None);
    folder.write(line("cy", "Nurse").trim());
    assert!(source.get(&SourceId::from("ada")).await.is_err());
}

/// A cycle as another process runs it.
async fn run(house: &House, source: JsonLines) -> Result<CycleReport, CycleError> {
    let client = house.provider.client();
    let job = Provisioner::new(&client, (house.mapping)(), source, house.memory.clone()).unwrap();
    job.with_scope((house.scope)()).run(CycleKind::Incremental).await
}

fn active(house: &House) -> Vec<bool> {
    let users = house.provider.users();
    users.iter().map(|user| user["active"].as_bool().unwrap()).collect()
}

#[tokio::test]
async fn who_is_gone_from_the_file_is_disabled_by_another_process() {
    let (house, folder) = (House::new(), Folder::with(lines(&["ada", "ben", "cy", "dan"])));
    let report = run(&house, source(&folder)).await.unwrap();
    assert_eq!((report.kind, report.created), (CycleKind::Initial, 4));
    let report = run(&house, source(&folder)).await.unwrap();
    assert_eq!((report.kind, report.objects), (CycleKind::Incremental, 0));

    folder.write([line("ada", "Nurse"), lines(&["cy", "dan"])].concat());
    let report = run(&house, source(&folder)).await.unwrap();
    assert_eq!((report.kind, report.objects), (CycleKind::Initial, 4));
    assert_eq!((report.updated, report.disabled, report.unchanged), (1, 1, 2));
    assert_eq!(active(&house), [true, false, true, true]);

    // A file that is being written changes nothing, and neither does what became of it.
    house.provider.take();
    folder.write(lines(&["ada", "ben"]).trim());
    let error = run(&house, source(&folder)).await.unwrap_err();
    assert!(matches!(error, CycleError::Source(_)));
    assert_eq!(house.provider.take_lines(), [""; 0]);
    assert_eq!(active(&house), [true, false, true, true]);

    folder.write(lines(&["ada", "ben", "cy", "dan"]));
    let report = run(&house, source(&folder)).await.unwrap();
    assert_eq!((report.updated, report.enabled, report.disabled), (2, 1, 0));
    assert_eq!(active(&house), [true; 4]);
}

#[tokio::test]
async fn one_process_disables_them_by_the_difference() {
    let (house, folder) = (House::new(), Folder::with(lines(&["ada", "ben", "cy", "dan"])));
    let (client, source) = (house.provider.client(), source(&folder));
    let memory = house.memory.clone();
    let job = Provisioner::new(&client, (house.mapping)(), source, memory).unwrap();
    job.run(CycleKind::Initial).await.unwrap();
    folder.write(lines(&["dan", "ada"]));
    let report = job.run(CycleKind::Incremental).await.unwrap();
    assert_eq!((report.kind, report.objects, report.disabled), (CycleKind::Incremental, 2, 2));
    assert_eq!(active(&house), [true, false, false, true]);
    house.assert_quiet_in(&job).await;
}
