// Unfolding of NCHW images into columns and back: with columns a convolution of any kernel is one product
// (product32.cu). Memory-bound: kernel area times the image is written, then read once.
#include "tensor_core.cuh"

struct ColumnsParams {
    const float* from;
    const float* bias;  // folding only, may be null
    float* to;
    uint16_t* rounded;  // unfolding only: instead of `to` where it is not null
    int batch, channels, height, width, outHeight, outWidth;  // of the convolution's input and output
    int kernelHeight, kernelWidth, strideY, strideX, padY, padX, dilationY, dilationX;
    int chunks;  // blocks a row of columns, or an image plane
};

// Columns [n][channel, ky, kx][oy, ox] of an image. A block stays in one row.
KERNEL(unfold32, ColumnsParams) {
    int row = blockIdx.x / p.chunks, pixel = (blockIdx.x - row * p.chunks) * blockDim.x + threadIdx.x;
    int area = p.outHeight * p.outWidth, taps = p.kernelHeight * p.kernelWidth;
    if (pixel >= area) return;
    int plane = row / taps, tap = row - plane * taps, ky = tap / p.kernelWidth, kx = tap - ky * p.kernelWidth;
    int oy = pixel / p.outWidth, ox = pixel - oy * p.outWidth;
    int iy = oy * p.strideY - p.padY + ky * p.dilationY, ix = ox * p.strideX - p.padX + kx * p.dilationX;
    bool inside = unsigned(iy) < unsigned(p.height) && unsigned(ix) < unsigned(p.width);
    float value = inside ? p.from[((long long)plane * p.height + iy) * p.width + ix] : 0.f;
    long long at = (long long)row * area + pixel;
    if (p.rounded)
        p.rounded[at] = uint16_t(packed_bfloat16(value, 0.f));
    else
        p.to[at] = value;
}

// The adjoint: every pixel gathers what its columns hold, so the sum has a fixed order.
KERNEL(fold32, ColumnsParams) {
    int plane = blockIdx.x / p.chunks, pixel = (blockIdx.x - plane * p.chunks) * blockDim.x + threadIdx.x;
    int area = p.outHeight * p.outWidth, taps = p.kernelHeight * p.kernelWidth;
    if (pixel >= p.height * p.width) return;
    int iy = pixel / p.width, ix = pixel - iy * p.width;
    const float* columns = p.from + (long long)plane * taps * area;
    float sum = p.bias ? p.bias[plane % p.channels] : 0.f;
    for (int ky = 0; ky < p.kernelHeight; ky++) {
        int y = iy + p.padY - ky * p.dilationY, oy = y / p.strideY;
        if (y < 0 || oy * p.strideY != y || oy >= p.outHeight) continue;
        for (int kx = 0; kx < p.kernelWidth; kx++) {
            int x = ix + p.padX - kx * p.dilationX, ox = x / p.strideX;
            if (x < 0 || ox * p.strideX != x || ox >= p.outWidth) continue;
            sum += columns[(long long)(ky * p.kernelWidth + kx) * area + oy * p.outWidth + ox];
        }
    }
    p.to[(long long)plane * p.height * p.width + pixel] = sum;
}
