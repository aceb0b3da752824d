"""What each finding of the audit means, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.client.texts import N_
from services.operate.audit_rules import Code


@dataclass(frozen=True)
class Explanation:
    """Texts of a code; `fact` has the placeholders of its findings.

    Attributes:
        fact: what is wrong with this one case.
        remedy: what to do, once for all cases with this code.
    """

    fact: str
    remedy: str


EXPLANATIONS: Final[Mapping[Code, Explanation]] = {
    Code.UNKNOWN_TO_HANDOVER: Explanation(
        N_("Open, but handover does not know it: nobody watches over it. Registered by {office}."),
        N_(
            "Its registration did not reach handover. Look at `homeward doctor` for events not sent or set aside in"
            " intake and handover; if Kafka was lost, run `homeward events republish`."
        ),
    ),
    Code.UNKNOWN_TO_INTAKE: Explanation(
        N_("Handover watches it for {office}, but intake does not know it: nobody can say who the person is."),
        N_("Intake's database is older than handover's. Restore intake from a newer backup; close nothing meanwhile."),
    ),
    Code.UNKNOWN_TO_PROJECTION: Explanation(
        N_("{service} does not know it, so {office} is not told about it."),
        N_(
            "Look at `homeward doctor` for events set aside in that service; if its database was emptied, run"
            " `homeward events republish`."
        ),
    ),
    Code.OPEN_CLOSED_DISAGREE: Explanation(
        N_("Open in {open_in}, ended in {closed_in}."),
        N_(
            "An event that ended or re-opened the case did not take effect everywhere. Look at"
            " `homeward events quarantine list` for the case; if nothing is there, run `homeward events republish`."
        ),
    ),
    Code.OFFICES_DISAGREE: Explanation(
        N_("{office} is accountable, but the others know another office: {others}."),
        N_(
            "Handover is right. The others have not taken in a change of accountability: look at"
            " `homeward events quarantine list` for the case."
        ),
    ),
    Code.NO_OFFICE: Explanation(
        N_("No office is accountable."),
        N_("This is a defect. Name an office by hand with the supervisor of the province, and report it."),
    ),
    Code.OFFICE_UNKNOWN: Explanation(
        N_("{office} is accountable, but no such office is open today."),
        N_("Check the offices file (HOMEWARD_OFFICES_FILE): it must be the one the services run with."),
    ),
    Code.OFFICE_ENDED: Explanation(
        N_("{office} is accountable, but it has ended and no successor is named."),
        N_("Name its successor in the offices file and start the services again: everything open passes to it."),
    ),
    Code.PHASE_UNKNOWN: Explanation(
        N_("Its phase {phase} is none that this program knows."),
        N_("The services are newer than this program: use the same version of both."),
    ),
    Code.NO_DEADLINE: Explanation(
        N_("Phase {phase}, and no deadline is watched; {service} should watch one."),
        N_(
            "Look at `homeward events quarantine list` for the case. If nothing is there, tell the accountable office"
            " at once and report it: nobody would notice if the person were lost."
        ),
    ),
    Code.TWO_DEADLINES: Explanation(
        N_("Several deadlines are watched: {rules}."),
        N_(
            "Handover has not heard that followup took the case over, or followup that it was taken back: look at"
            " `homeward events quarantine list` for the case."
        ),
    ),
    Code.WRONG_RULE: Explanation(
        N_("Phase {phase}, but the watched deadline is {rule}."),
        N_("This is a defect: report the case id and the phase. The accountable office stays as it is meanwhile."),
    ),
    Code.WRONG_WATCHER: Explanation(
        N_("Phase {phase}: {rule} is watched by {watcher} instead of {expected}."),
        N_(
            "The case did not pass from one service to the other: look at `homeward events quarantine list` for the"
            " case, and at `homeward doctor` for consumers that hold."
        ),
    ),
    Code.DEADLINE_NOT_FIRED: Explanation(
        N_("{rule} passed at {instant}, and {service} has done nothing."),
        N_("Look at `homeward doctor`: the service's watcher stands still, or the case is blocked. Read its log."),
    ),
    Code.WATCHER_STANDS_STILL: Explanation(
        N_("{service} last looked at its deadlines at {instant}."),
        N_("Start the service again, and read its log. What passed meanwhile is caught up, once."),
    ),
    Code.ENDED_CASE_WATCHED: Explanation(
        N_("It has ended, but {services} still watches a deadline."),
        N_("An office will be reminded for nothing. Look at `homeward events quarantine list` for the case."),
    ),
    Code.KEEPER_MAY_NOT: Explanation(
        N_("The follow-ups are with {office}, which may not record them; {rule} is watched."),
        N_("Nobody can do what is asked. Make an agency accountable with `homeward reassign`, and report it."),
    ),
    Code.LOST_ALTHOUGH_SEEN: Explanation(
        N_("She is searched for, and {office} recorded that she was seen since."),
        N_("End the search with `homeward searches resolve`, or take the entry back where it is wrong."),
    ),
    Code.CLOSED_ON_THE_WAY: Explanation(
        N_("Closed by {office} although she had left on {instant} and nobody had answered for her arrival."),
        N_("Ask the office that awaited her; if she may still come, re-open the case with `homeward reopen`."),
    ),
    Code.LAW_NOT_WATCHED: Explanation(
        N_("So many deadlines run by law: {asked}; so many are watched: {watched}."),
        N_(
            "Nobody would be told that a step that the law asks for is missing, or somebody for nothing. Look at"
            " `homeward events quarantine list` for the case; if nothing is there, report it."
        ),
    ),
    Code.CONSENTS_DISAGREE: Explanation(
        N_("What she agreed to is not the same in intake and in {services}."),
        N_(
            "Something may be done that she refused, or refused although she agreed. Look at"
            " `homeward events quarantine list` for the case; if nothing is there, say the events of intake again"
            " (`homeward events republish`), and report it."
        ),
    ),
    Code.BLOCKED: Explanation(
        N_("An event is set aside, and those behind it wait, in {services}."),
        N_(
            "See it with `homeward events quarantine list`. Take it in again with `redrive` once the cause is gone, or"
            " pass over it with `skip`."
        ),
    ),
}
