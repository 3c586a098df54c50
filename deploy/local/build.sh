#!/bin/sh
# Builds the images that compose.yaml asks for, where none can be pulled: build.sh JDK-DIRECTORY MAVEN-DIRECTORY
# Both are copied with what their links point to, since links out of a build context lead nowhere.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -rL "$1" "$work/jdk"
cp -rL "$2" "$work/maven"
mmdebstrap --variant=minbase bookworm "$work/rootfs.tar"
podman import -q "$work/rootfs.tar" localhost/base:dev
cd "$root"
podman build -t localhost/jdk:dev -f deploy/local/build.Containerfile \
    --build-context jdk="$work/jdk" --build-context maven="$work/maven" .
podman build -t localhost/sightline -f deploy/Dockerfile \
    --build-arg BUILD_IMAGE=localhost/jdk:dev --build-arg BASE_IMAGE=localhost/base:dev .
podman build -t localhost/kafka:dev -f deploy/local/kafka.Containerfile .
podman build -t localhost/prometheus:dev -f deploy/local/prometheus.Containerfile .
