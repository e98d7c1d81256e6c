"""Statements that every page asks, compiled once a process: the ORM takes longer to write them than a database to answer.

    _of_user = Prepared(Participant, lambda user: Participant.objects.filter(user=user), int)
    _of_user.rows(request.user.pk)

The queryset is made once, of stand-ins that no row has, which are replaced each time. What decides the shape of the
statement (a None, a list) cannot be replaced.
"""

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
        """The rows as `objects.raw` gives them: without what a queryset would have fetched beside them."""
        using = router.db_for_read(self.model)
        found = self.model.objects.using(using).raw(*self._filled(using, values))
        annotations = self.compiled(using)[3]
        return [_converted(row, annotations, connections[using]) for row in found] if annotations else found

    def tuples(self, *values):
        """The rows of a queryset of `values_list`, as the database gives them."""
        using = router.db_for_read(self.model)
        with connections[using].cursor() as cursor:
            cursor.execute(*self._filled(using, values))
            return cursor.fetchall()

    def _filled(self, using, values):
        sql, params, places, _annotations = self.compiled(using)
        params = list(params)
        for place, number in places:
            params[place] = _stored(values[number], using)
        return sql, params

    def _compile(self, using):
        stand_ins = [_stand_in(kind) for kind in self.kinds]
        compiler = self.queryset(*stand_ins).query.get_compiler(using=using)
        sql, params = compiler.as_sql()
        numbers = {_stored(one, using): number for number, one in enumerate(stand_ins)}
        places = [(place, numbers[param]) for place, param in enumerate(params) if _is_in(param, numbers)]
        if {number for _place, number in places} != set(range(len(stand_ins))):
            raise ValueError("A value of this statement does not stand in it as it was given.")
        return sql, params, places, _annotations_of(compiler)


def _annotations_of(compiler):
    """[(name, expression, functions that make its value of what this database gives)], of those that need any."""
    converters = compiler.get_converters([column for column, _sql, _alias in compiler.select or ()])
    return [
        (name, converters[place][1], converters[place][0])
        for name, place in (compiler.annotation_col_map or {}).items()
        if place in converters
    ]


def _converted(row, annotations, connection):
    for name, expression, functions in annotations:
        value = getattr(row, name)
        for function in functions:
            value = function(value, expression, connection)
        setattr(row, name, value)
    return row


def _is_in(param, numbers):
    return isinstance(param, int | str | uuid.UUID) and param in numbers


def _stored(value, using):
    """A UUID as this database keeps it."""
    if isinstance(value, uuid.UUID) and not connections[using].features.has_native_uuid_field:
        return value.hex
    return value
