from tandem.integrations.views.chats import pages
from tandem.integrations.views.place_urls import addresses

app_name = "chats"

urlpatterns = addresses(pages, test="test")
