"""Every page by every kind of office, in both languages, on a phone: nothing that axe finds, nothing wider than it.

Also with text of twice the size, and by the keyboard alone.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Page, ViewportSize

from homeward.followup.v1 import care_pb2
from homeward.handover.v1 import custody_pb2, directory_pb2
from homeward.intake.v1 import break_glass_pb2, consents_pb2
from homeward.type.v1 import types_pb2
from services.console.pages import PAGES as ROUTES
from services.local.office_calls import OfficeCalls
from tests.browser.conftest import DESK, Desk, Windows
from tests.e2e import work
from tests.support.whole import until

pytestmark = pytest.mark.asyncio(loop_scope="session")
ADMIN: Final = "ADMIN-NATIONAL"


@dataclass(frozen=True, slots=True)
class Sent:
    """A page that a form leads to: the route, where the form stands, a part of its action, what is written into it."""

    route: str
    start: str | Sent
    form: str
    values: Mapping[str, str] = field(default_factory=dict)


IDENTITY: Final = Sent("/cases/{case}/identity", "/cases/{case}", "/identity", {"purpose": "PAPERS"})
WISHES: Final = Sent("/cases/{case}/wishes", "/cases/{home}", "/wishes")
HOME_SAFETY: Final = Sent("/cases/{case}/home-safety", "/cases/{staying}", "/home-safety")
VISIT: Final = Sent("/cases/{case}/home-visit", "/cases/{home}", "/home-visit")
VISITED: Final = Sent("/cases/{case}/visited", "/cases/{home}", "/visited")
PUT_RIGHT: Final = Sent("/cases/{case}/visit-correct", VISITED, "/visit-correct")
HOME_LOOK: Final = "/cases/{home}/consents/home-look"
CORRECT: Final = Sent("/cases/{case}/correct", "/cases/{staying}", "/correct")
OPENED: Final = Sent("/cases/{case}/break-glass", "/cases/{staying}/break-glass", "/break-glass", {"reason": "DANGER"})
PAGES: Final[Mapping[str, Sequence[str | Sent]]] = {
    work.POST: (
        *("/", "/handovers/new", "/returns/new", "/journeys/new", "/journeys/file", "/inbox", "/transfers", "/cases"),
        *("/cases/{case}", "/cases/{case}/dispatch", "/homes", "/hidden"),
        *("/handovers/drafts", "/handovers/shell?language=vi", "/handovers"),
        *("/handovers/{request}/receipt", "/returns/{request}/receipt", "/sign-ins", "/signed-in"),
        IDENTITY,
        Sent("/cases/{case}/letter", IDENTITY, "/letter"),
        HOME_SAFETY,
        # Neither question is answered, so it is refused.
        Sent("/cases/{case}/home-safety/{request_id}", HOME_SAFETY, "/home-safety/", {"guardian": "a guardian"}),
        CORRECT,
        # Without a reason it is refused, and everything wrong is told at its field.
        Sent("/cases/{case}/correct/{request_id}", CORRECT, "/correct/", {"birth_date": "31/02/2004"}),
        Sent("/cases/{case}/{verb}/{request_id}", "/cases/{staying}/dispatch", "/dispatch/", {"departed_on": "31/02"}),
        Sent("/journeys/{request_id}", "/journeys/new", "/journeys/", {"departed_on": "31/02"}),
        # No file was chosen, so it is refused.
        Sent("/journeys/file/{request_id}", "/journeys/file", "/journeys/file/"),
        "/codes?words=quang+ninh",
        "/codes",
        Sent("/handovers/{request_id}", "/handovers/new", "/handovers/", {"p1.birth_date": "31/02/2004"}),
        Sent("/returns/{request_id}", "/returns/new", "/returns/", {"p1.birth_date": "31/02/2004"}),
        Sent("/handovers/{request_id}/minutes", "/", "/minutes"),
    ),
    "SA-12": (
        *("/", "/inbox?old=1", "/follow-ups", "/cases/{case}", "/cases/{case}/arrived", "/cases/{case}/reject"),
        *("/cases/{case}/visit", "/week?whose=office", Sent("/week", "/week?whose=office", "/week")),
        *(WISHES, VISIT, VISITED, "/cases/{home}/sheet"),
        PUT_RIGHT,
        # Without a reason it is refused.
        Sent("/cases/{case}/visit-correct/{request_id}", PUT_RIGHT, "/visit-correct/", {"note": "a note"}),
        # Without a measure it is refused.
        Sent("/cases/{case}/safe/{request_id}", VISITED, "/safe/", {"note": "a note"}),
        # Without anything it is refused, and all that is needed is told at its field.
        Sent("/cases/{case}/home-visit/{request_id}", VISIT, "/home-visit/", {"visited_on": "31/02/2004"}),
        Sent("/cases/{case}/wishes/{request_id}", WISHES, "/wishes/", {"hours": "x"}),
        *("/cases/{home}/consents", HOME_LOOK),
        # Without anything said it is refused.
        Sent("/cases/{case}/consents/{purpose}", HOME_LOOK, "/consents/", {"name": "x"}),
        Sent("/cases/{case}/guardian", "/cases/{home}/consents", "/guardian"),
        Sent("/transfers/accept", "/", "/transfers/accept", {"case": "1"}),
    ),
    work.NATIONAL_SUPERVISOR: (
        *("/legal-deadlines", "/", "/lost", "/overdue", "/follow-ups/overdue", "/cases", "/custodies"),
        *("/follow-ups/overview", "/follow-ups/workload?office=SA-12", "/follow-ups/due"),
        *("/cases/{case}/reassign", "/who-did-what", "/searches/{lost}", "/approvals/{approval}?done=asked"),
        *("/break-glass?waiting=1", "/cases/{case}/break-glass", "/break-glass/{glass}?done=open"),
        # Another reason has to be said in words, so it is refused.
        Sent("/cases/{case}/break-glass", "/cases/{case}/break-glass", "/break-glass", {"reason": "OTHER"}),
        Sent("/break-glass/{break_glass_id}/person", OPENED, "/person"),
    ),
    "SV-12": ("/break-glass/{glass}",),
    "SV-24": ("/approvals/{approval}",),
    work.AUDITOR: (
        *("/access-log", "/administration", "/approvals?decided=1", "/who-did-what"),
        *("/offices?words=Lào+Cai&province=15@2025", "/rules", "/calendar", "/health"),
    ),
    "RC-LAO-CAI": ("/", "/facilities"),
    ADMIN: (
        *("/offices", "/sessions", "/approvals", "/approvals/{partly}?done=given", "/offices/NGO-02/end"),
        *("/acts/open-office", "/acts/end-office", "/acts/change-rule"),
        Sent(
            "/acts/{act}/{request_id}",
            "/acts/end-office",
            "/end-office/",
            {"office_id": "SA-12", "successor_id": "SA-14", "ended_on": "hôm qua"},
        ),
    ),
    work.VERIFIER: ("/", "/undecided"),
    "": ("/sign-in", "/sign-in?office=Lào+Cai"),
}
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST: Final = "vi"
"""The language in which colours are looked at, which takes as long as all else: they are the same in each."""
# What passes is left in the browser: to write it down and to read it here would take longer than to look. Nothing is
# loaded once more for the rules about sound and about style sheets that turn a page.
VIOLATIONS: Final = """
    async ([rules, contrast]) => (await axe.run(document, {
        runOnly: rules, resultTypes: ["violations"], preload: false, rules: {"color-contrast": {enabled: contrast}}
    })).violations.map(each => [each.id, each.nodes[0].html])
"""
NARROW: Final[ViewportSize] = {"width": 320, "height": 640}
"""1280 pixels at 400 %, as WCAG 1.4.10 asks."""
NO_PAGES: Final = frozenset(
    {
        *("/live", "/worker.js", "/handovers/token", "/handovers/{request_id}/state", "/find"),
        *("/sign-in/begin", "/sign-in/done", "/handovers/template/{name}", "/journeys/template/{name}"),
        # The address before leads there.
        *("/acts/{act}/{request_id}", "/cases/{case}/{verb}/{request_id}", "/journeys/file/{request_id}"),
        # Who she is stands on it, so only a form leads there.
        *("/cases/{case}/identity", "/cases/{case}/letter", "/handovers/{request_id}/minutes"),
        *("/break-glass/{break_glass_id}/person", "/cases/{case}/guardian"),
        *("/cases/{case}/correct", "/cases/{case}/correct/{request_id}"),
        # So does what was said in confidence.
        *("/cases/{case}/wishes", "/cases/{case}/wishes/{request_id}", "/cases/{case}/visited"),
        *("/cases/{case}/home-visit", "/cases/{case}/home-visit/{request_id}", "/cases/{case}/safe/{request_id}"),
        *("/cases/{case}/visit-correct", "/cases/{case}/visit-correct/{request_id}"),
        *("/cases/{case}/home-safety", "/cases/{case}/home-safety/{request_id}"),
        "/cases/{case}/home-agreed/{request_id}",
    }
)
LEADS_ON: Final = frozenset(
    {
        *("/sign-in", "/sign-out", "/language", "/sign-ins/others", "/sign-ins/office", "/inbox/read"),
        "/cases/{case}/home-agreed/{request_id}",
        *("/handovers/half", "/approvals/{approval_id}/{verb}", "/break-glass/{break_glass_id}/review"),
    }
)
"""Forms that lead to a page of another address, or answer with data."""
AT_ONCE: Final = 3
SEND: Final = """([part, values]) => {
    // Not `action`: a field of that name stands before it.
    const form = [...document.querySelectorAll("form[method=post]")]
        .find((each) => each.getAttribute("action").includes(part));
    if (!form) throw new Error(`no form ${part} on ${location.pathname}: ${document.querySelector("main").innerText}`);
    for (const [name, value] of Object.entries(values)) {
        const given = form.elements.namedItem(name), one = given instanceof RadioNodeList ? given[0] : given;
        if (one.type === "checkbox") one.checked = true; else given.value = value;
    }
    document.querySelector("main").dataset.before = "";
    form.requestSubmit();
}"""
KEYBOARD: Final = {
    work.POST: ("/", "/handovers/new", "/journeys/file", "/codes", "/cases/{case}", "/cases/{case}/dispatch"),
    "SA-12": ("/", "/inbox?old=1", "/cases/{case}", "/cases/{case}/reject"),
}
_NAMED: Final = "each.id || each.name || each.getAttribute('href') || each.textContent.trim()"
REACHABLE: Final = f"""() => {{
    const radios = new Set();
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter((each) => each.checkVisibility() && each.type !== "hidden" && each.tabIndex >= 0 && !each.disabled)
        // The keyboard reaches one of a group of radio buttons, and the arrows the others.
        .filter((each) => each.type !== "radio" || (!radios.has(each.name) && radios.add(each.name)))
        .map((each) => {_NAMED});
}}"""
HERE: Final = f"""() => {{
    const each = document.activeElement, style = getComputedStyle(each);
    return [{_NAMED}, style.outlineStyle !== "none" && each.getBoundingClientRect().width > 0];
}}"""
UNREACHED: Final = f"""() => {{
    const named = (each) => {_NAMED};
    return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")]
        .filter((each) => each.checkVisibility() && each.type !== "hidden" && each.tabIndex >= 0 && !each.disabled)
        .filter((each) => {{
            each.focus();
            const shown = getComputedStyle(each).outlineStyle !== "none";
            return document.activeElement !== each || each.tabIndex > 0 || !shown;
        }})
        .map(named);
}}"""
"""What cannot be reached by the keyboard in the order of the page, or does not show that it was."""
WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def _listen(page: Page, said: list[str]) -> None:
    """Keep what the browser complains about: a policy broken, a script that failed. That a form is refused is asked."""
    page.on("console", lambda message: None if "status of 422" in message.text else said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))


def prepared(desks: OfficeCalls) -> dict[str, str]:
    """What stands for the names in braces: people on the way, here and lost, a request that waits, an opened record."""
    sent = work.submission([work.person(3, home="12"), work.person(4, home="12"), work.person(5, home="12")])
    on_the_way, staying, home = (
        work.wait_custody(desks, work.POST, each.case_id).case_number
        for each in desks.at(work.POST).submissions.SubmitHandover(sent).receipt.entries
    )
    work.dispatch(desks, on_the_way, "12")
    visited_at_home(desks, home)
    agreed_for_her(desks, home)
    lost = work.sent_late(desks, "12", 25)
    work.wait_custody(desks, work.NATIONAL_SUPERVISOR, lost, "SEARCH")
    reassign = custody_pb2.ReassignCaseRequest(
        request_id=work.request_id(),
        case=staying,
        office_id="SA-24",
        reason=types_pb2.REASSIGN_REASON_HOME_IS_THERE,
    )
    waits = work.waiting_for_two(desks.at(work.NATIONAL_SUPERVISOR).custody.ReassignCase, reassign)
    glass = break_glass_pb2.OpenBreakGlassRequest(
        request_id=work.request_id(), case=staying, reason=types_pb2.BREAK_GLASS_REASON_DANGER
    )
    opened = desks.at(work.NATIONAL_SUPERVISOR).break_glass.OpenBreakGlass(glass).break_glass
    return {
        "case": on_the_way,
        "staying": staying,
        "home": home,
        "lost": lost,
        "approval": waits,
        "partly": approved_by_one(desks),
        "glass": opened.break_glass_id,
        "request": sent.request_id,
    }


def approved_by_one(desks: OfficeCalls) -> str:
    """An office is to be opened; another administrator approved it, and the supervisor has not yet."""
    request = directory_pb2.OpenOfficeRequest(
        request_id=work.request_id(),
        office_id=f"NGO-{work.request_id()[:8].upper()}",
        role="NGO",
        name_en="Invented organisation",
        name_vi="Tổ chức thí dụ",
    )
    approval_id = work.waiting_for_two(desks.at(ADMIN).directory.OpenOffice, request)
    work.approves(desks, ADMIN, approval_id)
    return approval_id


def agreed_for_her(desks: OfficeCalls, case: str) -> None:
    """A guardian, by an invented name, agreed to something."""
    request = consents_pb2.RecordConsentRequest(
        request_id=work.request_id(),
        case=case,
        purpose="SERVICES",
        state=types_pb2.CONSENT_STATE_GIVEN,
        giver=types_pb2.CONSENT_GIVER_GUARDIAN,
        guardian=consents_pb2.Guardian(name="Nguyễn Thị Thí Dụ", relation=types_pb2.GUARDIAN_RELATION_APPOINTED),
        text_version=1,
    )
    desks.at("SA-12").consents.RecordConsent(request)


def visited_at_home(desks: OfficeCalls, case: str) -> None:
    """She arrived, and a first visit says that she is in danger."""
    work.dispatch(desks, case, "12")
    work.acknowledge(desks, case, "12")
    work.wait_custody(desks, "SA-12", case, "FOLLOW_UP")
    said = care_pb2.VisitContent(
        set="FIRST_CONTACT",
        questionnaire_version=1,
        mode="HOME",
        visitor="SOCIAL_WORKER",
        consent="GIVEN",
        privacy="ALONE",
        interpreter="NOT_NEEDED",
        answers=[care_pb2.Answer(question="Q08", codes=["NO"])],
        risk="IMMEDIATE",
        risk_reason="an invented reason",
        next_steps=["SAFETY_MEASURE"],
    )
    request = care_pb2.RecordVisitRequest(
        request_id=work.request_id(),
        case=case,
        outcome=types_pb2.FOLLOW_UP_OUTCOME_AT_RISK,
        content=said,
        wishes=care_pb2.Wishes(how=["NO_UNIFORM"], reason="an invented reason"),
    )
    until(lambda: desks.at("SA-12").care.RecordVisit(request), what="followup knows her")


async def opened(desk: Desk, page: str | Sent, known: Mapping[str, str]) -> str:
    """Go there; returns how the page is called."""
    if isinstance(page, str):
        await desk.go(re.sub(r"{([a-z]+)}", lambda name: known[name[1]], page))
        return page
    await opened(desk, page.start, known)
    await desk.page.evaluate(SEND, [page.form, page.values])
    # The answer is a page of its own, or stands in the place of what the form stood on.
    await desk.page.locator("main:not([data-before])").wait_for()
    await desk.page.wait_for_load_state()
    return f"{page.route} (sent)"


async def problems_of(
    desk: Desk, pages: Sequence[str | Sent], known: Mapping[str, str], *, contrast: bool
) -> list[Any]:
    """What stands in somebody's way on these pages, one after the other in one window."""
    found: list[Any] = []
    said: list[str] = []
    await desk.page.set_viewport_size(NARROW)
    _listen(desk.page, said)
    await desk.page.add_init_script(AXE_SCRIPT)
    for page in pages:
        name = await opened(desk, page, known)
        found += [(name, *each) for each in await desk.page.evaluate(VIOLATIONS, [RULES, contrast])]
        found += [(name, "not by the keyboard", each) for each in await desk.page.evaluate(UNREACHED)]
        if await desk.page.evaluate(WIDER) > 0:
            found.append((name, "wider than a phone"))
        await desk.page.set_viewport_size(DESK)
        if await desk.page.evaluate(f"document.documentElement.style.fontSize = '200%'; {WIDER}") > 0:
            found.append((name, "wider than a desk, with text of twice the size"))
        await desk.page.set_viewport_size(NARROW)
    return [*found, *said]


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_nothing_stands_in_anybodys_way(windows: Windows, desks: OfficeCalls, language: str) -> None:
    known, free = prepared(desks), asyncio.Semaphore(AT_ONCE)

    async def look(office: str, pages: Sequence[str | Sent]) -> list[Any]:
        async with free:
            desk = await windows.open(office, language=language, phone=True)
            found = await problems_of(desk, pages, known, contrast=language == CONTRAST)
            return [(office, each) for each in found]

    found = await asyncio.gather(*(look(office, pages) for office, pages in PAGES.items()))
    assert [each for of_office in found for each in of_office] == []


async def test_every_page_is_looked_at() -> None:
    listed = [page for pages in PAGES.values() for page in pages]
    looked_at = [re.sub(r"{[a-z]+}", "x", page.partition("?")[0]) for page in listed if isinstance(page, str)]
    sent = {page.route for page in listed if isinstance(page, Sent)}
    missing = set()
    for page in ROUTES:
        pattern = re.sub(r"{[a-z_]+}", "[^/]+", page.path)
        if "GET" in page.methods and not any(re.fullmatch(pattern, each) for each in looked_at):
            missing.add(page.path)
    assert missing <= NO_PAGES
    assert sent | LEADS_ON == {page.path for page in ROUTES if "POST" in page.methods}


@pytest.mark.parametrize("office", [work.POST, "SA-12"])
async def test_the_keyboard_alone_reaches_everything_and_shows_where_it_is(
    windows: Windows, desks: OfficeCalls, office: str
) -> None:
    case = work.submit(desks, [work.person(4, home="12")])[0]
    number = work.wait_custody(desks, work.POST, case).case_number
    work.dispatch(desks, case, "12")
    desk = await windows.open(office, phone=True)
    for path in KEYBOARD[office]:
        await desk.go(path.replace("{case}", number))
        await desk.page.evaluate("document.activeElement.blur()")
        await desk.page.keyboard.press("Tab")
        assert await desk.page.evaluate("document.activeElement.className") == "skip", path
        reached: list[str] = []
        wanted = await desk.page.evaluate(REACHABLE)
        for _ in range(len(wanted)):
            name, shown = await desk.page.evaluate(HERE)
            reached.append(name)
            assert shown, (path, name)
            await desk.page.keyboard.press("Tab")
        assert reached == wanted, path
    await desk.go("/")
    await desk.page.keyboard.press("Tab")
    await desk.page.keyboard.press("Enter")
    await desk.page.keyboard.press("Tab")
    assert await desk.page.evaluate("document.querySelector('main').contains(document.activeElement)")
