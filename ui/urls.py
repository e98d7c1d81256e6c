from django.urls import path

from . import views

app_name = "oberih_ui"

urlpatterns = [
    path("offline/", views.offline, name="offline"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("styleguide/<slug:shown>/<slug:name>.css", views.sheet, name="sheet"),
    path("styleguide/<slug:pattern>/", views.pattern, name="pattern"),
]
