"""The server: gunicorn, with a worker whose threads never wait for a client.

gunicorn's own threads wait wherever a client is slow: for its headers, for its body, until it has
read the answer and until it closes. As few clients as there are threads would stop the server. Here
the loop of a worker receives whole requests and sends what is left of answers; threads compute, and
wait for the reader of a stream alone, of which the API limits the number.
"""
