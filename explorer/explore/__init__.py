"""The explore page: incidents by any filter of the API, as a list, a map, a picture or a table."""
