"""Addresses of the experts' pages."""

from django.urls import path

from jiebang.web.experts import arguing, listing, panels, profile, review

urlpatterns = [
    path("reviews/", listing.reviews, name="reviews"),
    path("reviews/interest/", arguing.interest, name="review_interest"),
    path("reviews/profile/", profile.profile, name="review_profile"),
    path("reviews/<int:pk>/", review.review, name="review"),
    path("reviews/<int:pk>/draft/", review.draft, name="review_draft"),
    path("reviews/<int:pk>/recuse/", review.recuse, name="review_recuse"),
    path("reviews/panels/<int:pk>/", panels.panel, name="review_panel"),
    path("reviews/panels/<int:pk>/change/<int:assignment>/", panels.change, name="review_panel_change"),
    path("reviews/panels/<int:pk>/minority/", panels.minority, name="review_panel_minority"),
    path("reviews/needs/<str:number>/", arguing.need, name="review_need"),
]
