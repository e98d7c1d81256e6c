"""People broken down by their own attributes and by those of what they took part in."""

import itertools
from collections import Counter, defaultdict

from courses.models import Course
from events.models import Event
from participants.codes import ActivityType, AgeBand, DeliveryMode, Disability, Displacement, Sex
from participants.models import Area, Category, Topic
from reporting import disclosure
from reporting.disclosure import Part, Tier
from reporting.presences import PERSON_ATTRIBUTES

ACTIVITY_ATTRIBUTES = ("area", "country", "topic", "project", "activity_type", "delivery_mode", "month")
DIMENSIONS = (*PERSON_ATTRIBUTES, *ACTIVITY_ATTRIBUTES)

_CODE_LISTS = {
    "sex": Sex,
    "age_band": AgeBand,
    "displacement": Displacement,
    "disability": Disability,
    "activity_type": ActivityType,
    "delivery_mode": DeliveryMode,
}


class Breakdown:
    """One set of presences, broken down as often as a page wants. Attributes of activities are read once."""

    def __init__(self, rows, filters, tier):
        self.rows, self.filters, self.tier = rows, filters, tier
        self._activities = None

    def cells(self, by):
        """(cells that may be shown, how many may not, how many persons stand in several; None if that may not be shown)."""
        if not by:
            return [], 0, 0
        if 0 < len({row.person for row in self.rows}) < self.tier.k:
            return [], len(self._parts(by)), None
        if self.tier is not Tier.INTERNAL and "sex" in by:
            # Sex leads, so that those of another or no stated sex can be left unbroken.
            by = ("sex", *(dimension for dimension in by if dimension != "sex"))
        parts = self._parts(by)
        in_several_rows = self._in_several_rows(by)
        if self.tier is Tier.INTERNAL:
            return [_cell(by, key, part) for key, part in parts.items()], 0, in_several_rows
        if 0 < in_several_rows < self.tier.k:
            # The sum of the rows less the total would name them.
            return [], len(parts), None
        shown = _nested(list(parts.items()), by, self.tier.k)
        whole = {key for key, _part in shown}
        return [_cell(by, key, part) for key, part in shown], len(parts.keys() - whole), in_several_rows

    def _in_several_rows(self, by):
        places = defaultdict(set)
        outer = [dimension for dimension in by if dimension in ACTIVITY_ATTRIBUTES]
        if not outer:
            return 0
        for row in self.rows:
            places[row.person].update(self._activity_keys(row, outer))
        return sum(len(keys) > 1 for keys in places.values())

    def _parts(self, by):
        """Parts by key, in the order of the code lists.

        A person stands once in each cell of the activities' attributes, with the attributes of their first
        participation there; participations and minutes stand with their own.
        """
        outer = [dimension for dimension in by if dimension in ACTIVITY_ATTRIBUTES]
        inner = [dimension for dimension in by if dimension in PERSON_ATTRIBUTES]
        first, persons, contributors = {}, defaultdict(set), defaultdict(set)
        participations, minutes = defaultdict(set), Counter()
        for row in self.rows:
            own = tuple(row.attributes[dimension] for dimension in inner)
            for outer_key in self._activity_keys(row, outer):
                key = (outer_key, own)
                when = (row.day, row.code)
                held = first.get((outer_key, row.person))
                if held is None or when < held[0]:
                    first[outer_key, row.person] = (when, key)
                contributors[key].add(row.person)
                participations[key].add((row.person, row.activity))
                minutes[key] += row.minutes
        for (_cell_key, person), (_when, key) in first.items():
            persons[key].add(person)
        parts = {}
        for outer_key, own in contributors:
            values = {**dict(zip(outer, outer_key, strict=True)), **dict(zip(inner, own, strict=True))}
            key = tuple(values[dimension] for dimension in by)
            cell = (outer_key, own)
            parts[key] = Part(
                (key,),
                frozenset(persons[cell]),
                frozenset(contributors[cell]),
                len(participations[cell]),
                minutes[cell],
            )
        orders = [_order(dimension) for dimension in by]
        return dict(
            sorted(
                parts.items(), key=lambda item: [rank(code) for rank, code in zip(orders, item[0], strict=True)]
            )
        )

    def _activity_keys(self, row, dimensions):
        """The cells of the activities' attributes in which this presence stands."""
        if not dimensions:
            return [()]
        attributes = self._attributes_of_activities()[row.activity]
        return itertools.product(
            *([f"{row.day:%Y-%m}"] if name == "month" else attributes[name] for name in dimensions)
        )

    def _attributes_of_activities(self):
        if self._activities is None:
            self._activities = _activity_attributes({row.activity for row in self.rows}, self.filters)
        return self._activities


def _activity_attributes(activities, filters):
    """{activity: {dimension: [codes]}}; an activity with none of a list stands under None."""
    parents = {
        model: {row.pk: (row.code, row.parent_id) for row in model.objects.only("code", "parent_id")}
        for model in (Area, Topic)
    }

    def codes(model, keys):
        """Codes of these rows and of all above them: an area's row includes what lies under it."""
        found = {}
        for start in keys:
            key = start
            while key is not None:
                code, key = parents[model][key]
                found[code] = None
        return list(found) or [None]

    related = {}
    for name, through, column in (
        ("area", Event.areas.through, "area_id"),
        ("topic", Event.topics.through, "topic_id"),
    ):
        related[name] = defaultdict(list)
        for event, key in through.objects.filter(filters.of_event("event__")).values_list("event_id", column):
            related[name][event].append(key)
    attributes = {}
    for key, country, project, kind, mode in Event.objects.filter(filters.of_event()).values_list(
        "pk", "country", "project__code", "kind", "mode"
    ):
        if ("event", key) in activities:
            attributes["event", key] = {
                "area": codes(Area, related["area"][key]),
                "topic": codes(Topic, related["topic"][key]),
                "country": [country or None],
                "project": [project],
                "activity_type": [kind],
                "delivery_mode": [mode or None],
            }
    topics = defaultdict(list)
    for course, topic in Course.topics.through.objects.values_list("course_id", "topic_id"):
        topics[course].append(topic)
    for key, project in Course.objects.values_list("pk", "project__code"):
        if ("course", key) in activities:
            attributes["course", key] = {
                "area": [None],
                "topic": codes(Topic, topics[key]),
                "country": [None],
                "project": [project],
                "activity_type": [ActivityType.SELF_PACED.value],
                "delivery_mode": [DeliveryMode.SELF_PACED.value],
            }
    return attributes


def _order(dimension):
    """A sort key for the codes of a dimension: the order of its list, then the alphabet, then those without."""
    if dimension in _CODE_LISTS:
        ranks = {code: rank for rank, code in enumerate(_CODE_LISTS[dimension].values)}
    elif dimension == "category":
        ranks = {code: rank for rank, code in enumerate(Category.objects.values_list("code", flat=True))}
    else:
        ranks = {}
    return lambda code: (code is None, ranks.get(code, len(ranks)), code or "")


def _nested(items, by, k):
    """(key, part) pairs that may be shown: the leading dimension partitioned, then each of its parts by the next.

    A part that cannot be broken down further stands whole, with None for the dimensions it is not broken by.
    """
    if not by:
        return []
    groups = {}
    for key, part in items:
        groups[key[0]] = groups[key[0]] + part if key[0] in groups else part
    labelled = [
        Part((code,), p.persons, p.contributors, p.participations, p.minutes) for code, p in groups.items()
    ]
    joined = disclosure.partition(labelled, k)
    if joined is None:
        return []
    shown = []
    for part in joined:
        label = "+".join(str(code) for code in part.codes) if len(part.codes) > 1 else part.codes[0]
        unbroken = by[0] == "sex" and set(part.codes) <= {Sex.OTHER.value, Sex.UNKNOWN.value}
        inside = [] if unbroken else _nested(_without_first(items, part.codes), by[1:], k)
        if inside:
            shown += [((label, *key), leaf) for key, leaf in inside]
        else:
            shown.append(((label, *[None] * (len(by) - 1)), part))
    return shown


def _without_first(items, codes):
    """The items of these leading codes, joined where only the leading code told them apart."""
    rest = {}
    for key, part in items:
        if key[0] in codes:
            rest[key[1:]] = rest[key[1:]] + part if key[1:] in rest else part
    return list(rest.items())


def _cell(by, key, part):
    return {
        **dict(zip(by, key, strict=True)),
        "unique_persons": len(part.persons),
        "participations": part.participations,
        "person_minutes": part.minutes,
    }
