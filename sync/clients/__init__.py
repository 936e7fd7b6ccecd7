"""Clients around a shop's client: they look on, or stand in for it."""
