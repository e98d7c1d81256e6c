import tempfile
from pathlib import Path

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand, CommandError
from i18nfield.strings import LazyI18nString

import cms
from attendance.workbook import import_workbook
from cms.demo import events
from cms.demo.pages import load, seed_editor, seed_pages
from cms.demo.people import ORGANISATIONS
from events.models import Event
from participants.models import Organisation, Participant
from safeguarding.models import Helpline, Role, RoleGrant

QUARTER = Path(cms.__file__).parent / "demo" / "q3-2022"

# Marked as the demonstration's: these users cannot log in where DEBUG is off.
LOGINS = {
    "participant": ("participant@example.org", "demo-participant", "Олена", "Коваль"),
    "trainer": ("trainer@example.org", "demo-trainer", "Marta", "Lysenko"),
    "manager": ("manager@example.org", "demo-manager", "Iryna", "Sokil"),
    "editor": ("editor@example.org", "demo-editor", "Pavlo", "Hrytsenko"),
    "administrator": ("administrator@example.org", "demo-administrator", "Daryna", "Melnyk"),
    "auditor": ("auditor@example.org", "demo-auditor", "Taras", "Bondar"),
    "focal_point": ("focal@example.org", "demo-focal", "Lesia", "Kravets"),
}
PARTNER, *_others = ORGANISATIONS

HELPLINES = [
    {
        "country": "UA",
        "number": "527",
        "name": {
            "en": "National hotline on counter-trafficking and migrant advice",
            "uk": "Національна гаряча лінія з протидії торгівлі людьми та консультування мігрантів",
            "ar": "الخط الساخن الوطني لمكافحة الاتجار بالبشر وإرشاد المهاجرين",
        },
        "hours": {
            "en": "free from Ukrainian mobiles, 8:00 to 20:00",
            "uk": "безкоштовно з мобільного, з 8:00 до 20:00",
            "ar": "مجانًا من الهواتف المحمولة الأوكرانية، من 8:00 إلى 20:00",
        },
        "link": "https://www.527.org.ua/",
        "languages": ["uk", "en", "ru"],
    },
    {
        "country": "UA",
        "number": "0 800 505 501",
        "name": {
            "en": "The same hotline from any phone in Ukraine",
            "uk": "Та сама гаряча лінія з будь-якого телефону в Україні",
            "ar": "الخط الساخن نفسه من أي هاتف في أوكرانيا",
        },
        "hours": {
            "en": "free, 8:00 to 20:00",
            "uk": "безкоштовно, з 8:00 до 20:00",
            "ar": "مجانًا، من 8:00 إلى 20:00",
        },
        "languages": ["uk", "en", "ru"],
    },
    {
        "country": "EU",
        "number": "112",
        "name": {
            "en": "In immediate danger, in the European Union and Ukraine",
            "uk": "Коли є безпосередня небезпека, в Європейському Союзі та Україні",
            "ar": "عند الخطر المباشر، في الاتحاد الأوروبي وأوكرانيا",
        },
        "hours": {"en": "day and night", "uk": "цілодобово", "ar": "على مدار الساعة"},
        "languages": [],
    },
]


class Command(BaseCommand):
    help = "Fill the site with the demonstration: courses, events around today, people, and the quarter of 2022."

    def add_arguments(self, parser):
        parser.add_argument(
            "--print-logins", action="store_true", help="Print the demonstration's log-ins and stop."
        )

    def handle(self, *, print_logins, **options):
        if print_logins:
            for role, (email, password, *_name) in LOGINS.items():
                self.stdout.write(f"  {role:<14} {email:<28} {password}")
            return
        if not settings.DEBUG:
            raise CommandError(
                "The demonstration has passwords that everybody knows; it is made only with DEBUG on."
            )
        # What the making itself would tell the invented people goes to a folder that is thrown away, so that the
        # first message to be seen is the visitor's own.
        kept = settings.EMAIL_FILE_PATH
        with tempfile.TemporaryDirectory() as folder:
            settings.EMAIL_FILE_PATH = folder
            try:
                self._seed()
            finally:
                settings.EMAIL_FILE_PATH = kept

    def _seed(self):
        seed_pages()
        for position, helpline in enumerate(HELPLINES):
            texts = {name: LazyI18nString(helpline[name]) for name in ("name", "hours")}
            Helpline.objects.get_or_create(
                country=helpline["country"],
                number=helpline["number"],
                defaults={**helpline, **texts, "position": position},
            )
        users = {role: self._user(*login) for role, login in LOGINS.items()}
        for role in (Role.TRAINER, Role.MANAGER, Role.EDITOR, Role.ADMINISTRATOR, Role.AUDITOR):
            RoleGrant.objects.get_or_create(user=users[role.value], role=role.value)
        code, en, uk = PARTNER
        label = LazyI18nString({"en": en, "uk": uk})
        partner, _made = Organisation.objects.get_or_create(code=code, defaults={"label": label})
        RoleGrant.objects.get_or_create(
            user=users["focal_point"], role=Role.FOCAL_POINT, organisation=partner.code
        )
        seed_editor(users["editor"])
        ours = Permission.objects.filter(content_type__app_label__startswith="oberih_")
        self._admit(users["administrator"], "Administrators", ours)
        self._admit(users["auditor"], "Auditors", ours.filter(codename="view_auditentry"))
        events.seed(users["trainer"])
        # Under the address that she registered with, so that a link finds her, too.
        Participant.objects.filter(email=users["participant"].email, user=None).update(user=users["participant"])
        import_workbook(QUARTER)
        titles = load("pages", "uk")["quarter_titles"]
        for event in Event.objects.filter(code__in=titles, is_imported=True):
            if "uk" not in event.title.data:
                event.title = LazyI18nString({**event.title.data, "uk": titles[event.code]})
                event.save(update_fields=["title"])

    def _admit(self, user, name, permissions):
        """Let the user into Wagtail's admin, by a group that has these permissions."""
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.add(Permission.objects.get(codename="access_admin"), *permissions)
        user.groups.add(group)

    def _user(self, email, password, first_name, last_name):
        user, made = get_user_model().objects.get_or_create(
            email=email, defaults={"first_name": first_name, "last_name": last_name, "is_demo": True}
        )
        if made:
            user.set_password(password)
            user.save(update_fields=["password"])
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user
