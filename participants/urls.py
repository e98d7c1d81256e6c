from django.urls import path

from participants import views

app_name = "oberih_participants"

urlpatterns = [
    path("p/<str:token>/", views.enter, name="enter"),
    path("my-consents/", views.consents, name="consents"),
    path("forget-me-here/", views.leave, name="leave"),
]
