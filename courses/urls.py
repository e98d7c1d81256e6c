from django.urls import path

from courses import views

app_name = "oberih_courses"

urlpatterns = [
    path("", views.learning, name="learning"),
    path("courses/<uuid:key>/enrol/", views.enrol, name="enrol"),
    path("lessons/<uuid:key>/done/", views.lesson_done, name="lesson_done"),
    path("lessons/<uuid:key>/checks/<uuid:block>/", views.check, name="check"),
    path("lessons/<uuid:key>/packages/<uuid:block>/", views.package, name="package"),
    path("package-runs/<uuid:uuid>/commit/", views.package_commit, name="package_commit"),
    path("package-runs/<uuid:uuid>/statements/", views.package_statements, name="package_statements"),
    path("package-runs/<uuid:uuid>/open/", views.package_open, name="package_open"),
    path("assessments/<uuid:key>/", views.assessment, name="assessment"),
    path("attempts/<uuid:uuid>/", views.attempt, name="attempt"),
    path("attempts/<uuid:uuid>/result/", views.result, name="result"),
]
