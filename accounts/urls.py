from django.urls import path

from accounts import views

app_name = "oberih_accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("second-factor/", views.second_factor, name="second_factor"),
    path("second-factor/code.svg", views.totp_code, name="totp_code"),
    path("go-on/", views.go_on, name="go_on"),
    path("invitations/", views.invitations, name="invitations"),
    path("invitations/<uuid:uuid>/withdraw/", views.withdraw, name="withdraw"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
]
