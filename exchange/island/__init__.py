"""The invented island of the demo: nothing of it exists, and each record says so.

`fixtures/island/island.yaml` has its places, actors and affiliations and the incidents that are
told at length. `incidents` generates the others, by a fixed seed; `periodicals` has the reports
that they cite. `writing` writes all of them at once, `loading` publishes them and then corrects,
withdraws, merges and redacts a few, as editors do.
"""
