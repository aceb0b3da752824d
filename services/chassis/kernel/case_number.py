"""The short case number that people write on paper and say over the telephone.

Ten digits in three groups, `HW-123-456-7890`: nine digits of number and one check digit. Former versions gave numbers
of nine digits, `HW-999-999-957`, which stay valid for ever.

Digits only: there are no look-alikes among them in any script of the region, and Vietnamese,
English, Chinese, Khmer and Lao speakers can all say them, which holds for no choice of letters
(B, D, P and T, or I and Y, sound alike in Vietnamese or in English). The letters in front are
fixed and may be left out.

The check digit is Damm's (totally anti-symmetric quasigroup of order 10): it catches every
single wrong digit and every swap of two neighbours, the check digit included. MOD 37,36 would
need letters, MOD 11-2 an X, and Luhn lets 09 and 90 pass.

The number reveals nothing about the person, gate or day. Which number comes next is decided by a permutation under a
secret key, which intake alone has: from one number no other can be computed, and a number that was made up is nearly
never that of a case. The numbers of nine digits come from a public formula; access is decided by office, never by
knowing a number.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from services.chassis.kernel.errors import ErrorKind, HomewardError

PREFIX: Final = "HW"
NUMBER_DIGITS: Final = 8
KEYED_DIGITS: Final = 9
KEYED_NUMBERS: Final = 10**KEYED_DIGITS
"""How many numbers of the present form there are."""
MAX_TEXT_LENGTH: Final = 64

# Changing either of these two would give numbers out twice: they are fixed for ever.
_PRIME: Final = 99_999_989
_MULTIPLIER: Final = 61_803_399

MAX_SEQUENCE: Final = _PRIME - 1
"""The last sequence number that has a case number: room for 99,999,988 cases."""

_KEYED_START: Final = 1
"""What the check of ten digits begins with: a digit too many or too few makes no number of the other form right."""

_DAMM: Final = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_SEPARATORS: Final = re.compile(r"[\s.\u2212\u200b\u2060\ufeff]+")
_LOOK_ALIKES: Final = str.maketrans("OIL", "011")


class InvalidCaseNumber(HomewardError):
    """This is not a case number: {problem}. A case number has nine or ten digits, as in HW-999-999-957.

    The example is one that is never given to a case. The text itself is no detail: people type
    names into number fields.
    """

    kind = ErrorKind.INVALID_ARGUMENT


def _check_digit(digits: str, start: int = 0) -> str:
    interim = start
    for digit in digits:
        interim = int(_DAMM[interim][int(digit)])
    # The diagonal is zero, so the interim digit itself brings the sum to zero.
    return str(interim)


def _written(digits: str) -> str:
    return f"{PREFIX}-{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def keyed_case_number(number: int) -> str:
    """A case number of the present form, as `HW-123-456-7890`, from one below KEYED_NUMBERS. Raises ValueError."""
    if not 0 <= number < KEYED_NUMBERS:
        raise ValueError(f"a number lies below {KEYED_NUMBERS}")
    digits = f"{number:0{KEYED_DIGITS}d}"
    return _written(digits + _check_digit(digits, _KEYED_START))


def format_case_number(sequence: int) -> str:
    """The case number that former versions gave to the n-th case, as `HW-123-456-789`; each sequence has its own.

    `sequence` runs from 1 to MAX_SEQUENCE. Raises ValueError outside.
    """
    if not 1 <= sequence <= MAX_SEQUENCE:
        raise ValueError(f"a sequence number lies between 1 and {MAX_SEQUENCE}")
    # The inverse modulo a prime is a bijection without a constant step between neighbours, which
    # a plain multiplication would have.
    scattered = pow(sequence, -1, _PRIME) * _MULTIPLIER % _PRIME
    digits = f"{scattered:0{NUMBER_DIGITS}d}"
    return _written(digits + _check_digit(digits))


def parse_case_number(text: str) -> str:
    """Bring a case number, as someone typed it, into its one form `HW-123-456-7890` or `HW-123-456-789`.

    Takes spaces, dashes and dots anywhere, lower case, full-width characters, a missing prefix,
    and the letters O, I and L for the digits 0 and 1. Raises InvalidCaseNumber, saying what is
    wrong, for anything else, for a failed check digit, and for numbers that are never given out.
    """
    if len(text) > MAX_TEXT_LENGTH:
        raise InvalidCaseNumber(problem="the text is too long")
    plain = unicodedata.normalize("NFKC", text).upper()
    plain = "".join(c for c in _SEPARATORS.sub("", plain) if unicodedata.category(c) != "Pd")
    plain = plain.removeprefix(PREFIX).translate(_LOOK_ALIKES)
    if not plain:
        raise InvalidCaseNumber(problem="it is empty")
    if not (plain.isascii() and plain.isdigit()):
        raise InvalidCaseNumber(problem="it contains something other than digits")
    if len(plain) not in (NUMBER_DIGITS + 1, KEYED_DIGITS + 1):
        raise InvalidCaseNumber(problem=f"it has {len(plain)} digits")
    is_keyed = len(plain) == KEYED_DIGITS + 1
    if _check_digit(plain, _KEYED_START if is_keyed else 0) != "0":
        raise InvalidCaseNumber(problem="a digit is wrong or two are swapped")
    if not is_keyed and not 1 <= int(plain[:-1]) < _PRIME:
        raise InvalidCaseNumber(problem="this number is never given to a case")
    return _written(plain)
