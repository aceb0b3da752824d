"""Who a person is, as it is read by officers: words for codes, in their language."""

from __future__ import annotations

import pytest

from homeward.intake.v1 import cases_pb2, people_pb2
from services.chassis.kernel.texts import Language
from services.client.shown.cases import person_facts
from services.client.texts import texts_in


@pytest.mark.parametrize(
    ("language", "said"), [("vi", {"Trung Quốc", "Việt Nam", "Hmông", "zz"}), ("en", {"China", "zz"})]
)
def test_countries_and_languages_are_said_in_words_and_what_is_on_no_list_as_it_stands(
    language: Language, said: set[str]
) -> None:
    person = people_pb2.Person(nationality="VN", returned_from_country="CN", language="hmn", ethnicity="zz")
    shown = {value for _name, value in person_facts(cases_pb2.Case(person=person), texts_in(language))}
    assert said <= shown
    assert not {"VN", "CN", "hmn"} & shown
