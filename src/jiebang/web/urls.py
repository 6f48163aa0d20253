"""Every page under its English words. A room of pages brings its own `urlpatterns`; this file only names them."""

from django.conf import settings
from django.urls import include, path

from jiebang.web import health

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("jiebang.web.signin")),
    path("", include("jiebang.web.follow_up")),
    path("", include("jiebang.web.public.urls")),
    path("", include("jiebang.web.account")),
    path("", include("jiebang.web.desk.home")),
    path("", include("jiebang.web.owners.urls")),
    path("", include("jiebang.web.bidders.urls")),
    path("", include("jiebang.web.projects.urls")),
    path("", include("jiebang.web.replications.urls")),
    path("", include("jiebang.web.people.urls")),
    path("", include("jiebang.web.office.urls")),
    path("", include("jiebang.web.experts.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("jiebang.web.demo")))
