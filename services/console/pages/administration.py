"""Offices, rules, ended sign-ins, the access log, and how the services are."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from starlette.responses import Response

from homeward.handover.v1 import directory_pb2, sessions_pb2
from homeward.intake.v1 import reading_pb2
from homeward.office.v1 import acts_pb2
from homeward.type.v1 import types_pb2
from services.chassis.kernel.roles import Role
from services.chassis.kernel.texts import Texts
from services.client import words
from services.client.dates import written
from services.client.shown import access_log as shown_log
from services.client.shown.administration import change_row, change_titles, revocation_row, revocation_titles, rule_row
from services.client.shown.values import province_text
from services.console.desk import Block, Desk
from services.console.pages import acts
from services.console.pages.filters import of_province
from services.console.pages.lists import choices, chosen, day_in_address, page_token, shown_list
from services.console.routes import Page
from services.console.texts import N_

HEALTH_S: Final = 1.0
WORDS_MAX: Final = 128
MINUTE_S: Final = 60
SERVICES: Final = (
    ("intake", N_("registration and identity")),
    ("handover", N_("custody and transfers")),
    ("followup", N_("follow-ups")),
    ("notify", N_("messages")),
)


async def offices(desk: Desk) -> Response:
    """The offices as they stand."""
    _ = desk.texts
    role = chosen(desk, "role", words.ROLES)
    sought = desk.request.query_params.get("words", "").strip()[:100]
    on, ended = day_in_address(desk, "on"), desk.request.query_params.get("ended", "") == "1"
    province = of_province(desk)
    code, _at, vintage = province.value.partition("@")
    request = directory_pb2.ListOfficesRequest(
        page_token=page_token(desk),
        role=role,
        words=sought,
        province=types_pb2.ProvinceRef(code=code, vintage=vintage) if code else None,
        on="" if ended else on or desk.console.today().isoformat(),
    )
    return await shown_list(
        desk,
        _("Offices"),
        (_("Office"), _("Name"), _("Role"), _("Province"), _("Since"), _("Until"), _("Successor")),
        lambda: desk.ask(desk.stubs.directory.ListOffices, request),
        lambda answer: [_office_row(each, desk) for each in answer.offices],
        filters=(
            ("role", _("Role"), choices(desk, words.ROLES), role),
            ("words", _("Name or id"), (), sought),
            province.parts,
            ("on", _("As on the day"), (), written(on)),
            ("ended", _("Ended ones"), (("1", _("also those that ended or have not begun")),), "1" if ended else ""),
        ),
        link="",
        beside=acts.offered(desk, "/offices"),
    )


def _office_row(each: directory_pb2.Office, desk: Desk) -> Sequence[str]:
    return (
        each.office_id,
        each.name_vi if desk.texts.language == "vi" else each.name_en,
        words.word(desk.texts, words.ROLES, Role(each.role)),
        province_text(each.province).partition(" (")[0],
        written(each.valid_from),
        written(each.valid_to),
        each.successor_id,
    )


async def rules(desk: Desk) -> Response:
    """The deadlines in force, with what each rests on."""
    _ = desk.texts
    return await shown_list(
        desk,
        _("Rules"),
        (_("Rule"), _("Version"), _("Limit"), _("Basis"), _("Source"), _("Since"), _("Until")),
        lambda: desk.ask(desk.stubs.directory.ListRules, directory_pb2.ListRulesRequest()),
        lambda answer: [_rule(each, desk) for each in answer.rules],
        link="",
        beside=acts.offered(desk, "/rules"),
    )


def _rule(each: Any, desk: Desk) -> Sequence[str]:
    code, *rest = rule_row(each, desk.texts)
    return (words.word(desk.texts, words.RULES, code), *rest)


async def sessions(desk: Desk) -> Response:
    """Sign-ins that were ended."""
    _ = desk.texts
    request = sessions_pb2.ListRevocationsRequest(page_token=page_token(desk))
    return await shown_list(
        desk,
        _("Ended sign-ins"),
        revocation_titles(_),
        lambda: desk.ask(desk.stubs.sessions.ListRevocations, request),
        lambda answer: [revocation_row(each, _) for each in answer.revocations],
        link="",
        beside=acts.offered(desk, "/sessions"),
    )


async def changes(desk: Desk) -> Response:
    """What administrators changed, by whom, and who approved it."""
    _ = desk.texts
    request = directory_pb2.ListAdministrationRequest(page_token=page_token(desk))
    return await shown_list(
        desk,
        _("What administrators changed"),
        change_titles(_),
        lambda: desk.ask(desk.stubs.directory.ListAdministration, request),
        lambda answer: [change_row(each, _) for each in answer.changes],
        link="",
    )


async def access_log(desk: Desk) -> Response:
    """Who read who somebody is, and whether the chain of the log is whole."""
    query, _ = desk.request.query_params, desk.texts
    case, office, person = (query.get(name, "").strip()[:WORDS_MAX] for name in ("case", "office", "person"))
    request = reading_pb2.ListAccessLogRequest(
        page_token=page_token(desk),
        case=case,
        office_id=office.upper(),
        subject=person,
        read_from=day_in_address(desk, "from"),
        read_until=day_in_address(desk, "until"),
    )
    found: Block[Any] = await desk.block(_log(desk, request))
    lists = await _lists_read(desk, request) if found.found and not case and not request.page_token else []
    filters = (
        ("case", _("Case number"), (), case),
        ("office", _("Office"), (), request.office_id),
        ("person", _("Person"), (), person),
        ("from", _("Read from"), (), written(request.read_from)),
        ("until", _("Read until"), (), written(request.read_until)),
    )
    return desk.page(
        "access_log.html",
        found=found,
        filters=filters,
        query="".join(f"{name}={quote(value)}&" for name, _title, _options, value in filters if value),
        titles=shown_log.titles(_),
        rows=[shown_log.row(each, _) for each in (found.found.entries if found.found else ())],
        list_titles=shown_log.list_titles(_),
        lists=[shown_log.list_row(each, _) for each in lists],
    )


async def _lists_read(desk: Desk, asked: reading_pb2.ListAccessLogRequest) -> list[acts_pb2.ListsRead]:
    """What overseers listed in each of the four services, as far as these answer."""
    request = acts_pb2.CountListsReadRequest(
        office_id=asked.office_id, subject=asked.subject, read_from=asked.read_from, read_until=asked.read_until
    )
    blocks = await asyncio.gather(
        *(desk.block(desk.ask(desk.stubs.acts(name).CountListsRead, request)) for name, _text in SERVICES)
    )
    return shown_log.newest_lists(each for block in blocks if block.found for each in block.found.lists)


async def _log(desk: Desk, request: Any) -> reading_pb2.ListAccessLogResponse:
    return await desk.ask(desk.stubs.reading.ListAccessLog, request)


async def health(desk: Desk) -> Response:
    """Whether each of the four services answers, and how old the last answer of each is."""
    _, console = desk.texts, desk.console
    states = await asyncio.gather(*(_serves(desk, name) for name, _text in SERVICES))
    rows = [
        (_(text), state, _age(console.heard_ago_s(name), _))
        for (name, text), state in zip(SERVICES, states, strict=True)
    ]
    looked = console.looked_ago_s(desk.office)
    return desk.page("health.html", rows=rows, looked="" if looked is None else _age(looked, _), now=console.now())


async def _serves(desk: Desk, name: str) -> bool:
    async with grpc.aio.insecure_channel(desk.console.settings.addresses[name]) as channel:
        try:
            stub = health_pb2_grpc.HealthStub(channel)
            answer = await stub.Check(health_pb2.HealthCheckRequest(), timeout=HEALTH_S)
        except grpc.aio.AioRpcError:
            return False
    if answer.status != health_pb2.HealthCheckResponse.SERVING:
        return False
    desk.console.heard(name)
    return True


def _age(ago_s: float | None, _: Texts) -> str:
    if ago_s is None:
        return _("never since this console started")
    if ago_s < MINUTE_S:
        return _.plural("{count} second ago", "{count} seconds ago", int(ago_s))
    return _.plural("{count} minute ago", "{count} minutes ago", int(ago_s / MINUTE_S))


PAGES: Final = (
    Page("/offices", offices, calls=("ListOffices",)),
    Page("/rules", rules, calls=("ListRules",)),
    Page("/administration", changes, calls=("ListAdministration",)),
    Page("/sessions", sessions, calls=("ListRevocations",)),
    Page("/access-log", access_log, calls=("ListAccessLog",)),
    Page("/health", health),
)
