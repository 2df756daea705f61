"""What is wrong with what was typed: one fault of one field, told in a sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault of one field; a blocking one keeps the record from being used, a soft one can be accepted with a reason.

    `code` names the kind of fault for programs (lower case, e.g. `missing`); `message` is Chinese.
    """

    field: str
    code: str
    message: str
    blocking: bool = False
