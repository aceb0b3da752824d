"""A visit as a file that a worker fills in (TOML), and the sheet for the road, which tells nobody anything.

What was said goes into no command line, which a machine remembers, but into a file that its owner alone may read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from services.chassis.country.questionnaires import Choice, Question, QuestionKind, questionnaire
from services.chassis.kernel.texts import Texts
from services.client.refusals import Refusal, bad_input

if TYPE_CHECKING:
    from homeward.followup.v1 import care_pb2

MAX_BYTES: Final = 200_000
BLANK: Final = "_" * 24
_CODES: Final = ("mode", "visitor", "consent", "privacy", "interpreter", "risk")
_TEXTS: Final = ("risk_reason", "note")
_KNOWN: Final = frozenset(
    {
        "visited_on",
        "outcome",
        "then",
        "extra",
        "wishes_read",
        "set",
        "questionnaire_version",
        "interpreter_is_adult",
        "answers",
        "wishes",
        *_CODES,
        *_TEXTS,
        "next_steps",
        "warning_signs",
    }
)


def sheet(case_number: str, set_code: str) -> str:
    """The paper for the road: the number of the case and ids of questions, and nothing that tells what it is."""
    lines = [case_number, ""]
    lines += [f"{each.id}  {BLANK}" for each in questionnaire().of_set(set_code)]
    return "\n".join(lines) + "\n"


def template(set_code: str, wishes_read: int, _: Texts) -> str:
    """A file to be filled in, with each question and its codes beside it."""
    asked = questionnaire()
    lines = [
        f"# {asked.consent_to_read[_.language]}",
        "",
        'visited_on = ""',
        choices_of(asked.visit["visit_outcomes"].values(), _),
        'outcome = ""',
        f'set = "{set_code}"',
        f"questionnaire_version = {asked.version}",
        f"wishes_read = {wishes_read}",
    ]
    for name in _CODES:
        lines += [choices_of(asked.visit[name].values(), _), f'{name} = ""']
    lines += ["interpreter_is_adult = false"]
    lines += ['risk_reason = ""', choices_of(asked.visit["next_steps"].values(), _), "next_steps = []"]
    lines += ["warning_signs = []", 'note = ""', "", "[answers]", choices_of(asked.common, _)]
    items = []
    for question in asked.of_set(set_code):
        told = [f"# {question.id}: {words_of(question, _)}", choices_of(question.answers, _)]
        if question.kind is QuestionKind.PER_ITEM:
            items += ["", *told, f"[answers.{question.id}]"]
        else:
            empty = "[]" if question.kind is QuestionKind.MANY else '""'
            lines += ["", *told, f"# {question.id} = {empty}"]
    return "\n".join([*lines, *items]) + "\n"


def words_of(one: Question | Choice, _: Texts) -> str:
    """Its words in the language of the reader."""
    return one.vi if _.language == "vi" else one.en


def choices_of(choices: Iterable[Choice], _: Texts) -> str:
    """A comment with the codes that may be chosen."""
    return "#   " + " | ".join(f"{each.code} ({words_of(each, _)})" for each in choices)


def read(content: bytes, _: Texts) -> care_pb2.RecordVisitRequest:
    """The visit of a file. Raises Refusal, which repeats nothing of what stands there."""
    return _request_of(document(content, _KNOWN, _), _)


def document(content: bytes, known: Collection[str], _: Texts) -> Mapping[str, Any]:
    """The fields of a file that was filled in. Raises Refusal, which repeats nothing of what stands there."""
    if len(content) > MAX_BYTES:
        raise bad_input("FILE_TOO_LARGE", _("This file is too large to be a visit."))
    try:
        given = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = str(error).rpartition("line ")[2].partition(",")[0]
        where = line if line.isdigit() else "?"
        raise bad_input("BAD_VISIT_FILE", _("Line {line} of the file cannot be read.", line=where)) from None
    if unknown := sorted(given.keys() - set(known)):
        raise bad_input("BAD_VISIT_FILE", _("There is no field of this name: {names}", names=", ".join(unknown)))
    return given


def _request_of(given: Mapping[str, Any], _: Texts) -> care_pb2.RecordVisitRequest:
    from homeward.followup.v1 import care_pb2
    from homeward.type.v1 import types_pb2
    from services.chassis.calls.enums import number_of

    content = care_pb2.VisitContent(
        set=text_of(given, "set", _),
        questionnaire_version=number_in(given, "questionnaire_version", _),
        interpreter_is_adult=given.get("interpreter_is_adult") is True,
        answers=[care_pb2.Answer(**each) for each in answers_of(given.get("answers", {}), _)],
        **{name: text_of(given, name, _) for name in (*_CODES, *_TEXTS)},
    )
    content.next_steps.extend(codes_of(given.get("next_steps", []), "next_steps", _))
    content.warning_signs.extend(codes_of(given.get("warning_signs", []), "warning_signs", _))
    request = care_pb2.RecordVisitRequest(
        visited_on=day_of(given.get("visited_on", ""), _),
        outcome=member_of(types_pb2.FollowUpOutcome, given, "outcome", number_of, _),
        then=member_of(types_pb2.AfterDeclined, given, "then", number_of, _),
        extra=given.get("extra") is True,
        wishes_read=number_in(given, "wishes_read", _),
        content=content,
    )
    if wishes := given.get("wishes"):
        request.wishes.CopyFrom(wishes_of(wishes, _))
    return request


def wishes_of(given: Mapping[str, Any], _: Texts) -> care_pb2.Wishes:
    """Wishes of a file. Raises Refusal."""
    from homeward.followup.v1 import care_pb2

    if not isinstance(given, dict) or (unknown := sorted(given.keys() - {"how", "who", "hours", "reason"})):
        names = ", ".join(unknown) if isinstance(given, dict) else "wishes"
        raise bad_input("BAD_VISIT_FILE", _("There is no field of this name: {names}", names=names))
    return care_pb2.Wishes(
        how=codes_of(given.get("how", []), "how", _),
        **{name: text_of(given, name, _) for name in ("who", "hours", "reason")},
    )


def answers_of(given: Any, _: Texts) -> Iterator[Mapping[str, Any]]:
    """The answers of a file, as the fields of the contract. Raises Refusal."""
    if not isinstance(given, dict):
        raise _wrong("answers", _)
    known = questionnaire().questions
    for id_, said in given.items():
        question = known.get(id_)
        if question is None:
            raise bad_input("BAD_VISIT_FILE", _("There is no question {names}.", names=id_))
        if isinstance(said, dict):
            for item, code in said.items():
                yield {"question": id_, "item": item, "codes": codes_of(code, id_, _)}
        elif question.kind is QuestionKind.TEXT and isinstance(said, str):
            yield {"question": id_, "text": said}
        else:
            yield {"question": id_, "codes": codes_of(said, id_, _)}


def codes_of(said: Any, name: str, _: Texts) -> Sequence[str]:
    """Codes of a file: one, or a list. Raises Refusal."""
    codes = [said] if isinstance(said, str) else said
    if not isinstance(codes, list) or not all(isinstance(each, str) for each in codes):
        raise _wrong(name, _)
    return [each for each in codes if each]


def text_of(given: Mapping[str, Any], name: str, _: Texts) -> str:
    """A text of a file; empty when there is none. Raises Refusal."""
    found = given.get(name, "")
    if not isinstance(found, str):
        raise _wrong(name, _)
    return found


def number_in(given: Mapping[str, Any], name: str, _: Texts) -> int:
    """A number of a file; 0 when there is none. Raises Refusal."""
    found = given.get(name, 0)
    if not isinstance(found, int) or not 0 <= found < 1_000_000:
        raise _wrong(name, _)
    return found


def day_of(given: Any, _: Texts) -> str:
    """A day of a file. Raises Refusal."""
    if isinstance(given, date):
        return given.isoformat()
    if not isinstance(given, str):
        raise _wrong("visited_on", _)
    return given


def member_of(enum: Any, given: Mapping[str, Any], name: str, number_of: Any, _: Texts) -> Any:
    """A member of an enum, by its code in a file. Raises Refusal."""
    code = text_of(given, name, _)
    try:
        return number_of(enum, code or None)
    except ValueError:
        raise _wrong(name, _) from None


def _wrong(name: str, _: Texts) -> Refusal:
    return bad_input("BAD_VISIT_FILE", _("The field {name} is written in another way.", name=name))
