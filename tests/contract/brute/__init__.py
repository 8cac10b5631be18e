"""The public record at random, and its lists read in plain Python: what filters must agree with.

`world` makes a small dataset through the real publication, `record` reads the feed into the
documents of any snapshot, `rules` says of each parameter what a document must be to meet it, and
`questions` asks at random.
"""
