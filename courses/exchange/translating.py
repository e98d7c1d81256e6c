"""Handing what was made in other languages to the translators, as if they had written it here text by text."""

from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments import OverridableSegmentValue, StringSegmentValue
from wagtail_localize.segments.extract import extract_segments


def hand_over(rows):
    """`rows` are (whether translators kept it, the page or question), that from which others are translated first."""
    sources = {}
    for is_translated, row in rows:
        source = sources.setdefault(row.translation_key, row)
        if is_translated and source is not row:
            _hand_over(source, row)


def _hand_over(source, target):
    texts = _of(target, StringSegmentValue)
    # Another picture in one language is said by a page alone; a translation that does not know of it would undo it.
    if [one.path for one in _of(source, StringSegmentValue)] != [one.path for one in texts] or _chosen(
        source
    ) != _chosen(target):
        return
    known, _made = TranslationSource.update_or_create_from_instance(source)
    Translation.objects.get_or_create(source=known, target_locale=target.locale)
    segments = known.stringsegment_set.select_related("context").order_by("order")
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of_id=segment.string_id,
                locale=target.locale,
                context_id=segment.context_id,
                data=text.string.data,
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
            for segment, text in zip(segments, texts, strict=True)
        ],
        ignore_conflicts=True,
    )


def _of(row, kind):
    return [one for one in extract_segments(row) if isinstance(one, kind)]


def _chosen(row):
    return [(one.path, one.data) for one in _of(row, OverridableSegmentValue)]
