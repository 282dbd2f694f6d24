use std::fmt;

/// Somebody to provision; a synthetic person, as this is for tests.
///
/// ```
/// use scim_server::emulate::Person;
///
/// let maren = Person::new("maren.holt@clinic.example")
///     .with_name("Maren", "Holt")
///     .with_email("maren.holt@clinic.example");
/// assert_eq!(maren.external_id, "maren.holt");
/// assert_eq!(maren.display_name().as_deref(), Some("Maren Holt"));
/// ```
#[derive(Clone, Eq, PartialEq)]
#[non_exhaustive]
pub struct Person {
    /// `userName`.
    pub user_name: String,
    /// `externalId`: what the directory knows the person by.
    pub external_id: String,
    /// `name.givenName`.
    pub given_name: Option<String>,
    /// `name.familyName`.
    pub family_name: Option<String>,
    /// `title`.
    pub title: Option<String>,
    /// The `value` of the e-mail address at work.
    pub email: Option<String>,
    /// The `value` of the telephone number at work.
    pub phone_number: Option<String>,
    /// `department` of the enterprise extension.
    pub department: Option<String>,
    /// `employeeNumber` of the enterprise extension.
    pub employee_number: Option<String>,
}

impl Person {
    /// Somebody of that name, whom the directory knows by what stands before the `@`.
    pub fn new(user_name: impl Into<String>) -> Self {
        let user_name = user_name.into();
        let external_id = user_name.split('@').next().unwrap_or_default().to_owned();
        Self {
            user_name,
            external_id,
            given_name: None,
            family_name: None,
            title: None,
            email: None,
            phone_number: None,
            department: None,
            employee_number: None,
        }
    }

    /// The person with another `externalId`.
    #[must_use]
    pub fn with_external_id(mut self, external_id: impl Into<String>) -> Self {
        self.external_id = external_id.into();
        self
    }

    /// The person with a given name and a family name.
    #[must_use]
    pub fn with_name(mut self, given: impl Into<String>, family: impl Into<String>) -> Self {
        self.given_name = Some(given.into());
        self.family_name = Some(family.into());
        self
    }

    /// The person with a title.
    #[must_use]
    pub fn with_title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The person with an e-mail address at work.
    #[must_use]
    pub fn with_email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// The person with a telephone number at work.
    #[must_use]
    pub fn with_phone_number(mut self, phone_number: impl Into<String>) -> Self {
        self.phone_number = Some(phone_number.into());
        self
    }

    /// The person with a department.
    #[must_use]
    pub fn with_department(mut self, department: impl Into<String>) -> Self {
        self.department = Some(department.into());
        self
    }

    /// The person with an employee number.
    #[must_use]
    pub fn with_employee_number(mut self, employee_number: impl Into<String>) -> Self {
        self.employee_number = Some(employee_number.into());
        self
    }

    /// `displayName`: the given name and the family name, where there are both.
    pub fn display_name(&self) -> Option<String> {
        let (given, family) = self.given_name.as_ref().zip(self.family_name.as_ref())?;
        Some(format!("{given} {family}"))
    }

    /// The cast of a scenario, under names that no earlier run has used.
    pub(super) fn cast() -> [Self; 3] {
        let run = uuid::Uuid::new_v4().simple().to_string();
        let somebody = |given: &str, family: &str| {
            let name = format!("{given}.{family}.{run}").to_lowercase();
            Self::new(format!("{name}@clinic.example")).with_name(given, family)
        };
        let work = |person: Self| {
            let email = person.user_name.clone();
            person.with_email(email).with_phone_number("+1 555 0100")
        };
        [
            work(somebody("Samir", "Delacroix").with_title("Head of nursing")),
            work(somebody("Maren", "Holt").with_department("Cardiology"))
                .with_employee_number("70142"),
            somebody("Tobias", "Okafor"),
        ]
    }
}

/// Without a word of the person.
impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Person").finish_non_exhaustive()
    }
}
