"""Texts in several languages as Wagtail's admin shows them: a labelled input for each language."""

from django.template.loader import render_to_string
from django.utils.translation import get_language_info
from i18nfield.forms import I18nFormField, I18nTextarea, I18nTextInput
from i18nfield.strings import LazyI18nString
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.widgets import AdminAutoHeightTextInput

from safeguarding.training_menu import is_i18n


class _Labelled:
    template = "oberih/safeguarding/admin/i18n_widget.html"

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else id_

    def render(self, name, value, attrs=None, renderer=None):
        values = value if isinstance(value, list) else self.decompress(value)
        attrs = self.build_attrs(self.attrs, attrs)
        rows = []
        for number, (language, widget) in enumerate(zip(self.locales, self.widgets, strict=True)):
            own = {**attrs, "id": f"{attrs['id']}_{number}"} if "id" in attrs else attrs
            rows.append(
                {
                    "language": get_language_info(language)["name_translated"],
                    "id": own.get("id"),
                    "input": widget.render(f"{name}_{number}", values[number], own, renderer=renderer),
                }
            )
        return render_to_string(self.template, {"rows": rows})


class AdminI18nTextInput(_Labelled, I18nTextInput):
    pass


class AdminI18nTextarea(_Labelled, I18nTextarea):
    widget = AdminAutoHeightTextInput


class I18nFieldPanel(FieldPanel):
    """A FieldPanel for I18nCharField and I18nTextField."""

    def get_form_options(self):
        long = is_i18n(self.db_field) and self.db_field.widget is I18nTextarea
        self.widget = self.widget or (AdminI18nTextarea if long else AdminI18nTextInput)
        return super().get_form_options()

    class BoundPanel(FieldPanel.BoundPanel):
        def is_required(self):
            # One language suffices, and no single input is required for it.
            return self.bound_field is not None and getattr(self.bound_field.field, "one_required", False)


class I18nModelForm(WagtailAdminModelForm):
    """Keeps the texts of languages that it has no input for, and no empty ones: the same texts compare as equal."""

    def clean(self):
        cleaned = super().clean()
        for name, field in self.fields.items():
            if isinstance(field, I18nFormField) and isinstance(cleaned.get(name), LazyI18nString):
                cleaned[name] = self._completed(name, field, cleaned[name])
        return cleaned

    def _completed(self, name, field, said):
        before = getattr(self.initial.get(name), "data", None)
        before = before if isinstance(before, dict) else {}
        unseen = {code: text for code, text in before.items() if code not in field.locales}
        typed = said.data if isinstance(said.data, dict) else {}
        return LazyI18nString({code: text for code, text in {**unseen, **typed}.items() if text})
