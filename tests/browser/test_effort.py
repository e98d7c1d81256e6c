"""Scheduling takes two minutes and registering one, from a phone: steps counted, their times estimated from what is known."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.browser.effort import Hand


@pytest.fixture
def address(stage):
    return stage.url


@pytest.fixture
def hand(visitor, tmp_path):
    return Hand(visitor(width=390, height=844), tmp_path)


def test_somebody_registers_in_a_minute(rewound, hand, measured):
    hand.page.goto(rewound.path("/uk/events/{event}/"))
    hand.follow("Register", "main a[href$='/register/']")
    hand.type("name", "#id_full_name", "Олена Коваль")
    hand.type("e-mail", "#id_email", "olena.koval@example.org")
    hand.touch("of age", "#id_of_age")
    hand.touch("agree", "#id_agree")
    hand.follow("send", "main form button[type=submit] >> nth=-1")
    hand.page.wait_for_url(re.compile("/registered/"))
    measured.append(hand.told("register from an event's page"))
    assert (len(hand.steps), hand.seconds < 60) == (6, True), hand.steps


def test_a_trainer_schedules_in_two_minutes(rewound, hand, measured):
    """Two days with the course that they deliver; where, for whom and in which languages is filled in from the last time."""
    rewound.admit(hand.page.context, "trainer")
    first = timezone.localdate() + dt.timedelta(days=30)
    hand.page.goto(rewound.path("/en/trainings/"))
    hand.follow("Schedule a training", "main a[href$='/trainings/new/']")
    hand.pick("course", "#id_course", option={"index": 1})
    hand.pick("date", "#id_sessions-0-date", value=first.isoformat())
    hand.pick("start", "#id_sessions-0-start", value="10:00")
    hand.pick("end", "#id_sessions-0-end", value="13:00")
    hand.follow("copy the day", "button[name=do][value=copy]")
    hand.type("seats", "#id_capacity", "24")
    hand.follow("save", "main form button[value=save] >> nth=-1")
    hand.page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    page = hand.page.inner_text("main")
    assert "Counter-trafficking in emergencies" in page
    assert page.count("10:00") >= 2
    measured.append(hand.told("schedule a training of two days"))
    assert (len(hand.steps), hand.seconds < 120) == (8, True), hand.steps


def test_holding_it_again_takes_two_touches(rewound, hand, measured):
    rewound.admit(hand.page.context, "trainer")
    hand.page.goto(rewound.path("/en/trainings/{training}/"))
    hand.follow("Hold it again", "main a[href*='again=']")
    hand.follow("save", "main form button[value=save] >> nth=-1")
    hand.page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/$"))
    measured.append(hand.told("hold a training again"))
    assert len(hand.steps) == 2
