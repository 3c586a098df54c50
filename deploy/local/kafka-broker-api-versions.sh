#!/bin/sh
# The health check's call, --bootstrap-server HOST:PORT: does the broker answer? Sightline's own command asks it.
SIGHTLINE_OPTS="-Xmx64m -XX:+UseSerialGC -XX:TieredStopAtLevel=1" exec /opt/sightline/entrypoint.sh topics describe --bootstrap-servers "$2"
