//! The answers of a receiver as people write them: `204`, `500x3,204`.

use crate::values::Rule;

/// HTTP statuses, one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answers(pub(crate) Vec<u16>);

/// No answer is given more often than this before the next one.
const MOST: usize = 1000;

/// Reads statuses from 200 to 599, each with how often it is given.
pub(crate) fn parse(text: &str) -> Result<Answers, Rule> {
    let rule = || Rule("must be statuses from 200 to 599 with how often each is given, such as 500x3,204".to_owned());
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let mut answers = Vec::new();
    for part in text.split(',') {
        let (status, times) = part.split_once('x').unwrap_or((part, "1"));
        let status: u16 = status.parse().ok().filter(|_| status.len() == 3 && digits(status)).ok_or_else(rule)?;
        let times: usize = times.parse().ok().filter(|_| digits(times)).ok_or_else(rule)?;
        if !(200..600).contains(&status) || !(1..=MOST).contains(&times) || answers.len() > MOST {
            return Err(rule());
        }
        answers.resize(answers.len() + times, status);
    }
    Ok(Answers(answers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_in_turn() {
        for (text, wanted) in
            [("204", &[204][..]), ("500x3,204", &[500, 500, 500, 204]), ("401,503x2", &[401, 503, 503])]
        {
            assert_eq!(parse(text), Ok(Answers(wanted.to_vec())), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "x", "204,", "199", "600", "204x0", "204x", "x204", "204x1001", "+04", "204x+1", "500 x3", "２04"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
