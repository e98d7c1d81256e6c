"""How many certificates a processor makes in a second, beside the smallest document that the same library makes."""

import sys
import time

import pytest

from certificates import rendering
from tests.certificates.factories import a_snapshot
from tests.certificates.test_rendering import LONG

pytestmark = pytest.mark.load


def per_second(make, seconds=3):
    """Counted in processor time, so that a busy machine does not make the library look slow."""
    make()
    done, start = 0, time.process_time()
    while (taken := time.process_time() - start) < seconds:
        make()
        done += 1
    return done / taken


def test_certificates_per_second(capsys):
    from weasyprint import HTML

    engine = rendering._engine()
    rates = {
        "bare “Hello” by the same library": per_second(
            lambda: HTML(string="<p>Hello</p>", url_fetcher=engine.fetcher).write_pdf(
                font_config=engine.font_config
            )
        ),
        "certificate, English": per_second(lambda: rendering.render(a_snapshot())),
        "certificate, Ukrainian, long": per_second(lambda: rendering.render(LONG["uk"])),
        "certificate, Arabic": per_second(lambda: rendering.render(LONG["ar"])),
    }
    with capsys.disabled():
        for name, rate in rates.items():
            sys.stdout.write(f"\n{rate:8.1f} per second and core: {name}")
    assert all(rate > 0 for rate in rates.values())
