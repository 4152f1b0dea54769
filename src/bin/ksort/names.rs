use std::collections::HashMap;

use foldhash::fast::RandomState;

/// Names with a number each, in the order they came.
#[derive(Debug, Default)]
pub struct Names {
    list: Vec<String>,
    numbers: HashMap<String, usize, RandomState>,
}

impl Names {
    /// The number of a name, a new one where it is new.
    pub fn number(&mut self, name: &str) -> usize {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        self.list.push(name.to_owned());
        self.numbers.insert(name.to_owned(), self.list.len() - 1);
        self.list.len() - 1
    }

    /// Every name by its number.
    pub fn list(&self) -> &[String] {
        &self.list
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}
