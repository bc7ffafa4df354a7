"""`Status`: where a microdeposit stands; and `AccountType`. The facts come from the core, a test compares the members."""

from __future__ import annotations

from enum import Enum, IntEnum

from ._nexus import status_facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class AccountType(IntEnum):
    """The two kinds of account, by the API's numbers."""

    CHECKING = 1
    SAVINGS = 2


class Status(Enum):
    """Where a microdeposit stands. A status that this version does not know is kept: `Status(12)` has the number 12.

    `str()` gives the name as the API writes it, of an unknown one with its number.
    """

    INITIATED = 0
    REQUESTED = 1
    DEPOSITED = 2
    VERIFIED = 3
    ERRORED = 4
    DENIED = 5
    PREVENTED = 6
    CONFLICTED = 7
    REJECTED = 8
    PREINITIATED = 9

    @classmethod
    def _missing_(cls, value: object) -> Status | None:
        # Without this, a server that knows one status more would break every program.
        return cls._unknown(value, "UNKNOWN") if isinstance(value, int) else None

    @classmethod
    def _unknown(cls, number: int | None, name: str) -> Status:
        status = object.__new__(cls)
        status._value_ = number  # type: ignore[assignment]
        status._name_ = name
        return status

    @property
    def number(self) -> int | None:
        """The API's number; None for an unknown status that came without one."""
        number: int | None = self._value_
        return number

    @property
    def is_known(self) -> bool:
        """Whether this version knows it."""
        return self._name_ in type(self).__members__

    @property
    def is_terminal(self) -> bool:
        """Whether nothing leads out of it. DENIED is not terminal; an unknown one is not known to be."""
        return status_facts(self.number)[1]

    @property
    def may_verify(self) -> bool:
        """Whether amounts may be submitted: DEPOSITED and DENIED."""
        return status_facts(self.number)[2]

    @property
    def definition(self) -> str:
        """What it means."""
        return status_facts(self.number)[3]

    @property
    def next_step(self) -> str:
        """What the caller may do next, in words that a person can act on."""
        return status_facts(self.number)[4]

    def __str__(self) -> str:
        return self._name_ if self.is_known or self.number is None else f"{self._name_} ({self.number})"

    def __repr__(self) -> str:
        return f"Status.{self._name_}" if self.is_known else f"<Status {self}>"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Status):
            return NotImplemented
        # Known members are single; unknown ones are made each time.
        return self is other or (self._value_, self._name_) == (other._value_, other._name_)

    def __lt__(self, other: object) -> bool:
        # By number, so that a frame can be grouped and sorted by status; unknown ones without a number come last.
        if not isinstance(other, Status):
            return NotImplemented
        return self._place() < other._place()

    def _place(self) -> tuple[float, str]:
        number = self.number
        return (float("inf") if number is None else number, self._name_)

    def __hash__(self) -> int:
        return hash((self._value_, self._name_))

    def __reduce_ex__(self, protocol: Any) -> Any:
        if self.is_known:
            return Status, (self._value_,)
        return Status._unknown, (self._value_, self._name_)

    def __copy__(self) -> Status:
        return self

    def __deepcopy__(self, memo: object) -> Status:
        return self
