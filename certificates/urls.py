from django.urls import path

from certificates import views

app_name = "oberih_certificates"

urlpatterns = [
    path("certificates/attention/", views.attention, name="attention"),
    path("certificates/<uuid:uuid>/retry/", views.retry, name="retry"),
    path("certificates/<uuid:uuid>.pdf", views.download, name="download"),
    path("verify/", views.verify_form, name="verify_form"),
    path("verify/<str:token>/", views.verify, name="verify"),
]
