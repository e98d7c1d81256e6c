from gunicorn.glogging import Logger

from safeguarding.logs import ScrubbingFormatter, scrub

# When, what kind of request, how it went and how long it took. Not who: addresses, browsers, referring pages, query
# strings and headers are left out, whichever format somebody configures.
_KEPT = ("t", "m", "s", "B", "b", "T", "D", "M", "L", "p", "H")


class AccessLogger(Logger):
    """Gunicorn's log without people and tokens; `gunicorn.conf.py` names it."""

    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(ScrubbingFormatter(self.error_fmt, self.datefmt))

    def atoms(self, resp, req, environ, request_time):
        atoms = super().atoms(resp, req, environ, request_time)
        kept = {name: atoms[name] for name in _KEPT}
        kept["U"] = scrub(environ.get("PATH_INFO", ""))
        kept["r"] = f"{kept['m']} {kept['U']} {kept['H']}"
        return kept
