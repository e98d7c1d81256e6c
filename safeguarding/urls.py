from django.urls import path

from safeguarding import views

app_name = "oberih_safeguarding"

urlpatterns = [path("reason/<str:token>/", views.reason, name="reason")]
