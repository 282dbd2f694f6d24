//! The departments of the hospital group, its job titles, and who reports to whom.

use super::random::Random;

/// A department and what people do there.
#[derive(Debug)]
pub(super) struct Department {
    /// The name.
    pub(super) name: &'static str,
    /// The titles of those who lead nobody.
    pub(super) job_titles: &'static [&'static str],
}

const CHIEF: &str = "Chief Medical Officer";
const HEAD_OF_DEPARTMENT: &str = "Head of Department";
const TEAM_LEAD: &str = "Team Lead";

const WARD: &[&str] = &[
    "Consultant",
    "Resident Physician",
    "Staff Nurse",
    "Staff Nurse",
    "Charge Nurse",
    "Healthcare Assistant",
    "Medical Secretary",
];
const THEATRE: &[&str] =
    &["Consultant", "Resident Physician", "Staff Nurse", "Charge Nurse", "Operating Technician"];
const OFFICE: &[&str] = &["Accountant", "Medical Secretary", "Porter"];

static ADMINISTRATION: Department = Department { name: "Administration", job_titles: OFFICE };

/// All departments but the administration, which also houses the chief.
static OTHERS: [Department; 14] = [
    Department { name: "Anaesthesiology", job_titles: THEATRE },
    Department { name: "Cardiology", job_titles: WARD },
    Department {
        name: "Emergency Medicine",
        job_titles: &["Paramedic", "Staff Nurse", "Resident Physician", "Consultant", "Porter"],
    },
    Department {
        name: "Information Technology",
        job_titles: &["Systems Administrator", "Clinical Data Analyst"],
    },
    Department { name: "Intensive Care", job_titles: WARD },
    Department { name: "Laboratory Medicine", job_titles: &["Biomedical Scientist", "Consultant"] },
    Department { name: "Neurology", job_titles: WARD },
    Department {
        name: "Obstetrics & Gynaecology",
        job_titles: &["Midwife", "Staff Nurse", "Consultant", "Resident Physician"],
    },
    Department { name: "Oncology", job_titles: WARD },
    Department { name: "Orthopaedics", job_titles: &["Consultant", "Physiotherapist"] },
    Department { name: "Paediatrics", job_titles: WARD },
    Department { name: "Pharmacy", job_titles: &["Pharmacist"] },
    Department { name: "Radiology", job_titles: &["Radiographer", "Consultant"] },
    Department { name: "Surgery", job_titles: THEATRE },
];

impl Department {
    /// Finds the department of this name, the administration if there is none.
    pub(super) fn named(name: &str) -> &'static Self {
        Self::all().find(|department| department.name == name).unwrap_or(&ADMINISTRATION)
    }

    fn all() -> impl Iterator<Item = &'static Self> {
        std::iter::once(&ADMINISTRATION).chain(&OTHERS)
    }
}

/// A place in the management tree.
#[derive(Debug)]
pub(super) struct Post {
    /// Where the work is done.
    pub(super) department: &'static Department,
    /// What the work is.
    pub(super) job_title: &'static str,
    /// The place of the manager, which is always an earlier one: so there is no cycle.
    pub(super) manager: Option<usize>,
}

/// Up to how many people a head of department stands for before the next department opens.
const PEOPLE_PER_HEAD: usize = 20;
/// How many people there are for one team lead.
const PEOPLE_PER_LEAD: usize = 12;

/// Lays out the posts of so many people: a chief, heads of departments, team leads, and the staff.
pub(super) fn posts(people: usize, random: &mut Random) -> Vec<Post> {
    let mut posts = Vec::with_capacity(people);
    if people == 0 {
        return posts;
    }
    posts.push(Post { department: &ADMINISTRATION, job_title: CHIEF, manager: None });
    for department in Department::all().take((people - 1).div_ceil(PEOPLE_PER_HEAD)) {
        posts.push(Post { department, job_title: HEAD_OF_DEPARTMENT, manager: Some(0) });
    }
    let heads = posts.len() - 1;
    let leads = (people - posts.len()) / PEOPLE_PER_LEAD;
    for lead in 0..leads {
        posts.push(reporting_to(1 + lead % heads, &posts, |_| TEAM_LEAD));
    }
    // The last level that has anybody leads the staff.
    let managers = if leads > 0 { 1 + heads..1 + heads + leads } else { 1..1 + heads };
    while posts.len() < people {
        let manager = managers.start + random.below(managers.len());
        posts.push(reporting_to(manager, &posts, |department| random.pick(department.job_titles)));
    }
    posts
}

/// Makes a post in the manager's department.
fn reporting_to(
    manager: usize,
    posts: &[Post],
    job_title: impl FnOnce(&Department) -> &'static str,
) -> Post {
    let department = posts.get(manager).map_or(&ADMINISTRATION, |post| post.department);
    Post { department, job_title: job_title(department), manager: Some(manager) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn there_are_fifteen_departments_and_twenty_titles() {
        let titles: BTreeSet<&str> = Department::all()
            .flat_map(|department| department.job_titles)
            .copied()
            .chain([CHIEF, HEAD_OF_DEPARTMENT, TEAM_LEAD])
            .collect();
        assert_eq!(Department::all().count(), 15);
        assert_eq!(titles.len(), 20, "{titles:?}");
    }

    #[test]
    fn everybody_but_the_chief_reports_to_an_earlier_post() {
        for people in [0, 1, 2, 3, 14, 15, 16, 17, 40, 1_000] {
            let posts = posts(people, &mut Random::new(5));
            assert_eq!(posts.len(), people);
            for (index, post) in posts.iter().enumerate() {
                assert!(post.manager.map_or(index == 0, |manager| manager < index));
            }
        }
    }
}
