from participants import identity


def on_log_in(sender, request, user, **kwargs):
    if hasattr(request, "session"):
        identity.prove(request)
