"""统一社会信用代码: the check digit of GB 32100-2015; a wrong one is only warned about, as forms hold old numbers."""

from __future__ import annotations

from riskdesk.domain.text import ascii_digits, clean_line

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def normal_credit_code(text: str) -> str:
    """Return the code in upper case without spaces and full-width characters; it stays text."""
    return ascii_digits(clean_line(text)).replace(" ", "").upper()


def is_credit_code(code: str) -> bool:
    """Tell whether 18 characters are of the alphabet and the last is the check character of the first 17."""
    if len(code) != 18 or any(char not in _ALPHABET for char in code):
        return False
    total = sum(weight * _ALPHABET.index(char) for weight, char in zip(_WEIGHTS, code[:17], strict=True))
    return _ALPHABET[(31 - total % 31) % 31] == code[17]
