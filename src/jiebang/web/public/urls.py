"""Addresses of the public pages."""

from django.urls import path

from jiebang.web.public import board

urlpatterns = [
    path("challenges/", board.challenges, name="challenges"),
]
