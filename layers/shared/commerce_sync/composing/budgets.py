"""What an operator is told of the accounts' budgets."""

import time
from typing import Any

from commerce_sync.aws.budget_table import BudgetTable
from commerce_sync.budgets.at_a_glance import budgets_at_a_glance
from commerce_sync.budgets.at_odds import limits_at_odds
from commerce_sync.composing.clients import BudgetSettings
from commerce_sync.config.limits import vendor_limits


def budgets_status(settings: BudgetSettings) -> dict[str, dict[str, Any]]:
    """Every account, or account and endpoint, that was called so far; nothing where no table is named."""
    rows = BudgetTable(settings.budget_table).all() if settings.budget_table else ()
    return budgets_at_a_glance(rows, vendor_limits(), time.time())


def limits_misfits(settings: BudgetSettings) -> list[str]:
    """Where the vendors' answers so far name other limits than limits.toml; nothing where no table is named."""
    rows = BudgetTable(settings.budget_table).all() if settings.budget_table else ()
    return limits_at_odds(rows, vendor_limits())
