//! [`Sheet`]: the texts of a flow's step, kept until the next one.

use nexus_types::flow::Send;

use crate::text::{Span, Texts, nexus_str};

/// The texts of a step, wiped at their end.
pub(crate) struct Sheet {
    texts: Texts,
    spans: [Span; 6],
}

impl Sheet {
    pub(crate) fn new(send: &Send) -> Sheet {
        let request = &send.request;
        let body = request.body.as_ref().map(|body| std::str::from_utf8(body).unwrap_or_default());
        let secret = send.token.as_ref().map(|token| token.expose());
        let mut texts = Texts::with_capacity(512 + request.path.len() + body.map_or(0, str::len));
        let spans = [
            texts.push(request.method.as_str()),
            texts.push(&request.path),
            texts.push(request.media_type),
            texts.push(request.auth.header_name()),
            texts.optional(secret),
            texts.optional(body),
        ];
        Sheet { texts, spans }
    }

    /// Method, path, media type, the secret's header, the secret, the body.
    pub(crate) fn texts(&self) -> [nexus_str; 6] {
        self.spans.map(|span| self.texts.view(span))
    }
}
