"""Statements that every page asks, compiled once a process: the ORM takes longer to write them than a database to answer.

    _of_user = Prepared(Participant, lambda user: Participant.objects.filter(user=user), int)
    _of_user.rows(request.user.pk)

The queryset is made once, of stand-ins that no row has, which are replaced each time. What decides the shape of the
statement (a None, a list) cannot be replaced.
"""

import dataclasses
import functools
import itertools
import uuid

from django.db import connections, router

# No row has such a number, and no other value of a statement is like them; yet a column of four bytes could hold it.
_numbers = itertools.count(2_147_400_001, 2)


def _stand_in(kind):
    number = next(_numbers)
    return uuid.UUID(int=number) if kind is uuid.UUID else str(number) if kind is str else number


class Prepared:
    def __init__(self, model, queryset, *kinds):
        self.model = model
        self.queryset = queryset
        self.kinds = kinds
        self.compiled = functools.lru_cache(maxsize=8)(self._compile)

    def rows(self, *values):
        """The objects that the queryset finds, in a list: without others that it would have fetched beside them."""
        using = router.db_for_read(self.model)
        statement = self.compiled(using)
        made = []
        for given in self._asked(using, statement, values):
            row = _converted(given, statement.converters, connections[using])
            one = self.model.from_db(using, statement.fields, row[: len(statement.fields)])
            for name, place in statement.annotations.items():
                setattr(one, name, row[place])
            made.append(one)
        return made

    def tuples(self, *values):
        """The rows of a queryset of `values_list`, as the database gives them."""
        using = router.db_for_read(self.model)
        return self._asked(using, self.compiled(using), values)

    def _asked(self, using, statement, values):
        params = list(statement.params)
        for place, number in statement.places:
            params[place] = _stored(values[number], using)
        with connections[using].cursor() as cursor:
            cursor.execute(statement.sql, params)
            return cursor.fetchall()

    def _compile(self, using):
        stand_ins = [_stand_in(kind) for kind in self.kinds]
        compiler = self.queryset(*stand_ins).query.get_compiler(using=using)
        sql, params = compiler.as_sql()
        numbers = {_stored(one, using): number for number, one in enumerate(stand_ins)}
        places = [(place, numbers[param]) for place, param in enumerate(params) if _is_in(param, numbers)]
        if {number for _place, number in places} != set(range(len(stand_ins))):
            raise ValueError("A value of this statement does not stand in it as it was given.")
        columns = [column for column, _sql, _alias in compiler.select]
        return Statement(
            sql,
            params,
            places,
            # The model's own fields stand first.
            [columns[place].target.attname for place in (compiler.klass_info or {}).get("select_fields", ())],
            compiler.annotation_col_map or {},
            compiler.get_converters(columns),
        )


@dataclasses.dataclass(frozen=True)
class Statement:
    """What the ORM made of a queryset: where values stand, and how objects are made of a row.

    `places` holds (place among the params, number of the value), `fields` names the first columns, `annotations` the
    place of each, and `converters` says what has to be done to a column as this database gives it.
    """

    sql: str
    params: tuple
    places: list
    fields: list
    annotations: dict
    converters: dict


def _converted(row, converters, connection):
    row = list(row)
    for place, (functions, expression) in converters.items():
        for function in functions:
            row[place] = function(row[place], expression, connection)
    return row


def _is_in(param, numbers):
    return isinstance(param, int | str | uuid.UUID) and param in numbers


def _stored(value, using):
    """A UUID as this database keeps it."""
    if isinstance(value, uuid.UUID) and not connections[using].features.has_native_uuid_field:
        return value.hex
    return value
