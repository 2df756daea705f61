"""Signed packages between offices."""
