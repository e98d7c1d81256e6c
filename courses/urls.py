from django.urls import path

from courses import views
from courses.staff import comparing, confirming, marking, people

app_name = "oberih_courses"

urlpatterns = [
    path("", views.learning, name="learning"),
    path("courses/<uuid:key>/enrol/", views.enrol, name="enrol"),
    path("lessons/<uuid:key>/done/", views.lesson_done, name="lesson_done"),
    path("lessons/<uuid:key>/checks/<uuid:block>/", views.check, name="check"),
    path("lessons/<uuid:key>/media/<uuid:block>/file/", views.media_file, name="media_file"),
    path(
        "lessons/<uuid:key>/media/<uuid:block>/captions/<str:language>/",
        views.media_captions,
        name="media_captions",
    ),
    path("assessments/<uuid:key>/", views.assessment, name="assessment"),
    path("attempts/<uuid:uuid>/", views.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/answers/", views.answers, name="answers"),
    path("attempts/<uuid:uuid>/result/", views.result, name="result"),
    path("taught/", people.taught, name="taught"),
    path("marking/", marking.queue, name="marking"),
    path("marking/<uuid:uuid>/", marking.mark, name="mark"),
    path("courses/<uuid:key>/people/", people.learners, name="learners"),
    path("courses/<uuid:key>/people.csv", people.learners_file, {"kind": "csv"}, name="learners_csv"),
    path("courses/<uuid:key>/people.xlsx", people.learners_file, {"kind": "xlsx"}, name="learners_xlsx"),
    path("courses/<uuid:key>/people/confirm/", confirming.confirm, name="confirm"),
    path("courses/<uuid:key>/people/<uuid:uuid>/", people.learner, name="learner"),
    path("courses/<uuid:key>/before-and-after/", comparing.compared, name="compared"),
]
