"""`Verdict`: the verdict on the two amounts; `Assumption`: what a result presumes; `TransportCause`: why no response came.

All are text too: `outcome.verdict == "pending"`. The words come from the core, a test compares the members.
"""

from __future__ import annotations

from enum import Enum

from ._nexus import words_of


class _Word(str, Enum):
    def __new__(cls, value: str) -> _Word:
        word = str.__new__(cls, value)
        word._value_ = value
        return word

    def __str__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        return format(str(self.value), spec)

    @property
    def number(self) -> int:
        """The stable number."""
        return self._words()[0]

    def _words(self) -> tuple[int, str]:
        return {name: (number, text) for number, name, text in words_of(type(self).__name__)}[self.value]


class Verdict(_Word):
    """The verdict on the two amounts."""

    VERIFIED = "verified"
    DENIED = "denied"
    LOCKED = "locked"
    PENDING = "pending"

    @property
    def advice(self) -> str:
        """What may be done next, in words for a person."""
        return self._words()[1]


class Assumption(_Word):
    """One assumption about MX's server that a result or an error rests on; see `Assumptions`."""

    REFUSED_BEFORE_ACTING = "refused_before_acting"
    UPDATED_AT_SHOWS_DENIAL = "updated_at_shows_denial"
    JUDGED_WITHIN = "judged_within"
    LISTS_SHOW_ALL = "lists_show_all"
    SERVER_GRACE = "server_grace"

    @property
    def text(self) -> str:
        """What is assumed, in one sentence."""
        return self._words()[1]


class TransportCause(_Word):
    """Why no usable response arrived, as far as that is known."""

    NAME_NOT_FOUND = "name_not_found"
    NAME_SERVICE_SILENT = "name_service_silent"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    RESET = "reset"
    CLOSED = "closed"
    NO_FILES = "no_files"
    NO_RESOURCES = "no_resources"
    NOT_PERMITTED = "not_permitted"
    PROXY_REFUSED = "proxy_refused"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    UNKNOWN_ISSUER = "unknown_issuer"
    NAME_MISMATCH = "name_mismatch"
    CERTIFICATE_INVALID = "certificate_invalid"
    CLIENT_CERTIFICATE = "client_certificate"
    TLS_OTHER = "tls_other"
    TOO_LATE = "too_late"
    INTERNAL = "internal"

    @property
    def text(self) -> str:
        """The cause in words."""
        return self._words()[1]
