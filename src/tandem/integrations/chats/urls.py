from django.urls import path

from tandem.integrations.views import chats as views

app_name = "chats"

urlpatterns = [
    path("", views.chats, name="chats"),
    path("<int:pk>/", views.chat, name="chat"),
    path("<int:pk>/test/", views.test, name="test"),
    path("<int:pk>/state/", views.state, name="state"),
    path("<int:pk>/deletion/", views.delete, name="delete"),
    path("<int:pk>/deliveries/<uuid:delivery>/", views.delivery, name="delivery"),
    path("<int:pk>/deliveries/<uuid:delivery>/sending/", views.send_again, name="send-again"),
]
