"""The ASGI application granian serves."""

import gc
import os

from django.conf import settings
from django.core.asgi import get_asgi_application

from tandem.config import edge, statics
from tandem.core.live.endpoint import live
from tandem.core.monitoring import tracing
from tandem.core.sqlite import base as sqlite

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tandem.config.settings")
# Before the middleware is loaded: a span stands around all of it, and the files are looked up once.
tracing.begin()
if settings.SERVESTATIC_USE_STATIC_ROOT:
    statics.gather(settings.STATIC_ROOT)
application = edge.bounded(live(get_asgi_application()))  # type: ignore[arg-type]
if settings.SECURE_COOKIES:
    application = edge.by_https(application)

# One for each request that is answered at once.
sqlite.keep(4)

# What start-up allocated never dies: keeping it out of collections halves p95 of long lists.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
