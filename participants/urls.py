from django.urls import path

from participants import my_data_views, same_views, views

app_name = "oberih_participants"

urlpatterns = [
    path("p/<str:token>/", views.enter, name="enter"),
    path("my-consents/", views.consents, name="consents"),
    path("forget-me-here/", views.leave, name="leave"),
    path("people/same/", same_views.same, name="same"),
    path("people/same/decide/", same_views.decide, name="same_decide"),
    path("people/same/merged/", same_views.merged, name="same_merged"),
    path("people/same/merged/<int:pk>/undo/", same_views.undo, name="same_undo"),
    path("me/", my_data_views.me, name="me"),
    path("me/data.json", my_data_views.as_json, name="me_json"),
    path("me/data.zip", my_data_views.as_zip, name="me_zip"),
    path("me/correct/", my_data_views.correct, name="correct"),
    path("me/contact/<str:token>/", my_data_views.new_contact, name="new_contact"),
    path("me/erase/", my_data_views.erase, name="erase"),
    path("me/erased/", my_data_views.erased, name="erased"),
    path("me/prove/", my_data_views.prove, name="prove"),
    path("me/link/", my_data_views.link, name="link"),
    path("me/link/sent/", my_data_views.link_sent, name="link_sent"),
]
