//! Pages' files as they are sent: scripts and styles without comments and blanks, which are a fifth of them.
//!
//! It knows no more of the languages than it needs for that: strings and templates stay as they are, and every statement is
//! expected to end with a semicolon. A regular expression must not hold a quote, a blank or two slashes.

/// What is being read.
enum Place {
    /// Code, in so many open braces.
    Code(usize),
    /// The text of a template.
    Template,
}

/// A script without comments and blanks.
pub(crate) fn script(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut places = vec![Place::Code(0)];
    let mut blank = false;
    while let Some(char) = chars.next() {
        let Some(Place::Code(depth)) = places.last_mut() else {
            out.push(char);
            match char {
                '\\' => out.extend(chars.next()),
                '`' => drop(places.pop()),
                '$' if chars.peek() == Some(&'{') => {
                    out.extend(chars.next());
                    places.push(Place::Code(0));
                }
                _ => {}
            }
            continue;
        };
        match (char, chars.peek()) {
            (char, _) if char.is_whitespace() => {
                blank = true;
                continue;
            }
            ('/', Some('/')) => {
                while chars.next_if(|next| *next != '\n').is_some() {}
                continue;
            }
            ('/', Some('*')) => {
                let mut before = ' ';
                for next in chars.by_ref().skip(1) {
                    if before == '*' && next == '/' {
                        break;
                    }
                    before = next;
                }
                blank = true;
                continue;
            }
            _ => {}
        }
        if std::mem::take(&mut blank) && out.chars().next_back().is_some_and(|last| joins(last, char)) {
            out.push(' ');
        }
        out.push(char);
        match char {
            '\'' | '"' => {
                while let Some(next) = chars.next() {
                    out.push(next);
                    match next {
                        '\\' => out.extend(chars.next()),
                        next if next == char => break,
                        _ => {}
                    }
                }
            }
            '`' => places.push(Place::Template),
            '{' => *depth += 1,
            '}' if *depth > 0 => *depth -= 1,
            '}' => drop(places.pop()),
            _ => {}
        }
    }
    out
}

/// Whether two characters with nothing between them would be read as one thing.
fn joins(last: char, next: char) -> bool {
    let word = |char: char| char.is_alphanumeric() || char == '_' || char == '$';
    (word(last) && word(next)) || (last == next && matches!(last, '+' | '-' | '/'))
}

/// A style sheet without comments and blanks. Its strings hold neither.
pub(crate) fn style(text: &str) -> String {
    let mut rest = text;
    let mut bare = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    let words = bare.split_whitespace();
    words.fold(String::new(), |mut out, word| {
        let closed = |char: char| matches!(char, '{' | '}' | ';' | ',' | ':');
        if !out.ends_with(closed) && !word.starts_with(['{', '}', ';', ',']) && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
        out
    })
}

/// A page without what moves its lines to the right.
pub(crate) fn page(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", line.trim_start())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_and_comments_go_and_nothing_else() {
        for (text, wanted) in [
            ("// A word.\nconst a = 1;\n\nlet  b = 'x  // y' ;", "const a=1;let b='x  // y';"),
            ("/** Of two\n * lines. */\nreturn  typeof x;", "return typeof x;"),
            ("a + +b; c - -d; e++ + f;", "a+ +b;c- -d;e++ +f;"),
            ("`a  ${ b ? `c  ${ d } ` : 'e' }  f // g`", "`a  ${b?`c  ${d} `:'e'}  f // g`"),
            ("`\\`  ${ { a: 1 }.a }  `; \"\\\"  \"", "`\\`  ${{a:1}.a}  `;\"\\\"  \""),
            ("x = y / z; u = /^a|b$/.test(v);", "x=y/z;u=/^a|b$/.test(v);"),
        ] {
            assert_eq!(script(text), wanted);
        }
        let sheet = "/* For\n * all. */\na:hover,  b > c {\n\tmargin: 0 auto;\n\tcolor: light-dark(#fff, #000)\n}\n@media (x: y) {d {e: f}}\n";
        assert_eq!(style(sheet), "a:hover,b > c{margin:0 auto;color:light-dark(#fff,#000)}@media (x:y){d{e:f}}");
        assert_eq!(page("<p>\n\t<b>a  b</b>\n"), "<p>\n<b>a  b</b>\n");
    }
}
