"""Headers that Django has no setting for."""

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
_HEADERS = {
    "Permissions-Policy": ", ".join(f"{feature}={allowed}" for feature, allowed in _FEATURES.items()),
    # No other site may show a picture or a file of this one as its own.
    "Cross-Origin-Resource-Policy": "same-origin",
}


class HeadersMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response
