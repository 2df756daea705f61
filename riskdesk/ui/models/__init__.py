"""Item models over what the services give."""
