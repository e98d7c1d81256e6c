from django.urls import path

from notifications import views

app_name = "oberih_notifications"

urlpatterns = [
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<str:name>/", views.message, name="message"),
    path("mailbox/<str:name>/html/", views.message_html, name="message_html"),
    path("mailbox/<str:name>/<int:part>/", views.attachment, name="attachment"),
]
