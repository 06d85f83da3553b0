# A small image with a release in it: no root, nothing written outside /tmp, a health check without curl.
#   docker build -t dxlod . && docker run --rm -p 127.0.0.1:8000:8000 --read-only --tmpfs /tmp dxlod
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY dxlod dxlod
COPY ontology ontology
COPY mappings mappings
COPY shapes shapes
COPY tests/competency tests/competency
RUN python -m venv --without-pip /opt/dxlod \
    && pip --python /opt/dxlod/bin/python install --no-cache-dir .

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /srv/dxlod --create-home dxlod
COPY --from=build /opt/dxlod /opt/dxlod
COPY --chown=10001:10001 data /srv/dxlod/data
ENV PATH=/opt/dxlod/bin:$PATH PYTHONUNBUFFERED=1
WORKDIR /srv/dxlod
USER 10001
RUN dxlod build
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["dxlod", "serve", "--host", "0.0.0.0", "--port", "8000"]
