from django.urls import path

from reporting import views

app_name = "oberih_reporting"

urlpatterns = [
    path("overview/", views.start, name="overview"),
    path("overview/trainings/", views.find, name="find"),
    path("people-trained/", views.people_trained, name="people_trained"),
    path("people-trained.csv", views.people_trained_csv, name="people_trained_csv"),
    path("people-trained.xlsx", views.people_trained_xlsx, name="people_trained_xlsx"),
]
