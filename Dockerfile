# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE constraints.txt ./
COPY voiceapp ./voiceapp
RUN python -m venv /opt/voiceapp \
    && /opt/voiceapp/bin/pip install --no-cache-dir -c constraints.txt '.[fast]'

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/voiceapp voiceapp
COPY --from=build /opt/voiceapp /opt/voiceapp
COPY flows /flows
USER voiceapp
WORKDIR /var/lib/voiceapp
ENV PATH=/opt/voiceapp/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    VOICEAPP_FLOWS=/flows \
    VOICEAPP_HOST=0.0.0.0 \
    VOICEAPP_DB=sqlite+aiosqlite:////var/lib/voiceapp/calls.db
VOLUME ["/var/lib/voiceapp"]
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/readyz', timeout=2)"]
CMD ["voiceapp", "serve"]
