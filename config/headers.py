"""What of requests and answers Django has no setting for."""

from django.http import HttpResponseBadRequest

from config.content_policy import is_file_of_ours

# The camera is for scanning tickets. What is not named here browsers ask for or refuse by their own rules; passkeys and
# copying are among these on purpose.
_FEATURES = {
    "camera": "(self)",
    **dict.fromkeys(
        (
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "display-capture",
            "encrypted-media",
            "geolocation",
            "gyroscope",
            "hid",
            "idle-detection",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "picture-in-picture",
            "screen-wake-lock",
            "serial",
            "usb",
            "xr-spatial-tracking",
        ),
        "()",
    ),
}
_POLICY = ", ".join(f"{feature}={allowed}" for feature, allowed in _FEATURES.items())


class HeadersMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        # No other site may show a picture or a file of this one as its own.
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not is_file_of_ours(request):
            response.headers.setdefault("Permissions-Policy", _POLICY)
        return response


class NulMiddleware:
    """Refuse addresses that hold a NUL: nothing of ours has one, and PostgreSQL answers it with an error."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info:
            return HttpResponseBadRequest()
        return self.get_response(request)
