"""Addresses of the office's pages."""

from django.urls import path

from jiebang.web.office import lists, moving, needs, proposals, registers

urlpatterns = [
    path("office/needs/", lists.needs, name="office_needs"),
    path("office/challenges/", lists.challenges, name="office_challenges"),
    path("office/bids/", lists.bids, name="office_bids"),
    path("office/projects/", lists.projects, name="office_projects"),
    path("office/objections/", lists.objections, name="office_objections"),
    path("office/people/", registers.people, name="office_people"),
    path("office/organisations/", registers.organisations, name="office_organisations"),
    path("office/needs/<str:number>/", needs.need, name="office_need"),
    path("office/needs/<str:number>/ask/", needs.ask, name="office_need_ask"),
    path("office/evidence/<int:pk>/", needs.evidence, name="office_evidence"),
    path("office/proposals/<int:pk>/", proposals.proposal, name="office_proposal"),
    path("office/<str:room>/<str:number>/do/<str:command>/", moving.move, name="office_move"),
]
