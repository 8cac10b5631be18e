"""How documents are shown to people: in words, by what differs, and on maps.

The site and the admin share it.
"""
