from django.core.checks import Error
from django.db import connections


def check_sqlite_locks(app_configs, databases=None, **kwargs):
    """Two registrations at once both see the last seat free unless the transaction takes the write lock first."""
    errors = []
    for alias in databases or ["default"]:
        connection = connections[alias]
        mode = connection.settings_dict.get("OPTIONS", {}).get("transaction_mode") or ""
        if connection.vendor == "sqlite" and mode.upper() not in {"IMMEDIATE", "EXCLUSIVE"}:
            errors.append(
                Error(
                    f"The SQLite database “{alias}” does not begin its transactions with a lock.",
                    hint='Set OPTIONS["transaction_mode"] to "IMMEDIATE": otherwise events can be overbooked.',
                    id="oberih_events.E001",
                )
            )
    return errors
