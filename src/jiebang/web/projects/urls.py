"""Addresses of the project room."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
