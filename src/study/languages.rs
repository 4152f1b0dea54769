/// The languages that a rater is spoken to in, as tags, apart from what the study says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Languages {
    /// What the page asks for.
    pub asked: Option<String>,
    /// What the rater's browser asks for, the most wanted first.
    pub browser: Vec<String>,
}

impl Languages {
    /// All of them, the most wanted first: the page's, the study's, the browser's.
    pub fn with(&self, study: Option<&str>) -> Vec<String> {
        let first = self.asked.iter().cloned().chain(study.map(str::to_owned));
        first.chain(self.browser.iter().cloned()).collect()
    }
}
