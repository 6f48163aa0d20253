"""Addresses of the office's pages."""

from django.urls import path

from jiebang.web.office import bids, challenges, judged, lists, moving, needs, objections, projects, proposals, registers

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
    path("office/challenges/<str:number>/", challenges.challenge, name="office_challenge"),
    path("office/challenges/<str:number>/bids/", bids.check, name="office_check"),
    path("office/challenges/<str:number>/experts/", judged.experts, name="office_experts"),
    path("office/challenges/<str:number>/scores/", judged.scores, name="office_scores"),
    path("office/challenges/<str:number>/questions/", challenges.questions, name="office_questions"),
    path("office/questions/<int:pk>/", challenges.answer, name="office_answer"),
    path("office/bids/<str:number>/", bids.bid, name="office_bid"),
    path("office/bids/<str:number>/experts/", judged.assign, name="office_assign"),
    path("office/objections/<str:number>/", objections.objection, name="office_objection"),
    path("office/projects/<str:number>/", projects.project, name="office_project"),
    path("office/projects/<str:number>/gates/<str:gate>/", projects.gate, name="office_gate"),
    path("office/projects/<str:number>/milestones/<int:order>/", projects.milestone, name="office_milestone"),
    path("office/projects/<str:number>/measure/", projects.measure, name="office_measure"),
    path("office/projects/<str:number>/pay/<int:order>/", projects.pay, name="office_pay"),
    path("office/evidence/<int:pk>/", needs.evidence, name="office_evidence"),
    path("office/proposals/<int:pk>/", proposals.proposal, name="office_proposal"),
    path("office/<str:room>/<str:number>/do/<str:command>/", moving.move, name="office_move"),
]
