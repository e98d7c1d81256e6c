import datetime as dt

import pypdfium2
import pytest
import zxingcpp
from i18nfield.strings import LazyI18nString
from PIL import Image

from events import tickets
from tests.events.factories import EventFactory, SessionFactory, VenueFactory, register

pytestmark = pytest.mark.django_db


def words(pdf, page=0):
    return pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_range()


def read(image):
    return [one.text for one in zxingcpp.read_barcodes(image)]


def test_the_picture_of_a_ticket_is_read_by_another_program(tmp_path):
    made = register(EventFactory()).registration
    picture = tmp_path / "ticket.png"
    picture.write_bytes(tickets.png(made))
    with Image.open(picture) as image:
        assert read(image.convert("L")) == [made.ticket_code]


def test_the_paper_of_each_has_a_page_with_their_code():
    event = EventFactory()
    made = [register(event, number).registration for number in (1, 2, 3)]
    document = pypdfium2.PdfDocument(tickets.pdf(made, "en"))
    assert len(document) == 3
    assert [read(page.render(scale=3).to_pil()) for page in document] == [[one.ticket_code] for one in made]
    assert [
        str(one.participant) in page.get_textpage().get_text_range()
        for one, page in zip(made, document, strict=True)
    ] == [True] * 3


@pytest.mark.parametrize(
    ("naming", "says", "hides"),
    [
        ("title", ["Recognising trafficking", "Training", "House of Culture"], []),
        ("kind", ["Training", "House of Culture"], ["Recognising trafficking"]),
        ("neutral", ["Appointment"], ["Recognising trafficking", "Training", "House of Culture"]),
    ],
)
def test_the_paper_calls_the_event_what_messages_call_it(naming, says, hides):
    event = EventFactory(naming=naming)
    event.venues.add(VenueFactory())
    text = words(tickets.pdf([register(event).registration], "en"))
    assert ([one for one in says if one not in text], [one for one in hides if one in text]) == ([], [])


def test_the_paper_is_in_the_language_that_is_asked_for():
    made = register(EventFactory(naming="title")).registration
    assert "Як розпізнати торгівлю людьми" in words(tickets.pdf([made], "uk"))
    assert "Recognising trafficking" in words(tickets.pdf([made], "en"))


def test_the_paper_holds_the_sessions_of_the_persons_own_group():
    event = EventFactory(sessions=[])
    mine, other = (event.groups.create(title=LazyI18nString({"en": name})) for name in ("Upstairs", "Downstairs"))
    for group, hour in ((None, 9), (mine, 11), (other, 14)):
        SessionFactory(event=event, group=group, start_time=dt.time(hour), end_time=dt.time(hour + 1))
    text = words(tickets.pdf([register(event, group=mine).registration], "en"))
    assert [("Upstairs" in text), ("Downstairs" in text)] == [True, False]
    assert [hour in text for hour in ("09:00", "11:00", "14:00")] == [True, True, False]


def test_what_is_too_long_stays_on_its_page():
    event = EventFactory(
        naming="title", title=LazyI18nString({"en": "Recognising trafficking in persons " * 9}), sessions=["A"] * 9
    )
    made = register(event, full_name="Олександра-Валентина " * 8).registration
    document = pypdfium2.PdfDocument(tickets.pdf([made], "uk"))
    assert len(document) == 1
    assert read(document[0].render(scale=3).to_pil()) == [made.ticket_code]
