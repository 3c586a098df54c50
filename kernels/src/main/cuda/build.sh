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
build_one() {
    contraction=true
    case "$1" in */random.cu) contraction=false ;; esac
    "$nvcc" -fmad=$contraction -std=c++17 -O3 -fatbin -I "$src/common" -Wno-deprecated-gpu-targets --diag-suppress 177 \
        -gencode arch=compute_80,code=sm_80 -gencode arch=compute_90a,code=sm_90a -gencode arch=compute_90,code=compute_90 \
        -o "$2.part" "$1" && mv "$2.part" "$2"
}
for family in "$src"/*/*.cu; do
    [ -e "$family" ] || continue
    fatbin="$out/$(basename "$family" .cu).fatbin"
    newest=$(ls -t "$family" "$src"/common/*.cuh "$0" | head -1)
    if [ ! -e "$fatbin" ] || [ "$newest" -nt "$fatbin" ]; then build_one "$family" "$fatbin"; fi
done
for fatbin in "$out"/*.fatbin; do
    [ -e "$fatbin" ] || continue
    [ -n "$(ls "$src"/*/"$(basename "$fatbin" .fatbin)".cu 2>/dev/null)" ] || rm -f "$fatbin"
done
