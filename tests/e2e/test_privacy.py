"""No name leaves intake and nothing told in confidence its seal: not in topics, logs, metrics, databases or files."""

from __future__ import annotations

import json
import re
import unicodedata
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from google.protobuf.descriptor import FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from homeward.intake.v1 import reading_pb2, submissions_pb2
from services.chassis.calls.client import RpcFailure
from services.chassis.calls.policy import full_name
from services.chassis.kernel.roles import Role
from services.client.services import SERVICES
from services.local.embedded.postgres import SUPERUSER
from services.operate.provision import login_of
from tests.e2e import confidence, work
from tests.e2e.test_authorisation import METHODS, POLICIES, call, complete, token
from tests.e2e.work import HOMES, POST
from tests.robustness.history import read_topics
from tests.support.waiting import patient
from tests.support.whole import Whole

INVENTED = {
    "full_name": "Đỗ Thị Quỳnhbịa",
    "home_address": "Xóm Tưởngtượng, xã Khôngđâucả",
    "health_remarks": "Sốt bịađặtthôi",
    "document": "Hộ chiếu Chẳngcóthật",
    "handing_body": "Đồn Bịamàthôi",
    "reason": "Vì kểchuyệnthôi",
    "purpose": "Gọi chochịquỳnhbịa",
    "refused": "Lý Thị Bịtừchối",
    "anywhere": "Ngô Thị Bịgiấukín",
    "in confidence": "Lời Kểriêngbịađặt",
}
"""Texts with words that are in no dictionary, so that what is found came from here."""
CONTROL = "Trần Thị Đượctìmthấy"
STRANGERS = ("handover", "followup", "notify")
TEXTUAL = ("text", "character varying", "bytea", "json", "jsonb", "ARRAY", "name")


def words(text: str) -> list[str]:
    """The word that nobody else would write."""
    return [max(re.split(r"[\s,]+", text), key=len)]


WORDS = sorted({word for text in INVENTED.values() for word in words(text)})
CODES = [confidence.AFRAID_OF, confidence.SECOND_MEASURE]
"""Answers and measures that are told to care staff alone."""


def without_marks(text: str) -> str:
    """As somebody writes it without Vietnamese keys."""
    plain = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return plain.replace("đ", "d").replace("Đ", "D")


def spellings(word: str) -> set[bytes]:
    """A word as it may stand in bytes: composed, decomposed, without marks, escaped; in every case."""
    cased = {word, word.lower(), word.upper(), word.capitalize()}
    composed = {unicodedata.normalize(form, one) for one in cased for form in ("NFC", "NFD")}
    texts = composed | {without_marks(one) for one in cased}
    texts |= {json.dumps(one).strip('"') for one in composed}
    texts |= {urllib.parse.quote(one) for one in composed}
    return {text.encode() for text in texts} | {one.encode("utf-16-le") for one in composed}


class Pattern:
    """Finds any of the words in bytes; what is ASCII in it whatever its case. Faster than a regular expression."""

    def __init__(self, looked_for: list[str]) -> None:
        self._needles = {spelling.lower() for word in looked_for for spelling in spellings(word)}

    def search(self, content: bytes) -> bool:
        """Whether any of them is there."""
        lowered = content.strip(b"\0").lower()
        return any(needle in lowered for needle in self._needles)


@pytest.mark.parametrize("spelling", sorted(spellings(words(CONTROL)[0])))
def test_the_search_finds(spelling: bytes) -> None:
    assert Pattern(words(CONTROL)).search(b"\x00{" + spelling + b"}\xff")
    assert not Pattern(WORDS).search(spelling)


@pytest.fixture(scope="module")
def busy(calm: Whole) -> Whole:
    """After people with such names went through everything that can be done with them, refusals included."""
    person = work.person(0, name=INVENTED["full_name"])
    person.home_address = INVENTED["home_address"]
    person.health_remarks = INVENTED["health_remarks"]
    person.documents.append(INVENTED["document"])
    request = work.submission([person, person])
    request.handover.handing_body = INVENTED["handing_body"]
    with calm.desks() as desks:
        case, other = [entry.case_id for entry in desks.at(POST).submissions.SubmitHandover(request).receipt.entries]
        refused = work.submission([work.person(0, name=INVENTED["refused"])])
        refused.handover.people[0].birth_date = INVENTED["refused"]
        with pytest.raises(RpcFailure):
            desks.at(POST).submissions.SubmitHandover(refused)
        with pytest.raises(RpcFailure):
            work.custody(desks, POST, INVENTED["full_name"])
        changed = submissions_pb2.CorrectCaseRequest(
            request_id=work.request_id(), case=other, reason=INVENTED["reason"], person=person
        )
        changed.person.birth_date = "1999"
        desks.at(POST).submissions.CorrectCase(changed)
        asked = reading_pb2.GetCaseRequest(case=case, include_identity=True, purpose=INVENTED["purpose"])
        assert desks.at(POST).reading.GetCase(asked).case.person.full_name == INVENTED["full_name"]
        work.wait_custody(desks, POST, case)
        work.identify(desks, case, "IDENTIFIED")
        work.dispatch(desks, case, HOMES[0])
        work.acknowledge(desks, case, HOMES[0])
        # Who makes the follow-ups hears of it by an event.
        calm.wait_quiet()
        young = work.person(7)
        young.birth_date = "2015"
        child = work.submit(desks, [young])[0]
        work.wait_custody(desks, POST, child)
        mark_words = INVENTED["in confidence"]
        told = confidence.tell_everything(calm, desks, case, child, work.agency(HOMES[0]), mark_words)
        shown = [work.messages(desks, office_id) for office_id in (work.agency(HOMES[0]), work.NATIONAL_SUPERVISOR)]
    assert {each.partition(".")[0] for each in told.taken} >= {
        "SetWishes",
        "RecordVisit",
        "SaveVisitDraft",
        "CorrectVisit",
        "ConfirmSafetyAct",
    }, "what is told in confidence was taken in"
    assert told.sealed == confidence.TEXTS, "a text without a line there, or one that nobody takes in any more"
    assert len(told.marked) > 160
    mark = Pattern(words(INVENTED["in confidence"]))
    assert not [each for each in told.refusals if mark.search(each.encode())], "a refusal says again what was said"
    assert not mark.search(str(shown).encode()), "a message does"
    plant_everywhere(calm, other)
    calm.wait_quiet()
    return calm


OF_ADMINISTRATORS = {"OpenOffice", "ChangeRule", "RevokeSessions"}
"""Texts about offices, laws and accounts, which are told to everybody: nobody's story is asked for there."""


def plant_everywhere(whole: Whole, case: str) -> None:
    """Put the name into each text of each request in turn, by somebody who may call it."""
    planted = 0
    for service, method in METHODS:
        roles = POLICIES[full_name(method)].roles
        # What only a service may ask takes no text of anybody.
        if method.name in OF_ADMINISTRATORS or not roles:
            continue
        # The post, who answers for the case, where it may call.
        role = Role.BORDER_POST if Role.BORDER_POST in roles else min(roles)
        for request in with_text(otherwise_right(method, case), INVENTED["anywhere"]):
            call(whole, service, method, request, token(whole, role))
            planted += 1
    assert planted > len(METHODS)


def otherwise_right(method: MethodDescriptor, case: str) -> Message:
    """A request of the method with which little is wrong."""
    if method.name == "SubmitHandover":
        return work.submission([work.person(1)])
    fields = method.input_type.fields_by_name
    if {"request_id", "case"} <= set(fields):
        return complete(method, case)
    known = {"request_id": work.request_id(), "case": case}
    empty: Message = GetMessageClass(method.input_type)(**{name: known[name] for name in known if name in fields})
    return empty


def with_text(request: Message, text: str) -> Iterator[Message]:
    """Copies of a request, each with the text in another of its fields; lists have it in one part."""
    for field in request.DESCRIPTOR.fields:
        copy = type(request)()
        copy.CopyFrom(request)
        value = getattr(copy, field.name)
        if field.type == FieldDescriptor.TYPE_STRING:
            if field.is_repeated:
                value.append(text)
            else:
                setattr(copy, field.name, text)
            yield copy
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            part = value.add() if field.is_repeated else value
            for changed in with_text(part, text):
                part.CopyFrom(changed)
                whole = type(request)()
                whole.CopyFrom(copy)
                yield whole


def topics(whole: Whole) -> Iterator[tuple[str, bytes]]:
    """Keys, headers and values of every record."""
    for one in read_topics(whole.kafka()):
        headers = b"\n".join(name.encode() + b"=" + value for name, value in one.headers)
        yield f"{one.topic}/{one.partition}/{one.offset}", b"\n".join((one.key or b"", headers, one.value or b""))


def files(whole: Whole) -> Iterator[tuple[str, bytes]]:
    """Every file in the state directory: logs, Kafka's data, PostgreSQL's data and write-ahead log."""
    checkpoint(whole)
    base = whole.home.path / "postgres" / "data" / "base"
    with psycopg.connect(admin_url(whole, "postgres")) as connection:
        names = "SELECT oid FROM pg_database WHERE datname IN ('postgres', 'template0', 'template1')"
        system = {base / str(oid) for (oid,) in connection.execute(names)}
    for path in sorted(whole.home.path.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.parent not in system:
            try:
                yield str(path.relative_to(whole.home.path)), path.read_bytes()
            except FileNotFoundError:
                continue
    yield "what the launcher said", whole.said().encode()


def metrics(whole: Whole) -> Iterator[tuple[str, bytes]]:
    """The metrics pages."""
    for service, entry in whole.run["services"].items():
        with urllib.request.urlopen(entry["metrics"], timeout=patient(5)) as page:
            yield f"{service}'s metrics", page.read()


def columns(whole: Whole, services: Sequence[str] = STRANGERS) -> Iterator[tuple[str, bytes]]:
    """Every column that could hold text, of the services that must not know anybody."""
    for service in services:
        found = whole.rows(
            service,
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = ANY(%s)",
            list(TEXTUAL),
        )
        assert found
        for table, column in found:
            for (value,) in whole.rows(service, f'SELECT "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL'):
                if not isinstance(value, bytes):
                    value = json.dumps(value, ensure_ascii=False, default=str).encode()
                yield f"{service}.{table}.{column}", value


def admin_url(whole: Whole, database: str) -> str:
    """The superuser's address of a database."""
    parts = urlsplit(whole.database_url("intake"))
    password = (whole.home.path / "postgres" / "superuser.password").read_text().strip()
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{SUPERUSER}:{password}@{place}", path=f"/{database}"))


def checkpoint(whole: Whole) -> None:
    """Write everything into the files."""
    with psycopg.connect(admin_url(whole, "postgres"), autocommit=True) as connection:
        connection.execute("CHECKPOINT")


@pytest.mark.parametrize("place", [topics, files, metrics, columns])
@pytest.mark.attack(57, "names in the texts of every request of every service")
@pytest.mark.attack(56, "names planted in all intake fields")
def test_no_name_is_anywhere(busy: Whole, place: object) -> None:
    assert callable(place)
    pattern = Pattern([*WORDS, *CODES])
    seen = 0
    found = set()
    for where, content in place(busy):
        seen += 1
        if pattern.search(content):
            found.add(where)
    assert seen > 0
    assert found == set()


def test_what_a_guardian_is_to_a_child_stands_open_in_no_database(busy: Whole) -> None:
    found = list(columns(busy, SERVICES))
    assert {"intake.guardian.sealed", "intake.consent.giver"} <= {where for where, _ in found}, "a guardian was named"
    assert [where for where, content in found if confidence.RELATION.encode() in content] == []


def test_names_are_found_where_they_are_planted(busy: Whole, tmp_path: Path) -> None:
    """The controls: the same search, in the same places, finds a name that was put there."""
    from kafka import KafkaProducer

    from services.chassis.events.streams import HANDOVER

    pattern = Pattern(words(CONTROL))
    planted = busy.home.logs / "planted.log"
    planted.write_text(json.dumps({"event": CONTROL}))
    for service, columns_of in (("intake", "name text"), ("handover", "name text, raw bytea, facts jsonb")):
        busy.as_owner(service, f"CREATE TABLE planted ({columns_of})")
        busy.as_owner(service, f"GRANT ALL ON planted TO {login_of(service)}")
    producer = KafkaProducer(**busy.kafka().kafka_python_arguments())
    try:
        busy.rows("intake", "INSERT INTO planted VALUES (%s)", CONTROL)
        document = json.dumps({"a": CONTROL})
        busy.rows("handover", "INSERT INTO planted VALUES (%s, %s, %s)", "", CONTROL.encode(), document)
        producer.send(HANDOVER.quarantine_topic, key=b"planted", value=b"", headers=[("ce_x", CONTROL.encode())])
        producer.flush()
        where = {place for place, content in files(busy) if pattern.search(content)}
        assert "logs/planted.log" in where
        assert any(one.startswith("postgres/data/base/") for one in where)
        assert any(one.startswith("postgres/data/pg_wal/") for one in where)
        assert any(one.startswith("kafka/data/") for one in where)
        assert {place for place, content in columns(busy) if pattern.search(content)} == {
            "handover.planted.raw",
            "handover.planted.facts",
        }
        assert [place for place, content in topics(busy) if pattern.search(content)]
    finally:
        producer.close()
        planted.unlink()
        for service in ("intake", "handover"):
            busy.as_owner(service, "DROP TABLE planted")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.attack(58, "a service's login into another database")
def test_a_login_is_refused_by_every_other_database(calm: Whole, service: str) -> None:
    parts = urlsplit(calm.database_url(service))
    for other in SERVICES:
        url = urlunsplit(parts._replace(path=f"/homeward_{other}"))
        if other == service:
            with psycopg.connect(url) as connection:
                connection.execute("SELECT 1")
            continue
        with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
            psycopg.connect(url)


ABOUT_OFFICES = frozenset({"office_overlay", "office_end", "rule_overlay"})
"""Which offices and rules administrators changed: nothing about people."""
LOGS = frozenset({"act", "act_link", "log_head", "access_log"})
"""Who did what, and who read whom: read to be proved. Why somebody was read is sealed there."""


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.attack(58, "audit login beyond its views")
def test_the_auditor_sees_the_view_and_offices_and_nothing_else(calm: Whole, service: str) -> None:
    parts = urlsplit(calm.database_url(service))
    passwords: Mapping[str, str] = calm.home.passwords()
    place = parts.netloc.rpartition("@")[2]
    url = urlunsplit(parts._replace(netloc=f"homeward_audit:{passwords['audit']}@{place}"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT count(*) FROM audit_case")
        tables = calm.rows(service, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables
        for (table,) in tables:
            if table in ABOUT_OFFICES | LOGS:
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f'SELECT 1 FROM "{table}"')
