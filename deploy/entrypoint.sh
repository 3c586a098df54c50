#!/bin/sh
exec /opt/jre/bin/java --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    ${SIGHTLINE_OPTS:--Xmx1g} -cp "/opt/sightline/sightline.jar:/opt/sightline/lib/*" \
    sightline.pipeline.cli.Sightline "$@"
