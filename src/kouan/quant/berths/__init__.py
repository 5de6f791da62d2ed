"""Berth plans: which ship lies where and when, with the best found, a proved bound and an independent checker."""
