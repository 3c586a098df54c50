#!/bin/sh
# The C library's allocator keeps what was freed apart for each of many threads: two such places do for all.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
# shellcheck disable=SC2086
exec /opt/jre/bin/java @/opt/sightline/jvm.options ${SIGHTLINE_OPTS:--Xms1g -Xmx1g} \
    -cp "/opt/sightline/sightline.jar:/opt/sightline/lib/*" sightline.pipeline.cli.Sightline "$@"
