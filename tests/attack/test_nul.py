import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/en/events/%00/", "/en/events/a%00b/register/"])
def test_an_address_with_a_nul_is_refused(client, address):
    assert client.get(address).status_code == 400
