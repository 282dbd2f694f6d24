//! Swedish, Norwegian, Danish and Icelandic names.

use super::culture::{Culture, NameOrder};
use super::name::{Name, NamePool};

pub(super) static NORDIC: Culture = Culture {
    share: 7,
    languages: &["sv-SE", "nb-NO", "da-DK", "is-IS"],
    order: NameOrder::GivenFirst,
    pools: &[NamePool {
        given: &[
            Name::new("Åsa", "asa"),
            Name::new("Björn", "bjorn"),
            Name::new("Søren", "soren"),
            Name::new("Øystein", "oystein"),
            Name::new("Håkan", "hakan"),
            Name::new("Märta", "marta"),
            Name::new("Åse", "ase"),
            Name::new("Jørgen", "jorgen"),
            Name::new("Gösta", "gosta"),
            Name::new("Kåre", "kare"),
            Name::new("Ragnhild", "ragnhild"),
            Name::new("Solveig", "solveig"),
            Name::new("Torbjørn", "torbjorn"),
            Name::new("Göran", "goran"),
            Name::new("Ingrid", "ingrid"),
            Name::new("Bjørg", "bjorg"),
            Name::new("Þóra", "thora"),
            Name::new("Ægir", "aegir"),
            Name::new("Guðrún", "gudrun"),
            Name::new("Pär", "par"),
        ],
        surnames: &[
            Name::new("Åkesson", "akesson"),
            Name::new("Lindström", "lindstrom"),
            Name::new("Sjöberg", "sjoberg"),
            Name::new("Østergård", "ostergard"),
            Name::new("Nørgaard", "norgaard"),
            Name::new("Bjørnstad", "bjornstad"),
            Name::new("Håkansson", "hakansson"),
            Name::new("Gjærum", "gjaerum"),
            Name::new("Sørensen", "sorensen"),
            Name::new("Öberg", "oberg"),
            Name::new("Ødegård", "odegard"),
            Name::new("Nyström", "nystrom"),
            Name::new("Kjær", "kjaer"),
            Name::new("Höglund", "hoglund"),
            Name::new("Strømme", "stromme"),
            Name::new("Lövgren", "lovgren"),
            Name::new("Hjörleifsson", "hjorleifsson"),
            Name::new("Dahl", "dahl"),
        ],
    }],
};
