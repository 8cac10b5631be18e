# The server: `docker compose up` runs it with PostgreSQL and nginx. docs/operating.md explains it.

FROM python:3.13-slim-trixie AS packages
COPY requirements.txt /tmp/
RUN python -m venv /opt/muster \
    && /opt/muster/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements.txt

FROM python:3.13-slim-trixie
RUN useradd --system --uid 10001 muster \
    && install -d -o muster -g muster /data /run/muster
COPY --from=packages /opt/muster /opt/muster
COPY . /app
WORKDIR /app
ENV PATH=/opt/muster/bin:$PATH MUSTER_DATA=/data PYTHONDONTWRITEBYTECODE=1
RUN python -m compileall -q .
USER 10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "manage.py"]
CMD ["serve", "--bind", "127.0.0.1:8000", "--bind", "unix:/run/muster/muster.sock"]
