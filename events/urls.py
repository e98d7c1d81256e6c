from django.urls import path

from events import staff_views, views

app_name = "oberih_events"

urlpatterns = [
    path("events/", views.event_list, name="list"),
    path("events/<str:code>/", views.detail, name="detail"),
    path("events/<str:code>/register/", views.register, name="register"),
    path("events/<str:code>/registered/<str:token>/", views.registered, name="registered"),
    path("registrations/<uuid:uuid>/", views.registration, name="registration"),
    path("registrations/<uuid:uuid>/accept/", views.accept, name="accept"),
    path("registrations/<uuid:uuid>/cancel/", views.cancel, name="cancel"),
    path("registrations/<uuid:uuid>/calendar.ics", views.calendar_file, name="calendar"),
    path("registrations/<uuid:uuid>/ticket.svg", views.ticket, name="ticket"),
    path("trainings/", staff_views.trainings, name="trainings"),
    path("trainings/new/", staff_views.schedule, name="schedule"),
    path("trainings/<uuid:uuid>/", staff_views.training, name="training"),
    path("trainings/<uuid:uuid>/edit/", staff_views.edit, name="edit"),
    path("trainings/<uuid:uuid>/cancel/", staff_views.cancel_event, name="cancel_event"),
    path("trainings/<uuid:uuid>/people/<uuid:registration>/", staff_views.person, name="person"),
]
