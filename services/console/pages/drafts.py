"""Drafts of handovers on an enrolled device: what the browser needs of the console, which keeps none of them."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Final

from starlette.responses import JSONResponse, Response

from services.chassis.kernel.texts import Language
from services.console.desk import Desk
from services.console.pages.handovers import receipt_of, shell_page
from services.console.rendering import shell_files, static_files, static_name
from services.console.routes import Page
from services.console.texts import page_texts

SHELLS: Final = tuple(f"/handovers/shell?language={language}" for language in ("vi", "en"))


async def drafts(desk: Desk) -> Response:
    """Which drafts are on this device, and whether any may be."""
    return desk.page("drafts.html")


async def shell(desk: Desk) -> Response:
    """The empty form, as nobody's: the browser keeps it for a dead line."""
    language: Language = "en" if desk.request.query_params.get("language") == "en" else "vi"
    nobody = Desk(desk.console, desk.request, page_texts(language), desk.directory)
    return shell_page(nobody)


async def token(desk: Desk) -> Response:
    """Who is signed in, for a form that was filled without a line. Only our own pages can read it."""
    if not desk.signed_in:
        return JSONResponse({}, status_code=401)
    return JSONResponse({"office": desk.office.id, "token": desk.console.sessions.form_token(desk.signed)})


async def half(desk: Desk) -> Response:
    """The console's half of what opens a device of this office; without it the four words open it."""
    try:
        device = str(uuid.UUID(str((await desk.form()).get("device", ""))))
    except ValueError:
        return JSONResponse({}, status_code=422)
    key = desk.console.secret.half_of(desk.office.id, device)
    return JSONResponse({"half": base64.b64encode(key).decode()})


async def state(desk: Desk) -> Response:
    """What became of a request whose answer was lost; no numbers when it never arrived."""
    request_id = desk.request_id()
    found = await receipt_of(desk, request_id)
    numbers = [each.case_number for each in found.entries] if found is not None else []
    return JSONResponse({"numbers": numbers, "receipt": f"/handovers/{request_id}/receipt"})


async def worker(_desk: Desk) -> Response:
    """The service worker, with the names of what it keeps."""
    kept = {"version": shell_files().version, "files": shell_files().addresses, "shells": SHELLS}
    content = static_files()[static_name("worker.js")]
    body = f"const KEPT = {json.dumps(kept)};\n".encode() + content
    return Response(body, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


MAY_HAND_OVER: Final = ("SubmitHandover",)
PAGES: Final = (
    Page("/worker.js", worker, open=True),
    Page("/handovers/drafts", drafts, calls=MAY_HAND_OVER),
    Page("/handovers/shell", shell, open=True, polled=True),
    Page("/handovers/token", token, open=True, polled=True),
    Page("/handovers/half", half, ("POST",), calls=MAY_HAND_OVER),
    Page("/handovers/{request_id}/state", state, calls=MAY_HAND_OVER, polled=True),
)
