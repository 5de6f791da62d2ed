"""The three generations in which one and the same thing is coded, and how a code answers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Generation(models.TextChoices):
    """Which generation of a code is meant.

    Customs and inspection merged their declarations on 2018-08-01: since then the goods declaration uses one code
    (``CURRENT``; ISO alpha-3 for countries and currencies). The cross-border e-commerce messages still use the code
    customs had before (``CUSTOMS``: currency 142, wrap type 2). ``CIQ`` is the code of the former inspection service.
    """

    CURRENT = "current", _("现行代码")
    CUSTOMS = "customs", _("原报关代码")
    CIQ = "ciq", _("原报检代码")
