"""Measurements beside other ways of serving the same data: `manage.py benchmark`."""
