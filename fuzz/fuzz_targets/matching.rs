//! A filter that means something, and a resource of any shape.

#![no_main]

use libfuzzer_sys::{
    arbitrary::{Result, Unstructured},
    fuzz_target,
};
use scim_core::{Filter, Resource, resource::CompactResource};
use scim_fuzz::{Subject, keeps_values_to_itself};

fuzz_target!(|bytes: &[u8]| {
    // Its only error is a lack of choices, and there always are some.
    let _ = check(&mut Unstructured::new(bytes));
});

fn check(choices: &mut Unstructured<'_>) -> Result<()> {
    let mut subject = Subject::new(choices)?;
    let text = subject.filter()?;
    let resource = subject.resource()?;
    let schema = subject.schema;
    let filter = match text.parse::<Filter>() {
        Ok(filter) => filter,
        Err(error) => {
            keeps_values_to_itself(&error);
            return Ok(());
        }
    };
    let bound = match filter.bind(schema) {
        Ok(bound) => bound,
        Err(error) => {
            keeps_values_to_itself(&error);
            return Ok(());
        }
    };
    let answer = bound.matches(&resource);

    let compact = CompactResource::from(&resource);
    assert_eq!(bound.matches(&compact), answer, "{text}");
    assert_eq!(bound.select([&compact]).next().is_some(), answer, "{text}");
    let resource = Resource::from_canonical(resource);
    assert_eq!(compact.to_resource(), resource);

    let printed: Filter = filter.to_string().parse().expect("what was printed is in the grammar");
    let printed = printed.bind(schema).expect("it means what it meant");
    assert_eq!(printed.matches(&resource), answer, "{text}");

    let other: Filter = format!("not ({text})").parse().expect("so is its opposite");
    let other = other.bind(schema).expect("that means something, too");
    assert_eq!(other.matches(&resource), !answer, "{text}");
    Ok(())
}
