"""The office's data file: append-only revisions are the truth, everything else is projected from them."""
