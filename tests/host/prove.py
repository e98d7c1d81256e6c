"""Prove that the rooms named as arguments work in a site that installed the wheel: `python prove.py ui safeguarding …`"""

import importlib
import os
import sys
from pathlib import Path


def prove(rooms):
    os.environ["HOST_ROOMS"] = " ".join(rooms)
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"

    import django
    from django.core.management import call_command

    django.setup()

    from django.contrib.staticfiles import finders
    from django.template.loader import get_template
    from django.utils import translation

    from safeguarding.models import Role

    for room in rooms:
        came_from = Path(importlib.import_module(room).__file__)
        if "site-packages" not in came_from.parts:
            sys.exit(f"{room} was not imported from the wheel but from {came_from}")
    call_command("migrate", verbosity=0)
    call_command("check", fail_level="WARNING")
    call_command("makemigrations", check_changes=True, dry_run=True)
    call_command("tick", verbosity=0)
    with translation.override("uk"):
        translated = str(Role.TRAINER.label)
    if translated == "Trainer":
        sys.exit("The wheel brought no Ukrainian catalogue: «Trainer» is not translated.")
    get_template("oberih/base.html")
    if not finders.find("oberih/ui/css/tokens.css"):
        sys.exit("The wheel brought no static files.")
    sys.stdout.write(
        f"{len(rooms)} rooms work in a site of their own; a trainer is «{translated}» in Ukrainian.\n"
    )


if __name__ == "__main__":
    prove(sys.argv[1:])
