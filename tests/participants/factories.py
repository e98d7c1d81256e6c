from django.utils import timezone

from participants.actions import create_participant
from participants.models import Merge, Participant


def person(full_name="Олена Коваль", *, proven=(), **fields):
    """A participant; `proven` are the kinds of contacts that are theirs beyond doubt."""
    made = create_participant(full_name=full_name, **fields)
    made.contact_keys.filter(kind__in=proven).update(verified_at=timezone.now())
    return made


def pointers():
    """{key: key of the person who is counted} of every row."""
    return {row.pk: row.root_id for row in Participant.objects.all()}


def reckoned():
    """The same, reckoned from the decisions alone by code that shares nothing with ours."""
    edges = Merge.objects.filter(undone_at=None).values_list("kept", "other")
    groups = {pk: {pk} for pk in Participant.objects.values_list("pk", flat=True)}
    heads = {pk: pk for pk in groups}
    # Whoever was never merged into another is the head of their group.
    below = {other for _kept, other in edges}
    for kept, other in edges:
        union = groups[kept] | groups[other]
        for pk in union:
            groups[pk] = union
    for group in groups.values():
        (head,) = group - below
        heads.update(dict.fromkeys(group, head))
    return heads
