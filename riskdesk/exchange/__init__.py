"""Signed packages between offices: keys, trust, containers, verification, encryption."""
