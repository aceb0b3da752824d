"""Every page, in one table."""

from __future__ import annotations

from typing import Final

from services.console.pages import (
    acts,
    administration,
    answers,
    approvals,
    break_glass,
    case,
    consents,
    correcting,
    country,
    drafts,
    handovers,
    home,
    home_safety,
    inbox,
    journeys,
    lists,
    minutes,
    oversight,
    sign_in,
    sign_ins,
    supervising,
    transfers,
    visited,
    visiting,
    week,
    who_acted,
)
from services.console.routes import Page

PAGES: Final[tuple[Page, ...]] = (
    *sign_in.PAGES,
    *sign_ins.PAGES,
    *home.PAGES,
    *inbox.PAGES,
    *transfers.PAGES,
    *drafts.PAGES,
    *handovers.PAGES,
    *minutes.PAGES,
    *journeys.PAGES,
    *lists.PAGES,
    *oversight.PAGES,
    *supervising.PAGES,
    *administration.PAGES,
    *country.PAGES,
    *correcting.PAGES,
    *acts.PAGES,
    *approvals.PAGES,
    *break_glass.PAGES,
    *who_acted.PAGES,
    *visiting.PAGES,
    *visited.PAGES,
    *home_safety.PAGES,
    *consents.PAGES,
    *week.PAGES,
    *case.PAGES,
    *answers.PAGES,
)
