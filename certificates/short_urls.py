"""What a QR code leads to. Included outside the language prefix, under a namespace of its own."""

from django.urls import path

from certificates import views

app_name = "oberih_certificates"

urlpatterns = [path("v/<str:token>/", views.short, name="short")]
