//! The members of a JSON object, taken one by one, so that what nobody took is known at the end.

use serde_json::{Map, Value};

use super::fields::plain;

/// What is left of an object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::connector) struct Members(Map<String, Value>);

impl Members {
    /// The members of a value; `None` if it is no object.
    pub(in crate::connector) fn of(value: Value) -> Option<Self> {
        match value {
            Value::Object(members) => Some(Self(members)),
            _ => None,
        }
    }

    /// Whether there is a member of this name that is not null.
    pub(in crate::connector) fn has(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.is_null())
    }

    /// Looks at a member without taking it.
    pub(in crate::connector) fn look(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Takes a text, or a number as its digits. Empty if there is none; a value of another kind stays.
    pub(in crate::connector) fn text(&mut self, name: &str) -> String {
        let text = match self.0.get(name) {
            Some(value @ (Value::String(_) | Value::Number(_) | Value::Null)) => plain(value),
            _ => return String::new(),
        };
        self.0.remove(name);
        text
    }

    /// Takes a truth value; one of another kind stays.
    pub(in crate::connector) fn flag(&mut self, name: &str) -> bool {
        let Some(Value::Bool(flag)) = self.0.get(name) else {
            self.drop_null(name);
            return false;
        };
        let flag = *flag;
        self.0.remove(name);
        flag
    }

    /// Takes a value of any kind but null.
    pub(in crate::connector) fn any(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name).filter(|value| !value.is_null())
    }

    /// Takes an object; a value of another kind stays.
    pub(in crate::connector) fn object(&mut self, name: &str) -> Option<Self> {
        if !self.0.get(name).is_some_and(Value::is_object) {
            self.drop_null(name);
            return None;
        }
        self.0.remove(name).and_then(Self::of)
    }

    /// Takes an array; a value of another kind stays.
    pub(in crate::connector) fn list(&mut self, name: &str) -> Option<Vec<Value>> {
        match self.0.remove(name) {
            Some(Value::Array(values)) => Some(values),
            Some(Value::Null) | None => None,
            Some(other) => {
                self.0.insert(name.to_owned(), other);
                None
            }
        }
    }

    /// Gives back what is left of the object that was taken as `name`, if anything is.
    pub(in crate::connector) fn give_back(&mut self, name: &str, rest: Self) {
        if !rest.is_empty() {
            self.0.insert(name.to_owned(), rest.into_value());
        }
    }

    /// Whether all was taken.
    pub(in crate::connector) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left as an object.
    pub(in crate::connector) fn into_value(self) -> Value {
        Value::Object(self.0)
    }

    fn drop_null(&mut self, name: &str) {
        if self.0.get(name).is_some_and(Value::is_null) {
            self.0.remove(name);
        }
    }
}
