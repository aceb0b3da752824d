"""Errors as the user and the caller meet them: a sentence, a stable reason, a kind.

An error is a class. The first paragraph of its docstring is the English sentence that the user
reads, `{name}` placeholders in it are filled from the details given by keyword at construction,
and later paragraphs are for the programmer. No detail is ever personal data: errors are logged,
translated and sent to other processes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum
from functools import partial
from inspect import cleandoc
from string import Formatter
from types import MappingProxyType
from typing import Any, ClassVar, Final

MAX_VIOLATIONS: Final = 200
"""So many violations travel with one refusal; a batch of 30 people cannot need more."""


class ErrorKind(StrEnum):
    """What a caller may do about an error; the names are those of the gRPC status codes."""

    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    ABORTED = "ABORTED"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    UNAVAILABLE = "UNAVAILABLE"
    OUT_OF_RANGE = "OUT_OF_RANGE"


def _upper_snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).upper()


def placeholders(sentence: str) -> tuple[str, ...]:
    """The names of the `{name}` placeholders in a sentence, in order of appearance."""
    return tuple(name for _, name, _, _ in Formatter().parse(sentence) if name is not None)


class HomewardError(Exception):
    """Something went wrong.

    Subclasses set `kind` and write the sentence; `reason` follows from the class name
    (`RequestIdReused` gives `REQUEST_ID_REUSED`) unless the class states one. Constructing an
    error without a detail that its sentence names raises TypeError. Details beyond those named
    are allowed: they reach machines, not the sentence.
    """

    kind: ClassVar[ErrorKind] = ErrorKind.FAILED_PRECONDITION
    reason: ClassVar[str] = "HOMEWARD_ERROR"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "reason" not in cls.__dict__:
            cls.reason = _upper_snake(cls.__name__)

    def __init__(self, **details: str) -> None:
        missing = [name for name in placeholders(self.sentence()) if name not in details]
        if missing:
            raise TypeError(f"{type(self).__name__} needs the details {', '.join(missing)}")
        self.details: Mapping[str, str] = MappingProxyType(dict(details))
        super().__init__(self.sentence().format_map(details))

    def __reduce__(self) -> tuple[Any, ...]:
        # The default would hand the finished sentence back to __init__, which takes keywords.
        return partial(type(self), **self.details), ()

    @classmethod
    def sentence(cls) -> str:
        """The sentence with its placeholders; the reason when docstrings are stripped (-OO)."""
        if not cls.__doc__:
            return cls.reason
        return " ".join(cleandoc(cls.__doc__).split("\n\n", 1)[0].split())

    @property
    def message(self) -> str:
        """The sentence with the details filled in, in English."""
        return str(self)


def all_errors() -> tuple[type[HomewardError], ...]:
    """Every error class that has been imported so far, by reason; the base is not one."""
    found: set[type[HomewardError]] = set()
    waiting: list[type[HomewardError]] = [HomewardError]
    while waiting:
        for subclass in waiting.pop().__subclasses__():
            if subclass not in found:
                found.add(subclass)
                waiting.append(subclass)
    return tuple(sorted(found, key=lambda error: (error.reason, error.__qualname__)))


_VIOLATIONS: dict[str, str] = {
    "REQUIRED": "This is required.",
    "TOO_LONG": "This may have at most {limit} characters.",
    "TOO_SHORT": "This needs at least {limit} characters.",
    "TOO_MANY": "At most {limit} are allowed.",
    "TOO_FEW": "At least {limit} are needed.",
    "TOO_SMALL": "This may not be less than {limit}.",
    "TOO_LARGE": "This may not be more than {limit}.",
    "BAD_FORMAT": "This must be written like {example}.",
    "BAD_CHARACTERS": "This contains characters that are not allowed here.",
    "NOT_IN_LIST": "This is not one of the values of the list {list}.",
    "UNKNOWN_OFFICE": "There is no such office.",
    "UNKNOWN_PROVINCE": "There is no such province of that vintage.",
    "UNKNOWN_GATE": "There is no such border gate.",
    "UNKNOWN_ROW": "There is no row {referred_row} to refer to.",
    "NOT_A_DATE": "This is not a date of the calendar.",
    "IN_THE_FUTURE": "This may not be in the future.",
    "IN_THE_PAST": "This may not be in the past.",
    "TOO_EARLY": "This may not be before {limit}.",
    "TOO_LATE": "This may not be after {limit}.",
    "DUPLICATE": "This is given twice in the same request.",
    "CONFLICTS_WITH": "This does not agree with the field {other}.",
    "REQUIRED_WITH": "This is required because of the field {other}.",
    "NOT_ALLOWED_WITH": "This may not be given together with the field {other}.",
    "NOT_ALLOWED": "This may not be given here.",
    "ANSWERS_MISSING": "Each of these questions needs an answer, be it that she does not want to answer: {questions}.",
}

VIOLATIONS: Final[Mapping[str, str]] = MappingProxyType(_VIOLATIONS)
"""What is wrong with a field, by code: the English sentence with its placeholders."""


def register_violations(descriptions: Mapping[str, str]) -> None:
    """Add a service's own violation codes, at import.

    Raises ValueError when a code is not UPPER_SNAKE or already means something else.
    """
    for code, description in descriptions.items():
        if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", code):
            raise ValueError(f"the violation code {code!r} is not UPPER_SNAKE")
        if _VIOLATIONS.setdefault(code, description) != description:
            raise ValueError(f"the violation code {code} already has another meaning")


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One thing wrong with one field of a request.

    `row` counts from 1, as the user sees the people of a batch; None when the field belongs to
    the whole request. `field` is the dotted name of the field in the request. `params` fill the
    description of the code: limits and field names, never the value that was submitted.
    Raises ValueError for an unknown code, a row below 1 or a missing parameter.
    """

    row: int | None
    field: str
    code: str
    params: Mapping[str, str] = dataclass_field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.row is not None and self.row < 1:
            raise ValueError("rows count from 1")
        if self.code not in VIOLATIONS:
            raise ValueError(f"there is no violation code {self.code!r}")
        missing = [name for name in placeholders(VIOLATIONS[self.code]) if name not in self.params]
        if missing:
            raise ValueError(f"{self.code} needs the parameters {', '.join(missing)}")
        object.__setattr__(self, "params", dict(self.params))

    @property
    def description(self) -> str:
        """The English sentence about this field."""
        return VIOLATIONS[self.code].format_map(self.params)


class InvalidInput(HomewardError):
    """Some fields need correction before this can be accepted: {violation_count}.

    Carries every violation that was found, not only the first, so that a border post corrects a
    batch once. At most MAX_VIOLATIONS travel along; `violation_count` is the number found.
    Raises ValueError when there is none.
    """

    kind = ErrorKind.INVALID_ARGUMENT

    def __init__(self, violations: Iterable[FieldViolation]) -> None:
        found = tuple(violations)
        if not found:
            raise ValueError("an invalid input has at least one violation")
        super().__init__(violation_count=str(len(found)))
        self.violations: tuple[FieldViolation, ...] = found[:MAX_VIOLATIONS]

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild_invalid_input, (type(self), self.violations, dict(self.details))


def _rebuild_invalid_input(
    error: type[InvalidInput], violations: tuple[FieldViolation, ...], details: dict[str, str]
) -> InvalidInput:
    rebuilt = error(violations)
    # The number found may exceed the number carried.
    HomewardError.__init__(rebuilt, **details)
    return rebuilt


class CaseErased(HomewardError):
    """What was written about this person was erased: it can no longer be read, and nothing is added to it.

    Her case stays, with its states and dates, and is counted as before.
    """


class CaseNotFound(HomewardError):
    """There is no such case that you may see.

    One answer for "does not exist" and "is not yours": the difference would tell an outsider
    that a person is known here.
    """

    kind = ErrorKind.NOT_FOUND


class OfficeNotFound(HomewardError):
    """There is no office {office_id}."""

    kind = ErrorKind.NOT_FOUND


class OfficeNotYetOpen(HomewardError):
    """The office {office_id} did not exist yet on {on}."""

    kind = ErrorKind.FAILED_PRECONDITION


class OfficeEnded(HomewardError):
    """The office {office_id} ended on {ended_on} and no successor is named."""

    kind = ErrorKind.FAILED_PRECONDITION


class OfficeSucceeded(HomewardError):
    """The office {office_id} ended on {ended_on}; {successor_id} does its work now: sign in there."""

    kind = ErrorKind.FAILED_PRECONDITION


class ProvinceNotFound(HomewardError):
    """There is no province {province}."""

    kind = ErrorKind.NOT_FOUND


class ProvinceNotYetFormed(HomewardError):
    """The province {province} did not exist yet on {on}; name the province of that time."""

    kind = ErrorKind.FAILED_PRECONDITION


class EtagMismatch(HomewardError):
    """Someone else has changed this meanwhile; look at it again and repeat your change."""

    kind = ErrorKind.ABORTED


class RequestIdReused(HomewardError):
    """The request number {request_id} was already used for a different request."""

    kind = ErrorKind.ALREADY_EXISTS


class PermissionDenied(HomewardError):
    """Your office may not do this."""

    kind = ErrorKind.PERMISSION_DENIED


class GradeMissing(HomewardError):
    """Your account is not entitled to this: it is for people of your office with the grade {grades}."""

    kind = ErrorKind.PERMISSION_DENIED


class SignInTooOld(HomewardError):
    """You signed in more than {minutes} minutes ago; sign in again before you do this.

    It has to be the person who sits there, and not a session that somebody left open.
    """


class Unauthenticated(HomewardError):
    """You are not signed in, or your session has ended."""

    kind = ErrorKind.UNAUTHENTICATED


class BadPageToken(HomewardError):
    """This page of the list is no longer valid; start again from the first page."""

    kind = ErrorKind.INVALID_ARGUMENT


class DeadlineTooShort(HomewardError):
    """The caller waits {given_milliseconds} ms; this call needs at least {needed_milliseconds} ms.

    An argument error and no timeout: nothing was begun, and the same call with the same deadline
    would fail again.
    """

    kind = ErrorKind.INVALID_ARGUMENT


class TooManyRequests(HomewardError):
    """Too many requests at once; try again in {retry_after_seconds} seconds."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


class TooManyUnknownCases(HomewardError):
    """You asked for {limit} cases within an hour that you may not see; try again in {retry_after_minutes} minutes.

    It stands for the rest of the hour: numbers are not there to be tried out.
    """

    kind = ErrorKind.RESOURCE_EXHAUSTED


class TooManyListed(HomewardError):
    """You were given lists with {limit} people within {within_hours} hours; go on in {retry_after_minutes} minutes.

    Single cases, and the offices' own lists, are not concerned: a list is there to find what is to be done.
    """

    kind = ErrorKind.RESOURCE_EXHAUSTED


class StorageUnavailable(HomewardError):
    """The service cannot reach its storage at the moment; try again shortly.

    It does not promise that nothing was saved: the answer to a commit may be what got lost. The
    same request id makes trying again safe.
    """

    kind = ErrorKind.UNAVAILABLE
