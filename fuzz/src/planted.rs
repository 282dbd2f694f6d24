/// Eight letters of which no message of ours holds four in a row.
const MARKER: &str = "QZXVKJWQ";

/// A text with a marker at the start of each string literal.
///
/// A literal of the input may well say `string`, as a message does; the marker cannot come into
/// an error but out of a literal.
pub(crate) struct Planted {
    text: String,
    /// Where the literals begin in the text as it was: behind their opening quotes.
    starts: Vec<usize>,
}

/// Where a character stands.
#[derive(Clone, Copy)]
enum Place {
    Outside,
    Literal,
    /// Behind a backslash.
    Escape,
}

/// The text with the marker in front.
pub(crate) fn marked(text: &str) -> String {
    format!("{MARKER}{text}")
}

impl Planted {
    /// Takes every quote outside a literal for the start of one. That is right up to the first
    /// fault of a text, and what follows a fault decides nothing.
    pub(crate) fn in_literals(text: &str) -> Self {
        let mut planted = Self { text: String::with_capacity(text.len()), starts: Vec::new() };
        let mut place = Place::Outside;
        for (index, c) in text.char_indices() {
            planted.text.push(c);
            place = match (place, c) {
                (Place::Outside, '"') => {
                    planted.text.push_str(MARKER);
                    planted.starts.push(index + 1);
                    Place::Literal
                }
                (Place::Literal, '"') => Place::Outside,
                (Place::Literal, '\\') => Place::Escape,
                (Place::Escape, _) => Place::Literal,
                (place, _) => place,
            };
        }
        planted
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Where a place of the text as it was lies now.
    pub(crate) fn offset(&self, before: usize) -> usize {
        let markers = self.starts.iter().filter(|start| **start <= before).count();
        before + markers * MARKER.len()
    }

    /// Whether four letters of the marker stand in a row in a message, whatever their case.
    pub(crate) fn shows_in(message: &str) -> bool {
        let message = message.to_ascii_uppercase();
        MARKER.as_bytes().windows(4).any(|run| message.as_bytes().windows(4).any(|w| w == run))
    }
}
