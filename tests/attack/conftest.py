from tests.events.conftest import consent_texts

__all__ = ["consent_texts"]
