"""Use cases; the only place that combines store, documents and exchange."""
