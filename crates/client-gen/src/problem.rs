//! What the pipeline says when it cannot go on.
//!
//! A maintainer meets these after upstream changed its document, so each one
//! names the operation, the place (a JSON pointer), what is wrong there and
//! what to do about it.

use std::fmt;

use spec_diff::escape::visible;

/// One thing that is wrong, where it is, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The operation concerned, as `operationId (METHOD /path)`, where there is one.
    pub operation: Option<String>,
    /// Further operations concerned: they need the same component.
    pub others: Vec<String>,
    /// JSON pointer into the document, or a file name.
    pub at: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub fix: String,
}

impl Problem {
    /// A problem at `at` that belongs to no operation.
    pub fn new(at: impl Into<String>, what: impl Into<String>, fix: impl Into<String>) -> Self {
        Self {
            operation: None,
            others: Vec::new(),
            at: at.into(),
            what: what.into(),
            fix: fix.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Any of these may quote a document, which must not steer the terminal, nor forge a line.
        writeln!(f, "error: {}", visible(&self.what))?;
        if let Some(operation) = &self.operation {
            let more = match self.others.len() {
                0 => String::new(),
                more => format!(", and {more} more"),
            };
            writeln!(f, "  operation  {}{more}", visible(operation))?;
        }
        writeln!(f, "  at         {}", visible(&self.at))?;
        write!(f, "  fix        {}", visible(&self.fix))
    }
}

/// Everything that was found wrong in one step; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl Problems {
    /// `Ok` when nothing was found.
    pub fn none_or(found: Vec<Problem>) -> Result<()> {
        if found.is_empty() {
            Ok(())
        } else {
            Err(Self(found))
        }
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self(vec![problem])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f, "\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The result of every step of the pipeline.
pub type Result<T> = std::result::Result<T, Problems>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_where_what_and_what_to_do() {
        let problem = Problem {
            operation: Some("getX (GET /x)".to_owned()),
            ..Problem::new("/paths/~1x/get", "it is wrong", "mend it")
        };
        let lines = "error: it is wrong\n  operation  getX (GET /x)\n  at         /paths/~1x/get\n  fix        mend it";
        assert_eq!(problem.to_string(), lines);
        let several = Problem {
            others: vec!["getY (GET /y)".to_owned()],
            ..problem.clone()
        };
        assert!(several.to_string().contains("getX (GET /x), and 1 more\n"));
        let both = Problems(vec![problem.clone(), problem]);
        assert_eq!(both.to_string(), format!("{lines}\n\n{lines}"));
        Problems::none_or(Vec::new()).unwrap();
    }

    #[test]
    fn a_problem_is_one_whatever_it_quotes() {
        let hostile = "a\u{1b}[2J\n::error::b\r\u{202e}";
        let problem = Problem {
            operation: Some(hostile.to_owned()),
            ..Problem::new(hostile, hostile, hostile)
        };
        let text = problem.to_string();
        assert_eq!(text.lines().count(), 4, "{text}");
        assert!(
            text.chars()
                .all(|c| c == '\n' || !spec_diff::escape::is_hidden(c)),
            "{text:?}"
        );
    }
}
