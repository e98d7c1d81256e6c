"""How rooms above offer menu entries and footer parts to the pages drawn here.

    from ui import hooks
    hooks.register("menu", events_menu, order=20)

`menu`, `staff` (what stands in its place on the pages of staff) and `account` functions take the request and return a list
of MenuItem. `start` functions return the address where
the reader's day begins, or None; the first in order that has one wins. `footer`, `learning` (My learning), `course` (a
course's page; called with `course_key`, too) and `event` (an event's page; with `event`, too) functions return a Part or
None. Register in `AppConfig.ready()`. Wagtail's own hooks are not used, since this room also serves sites' pages that
Wagtail does not.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field, replace

PARTS = ("footer", "learning", "course", "event")
NAMES = ("menu", "staff", "account", "start", *PARTS)

_registered = {name: [] for name in NAMES}


@dataclass(frozen=True)
class MenuItem:
    label: str
    url: str
    order: int | None = None
    """Place in the menu; without one, that given to `register`."""
    active: bool | None = None
    """Whether the reader is in this part; without an answer, the beginning of the path decides."""


@dataclass(frozen=True)
class Part:
    template: str
    context: dict = field(default_factory=dict)
    keep: Hashable | None = None
    """By what, beside the language, what it draws may be kept until a page is made anew; None: drawn each time."""


def register(name, function, *, order=100):
    if name not in _registered:
        raise ValueError(f"There is no hook {name!r}; there are {', '.join(NAMES)}.")
    entries = [entry for entry in _registered[name] if entry[1] is not function]
    _registered[name] = sorted([*entries, (order, function)], key=lambda entry: entry[0])


def unregister(name, function):
    _registered[name] = [entry for entry in _registered[name] if entry[1] is not function]


def collect(name, request, **about):
    """What the rooms offer for this request, in order: MenuItems, or Parts. `about` says what the page is about."""
    if name in PARTS:
        parts = (function(request, **about) for _, function in _registered[name])
        return [part for part in parts if part is not None]
    items = [_placed(item, order, request) for order, function in _registered[name] for item in function(request)]
    return sorted(items, key=lambda item: item.order)


def start(request):
    """Where somebody who has just logged in should land, or None where no room has a place for them."""
    found = (function(request) for _, function in _registered["start"])
    return next((str(url) for url in found if url), None)


def _placed(item, order, request):
    active = item.active
    if active is None:
        active = bool(item.url) and request.path.startswith(str(item.url))
    return replace(item, order=order if item.order is None else item.order, active=active)
