"""A visit in the browser: wishes first, saved section by section, and nothing that was said in any address."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from uuid import UUID

import pytest

from homeward.followup.v1 import care_pb2, entries_pb2
from homeward.handover.v1 import custody_pb2
from homeward.type.v1 import types_pb2
from services.chassis.country.questionnaires import questionnaire
from services.chassis.kernel.case_number import format_case_number
from services.client import words
from services.console.texts import page_texts
from tests.support.pages import Answer, Browser, failure

AGENCY = "SA-24"
CASE = format_case_number(77)
WISHES = care_pb2.GetWishesResponse(
    version=2, wishes=care_pb2.Wishes(how=["NO_UNIFORM"], reason="hỏi mua lợn"), office_id=AGENCY
)
SAID = care_pb2.VisitContent(
    set="FULL",
    mode="HOME",
    risk="IMMEDIATE",
    risk_reason="Chim hoàng yến",
    answers=[care_pb2.Answer(question="Q08", codes=["NO"])],
)
ANSWERS: dict[str, Answer] = {
    "GetWishes": WISHES,
    "SetWishes": care_pb2.SetWishesResponse(version=3),
    "GetVisitDraft": care_pb2.GetVisitDraftResponse(),
    "SaveVisitDraft": care_pb2.SaveVisitDraftResponse(),
    "RecordVisit": care_pb2.RecordVisitResponse(entry_number=4),
    "GetVisit": care_pb2.GetVisitResponse(
        entry_number=4, visited_on="2026-05-20", revisions=[care_pb2.VisitRevision(revision=1, content=SAID)]
    ),
    "ConfirmSafetyAct": care_pb2.ConfirmSafetyActResponse(entry_number=4),
}
TYPED: dict[str, str | list[str]] = {
    "set": "FULL",
    "wishes_were": hashlib.sha256(WISHES.wishes.SerializeToString(deterministic=True)).hexdigest(),
    "visited_on": "20/05/2026",
    "wishes_read": "2",
    "mode": "HOME",
    "visitor": "SOCIAL_WORKER",
    "consent": "GIVEN",
    "Q08": "NO",
    "Q14": ["MEDICAL", "LEGAL"],
    "Q16.MEDICAL": "YES",
    "Q16.SHELTER": "NO",
    "Q39": "đừng đến nhà",
    "risk": "RAISED",
    "risk_reason": "sợ",
    "next_steps": ["EXTRA_VISIT"],
    "outcome": "AT_RISK",
    "how": ["NO_UNIFORM"],
    "reason": "hỏi mua lợn",
}


async def opened(key: Path, language: str = "vi", **answers: Answer) -> tuple[Browser, str, str]:
    """A form, its text and where it is sent."""
    browser = await Browser(key, ANSWERS | answers, language=language).sign_in(AGENCY)
    page = await browser.post(f"/cases/{CASE}/home-visit")
    (action,) = set(re.findall(rf'<form method="post" action="(/cases/{CASE}/home-visit/[^"]+)"', page.text))
    return browser, page.text, action


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_her_wishes_stand_before_everything_else(key: Path, language: str) -> None:
    _, text, _ = await opened(key, language)
    asked = questionnaire()
    question = asked.questions["Q01"]
    at = [
        text.index(each)
        for each in ("hỏi mua lợn", asked.consent_to_read[language], question.vi if language == "vi" else question.en)
    ]
    assert at == sorted(at)
    assert all(f'id="{each.id}"' in text for each in asked.of_set("FULL") if each.kind != "PER_ITEM")


async def test_a_section_is_saved_and_nothing_is_asked_of_it(key: Path) -> None:
    browser, _, action = await opened(key)
    page = await browser.post(action, {"do": "save", "set": "FULL", "visited_on": "hôm nào", "Q08": "NO"})
    assert page.status == 200
    [saved] = browser.door.named("SaveVisitDraft")
    assert [(each.question, list(each.codes)) for each in saved.visit.content.answers] == [("Q08", ["NO"])]
    assert not browser.door.named("RecordVisit")
    assert "RF18" in page.text
    assert 'id="visited_on-wrong"' in page.text, "a day that could not be kept does not go in silence"


async def test_a_draft_comes_back_and_asks_what_follows_from_its_answers(key: Path) -> None:
    draft = care_pb2.RecordVisitRequest(
        content=care_pb2.VisitContent(
            set="FULL",
            answers=[
                care_pb2.Answer(question="Q08", codes=["YES"]),
                care_pb2.Answer(question="Q14", codes=["MEDICAL"]),
                care_pb2.Answer(question="Q39", text="Chim hoàng yến"),
            ],
        )
    )
    _, text, _ = await opened(key, GetVisitDraft=care_pb2.GetVisitDraftResponse(visit=draft))
    assert "Chim hoàng yến" in text
    assert 'id="Q16.MEDICAL"' in text
    assert 'id="Q16.SHELTER"' not in text
    assert 'id="Q09"' not in text, "of whom she is afraid is not asked where she feels safe"


async def test_a_visit_is_taken_down_as_it_was_typed(key: Path) -> None:
    browser, _, action = await opened(key)
    reply = await browser.post(action, TYPED | {"do": "record"})
    assert reply.headers["location"] == f"/cases/{CASE}?done=home-visit"
    [request] = browser.door.named("RecordVisit")
    assert request.request_id == action.rpartition("/")[2]
    assert (request.visited_on, request.wishes_read) == ("2026-05-20", 2)
    assert request.outcome == types_pb2.FOLLOW_UP_OUTCOME_AT_RISK
    answers = {(each.question, each.item): each.text or list(each.codes) for each in request.content.answers}
    assert answers == {
        ("Q08", ""): ["NO"],
        ("Q14", ""): ["MEDICAL", "LEGAL"],
        ("Q16", "MEDICAL"): ["YES"],
        ("Q39", ""): "đừng đến nhà",
    }
    assert not request.HasField("wishes"), "they are as they were"


async def test_wishes_that_were_not_confirmed_are_not_said_to_be_read(key: Path) -> None:
    browser, _, action = await opened(key, RecordVisit=failure("FAILED_PRECONDITION", "WISHES_NOT_READ", "Đọc trước"))
    reply = await browser.post(action, TYPED | {"do": "record", "wishes_read": "1", "how": ["NO_LETTER"]})
    assert reply.status == 422
    assert "Đọc trước" in reply.text
    assert "đừng đến nhà" in reply.text, "what was typed stays"
    [request] = browser.door.named("RecordVisit")
    assert (request.wishes_read, list(request.wishes.how)) == (1, ["NO_LETTER"]), "as it was typed: followup refuses it"
    assert 'name="wishes_read" value="2">' in reply.text, "what stands now is to be read first"


async def test_a_form_that_changed_wishes_is_the_same_request_when_it_is_sent_again(key: Path) -> None:
    stands = [WISHES, care_pb2.GetWishesResponse(version=3, wishes=care_pb2.Wishes(how=["NO_LETTER"]))]
    browser, text, action = await opened(key, GetWishes=lambda _: stands[0])
    (were,) = re.findall(r'name="wishes_were" value="([0-9a-f]{64})"', text)
    typed = TYPED | {"do": "record", "wishes_were": were, "how": ["NO_LETTER"]}
    await browser.post(action, typed)
    # The first one took effect; its answer was lost on the way.
    del stands[0]
    await browser.post(action, typed)
    first, again = browser.door.named("RecordVisit")
    assert first == again
    assert list(first.wishes.how) == ["NO_LETTER"]


async def test_what_is_wrong_is_told_at_its_field(key: Path) -> None:
    browser, _, action = await opened(
        key, RecordVisit=failure("INVALID_ARGUMENT", "INVALID_INPUT", "", "content.mode", "content.risk_reason")
    )
    reply = await browser.post(action, TYPED | {"do": "record"})
    for name in ("mode", "risk_reason"):
        assert f'href="#{name}"' in reply.text
    bad_day = await browser.post(action, TYPED | {"do": "record", "visited_on": "31/02/2026"})
    assert 'href="#visited_on"' in bad_day.text


async def test_nothing_that_was_said_has_an_address(key: Path) -> None:
    browser, _, action = await opened(key)
    for path in (action, f"/cases/{CASE}/home-visit", f"/cases/{CASE}/visited", f"/cases/{CASE}/wishes"):
        reply = await browser.get(path)
        assert reply.headers["location"] == f"/cases/{CASE}"
    shown = await browser.post(f"/cases/{CASE}/visited")
    assert shown.headers["cache-control"] == "no-store"
    assert "Chim hoàng yến" in shown.text


async def test_the_sheet_tells_nobody_anything(key: Path) -> None:
    browser, _, _ = await opened(key)
    browser.door.calls.clear()
    page = await browser.get(f"/cases/{CASE}/sheet")
    article = page.text[page.text.index("<article") : page.text.index("</article>")]
    assert re.sub(r"<[^>]+>|_+|\s+|Q[0-9]{2}", "", article) == CASE
    assert browser.door.calls == []


async def test_a_second_person_confirms_what_was_done(key: Path) -> None:
    browser, _, _ = await opened(key)
    shown = await browser.post(f"/cases/{CASE}/visited")
    (action,) = re.findall(rf'action="(/cases/{CASE}/safe/[^"]+)"', shown.text)
    reply = await browser.post(action, {"measures": ["SHELTER", "ESCORT"], "note": "xong"})
    assert reply.headers["location"] == f"/cases/{CASE}?done=safe"
    [request] = browser.door.named("ConfirmSafetyAct")
    assert (list(request.measures), request.note) == (["SHELTER", "ESCORT"], "xong")


async def test_whoever_may_not_confirm_is_told_on_the_same_page(key: Path) -> None:
    refused = failure("PERMISSION_DENIED", "SAFETY_OWN_JUDGEMENT", "Người thứ hai xác nhận", "measures")
    browser, _, _ = await opened(key, ConfirmSafetyAct=refused)
    shown = await browser.post(f"/cases/{CASE}/visited")
    (action,) = re.findall(rf'action="(/cases/{CASE}/safe/[^"]+)"', shown.text)
    reply = await browser.post(action)
    assert reply.status == 422
    assert "Người thứ hai xác nhận" in reply.text
    assert 'href="#measures"' in reply.text
    assert 'name="measures"' in reply.text


async def test_wishes_are_recorded_in_place_of_those_that_stand(key: Path) -> None:
    browser = await Browser(key, ANSWERS).sign_in(AGENCY)
    page = await browser.post(f"/cases/{CASE}/wishes")
    assert "hỏi mua lợn" in page.text
    (action,) = re.findall(rf'action="(/cases/{CASE}/wishes/[^"]+)"', page.text)
    reply = await browser.post(action, {"replaces": "2", "how": ["NO_LETTER", "WOMAN_WORKER"], "hours": "chiều"})
    assert reply.headers["location"] == f"/cases/{CASE}?done=wishes"
    [request] = browser.door.named("SetWishes")
    assert (request.replaces, list(request.wishes.how)) == (2, ["NO_LETTER", "WOMAN_WORKER"])


@pytest.mark.parametrize("number", ["²", "9" * 12, "9" * 5_000])
async def test_a_number_that_no_form_of_ours_carries_is_none(key: Path, number: str) -> None:
    browser, _, _ = await opened(key)
    page = await browser.post(f"/cases/{CASE}/visited", {"entry": number})
    assert (page.status, browser.door.named("GetVisit")[-1].entry_number) == (200, 0)
    page = await browser.post(f"/cases/{CASE}/wishes/{UUID(int=7)}", {"replaces": number})
    assert (page.status, browser.door.named("SetWishes")[-1].replaces) == (303, 0)


@pytest.mark.parametrize(("phase", "offered"), [("FOLLOW_UP", True), ("ARRIVED", True), ("IN_TRANSIT", False)])
async def test_the_page_of_a_case_at_home_leads_to_wishes_and_visits(key: Path, phase: str, offered: bool) -> None:
    custody = custody_pb2.Custody(
        case_number=CASE,
        accountable_office_id=AGENCY,
        phase=types_pb2.CasePhase.Value(f"CASE_PHASE_{phase}"),
    )
    answers = ANSWERS | {"GetCustody": custody_pb2.GetCustodyResponse(custody=custody)}
    browser = await Browser(key, answers).sign_in(AGENCY)
    page = await browser.get(f"/cases/{CASE}")
    for name in ("wishes", "home-visit", "visited"):
        assert (f'action="/cases/{CASE}/{name}"' in page.text) == offered


CORRECTED = care_pb2.GetVisitResponse(
    entry_number=4,
    visited_on="2026-05-20",
    revisions=[
        care_pb2.VisitRevision(revision=1, content=SAID, office_id=AGENCY),
        care_pb2.VisitRevision(
            revision=2, content=care_pb2.VisitContent(set="FULL", note="Chim sẻ"), office_id=AGENCY, reason="nghe nhầm"
        ),
    ],
)
STORY = entries_pb2.GetStoryResponse(
    entries=[
        entries_pb2.Entry(
            number=number,
            versions=[
                entries_pb2.EntryVersion(
                    on=f"2026-0{number}-20",
                    kind=types_pb2.FOLLOW_UP_KIND_MONTHS_3,
                    outcome=types_pb2.FOLLOW_UP_OUTCOME_AT_RISK,
                    office_id=AGENCY,
                    withheld=withheld,
                )
            ],
        )
        for number, withheld in ((4, False), (5, False), (6, True))
    ]
)


async def test_a_visit_stands_with_what_was_written_before_and_leads_to_others(key: Path) -> None:
    browser = await Browser(key, ANSWERS | {"GetVisit": CORRECTED, "GetStory": STORY}).sign_in(AGENCY)
    page = (await browser.post(f"/cases/{CASE}/visited", {"entry": "4"})).text
    assert page.index("Chim sẻ") < page.index("Revision 1") < page.index("Chim hoàng yến")
    assert re.findall(r'<option value="(\d)">', page) == ["5"], "the one shown, and those of others, are not offered"
    assert f'action="/cases/{CASE}/visit-correct"' in page


async def test_what_was_said_is_put_right_against_the_revision_that_was_read(key: Path) -> None:
    answers = ANSWERS | {"GetVisit": CORRECTED, "CorrectVisit": care_pb2.CorrectVisitResponse(revision=3)}
    browser = await Browser(key, answers).sign_in(AGENCY)
    page = await browser.post(f"/cases/{CASE}/visit-correct", {"entry": "4"})
    assert "Chim sẻ" in page.text
    (action,) = set(re.findall(rf'method="post" action="(/cases/{CASE}/visit-correct/[^"]+)"', page.text))
    typed = {"entry": "4", "revision": "2", "set": "FULL", "Q08": "NO", "note": "Chim én", "why": "nghe nhầm"}
    looked = await browser.post(action, typed | {"do": "look"})
    assert "Chim én" in looked.text
    assert browser.door.named("CorrectVisit") == []
    for _ in range(2):
        reply = await browser.post(action, typed | {"do": "correct"})
        assert reply.headers["location"] == f"/cases/{CASE}?done=visit-corrected"
    request, again = browser.door.named("CorrectVisit")
    assert request == again
    assert request.request_id == action.rpartition("/")[2]
    assert (request.entry_number, request.revision, request.reason) == (4, 2, "nghe nhầm")
    assert request.content.note == "Chim én"
    assert [each.question for each in request.content.answers] == ["Q08"]


async def test_a_correction_that_is_refused_keeps_what_was_typed(key: Path) -> None:
    refused = failure("ABORTED", "VISIT_CHANGED", "The visit was corrected meanwhile", "reason")
    browser = await Browser(key, ANSWERS | {"CorrectVisit": refused}).sign_in(AGENCY)
    typed = {"entry": "4", "revision": "1", "set": "FULL", "note": "Chim én", "do": "correct"}
    reply = await browser.post(f"/cases/{CASE}/visit-correct/{UUID(int=7)}", typed)
    assert reply.status == 422
    assert "The visit was corrected meanwhile" in reply.text
    assert "Chim én" in reply.text
    assert 'href="#why"' in reply.text


async def test_a_visit_that_was_recorded_in_short_is_written_down_later(key: Path) -> None:
    answers = ANSWERS | {"GetVisit": failure("NOT_FOUND", "VISIT_NOT_FOUND"), "GetStory": STORY}
    browser = await Browser(key, answers).sign_in(AGENCY)
    page = await browser.post(f"/cases/{CASE}/visited", {"entry": "5"})
    assert page.status == 200
    assert "Nothing that was said is on record" in page.text
    assert f'formaction="/cases/{CASE}/visit-correct"' in page.text
    form = await browser.post(f"/cases/{CASE}/visit-correct", {"entry": "5", "short": "1"})
    assert 'name="revision" value="0"' in form.text


async def test_a_day_that_is_none_stays_as_it_was_typed(key: Path) -> None:
    browser, _, action = await opened(key)
    page = await browser.post(action, TYPED | {"do": "record", "visited_on": "hôm nào"})
    assert 'value="hôm nào"' in page.text


async def test_an_office_that_visited_her_before_still_reads_what_it_wrote(key: Path) -> None:
    gone = failure("NOT_FOUND", "CASE_NOT_FOUND")
    answers = ANSWERS | {"GetCustody": gone, "GetCase": gone, "GetStory": STORY}
    page = await (await Browser(key, answers).sign_in(AGENCY)).get(f"/cases/{CASE}")
    assert page.status == 200
    assert f'action="/cases/{CASE}/visited"' in page.text
    assert f'action="/cases/{CASE}/home-visit"' not in page.text


async def test_warning_signs_stand_in_the_language_of_the_page(key: Path) -> None:
    browser, text, action = await opened(key)
    signs = {code: words.word(page_texts("vi"), words.WARNING_SIGNS, code) for code in words.WARNING_SIGNS}
    assert all(f"{code} {word}" in text for code, word in signs.items())
    saved = await browser.post(action, {"do": "save", "set": "FULL", "Q08": "NO"})
    assert f"<li>RF18 {signs['RF18']}</li>" in saved.text


async def test_what_is_wrong_is_told_by_what_its_field_is_called(key: Path) -> None:
    wrong = failure("INVALID_ARGUMENT", "INVALID_INPUT", "", "content.risk_reason", "content.answers.codes")
    browser, _, action = await opened(key, language="en", RecordVisit=wrong)
    page = await browser.post(action, TYPED | {"do": "record"})
    assert '<a href="#risk_reason">Why you judge so: content.risk_reason is wrong</a>' in page.text


async def test_what_an_office_seldom_does_at_home_stands_below_the_rest(key: Path) -> None:
    custody = custody_pb2.Custody(case_number=CASE, accountable_office_id=AGENCY, phase=types_pb2.CASE_PHASE_FOLLOW_UP)
    answers = ANSWERS | {"GetCustody": custody_pb2.GetCustodyResponse(custody=custody)}
    page = (await (await Browser(key, answers).sign_in(AGENCY)).get(f"/cases/{CASE}")).text
    at = [page.index(f'href="/cases/{CASE}/{name}"') for name in ("visit", "dispatch", "close")]
    assert at == sorted(at)
    assert at[1] < page.index("Put right, give back or end") < at[2]
    assert f'<a class="button" href="/cases/{CASE}/visit"' in page
    assert f'<a class="button quiet" href="/cases/{CASE}/dispatch"' in page
