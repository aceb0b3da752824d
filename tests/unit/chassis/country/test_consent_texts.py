"""The texts that are read before somebody says whether she agrees."""

from __future__ import annotations

import re

from services.chassis.country.consent_texts import consent_texts, is_version, read_today
from services.chassis.country.questionnaires import support_codes
from services.chassis.kernel.words import ConsentPurpose

OVERHEARD = re.compile(r"victim|traffick|nạn nhân|mua bán người", re.IGNORECASE)


def test_each_purpose_has_a_text_and_each_purpose_that_a_rule_names_is_one() -> None:
    assert list(consent_texts()) == list(support_codes()["consent_purpose"])
    assert {each.value for each in ConsentPurpose} <= consent_texts().keys()


def test_versions_count_from_one_and_the_last_is_read() -> None:
    for purpose, texts in consent_texts().items():
        assert [text.version for text in texts] == list(range(1, len(texts) + 1))
        assert read_today(purpose) == texts[-1]
        assert is_version(purpose, 1)
        assert not is_version(purpose, len(texts) + 1)


def test_a_text_asks_in_both_languages_and_may_be_overheard() -> None:
    for texts in consent_texts().values():
        for text in texts:
            for words in (text.vi, text.en):
                assert words.endswith("?"), "it ends with the question"
                assert not OVERHEARD.search(words)


def test_no_purpose_has_no_version() -> None:
    assert not is_version("NOTHING", 1)
