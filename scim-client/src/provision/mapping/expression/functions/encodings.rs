//! Functions that write a value in another way, and one of numbers.

use std::fmt::Write;

use base64::{Engine, prelude::BASE64_STANDARD};

use super::{Arguments, Function, Parameter, Stop, Term};

const SOURCE: &[Parameter] = &[Parameter::required("source")];

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("BitAnd", &[Parameter::required("number"), Parameter::required("mask")], bit_and),
    Function::new("ConvertToBase64", SOURCE, convert_to_base64),
    Function::new("ConvertToUTF8Hex", SOURCE, convert_to_utf8_hex),
    Function::new("CStr", SOURCE, c_str),
];

/// `BitAnd(number, mask)`
fn bit_and<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let number = arguments.term(0)?.to_integer()?;
    let mask = arguments.term(1)?.to_integer()?;
    Ok(number.zip(mask).map_or(Term::Null, |(number, mask)| Term::Integer(number & mask)))
}

/// `ConvertToBase64(source)`: of UTF-16, the lower byte first.
fn convert_to_base64<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(0)? else { return Ok(Term::Null) };
    let bytes: Vec<u8> = source.encode_utf16().flat_map(u16::to_le_bytes).collect();
    arguments.made(BASE64_STANDARD.encode(bytes))
}

/// `ConvertToUTF8Hex(source)`
fn convert_to_utf8_hex<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(source) = arguments.text(0)? else { return Ok(Term::Null) };
    let mut hex = String::with_capacity(source.len() * 2);
    for byte in source.bytes() {
        // Writing to a text cannot fail.
        let _ = write!(hex, "{byte:02X}");
    }
    arguments.made(hex)
}

/// `CStr(source)`
fn c_str<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(arguments.text(0)?.map_or(Term::Null, Term::Text))
}
