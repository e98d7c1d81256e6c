from django.db import connections

from events.checks import check_sqlite_locks


def test_a_sqlite_database_that_does_not_lock_at_once_is_refused(monkeypatch):
    connection = connections["default"]
    monkeypatch.setattr(connection, "vendor", "sqlite", raising=False)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"transaction_mode": "IMMEDIATE"})
    assert check_sqlite_locks(None) == []
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    assert [error.id for error in check_sqlite_locks(None)] == ["oberih_events.E001"]


def test_other_databases_lock_rows(monkeypatch):
    connection = connections["default"]
    monkeypatch.setattr(connection, "vendor", "postgresql", raising=False)
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {})
    assert check_sqlite_locks(None) == []
