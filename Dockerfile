ARG BASE_IMAGE=python:3.12-slim-bookworm

# Nothing of this stage but the finished environment reaches the image.
FROM ${BASE_IMAGE} AS build
WORKDIR /src
COPY requirements.lock requirements-build.lock ./
RUN python3 -m venv /opt/build \
    && /opt/build/bin/python -m pip install --no-cache-dir --require-hashes -r requirements-build.lock \
    && python3 -m venv /opt/siaga \
    && /opt/siaga/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY collector collector
COPY alerts alerts
RUN /opt/build/bin/python -m pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/siaga/bin/python -m pip install --no-cache-dir --no-deps --no-index /dist/*.whl \
    # the libraries' own tests: a tenth of the image
    && find /opt/siaga -type d -name tests -prune -exec rm -r {} + \
    && mkdir /data

FROM ${BASE_IMAGE}
LABEL org.opencontainers.image.title="Siaga" \
      org.opencontainers.image.description="Early warning for hoaxes about elections and public programmes" \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /opt/siaga /opt/siaga
# Numeric, so that a cluster can see that it is not root. A named volume takes this owner over; a bind mount must have it.
COPY --from=build --chown=10001:10001 /data /data
# The root may be read-only: all that changes lies in /data, and modules were compiled when they were installed.
ENV PATH=/opt/siaga/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SIAGA_CONFIG=/data/sources.yaml
VOLUME /data
# The page, where `web:` in sources.yaml listens on 0.0.0.0:8080; off unless it does, and refused without a password.
EXPOSE 8080
WORKDIR /data
USER 10001:10001
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s CMD ["siaga", "status", "--probe"]
ENTRYPOINT ["siaga"]
CMD ["run"]
