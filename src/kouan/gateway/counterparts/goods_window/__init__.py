"""The national window for goods declarations, played: import response, then every channel of the business receipt.

Not a customs system. What it issues is marked 演示 in every note.
"""
