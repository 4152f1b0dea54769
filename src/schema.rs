//! JSON Schemas (draft 2020-12) of the study file and the vote record, from the types that hold them.
//!
//! Whatever the readers take, the schemas take. What no schema can tell (an output of a model that is not listed,
//! an id used twice) only the readers refuse.

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::path::StudyFile;
use crate::vote::Vote;

/// The schema of the study file. Unknown keys are refused, except those starting with `x-`.
pub fn study() -> Value {
    let mut schema = schema::<StudyFile>();
    RecursiveTransform(spread_over_variants).transform(&mut schema);
    RecursiveTransform(refuse_unknown_keys).transform(&mut schema);
    schema.to_value()
}

/// The schema of one vote record. Nothing is required and unknown keys are allowed.
pub fn vote() -> Value {
    schema::<Vote>().to_value()
}

fn schema<T: JsonSchema>() -> Schema {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>();
    RecursiveTransform(drop_integer_formats).transform(&mut schema);
    RecursiveTransform(take_null_as_absent).transform(&mut schema);
    schema
}

fn properties(schema: &mut Schema) -> Option<&mut Map<String, Value>> {
    schema.get_mut("properties")?.as_object_mut()
}

/// An object that has keys of its own beside those of a variant: all keys go to each variant, so that what is unknown is unknown
/// to the whole.
fn spread_over_variants(schema: &mut Schema) {
    let Some(own) = properties(schema).cloned() else { return };
    let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(variants) = schema.get_mut("oneOf").and_then(Value::as_array_mut) else { return };
    for variant in variants.iter_mut().filter_map(Value::as_object_mut) {
        if let Some(keys) = variant.get_mut("properties").and_then(Value::as_object_mut) {
            own.iter().for_each(|(key, value)| _ = keys.entry(key).or_insert(value.clone()));
        }
        if let Some(all) = variant.get_mut("required").and_then(Value::as_array_mut) {
            all.extend(required.iter().cloned());
        }
    }
    schema.remove("properties");
    schema.remove("required");
}

fn refuse_unknown_keys(schema: &mut Schema) {
    if properties(schema).is_some() {
        schema.insert("additionalProperties".into(), false.into());
        schema.insert("patternProperties".into(), json!({ "^x-": true }));
    }
}

/// `uint64` and the like are Rust's words; strict validators stop at formats they do not know.
fn drop_integer_formats(schema: &mut Schema) {
    let names_number = schema.get("type").is_some_and(|kind| {
        let names = |value: &Value| value == "integer" || value == "number";
        names(kind) || kind.as_array().is_some_and(|kinds| kinds.iter().any(names))
    });
    if names_number {
        schema.remove("format");
    }
}

/// The readers take `null` for an absent key wherever a key may be absent.
fn take_null_as_absent(schema: &mut Schema) {
    let required: Vec<Value> = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(properties) = properties(schema) else { return };
    let optional = properties.iter_mut().filter(|(key, _)| !required.contains(&Value::from(key.as_str())));
    for property in optional.filter_map(|(_, property)| property.as_object_mut()) {
        allow_null(property);
    }
}

fn allow_null(property: &mut Map<String, Value>) {
    let absent = json!({ "type": "null" });
    if let Some(kind) = property.get_mut("type") {
        match kind {
            Value::Array(kinds) if !kinds.contains(&"null".into()) => kinds.push("null".into()),
            Value::String(_) => *kind = json!([kind, "null"]),
            _ => {}
        }
    } else if let Some(reference) = property.remove("$ref") {
        property.insert("anyOf".into(), json!([{ "$ref": reference }, absent]));
    } else if let Some(Value::Array(choices)) = property.get_mut("anyOf")
        && !choices.contains(&absent)
    {
        choices.push(absent);
    }
}
