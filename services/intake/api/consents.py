"""What somebody agrees to. Proto in, answers out."""

from __future__ import annotations

from typing import Any, Final

from homeward.intake.v1 import consents_pb2 as pb
from homeward.intake.v1 import consents_pb2_grpc
from homeward.type.v1 import types_pb2 as types
from services.chassis.calls.answers import Answers
from services.chassis.calls.fields import Fields
from services.chassis.calls.security import current_call
from services.chassis.country.consent_texts import consent_texts, is_version
from services.chassis.country.reference_lists import is_language_tag
from services.chassis.events.units import UnitOfWork
from services.chassis.kernel.names import is_name
from services.chassis.kernel.record import CHARS_MAX
from services.chassis.kernel.words import ConsentGiver, ConsentState
from services.intake import wire
from services.intake.application import consents
from services.intake.application.ports import Ports
from services.intake.domain.consents import Guardian, GuardianRelation, Stated

PURPOSES: Final = "consent_purpose"
LANGUAGE: Final = "vi"
"""In which the text is read where nobody says otherwise."""
MAX_NUMBER: Final = 1_000_000


class ConsentServicer(consents_pb2_grpc.ConsentServiceServicer):
    """Takes what is said, and lists it."""

    def __init__(self, ports: Ports, answers: Answers) -> None:
        self._ports = ports
        self._answers = answers

    async def RecordConsent(self, request: pb.RecordConsentRequest, context: Any) -> pb.RecordConsentResponse:  # noqa: N802
        """Records what was said to a purpose."""
        fields = Fields()
        asked = self._answers.asked(fields, request)
        ref = fields.case(request.case)
        stated = _stated(fields, request)
        fields.done()

        async def work(uow: UnitOfWork) -> pb.RecordConsentResponse:
            one = await consents.record(uow, self._ports, asked.caller, ref, stated)
            return pb.RecordConsentResponse(consent=wire.consent(one, stands=True))

        return await self._answers.once(asked, pb.RecordConsentResponse, work)

    async def GetConsents(self, request: pb.GetConsentsRequest, context: Any) -> pb.GetConsentsResponse:  # noqa: N802
        """Lists everything that was said."""
        fields = Fields()
        ref = fields.case(request.case)
        fields.done()
        found = await consents.list_consents(self._ports, current_call().caller, ref)
        return pb.GetConsentsResponse(consents=wire.consents(found))

    async def GetGuardian(self, request: pb.GetGuardianRequest, context: Any) -> pb.GetGuardianResponse:  # noqa: N802
        """Shows who gave a consent for a child."""
        fields = Fields()
        ref = fields.case(request.case)
        number = fields.number("number", request.number, least=1, most=MAX_NUMBER)
        fields.done()
        found = await consents.get_guardian(self._ports, current_call().caller, ref, number)
        return pb.GetGuardianResponse(guardian=wire.guardian(found))

    async def GetSaid(self, request: pb.GetSaidRequest, context: Any) -> pb.GetSaidResponse:  # noqa: N802
        """Tells another service what was said to some purposes."""
        fields = Fields()
        ref = fields.case(request.case)
        purposes = frozenset(fields.at_most("purposes", request.purposes, len(consent_texts()), required=True))
        fields.done()
        found = await consents.said_to(self._ports, ref, purposes)
        return pb.GetSaidResponse(said=map(wire.said_to_purpose, found))


def _stated(fields: Fields, request: pb.RecordConsentRequest) -> Stated:
    fields.one_of("purpose", request.purpose, consent_texts(), PURPOSES)
    state = fields.required_member("state", ConsentState, types.ConsentState, request.state)
    giver = fields.member("giver", ConsentGiver, types.ConsentGiver, request.giver) or ConsentGiver.PERSON
    language = request.language or LANGUAGE
    if not is_language_tag(language):
        fields.wrong("language", "NOT_IN_LIST", list="languages")
    if state is not ConsentState.WITHDRAWN or request.text_version:
        _check_version(fields, request)
    return Stated(
        purpose=request.purpose,
        state=state,
        on=fields.day("said_on", request.said_on),
        giver=giver,
        guardian=_guardian(fields, giver, request),
        language=language,
        text_version=request.text_version,
    )


def _check_version(fields: Fields, request: pb.RecordConsentRequest) -> None:
    if not request.text_version:
        fields.wrong("text_version", "REQUIRED")
    elif request.purpose in consent_texts() and not is_version(request.purpose, request.text_version):
        versions = ", ".join(str(text.version) for text in consent_texts()[request.purpose])
        fields.wrong("text_version", "NOT_IN_LIST", list=versions)


def _guardian(fields: Fields, giver: ConsentGiver, request: pb.RecordConsentRequest) -> Guardian | None:
    """Who speaks for a child; named, since somebody has to answer for it."""
    if giver is not ConsentGiver.GUARDIAN:
        if request.HasField("guardian"):
            fields.wrong("guardian", "NOT_ALLOWED_WITH", other="giver")
        return None
    part = fields.at("guardian.")
    name = part.text("name", request.guardian.name, CHARS_MAX["full_name"], required=True)
    if name and part.is_right("name") and not is_name(name):
        part.wrong("name", "NOT_A_NAME")
    relation = part.required_member("relation", GuardianRelation, types.GuardianRelation, request.guardian.relation)
    return Guardian(name, relation)
