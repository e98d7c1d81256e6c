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
        sql, params, places = self.compiled(using)
        params = list(params)
        for place, number in places:
            params[place] = _stored(values[number], using)
        return self.model.objects.using(using).raw(sql, params)

    def _compile(self, using):
        stand_ins = [_stand_in(kind) for kind in self.kinds]
        sql, params = self.queryset(*stand_ins).query.get_compiler(using=using).as_sql()
        numbers = {_stored(one, using): number for number, one in enumerate(stand_ins)}
        places = [(place, numbers[param]) for place, param in enumerate(params) if _is_in(param, numbers)]
        if {number for _place, number in places} != set(range(len(stand_ins))):
            raise ValueError("A value of this statement does not stand in it as it was given.")
        return sql, params, places


def _is_in(param, numbers):
    return isinstance(param, int | str | uuid.UUID) and param in numbers


def _stored(value, using):
    """A UUID as this database keeps it."""
    if isinstance(value, uuid.UUID) and not connections[using].features.has_native_uuid_field:
        return value.hex
    return value
