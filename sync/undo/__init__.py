"""Undo: put back what a job replaced in a shop, where the shop still holds what the job wrote."""
