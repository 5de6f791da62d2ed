"""Addresses of declarations."""

from django.urls import path

from kouan.declarations import unplaced, views

urlpatterns = [
    path("drafts/", views.list_drafts, name="drafts"),
    path("drafts/new/", views.new_declaration, name="new-declaration"),
    path("drafts/<uuid:pk>/", views.edit_draft, name="draft"),
    path("drafts/<uuid:pk>/save/", views.save_draft_of, name="save-draft"),
    path("drafts/<uuid:pk>/check/", views.check_draft, name="check-draft"),
    path("drafts/<uuid:pk>/discard/", views.discard, name="discard-draft"),
    path("drafts/from/<uuid:pk>/", views.copy_case, name="copy-case"),
    path("sheets/", views.upload_sheet, name="upload-sheet"),
    path("sheets/result/", views.sheet_result, name="sheet-result"),
    path("sheets/template/", views.sheet_template, name="sheet-template"),
    path("unplaced/", unplaced.list_unplaced, name="unplaced"),
]
