from django.urls import path

from courses import views

app_name = "oberih_courses"

urlpatterns = [
    path("", views.learning, name="learning"),
    path("courses/<uuid:key>/enrol/", views.enrol, name="enrol"),
    path("kept/<uuid:key>/", views.copy, name="copy"),
    path("lessons/answers/", views.lesson_answers, name="lesson_answers"),
    path("lessons/<uuid:key>/done/", views.lesson_done, name="lesson_done"),
    path("lessons/<uuid:key>/checks/<uuid:block>/", views.check, name="check"),
    path("assessments/<uuid:key>/", views.assessment, name="assessment"),
    path("attempts/<uuid:uuid>/", views.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/result/", views.result, name="result"),
]
