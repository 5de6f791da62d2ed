"""The pages of goods declarations."""

from kouan.accounts.codes import Role

TRADER = (Role.TRADER_CLERK,)
SEERS = (Role.TRADER_CLERK, Role.OFFICER, Role.PORT_OFFICE_CLERK)
