"""Suppliers: their feeds fetched, read and mapped."""
