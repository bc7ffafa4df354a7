//! Rules for texts of any kind. A message names the broken rule and never repeats the text.

/// The longest text of one path segment, in bytes (assumed).
const LONGEST_SEGMENT: usize = 256;

/// 1 to 50 characters, not all blank, no control characters.
pub(crate) fn short(text: &str) -> Result<(), &'static str> {
    if !(1..=50).contains(&text.chars().count()) || text.trim().is_empty() {
        return Err("must be 1 to 50 characters");
    }
    if text.chars().any(char::is_control) {
        return Err("must not contain control characters");
    }
    Ok(())
}

/// What can be one segment of a path, once it is [`encoded`].
pub(crate) fn segment(text: &str) -> Result<(), &'static str> {
    if text.is_empty() || text.len() > LONGEST_SEGMENT {
        return Err("must be 1 to 256 bytes");
    }
    if text.chars().any(char::is_control) {
        return Err("must not contain control characters");
    }
    Ok(())
}

/// One path segment that no server or proxy can take for more than one.
pub(crate) fn encoded(text: &str) -> String {
    let only_dots = text.bytes().all(|byte| byte == b'.');
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~') || (byte == b'.' && !only_dots);
        if plain {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                out.push(HEX.get(usize::from(half)).copied().map_or('0', char::from));
            }
        }
    }
    out
}
