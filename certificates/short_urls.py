"""What a QR code leads to. Included outside the language prefix, and so without this room's namespace."""

from django.urls import path

from certificates import views

urlpatterns = [path("v/<str:token>/", views.short, name="oberih_certificates_short")]
