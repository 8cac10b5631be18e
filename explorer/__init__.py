"""The public site: pages for readers, made of answers of the public API."""
