"""Rules of quality for incidents."""

from incidents.quality import spanning, told

RULES = [*told.RULES, *spanning.RULES]
