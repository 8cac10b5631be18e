"""The network of a day: its data, its picture and its page."""
