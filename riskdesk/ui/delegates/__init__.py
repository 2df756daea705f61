"""Cells that are painted otherwise than as plain text."""
