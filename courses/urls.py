from django.urls import path

from courses import views
from courses.enrolling import courses, groups, lists
from courses.staff import comparing, confirming, marking, people

app_name = "oberih_courses"

urlpatterns = [
    path("", views.learning, name="learning"),
    path("courses/<uuid:key>/enrol/", views.enrol, name="enrol"),
    path("kept/<uuid:key>/", views.copy, name="copy"),
    path("lessons/answers/", views.lesson_answers, name="lesson_answers"),
    path("courses/<uuid:key>/ask/", views.ask, name="ask"),
    path("courses/<uuid:key>/key/", views.key, name="key"),
    path("requests/<uuid:uuid>/withdraw/", views.withdraw_request, name="withdraw_request"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("reminders/", views.reminders, name="reminders"),
    path("reminders/<str:token>/", views.stop_reminders, name="stop_reminders"),
    path("lessons/<uuid:key>/done/", views.lesson_done, name="lesson_done"),
    path("lessons/<uuid:key>/checks/<uuid:block>/", views.check, name="check"),
    path("lessons/<uuid:key>/media/<uuid:block>/file/", views.media_file, name="media_file"),
    path(
        "lessons/<uuid:key>/media/<uuid:block>/captions/<str:language>/",
        views.media_captions,
        name="media_captions",
    ),
    path("lessons/<uuid:key>/packages/<uuid:block>/", views.package, name="package"),
    path("package-runs/<uuid:uuid>/commit/", views.package_commit, name="package_commit"),
    path("package-runs/<uuid:uuid>/statements/", views.package_statements, name="package_statements"),
    path("package-runs/<uuid:uuid>/open/", views.package_open, name="package_open"),
    path("lessons/<uuid:key>/media/<uuid:block>/", views.played_part, name="media"),
    path("lessons/<uuid:key>/time/", views.time, name="time"),
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
    path("groups/", groups.groups, name="groups"),
    path("groups/new/", groups.new, name="group_new"),
    path("groups/<uuid:uuid>/", groups.group, name="group"),
    path("groups/<uuid:uuid>/edit/", groups.edit, name="group_edit"),
    path("groups/<uuid:uuid>/archive/", groups.archive, name="group_archive"),
    path("groups/<uuid:uuid>/members/", groups.add_member, name="group_add_member"),
    path("groups/<uuid:uuid>/members/<uuid:participant>/", groups.member, name="group_member"),
    path(
        "groups/<uuid:uuid>/members/<uuid:participant>/remove/", groups.remove_member, name="group_remove_member"
    ),
    path("groups/<uuid:uuid>/courses/", groups.add_course, name="group_add_course"),
    path("groups/<uuid:uuid>/courses/<uuid:key>/remove/", groups.remove_course, name="group_remove_course"),
    path("groups/<uuid:uuid>/list/", lists.into_group, name="list_into_group"),
    path("enrolling/", courses.courses, name="enrolling_courses"),
    path("enrolling/<uuid:key>/", courses.course, name="enrolling"),
    path("enrolling/<uuid:key>/person/", courses.enrol_person, name="enrol_person"),
    path("enrolling/<uuid:key>/list/", lists.into_course, name="list_into_course"),
    path("enrolling/requests/<uuid:uuid>/", courses.answer, name="request"),
    path("enrolling/invitations/<int:pk>/", courses.change_invitation, name="change_invitation"),
    path("enrolling/lists/<uuid:uuid>/", lists.preview, name="list"),
    path("enrolling/template.<str:kind>", lists.template, name="list_template"),
    path("enrolments/<uuid:uuid>/due/", courses.due_date, name="due"),
]
