"""Addresses of the office's pages."""

from django.urls import path

from jiebang.web.office import lists, registers

urlpatterns = [
    path("office/needs/", lists.needs, name="office_needs"),
    path("office/challenges/", lists.challenges, name="office_challenges"),
    path("office/bids/", lists.bids, name="office_bids"),
    path("office/projects/", lists.projects, name="office_projects"),
    path("office/objections/", lists.objections, name="office_objections"),
    path("office/people/", registers.people, name="office_people"),
    path("office/organisations/", registers.organisations, name="office_organisations"),
]
