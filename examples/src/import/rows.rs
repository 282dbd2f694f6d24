use std::io::Read;

use csv::{ByteRecord, Position, Reader, ReaderBuilder, Trim};
use scim_client::{
    User,
    scim_core::{EnterpriseUser, MultiValued, resource::Name},
};

use super::{Column, lines::Lines};

/// The rows of a CSV file with a header, read while they are taken.
#[derive(Debug)]
pub struct Rows<R> {
    reader: Reader<Lines<R>>,
    /// The columns in the order of the file.
    columns: Vec<Column>,
    record: ByteRecord,
}

/// Somebody to be created.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Row {
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    /// Who it is.
    pub user: User,
}

/// A row that makes no user.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line}: {fault}")]
#[non_exhaustive]
pub struct InvalidRow {
    /// The line on which the row begins, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a row.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A row needs a value there.
    #[error("`{0}` is missing")]
    Missing(Column),
    /// The bytes are not UTF-8.
    #[error("`{0}` is not UTF-8")]
    NotUtf8(Column),
    /// It is no e-mail address.
    #[error("`{0}` is no e-mail address")]
    NotEmail(Column),
    /// It is neither of the two words.
    #[error("`{0}` is neither `true` nor `false`")]
    NotBoolean(Column),
    /// It has more columns than the header, or fewer.
    #[error("it has {found} columns, and the header has {expected}")]
    Columns {
        /// How many the row has.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// The file cannot be read from there on.
    #[error("the file cannot be read from there on")]
    Unreadable,
}

/// A header that says too little.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHeader {
    /// The file cannot be read.
    #[error("the file cannot be read")]
    Unreadable(#[source] csv::Error),
    /// A column has a name that means nothing here.
    #[error("column {0} of the header has none of the names {names}", names = names())]
    Unknown(usize),
    /// Two columns have the same name.
    #[error("there are two columns `{0}`")]
    Twice(Column),
    /// There are no names to sign in with.
    #[error("there is no column `{}`", Column::UserName)]
    NoUserName,
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    ///
    /// # Errors
    /// If it has a column that is not known or comes twice, or none for `userName`.
    pub fn new(file: R) -> Result<Self, InvalidHeader> {
        let mut reader = ReaderBuilder::new();
        let mut reader = reader.flexible(true).trim(Trim::All).from_reader(Lines::new(file));
        let header = reader.byte_headers().map_err(InvalidHeader::Unreadable)?;
        let mut columns = Vec::new();
        for (name, number) in header.iter().zip(1..) {
            let column = Column::named(name).ok_or(InvalidHeader::Unknown(number))?;
            if columns.contains(&column) {
                return Err(InvalidHeader::Twice(column));
            }
            columns.push(column);
        }
        if columns.contains(&Column::UserName) {
            Ok(Self { reader, columns, record: ByteRecord::new() })
        } else {
            Err(InvalidHeader::NoUserName)
        }
    }

    /// How many bytes of the file are read.
    pub fn position(&self) -> u64 {
        self.reader.position().byte()
    }

    fn user(&self) -> Result<User, Fault> {
        let (found, expected) = (self.record.len(), self.columns.len());
        if found != expected {
            return Err(Fault::Columns { found, expected });
        }
        let text = |column| Ok(self.value(column)?.map(str::to_owned));
        let name = text(Column::UserName)?.ok_or(Fault::Missing(Column::UserName))?;
        let mut user = User::new(name);
        user.external_id = text(Column::ExternalId)?;
        let mut name = Name::default();
        name.given_name = text(Column::GivenName)?;
        name.family_name = text(Column::FamilyName)?;
        user.name = Some(name).filter(|name| *name != Name::default());
        if let Some(email) = self.value(Column::Email)? {
            if !is_email(email) {
                return Err(Fault::NotEmail(Column::Email));
            }
            user.emails.push(MultiValued::new(email).with_type("work").with_primary(true));
        }
        user.active = self.value(Column::Active)?.map(boolean).transpose()?;
        if let Some(department) = text(Column::Department)? {
            let mut enterprise = EnterpriseUser::default();
            enterprise.department = Some(department);
            user = user.with_enterprise(enterprise);
        }
        Ok(user)
    }

    /// The value of a column, unless the row or the whole file has none.
    fn value(&self, column: Column) -> Result<Option<&str>, Fault> {
        let place = self.columns.iter().position(|known| *known == column);
        let Some(bytes) = place.and_then(|place| self.record.get(place)) else { return Ok(None) };
        let text = str::from_utf8(bytes).map_err(|_| Fault::NotUtf8(column))?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

impl<R: Read> Iterator for Rows<R> {
    type Item = Result<Row, InvalidRow>;

    fn next(&mut self) -> Option<Self::Item> {
        let is_row = self.reader.read_byte_record(&mut self.record);
        let begin = self.record.position().map_or(0, Position::byte);
        let line = self.reader.get_mut().line_from(begin);
        let user = match is_row {
            Ok(true) => self.user(),
            Ok(false) => return None,
            Err(_) => Err(Fault::Unreadable),
        };
        Some(match user {
            Ok(user) => Ok(Row { line, user }),
            Err(fault) => Err(InvalidRow { line, fault }),
        })
    }
}

/// Whether there is a mailbox and a domain, which is as much as can be told without asking it.
fn is_email(text: &str) -> bool {
    let is_odd = |c: char| c.is_whitespace() || c.is_control();
    let Some((mailbox, domain)) = text.rsplit_once('@') else { return false };
    !mailbox.is_empty()
        && !text.contains(is_odd)
        && !domain.split('.').any(str::is_empty)
        && !domain.contains(['<', '>', '(', ')', ',', ';', ':', '"'])
}

fn boolean(text: &str) -> Result<bool, Fault> {
    match text {
        _ if text.eq_ignore_ascii_case("true") => Ok(true),
        _ if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(Fault::NotBoolean(Column::Active)),
    }
}

fn names() -> String {
    Column::ALL.map(|column| format!("`{column}`")).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(file: &[u8]) -> Vec<Result<Row, InvalidRow>> {
        Rows::new(file).unwrap().collect()
    }

    #[test]
    fn each_line_is_counted_whatever_ends_it() {
        let files: [(&[u8], &[u64]); 7] = [
            (b"userName\na\nb\n", &[2, 3]),
            (b"userName\r\na\r\nb\r\nc", &[2, 3, 4]),
            (b"userName\n\na\n\n\nb", &[3, 6]),
            (b"userName\r\n\r\na\r\n\r\nb", &[3, 5]),
            (b"\n\nuserName\na", &[4]),
            (b"userName,department\na,\"x\ny\"\nb,\n", &[2, 4]),
            (b"\xef\xbb\xbfuserName\r\na,\r\nb\r\n", &[2, 3]),
        ];
        for (file, lines) in files {
            let found: Vec<u64> = rows(file)
                .into_iter()
                .map(|row| row.map_or_else(|invalid| invalid.line, |row| row.line))
                .collect();
            assert_eq!(found, lines, "{}", file.escape_ascii());
        }
    }

    #[test]
    fn what_is_wrong_with_a_row_is_said_without_a_value() {
        let faults: [(&[u8], &str); 10] = [
            (b",a@b.example,true", "line 2: `userName` is missing"),
            (b" ,a@b.example,true", "line 2: `userName` is missing"),
            (b"secret\xff,,", "line 2: `userName` is not UTF-8"),
            (b"a,secret,", "line 2: `email` is no e-mail address"),
            (b"a,secret@,", "line 2: `email` is no e-mail address"),
            (b"a,se cret@b.example,", "line 2: `email` is no e-mail address"),
            (b"a,secret@b..example,", "line 2: `email` is no e-mail address"),
            (b"a,,secret", "line 2: `active` is neither `true` nor `false`"),
            (b"a,", "line 2: it has 2 columns, and the header has 3"),
            (b"a,,,secret", "line 2: it has 4 columns, and the header has 3"),
        ];
        for (row, text) in faults {
            let file = [b"userName,email,active\n", row].concat();
            let [Err(invalid)] = &rows(&file)[..] else { panic!("{}", row.escape_ascii()) };
            assert_eq!(invalid.to_string(), text);
        }
    }

    #[test]
    fn a_header_that_may_be_a_row_is_not_shown() {
        let headers: [(&str, &str); 4] = [
            ("", "there is no column `userName`"),
            ("email,active", "there is no column `userName`"),
            ("username,USERNAME", "there are two columns `userName`"),
            (
                "userName,secret@b.example",
                "column 2 of the header has none of the names `userName`, `givenName`, \
                 `familyName`, `email`, `active`, `externalId`, `department`",
            ),
        ];
        for (header, text) in headers {
            assert_eq!(Rows::new(header.as_bytes()).unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn a_row_becomes_a_user() {
        let file = "Active , EMAIL,userName,department,familyName,givenName,externalId\n\
                    True, b@c.example ,bj,\"Surgery, 2\",Jensen,Barbara,7\n\
                    ,,x,,,,\n";
        let users: Vec<User> =
            rows(file.as_bytes()).into_iter().map(|row| row.unwrap().user).collect();
        let json = serde_json::to_value(&users).unwrap();
        let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let core = "urn:ietf:params:scim:schemas:core:2.0:User";
        assert_eq!(
            json,
            serde_json::json!([
                {
                    "schemas": [core, enterprise],
                    "userName": "bj",
                    "externalId": "7",
                    "name": {"familyName": "Jensen", "givenName": "Barbara"},
                    "active": true,
                    "emails": [{"value": "b@c.example", "type": "work", "primary": true}],
                    (enterprise): {"department": "Surgery, 2"},
                },
                {"schemas": [core], "userName": "x"},
            ])
        );
    }
}
