"""Addresses of clearance."""

from django.urls import path

from kouan.clearance.views import cases, gate, ground, home, papers, reviews, tickets

urlpatterns = [
    path("my-work/", home.home, name="home"),
    path("cases/", cases.list_cases, name="cases"),
    path("cases/<uuid:pk>/", cases.show_case, name="case"),
    path("cases/<uuid:pk>/follow/", cases.follow_case, name="follow-case"),
    path("cases/<uuid:pk>/acknowledgement/", papers.show_acknowledgement, name="acknowledgement"),
    path("cases/<uuid:pk>/official/", papers.show_official_receipt, name="official-receipt"),
    path("cases/<uuid:pk>/coordinate/", tickets.open_ticket_page, name="open-ticket"),
    path("inspections/", ground.list_inspections, name="inspections"),
    path("inspections/<uuid:pk>/", ground.show_inspection, name="inspection"),
    path("arrivals/", ground.list_arrivals, name="arrivals"),
    path("arrivals/new/", ground.record_arrivals_page, name="record-arrivals"),
    path("gate/", gate.gate, name="gate"),
    path("gate/checks/", gate.list_checks, name="gate-checks"),
    path("reviews/", reviews.list_reviews, name="reviews"),
    path("reviews/<uuid:pk>/", reviews.show_review, name="review"),
    path("reviews/<uuid:pk>/confirm/", reviews.confirm_review, name="confirm-review"),
    path("tickets/", tickets.list_tickets, name="tickets"),
    path("tickets/<uuid:pk>/", tickets.show_ticket, name="ticket"),
]
