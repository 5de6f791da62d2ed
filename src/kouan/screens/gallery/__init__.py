"""The gallery: every piece of the design language in every state, as the test bed of eyes and of tests.

All that it shows is made up and marked as 演示; nothing of it is stored.
"""
