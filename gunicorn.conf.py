"""Read by gunicorn where it is started in this folder; `--access-logfile -` switches the log of requests on."""

logger_class = "config.access_log.AccessLogger"
access_log_format = '%(t)s "%(r)s" %(s)s %(B)s bytes %(M)s ms'
