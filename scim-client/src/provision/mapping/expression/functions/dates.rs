//! Functions of dates. Without a date they give no value.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use super::{Arguments, Function, Interval, Parameter, Role, Stop, Styles, Term};
use crate::provision::mapping::expression::{
    date::{Moment, in_range},
    error::EvaluateErrorKind as Kind,
};

const DATE: Parameter = Parameter::required("date");
const INTERVAL: Parameter = Parameter::required("interval").of(Role::Interval);

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("CDate", &[DATE], c_date),
    Function::new("DateAdd", &[INTERVAL, Parameter::required("count"), DATE], date_add),
    Function::new(
        "DateDiff",
        &[INTERVAL, Parameter::required("from"), Parameter::required("to")],
        date_diff,
    ),
    Function::new("DateFromNum", &[Parameter::required("number")], date_from_num),
    Function::new(
        "FormatDateTime",
        &[
            DATE,
            Parameter::optional("styles").of(Role::Styles),
            Parameter::required("input format").of(Role::Format),
            Parameter::required("output format").of(Role::Format),
        ],
        format_date_time,
    ),
    // In whole seconds, as its text is.
    Function::new("Now", &[], |arguments| Ok(Term::Date(arguments.now().trunc_subsecs(0)))),
    Function::new("NumFromDate", &[DATE], num_from_date),
];

/// The seconds from the beginning of the year 1601, where Active Directory begins, to 1970.
const SINCE_1601: i64 = 11_644_473_600;

/// Active Directory counts in steps of 100 nanoseconds.
const STEPS: i64 = 10_000_000;

/// `CDate(date)`
fn c_date<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    Ok(arguments.date(0)?.map_or(Term::Null, Term::Date))
}

/// `DateAdd(interval, count, date)`
fn date_add<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let interval = interval(arguments)?;
    let Some(date) = arguments.date(2)? else { return Ok(Term::Null) };
    let later = interval.add(arguments.integer(1)?, date).ok_or(Kind::DateOutOfRange)?;
    Ok(Term::Date(later))
}

/// `DateDiff(interval, from, to)`
fn date_diff<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let interval = interval(arguments)?;
    let (Some(from), Some(to)) = (arguments.date(1)?, arguments.date(2)?) else {
        return Ok(Term::Null);
    };
    Ok(Term::Integer(interval.between(from, to)))
}

fn interval(arguments: &Arguments<'_>) -> Result<Interval, Stop> {
    Ok(Interval::parse(&arguments.text_or_empty(0)?).ok_or(Kind::InvalidInterval)?)
}

/// `DateFromNum(number)`: the largest number says never, which is no date.
fn date_from_num<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(number) = arguments.term(0)?.to_integer()?.filter(|number| *number != i64::MAX) else {
        return Ok(Term::Null);
    };
    let seconds = number.div_euclid(STEPS) - SINCE_1601;
    let nanoseconds = u32::try_from(number.rem_euclid(STEPS) * 100).unwrap_or(0);
    let date = DateTime::from_timestamp(seconds, nanoseconds).and_then(in_range);
    Ok(Term::Date(date.ok_or(Kind::DateOutOfRange)?))
}

/// `NumFromDate(date)`
fn num_from_date<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let Some(date) = arguments.date(0)? else { return Ok(Term::Null) };
    let since = date.signed_duration_since(DateTime::<Utc>::UNIX_EPOCH)
        + TimeDelta::try_seconds(SINCE_1601).unwrap_or_default();
    let steps = i64::from(since.subsec_nanos()) / 100;
    let number = since.num_seconds().checked_mul(STEPS).and_then(|whole| whole.checked_add(steps));
    Ok(Term::Integer(number.ok_or(Kind::DateOutOfRange)?))
}

/// `FormatDateTime(date, styles, input format, output format)`: a date that is one already needs no
/// format to be read.
fn format_date_time<'a>(arguments: &Arguments<'a>) -> Result<Term<'a>, Stop> {
    let styles = Styles::parse(&arguments.text_or_empty(1)?).ok_or(Kind::InvalidStyles)?;
    let term = arguments.term(0)?;
    let moment = match term {
        term if term.is_null_or_empty() => return Ok(Term::Null),
        Term::Date(date) => Moment { date, has_zone: true },
        term => {
            let text = term.into_text()?.unwrap_or_default();
            arguments.format(2)?.read(&text, styles).ok_or(Kind::NotADate)?
        }
    };
    arguments.made(arguments.format(3)?.write(moment))
}
