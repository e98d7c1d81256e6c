from django.urls import path

from participants import same_views, views

app_name = "oberih_participants"

urlpatterns = [
    path("p/<str:token>/", views.enter, name="enter"),
    path("my-consents/", views.consents, name="consents"),
    path("forget-me-here/", views.leave, name="leave"),
    path("people/same/", same_views.same, name="same"),
    path("people/same/decide/", same_views.decide, name="same_decide"),
    path("people/same/merged/", same_views.merged, name="same_merged"),
    path("people/same/merged/<int:pk>/undo/", same_views.undo, name="same_undo"),
]
