from __future__ import annotations

from services.chassis.kernel.deadlines import RULES
from services.chassis.kernel.words import RuleCode


def test_every_rule_has_its_code_and_every_code_its_rule() -> None:
    assert set(RuleCode) == set(RULES)
