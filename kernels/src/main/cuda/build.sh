#!/bin/sh
# Builds one fatbin a kernel family into the folder given. Without nvcc it builds none and says so:
# the CUDA engine then reports that this build carries no kernels, and the other engines serve.
# sm_80 and sm_90a machine code, and PTX for anything newer.
set -eu
out=$1
src=$(cd "$(dirname "$0")" && pwd)
nvcc=${NVCC:-}
for candidate in "$nvcc" "$(command -v nvcc || true)" "${CUDA_HOME:-/usr/local/cuda}/bin/nvcc" /usr/local/bin/nvcc; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then nvcc=$candidate; break; fi
    nvcc=
done
if [ -z "$nvcc" ]; then
    rm -f "$out"/*.fatbin
    echo "fatbins: no nvcc here, so this build carries no CUDA kernels and its CUDA engine is absent"
    exit 0
fi
mkdir -p "$out"
# Compiling takes minutes on a small machine, a compiler a processor; so what was built once is kept by the digest of all that went into it.
cache=${XDG_CACHE_HOME:-$HOME/.cache}/sightline/fatbins
mkdir -p "$cache" 2>/dev/null || cache=
# A source and every header of ours that it reaches: what its fatbin's digest is of.
sources() {
    echo "$1"
    for header in $(sed -n 's/^ *# *include "\([a-z0-9_]*\.cuh\)".*/\1/p' "$1"); do sources "$src/common/$header"; done
}
digest() { { "$nvcc" --version; cat "$src/build.sh" $(sources "$1" | sort -u); } | sha256sum | cut -c1-32; }
for family in "$src"/*/*.cu; do
    [ -e "$family" ] || continue
    name=$(basename "$family" .cu)
    digest=$(digest "$family")
    fatbin="$out/$name.fatbin"
    [ "$(cat "$out/$name.digest" 2>/dev/null)" = "$digest" ] && [ -e "$fatbin" ] && continue
    made=$fatbin
    [ -z "$cache" ] || made="$cache/$name-$digest"
    rm -f "$out/$name.digest"
    [ -n "$cache" ] && [ -e "$made" ] || printf '%s\n%s\n' "$family" "$made"
done | NVCC=$nvcc SRC=$src xargs -r -d '\n' -n 2 -P "$(nproc)" sh -c '
    contraction=true
    case "$1" in */random.cu) contraction=false ;; esac
    "$NVCC" -fmad=$contraction -std=c++17 -O3 -fatbin -I "$SRC/common" -Wno-deprecated-gpu-targets --diag-suppress 177 \
        -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90a,code=sm_90a -gencode arch=compute_90,code=compute_90 \
        -o "$2.part$$" "$1" && mv "$2.part$$" "$2"
' compile
for family in "$src"/*/*.cu; do
    name=$(basename "$family" .cu)
    [ ! -e "$family" ] || [ -e "$out/$name.digest" ] && continue
    digest=$(digest "$family")
    [ -z "$cache" ] || cp "$cache/$name-$digest" "$out/$name.fatbin"
    echo "$digest" > "$out/$name.digest"
done
for fatbin in "$out"/*.fatbin; do
    [ -e "$fatbin" ] || continue
    name=$(basename "$fatbin" .fatbin)
    [ -n "$(ls "$src"/*/"$name.cu" 2>/dev/null)" ] || rm -f "$fatbin" "$out/$name.digest"
done
