//! `chancery ast` and its schema.

use crate::sandbox::Sandbox;
use crate::support::crate_path;
use crate::tidy_source::Source as Files;
use chancery::ast::Tree;
use chancery::parse::parse;
use chancery::source::{Source, Sources};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const SPECIMEN: &str = include_str!("specimen.md");

/// What a value breaks of a schema, in the part of JSON Schema that ours uses.
fn problems(value: &Value, schema: &Value, root: &Value, place: &str, found: &mut Vec<String>) {
    let rules = schema.as_object().unwrap();
    let mut report = |message: String| found.push(format!("{place}: {message}"));
    for (rule, argument) in rules {
        match rule.as_str() {
            "$schema" | "title" | "description" | "$defs" | "properties" | "additionalProperties" => {}
            "$ref" => {
                let target = root.pointer(argument.as_str().unwrap().trim_start_matches('#')).unwrap();
                problems(value, target, root, place, found);
                return;
            }
            "type" => {
                let names = argument.as_array().cloned().unwrap_or_else(|| vec![argument.clone()]);
                if !names.iter().any(|name| is_of_type(value, name.as_str().unwrap())) {
                    report(format!("is not of type {argument}: {value}"));
                }
            }
            "enum" => {
                if !argument.as_array().unwrap().contains(value) {
                    report(format!("{value} is not listed"));
                }
            }
            "required" => {
                for key in argument.as_array().unwrap() {
                    if value.get(key.as_str().unwrap()).is_none() {
                        report(format!("{key} is missing"));
                    }
                }
            }
            "minimum" => {
                if value.as_f64() < argument.as_f64() {
                    report(format!("{value} is too small"));
                }
            }
            "maximum" => {
                if value.as_f64() > argument.as_f64() {
                    report(format!("{value} is too large"));
                }
            }
            "minItems" | "maxItems" => {
                let (length, limit) = (value.as_array().map_or(0, Vec::len) as u64, argument.as_u64().unwrap());
                if if rule == "minItems" { length < limit } else { length > limit } {
                    report(format!("has {length} items"));
                }
            }
            "items" => {}
            other => panic!("the test does not know the rule {other}"),
        }
    }
    if let (Some(items), Some(values)) = (rules.get("items"), value.as_array()) {
        for (index, item) in values.iter().enumerate() {
            problems(item, items, root, &format!("{place}/{index}"), found);
        }
    }
    let Some(object) = value.as_object() else { return };
    let none = Map::new();
    let properties = rules.get("properties").and_then(Value::as_object).unwrap_or(&none);
    for (key, item) in object {
        let place = format!("{place}/{key}");
        match (properties.get(key), rules.get("additionalProperties")) {
            (Some(schema), _) => problems(item, schema, root, &place, found),
            (None, Some(Value::Bool(false))) => found.push(format!("{place}: is not in the schema")),
            (None, Some(schema @ Value::Object(_))) => problems(item, schema, root, &place, found),
            (None, _) => {}
        }
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the test does not know the type {other}"),
    }
}

fn schema() -> Value {
    serde_json::from_str(&std::fs::read_to_string(crate_path("docs/ast.schema.json")).unwrap()).unwrap()
}

fn ast(text: &str) -> Value {
    let run = Sandbox::with(&[("note.md", text)]).run(&["ast", "note.md"]).ends_with(0);
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_tree_keeps_to_its_schema() {
    let schema = schema();
    let mut texts = vec![SPECIMEN.to_owned()];
    texts.push(std::fs::read_to_string(crate_path("source/handbook.md")).unwrap());
    for text in texts {
        let mut found = Vec::new();
        problems(&ast(&text), &schema, &schema, "", &mut found);
        assert!(found.is_empty(), "{found:#?}");
    }
}

#[test]
fn the_schema_is_held_to() {
    let schema = schema();
    let mut tree = ast("# A note\n");
    tree["children"][0]["level"] = Value::from(9);
    tree["nonsense"] = Value::from(true);
    let mut found = Vec::new();
    problems(&tree, &schema, &schema, "", &mut found);
    assert_eq!(found.len(), 2, "{found:#?}");
}

#[test]
fn nodes_know_their_places() {
    let tree = ast("# A note\n\nSome *words*.\n");
    let emphasis = &tree["children"][1]["children"][1];
    assert_eq!(emphasis["type"], "emphasis");
    assert_eq!(emphasis["span"]["file"], "note.md");
    assert_eq!((&emphasis["span"]["start"], &emphasis["span"]["end"]), (&Value::from(15), &Value::from(22)));
    assert_eq!((&emphasis["span"]["from"][0], &emphasis["span"]["from"][1]), (&Value::from(3), &Value::from(6)));
}

/// Every kind of node that the schema names occurs in some readable case.
#[test]
fn every_kind_of_node_has_a_case() {
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(crate_path("docs/ast.schema.json")).unwrap()).unwrap();
    let named = schema.pointer("/$defs/node/properties/type/enum").unwrap().as_array().unwrap();
    let mut missing: BTreeSet<String> = named.iter().map(|kind| kind.as_str().unwrap().to_owned()).collect();
    for path in Files::files("tests/cases", &["md"]) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let mut sources = Sources::default();
        let file = sources.add(Source::new("case.md", text));
        let document = parse(file, &mut sources).value;
        strike(&Tree::from_document(&document, &sources), &mut missing);
    }
    assert!(missing.is_empty(), "no case has {missing:?}");
}

fn strike(tree: &Tree, missing: &mut BTreeSet<String>) {
    missing.remove(tree.kind);
    tree.children.iter().for_each(|child| strike(child, missing));
}
