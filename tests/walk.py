"""The walk through the product, step by step, as the people take it. Used by the browser and by the services suite."""

import datetime as dt
import re

QUARTER_ADDRESS = "/people-trained/?from=2022-07-01&to=2022-09-30"


def log_in(page, email, password, language="en", code=None):
    """By e-mail and password and, of staff, what their app shows when `code()` is asked."""
    page.goto(f"/{language}/accounts/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    if code:
        page.fill("input[name=code]", code())
        page.press("input[name=code]", "Enter")
        page.wait_for_url(lambda url: "/2fa/" not in url)


def unfold(page, selector):
    """Open the part of a form that this field is folded into."""
    page.locator("details", has=page.locator(selector)).locator("summary").click()


def schedule_training(page, *, first_day, seats):
    """The trainer schedules two days in Lviv that deliver the course. Returns the address of the training's page."""
    page.goto("/en/trainings/new/")
    page.select_option("#id_kind", "training")
    page.fill("#id_title", "Counter-trafficking for the first line")
    unfold(page, "#id_summary")
    page.fill("#id_summary", "Two days to practise what the course explains.")
    page.select_option("#id_course", index=1)
    page.fill("#id_sessions-0-date", first_day.isoformat())
    page.fill("#id_sessions-0-start", "10:00")
    page.fill("#id_sessions-0-end", "13:00")
    page.click("button[name=do][value=copy]")
    next_day = first_day + dt.timedelta(days=1)
    assert page.input_value("#id_sessions-1-date") == next_day.isoformat()
    assert page.input_value("#id_title") == "Counter-trafficking for the first line"
    page.select_option("#id_area", label="Lvivska")
    # What a demo trainer used last is chosen already; here it is another venue.
    page.select_option("#id_venue", "")
    unfold(page, "#id_venue_name")
    page.fill("#id_venue_name", "Community hall")
    page.fill("#id_venue_address", "вул. Нова, 900, Львів")
    unfold(page, "#id_zone")
    page.select_option("#id_zone", "Europe/Kyiv")
    page.fill("#id_capacity", str(seats))
    page.click("main form button[value=save] >> nth=-1")
    page.wait_for_url(re.compile(r"/trainings/[0-9a-f-]{36}/"))
    return page.url


def register(page, *, code, name, email="", phone="", counted=True):
    """A visitor registers from a phone, in Ukrainian, without an account. Returns what the page then tells them."""
    page.goto(f"/uk/events/{code}/register/")
    page.fill("#id_full_name", name)
    page.fill("#id_email", email)
    page.fill("#id_phone", phone)
    page.check("#id_agree")
    page.check("#id_of_age")
    if page.locator("#id_certificate").count():
        page.check("#id_certificate")
    if counted:
        page.locator("details", has=page.locator("#id_sex")).locator("summary").click()
        page.fill("#id_own_year", "1991")
        page.select_option("#id_sex", "F")
        page.select_option("#id_category", label=option_with(page, "#id_category", "Волонтер"))
        page.check("#id_may_be_counted")
    page.click("main form button[type=submit] >> nth=-1")
    page.wait_for_url(re.compile(r"/registered/"))
    return page.inner_text("main")


def option_with(page, selector, text):
    """The whole label of the option that holds `text`."""
    labels = page.locator(f"{selector} option").all_inner_texts()
    return next(label for label in labels if text in label)


def link_in(message, part):
    """The first address in a message that holds `part`."""
    return next(url for url in re.findall(r"https?://[^\s\"<>]+", message) if part in url)


def read_the_course(page, course_address):
    """Open each lesson and mark it as read, up to the one with the assessment; leaves the page there."""
    page.goto(course_address)
    lessons = page.eval_on_selector_all(
        "main .ob-steps a", "links => links.map(link => link.getAttribute('href'))"
    )
    assert len(lessons) >= 6
    for address in lessons[:-1]:
        page.goto(address)
        page.click("form[action*='/learn/'] button:not([name])  >> nth=-1")
    page.goto(lessons[-1])


def take_assessment(page, answers_of, *, right=True):
    """Start the assessment, answer every question, hand in. `answers_of(attempt uuid)` gives the drawn questions."""
    page.click("main a[href*='/assessment']")
    page.click("main form[method=post] button >> nth=-1")
    page.wait_for_url(re.compile(r"/attempt"))
    uuid = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", page.url).group()
    for question in answers_of(uuid):
        answer(page, question, right=right)
    page.click("button[name=wish][value=hand_in]")
    page.wait_for_url(re.compile(r"/result"))
    return page.inner_text("main")


def answer(page, question, *, right):
    """Answer a drawn question of whichever kind."""
    here, key = f"[data-item='{question['key']}']", question["correct"]
    if question["kind"] in {"ordering", "matching"}:
        if question["kind"] == "ordering":
            order = key if right else key[::-1]
            parts = {option: str(place) for place, option in enumerate(order, 1)}
        else:
            parts = dict(key) if right else dict.fromkeys(question["options"], question["rights"][0][0])
        for option, value in parts.items():
            page.select_option(f"{here} select[data-option='{option}']", value)
    elif question["kind"] in {"short_text", "numeric"}:
        page.fill(f"{here} input", key[0] if right else "999999")
    else:
        wrong = [option for option in question["options"] if option not in key]
        for option in key if right else wrong[:1]:
            page.check(f"{here} input[value='{option}']")


def mark_everybody(page, register_address, *, late=(), absent=()):
    """Take one session's register: everybody present but those named; then close it."""
    page.goto(register_address)
    for name, status in [*((name, "late") for name in late), *((name, "absent") for name in absent)]:
        row = page.locator("li", has=page.locator("form"), has_text=name)
        row.locator(f"button[value={status}]").click()
        page.wait_for_load_state("networkidle")
    page.click("form[action$='/all-present/'] button")
    page.wait_for_load_state("networkidle")
    page.click("a[href$='/close/']")
    page.click("main form button[type=submit] >> nth=-1")
    page.wait_for_load_state("networkidle")
