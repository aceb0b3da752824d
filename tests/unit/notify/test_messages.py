"""Whom each occurrence tells, and what the texts say: in two languages, completely, and betraying nobody."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.chassis.country.directory import built_in_directory
from services.chassis.country.sight import Sight
from services.chassis.kernel.roles import Role
from services.chassis.kernel.texts import CHASSIS_TEXTS, Language
from services.chassis.kernel.texts import LANGUAGES as LANGUAGE_CODES
from services.notify import rendering
from services.notify.application.readers import is_facility, readers
from services.notify.application.telling import message_id
from services.notify.domain.cases import Custody, accountable_at
from services.notify.domain.duties import ACTION_REQUIRED, Duty, Turn
from services.notify.domain.facts import FOLLOW_FROM_REGISTRATION, Addressee, Occurrence, Param
from services.notify.domain.messages import LANGUAGES, RETIRED, Kind, ListedMessage
from services.notify.domain.telling import WHO_IS_TOLD, told_now_and_later, told_of_decision
from services.notify.facts.office import OF_OFFICES
from services.notify.rendering import (
    BODY,
    DONE,
    NO_NUMBER,
    OFTEN,
    ONCE,
    OTHER,
    REMINDED,
    TITLE,
    UNKNOWN,
    WORD,
    WORDS,
    Text,
    render,
)
from tests.support.catalogues import coded, placeholders, problems_of_codes

DIRECTORY = built_in_directory()
SIGHT = Sight(DIRECTORY)
TODAY = date(2026, 3, 2)
LOCALE = Path(rendering.__file__).parent / "locale"

BETRAYING = (
    "victim",
    "traffick",
    "exploit",
    "rescue",
    "prostitut",
    "sex",
    "abuse",
    "slave",
    "forced",
    "identif",
    "returnee",
    "woman",
    "women",
    "girl",
    "child",
    " she ",
    " her ",
    "nạn nhân",
    "mua bán",
    "buôn",
    "bóc lột",
    "giải cứu",
    "mại dâm",
    "tình dục",
    "xâm hại",
    "cưỡng bức",
    "phụ nữ",
    "trẻ em",
    "hồi hương",
    "bị bán",
)


# Texts ----------------------------------------------------------------------------------------


def test_whoever_decided_before_is_told_of_a_revision_and_so_is_the_accountable_office() -> None:
    assert told_of_decision("BP-CN-HUU-NGHI", "SA-22", "VF-20") == {
        "BP-CN-HUU-NGHI": Kind.IDENTIFICATION_FEEDBACK,
        "SA-22": Kind.IDENTIFICATION_REVISED,
        "VF-20": Kind.IDENTIFICATION_REVISED,
    }


def test_the_languages_are_those_of_the_contract() -> None:
    assert set(LANGUAGES) == set(LANGUAGE_CODES)


def test_every_text_is_there_in_every_language_with_the_same_placeholders_and_none_is_for_nothing() -> None:
    english = coded(LOCALE / "en.po")
    wanted = {(context, kind.value): english.get((context, kind), "") for context in (TITLE, BODY) for kind in Kind}
    wanted |= {(DONE, turn.value): english.get((DONE, turn), "") for turn in Turn}
    wanted |= {(REMINDED, code): english.get((REMINDED, code), "") for code in (ONCE, OFTEN)}
    wanted |= {(OTHER, name.value): "" for name in WORDS} | {(WORD, code): "" for code in (NO_NUMBER, UNKNOWN)}
    assert {language: problems_of_codes(LOCALE / f"{language}.po", wanted) for language in LANGUAGE_CODES} == {
        language: [] for language in LANGUAGE_CODES
    }


def test_texts_are_of_their_language_and_ask_for_what_there_is() -> None:
    english, vietnamese = coded(LOCALE / "en.po"), coded(LOCALE / "vi.po")
    assert [key for key, text in english.items() if text == vietnamese[key]] == []
    everything = [*english.items(), *vietnamese.items()]
    assert [text for _, text in everything if not placeholders(text) <= {"case", *Param}] == []
    titles = [text for (context, kind), text in everything if context == TITLE and kind not in OF_OFFICES]
    assert [text for text in titles if "{case}" not in text or "\n" in text] == []


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_no_word_that_fills_a_text_betrays_anything(language: Language) -> None:
    known = coded(CHASSIS_TEXTS / "words" / f"{language}.po") | coded(LOCALE / f"{language}.po")
    filling = {key: text for key, text in known.items() if key[0] in (*WORDS.values(), OTHER, WORD)}
    assert {context for context, _ in filling} == {*WORDS.values(), OTHER, WORD}
    assert [text for text in filling.values() for word in BETRAYING if word in f" {text.lower()} "] == []


def shown(
    language: Language,
    kind: str,
    number: str | None,
    params: Mapping[str, str],
    reminders: int = 0,
    done_by: str | None = None,
) -> Text:
    """A message as it is read."""
    asked = datetime(2026, 1, 1, 20, tzinfo=UTC)
    message = ListedMessage(
        id=uuid.UUID(int=1),
        office_id="SA-22",
        case_id=uuid.UUID(int=2),
        case_number=number,
        kind=kind,
        params=params,
        duty=Duty.SEARCH,
        about="",
        posted_at=asked,
        since=asked,
        reminders=reminders,
        read_at=None,
        done_at=None if done_by is None else datetime(2026, 3, 4, 1, tzinfo=UTC),
        done_by=done_by,
    )
    return render(DIRECTORY, language, message)


def test_a_reminder_says_since_when_it_reminds() -> None:
    first, further = (shown("en", Kind.SEARCH_STILL_OPEN, None, {}, count).body for count in (1, 7))
    assert first.endswith(" This is a reminder: it has been asked for since 2 January 2026.")
    assert further.endswith(" This is reminder 7: it has been asked for since 2 January 2026.")
    assert "nhắc" not in shown("vi", Kind.SEARCH_STILL_OPEN, None, {}).body


@pytest.mark.parametrize(("turn", "language"), list(itertools.product(Turn, LANGUAGE_CODES)))
def test_what_is_done_says_by_what_and_when(turn: Turn, language: Language) -> None:
    done = shown(language, Kind.SEARCH_OPENED, None, {}, done_by=turn).done
    assert ("4 March 2026" if language == "en" else "04/03/2026") in done
    assert [word for word in BETRAYING if word in f" {done.lower()} "] == []


def all_params() -> dict[str, str]:
    return {
        Param.FROM_OFFICE: "BP-CN-HUU-NGHI",
        Param.TO_OFFICE: "SA-22",
        Param.OFFICE: "VF-20",
        Param.ON: "2026-03-02",
        Param.DUE_ON: "2026-12-31",
        Param.RULE: "TRANSFER_ACKNOWLEDGE",
        Param.FOLLOW_UP: "MONTHS_3",
        Param.LEVEL: "2",
        Param.REASON: "REAPPEARED",
        Param.RESOLUTION: "RE_IDENTIFIED",
        Param.OTHER_CASE: "HW-999-999-923",
        Param.MATCH: "UNLIKELY",
        Param.SINCE: "2026-02-01",
        Param.DONE_ON: "2026-04-01",
        Param.REMINDERS: "3",
        Param.METHOD: "ChangeRule",
        Param.OBJECT: "7",
        Param.REFUSAL: "NOT_PROVEN",
        Param.AMOUNT: "9",
        Param.UNIT: "WORKING_DAYS",
        Param.BREAK_GLASS_REASON: "PERSON_ASKS",
    }


def test_a_search_says_why_it_was_opened_and_how_it_ended() -> None:
    number = "HW-999-999-957"
    opened = shown("en", Kind.SEARCH_OPENED, number, {Param.REASON: "NOT_AT_ADDRESS"})
    assert opened.body.startswith("Reason: not found at the address. A search is open")
    ended = shown("vi", Kind.SEARCH_ENDED, number, {Param.RESOLUTION: "FOUND", Param.OFFICE: "SA-22"})
    assert ended.body.startswith("Việc tìm kiếm đã kết thúc: đã tìm thấy. Đơn vị chịu trách nhiệm: ")
    later = shown("en", Kind.SEARCH_OPENED_SUPERVISOR, number, {Param.REASON: "FROM_A_LATER_VERSION"})
    assert later.body.startswith("Reason: it is not known where the case is now. ")


@pytest.mark.parametrize(("kind", "language"), list(itertools.product(Kind, LANGUAGE_CODES)))
def test_no_text_betrays_anything(kind: Kind, language: Language) -> None:
    text = shown(language, kind, "HW-999-999-957", all_params())
    words = f" {text.title} {text.body} ".lower()
    assert [word for word in BETRAYING if word in words] == []
    assert "HW-999-999-957" in text.title or kind in OF_OFFICES
    assert not placeholders(text.title + text.body)
    for bare in all_params().values():
        if len(bare) > 1 and bare != all_params()[Param.OTHER_CASE]:
            assert bare not in text.title + text.body


def test_no_office_that_a_text_may_name_betrays_anything() -> None:
    named = " ".join(f"{office.name_en} {office.name_vi}" for office in DIRECTORY.offices()).lower()
    assert [word for word in BETRAYING if word in named] == []


def test_texts_are_filled_in_the_readers_language() -> None:
    params: dict[str, str] = {Param.FROM_OFFICE: "BP-CN-HUU-NGHI", Param.ON: "2026-03-02", Param.DUE_ON: "2026-12-31"}
    english = shown("en", Kind.TRANSFER_UNDER_WAY, "HW-999-999-957", params)
    assert english.title == "Case HW-999-999-957: please acknowledge the arrival"
    assert DIRECTORY.office("BP-CN-HUU-NGHI").name_en in english.body
    assert "2 March 2026" in english.body
    assert "31 December 2026" in english.body
    vietnamese = shown("vi", Kind.TRANSFER_UNDER_WAY, "HW-999-999-957", params)
    assert DIRECTORY.office("BP-CN-HUU-NGHI").name_vi in vietnamese.body
    assert "02/03/2026" in vietnamese.body
    assert "31/12/2026" in vietnamese.body


def test_what_is_not_known_is_said_to_be_so() -> None:
    bare = shown("en", Kind.TRANSFER_UNDER_WAY, None, {})
    assert bare.title == "Case (number to follow): please acknowledge the arrival"
    assert "(not stated)" in bare.body
    rule = shown("en", Kind.DEADLINE_PASSED, None, {Param.RULE: "FROM_A_LATER_VERSION"})
    assert "a task of this case" in rule.body
    office = shown("vi", Kind.CASE_CLOSED, None, {Param.OFFICE: "SA-UNKNOWN"})
    assert "SA-UNKNOWN" in office.body
    later = shown("vi", "FROM_A_LATER_VERSION", "HW-999-999-957", {})
    assert (later.title, later.body) == ("FROM_A_LATER_VERSION", "")


# Who is told ----------------------------------------------------------------------------------


def test_every_occurrence_tells_somebody_and_every_kind_is_used() -> None:
    assert set(WHO_IS_TOLD) == set(Occurrence)
    assert all(WHO_IS_TOLD.values())
    used = {kind for told in WHO_IS_TOLD.values() for _, kind in told} | OF_OFFICES
    decided = {Kind.IDENTIFICATION_DECIDED, Kind.IDENTIFICATION_FEEDBACK, Kind.IDENTIFICATION_REVISED}
    assert used | decided | RETIRED == set(Kind)
    assert not used & RETIRED
    assert set(Kind) >= ACTION_REQUIRED


def test_what_waits_for_the_registration_stands_last() -> None:
    for told in WHO_IS_TOLD.values():
        late = [addressee in FOLLOW_FROM_REGISTRATION for addressee, _ in told]
        assert late == sorted(late)


def test_without_a_registration_some_are_told_later() -> None:
    told = WHO_IS_TOLD[Occurrence.TRANSFER_ACKNOWLEDGED]
    assert told_now_and_later(told, registered=True) == (told, ())
    now, later = told_now_and_later(told, registered=False)
    assert [addressee for addressee, _ in now] == [Addressee.SENDER]
    assert [addressee for addressee, _ in later] == [Addressee.REGISTERING_POST]


def test_a_decision_is_told_to_whoever_was_accountable_then() -> None:
    custodies = [
        Custody(1, "BP-CN-HUU-NGHI", datetime(2026, 1, 1, tzinfo=UTC)),
        Custody(2, "SA-22", datetime(2026, 2, 1, tzinfo=UTC)),
    ]
    assert accountable_at(custodies, datetime(2025, 12, 31, tzinfo=UTC)) is None
    assert accountable_at(custodies, datetime(2026, 1, 1, tzinfo=UTC)) == "BP-CN-HUU-NGHI"
    assert accountable_at(reversed(custodies), datetime(2026, 2, 1, tzinfo=UTC)) == "SA-22"
    assert told_of_decision("BP-CN-HUU-NGHI", "BP-CN-HUU-NGHI") == {"BP-CN-HUU-NGHI": Kind.IDENTIFICATION_DECIDED}
    assert told_of_decision("BP-CN-HUU-NGHI", "SA-22") == {
        "BP-CN-HUU-NGHI": Kind.IDENTIFICATION_FEEDBACK,
        "SA-22": Kind.IDENTIFICATION_DECIDED,
    }
    assert told_of_decision(None, None) == {}


def test_an_addressee_is_the_office_that_holds_the_duty_on_the_day() -> None:
    offices = {Addressee.RECEIVER: "SA-22-2004"}
    assert readers(SIGHT, Addressee.RECEIVER, offices, date(2025, 2, 28)) == ("SA-22-2004",)
    assert readers(SIGHT, Addressee.RECEIVER, offices, date(2025, 3, 1)) == ("SA-22-INTERIM",)
    (today,) = readers(SIGHT, Addressee.RECEIVER, offices, TODAY)
    assert today == DIRECTORY.resolve("SA-22-2004", TODAY).id
    assert readers(SIGHT, Addressee.SENDER, offices, TODAY) == ()


def test_the_registering_post_is_told_only_when_it_is_one() -> None:
    post = {Addressee.REGISTERING: "BP-CN-HUU-NGHI"}
    commune = {Addressee.REGISTERING: "CM-20-01"}
    assert readers(SIGHT, Addressee.REGISTERING_POST, post, TODAY) == ("BP-CN-HUU-NGHI",)
    assert readers(SIGHT, Addressee.REGISTERING_POST, commune, TODAY) == ()
    assert readers(SIGHT, Addressee.REGISTERING, commune, TODAY) == ("CM-20-01",)


def test_the_verifier_is_that_of_the_province_on_the_day() -> None:
    offices = {Addressee.REGISTERING: "BP-CN-HUU-NGHI"}
    for on in (date(2024, 5, 1), TODAY):
        (verifier,) = readers(SIGHT, Addressee.VERIFIER, offices, on)
        assert DIRECTORY.office(verifier).role is Role.VERIFIER
        assert DIRECTORY.office(verifier).is_valid(on)
        assert DIRECTORY.office(verifier).province == DIRECTORY.province_of("BP-CN-HUU-NGHI", on)


def test_supervisors_are_those_of_the_accountable_office() -> None:
    offices = {Addressee.ACCOUNTABLE: "BP-CN-HUU-NGHI"}
    assert readers(SIGHT, Addressee.PROVINCE_SUPERVISOR, offices, TODAY) == ("SV-20",)
    assert readers(SIGHT, Addressee.NATIONAL_SUPERVISOR, offices, TODAY) == ("SV-NATIONAL",)
    nobody = {Addressee.ACCOUNTABLE: "NGO-01"}
    assert readers(SIGHT, Addressee.PROVINCE_SUPERVISOR, nobody, TODAY) == ("SV-NATIONAL",)


def test_an_office_nobody_knows_leaves_its_messages_to_the_national_supervisor() -> None:
    assert SIGHT.holders("SA-UNKNOWN", TODAY) == ("SV-NATIONAL",)
    offices = {Addressee.ACCOUNTABLE: "SA-UNKNOWN"}
    assert readers(SIGHT, Addressee.PROVINCE_SUPERVISOR, offices, TODAY) == ("SV-NATIONAL",)
    assert readers(SIGHT, Addressee.VERIFIER, {Addressee.REGISTERING: "SA-UNKNOWN"}, TODAY) == ("SV-NATIONAL",)


def test_an_office_before_its_first_day_is_told_itself() -> None:
    office = DIRECTORY.resolve("SA-22-2004", TODAY).id
    assert SIGHT.holders(office, date(2024, 1, 1)) == (office,)


def test_an_inbox_takes_in_those_of_the_offices_before() -> None:
    heir = DIRECTORY.resolve("SA-22-2004", TODAY).id
    assert {heir, "SA-22-2004", "SA-22-INTERIM"} <= SIGHT.represented_by(heir, TODAY)
    assert SIGHT.represented_by("SA-22-2004", date(2024, 1, 1)) == {"SA-22-2004"}
    assert SIGHT.represented_by("BP-CN-HUU-NGHI", TODAY) == {"BP-CN-HUU-NGHI"}


def test_a_message_id_follows_from_event_and_office() -> None:
    event_id = uuid.UUID(int=7)
    assert message_id(event_id, "SA-22") == message_id(event_id, "SA-22")
    assert message_id(event_id, "SA-22") != message_id(event_id, "SA-24")
    assert message_id(event_id, "SA-22") != message_id(uuid.UUID(int=8), "SA-22")


def test_a_facility_is_no_home() -> None:
    assert is_facility(SIGHT, "RC-LAO-CAI")
    assert not is_facility(SIGHT, "SA-22")
    assert not is_facility(SIGHT, "RC-UNKNOWN")
