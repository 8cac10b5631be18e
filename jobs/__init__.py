"""Background jobs: long work that a worker does outside of requests.

`start_job` starts one, `register` makes a function a kind of job, and `manage.py work` is the
worker. Functions that are kinds of jobs are in the file `jobs.py` of each app.
"""
