# Small image, no root, health check. Build: docker build -t dxlod .
FROM python:3.11-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY dxlod dxlod
COPY ontology ontology
COPY mappings mappings
COPY shapes shapes
RUN python -m venv /opt/dxlod && /opt/dxlod/bin/pip install --no-cache-dir .

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /srv/dxlod --create-home dxlod
COPY --from=build /opt/dxlod /opt/dxlod
COPY --chown=10001 data /srv/dxlod/data
WORKDIR /srv/dxlod
USER 10001
RUN /opt/dxlod/bin/dxlod build
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=20s \
  CMD ["/opt/dxlod/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["/opt/dxlod/bin/dxlod", "serve", "--host", "0.0.0.0", "--port", "8000"]
