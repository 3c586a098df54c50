#!/bin/sh
# KAFKA_SOME_KEY=value becomes some.key=value, as in Kafka's own image.
set -eu
properties=/tmp/server.properties
env | sed -n 's/^KAFKA_\([A-Z_]*\)=\(.*\)/\1 \2/p' | while read -r key value; do
    echo "$(echo "$key" | tr 'A-Z_' 'a-z.')=$value"
done >"$properties"
echo "log.dirs=/var/lib/kafka/data" >>"$properties"
java="/opt/jre/bin/java -Xmx512m -cp /opt/sightline/lib/*"
$java kafka.tools.StorageTool format --ignore-formatted --cluster-id 4L6g3nShT-eMCtK--X86sw --config "$properties"
exec $java kafka.Kafka "$properties"
