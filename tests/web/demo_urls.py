"""The addresses of a home made by `demo`."""

from django.urls import include, path

from jiebang.config import urls

urlpatterns = [*urls.urlpatterns, path("", include("jiebang.web.demo"))]
handler404 = urls.handler404
