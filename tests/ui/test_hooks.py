import pytest
from django.test import RequestFactory

from ui import hooks


@pytest.fixture(autouse=True)
def empty_registry(monkeypatch):
    monkeypatch.setattr(hooks, "_registered", {name: [] for name in hooks.NAMES})


@pytest.fixture
def request_in_events():
    return RequestFactory().get("/en/events/12/")


def test_menu_is_ordered_by_item_then_by_registration(request_in_events):
    hooks.register("menu", lambda request: [hooks.MenuItem("Reports", "/en/reports/")], order=30)
    hooks.register(
        "menu",
        lambda request: [
            hooks.MenuItem("Events", "/en/events/"),
            hooks.MenuItem("Home", "/en/", order=1, active=False),
        ],
        order=20,
    )

    assert hooks.collect("menu", request_in_events) == [
        hooks.MenuItem("Home", "/en/", 1, False),
        hooks.MenuItem("Events", "/en/events/", 20, True),
        hooks.MenuItem("Reports", "/en/reports/", 30, False),
    ]


def test_registering_twice_moves_the_entry(request_in_events):
    def entry(request):
        return [hooks.MenuItem("Events", "/en/events/")]

    hooks.register("menu", entry, order=20)
    hooks.register("menu", entry, order=5)

    assert hooks.collect("menu", request_in_events) == [hooks.MenuItem("Events", "/en/events/", 5, True)]


def test_footer_leaves_out_rooms_with_nothing_to_say(request_in_events):
    part = hooks.Part("oberih/ui/_mark.html")
    hooks.register("footer", lambda request: None)
    hooks.register("footer", lambda request: part)

    assert hooks.collect("footer", request_in_events) == [part]


def test_unknown_hook_is_refused():
    with pytest.raises(ValueError, match="There is no hook 'sidebar'"):
        hooks.register("sidebar", lambda request: [])


def test_the_day_begins_where_the_first_room_in_order_has_a_place(request_in_events):
    assert hooks.start(request_in_events) is None
    hooks.register("start", lambda request: "/en/learn/", order=90)
    hooks.register("start", lambda request: "/en/trainings/", order=20)
    hooks.register("start", lambda request: None, order=10)

    assert hooks.start(request_in_events) == "/en/trainings/"
