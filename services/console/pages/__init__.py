"""Every page, in one table."""

from __future__ import annotations

from typing import Final

from services.console.pages import answers, case, home, sign_in, transfers
from services.console.routes import Page

PAGES: Final[tuple[Page, ...]] = (
    *sign_in.PAGES,
    *home.PAGES,
    *transfers.PAGES,
    *case.PAGES,
    *answers.PAGES,
)
