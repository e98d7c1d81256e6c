"""The cache that is shared by all processes of a site."""

from django.core.cache.backends import redis


class Client(redis.RedisCacheClient):
    """Django makes a client for each command, and that takes longer than Redis takes to answer: here each pool has one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = self._client(connection_pool=pool)
        return self._clients[pool]


class RedisCache(redis.RedisCache):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._class = Client
