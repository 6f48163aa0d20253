"""Addresses of the API."""

from django.urls import path

from jiebang.api.answers import not_here
from jiebang.api.app import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/v1/<path:rest>", not_here),
]
