"""Addresses of declarations."""

from django.urls import path

from kouan.declarations.views import applying, card_signing, checking, drafts, months, movements, sheets, unplaced

urlpatterns = [
    path("drafts/", drafts.list_drafts, name="drafts"),
    path("drafts/new/", drafts.new_declaration, name="new-declaration"),
    path("drafts/<uuid:pk>/", drafts.edit_draft, name="draft"),
    path("drafts/<uuid:pk>/save/", drafts.save_draft_of, name="save-draft"),
    path("drafts/<uuid:pk>/check/", drafts.check_draft, name="check-draft"),
    path("drafts/<uuid:pk>/review/", checking.review_draft, name="review-draft"),
    path("drafts/<uuid:pk>/take-back/", checking.take_back, name="take-back-draft"),
    path("drafts/<uuid:pk>/discard/", drafts.discard, name="discard-draft"),
    path("drafts/<uuid:pk>/unsigned/", card_signing.download_all, name="unsigned-messages"),
    path("drafts/<uuid:pk>/unsigned/<int:number>/", card_signing.download_one, name="unsigned-message"),
    path("drafts/<uuid:pk>/signed/", card_signing.upload_signed, name="upload-signed"),
    path("drafts/<uuid:pk>/reopen/", card_signing.reopen, name="reopen-draft"),
    path("drafts/from/<uuid:pk>/", drafts.copy_case, name="copy-case"),
    path("sheets/", sheets.upload_sheet, name="upload-sheet"),
    path("sheets/<uuid:pk>/", sheets.show_sheet, name="sheet"),
    path("sheets/<uuid:pk>/annotated/", sheets.annotated_sheet, name="annotated-sheet"),
    path("sheets/result/", sheets.sheet_result, name="sheet-result"),
    path("sheets/template/", sheets.sheet_template, name="sheet-template"),
    path("exports/month/", months.show_month, name="export-month"),
    path("exports/month/close/", applying.close, name="close-export-month"),
    path("exports/movements/", movements.list_movements, name="movements"),
    path("exports/movements/new/<slug:kind>/", movements.declare, name="new-movement"),
    path("exports/movements/<uuid:pk>/", movements.show_movement, name="movement"),
    path("exports/<uuid:pk>/cancel/", applying.cancel_list, name="cancel-export"),
    path("exports/<uuid:pk>/return/", applying.return_goods, name="return-export"),
    path("unplaced/", unplaced.list_unplaced, name="unplaced"),
]
