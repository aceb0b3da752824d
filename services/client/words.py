"""The lists of codes that officers read and write, in the order in which they are shown.

The words for the codes, in both languages, stand in the catalogue of words that all fronts and the messages share.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.chassis.kernel import words as kernel
from services.chassis.kernel.deadlines import RULE_VERSIONS
from services.chassis.kernel.fold import squeeze
from services.chassis.kernel.texts import Language, Texts, words_of


@dataclass(frozen=True, slots=True)
class Words:
    """A list of codes; `name` is that of the list in the catalogue of words."""

    name: str
    codes: tuple[str, ...]

    def __iter__(self) -> Iterator[str]:
        return iter(self.codes)


PHASES: Final = Words(
    "CasePhase",
    (
        "REGISTERED",
        "IN_TRANSIT",
        "REJECTED",
        "SEARCH",
        "ARRIVED",
        "FOLLOW_UP",
        "CLOSED",
        "WITHDRAWN",
        "ADMITTED",
        "DISCHARGED",
    ),
)
IDENTIFICATIONS: Final = Words("IdentificationStatus", ("IN_PROCESS", "IDENTIFIED", "NOT_IDENTIFIED", "DECLINED"))
STATUS_WORDS: Final = Words("StatusWord", ("RECEIVED", "IDENTIFIED", "ARRIVED", "WITHDRAWN", "CLOSED"))
TRANSFER_STATES: Final = Words(
    "TransferState",
    (
        "PLANNED",
        "DISPATCHED",
        "ACKNOWLEDGED",
        "REJECTED",
        "RECALLED",
        "NOT_ARRIVED",
        "REDIRECTED",
        "SUPERSEDED",
    ),
)
REJECT_REASONS: Final = Words(
    "RejectReason",
    (
        "WRONG_PROVINCE",
        "NOT_RESIDENT",
        "NOT_SAFE",
        "PERSON_CHOSE_ELSEWHERE",
        "OTHER",
        "OFFICE_ENDED",
    ),
)
REASONS_TO_REJECT: Final = Words("RejectReason", REJECT_REASONS.codes[:-1])
"""Those that an office may give."""
ANSWERS: Final = Words("TransferAnswerKind", ("ACCEPTED", "ACKNOWLEDGED", "REJECTED", "NOT_ARRIVED", "RECALLED"))
TAKE_BACK_REASONS: Final = Words(
    "TakeBackReason", ("WRONG_PERSON", "WRONG_ANSWER", "WRONG_NEWS", "DECIDED_ANEW", "OTHER")
)
ARRIVAL_CORRECTION_REASONS: Final = Words(
    "ArrivalCorrectionReason", ("MISTYPED", "DAY_OF_RECORDING", "WRONG_NEWS", "OTHER")
)
REASSIGN_REASONS: Final = Words(
    "ReassignReason",
    ("PERSON_IS_THERE", "HOME_IS_THERE", "OFFICE_CANNOT", "SAFETY", "PERSON_ASKED", "WRONG_OFFICE", "OTHER"),
)
REVOKE_REASONS: Final = Words("RevokeReason", ("LEFT_OFFICE", "DEVICE_LOST", "MISUSED", "WRONG_RIGHTS"))
CUSTODY_CAUSES: Final = Words(
    "CustodyCause",
    (
        "REGISTERED",
        "ARRIVED",
        "ARRIVAL_RETRACTED",
        "HOME_RECORDED",
        "WITHDRAWN",
        "CLOSED",
        "REOPENED",
        "ADMITTED",
        "OFFICE_ENDED",
        "REASSIGNED",
        "FOUND",
        "RE_IDENTIFIED",
    ),
)
LOST_REASONS: Final = Words(
    "LostReason",
    (
        "NOT_ACKNOWLEDGED",
        "REJECTED_NOT_REDISPATCHED",
        "DISCHARGED_WITHOUT_TRANSFER",
        "ARRIVED_ELSEWHERE",
        "NOT_AT_ADDRESS",
        "LEFT_PROVINCE",
        "REAPPEARED",
        "OFFICE_ENDED",
        "NOT_SENT_ON",
    ),
)
SEARCH_RESOLUTIONS: Final = Words(
    "SearchResolution",
    (
        "FOUND",
        "REDIRECTED",
        "RETURNED_TO_SENDER",
        "CLOSED",
        "RE_IDENTIFIED",
        "MISTAKEN",
    ),
)
MATCHES: Final = Words("EarlierCaseMatch", ("LIKELY", "UNLIKELY", "UNKNOWN"))
RETURN_STATES: Final = Words("ReturnLinkState", ("CLAIMED", "CONFIRMED", "DENIED", "WITHDRAWN"))
CLAIM_STATES: Final = Words(
    "FoundClaimState", ("STANDING", "CONFIRMED", "DENIED", "WITHDRAWN", "REPLACED", "OVERTAKEN")
)
SEARCH_STEPS: Final = Words(
    "SearchStepKind",
    (
        "ADDRESSEE_ASKED",
        "COMMUNE_ASKED",
        "POLICE_ASKED",
        "PERSON_CALLED",
        "ADDRESS_VISITED",
        "ESCORT_ASKED",
    ),
)
LEVELS: Final = Words("EscalationLevel", ("OFFICE", "PROVINCE", "NATIONAL"))
CUSTODY_KINDS: Final = Words(
    "CustodyKind",
    (
        "BORDER_POST",
        "RECEPTION_CENTRE",
        "SHELTER",
        "HOME_OFFICE",
        "COMMUNE",
        "IN_TRANSIT",
        "NOT_KNOWN",
    ),
)
ESCORTS: Final = Words("Escort", ("NONE", "OFFICER", "SOCIAL_WORKER", "COLLABORATOR", "FAMILY"))
MEANS: Final = Words("TravelMeans", ("OFFICE_VEHICLE", "BUS", "TRAIN", "PLANE", "OTHER"))
CONSENT_STATES: Final = Words("ConsentState", ("GIVEN", "REFUSED", "WITHDRAWN"))
CONSENT_GIVERS: Final = Words("ConsentGiver", ("PERSON", "GUARDIAN"))
GUARDIAN_RELATIONS: Final = Words(
    "GuardianRelation", ("PARENT", "GRANDPARENT", "SIBLING", "OTHER_RELATIVE", "APPOINTED", "FACILITY")
)
CONSENTS: Final = Words("TransferConsent", ("GIVEN", "GIVEN_BY_GUARDIAN", "REFUSED"))
HOME_ANSWERS: Final = Words("HomeAnswer", ("YES", "NO", "UNSURE", "NOT_SAID"))
HOME_SAFETIES: Final = Words("HomeSafety", ("SAFE", "WARNING_SIGNS", "WARNING_SIGNS_DECIDED", "NOT_SAFE"))
HOME_WAITS: Final = Words(
    "HomeWait",
    (
        "HOME_NOT_CHECKED",
        "HOME_CHECKED_ELSEWHERE",
        "HOME_SAFETY_UNDECIDED",
        "HOME_NOT_SAFE",
        "HOME_CHECK_EXPIRED",
    ),
)
TRANSFER_DOCUMENTS: Final = Words(
    "TransferDocument",
    (
        "DECLARATION",
        "CERTIFICATE_OF_RETURN",
        "HANDOVER_CERTIFICATE",
        "IDENTIFICATION_CERTIFICATE",
        "MEDICAL_FILE",
        "REINTEGRATION_PLAN",
    ),
)
DESTINATIONS: Final = Words("DestinationChoice", ("HOME", "PERSON", "FACILITY"))
TRANSFER_WARNINGS: Final = Words(
    "TransferWarning",
    (
        "HOME_SAFETY_NOT_CHECKED",
        "CONSENT_NOT_RECORDED",
        "DESTINATION_NOT_HOME",
        "CENTRE_FULL",
        "CHILD_WITHOUT_ESCORT",
        "RELATIVE_STAYS_BEHIND",
        "RELATIVE_ELSEWHERE",
        "RELATIVE_LOST",
        "STAY_CONSENT_MISSING",
    ),
)
PARTINGS: Final = Words("PartingReason", ("LEFT_BEHIND", "ELSEWHERE", "NOT_TAKEN", "LOST"))
CONTACTS: Final = Words("ContactOutcome", ("REACHED", "NOT_AT_ADDRESS", "MOVED_AWAY", "NOT_REACHED", "NOTED"))
BOARD: Final = Words(
    "Board",
    (
        "PLANNED",
        "ON_THE_WAY",
        "TO_ACCEPT",
        "OVERDUE",
        "TO_SEND_ON",
        "SENT_BACK",
        "IN_FACILITY",
        "LOST",
    ),
)
FACILITY_KINDS: Final = Words("FacilityKind", ("ASSESSMENT_CENTRE", "SOCIAL_PROTECTION_CENTRE", "SHELTER"))
FOLLOW_UP_KINDS: Final = Words(
    "FollowUpKind",
    (
        "MONTHS_1",
        "MONTHS_2",
        "MONTHS_3",
        "MONTHS_6",
        "MONTHS_9",
        "MONTHS_12",
        "YEARS_2",
        "YEARS_3",
        "YEARS_5",
    ),
)
OPTIONAL_STEPS: Final = Words(
    "FollowUpKind", tuple(code for code in FOLLOW_UP_KINDS.codes if code not in ("MONTHS_3", "YEARS_3"))
)
"""Those that are made where something asks for them."""
DROP_REASONS: Final = Words("StepDropReason", ("RISK_FELL", "SHE_ASKED", "NOT_NEEDED", "OTHER"))
STEPS_CAUSES: Final = Words("StepsCause", ("CARE", "AGE", "PROVINCE", "DROPPED", "TAKEN_UP"))
FOLLOW_UP_STATES: Final = Words(
    "FollowUpState", ("SCHEDULED", "DUE", "LATE", "OVERDUE", "RECORDED", "CANCELLED", "MISSED")
)
FOLLOW_UP_RESULTS: Final = Words(
    "FollowUpResult", ("TO_BE_MADE", "DONE_IN_TIME", "DONE_LATE", "MISSED", "OVERDUE", "LOST")
)
OUTCOMES: Final = Words("FollowUpOutcome", ("SETTLED", "NEEDS_SUPPORT", "AT_RISK", "NOT_REACHED", "DECLINED"))
AFTER_DECLINED: Final = Words("AfterDeclined", ("CLOSE", "KEEP"))
ENTRY_STATES: Final = Words("EntryState", ("RECORDED", "CORRECTED", "TAKEN_BACK"))
REASONS_TO_CORRECT: Final = Words("EntryReason", ("WRONG_DAY", "WRONG_OUTCOME", "WRONG_FOLLOW_UP"))
REASONS_TO_TAKE_BACK: Final = Words("EntryReason", ("WRONG_CASE", "ENTERED_TWICE", "NOT_MADE"))
ENTRY_REASONS: Final = Words("EntryReason", (*REASONS_TO_CORRECT.codes, *REASONS_TO_TAKE_BACK.codes))
CLOSE_REASONS: Final = Words(
    "CloseReason",
    (
        "PERIOD_ENDED",
        "ASKED_TO_STOP",
        "LEFT_AREA",
        "DIED",
        "ABROAD_AGAIN",
        "SECURITY",
        "NOT_IDENTIFIED",
        "LEFT_ON_HER_OWN",
        "REFUSED",
        "REGISTERED_TWICE",
    ),
)
REOPEN_REASONS: Final = Words("ReopenReason", ("MISTAKE", "NOT_TRUE", "CAME_BACK", "ASKS_AGAIN", "NOT_SAME_PERSON"))
LEFT_FOR: Final = Words("LeftFor", ("PROVINCE", "ABROAD", "UNKNOWN"))
WITHDRAW_REASONS: Final = Words("WithdrawReason", ("REGISTERED_TWICE", "REGISTERED_BY_MISTAKE"))
ROUTES: Final = Words(
    "RouteOfReturn",
    (
        "OFFICIAL_HANDOVER",
        "RESCUED",
        "SELF_RETURN",
        "REPATRIATED_BY_AIR",
        "DEPORTED",
        "HOTLINE_REFERRAL",
        "DETECTED_IN_COMMUNITY",
    ),
)
AGE_BANDS: Final = Words("AgeBand", ("UNDER_16", "FROM_16_TO_17", "ADULT", "UNKNOWN"))
GROUNDS: Final = Words("Ground", kernel.GROUNDS)
RULES: Final = Words(
    "Rule",
    (
        "IDENTIFICATION_ESCALATE",
        "DECISION_DUE_SOON",
        "LEGAL_STEP_DUE_SOON",
        "DISPATCH_DUE",
        "NOT_SENT_ON",
        "TRANSFER_ACKNOWLEDGE",
        "TRANSFER_LOST",
        "REDISPATCH_AFTER_REJECT",
        "DISPATCH_AFTER_DISCHARGE",
        "SEARCH_ESCALATE",
        "OBLIGATIONS_CONFIRM",
        "FACILITY_STAY_ASSESSMENT_CENTRE",
        "FACILITY_STAY_SOCIAL_PROTECTION_CENTRE",
        "FACILITY_STAY_SHELTER",
        "FACILITY_STAY_ESCALATE",
        "FIRST_CONTACT",
        "FIRST_CONTACT_AGAINST_ADVICE",
        "SAFETY_ACT",
        "FOLLOW_UP_1M",
        "FOLLOW_UP_2M",
        "HOME_SAFETY_VALID",
        "SAFETY_ANSWER",
        "SAFETY_ANSWER_ESCALATE",
        "FOLLOW_UP_3M",
        "FOLLOW_UP_6M",
        "FOLLOW_UP_9M",
        "FOLLOW_UP_12M",
        "FOLLOW_UP_2Y",
        "FOLLOW_UP_3Y",
        "FOLLOW_UP_5Y",
        "FOLLOW_UP_OVERDUE_1M",
        "FOLLOW_UP_OVERDUE_2M",
        "FOLLOW_UP_OVERDUE_3M",
        "FOLLOW_UP_OVERDUE_6M",
        "FOLLOW_UP_OVERDUE_9M",
        "FOLLOW_UP_OVERDUE_12M",
        "FOLLOW_UP_OVERDUE_2Y",
        "FOLLOW_UP_OVERDUE_3Y",
        "FOLLOW_UP_DUE_SOON",
        "FOLLOW_UP_ESCALATE",
        "LOST_TO_FOLLOW_UP",
        "CLOSE_DECISION",
        "APPROVAL_EXPIRES",
        "CLOSED_CASE_SEEN",
        "CARE_SEEN_BY_FORMER",
        "BREAK_GLASS_REVIEW",
        "INITIAL_VERIFY",
        "POLICE_VERIFY_REPLY",
        "POLICE_VERIFY_REPLY_COMPLEX",
        "COMMUNE_NOTIFY",
        "HANDOVER_TO_COMMUNE",
        "RETURNED_TO_SUPPORT_AGENCY",
        "LEGAL_STEP_ESCALATE",
        "REINTEGRATION_PLAN",
        "SUPPORT_APPLY_WINDOW",
        "SUPPORT_DECISION",
    ),
)
RULE_SOURCES: Final = Words(
    "RuleSource",
    tuple(dict.fromkeys(rule.legal_source for versions in RULE_VERSIONS.values() for rule in versions)),
)
"""Where the amounts of the rules of this program come from; what an administrator writes stands as it is written."""
LEGAL_STEPS: Final = Words("Rule", ("HANDOVER_TO_COMMUNE", "COMMUNE_NOTIFY", "RETURNED_TO_SUPPORT_AGENCY"))
LEGAL_DEADLINES: Final = Words(
    "Rule",
    (
        *LEGAL_STEPS.codes,
        "INITIAL_VERIFY",
        "POLICE_VERIFY_REPLY",
        "POLICE_VERIFY_REPLY_COMPLEX",
        "IDENTIFICATION_ESCALATE",
    ),
)
REPLY_LIMITS: Final = Words("Rule", ("POLICE_VERIFY_REPLY", "POLICE_VERIFY_REPLY_COMPLEX"))
LEGAL_STEP_STATES: Final = Words("LegalStepState", ("ASKED", "RESTING", "DONE", "OVERTAKEN"))
ROLES: Final = Words(
    "Role",
    (
        "BORDER_POST",
        "RECEPTION_CENTRE",
        "VERIFIER",
        "SUPPORT_AGENCY",
        "COMMUNE",
        "NGO",
        "SUPERVISOR",
        "AUDITOR",
        "ADMIN",
    ),
)
SEXES: Final = Words(
    "Sex",
    (
        "Feminine",
        "Masculine",
        "TransgenderFeminine",
        "TransgenderMasculine",
        "NonConforming",
        "NonSpecifiedUnknown",
    ),
)
RELATIONS: Final = Words("Relation", ("CHILD", "PARENT", "SPOUSE", "SIBLING", "OTHER"))
TWO_PEOPLE_METHODS: Final = Words(
    "TwoPeopleMethod",
    (
        "OpenOffice",
        "EndOffice",
        "ChangeRule",
        "ChangeCalendar",
        "ReassignCase",
        "ResolveSearch",
        "CloseCase",
        "WithdrawUnderWay",
    ),
)
APPROVERS: Final = Words("Approver", ("ADMIN", "NATIONAL_SUPERVISOR", "SUPERVISOR"))
"""As what somebody approves what another one asks for."""
APPROVAL_STATES: Final = Words("ApprovalState", ("WAITING", "APPROVED", "REFUSED", "WITHDRAWN", "EXPIRED"))
APPROVAL_REFUSALS: Final = Words("ApprovalRefusal", ("WRONG", "NOT_NEEDED", "NOT_PROVEN", "OTHER"))
UNITS: Final = Words("Unit", ("HOURS", "CALENDAR_DAYS", "WORKING_DAYS", "MONTHS", "YEARS"))
BASES: Final = Words("Basis", ("LAW", "REPORT", "POLICY", "OPEN"))

PURPOSES: Final = Words(
    "Purpose",
    ("RECEIVE", "PREPARE_ARRIVAL", "SUPPORT", "FOLLOW_UP", "SEARCH", "VERIFY", "PAPERS", "CORRECT", "OTHER"),
)
"""Why an identity is read, as it is stated."""
LOGGED_PURPOSES: Final = Words("Purpose", (*PURPOSES.codes, "BREAK_GLASS", "REVIEW", "GUARDIAN", "FAMILY"))
"""The same as the access log has it."""
BREAK_GLASS_REASONS: Final = Words(
    "BreakGlassReason", ("DANGER", "PERSON_ASKS", "SEARCH", "LEGAL_DUTY", "COMPLAINT", "OTHER")
)
VERIFIER_REASONS: Final = Words("VerifierReason", ("NOT_IMPARTIAL", "CANNOT", "NEARER", "OTHER"))
BREAK_GLASS_VERDICTS: Final = Words("BreakGlassVerdict", ("JUSTIFIED", "UNJUSTIFIED"))
IDENTITY_VIEWS: Final = Words("IdentityView", ("NONE", "PREVIEW", "VERIFICATION", "FULL"))
LISTS: Final = Words(
    "List",
    (
        "ListCases",
        "ListUndecided",
        "ListLegalDeadlines",
        "ListBreakGlass",
        "ListAccessLog",
        "ListActs",
        "ListTransfers",
        "ListCustodies",
        "ListOverdue",
        "ListLost",
        "ListClaims",
        "ListReturns",
        "ListFollowUps",
        "ListOverdueFollowUps",
        "ListWorkload",
        "ListSafetyActs",
        "ListAwaitingVerdict",
        "ListMessages",
    ),
)
"""What overseers list, by the method that gives it."""
METHODS: Final = Words(
    "Method",
    (
        "SubmitHandover",
        "RegisterSelfReturn",
        "CorrectCase",
        "WithdrawCase",
        "DecideIdentification",
        "AssignVerifier",
        "RecordLegalStep",
        "TakeBackLegalStep",
        "SetReplyLimit",
        "OpenBreakGlass",
        "ReviewBreakGlass",
        "RecordConsent",
        "LinkFamily",
        "UnlinkFamily",
        "PlanTransfer",
        "DispatchTransfer",
        "DispatchJourney",
        "RedirectTransfer",
        "RecallTransfer",
        "AcceptTransfer",
        "AcknowledgeTransfer",
        "RejectTransfer",
        "ReportNotArrived",
        "TakeBackAnswer",
        "AdmitPerson",
        "DischargePerson",
        "RecordSearchStep",
        "ResolveSearch",
        "ConfirmFound",
        "DenyFound",
        "WithdrawClaim",
        "ConfirmReappearance",
        "DenyReappearance",
        "UndoReappearance",
        "RecordHome",
        "ReassignCase",
        "CorrectArrival",
        "CloseCase",
        "WithdrawUnderWay",
        "ReopenCase",
        "EndOffice",
        "OpenOffice",
        "ChangeRule",
        "ChangeCalendar",
        "ApproveRequest",
        "RefuseRequest",
        "WithdrawRequest",
        "RevokeSessions",
        "RecordFollowUp",
        "RescheduleFollowUp",
        "DropFollowUp",
        "TakeUpFollowUp",
        "RecordContact",
        "SetWishes",
        "RecordVisit",
        "SaveVisitDraft",
        "CorrectVisit",
        "ConfirmSafetyAct",
        "RecordHomeSafety",
        "RecordShortChecks",
        "ConfirmHomeSafety",
        "CorrectEntry",
        "TakeBackEntry",
        "MarkMessagesRead",
    ),
)
"""What people do, by the method that does it: every one that takes a request id."""

WARNING_SIGN_GROUPS: Final = Words(
    "WarningSignGroup", ("money_and_debt", "documents_and_status", "safety", "health", "social", "behaviour")
)
WARNING_SIGNS: Final = Words("WarningSign", tuple(f"RF{number:02}" for number in range(1, 46)))
"""Those of the reference list; the Vietnamese words are this project's, of a source that has none."""


def slug(code: str) -> str:
    """A code as it is written on the command line: NOT_REACHED is not-reached."""
    return code.lower().replace("_", "-")


def word(_: Texts, words: Words, code: str) -> str:
    """The officer's word for a code; the code itself when a newer service sends one not known here."""
    return words_of(_.language).template(words.name, code) or code


def purpose_word(_: Texts, code: str) -> str:
    """A purpose of consent in words; one that only a newer service knows stands as it is."""
    from services.chassis.country.questionnaires import support_codes

    known = support_codes()["consent_purpose"].get(code)
    if known is None:
        return code
    return known.vi if _.language == "vi" else known.en


def spoken(words: Words, language: Language) -> tuple[str, ...]:
    """The words of a list as they may be written in a file in that language."""
    if language == "en":
        return tuple(map(slug, words))
    return tuple(words_of(language).template(words.name, code) or slug(code) for code in words)


def find(words: Words, text: str, *languages: Language) -> str | None:
    """The code that a text means: the code itself, its English words, or those of these languages."""
    wanted = squeeze(text)
    read = [words_of(language) for language in dict.fromkeys(("en", *languages))]
    for code in words:
        if wanted in (squeeze(code), *(squeeze(each.pgettext(words.name, code)) for each in read)):
            return code
    return None


def explained(_: Texts, words: Words) -> str:
    """The list of a Word option with its meaning, for a help text."""
    longest = max(24, *map(len, words))
    return "\n".join(f"  {slug(code):<{longest}} {word(_, words, code)}" for code in words)
