"""What a StreamField holds, walked by the definitions of its blocks: which kinds of blocks a site has is not asked here."""

import re

from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.rich_text import features as registry

from courses.exchange.exceptions import ExchangeError

_LINK = re.compile(r'<a\b(?=[^>]*\blinktype="(?P<kind>page|document)")[^>]*>(?P<inner>.*?)</a>', re.DOTALL)
_EMBED = re.compile(r'<embed\b(?=[^>]*\bembedtype="(?P<kind>image)")[^>]*/?>')
_ID = re.compile(r'\bid="(?P<name>[^"]*)"')
_BLOCK_KEY = re.compile(r' data-block-key="[A-Za-z0-9]+"')


def transformed(block, value, *, chosen, text, identity=None):
    """The stored form of `value` with each chosen thing, each rich text and each block's id put through a function.

    `chosen(model, key)` and `text(html, features)` return what stands in its place. What no block knows is left out.
    """
    walk = _Walk(chosen, text, identity or (lambda key: key))
    return walk.through(block, value)


class _Walk:
    def __init__(self, chosen, text, identity):
        self.chosen, self.text, self.identity = chosen, text, identity

    def through(self, block, value):
        if isinstance(block, blocks.StreamBlock):
            return [self._item(block.child_blocks[item["type"]], item) for item in self._known(block, value)]
        if isinstance(block, blocks.ListBlock):
            return [
                self._item(block.child_block, item)
                if self._is_item(item)
                else self.through(block.child_block, item)
                for item in _listed(value)
            ]
        if isinstance(block, blocks.StructBlock):
            given = value if isinstance(value, dict) else {}
            return {
                name: self.through(child, given[name])
                for name, child in block.child_blocks.items()
                if name in given
            }
        if isinstance(block, blocks.ChooserBlock):
            return None if value in (None, "") else self.chosen(block.model_class, value)
        if isinstance(block, blocks.RichTextBlock):
            return self.text(value or "", block.features)
        return value

    def _known(self, block, value):
        return [
            item for item in _listed(value) if isinstance(item, dict) and item.get("type") in block.child_blocks
        ]

    def _is_item(self, item):
        return isinstance(item, dict) and item.get("type") == "item" and "value" in item

    def _item(self, block, item):
        made = {"type": item["type"], "value": self.through(block, item.get("value"))}
        if item.get("id"):
            made["id"] = self.identity(str(item["id"]))
        return made


def _listed(value):
    return value if isinstance(value, list) else []


def unknown_kinds(block, value):
    """The types of blocks that this site has not, which an import leaves out."""
    if not isinstance(block, blocks.StreamBlock):
        return set()
    kinds = {item.get("type") for item in _listed(value) if isinstance(item, dict)}
    return {str(kind) for kind in kinds} - set(block.child_blocks)


def with_links(html, name):
    """Rich text with what it links to put through `name(kind, key)`; a link that has nothing there is left out."""

    def link(found):
        said = _ID.search(found[0].split(">", 1)[0])
        there = name(found["kind"], said["name"]) if said else None
        if there is None:
            return found["inner"]
        opening, rest = found[0].split(">", 1)
        return f"{_renamed(opening, there)}>{rest}"

    def embed(found):
        said = _ID.search(found[0])
        there = name(found["kind"], said["name"]) if said else None
        return "" if there is None else _renamed(found[0], there)

    return _EMBED.sub(embed, _LINK.sub(link, html))


def _renamed(tag, name):
    return _ID.sub(f'id="{name}"', tag, count=1)


def cleaned(html, features):
    """Rich text with nothing in it that the editor of this site could not have written."""
    written = ContentstateConverter(features or registry.get_default_features())
    try:
        clean = written.to_database_format(written.from_database_format(html))
    except Exception as error:
        # What no editor wrote breaks Wagtail's reader wherever it happens to.
        raise ExchangeError(
            _("A text in the file cannot be read: it is not written as an editor writes.")
        ) from error
    # The editor gives each paragraph a key; a text that is the same apart from them keeps its own.
    return html if _BLOCK_KEY.sub("", clean) == _BLOCK_KEY.sub("", html) else clean
