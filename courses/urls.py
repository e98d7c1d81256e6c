from django.urls import path

from courses import views

app_name = "oberih_courses"

urlpatterns = [
    path("", views.learning, name="learning"),
    path("courses/<uuid:key>/enrol/", views.enrol, name="enrol"),
    path("courses/<uuid:key>/ask/", views.ask, name="ask"),
    path("courses/<uuid:key>/key/", views.key, name="key"),
    path("requests/<uuid:uuid>/withdraw/", views.withdraw_request, name="withdraw_request"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/<str:token>/", views.stop_reminders, name="stop_reminders"),
    path("lessons/<uuid:key>/done/", views.lesson_done, name="lesson_done"),
    path("lessons/<uuid:key>/checks/<uuid:block>/", views.check, name="check"),
    path("assessments/<uuid:key>/", views.assessment, name="assessment"),
    path("attempts/<uuid:uuid>/", views.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/result/", views.result, name="result"),
]
