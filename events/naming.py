"""What is said of an event where others may read it: on a locked screen, in a calendar that the family shares."""

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from events import when
from events.models import Naming

# Subjects are cut by whatever shows them; what happened has to stand before the cut.
_LONGEST_TITLE = 80


def what(event):
    """The event in the words that its `naming` allows, in one line."""
    if event.naming == Naming.TITLE:
        return Truncator(" ".join(str(event.title).split())).chars(_LONGEST_TITLE)
    return what_to_others(event)


def subject(event, words, *, to_others=False):
    """The subject of a message: `words` with what the event is called and its days.

    Of a neutral event every message has the same one: that somebody waits or was refused would say what it is about.
    """
    days = when.days(event)
    if event.naming == Naming.NEUTRAL:
        return _("Your appointment on %(days)s") % {"days": days}
    return words % {"kind": what_to_others(event) if to_others else what(event), "days": days}


def what_to_others(event):
    """The same for a message to somebody else than who comes: never its title."""
    return _("Appointment") if event.naming == Naming.NEUTRAL else event.get_kind_display()
