"""Coded values of ports and places."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PortKind(models.TextChoices):
    """What a port of entry serves."""

    AIR = "air", _("航空口岸")
    RAIL = "rail", _("铁路口岸")
    WATER = "water", _("水运口岸")
    ZONE = "zone", _("综合保税区")


class PlaceKind(models.TextChoices):
    """Kinds of customs supervision places (海关监管作业场所（场地）设置规范, 2019): five of goods, three of sites."""

    WATER = "water", _("水路运输类作业场所")
    ROAD = "road", _("公路运输类作业场所")
    AIR = "air", _("航空运输类作业场所")
    RAIL = "rail", _("铁路运输类作业场所")
    EXPRESS = "express", _("快递类作业场所")
    PASSENGER = "passenger", _("旅客通关作业场地")
    POST = "post", _("邮检作业场地")
    QUARANTINE = "quarantine", _("进境动物隔离检疫场")


class GoodsKind(models.TextChoices):
    """What a place may receive: general kinds, and those that need a designated site (海关总署公告2019年第212号)."""

    GENERAL = "general", _("普通货物")
    PARCEL_IMPORT = "parcel_import", _("跨境电商零售进口")
    PARCEL_EXPORT = "parcel_export", _("跨境电商零售出口")
    BONDED = "bonded", _("保税货物")
    MEAT = "meat", _("肉类")
    CHILLED_SEAFOOD = "chilled_seafood", _("冰鲜水产品")
    GRAIN = "grain", _("粮食")
    FRUIT = "fruit", _("水果")
    LIVE_AQUATIC = "live_aquatic", _("食用水生动物")
    SEEDLING = "seedling", _("植物种苗")
    LOG = "log", _("原木")
    LIVE_ANIMAL = "live_animal", _("隔离检疫动物")
    VEHICLE = "vehicle", _("汽车整车")
