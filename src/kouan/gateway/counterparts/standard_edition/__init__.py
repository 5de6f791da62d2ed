"""The national standard edition, played: it stores what it is sent and answers with every official state.

Not a customs system. What it issues is marked 演示 in every receipt.
"""
