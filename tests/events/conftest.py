import pytest

from participants.models import ConsentText, Purpose


@pytest.fixture
def consent_texts(db):
    for purpose in Purpose:
        ConsentText.objects.get_or_create(
            purpose=purpose, version=1, defaults={"text": f"The {purpose.value} text."}
        )


@pytest.fixture(autouse=True)
def _texts(request):
    if request.node.get_closest_marker("django_db"):
        request.getfixturevalue("consent_texts")
