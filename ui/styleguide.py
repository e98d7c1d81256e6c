"""Invented content for the style guide. It is not translated: its readers are developers, in debug mode."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.urls import reverse

from . import hooks

ZONE = ZoneInfo("Europe/Kyiv")
_STATIC = Path(__file__).parent / "static" / "oberih" / "ui"


def menu(request):
    match = getattr(request, "resolver_match", None)
    if not settings.DEBUG or match is None or match.view_name not in {"oberih_ui:styleguide", "oberih_ui:pattern"}:
        return []
    here = match.kwargs.get("pattern")
    items = [hooks.MenuItem("Parts", reverse("oberih_ui:styleguide"), 10, here is None)]
    titles = {
        "event": "Event",
        "registration": "Registration",
        "lesson": "Lesson",
        "catalogue": "List",
        "report": "Report",
    }
    return items + [
        hooks.MenuItem(titles[name], reverse("oberih_ui:pattern", args=[name]), 20, name == here)
        for name in PATTERNS
    ]


def symbols(sprite):
    """The names in one of the sprites, in its order."""
    return re.findall(r'<symbol id="([\w-]+)"', (_STATIC / sprite).read_text(encoding="utf-8"))


def translations(request):
    """Three languages to show the switch with; the guide itself exists in one."""
    return [
        {"code": code, "url": f"{request.path}?dir={direction}"}
        for code, direction in (("uk", "ltr"), ("ar", "rtl"), ("pl", "ltr"))
    ]


class RegistrationForm(forms.Form):
    name = forms.CharField(
        label="Прізвище, ім’я",
        help_text="Так, як має бути в сертифікаті.",
        error_messages={"required": "Напишіть своє ім’я."},
    )
    email = forms.EmailField(
        label="Електронна пошта",
        help_text="Сюди прийде підтвердження з квитком.",
        error_messages={"invalid": "Перевірте адресу: у ній бракує знака @."},
    )
    phone = forms.CharField(
        label="Телефон", required=False, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    category = forms.ChoiceField(
        label="Хто ви за фахом",
        choices=[
            ("", "Оберіть"),
            ("guard", "Прикордонник або прикордонниця"),
            ("social", "Соціальний працівник"),
            ("volunteer", "Волонтерка або волонтер"),
        ],
        error_messages={"required": "Оберіть зі списку; якщо нічого не підходить, «Інше»."},
    )
    sex = forms.ChoiceField(
        label="Стать",
        required=False,
        help_text="Лише для підсумків: жодна таблиця не показує менш ніж п’ять осіб.",
        widget=forms.RadioSelect,
        choices=[("f", "Жінка"), ("m", "Чоловік"), ("n", "Не хочу відповідати")],
    )
    needs = forms.MultipleChoiceField(
        label="Що вам потрібно, щоб узяти участь",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("step", "Вхід без сходів"),
            ("sign", "Переклад жестовою мовою"),
            ("child", "Догляд за дитиною під час занять"),
        ],
    )
    note = forms.CharField(label="Що ще нам варто знати", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    consent = forms.BooleanField(
        label="Я погоджуюся, що організатор зберігає ці дані для обліку навчання",
        help_text="Ви можете відкликати згоду будь-коли.",
        error_messages={"required": "Без згоди ми не можемо записати вас."},
    )


class AskForm(forms.Form):
    q = forms.CharField(label="Title or code", required=False)


class FilterForm(forms.Form):
    topic = forms.ChoiceField(
        label="Тема",
        required=False,
        choices=[("", "Усі теми"), ("id", "Як розпізнати"), ("refer", "Куди скерувати")],
    )
    language = forms.ChoiceField(
        label="Мова",
        required=False,
        choices=[("", "Усі мови"), ("uk", "українська"), ("en", "English"), ("ar", "العربية")],
    )
    since = forms.DateField(label="Не раніше", required=False, widget=forms.DateInput(attrs={"type": "date"}))


def sessions():
    first = datetime(2026, 12, 3, 9, 30, tzinfo=ZONE)
    later = first + timedelta(hours=3, minutes=30)
    second = datetime(2026, 12, 4, 9, 30, tzinfo=ZONE)
    return [
        {
            "starts_at": first,
            "ends_at": first + timedelta(hours=3),
            "title": "Ознаки торгівлі людьми під час війни",
            "place": "Зала 2",
        },
        {
            "starts_at": later,
            "ends_at": later + timedelta(hours=3),
            "title": "Перша розмова: слухати й не нашкодити",
            "place": "Зала 2",
        },
        {
            "starts_at": second,
            "ends_at": second + timedelta(hours=4),
            "title": "Куди скерувати: вправи на місцевих прикладах",
            "tag": "Змінено зал",
            "tag_kind": "attention",
        },
    ]


BARS = [
    {"label": "Вінницька", "value": 412},
    {"label": "Івано-Франківська", "value": 287},
    {"label": "Львівська", "value": 1034},
    {"label": "Чернівецька", "value": 96},
    {"label": "Закарпатська", "value": None, "text": "менш ніж 5"},
]

PYRAMID = [
    {"label": "60+", "start": 21, "end": 9},
    {"label": "50–59", "start": 84, "end": 38},
    {"label": "40–49", "start": 163, "end": 97},
    {"label": "30–39", "start": 248, "end": 141},
    {"label": "18–29", "start": 197, "end": 122},
    {"label": "14–17", "start": 34, "end": None, "end_text": "< 5"},
]

FACTS = [
    {"icon": "calendar", "label": "Коли", "text": "3–4 грудня 2026, 9:30–16:30"},
    {"icon": "place", "label": "Де", "text": "Навчальний центр «Світло», вул. Зелена 14, Львів"},
    {"icon": "globe", "label": "Мова", "text": "українська"},
    {"icon": "people", "label": "Місця", "text": "лишилося 4 з 25"},
    {"icon": "certificate", "label": "Після навчання", "text": "сертифікат на 12 годин"},
]

HELPLINES = [
    {
        "label": "Україна: консультації з питань міграції та протидії торгівлі людьми",
        "number": "527",
        "href": "tel:527",
        "note": "безкоштовно з мобільного, щодня 8:00–20:00",
    },
    {"label": "Поліція", "number": "102", "href": "tel:102", "note": "цілодобово"},
]


def parts(request):
    if apps.is_installed("django.contrib.messages"):
        messages.success(
            request, "Your place at “First conversation” is confirmed. We have sent the ticket to your e-mail."
        )
    bound = RegistrationForm(
        {"name": "", "email": "olena.example", "category": "guard", "sex": "f"}, auto_id="sample_%s"
    )
    return {
        "icons": symbols("icons.svg"),
        "illustrations": symbols("illustrations.svg"),
        "colours": [
            "paper",
            "sheet",
            "wash",
            "line",
            "edge",
            "quiet",
            "ink",
            "brand",
            "brand-strong",
            "brand-wash",
            "bar",
            "bar-other",
            "amber",
            "amber-ink",
            "amber-wash",
            "good",
            "good-wash",
            "bad",
            "bad-wash",
            "focus",
        ],
        "form": bound,
        "filter_form": FilterForm(),
        "ask_form": AskForm(auto_id="ask_%s"),
        "active_filters": [{"label": "Куди скерувати", "url": "?"}, {"label": "العربية", "url": "?"}],
        "sessions": sessions(),
        "zone": ZONE,
        "bars": BARS,
        "pyramid": PYRAMID,
        "pyramid_total": {"start": 747, "end": 409},
        "steps": [
            {"label": "Self-study: recognising the signs", "state": "done", "url": "#steps"},
            {"label": "Workshop in Lviv", "state": "current", "note": "3 and 4 December; attend 80 % of the time"},
            {"label": "Follow-up after a month", "state": "todo"},
        ],
        "figures": [
            {"label": "people trained", "value": 1156, "note": "each counted once"},
            {"label": "participations", "value": 1498},
            {"label": "hours of training", "value": 8730},
            {"label": "certificates", "value": 611, "note": "of them 8 revoked"},
        ],
        "table_head": [
            {"label": "Activity"},
            {"label": "Women", "number": True},
            {"label": "Men", "number": True},
            {"label": "Total", "number": True},
        ],
        "table_rows": [
            ["Тренінг для прикордонників", 41, 62, 103],
            ["ورشة عمل للمتطوعين", 25, 14, 39],
            ["Youth Summer School", 38, 23, 61],
        ],
        "table_foot": ["Total", 104, 99, 203],
        "summary": [
            {
                "label": "Name",
                "value": "Олена Приклад",
                "url": "#summary",
                "action": "Change",
                "hidden": "your name",
            },
            {
                "label": "Organisation",
                "value": "Центр «Світло»\nЛьвів",
                "url": "#summary",
                "action": "Change",
                "hidden": "your organisation",
            },
            {"label": "Ticket", "value": "sent on 21 November 2026"},
        ],
        "page": Paginator(range(70), 10).page(3),
        "facts": FACTS,
        "helplines": HELPLINES,
    }


def event(request):
    return {"facts": FACTS, "sessions": sessions(), "zone": ZONE, "helplines": HELPLINES}


def registration(request):
    form = RegistrationForm({"name": "", "email": "olena.example", "category": "", "sex": "f", "needs": ["step"]})
    steps = [
        {"label": "Про вас", "state": "current"},
        {"label": "Перевірка", "state": "todo"},
        {"label": "Підтвердження", "state": "todo"},
    ]
    return {"form": form, "steps": steps, "helplines": HELPLINES}


def lesson(request):
    return {
        "crumbs": [
            {"label": "Courses", "url": reverse("oberih_ui:pattern", args=["catalogue"])},
            {"label": "Counter-trafficking in emergencies", "url": "#"},
        ],
        "helplines": HELPLINES,
        "steps": [
            {"label": "What trafficking is, and is not", "state": "done", "url": "#"},
            {"label": "Signs at a border crossing", "state": "current"},
            {"label": "The first conversation", "state": "todo", "url": "#"},
            {"label": "Knowledge check", "state": "todo", "url": "#"},
        ],
    }


def catalogue(request):
    day = datetime(2026, 12, 3, 9, 30, tzinfo=ZONE)
    return {
        "filter_form": FilterForm(),
        "active_filters": [{"label": "українська", "url": "?"}],
        "helplines": HELPLINES,
        "page": Paginator(range(70), 10).page(2),
        "entries": [
            {
                "date": day,
                "kind": "Тренінг",
                "title": "Протидія торгівлі людьми в надзвичайних ситуаціях",
                "text": "Два дні для тих, хто зустрічає людей на кордоні та в центрах прийому.",
                "facts": [
                    {"icon": "place", "text": "Львів"},
                    {"icon": "clock", "text": "2 дні"},
                    {"icon": "people", "text": "4 місця з 25"},
                ],
            },
            {
                "date": day + timedelta(days=6),
                "kind": "Вебінар",
                "title": "Перша розмова з постраждалою людиною",
                "text": "Що казати, чого не питати і коли мовчати.",
                "facts": [{"icon": "globe", "text": "онлайн"}, {"icon": "clock", "text": "90 хвилин"}],
                "tag": "Черга",
                "tag_kind": "attention",
                "tag_icon": "clock",
            },
            {
                "date": day + timedelta(days=40),
                "kind": "Молодіжна школа",
                "title": "Зимова школа для молоді: безпечна праця за кордоном",
                "text": "П’ять днів для молоді 16–21 року з Вінницької, Івано-Франківської та Львівської областей.",
                "facts": [{"icon": "place", "text": "Яремче"}, {"icon": "clock", "text": "5 днів"}],
                "tag": "Запис відкрито",
                "tag_kind": "success",
            },
        ],
    }


def report(request):
    return parts(request)


PATTERNS = {
    "event": event,
    "registration": registration,
    "lesson": lesson,
    "catalogue": catalogue,
    "report": report,
}
