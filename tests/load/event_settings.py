from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.load.event_urls"
# The load comes from one address.
OBERIH_SAFEGUARDING_LIMITS = {"events.register.address": "1000000/h"}
