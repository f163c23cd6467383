from django.urls import path

from tandem.integrations.views import webhooks as views

app_name = "webhooks"

urlpatterns = [
    path("", views.webhooks, name="webhooks"),
    path("<int:pk>/", views.webhook, name="webhook"),
    path("<int:pk>/secret/", views.rotate_secret, name="secret"),
    path("<int:pk>/ping/", views.ping, name="ping"),
    path("<int:pk>/state/", views.state, name="state"),
    path("<int:pk>/deletion/", views.delete, name="delete"),
    path("<int:pk>/deliveries/<uuid:delivery>/", views.delivery, name="delivery"),
    path("<int:pk>/deliveries/<uuid:delivery>/sending/", views.send_again, name="send-again"),
]
