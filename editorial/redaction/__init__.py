"""Redaction: what is removed goes from the past as well, and does not come back."""
