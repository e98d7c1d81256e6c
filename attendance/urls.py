from django.urls import path

from attendance import views

app_name = "oberih_attendance"

urlpatterns = [
    path("registers/<int:session>/", views.register, name="register"),
    path("registers/<int:session>/people/<uuid:registration>/", views.mark, name="mark"),
    path("registers/<int:session>/people/<uuid:registration>/correct/", views.correct, name="correct"),
    path("registers/<int:session>/all-present/", views.all_present, name="all_present"),
    path("registers/<int:session>/close/", views.close, name="close"),
    path("registers/events/<uuid:event>/walk-in/", views.walk_in, name="walk_in"),
    path("registers/events/<uuid:event>/headcount/", views.headcount, name="headcount"),
    path("registers/events/<uuid:event>/close/", views.close_event, name="close_event"),
]
