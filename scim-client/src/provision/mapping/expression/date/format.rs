/// A format of dates in .NET's language, read once.
#[derive(Clone, Debug)]
pub(in super::super) struct DateFormat {
    pub(super) pieces: Vec<Piece>,
}

/// One piece of a format; a number says how often its letter stands there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Piece {
    /// A character that stands for itself.
    Character(char),
    Era,
    Year(usize),
    Month(usize),
    Day(usize),
    Hour(usize),
    HalfDayHour(usize),
    HalfDay(usize),
    Minute(usize),
    Second(usize),
    /// As many digits of the second.
    Fraction(usize),
    /// As many digits of the second, without zeros at the end; without any, and without the point
    /// before it, if all are zero.
    ShortFraction {
        digits: usize,
        has_point: bool,
    },
    Offset(usize),
    /// `Z` or an offset, if the date has a zone.
    Zone,
    /// `Z` itself, which says that the date is in UTC.
    Zulu,
}

impl DateFormat {
    /// The format, if it is one.
    pub(in super::super) fn parse(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let pieces = match (letters.next(), letters.next()) {
            (Some(letter), None) => pieces(standard(letter)?)?,
            _ => pieces(text)?,
        };
        (!pieces.is_empty()).then_some(Self { pieces })
    }
}

/// The format that a single letter stands for, in the invariant culture.
fn standard(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "MM/dd/yyyy",
        'D' => "dddd, dd MMMM yyyy",
        'f' => "dddd, dd MMMM yyyy HH:mm",
        'F' | 'U' => "dddd, dd MMMM yyyy HH:mm:ss",
        'g' => "MM/dd/yyyy HH:mm",
        'G' => "MM/dd/yyyy HH:mm:ss",
        'm' | 'M' => "MMMM dd",
        'o' | 'O' => "yyyy-MM-ddTHH:mm:ss.fffffffK",
        'r' | 'R' => "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
        's' => "yyyy-MM-ddTHH:mm:ss",
        't' => "HH:mm",
        'T' => "HH:mm:ss",
        'u' => "yyyy-MM-dd HH:mm:ssZ",
        'y' | 'Y' => "yyyy MMMM",
        _ => return None,
    })
}

fn pieces(text: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let behind = rest.get(letter.len_utf8()..)?;
        rest = match letter {
            '\\' => {
                let mut letters = behind.chars();
                pieces.push(Piece::Character(letters.next()?));
                letters.as_str()
            }
            '\'' | '"' => {
                let (quoted, behind) = behind.split_once(letter)?;
                pieces.extend(quoted.chars().map(Piece::Character));
                behind
            }
            '%' if !behind.is_empty() && !behind.starts_with('%') => behind,
            '%' => return None,
            letter => {
                let behind = rest.trim_start_matches(letter);
                let count = (rest.len() - behind.len()) / letter.len_utf8();
                run(letter, count, &mut pieces)?;
                behind
            }
        };
    }
    Some(pieces)
}

/// The pieces for a letter that stands there so many times.
fn run(letter: char, count: usize, pieces: &mut Vec<Piece>) -> Option<()> {
    let piece = match letter {
        'g' => Piece::Era,
        'y' if count <= 5 => Piece::Year(count),
        'M' => Piece::Month(count.min(4)),
        'd' => Piece::Day(count.min(4)),
        'H' => Piece::Hour(count.min(2)),
        'h' => Piece::HalfDayHour(count.min(2)),
        't' => Piece::HalfDay(count.min(2)),
        'm' => Piece::Minute(count.min(2)),
        's' => Piece::Second(count.min(2)),
        'f' if count <= 7 => Piece::Fraction(count),
        'F' if count <= 7 => {
            let has_point = pieces.pop_if(|piece| *piece == Piece::Character('.')).is_some();
            Piece::ShortFraction { digits: count, has_point }
        }
        'z' => Piece::Offset(count.min(3)),
        'K' if count == 1 => Piece::Zone,
        'y' | 'f' | 'F' | 'K' => return None,
        'Z' if count == 1 => Piece::Zulu,
        letter => {
            pieces.extend((0..count).map(|_| Piece::Character(letter)));
            return Some(());
        }
    };
    pieces.push(piece);
    Some(())
}
