"""Where an account is signed in, and ending that: the officer ends her own, an administrator those of an office."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from services.chassis.telemetry.log import get_logger
from services.console.desk import Desk
from services.console.routes import Page

ENDS_AN_OFFICE: Final = "EndOffice"
"""Who may end an office may end its sign-ins, too: of a laptop that is gone, of somebody who left."""

log = get_logger(__name__)


async def show(desk: Desk) -> Response:
    """This account's sign-ins, and for an administrator the box for an office."""
    signed = desk.signed
    found = await desk.console.sessions.of(signed.office_id, signed.subject)
    rows = [(_moment(desk, each.began_s), _moment(desk, each.seen_s), each.id == signed.id) for each in found]
    return desk.page(
        "sign_ins.html", rows=rows, administers=desk.may(ENDS_AN_OFFICE), ended=desk.request.query_params.get("ended")
    )


async def end_others(desk: Desk) -> Response:
    """End the sign-ins of this account, but for this one."""
    signed = desk.signed
    found = await desk.console.sessions.of(signed.office_id, signed.subject)
    others = [each for each in found if each.id != signed.id]
    await desk.console.sessions.end_all(others)
    log.info("sign_ins_ended", office=signed.office_id, by=signed.office_id, count=len(others))
    return desk.go(f"/sign-ins?ended={len(others)}")


async def end_of_office(desk: Desk) -> Response:
    """End every sign-in of an office."""
    office_id = str((await desk.form()).get("office", "")).strip().upper()[:40]
    found = await desk.console.sessions.of(office_id)
    await desk.console.sessions.end_all(found)
    if found:
        # An office that is known by its sign-ins: what else was typed is no office, and not written down.
        log.info("sign_ins_ended", office=office_id, by=desk.office.id, count=len(found))
    return desk.go(f"/sign-ins?ended={len(found)}")


def _moment(desk: Desk, seconds: float) -> str:
    return desk.moment(datetime.fromtimestamp(seconds, UTC))


PAGES: Final = (
    Page("/sign-ins", show),
    Page("/sign-ins/others", end_others, ("POST",)),
    Page("/sign-ins/office", end_of_office, ("POST",), calls=(ENDS_AN_OFFICE,)),
)
