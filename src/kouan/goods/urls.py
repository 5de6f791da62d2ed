"""Addresses of goods declarations."""

from django.urls import path

from kouan.goods.views import applications, checking, declarations, drafts, papers, sheets, unplaced

urlpatterns = [
    path("goods/", declarations.list_goods, name="goods"),
    path("goods/new/", drafts.new_draft, name="new-goods-draft"),
    path("goods/drafts/", drafts.list_drafts, name="goods-drafts"),
    path("goods/drafts/<uuid:pk>/", drafts.edit_draft, name="goods-draft"),
    path("goods/drafts/<uuid:pk>/save/", drafts.save_draft_of, name="save-goods-draft"),
    path("goods/drafts/<uuid:pk>/check/", drafts.check_draft, name="check-goods-draft"),
    path("goods/drafts/<uuid:pk>/review/", checking.review_draft, name="review-goods-draft"),
    path("goods/drafts/<uuid:pk>/submit/", checking.submit, name="submit-goods-draft"),
    path("goods/drafts/<uuid:pk>/take-back/", checking.take_back, name="take-back-goods-draft"),
    path("goods/drafts/<uuid:pk>/elements/", drafts.show_elements, name="goods-elements"),
    path("goods/drafts/<uuid:pk>/discard/", drafts.discard, name="discard-goods-draft"),
    path("goods/drafts/<uuid:pk>/files/", drafts.add_file_page, name="add-goods-file"),
    path("goods/drafts/<uuid:pk>/files/<uuid:file>/remove/", drafts.remove_file_of, name="remove-goods-file"),
    path("goods/held/<uuid:pk>/", checking.review_held, name="held-goods"),
    path("goods/sheets/", sheets.upload_sheet, name="goods-sheet"),
    path("goods/sheets/template/", sheets.sheet_template, name="goods-sheet-template"),
    path("goods/sheets/<uuid:pk>/", sheets.show_sheet, name="goods-sheet-trial"),
    path("goods/sheets/<uuid:pk>/annotated/", sheets.annotated_sheet, name="annotated-goods-sheet"),
    path("goods/unplaced/", unplaced.list_unplaced, name="unplaced-goods"),
    path("goods/unplaced/<uuid:message>/<int:place>/", unplaced.show_unplaced, name="unplaced-goods-answer"),
    path("goods/applications/", applications.list_applications, name="goods-applications"),
    path("goods/applications/<uuid:pk>/", applications.show_application, name="goods-application"),
    path("goods/applications/<uuid:pk>/take-back/", applications.take_back_page, name="take-back-goods-application"),
    path("goods/<uuid:pk>/", declarations.show_goods, name="goods-declaration"),
    path("goods/<uuid:pk>/follow/", declarations.follow_goods, name="follow-goods"),
    path("goods/<uuid:pk>/acknowledgement/", papers.show_acknowledgement, name="goods-acknowledgement"),
    path("goods/<uuid:pk>/official/", papers.show_official_receipt, name="goods-official-receipt"),
    path("goods/<uuid:pk>/copy/", drafts.copy_goods, name="copy-goods"),
    path("goods/<uuid:pk>/correct/", drafts.correct_goods, name="correct-goods"),
    path("goods/<uuid:pk>/apply/", applications.ask_page, name="ask-goods-application"),
    path("goods/<uuid:pk>/tax/", declarations.record_tax_page, name="record-goods-tax"),
    path("goods/<uuid:pk>/files/<int:version>/<str:name>", declarations.download_file, name="goods-file"),
]
