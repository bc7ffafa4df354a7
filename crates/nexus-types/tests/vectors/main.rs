//! Reads the test cases in `tests/vectors/*.json` and compares the core with them.
//!
//! One module for each file of cases. C and Python will read the same files.

#[cfg(test)]
mod amounts;
#[cfg(test)]
#[path = "../support/cases.rs"]
mod cases;
#[cfg(test)]
mod conversations;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod files;
#[cfg(test)]
#[path = "../support/operations.rs"]
mod operations;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod responses;
#[cfg(test)]
#[path = "../support/schema.rs"]
mod schema;
#[cfg(test)]
mod statuses;
#[cfg(test)]
#[path = "../support/story.rs"]
mod story;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod timestamps;
#[cfg(test)]
mod transitions;
#[cfg(test)]
mod webhooks;
