"""Sums of people, and of other things, that were counted without names."""

from collections import defaultdict

from participants.codes import Qualifier


def sum_headcounts(counts):
    """{unit: {"value", "qualifier"}} of these headcounts; a part is not added to the activity that holds it."""
    held_by = defaultdict(list)
    for count in counts:
        held_by[count.event_id, count.unit].append(count)
    sums = defaultdict(list)
    for count in counts:
        holders = [
            other for other in held_by[count.part_of_id, count.unit] if other.part_of_id != count.part_of_id
        ] if count.part_of_id else []  # fmt: skip
        if not holders:
            sums[count.unit].append(count)
    return {
        unit: {
            "value": sum(count.value for count in sums[unit]),
            "qualifier": str(Qualifier.combined(count.qualifier for count in sums[unit])),
        }
        for unit in sorted(sums)
    }
