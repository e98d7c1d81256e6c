from django.urls import path

from events import feeds, guardian_views, programme_views, registration_views, views
from events.staff import colleagues, following, people, planning, trainings

app_name = "oberih_events"

urlpatterns = [
    path("events/", views.event_list, name="list"),
    path("events/calendar.ics", feeds.public_calendar, name="public_calendar"),
    path("events/feed.rss", feeds.rss, name="feed"),
    path("events/month/<int:year>/<int:month>/", views.month, name="month"),
    path("events/<str:code>/", views.detail, name="detail"),
    path("events/<str:code>/dates.ics", views.dates_file, name="dates"),
    path("events/<str:code>/register/", registration_views.register, name="register"),
    path("events/<str:code>/registered/<str:token>/", registration_views.registered, name="registered"),
    path("programmes/", programme_views.programmes, name="programmes"),
    path("programmes/<slug:code>/", programme_views.programme, name="programme"),
    path("registrations/<uuid:uuid>/", registration_views.registration, name="registration"),
    path("registrations/<uuid:uuid>/accept/", registration_views.accept, name="accept"),
    path("registrations/<uuid:uuid>/cancel/", registration_views.cancel, name="cancel"),
    path("registrations/<uuid:uuid>/calendar.ics", registration_views.calendar_file, name="calendar"),
    path("registrations/<uuid:uuid>/ticket.svg", registration_views.ticket, name="ticket"),
    path("s/<str:token>/", registration_views.short, name="short"),
    path("colleagues/", colleagues.colleagues, name="colleagues"),
    path("guardian/<str:token>/", guardian_views.guardian, name="guardian"),
    path("trainings/", trainings.trainings, name="trainings"),
    path("trainings/calendar/", following.follow, name="follow"),
    path("trainings/calendar/<str:token>.ics", feeds.own_calendar, name="own_calendar"),
    path("trainings/new/", planning.schedule, name="schedule"),
    path("trainings/<uuid:uuid>/", people.training, name="training"),
    path("trainings/<uuid:uuid>/edit/", planning.edit, name="edit"),
    path("trainings/<uuid:uuid>/cancel/", planning.cancel_event, name="cancel_event"),
    path("trainings/<uuid:uuid>/people/<uuid:registration>/", people.person, name="person"),
    path("trainings/<uuid:uuid>/people/<uuid:registration>/guardian/", people.guardian, name="person_guardian"),
]
