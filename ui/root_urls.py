"""Addresses that stand at the root of a site, outside of any language.

A worker may only answer for pages below the address that it comes from.
"""

from django.urls import path

from . import views

urlpatterns = [
    path("service-worker.js", views.service_worker, name="oberih_ui_service_worker"),
]
