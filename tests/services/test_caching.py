"""The cache on Redis: Django's in all it does, without a new client for each command."""

from config.caching import RedisCache


def test_it_keeps_one_client_and_what_it_is_given(broker):
    cache = RedisCache(broker.url.replace("/0", "/2"), {"TIMEOUT": 60})
    assert cache.add("count", 1)
    assert not cache.add("count", 7)
    cache.set_many({"one": "Оберіг", "two": [2]}, None)
    assert (cache.incr("count"), cache.get_many(["one", "two", "three"])) == (2, {"one": "Оберіг", "two": [2]})
    client = cache._cache.get_client(write=True)
    cache.delete("one")
    assert cache.get("one") is None
    assert cache._cache.get_client() is client
