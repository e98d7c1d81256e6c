from django.urls import path

from attendance import event_views, views

app_name = "oberih_attendance"

urlpatterns = [
    path("<int:session>/", views.register, name="register"),
    path("<int:session>/people/<uuid:registration>/", views.mark, name="mark"),
    path("<int:session>/people/<uuid:registration>/correct/", views.correct, name="correct"),
    path("<int:session>/all-present/", views.all_present, name="all_present"),
    path("<int:session>/close/", views.close, name="close"),
    path("events/<uuid:event>/walk-in/", event_views.walk_in, name="walk_in"),
    path("events/<uuid:event>/headcount/", event_views.headcount, name="headcount"),
    path("events/<uuid:event>/close/", event_views.close_event, name="close_event"),
]
