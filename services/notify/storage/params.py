"""What texts are filled with, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping

from services.notify.domain.facts import Param


def written(params: Mapping[Param, str]) -> str:
    return json.dumps({name.value: value for name, value in params.items()}, sort_keys=True)


def read(stored: Mapping[str, str]) -> Mapping[Param, str]:
    return {Param(name): value for name, value in stored.items()}
