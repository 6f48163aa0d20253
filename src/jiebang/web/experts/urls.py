"""Addresses of the experts' pages."""

from django.urls import path

from jiebang.web.experts import arguing, listing, profile, review

urlpatterns = [
    path("reviews/", listing.reviews, name="reviews"),
    path("reviews/interest/", arguing.interest, name="review_interest"),
    path("reviews/profile/", profile.profile, name="review_profile"),
    path("reviews/<int:pk>/", review.review, name="review"),
    path("reviews/<int:pk>/draft/", review.draft, name="review_draft"),
    path("reviews/<int:pk>/recuse/", review.recuse, name="review_recuse"),
    path("reviews/needs/<str:number>/", arguing.need, name="review_need"),
]
