from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "config"
    label = "oberih_site"

    def ready(self):
        from wagtail.admin.views.mixins import SpreadsheetExportMixin

        from safeguarding import cells

        # Wagtail leaves formulas in its CSV files to the spreadsheet. Ours are plain by themselves; this is for its own
        # lists, of users and of pages, and comes last, after what it says of dates and lists.
        SpreadsheetExportMixin.custom_value_preprocess[object] = {SpreadsheetExportMixin.FORMAT_CSV: cells.plain}
