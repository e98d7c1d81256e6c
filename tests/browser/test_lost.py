"""Who lands on no page, or on one that is not theirs, may be who needs the number at the foot of it most."""

import pytest


@pytest.fixture
def address(stage):
    return stage.url


@pytest.mark.parametrize("language", ["en", "uk", "ar"])
@pytest.mark.parametrize(("path", "status"), [("no/such/page/", 404), ("trainings/", 403), ("verify/none/", 404)])
def test_the_helplines_stay(stage, visitor, path, status, language):
    context = visitor(language=language).context
    stage.admit(context, "participant")
    answer = context.request.get(f"/{language}/{path}")
    html = answer.text()
    assert answer.status == status
    assert f'<html lang="{language}"' in html
    assert 'href="tel:527"' in html
    assert "data-oberih-leave" in html
    assert f'href="/{language}/"' in html
