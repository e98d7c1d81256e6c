import functools

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import Resolver404, get_script_prefix, get_urlconf, resolve, translate_url
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from ui import charts, hooks, kept
from ui.conf import conf

register = template.Library()

# Parts of pages that are the same on many.
_rendered = kept.Store(most=512)

HIDDEN = mark_safe('aria-hidden="true"')

# Languages of the site that are written in Cyrillic letters.
CYRILLIC = {"be", "bg", "ru", "uk"}

# Icons that point along the line of reading, and so turn round in Arabic.
DIRECTIONAL = {"arrow-right", "chevron", "leave", "play"}


@register.simple_tag
def icon(name, label="", size=""):
    """An icon of the sprite; hidden from screen readers unless it has a label of its own."""
    return _icon(name, str(label), size, settings.STATIC_URL)


@functools.lru_cache(maxsize=256)
def _icon(name, label, size, static_url):
    classes = "ob-icon"
    if size:
        classes += f" ob-icon--{size}"
    if name in DIRECTIONAL:
        classes += " ob-icon--turns"
    if label:
        said = format_html('role="img" aria-label="{}"', label)
    else:
        said = HIDDEN
    return format_html(
        '<svg class="{}" {} focusable="false"><use href="{}#{}"></use></svg>',
        classes,
        said,
        static("oberih/ui/icons.svg"),
        name,
    )


@register.simple_tag
def illustration(name):
    """A picture of the set, in the colours of the tokens; it adds nothing to what is said beside it.

    There are `welcome`, `learn`, `meet`, `award`, `offline` and `lost`.
    """
    return format_html(
        '<svg class="ob-art" {} focusable="false"><use href="{}#{}"></use></svg>',
        HIDDEN,
        static("oberih/ui/illustrations.svg"),
        name,
    )


@register.simple_tag
def font_files():
    """The typefaces that the first lines of a page in the reader's language are set in, for the browser to fetch at once."""
    language = get_language()
    script = "arabic" if get_language_info(language)["bidi"] else "cyrillic" if language in CYRILLIC else ""
    files = {"arabic": ["noto-sans-arabic"], "cyrillic": ["golos-cyrillic"]}.get(script, [])
    return [static(f"oberih/ui/fonts/{file}.woff2") for file in ["golos-latin", *files]]


@register.simple_tag
def site_name():
    return conf.SITE_NAME


@register.simple_tag
def leave_url():
    return conf.LEAVE_URL


@register.simple_tag
def home_url():
    """The front page in the reader's language: "/" alone would choose the language anew."""
    return _home_url(get_script_prefix(), get_language(), get_urlconf() or settings.ROOT_URLCONF)


@functools.lru_cache(maxsize=64)
def _home_url(prefix, language, urlconf):
    path = f"{prefix}{language}/"
    try:
        resolve(path, urlconf)
    except Resolver404:
        return prefix
    return path


@register.simple_tag(takes_context=True)
def main_menu(context):
    """Of the public's pages, or of staff's where the view is theirs (`request.oberih_at_work`)."""
    request = context.get("request")
    if not request:
        return []
    return hooks.collect("staff" if _at_work(request) else "menu", request)


@register.simple_tag(takes_context=True)
def account_menu(context):
    """What belongs to the reader: of staff, the way to the other half of the site, too."""
    request = context.get("request")
    if not request:
        return []
    items = hooks.collect("account", request)
    if _at_work(request):
        return [*items, hooks.MenuItem(_("Public pages"), home_url(), active=False)]
    work = hooks.collect("staff", request)
    return [*([hooks.MenuItem(_("My work"), work[0].url, active=False)] if work else []), *items]


def _at_work(request):
    return getattr(request, "oberih_at_work", False)


@register.simple_tag(takes_context=True)
def parts(context, name, **about):
    """What rooms above offer for this place of the page."""
    request = context.get("request")
    if not request:
        return ""
    collected = hooks.collect(name, request, **about)
    return format_html_join("\n", "{}", ((_rendered_part(part, request),) for part in collected))


def _rendered_part(part, request):
    def render():
        return render_to_string(part.template, part.context, request)

    if part.keep is None:
        return render()
    return _rendered.get(request, (part.template, get_language(), part.keep), render)


@register.simple_tag
def drawn(name, **given):
    """A template drawn from what it is given alone, for a page that shows it in two places."""
    return render_to_string(name, given)


@register.simple_tag(takes_context=True)
def same_for_all(context, name):
    """What a template draws that is given nothing but the language."""
    return _rendered.get(context.get("request"), (name, get_language()), lambda: render_to_string(name))


@register.simple_tag(takes_context=True)
def footer_parts(context):
    return parts(context, "footer")


@register.simple_tag(takes_context=True)
def language_links(context):
    """This page in the other languages: from the view's `translations`, otherwise by translating the address.

    A language in which the address stays the same is left out: its link would lead nowhere new.
    """
    request = context.get("request")
    if not request:
        return []
    here = request.get_full_path()
    given = context.get("translations")
    if given is None:
        given = [{"code": code, "url": translate_url(here, code)} for code, _name in settings.LANGUAGES]
        given = [one for one in given if one["url"] != here]
    current = get_language()
    return [
        {**one, "label": get_language_info(one["code"])["name_local"]} for one in given if one["code"] != current
    ]


@register.simple_tag
def current_language_name():
    return get_language_info(get_language())["name_local"]


@register.filter
def focus_id(field):
    """The id of what takes the focus for this field: for a group of choices, the first of them."""
    if field.id_for_label:
        return field.id_for_label
    for choice in field.subwidgets:
        if choice.id_for_label:
            return choice.id_for_label
    return field.auto_id


@register.simple_tag
def bar_rows(rows):
    return charts.bars(rows)


@register.simple_tag
def pyramid_rows(rows):
    return charts.pyramid(rows)


@register.simple_tag
def table_row(head, row):
    """Each value with whether its column holds numbers, which a template cannot look up by position."""
    return [
        {"value": value, "number": column.get("number", False)} for column, value in zip(head, row, strict=True)
    ]


@register.simple_tag
def table_rows(head, rows):
    return [table_row(head, row) for row in rows]


@register.simple_tag
def notice_look(kind):
    """Icon and word of a notice; Django's message levels are understood too. Colour never speaks alone."""
    return {
        "success": {"kind": "success", "icon": "check", "word": _("Done")},
        "warning": {"kind": "attention", "icon": "alert", "word": _("Please note")},
        "attention": {"kind": "attention", "icon": "alert", "word": _("Please note")},
        "error": {"kind": "error", "icon": "cross", "word": _("Problem")},
    }.get(kind, {"kind": "info", "icon": "info", "word": _("Information")})
