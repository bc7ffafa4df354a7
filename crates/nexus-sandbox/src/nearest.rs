//! The known name that a misspelt one most likely means.

/// The known word nearest to this one, if it is near: at most a third of its letters differ.
pub(crate) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    // What is endless is no misspelt name, and comparing costs the product of the lengths.
    let word = Some(word).filter(|word| word.len() <= 80)?;
    let ranked = known.map(|known| (strsim::osa_distance(word, known), known));
    ranked
        .filter(|(distance, known)| distance * 3 <= known.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_finds_misspelt_words_only() {
        let known = ["amount_order", "list_shape", "list_page"];
        let near = |word: &str| nearest(word, known.into_iter());
        assert_eq!(near("amount_odrer"), Some("amount_order"));
        assert_eq!(near("list_pgae"), Some("list_page"));
        assert_eq!(near("josh"), None);
        assert_eq!(near(""), None);
        assert_eq!(near(&"a".repeat(100)), None);
    }
}
