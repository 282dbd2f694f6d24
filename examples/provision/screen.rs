//! Tables and lines for whoever sits at the terminal.

use comfy_table::{Table, presets::UTF8_FULL_CONDENSED};

/// How many of a long list are shown.
pub(crate) const SHOWN: usize = 20;

/// A table with that header.
pub(crate) fn table<const N: usize>(header: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_FULL_CONDENSED).set_header(header);
    table
}

/// A table of what there is how often, without what there is not at all.
pub(crate) fn counts<'n>(
    header: [&str; 2],
    rows: impl IntoIterator<Item = (&'n str, usize)>,
) -> Table {
    let mut table = table(header);
    for (name, count) in rows.into_iter().filter(|(_, count)| *count > 0) {
        table.add_row([name.to_owned(), count.to_string()]);
    }
    table
}

/// Prints a table, unless it is empty.
pub(crate) fn show(table: &Table) {
    if table.row_count() > 0 {
        println!("{table}");
    }
}

/// Says that a list goes on, if it does.
pub(crate) fn and_more(all: usize, shown: usize) {
    if all > shown {
        println!("… and {} more", all - shown);
    }
}
