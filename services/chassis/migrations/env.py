"""Alembic environment of every service: the database address comes in the configuration's attributes."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from services.chassis.storage.database import sqlalchemy_url

engine = create_engine(sqlalchemy_url(context.config.attributes["database_url"]), poolclass=NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
