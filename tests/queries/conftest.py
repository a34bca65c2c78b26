"""The world for every test of the queries: the same, on either database, as for the models."""

from tests.models.conftest import postgresql_world, session, sqlite_world, world

__all__ = ["postgresql_world", "session", "sqlite_world", "world"]
