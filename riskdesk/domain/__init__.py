"""The rules of risk monitoring: frozen dataclasses and pure functions; no Qt, no SQL, no files, no clock."""
