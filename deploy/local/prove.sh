#!/bin/sh
# Starts compose.yaml as a whole (less Grafana and the GPU) from the images of build.sh with podman, and checks that it
# does what it says: health checks, user, token, fused tracks, Prometheus, a fusion process killed and back. Takes it down.
set -eu
cd "$(dirname "$0")/.."
export KAFKA_IMAGE=localhost/kafka:dev PROMETHEUS_IMAGE=localhost/prometheus:dev
export SIGHTLINE_PORT="${SIGHTLINE_PORT:-18080}" PROMETHEUS_PORT="${PROMETHEUS_PORT:-19090}"
workers="scene perception fusion-1 fusion-2 fusion-3 page"
page="http://127.0.0.1:$SIGHTLINE_PORT"
prometheus="http://127.0.0.1:$PROMETHEUS_PORT"
work=$(mktemp -d)

compose() { podman-compose -f compose.yaml "$@" >>"$work/compose.log" 2>&1; }
container() { echo "deploy_$1_1"; }
end() {
    status=$?
    compose down -v || true
    [ $status -eq 0 ] || cat "$work/compose.log"
    rm -rf "$work"
}
trap end EXIT

# eventually SECONDS WHAT COMMAND...: again and again until it succeeds
eventually() {
    within=$1 what=$2 began=$(date +%s)
    shift 2
    until "$@" >"$work/last" 2>&1; do
        if [ $(($(date +%s) - began)) -gt "$within" ]; then
            echo "FAILED: $what"
            cat "$work/last"
            for c in kafka $workers; do
                echo "--- $c" && podman logs --tail 5 "$(container "$c")" || true
            done
            exit 1
        fi
        sleep 1
    done
    echo "ok after $(($(date +%s) - began)) s: $what"
}

# A check is run by hand: podman leaves that to systemd timers, which a container or a small machine does not have.
healthy() { podman healthcheck run "$(container "$1")"; }
answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' "$@")" = "$expected" ]; }
fused() {
    curl -fsS -H "Authorization: Bearer change-me" "$page/metrics" |
        sed -n 's/^sightline_stage_latency_seconds_count{.*stage="exposure-to-fused".*} \([0-9]*\).*/\1/p'
}
fuses_on() { [ "$(fused)" -gt "$before" ]; }
targets_up() {
    curl -fsS "$prometheus/api/v1/query?query=up" >"$work/up"
    sed 's/},{/\n/g' "$work/up"
    [ "$(grep -o '"1"\]' "$work/up" | wc -l)" = 6 ]
}

compose up -d --no-build kafka
eventually 300 "kafka is healthy" healthy kafka
# One after the other: all at once they take each other's cores for minutes on a small machine.
for c in $workers; do
    compose up -d --no-build "$c"
    eventually 300 "$c is healthy" healthy "$c"
done
compose up -d --no-build prometheus
eventually 1 "processes run as 10001" sh -c "[ \$(podman exec $(container page) id -u) = 10001 ]"
expected=401 eventually 1 "the page refuses who shows no token" answers "$page/"
expected=200 eventually 300 "the page is ready" answers -H "Authorization: Bearer change-me" "$page/readyz"
before=0 eventually 300 "tracks are fused" fuses_on
eventually 120 "Prometheus reads all six processes" targets_up

podman kill -s KILL "$(container fusion-1)" >"$work/last"
before=$(($(fused) + 100)) eventually 120 "fusion goes on for 100 ticks with one process killed" fuses_on
podman start "$(container fusion-1)" >"$work/last"
eventually 300 "the killed process is back and healthy" healthy fusion-1
before=$(($(fused) + 100)) eventually 120 "and fusion goes on" fuses_on
podman stats --no-stream --format '{{.Name}} {{.MemUsage}}' | sort
