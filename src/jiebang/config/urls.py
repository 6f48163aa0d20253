"""All addresses: pages under English words, the API under /api/v1/."""

from django.urls import include, path

urlpatterns = [path("", include("jiebang.web.urls"))]
