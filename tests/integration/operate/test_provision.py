"""Another deployment's databases are left as they are."""

from __future__ import annotations

import psycopg
import pytest

from services.local.embedded import EmbeddedPostgres
from services.operate.passwords import AUDIT
from services.operate.provision import OthersLogin, provision
from tests.support.fixtures import ServiceDatabase


def test_logins_that_another_deployment_made_are_not_touched(
    postgres_server: EmbeddedPostgres, service_database: ServiceDatabase
) -> None:
    url = service_database("notify")
    mine = {"notify": "of another state folder", AUDIT: "of another state folder"}
    with pytest.raises(OthersLogin, match="homeward_"):
        provision(postgres_server.admin_url, mine, services=["notify"], owns_server=False)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
