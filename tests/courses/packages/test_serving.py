"""The packages' host and nothing else on it; the site's host and no package on it."""

import gzip

import pytest
import time_machine
from django.test import Client

from courses.packages import origin, serving
from courses.packages.origin import Pass, token_for
from tests.courses.packages import building

pytestmark = pytest.mark.django_db

SITE = "http://localhost:8123"
HOST = "127.0.0.1:8123"


@pytest.fixture
def package():
    return building.upload(
        {
            **building.single_12(),
            "film.mp4": bytes(range(200)),
            "js/app.js": "let a = 1;\n" * 100,
            "odd name ї.svg": "<svg/>",
        }
    )


@pytest.fixture
def there():
    return Client(headers={"host": HOST})


def path(package, rest, **fields):
    one = Pass(**{"launch": "l", "folder": package.folder, "kind": package.kind, "site": SITE, **fields})
    return f"/p/{token_for(one)}/{rest}"


def content(response):
    body = b"".join(response.streaming_content) if response.streaming else response.content
    response.close()
    return body


def test_a_token_opens_its_own_package_and_no_statement_is_needed(there, package, django_assert_num_queries):
    other = building.upload(building.single_2004())
    address = path(package, "f/index.html")
    with django_assert_num_queries(0):
        found = there.get(address)
    assert (found.status_code, content(found)) == (200, building.PAGE_12.encode())
    assert content(there.get(path(other, "f/index.html"))) == building.PAGE_2004.encode()
    assert there.get(path(package, "f/odd%20name%20%D1%97.svg"))["Content-Type"] == "image/svg+xml"


def test_every_response_is_walled_in(there, package):
    response = there.get(path(package, "f/index.html"))
    assert {
        name: response[name]
        for name in ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Resource-Policy", "Cache-Control")
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, max-age=14400",
    }
    policy = dict(one.split(" ", 1) for one in response["Content-Security-Policy"].split("; "))
    assert policy["sandbox"] == "allow-scripts allow-same-origin allow-forms allow-modals"
    assert policy["frame-ancestors"] == f"'self' {SITE}"
    assert policy["connect-src"] == "'self' data: blob:"
    assert policy["worker-src"] == "blob:"
    assert policy["default-src"] == "'self' data: blob:"
    assert not response.cookies
    assert "Service-Worker-Allowed" not in response
    for address in ("/", "/en/", path(package, "f/film.mp4"), path(package, "launch")):
        response = there.get(address)
        assert (response["X-Content-Type-Options"], "sandbox" in response["Content-Security-Policy"]) == (
            "nosniff",
            True,
        )
        response.close()


def test_foreign_hosts_are_those_of_the_setting(settings):
    settings.OBERIH_COURSES_PACKAGE_FOREIGN_ORIGINS = ["https://player.example.org"]
    assert "connect-src 'self' https://player.example.org data:" in serving.policy(SITE)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/en/",
        "/en/learn/",
        "/admin/",
        "/static/oberih/ui/css/tokens.css",
        "/service-worker.js",
        "/en/accounts/login/",
        "/p/x/launch",
        "/robots.txt",
        "/p//launch",
        "/r/launch.js",
    ],
)
def test_the_host_serves_nothing_else(there, address):
    for response in (there.get(address), there.post(address)):
        assert response.status_code in {403, 404, 405}
        assert not response.cookies
        assert len(response.content) < 200


def test_a_session_that_is_sent_there_means_nothing(there, package, admin_user):
    there.force_login(admin_user)
    assert [there.get(one).status_code for one in ("/admin/", "/en/learn/")] == [404, 404]


def test_the_sites_host_serves_no_package(client, package):
    response = client.get(path(package, "f/index.html"), headers={"host": "localhost:8123"})
    assert response.status_code == 404


def test_without_an_origin_that_name_is_the_sites(settings, client, package):
    settings.OBERIH_COURSES_PACKAGE_ORIGIN = ""
    assert client.get(path(package, "f/index.html"), headers={"host": HOST}).status_code == 404
    assert b"Only packages" not in client.get("/robots.txt", headers={"host": HOST}).content


@pytest.mark.parametrize(
    "rest",
    [
        "f/../index.html",
        "f/%2e%2e/x",
        "f//etc/passwd",
        "f/gone.html",
        "f/",
        "f/js",
        "f/js/",
        "f/a%00b",
        "f/a%5cb",
        "f/" + "x" * 3000,
    ],
)
def test_no_path_leads_out_of_the_folder(there, package, rest):
    assert there.get(path(package, rest)).status_code in {400, 404}


def test_a_token_that_is_forged_or_anothers_opens_nothing(there, package):
    good = path(package, "f/index.html")
    token = good.split("/")[2]
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:], token.split(".")[0], "x.y.z"]
    assert [there.get(f"/p/{one}/f/index.html").status_code for one in forged] == [403] * 4
    from django.core import signing

    other = signing.TimestampSigner(sep=".", salt="another").sign_object(["l", package.folder, package.kind, SITE])
    assert there.get(f"/p/{other}/f/index.html").status_code == 403


def test_a_token_ages_and_is_prolonged_by_the_page_for_a_day_at_most(there, package):
    address = path(package, "f/index.html")
    with time_machine.travel(0, tick=False) as clock:
        address = path(package, "f/index.html")
        clock.shift(origin.TOKEN_SECONDS - 1)
        assert there.get(address).status_code == 200
        clock.shift(2)
        assert there.get(address).status_code == 403
        origin.prolong("l")
        assert there.get(address).status_code == 200
        clock.shift(origin.LONGEST_SECONDS)
        origin.prolong("l")
        assert there.get(address).status_code == 403


@pytest.mark.parametrize(
    ("asked", "status", "said", "body"),
    [
        ("bytes=0-9", 206, "bytes 0-9/200", bytes(range(10))),
        ("bytes=190-", 206, "bytes 190-199/200", bytes(range(190, 200))),
        ("bytes=-5", 206, "bytes 195-199/200", bytes(range(195, 200))),
        ("bytes=-500", 206, "bytes 0-199/200", bytes(range(200))),
        ("bytes=150-9999", 206, "bytes 150-199/200", bytes(range(150, 200))),
        ("bytes=200-", 416, "bytes */200", b""),
        ("bytes=9-3", 416, "bytes */200", b""),
        ("bytes=-0", 416, "bytes */200", b""),
        # Not understood, so the whole is the answer.
        ("bytes=0-1,5-6", 200, None, bytes(range(200))),
        ("bytes=-", 200, None, bytes(range(200))),
        ("lines=1-2", 200, None, bytes(range(200))),
    ],
)
def test_parts_of_a_film_are_sent_as_asked(there, package, asked, status, said, body):
    response = there.get(path(package, "f/film.mp4"), headers={"range": asked})
    assert (response.status_code, response.get("Content-Range"), content(response)) == (status, said, body)
    assert response["Content-Type"] == "video/mp4"


def test_texts_are_packed_for_whoever_takes_that(there, package):
    response = there.get(path(package, "f/js/app.js"), headers={"accept-encoding": "gzip, br"})
    assert (response["Content-Encoding"], gzip.decompress(response.content)) == ("gzip", b"let a = 1;\n" * 100)
    plain = there.get(path(package, "f/js/app.js"))
    assert ("Content-Encoding" in plain, plain["Content-Type"]) == (False, "text/javascript; charset=utf-8")
    assert content(there.head(path(package, "f/film.mp4"))) == b""


def test_a_page_keeps_the_character_set_that_it_names_itself(there, package):
    assert there.get(path(package, "f/index.html"))["Content-Type"] == "text/html"


def test_the_launch_page_is_for_its_site_alone(there, package):
    response = there.get(path(package, "launch"))
    assert f'data-site="{SITE}"' in response.content.decode()
    scripts = [one.split('"')[0] for one in response.content.decode().split('<script src="')[1:]]
    assert [one.rpartition("/")[2] for one in scripts] == ["scorm12.min.js", "launch.js"]
    for one in scripts:
        found = there.get(one)
        assert (found.status_code, found["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert there.get(scripts[1].replace("launch.js", "../conf.py")).status_code == 404


def test_h5p_files_come_from_their_folder_alone(there, settings, tmp_path):
    for name in ("main.bundle.js", "frame.bundle.js", "styles/h5p.css"):
        (tmp_path / "h5p" / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / "h5p" / name).write_text("/**/")
    (tmp_path / "secret.js").write_text("secret")
    assert there.get("/r/h5p/main.bundle.js").status_code == 404
    settings.OBERIH_COURSES_H5P_DIR = str(tmp_path / "h5p")
    assert there.get("/r/h5p/main.bundle.js").status_code == 200
    assert [
        there.get(f"/r/h5p/{one}").status_code for one in ("../secret.js", "%2e%2e/secret.js", "styles", "gone.js")
    ] == [404] * 4


@pytest.mark.parametrize(
    ("configured", "host", "expected"),
    [
        ("http://127.0.0.1", "localhost:8123", "http://127.0.0.1:8123"),
        ("http://127.0.0.1", "localhost", "http://127.0.0.1"),
        ("http://127.0.0.1:9000", "localhost:8000", "http://127.0.0.1:9000"),
        # Whoever reads the site from another machine would look for packages on their own.
        ("http://127.0.0.1", "192.168.1.7:8000", ""),
        ("http://127.0.0.1", "training.example.org", ""),
        ("https://packages.example.org", "training.example.org", "https://packages.example.org"),
        ("https://packages.example.org", "packages.example.org", ""),
        ("", "localhost:8000", ""),
    ],
)
def test_where_packages_are_for_whoever_asks(settings, rf, configured, host, expected):
    settings.OBERIH_COURSES_PACKAGE_ORIGIN = configured
    request = rf.get("/", headers={"host": host})
    assert origin.origin_for(request) == expected


@pytest.mark.parametrize(
    ("configured", "changes", "expected"),
    [
        ("", {}, []),
        ("https://packages.example.org", {}, []),
        ("packages.example.org", {}, ["oberih_courses.E001"]),
        ("https://packages.example.org/x", {}, ["oberih_courses.E001"]),
        ("https://training.example.org:8443", {}, ["oberih_courses.E002"]),
        ("https://packages.example.org", {"MIDDLEWARE": []}, ["oberih_courses.E003"]),
        ("http://packages.example.org", {}, ["oberih_courses.E004"]),
        ("https://packages.example.org", {"ALLOWED_HOSTS": ["training.example.org"]}, ["oberih_courses.E005"]),
    ],
)
def test_a_configuration_that_would_not_hold_is_refused(settings, configured, changes, expected):
    from courses.checks import check_package_origin, check_packages_are_on

    settings.WAGTAILADMIN_BASE_URL = "https://training.example.org"
    settings.OBERIH_COURSES_PACKAGE_ORIGIN = configured
    for name, value in changes.items():
        setattr(settings, name, value)
    assert [one.id for one in check_package_origin(None)] == expected
    assert [one.id for one in check_packages_are_on(None)] == ([] if configured else ["oberih_courses.I001"])
