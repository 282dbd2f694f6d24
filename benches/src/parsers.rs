//! The parsers that are measured side by side.

use std::{hint::black_box, str::FromStr};

use scim_filter::parser;

use crate::{
    texts::{Grammar, Text},
    tokenizer,
};

/// A parser, by what it does with a text.
#[derive(Debug)]
#[non_exhaustive]
pub struct Parser {
    /// The name of its crate.
    pub name: &'static str,
    filter: fn(&str) -> bool,
    patch_path: fn(&str) -> bool,
}

/// The parser that is measured.
pub const OURS: Parser = Parser {
    name: "scim-core",
    filter: accepts::<scim_core::Filter>,
    patch_path: accepts::<scim_core::patch::PatchPath>,
};

/// The parsers of other crates.
///
/// Two of them read no path of PATCH, but have a parser of attribute paths.
pub const PEERS: [Parser; 3] = [
    Parser {
        name: "scim_v2",
        filter: accepts::<scim_v2::filter::Filter>,
        patch_path: accepts::<scim_v2::filter::PatchPath>,
    },
    Parser {
        name: "scim-filter",
        filter: |text| matches!(black_box(&parser::filter(text)), Ok(("", _))),
        patch_path: |text| matches!(black_box(&parser::attr_path(text)), Ok(("", _))),
    },
    Parser {
        name: "scim_proto",
        filter: accepts::<scim_proto::filter::ScimFilter>,
        patch_path: accepts::<scim_proto::filter::AttrPath>,
    },
];

/// The limit: it looks at every byte once and builds nothing.
pub const TOKENIZER: Parser =
    Parser { name: "tokenizer", filter: is_tokens, patch_path: is_tokens };

impl Parser {
    /// The function that parses a text of the grammar, drops the tree and says whether there was one.
    ///
    /// There is none where the parser is wrong about the text: what it then takes is no measure.
    pub fn entry(&self, text: &Text) -> Option<fn(&str) -> bool> {
        let parse = match text.grammar {
            Grammar::Filter => self.filter,
            Grammar::PatchPath => self.patch_path,
        };
        (parse(&text.text) == text.valid).then_some(parse)
    }
}

fn accepts<T: FromStr>(text: &str) -> bool {
    black_box(&text.parse::<T>()).is_ok()
}

fn is_tokens(text: &str) -> bool {
    black_box(&tokenizer::count(text)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts;

    #[test]
    fn each_parser_is_measured_with_what_it_reads() {
        let missing = |parser: &Parser| -> Vec<_> {
            let texts = texts::all();
            texts.iter().filter(|text| parser.entry(text).is_none()).map(|text| text.name).collect()
        };
        let [scim_v2, scim_filter, scim_proto] = PEERS;
        let rows: [(_, &[_]); 5] = [
            (OURS, &[]),
            (TOKENIZER, &[]),
            (scim_v2, &[]),
            (scim_filter, &["path-value", "path-value-sub"]),
            (scim_proto, &["urn", "path-value", "path-value-sub", "path-urn"]),
        ];
        for (parser, expected) in rows {
            assert_eq!(missing(&parser), expected, "{}", parser.name);
        }
    }
}
