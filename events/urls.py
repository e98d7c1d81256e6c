from django.urls import path

from events import feeds, guardian_views, programme_views, register_views, registration_views, views
from events.colleagues import list_views as colleague_lists
from events.colleagues import people as colleagues
from events.colleagues import views as colleague_views
from events.staff import (
    announcing,
    answers,
    deciding,
    follow_ups,
    following,
    people,
    planning,
    programmes,
    training,
    trainings,
)

app_name = "oberih_events"

urlpatterns = [
    path("events/", views.event_list, name="list"),
    path("events/calendar.ics", feeds.public_calendar, name="public_calendar"),
    path("events/feed.rss", feeds.rss, name="feed"),
    path("events/month/<int:year>/<int:month>/", views.month, name="month"),
    path("events/<str:code>/", views.detail, name="detail"),
    path("events/<str:code>/dates.ics", views.dates_file, name="dates"),
    path("events/<str:code>/register/", register_views.register, name="register"),
    path("events/<str:code>/registered/<str:token>/", register_views.registered, name="registered"),
    path("programmes/", programme_views.programmes, name="programmes"),
    path("programmes/<slug:code>/", programme_views.programme, name="programme"),
    path("registrations/<uuid:uuid>/", registration_views.registration, name="registration"),
    path("registrations/<uuid:uuid>/accept/", registration_views.accept, name="accept"),
    path("registrations/<uuid:uuid>/cancel/", registration_views.cancel, name="cancel"),
    path("registrations/<uuid:uuid>/calendar.ics", registration_views.calendar_file, name="calendar"),
    path("registrations/<uuid:uuid>/change/", registration_views.change, name="change"),
    path("registrations/<uuid:uuid>/ticket.svg", registration_views.ticket, {"kind": "svg"}, name="ticket"),
    path("registrations/<uuid:uuid>/ticket.png", registration_views.ticket, {"kind": "png"}, name="ticket_image"),
    path("registrations/<uuid:uuid>/ticket.pdf", registration_views.tickets_file, name="ticket_paper"),
    path("s/<str:token>/", registration_views.short, name="short"),
    path("colleagues/", colleagues.colleagues, name="colleagues"),
    path("colleagues/events/", colleagues.events, name="colleagues_events"),
    path("colleagues/lists/<uuid:uuid>/", colleague_lists.registration_list, name="colleagues_list"),
    path("colleagues/people/<uuid:uuid>/cancel/", colleague_views.cancel, name="colleagues_cancel"),
    path("colleagues/people/<uuid:uuid>/replace/", colleague_views.replace, name="colleagues_replace"),
    path("colleagues/<int:organisation>/<uuid:uuid>/", colleague_views.event, name="colleagues_event"),
    path(
        "colleagues/<int:organisation>/<uuid:uuid>/register/", colleague_lists.register, name="colleagues_register"
    ),
    path("colleagues/<int:organisation>/<uuid:uuid>/file/", colleague_lists.from_file, name="colleagues_file"),
    path(
        "colleagues/<int:organisation>/<uuid:uuid>/list.<str:kind>",
        colleague_lists.template,
        name="colleagues_template",
    ),
    path("guardian/<str:token>/", guardian_views.guardian, name="guardian"),
    path("trainings/", trainings.trainings, name="trainings"),
    path("trainings/calendar/", following.follow, name="follow"),
    path("trainings/calendar/<str:token>.ics", feeds.own_calendar, name="own_calendar"),
    path("trainings/new/", planning.schedule, name="schedule"),
    path("trainings/programmes/", programmes.programmes, name="held_programmes"),
    path("trainings/programmes/<slug:code>/", programmes.programme, name="held_programme"),
    path("trainings/<uuid:uuid>/", training.training, name="training"),
    path("trainings/<uuid:uuid>/programme/", programmes.join, name="join_programme"),
    path("trainings/<uuid:uuid>/afterwards/", follow_ups.new, name="new_follow_up"),
    path("trainings/<uuid:uuid>/afterwards/<int:follow_up>/", follow_ups.change, name="follow_up"),
    path("trainings/<uuid:uuid>/edit/", planning.edit, name="edit"),
    path("trainings/<uuid:uuid>/cancel/", planning.cancel_event, name="cancel_event"),
    path("trainings/<uuid:uuid>/decide/", deciding.decide, name="decide"),
    path("trainings/<uuid:uuid>/write/", announcing.write, name="write"),
    path("trainings/<uuid:uuid>/people/<uuid:registration>/", people.person, name="person"),
    path(
        "trainings/<uuid:uuid>/people/<uuid:registration>/answers/<int:pk>/",
        answers.file,
        name="answer",
    ),
    path("trainings/<uuid:uuid>/people/<uuid:registration>/guardian/", people.guardian, name="person_guardian"),
    path("trainings/<uuid:uuid>/people/<uuid:registration>/group/", people.group, name="person_group"),
]
