#!/bin/sh
# KAFKA_SOME_KEY=value becomes some.key=value, as in Kafka's own image.
set -eu
properties=/tmp/server.properties
env | sed -n 's/^KAFKA_\([A-Z_]*\)=\(.*\)/\1 \2/p' | while read -r key value; do
    echo "$(echo "$key" | tr 'A-Z_' 'a-z.')=$value"
done >"$properties"
echo "log.dirs=/var/lib/kafka/data" >>"$properties"
# What the storage tool would write; the tool itself needs a library that the broker does not.
[ -f /var/lib/kafka/data/meta.properties ] || printf 'version=1\ncluster.id=4L6g3nShT-eMCtK--X86sw\nnode.id=%s\n' \
    "$KAFKA_NODE_ID" >/var/lib/kafka/data/meta.properties
exec /opt/jre/bin/java -Xmx512m -cp "/opt/sightline/sightline.jar:/opt/sightline/lib/*" kafka.Kafka "$properties"
