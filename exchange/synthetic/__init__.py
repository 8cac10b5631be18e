"""Synthetic data: a large public record of nothing that ever happened, to see plans and costs by.

It is written straight to Editions and Entries, by the code that publishes: nobody edits a million
incidents by hand. The same number and the same seed give the same bytes.
"""
