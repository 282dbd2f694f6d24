use std::io::{self, Write};

use scim_examples::{
    directory::{Directory, Person},
    import::Column,
};

/// How many people the file has.
const PEOPLE: usize = 1200;
/// Every so many people, a faulty row follows.
const BETWEEN_FAULTS: usize = 300;

/// Writes a file of people, all made up, some of whose rows cannot be imported.
pub(crate) fn write(file: impl Write) -> io::Result<()> {
    let mut file = csv::WriterBuilder::new().flexible(true).from_writer(file);
    let directory = Directory::generate(7, PEOPLE, 0);
    let faulty: [&[&str]; 4] = [
        // Nobody to sign in.
        &["", "Nobody", "Known", "nobody@clinic.example", "true", "", ""],
        // No e-mail address.
        &["guest.one", "Guest", "One", "guest.one at clinic", "true", "", ""],
        // No truth value.
        &["guest.two", "Guest", "Two", "guest.two@clinic.example", "perhaps", "", ""],
        // Too short.
        &["guest.three", "Guest"],
    ];
    let mut faulty = faulty.iter();
    file.write_record(Column::ALL.map(Column::as_str))?;
    for (person, number) in directory.people().zip(1..) {
        file.write_record(row(person))?;
        if number % BETWEEN_FAULTS == 0
            && let Some(row) = faulty.next()
        {
            file.write_record(*row)?;
        }
    }
    file.flush()
}

fn row(person: &Person) -> [&str; 7] {
    let active = if person.account_enabled { "true" } else { "false" };
    Column::ALL.map(|column| match column {
        Column::UserName => &person.user_principal_name,
        Column::GivenName => &person.given_name,
        Column::FamilyName => &person.surname,
        Column::Email => &person.mail,
        Column::Active => active,
        Column::ExternalId => person.object_id.as_str(),
        Column::Department => &person.department,
        _ => "",
    })
}
