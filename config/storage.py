from urllib.parse import parse_qs, unquote, urlsplit


def s3_options(url):
    """Options of an S3-type storage from `s3://KEY:SECRET@endpoint.example/bucket?region=eu-central-1`.

    Files are private: they are read through views that check who asks, or by addresses that expire.
    """
    parts = urlsplit(url)
    options = {
        "bucket_name": parts.path.strip("/"),
        "default_acl": "private",
        "querystring_auth": True,
        "file_overwrite": False,
    }
    if parts.username:
        options["access_key"] = unquote(parts.username)
        options["secret_key"] = unquote(parts.password or "")
    if parts.hostname:
        options["endpoint_url"] = f"https://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    if region := parse_qs(parts.query).get("region"):
        options["region_name"] = region[0]
    return options


def origins(options):
    """Where a browser finds the files of such a storage: by the bucket's path or by its own name, as the service likes."""
    if "endpoint_url" not in options:
        return ["https://*.amazonaws.com"]
    scheme, _separator, host = options["endpoint_url"].partition("://")
    return [f"{scheme}://{host}", f"{scheme}://{options['bucket_name']}.{host}"]
