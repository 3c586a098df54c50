#!/bin/bash
# The health check's call, --bootstrap-server HOST:PORT: does the broker take connections? It opens its listener when it is
# ready; Kafka's own script asks more, and starts a Java machine for it every few seconds.
exec 3<>"/dev/tcp/${2%:*}/${2##*:}"
