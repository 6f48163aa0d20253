"""Addresses of the pages of those who solve."""

from django.urls import path

from jiebang.web.bidders import bid, bids, project, reporting, starting, suggesting, team

urlpatterns = [
    path("bids/", bids.bids, name="bids"),
    path("bids/new/", starting.new, name="bid_new"),
    path("bids/<str:number>/", bid.bid, name="bid"),
    path("bids/<str:number>/edit/<str:step>/", bid.edit, name="bid_edit"),
    path("bids/<str:number>/check/", bid.check, name="bid_check"),
    path("bids/<str:number>/team/", team.team, name="bid_team"),
    path("bids/<str:number>/team/suggest/", suggesting.suggested, name="bid_suggest"),
    path("bids/<str:number>/do/<str:command>/", bid.do, name="bid_do"),
    path("bids/<str:number>/receipt/", bid.receipt, name="bid_receipt"),
    path("bids/<str:number>/files/<str:sha256>/", bid.file, name="bid_file"),
    path("projects/<str:number>/work/", project.work, name="work"),
    path("projects/<str:number>/work/answer/", project.answer, name="work_answer"),
    path("projects/<str:number>/work/do/<str:command>/", project.do, name="work_do"),
    path("projects/<str:number>/work/files/<str:sha256>/", project.file, name="work_file"),
    path("projects/<str:number>/work/milestones/<int:order>/", reporting.milestone, name="work_milestone"),
    path("projects/<str:number>/work/measure/", reporting.measure, name="work_measure"),
    path("invitations/<int:number>/", team.invitation, name="invitation"),
]
