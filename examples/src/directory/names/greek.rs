//! Greek names, whose surnames have a form for each gender.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static GREEK: Culture = Culture {
    share: 4,
    languages: &["el-GR"],
    order: NameOrder::GivenFirst,
    pools: &[
        NamePool {
            given: &[
                Name::new("Ελένη", "eleni"),
                Name::new("Μαρία", "maria"),
                Name::new("Κατερίνα", "katerina"),
                Name::new("Βασιλική", "vasiliki"),
                Name::new("Σοφία", "sofia"),
                Name::new("Αγγελική", "angeliki"),
                Name::new("Δήμητρα", "dimitra"),
                Name::new("Ιωάννα", "ioanna"),
            ],
            surnames: &[
                Name::new("Παπαδοπούλου", "papadopoulou"),
                Name::new("Γεωργίου", "georgiou"),
                Name::new("Οικονόμου", "oikonomou"),
                Name::new("Βλάχου", "vlachou"),
                Name::new("Παππά", "pappa"),
                Name::new("Καραγιάννη", "karagianni"),
                Name::new("Αντωνοπούλου", "antonopoulou"),
                Name::new("Μακρή", "makri"),
                Name::new("Αλεξίου", "alexiou"),
                Name::new("Νικολαΐδου", "nikolaidou"),
            ],
        },
        NamePool {
            given: &[
                Name::new("Γιώργος", "giorgos"),
                Name::new("Δημήτρης", "dimitris"),
                Name::new("Κωνσταντίνος", "konstantinos"),
                Name::new("Νίκος", "nikos"),
                Name::new("Παναγιώτης", "panagiotis"),
                Name::new("Σπύρος", "spyros"),
                Name::new("Χρήστος", "christos"),
                Name::new("Θεόδωρος", "theodoros"),
            ],
            surnames: &[
                Name::new("Παπαδόπουλος", "papadopoulos"),
                Name::new("Γεωργίου", "georgiou"),
                Name::new("Οικονόμου", "oikonomou"),
                Name::new("Βλάχος", "vlachos"),
                Name::new("Παππάς", "pappas"),
                Name::new("Καραγιάννης", "karagiannis"),
                Name::new("Αντωνόπουλος", "antonopoulos"),
                Name::new("Μακρής", "makris"),
                Name::new("Αλεξίου", "alexiou"),
                Name::new("Νικολαΐδης", "nikolaidis"),
            ],
        },
    ],
};
