"""The page that asks to wait: nobody is told off, and it can be read by all whom it meets."""

import pytest
from django.core.cache import cache

from tests.browser.looking import found_wrong, prepare

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_whoever_has_to_wait_is_told_until_when(visitor, faults, settings, site_tree):
    settings.OBERIH_SAFEGUARDING_LIMITS = {"certificates.wrong.client": "1/h"}
    faults.expect("status of 429")
    page = visitor()
    prepare(page.context)
    found = []
    for language in ("en", "uk", "ar"):
        cache.clear()
        for number in ("OB-7KQM-4XTP-92HN", "OB-7KQM-4XTP-92HM"):
            page.goto(f"/{language}/verify/")
            page.fill("#id_number", number)
            with page.expect_navigation() as sent:
                page.locator("form:has(#id_number) button").click()
        assert sent.value.status == 429
        found += [f"{language} {one}" for one in found_wrong(page)]
    assert not found, "\n".join(found)
