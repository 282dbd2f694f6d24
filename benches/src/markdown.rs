//! Tables.

/// The head of a table.
pub fn head<S: AsRef<str>>(columns: &[S]) -> String {
    format!("{}\n|{}", row(columns), "---|".repeat(columns.len()))
}

/// A row of a table.
pub fn row<S: AsRef<str>>(cells: &[S]) -> String {
    cells.iter().fold(String::from("|"), |row, cell| row + " " + cell.as_ref() + " |")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_as_many_dashes_as_columns() {
        assert_eq!(head(&["text", "ns"]), "| text | ns |\n|---|---|");
        assert_eq!(row(&["short", "21"]), "| short | 21 |");
    }
}
