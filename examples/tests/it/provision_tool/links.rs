//! Which object belongs to which resource.

use super::Tool;

#[test]
fn links_are_saved_and_restored() {
    let tool = Tool::provisioned();
    let file = tool.path("links.jsonl");
    let file = file.to_str().unwrap();
    tool.run(&["links", "list"]).expect(0).says(&["p1", "g2", "8 links"]);
    tool.run(&["links", "export", file]).expect(0).says(&["8 links were written"]);
    tool.run(&["links", "export", file]).expect(2).says(&["cannot be written"]);

    tool.run(&["links", "remove", "p1"]).expect(0);
    tool.run(&["links", "remove", "p1"]).expect(1).says(&["`p1` is not linked"]);
    tool.run(&["links", "list"]).expect(0).says(&["7 links"]);
    tool.run(&["links", "import", file]).expect(0).says(&["8 links were read"]);
    tool.run(&["links", "list"]).expect(0).says(&["8 links"]);
    tool.run(&["run", "--initial"]).expect(0).counts("unchanged", 8);

    tool.edit("links.jsonl", |links| links.replacen("sourceId", "objectId", 1));
    tool.run(&["links", "import", file]).expect(2).says(&["line 1, is no link"]).hides(&["Ada"]);
}

#[test]
fn a_restart_forgets_what_it_is_asked_to() {
    let tool = Tool::provisioned();
    tool.run(&["restart", "--watermark"]).expect(0);
    tool.run(&["run"]).expect(0).counts("unchanged", 8).says(&[", 0 to write"]);

    tool.run(&["restart", "--links"]).expect(0);
    tool.run(&["links", "list"]).expect(0).says(&["0 links"]);
    tool.run(&["run"]).expect(0).counts("adopted", 8);

    tool.run(&["restart", "--full"]).expect(0);
    tool.run(&["run"]).expect(0).counts("adopted", 8);
    tool.run(&["run", "--reconcile"]).expect(0).counts("unchanged", 8);
}

#[tokio::test]
async fn what_somebody_else_has_changed_is_changed_back() {
    let tool = Tool::provisioned();
    let client = tool.client();
    let users = client.api::<scim_client::User>();
    let user = tool.users().await.into_iter().next().unwrap();
    users.patch(&user.id.unwrap()).replace("title", "Intruder").unwrap().await.unwrap();
    tool.run(&["plan"]).expect(0).says(&["Nothing has changed"]);
    tool.run(&["plan", "--reconcile"])
        .expect(0)
        .counts("update", 1)
        .counts("changed by somebody else", 1);
    tool.run(&["run", "--reconcile"]).expect(0).counts("updated", 1);
    assert!(tool.users().await.iter().all(|user| user.title.as_deref() != Some("Intruder")));
}
