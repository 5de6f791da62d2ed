"""The pages of the broker's desk."""

from kouan.accounts.codes import Role

TRADER = (Role.TRADER_CLERK,)
