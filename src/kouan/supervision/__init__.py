"""Official documents become tasks with responsible units, targets and dates, and are followed until they are done."""
