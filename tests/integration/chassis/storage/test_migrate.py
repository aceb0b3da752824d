"""Migrations are numbered by their file names, and a service need not load alembic to know the newest."""

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.script import ScriptDirectory

from services.chassis.storage import migrate
from services.client.services import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_the_newest_file_is_the_head_that_alembic_sees(service: str) -> None:
    script = ScriptDirectory.from_config(migrate._config(service, "", None))
    assert [migrate.newest_revision(service)] == script.get_heads()


def test_a_service_process_does_not_load_what_it_does_not_need() -> None:
    program = (
        "import sys, services.chassis.service.process;"
        "print([m for m in ('alembic', 'holidays', 'kafka') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]", result.stdout
