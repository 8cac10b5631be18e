"""The peers: servers of the same incidents, as other tools are commonly used.

Plain Django REST framework and django-ninja read the working tables, with all parts of an incident
prefetched. FastAPI and a bare view read the documents that publishing has stored. None of them is
reachable in an installation: `manage.py benchmark` starts them.
"""
