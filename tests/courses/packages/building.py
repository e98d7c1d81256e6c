"""Packages as authoring tools write them, with the true namespaces of each version."""

import io
import zipfile

from django.core.files.base import ContentFile
from wagtail.models import Page

from courses import actions
from courses.models import Course, Enrolment, Lesson, Package
from courses.packages.storage import private
from tests.courses import trees
from tests.courses.factories import LearnerFactory

SCHEMA_12 = (
    'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd '
    "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1 imsmd_rootv1p2p1.xsd "
    'http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd"'
)
SCHEMA_2004 = (
    'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" '
    'xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3" '
    'xmlns:imsss="http://www.imsglobal.org/xsd/imsss" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd '
    'http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd"'
)


def manifest_12(*items, resources="", schema=SCHEMA_12, title="Safe travel", version="1.2", base=""):
    metadata = (
        f"<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>"
        if version
        else ""
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="travel" version="1.1" {schema}{base}>
  {metadata}
  <organizations default="org"><organization identifier="org"><title>{title}</title>{"".join(items)}</organization></organizations>
  <resources>{resources}</resources>
</manifest>"""


def item_12(key, title, reference=None, extra="", attributes=""):
    reference = f' identifierref="{reference or "res-" + key}"' if reference != "" else ""
    return f'<item identifier="{key}"{reference} isvisible="true"{attributes}><title>{title}</title>{extra}</item>'


def resource_12(key, href, kind="sco", attributes=""):
    return (
        f'<resource identifier="res-{key}" type="webcontent" adlcp:scormtype="{kind}" href="{href}"{attributes}>'
        f'<file href="{href}"/></resource>'
    )


def manifest_2004(*items, resources="", schema=SCHEMA_2004, edition="2004 4th Edition", title="Safe travel"):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="travel" version="1" {schema}>
  <metadata><schema>ADL SCORM</schema><schemaversion>{edition}</schemaversion></metadata>
  <organizations default="org"><organization identifier="org" adlseq:objectivesGlobalToSystem="false">
    <title>{title}</title>{"".join(items)}
  </organization></organizations>
  <resources>{resources}</resources>
</manifest>"""


def resource_2004(key, href, kind="sco"):
    return (
        f'<resource identifier="res-{key}" type="webcontent" adlcp:scormType="{kind}" href="{href}">'
        f'<file href="{href}"/></resource>'
    )


# A page with a button for each deed, as a package's own script does them. It looks for the API in the windows above, as the
# specification tells it to.
PAGE_12 = """<!doctype html><title>Part</title><body>
<p id="said"></p><button id="half">Half</button><button id="pass">Pass</button><button id="fail">Fail</button>
<script>
let api = null, above = window;
while (!api && above) { try { api = above.API || null } catch { break } if (above === above.parent) break; above = above.parent; }
const get = (name) => api.LMSGetValue(name), set = (name, value) => api.LMSSetValue(name, value);
api.LMSInitialize("");
document.getElementById("said").textContent =
  [get("cmi.core.entry"), get("cmi.core.lesson_status"), get("cmi.core.lesson_location"), get("cmi.suspend_data"),
   get("cmi.core.score.raw"), get("cmi.core.lesson_mode"), get("cmi.core.student_name"), get("cmi.launch_data")].join("|");
document.getElementById("half").onclick = () => {
  set("cmi.core.lesson_location", "3"); set("cmi.suspend_data", "half of it"); set("cmi.core.lesson_status", "incomplete");
  set("cmi.core.exit", "suspend"); api.LMSCommit("");
};
const end = (status, score) => {
  set("cmi.core.score.raw", score); set("cmi.core.score.min", "0"); set("cmi.core.score.max", "100");
  set("cmi.core.lesson_status", status); set("cmi.core.session_time", "00:00:01");
  api.LMSFinish("");
};
document.getElementById("pass").onclick = () => end("passed", "85");
document.getElementById("fail").onclick = () => end("failed", "20");
</script>"""

PAGE_2004 = """<!doctype html><title>Part</title><body>
<p id="said"></p><button id="half">Half</button><button id="pass">Pass</button>
<script>
let api = null, above = window;
while (!api && above) { try { api = above.API_1484_11 || null } catch { break } if (above === above.parent) break; above = above.parent; }
const get = (name) => api.GetValue(name), set = (name, value) => api.SetValue(name, value);
api.Initialize("");
document.getElementById("said").textContent =
  [get("cmi.entry"), get("cmi.completion_status"), get("cmi.location"), get("cmi.suspend_data"), get("cmi.score.scaled"),
   get("cmi.mode"), get("cmi.learner_name")].join("|");
document.getElementById("half").onclick = () => {
  set("cmi.location", "page-3"); set("cmi.suspend_data", "half of it"); set("cmi.completion_status", "incomplete");
  set("cmi.exit", "suspend"); api.Commit("");
};
document.getElementById("pass").onclick = () => {
  set("cmi.score.scaled", "0.9"); set("cmi.success_status", "passed"); set("cmi.completion_status", "completed");
  set("cmi.session_time", "PT1S"); api.Terminate("");
};
</script>"""


def archive(**files):
    """A zip file; the names' dots are written as they are in a dict."""
    return zipped(files)


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(name, content)
    made.seek(0)
    return made


def single_12(page=PAGE_12, **extra):
    manifest = manifest_12(
        item_12("one", "The journey", extra="<adlcp:datafromlms>hello</adlcp:datafromlms>"),
        resources=resource_12("one", "index.html"),
    )
    return {"imsmanifest.xml": manifest, "index.html": page, **extra}


def several_12():
    parts = ("plan", "travel", "arrive")
    manifest = manifest_12(
        item_12("chapter", "On the way", reference="", extra="".join(item_12(key, key.title()) for key in parts)),
        resources="".join(resource_12(key, f"{key}/index.html") for key in parts),
    )
    return {"imsmanifest.xml": manifest, **{f"{key}/index.html": PAGE_12 for key in parts}}


def single_2004(page=PAGE_2004, edition="2004 4th Edition", **extra):
    manifest = manifest_2004(
        item_12("one", "The journey"), resources=resource_2004("one", "index.html"), edition=edition
    )
    return {"imsmanifest.xml": manifest, "index.html": page, **extra}


def upload(files, **fields):
    """A package as an editor uploaded it, looked at."""
    made = Package(**fields)
    content = files if isinstance(files, bytes) else zipped(files).getvalue()
    made.file.save("package.zip", ContentFile(content), save=False)
    made.save()
    actions.check_package(made.pk)
    made.refresh_from_db()
    return made


def stored(package):
    """The names of all files in the package's folders, old ones and new ones."""

    def walk(folder):
        try:
            folders, names = private().listdir(folder)
        except FileNotFoundError:
            return []
        return [f"{folder}/{name}" for name in names] + [
            name for inner in folders for name in walk(f"{folder}/{inner}")
        ]

    return sorted(walk(f"packages/{package.uuid}"))


BLOCK = "6a1f6a8e-5d0c-4c43-9a0e-1f2f3c4d5e6f"


def lesson_with(package, index, **fields):
    """A published course whose lesson has the package, and somebody who takes it: (lesson page, lesson, enrolment)."""
    _course, module, _lessons = trees.course(index, lessons=0)
    page = trees.add(
        module,
        trees.lesson("Practice", {"type": "package", "id": BLOCK, "value": {"package": package.pk}}, **fields),
    )
    lesson = Lesson.objects.get(key=page.translation_key)
    enrolment = Enrolment.objects.create(
        participant=LearnerFactory(), course=Course.objects.get(key=lesson.course_id)
    )
    return Page.objects.get(pk=page.pk).specific, lesson, enrolment
