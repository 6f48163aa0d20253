"""Addresses of the pages of those who ask."""

from django.urls import path

from jiebang.web.owners import country, need, needs, questions, starting, using, views

urlpatterns = [
    path("needs/", needs.needs, name="needs"),
    path("needs/country/", country.country, name="needs_country"),
    path("needs/new/", starting.new, name="need_new"),
    path("needs/<str:number>/", need.need, name="need"),
    path("needs/<str:number>/edit/<str:step>/", need.edit, name="need_edit"),
    path("needs/<str:number>/check/", need.check, name="need_check"),
    path("needs/<str:number>/do/<str:command>/", need.do, name="need_do"),
    path("needs/<str:number>/share/", starting.share, name="need_share"),
    path("needs/<str:number>/questions/", questions.questions, name="need_questions"),
    path("projects/<str:number>/work/validate/", using.validate, name="work_validate"),
    path("projects/<str:number>/work/follow-up/<int:month>/", using.follow_up, name="work_follow_up"),
    path("needs/<str:number>/bids/<str:bid>/", views.bid, name="need_bid"),
    path("needs/<str:number>/files/<str:sha256>/", need.file, name="need_file"),
]
