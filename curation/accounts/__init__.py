"""Accounts: sessions, two-factor sign-in, one-time links, and the log of all that."""
