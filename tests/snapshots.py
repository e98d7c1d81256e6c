"""What takes seconds to write, such as the pages of a site, written once a run and then put back in a moment."""

import dataclasses
import datetime as dt

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction


@dataclasses.dataclass(frozen=True)
class Snapshot:
    """The tables that `write` changed, whole: {name of the table: (its columns, its rows)}. `made` is what it returned."""

    tables: dict
    made: object

    @classmethod
    def of(cls, write):
        """What `write` writes; the database stays as it was. What it returns must not be a row: say a key instead."""
        with transaction.atomic():
            before = _all_tables()
            made = write()
            after = _all_tables()
            transaction.set_rollback(True)
        ContentType.objects.clear_cache()
        return cls({name: table for name, table in after.items() if table != before[name]}, made)

    def put(self):
        """Write it. Rows that stood in these tables are gone."""
        with connection.cursor() as cursor:
            for name in self.tables:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
            for name, (columns, rows) in self.tables.items():
                names = ", ".join(map(connection.ops.quote_name, columns))
                places = ", ".join(["%s"] * len(columns))
                cursor.executemany(
                    f"INSERT INTO {connection.ops.quote_name(name)} ({names}) VALUES ({places})", rows
                )
        ContentType.objects.clear_cache()
        return self.made


def _all_tables():
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    # What SQLite searches is filled by triggers of the index.
    names = {model._meta.db_table for model in models} - {"wagtailsearch_indexentry_fts"}
    with connection.cursor() as cursor:
        return {name: _table(cursor, name) for name in sorted(names)}


def _table(cursor, name):
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
    return [column[0] for column in cursor.description], [tuple(map(_writable, row)) for row in cursor.fetchall()]


def _writable(value):
    """What SQLite reads as a time of the day it does not write."""
    return connection.ops.adapt_timefield_value(value) if isinstance(value, dt.time) else value
