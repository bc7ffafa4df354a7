//! Returned text: its length, a final NUL, and a lifetime that ends with the handle it came from.

use std::ffi::{CStr, CString, c_char};
use std::fmt::Display;
use std::io::Write;

use zeroize::Zeroize;

use crate::brief::{brief, free};
use crate::code::nexus_code;
use crate::raw::live;
use crate::structures::Out;
use crate::table::handle;

/// A view of UTF-8 text inside a handle: valid until that handle is freed, not to be freed or written to. `data` ends with
/// a NUL that `len` does not count; text from a server may hold further ones. Absent text has `data` NULL and `len` 0.
/// The size of this structure does not change.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_str {
    /// The first byte, or NULL.
    pub data: *const c_char,
    /// How many bytes, the NUL at the end not counted.
    pub len: usize,
}

impl nexus_str {
    pub(crate) const ABSENT: nexus_str = nexus_str { data: std::ptr::null(), len: 0 };

    /// Static text. It must end with a NUL, which is not counted.
    pub(crate) fn of_static(text: &'static CStr) -> nexus_str {
        nexus_str { data: text.as_ptr(), len: text.count_bytes() }
    }
}

/// Static texts, one for each of some numbers, and one for every other number.
pub(crate) struct Names {
    known: Vec<(i32, CString)>,
    other: &'static CStr,
}

impl Names {
    pub(crate) fn new(known: impl Iterator<Item = (i32, &'static str)>, other: &'static CStr) -> Names {
        let known = known.map(|(number, text)| (number, CString::new(text).unwrap_or_default()));
        Names { known: known.collect(), other }
    }

    pub(crate) fn of(&self, number: i32) -> *const c_char {
        let known = self.known.iter().find(|(own, _)| *own == number);
        known.map_or(self.other.as_ptr(), |(_, text)| text.as_ptr())
    }
}

/// Several texts in one block.
pub(crate) struct Texts {
    bytes: Vec<u8>,
    /// Whether the block is wiped at its end, which takes time.
    secret: bool,
}

impl Drop for Texts {
    fn drop(&mut self) {
        if self.secret {
            self.bytes.zeroize();
        }
    }
}

/// Where a text begins in its block, and its length; none for an absent one.
#[derive(Clone, Copy)]
pub(crate) struct Span(Option<(u32, u32)>);

impl Texts {
    /// An empty block that is wiped at its end. Enough room at once leaves no copies behind.
    pub(crate) fn with_capacity(bytes: usize) -> Texts {
        Texts { bytes: Vec::with_capacity(bytes), secret: true }
    }

    /// An empty block for what may be shown.
    pub(crate) fn shown(bytes: usize) -> Texts {
        Texts { bytes: Vec::with_capacity(bytes), secret: false }
    }

    /// Adds a text.
    pub(crate) fn push(&mut self, text: &str) -> Span {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(text.as_bytes());
        self.end(start)
    }

    /// Adds what prints itself.
    pub(crate) fn print(&mut self, text: impl Display) -> Span {
        let start = self.bytes.len();
        // Writing to memory cannot fail.
        let _ = write!(self.bytes, "{text}");
        self.end(start)
    }

    /// Adds a text where there is one.
    pub(crate) fn optional(&mut self, text: Option<&str>) -> Span {
        text.map_or(Span(None), |text| self.push(text))
    }

    fn end(&mut self, start: usize) -> Span {
        let length = self.bytes.len() - start;
        self.bytes.push(0);
        // Texts of more than 4 GiB in one block cannot come: responses are bounded far below.
        Span(u32::try_from(start).ok().zip(u32::try_from(length).ok()))
    }

    /// The text, from now on not moving.
    pub(crate) fn view(&self, span: Span) -> nexus_str {
        let Span(Some((start, length))) = span else { return nexus_str::ABSENT };
        match self.bytes.get(start as usize..) {
            Some(rest) => nexus_str { data: rest.as_ptr().cast(), len: length as usize },
            None => nexus_str::ABSENT,
        }
    }
}

/// A text of its own, such as a session token or JSON. It is wiped when it is freed. Any thread may use it.
///
/// Functions: nexus_text_view, nexus_text_free.
pub struct nexus_text(());

handle!(nexus_text, 1, Text);

/// What a [`nexus_text`] leads to.
pub(crate) struct Text(Texts, Span);

impl Text {
    pub(crate) fn new(text: &str) -> Text {
        let mut texts = Texts::with_capacity(text.len() + 1);
        let span = texts.push(text);
        Text(texts, span)
    }
}

/// Looks at a text.
///
/// @param text The text.
/// @param out  Receives the view; it lives as long as `text`.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_text_view(text: *const nexus_text, out: *mut nexus_str) -> nexus_code {
    brief("nexus_text_view", || {
        let out = Out::new(out, nexus_str::ABSENT, "out")?;
        let text = live(text, "text")?;
        out.set(text.0.view(text.1));
        Ok(())
    })
}

/// Frees a text and wipes it.
///
/// @param text The text, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live text. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_text_free(text: *mut nexus_text) -> nexus_code {
    free("nexus_text_free", text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_are_counted_and_ended() {
        let mut texts = Texts::with_capacity(4);
        let (one, none, empty, two) =
            (texts.push("a\0b"), texts.optional(None), texts.push(""), texts.print(format_args!("{}", 12)));
        for (span, expected) in [(one, &b"a\0b\0"[..]), (empty, b"\0"), (two, b"12\0")] {
            let view = texts.view(span);
            // SAFETY: a view into `texts`, which is alive, and the NUL after it.
            let bytes = unsafe { std::slice::from_raw_parts(view.data.cast::<u8>(), view.len + 1) };
            assert_eq!(bytes, expected);
        }
        assert!(texts.view(none).data.is_null());
    }
}
