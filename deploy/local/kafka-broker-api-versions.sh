#!/bin/sh
# The health check's call, --bootstrap-server HOST:PORT: does the broker answer? Sightline's own command asks it.
exec /opt/sightline/entrypoint.sh topics describe --bootstrap-servers "$2"
