"""The words of officers for states, reasons and outcomes, and reading them back from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.client.fold import squeeze
from services.client.texts import N_, Translator

PHASES: Final[Mapping[str, str]] = {
    "REGISTERED": N_("registered"),
    "IN_TRANSIT": N_("on the way"),
    "REJECTED": N_("rejected"),
    "SEARCH": N_("being searched for"),
    "ARRIVED": N_("arrived"),
    "FOLLOW_UP": N_("followed up at home"),
    "CLOSED": N_("closed"),
    "WITHDRAWN": N_("withdrawn"),
    "ADMITTED": N_("in a facility"),
    "DISCHARGED": N_("left the facility"),
}
IDENTIFICATIONS: Final[Mapping[str, str]] = {
    "IN_PROCESS": N_("being identified"),
    "IDENTIFIED": N_("identified as a victim"),
    "NOT_IDENTIFIED": N_("not identified as a victim"),
    "DECLINED": N_("declined to be identified"),
}
STATUS_WORDS: Final[Mapping[str, str]] = {
    "RECEIVED": N_("received"),
    "IDENTIFIED": N_("identification decided"),
    "ARRIVED": N_("arrived"),
    "WITHDRAWN": N_("withdrawn"),
}
TRANSFER_STATES: Final[Mapping[str, str]] = {
    "PLANNED": N_("planned"),
    "DISPATCHED": N_("on the way"),
    "ACKNOWLEDGED": N_("arrived"),
    "REJECTED": N_("rejected"),
    "RECALLED": N_("recalled"),
    "NOT_ARRIVED": N_("did not arrive"),
    "REDIRECTED": N_("redirected"),
    "SUPERSEDED": N_("replaced"),
}
REJECT_REASONS: Final[Mapping[str, str]] = {
    "WRONG_PROVINCE": N_("does not belong to this province"),
    "NOT_RESIDENT": N_("does not live here any more"),
    "NOT_SAFE": N_("home is not safe"),
    "PERSON_CHOSE_ELSEWHERE": N_("chose another place"),
    "OTHER": N_("another reason"),
}
CUSTODY_CAUSES: Final[Mapping[str, str]] = {
    "REGISTERED": N_("registered the person"),
    "ARRIVED": N_("the person arrived"),
    "ARRIVAL_RETRACTED": N_("the arrival was taken back"),
    "HOME_RECORDED": N_("recorded as home without a transfer"),
    "WITHDRAWN": N_("the case was withdrawn"),
    "CLOSED": N_("the case was closed"),
    "REOPENED": N_("the case was re-opened"),
    "ADMITTED": N_("admitted to the facility"),
    "OFFICE_ENDED": N_("the office before it ended"),
    "REASSIGNED": N_("made accountable by a supervisor"),
    "FOUND": N_("found by a search"),
    "RE_IDENTIFIED": N_("goes on as another case"),
}
LOST_REASONS: Final[Mapping[str, str]] = {
    "NOT_ACKNOWLEDGED": N_("nobody acknowledged the arrival"),
    "REJECTED_NOT_REDISPATCHED": N_("rejected and not sent on"),
    "DISCHARGED_WITHOUT_TRANSFER": N_("left a facility and not sent on"),
    "ARRIVED_ELSEWHERE": N_("registered by another province"),
    "NOT_AT_ADDRESS": N_("not found at the address"),
    "LEFT_PROVINCE": N_("moved away, and no transfer is open"),
    "REAPPEARED": N_("handed over again at a border"),
    "OFFICE_ENDED": N_("the accountable office ended"),
}
SEARCH_RESOLUTIONS: Final[Mapping[str, str]] = {
    "FOUND": N_("found"),
    "REDIRECTED": N_("on the way again"),
    "RETURNED_TO_SENDER": N_("back with the sender"),
    "CLOSED": N_("closed with a reason"),
    "RE_IDENTIFIED": N_("goes on as another case"),
}
SEARCH_STEPS: Final[Mapping[str, str]] = {
    "ADDRESSEE_ASKED": N_("the addressed office was asked"),
    "COMMUNE_ASKED": N_("the commune was asked"),
    "POLICE_ASKED": N_("the police was asked"),
    "PERSON_CALLED": N_("she was called"),
    "ADDRESS_VISITED": N_("the address was visited"),
    "ESCORT_ASKED": N_("escort or carrier was asked"),
}
LEVELS: Final[Mapping[str, str]] = {
    "OFFICE": N_("the office itself"),
    "PROVINCE": N_("supervisor of the province"),
    "NATIONAL": N_("national supervisor"),
}
CUSTODY_KINDS: Final[Mapping[str, str]] = {
    "BORDER_POST": N_("at the border post"),
    "RECEPTION_CENTRE": N_("in the reception centre"),
    "SHELTER": N_("in the shelter"),
    "HOME_OFFICE": N_("with the support agency"),
    "COMMUNE": N_("with the commune"),
    "IN_TRANSIT": N_("on the way"),
    "SUPERVISOR": N_("with the supervisor"),
}
ESCORTS: Final[Mapping[str, str]] = {
    "NONE": N_("travels alone"),
    "OFFICER": N_("an officer"),
    "SOCIAL_WORKER": N_("a social worker"),
    "COLLABORATOR": N_("a local collaborator"),
    "FAMILY": N_("family, by her own choice"),
}
MEANS: Final[Mapping[str, str]] = {
    "OFFICE_VEHICLE": N_("vehicle of an office"),
    "BUS": N_("coach or bus"),
    "TRAIN": N_("train"),
    "PLANE": N_("plane"),
    "OTHER": N_("another means"),
}
CONSENTS: Final[Mapping[str, str]] = {
    "GIVEN": N_("she agrees"),
    "GIVEN_BY_GUARDIAN": N_("the guardian of the child agrees"),
    "REFUSED": N_("she does not agree: she cannot be sent"),
}
HOME_SAFETIES: Final[Mapping[str, str]] = {
    "SAFE": N_("checked and safe"),
    "WARNING_SIGNS": N_("warning signs, nobody has decided"),
    "WARNING_SIGNS_DECIDED": N_("warning signs, decided with her to go"),
    "NOT_SAFE": N_("not safe: she cannot be sent there"),
}
TRANSFER_DOCUMENTS: Final[Mapping[str, str]] = {
    "DECLARATION": N_("declaration of being a victim"),
    "CERTIFICATE_OF_RETURN": N_("certificate of return"),
    "HANDOVER_CERTIFICATE": N_("handover certificate"),
    "IDENTIFICATION_CERTIFICATE": N_("certificate of identification"),
    "MEDICAL_FILE": N_("medical file"),
    "REINTEGRATION_PLAN": N_("reintegration plan"),
}
DESTINATIONS: Final[Mapping[str, str]] = {
    "HOME": N_("to her home"),
    "PERSON": N_("another place, by her own choice"),
    "FACILITY": N_("a facility, for shelter or treatment"),
}
TRANSFER_WARNINGS: Final[Mapping[str, str]] = {
    "HOME_SAFETY_NOT_CHECKED": N_("Whether her home is safe was not checked (--home-safety)."),
    "CONSENT_NOT_RECORDED": N_("Whether she agrees is not recorded (--consent)."),
    "DESTINATION_NOT_HOME": N_("This is not her home province, and no choice of hers is recorded (--choice)."),
    "CENTRE_FULL": N_("The centre has no free place."),
    "CHILD_WITHOUT_ESCORT": N_("A child travels alone (--escort)."),
}
CONTACTS: Final[Mapping[str, str]] = {
    "REACHED": N_("reached"),
    "NOT_AT_ADDRESS": N_("nobody of that name lives there"),
    "MOVED_AWAY": N_("moved to another province"),
}
BOARD: Final[Mapping[str, str]] = {
    "PLANNED": N_("planned"),
    "ON_THE_WAY": N_("on the way"),
    "TO_ACCEPT": N_("to be accepted"),
    "OVERDUE": N_("overdue"),
    "TO_SEND_ON": N_("to be sent on"),
    "SENT_BACK": N_("sent back"),
    "IN_FACILITY": N_("in the facility"),
    "LOST": N_("lost"),
}
FACILITY_KINDS: Final[Mapping[str, str]] = {
    "ASSESSMENT_CENTRE": N_("assessment centre"),
    "SOCIAL_PROTECTION_CENTRE": N_("social protection centre"),
    "SHELTER": N_("shelter"),
}
FOLLOW_UP_KINDS: Final[Mapping[str, str]] = {
    "MONTHS_3": N_("3 months"),
    "YEARS_3": N_("3 years"),
}
FOLLOW_UP_STATES: Final[Mapping[str, str]] = {
    "SCHEDULED": N_("ahead"),
    "DUE": N_("due today"),
    "LATE": N_("late"),
    "OVERDUE": N_("overdue"),
    "RECORDED": N_("recorded"),
    "CANCELLED": N_("cancelled"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "SETTLED": N_("lives well, needs nothing more"),
    "NEEDS_SUPPORT": N_("needs further support"),
    "AT_RISK": N_("at risk, warning signs stand"),
    "NOT_REACHED": N_("could not be reached"),
    "DECLINED": N_("asked not to be visited again"),
}
CLOSE_REASONS: Final[Mapping[str, str]] = {
    "PERIOD_ENDED": N_("the follow-up period ended"),
    "ASKED_TO_STOP": N_("the person asks to stop"),
    "LEFT_AREA": N_("the person left the area"),
    "DIED": N_("the person died"),
    "ABROAD_AGAIN": N_("the person is abroad again"),
    "SECURITY": N_("for the person's security"),
    "NOT_IDENTIFIED": N_("not identified as a victim"),
}
WITHDRAW_REASONS: Final[Mapping[str, str]] = {
    "REGISTERED_TWICE": N_("registered twice"),
    "REGISTERED_BY_MISTAKE": N_("registered by mistake"),
}
ROUTES: Final[Mapping[str, str]] = {
    "OFFICIAL_HANDOVER": N_("official handover"),
    "RESCUED": N_("rescued"),
    "SELF_RETURN": N_("came back alone"),
    "REPATRIATED_BY_AIR": N_("flown home"),
    "DEPORTED": N_("deported"),
    "HOTLINE_REFERRAL": N_("referred by hotline 111"),
    "DETECTED_IN_COMMUNITY": N_("found in a commune"),
}
AGE_BANDS: Final[Mapping[str, str]] = {
    "UNDER_16": N_("under 16"),
    "FROM_16_TO_17": N_("16 or 17"),
    "ADULT": N_("18 and over"),
    "UNKNOWN": N_("age not known"),
}
GROUNDS: Final[Mapping[str, str]] = {
    "SALE": N_("sale as a commodity"),
    "PROSTITUTION": N_("prostitution"),
    "PORNOGRAPHY": N_("pornography"),
    "SEXUAL_SLAVERY": N_("sexual slavery"),
    "FORCED_LABOUR": N_("forced labour"),
    "ORGAN_REMOVAL": N_("organ removal"),
    "FORCED_BEGGING": N_("forced begging"),
    "FORCED_MARRIAGE": N_("forced marriage"),
    "FORCED_CHILDBIRTH": N_("forced childbirth"),
    "FORCED_LAW_BREAKING": N_("forced law-breaking"),
    "OTHER_INHUMAN_PURPOSE": N_("another inhuman purpose"),
    "RECRUITMENT": N_("recruitment for these"),
    "TRANSPORT": N_("transport for these"),
    "HARBOURING": N_("harbouring for these"),
}
RULES: Final[Mapping[str, str]] = {
    "DISPATCH_DUE": N_("to be sent home"),
    "TRANSFER_ACKNOWLEDGE": N_("arrival to be acknowledged"),
    "TRANSFER_LOST": N_("arrival missing"),
    "REDISPATCH_AFTER_REJECT": N_("to be sent on after the rejection"),
    "SEARCH_ESCALATE": N_("search goes on"),
    "OBLIGATIONS_CONFIRM": N_("follow-up to be taken over"),
    "FACILITY_STAY_ASSESSMENT_CENTRE": N_("end of the stay"),
    "FACILITY_STAY_SOCIAL_PROTECTION_CENTRE": N_("end of the stay"),
    "FACILITY_STAY_SHELTER": N_("end of the stay"),
    "FACILITY_STAY_ESCALATE": N_("stay beyond its limit"),
    "DISPATCH_AFTER_DISCHARGE": N_("to be sent on after the discharge"),
    "FOLLOW_UP_3M": N_("follow-up after 3 months"),
    "FOLLOW_UP_3Y": N_("follow-up after 3 years"),
    "FOLLOW_UP_ESCALATE": N_("overdue follow-up"),
    "CLOSE_DECISION": N_("decision to close"),
}
ROLES: Final[Mapping[str, str]] = {
    "BORDER_POST": N_("border post"),
    "RECEPTION_CENTRE": N_("reception centre"),
    "VERIFIER": N_("police, identification"),
    "SUPPORT_AGENCY": N_("support agency"),
    "COMMUNE": N_("commune"),
    "NGO": N_("organisation"),
    "SUPERVISOR": N_("supervisor"),
    "AUDITOR": N_("auditor"),
    "ADMIN": N_("administrator"),
}
SEXES: Final[Mapping[str, str]] = {
    "Feminine": N_("female"),
    "Masculine": N_("male"),
    "TransgenderFeminine": N_("transgender, feminine"),
    "TransgenderMasculine": N_("transgender, masculine"),
    "NonConforming": N_("other"),
    "NonSpecifiedUnknown": N_("not known"),
}
RELATIONS: Final[Mapping[str, str]] = {
    "CHILD": N_("child"),
    "PARENT": N_("parent"),
    "SPOUSE": N_("spouse"),
    "SIBLING": N_("brother or sister"),
    "OTHER": N_("other relative"),
}


def slug(code: str) -> str:
    """A code as it is written on the command line: NOT_REACHED is not-reached."""
    return code.lower().replace("_", "-")


def word(_: Translator, words: Mapping[str, str], code: str) -> str:
    """The officer's word for a code; the code itself when a newer service sends one not known here."""
    return _(words[code]) if code in words else code


def find(words: Mapping[str, str], text: str, *readers: Translator) -> str | None:
    """The code that a text means: the code itself, its English words, or those of a reader's language."""
    wanted = squeeze(text)
    for code, meaning in words.items():
        if wanted in (squeeze(code), squeeze(meaning), *(squeeze(_(meaning)) for _ in readers)):
            return code
    return None


def explained(_: Translator, words: Mapping[str, str]) -> str:
    """The list of a Word option with its meaning, for a help text."""
    longest = max(24, *map(len, words))
    return "\n".join(f"  {slug(code):<{longest}} {_(text)}" for code, text in words.items())
