"""Whether a migrated database is the one that the models describe."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, String, create_engine

from services.chassis.storage.database import sqlalchemy_url

MIGRATIONS_OWN = "alembic_version"


def schema_differences(database_url: str, *models: MetaData) -> list[Any]:
    """What Alembic would change to make the database that of the models; empty when they agree.

    A column of type `text` is a model's str.
    """
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            options = {"compare_type": _differs, "include_object": _is_ours, "target_metadata": list(models)}
            context = MigrationContext.configure(connection, opts=options)
            # Alembic takes several; its annotation says one.
            several: Any = list(models)
            return list(compare_metadata(context, several))
    finally:
        engine.dispose()


def _differs(context: Any, inspected: Any, model: Any, inspected_type: Any, model_type: Any) -> bool | None:
    texts = [issubclass(each._type_affinity, String) for each in (inspected_type, model_type)]
    return False if all(texts) else None


def _is_ours(item: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    return name != MIGRATIONS_OWN
