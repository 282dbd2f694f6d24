//! The names of the people: tables of many languages, each name with its spelling in ASCII.

mod amharic;
mod arabic;
mod catalogue;
mod chinese;
mod culture;
mod czech;
mod fold;
mod french;
mod german;
mod greek;
mod hebrew;
mod hindi;
mod japanese;
mod korean;
mod name;
mod nordic;
mod polish;
mod russian;
mod spanish;
mod thai;
mod turkish;
mod ukrainian;
mod vietnamese;

pub(super) use self::catalogue::{drawn, of_language, to_ascii};
