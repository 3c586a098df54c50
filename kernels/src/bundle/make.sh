#!/bin/sh
# Packs a runtime image, every class folder and jar of a class path, JCuda's one native library, the test runner and the
# benchmarks into one archive that needs nothing but an NVIDIA driver. See README.md beside this file.
# usage: make.sh OUT_DIR SOURCE_DIR CLASSPATH [EXTRA_FILE...], with BUNDLE_JAVA or JAVA_HOME naming a JDK 25
set -eu
out=$1 source=$2 classpath=$3
shift 3
java_home=
for candidate in "${BUNDLE_JAVA:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
    if [ -x "$candidate/bin/jlink" ] && "$candidate/bin/java" --version 2>/dev/null | grep -q ' 25'; then
        java_home=$candidate
        break
    fi
done
[ -n "$java_home" ] || { echo "bundle: no JDK 25 in BUNDLE_JAVA or JAVA_HOME" >&2; exit 1; }
bundle=$out/sightline-gpu
rm -rf "$bundle" && mkdir -p "$bundle/lib" "$bundle/native" "$bundle/python"
"$java_home/bin/jlink" --add-modules java.base,java.logging,java.management,java.naming,java.xml,jdk.zipfs,jdk.unsupported,jdk.incubator.vector${BUNDLE_MODULES:+,$BUNDLE_MODULES} \
    --strip-debug --no-header-files --no-man-pages --compress zip-0 --output "$bundle/runtime"
# What is compressed already cannot be compressed well again: jars are stored, so that one compressor sees all of their classes.
store() {
    rm -rf "$out/unpacked" && mkdir "$out/unpacked"
    unzip -qo "$1" -d "$out/unpacked"
    "$java_home/bin/jar" --create --no-compress --no-manifest --file "$bundle/lib/$2" -C "$out/unpacked" .
    rm -rf "$out/unpacked"
}
order=
number=0
IFS=:
for entry in $classpath; do
    number=$((number + 1))
    case $entry in
        *jcuda-natives*.jar)
            # The one library that we use; it is loaded from here, so nothing is unpacked at run time.
            unzip -qojC "$entry" '*libJCudaDriver*' -d "$bundle/native" ;;
        */onnxruntime-*.jar | */ffmpeg-*.jar | */javacpp-*.jar | */archunit*.jar | */rocksdb* | */zstd-* | */snappy-* | */lz4-* | \
            */byte-buddy* | */hamcrest*)
            if [ -n "${BUNDLE_ALL:-}" ]; then
                store "$entry" "$(basename "$entry")" && order="$order:lib/$(basename "$entry")"
            fi ;;
        */kafka* | */scala* | */micrometer-* | */caffeine-* | */metrics-core* | */jopt-* | */HdrHistogram* | */hash4j* | \
            */pcollections* | */commons-validator* | */re2j*)
            if [ -n "${BUNDLE_ALL:-}${BUNDLE_BROKER:-}" ]; then
                store "$entry" "$(basename "$entry")" && order="$order:lib/$(basename "$entry")"
            fi ;;
        *.jar) store "$entry" "$(basename "$entry")" && order="$order:lib/$(basename "$entry")" ;;
        *) if [ -d "$entry" ]; then
               name=classes-$number.jar
               "$java_home/bin/jar" --create --no-compress --file "$bundle/lib/$name" -C "$entry" .
               order="$order:lib/$name"
           fi ;;
    esac
done
unset IFS
cp "$source"/../bench/python/*.py "$bundle/python/"
for extra in "$@"; do cp -r "$extra" "$bundle/"; done
cat > "$bundle/java" <<RUN
#!/bin/sh
# Runs any class of the bundle: ./java sightline.SomeMain arguments
cd "\$(dirname "\$0")"
exec runtime/bin/java \${JAVA_OPTIONS:--Xmx8g} --enable-native-access=ALL-UNNAMED --add-modules jdk.incubator.vector \\
    -Djava.library.path=native -cp "${order#:}" "\$@"
RUN
cat > "$bundle/run-gpu-tests" <<'RUN'
#!/bin/sh
exec "$(dirname "$0")/java" sightline.kernels.cuda.RunTests gpu sightline.kernels.cuda
RUN
cat > "$bundle/run-gpu-bench" <<'RUN'
#!/bin/sh
# Ours first, then PyTorch's on the same machine in the same run, where python3 has torch. Arguments: network names.
here=$(cd "$(dirname "$0")" && pwd)
"$here/java" sightline.operators.bench.GpuBench "$@"
if python3 -c 'import torch' 2>/dev/null; then
    python3 "$here/python/peers.py" "${PEERS:-compile}" "$@"
else
    echo "no PyTorch here: peers are not measured"
fi
RUN
chmod +x "$bundle/java" "$bundle/run-gpu-tests" "$bundle/run-gpu-bench"
# The runtime image is stored uncompressed as well. The x86 filter is for the native libraries.
tar -C "$out" -c sightline-gpu | ${BUNDLE_PACK:-xz --x86 --lzma2=preset=9} > "$out/sightline-gpu.tar.xz"
ls -l "$out/sightline-gpu.tar.xz" | awk '{print "bundle:", $5, "bytes", $9}'
limit=34000000
# What was asked for on top may make it larger.
[ -n "${BUNDLE_ALL:-}${BUNDLE_MODULES:-}$*" ] || [ "$(stat -c %s "$out/sightline-gpu.tar.xz")" -le $limit ] || { echo "bundle: more than 34 MB" >&2; exit 1; }
