// Resizing and pooling of NCHW float32 images, and their adjoints. The adjoints gather (each input pixel sums the
// outputs that used it) instead of scattering, so no atomics and the same bits every time. Memory-bound.
#include "kernel.cuh"

struct ResizeParams {
    const float* in;
    float* out;
    int planes, height, width, outHeight, outWidth;  // of the forward operation
    int mode;                                        // nearest, bilinear, bicubic, area
    int corners;                                     // whether corner pixels' centres coincide
};

struct Taps {
    int first, count;
    float weight[4];
};

// Where output position i of an axis reads. Area has any number of taps of equal weight 1 / count.
__device__ __forceinline__ Taps taps_of(int mode, int corners, int i, int in, int out) {
    Taps t = {};
    if (mode == 0) {
        t.first = int((long long)i * in / out);
        t.count = 1;
        t.weight[0] = 1.f;
        return t;
    }
    if (mode == 3) {
        t.first = int((long long)i * in / out);
        t.count = int(((long long)(i + 1) * in + out - 1) / out) - t.first;
        return t;
    }
    // Double: at 2048 pixels float32 would already cost four digits of the fraction.
    double at = corners ? (out > 1 ? double(i) * (in - 1) / (out - 1) : 0.0) : (i + 0.5) * in / out - 0.5;
    if (mode == 1) {
        at = at < 0 ? 0 : at;
        t.first = int(at);
        t.count = 2;
        t.weight[1] = float(at - t.first);
        t.weight[0] = 1.f - t.weight[1];
        return t;
    }
    double whole = floor(at);
    double f = at - whole;
    const double A = -0.75;
    t.first = int(whole) - 1;
    t.count = 4;
    double d0 = f + 1, d3 = 2 - f, g = 1 - f;
    t.weight[0] = float(((A * d0 - 5 * A) * d0 + 8 * A) * d0 - 4 * A);
    t.weight[1] = float(((A + 2) * f - (A + 3)) * f * f + 1);
    t.weight[2] = float(((A + 2) * g - (A + 3)) * g * g + 1);
    t.weight[3] = float(((A * d3 - 5 * A) * d3 + 8 * A) * d3 - 4 * A);
    return t;
}
__device__ __forceinline__ float weight_of(const Taps& t, int mode, int k) {
    return mode == 3 ? 1.f / t.count : t.weight[k];
}

KERNEL(resize, ResizeParams) {
    int i = GLOBAL_INDEX;
    int area = p.outHeight * p.outWidth;
    if (i >= p.planes * area) return;
    int plane = i / area, pixel = i - plane * area, oy = pixel / p.outWidth;
    Taps y = taps_of(p.mode, p.corners, oy, p.height, p.outHeight);
    Taps x = taps_of(p.mode, p.corners, pixel - oy * p.outWidth, p.width, p.outWidth);
    const float* in = p.in + (long long)plane * p.height * p.width;
    float sum = 0;
    for (int a = 0; a < y.count; a++) {
        int iy = min(max(y.first + a, 0), p.height - 1);
        float row = 0;
        for (int b = 0; b < x.count; b++)
            row += weight_of(x, p.mode, b) * in[iy * p.width + min(max(x.first + b, 0), p.width - 1)];
        sum += weight_of(y, p.mode, a) * row;
    }
    p.out[i] = sum;
}

// How much output position o takes from input position i along one axis.
__device__ __forceinline__ float share(const ResizeParams& p, int i, int o, int in, int out) {
    Taps t = taps_of(p.mode, p.corners, o, in, out);
    float sum = 0;
    for (int k = 0; k < t.count; k++)
        if (min(max(t.first + k, 0), in - 1) == i) sum += weight_of(t, p.mode, k);
    return sum;
}
// Outputs whose taps can touch input position i: none reaches further than three pixels.
__device__ __forceinline__ void reach(int i, int in, int out, int& from, int& to) {
    double scale = double(out) / in, aligned = in > 1 ? double(out - 1) / (in - 1) : double(out);
    double low = fmin((i - 3) * scale, (i - 3) * aligned), high = fmax((i + 4) * scale, (i + 4) * aligned);
    from = max(0, int(low) - 1);
    to = min(out - 1, int(high) + 1);
}
KERNEL(resize_input, ResizeParams) {
    int i = GLOBAL_INDEX;
    int area = p.height * p.width;
    if (i >= p.planes * area) return;
    int plane = i / area, pixel = i - plane * area, iy = pixel / p.width, ix = pixel - iy * p.width;
    const float* dy = p.in + (long long)plane * p.outHeight * p.outWidth;
    int y0, y1, x0, x1;
    reach(iy, p.height, p.outHeight, y0, y1);
    reach(ix, p.width, p.outWidth, x0, x1);
    float sum = 0;
    for (int oy = y0; oy <= y1; oy++) {
        float wy = share(p, iy, oy, p.height, p.outHeight);
        if (wy == 0.f) continue;
        for (int ox = x0; ox <= x1; ox++) {
            float wx = share(p, ix, ox, p.width, p.outWidth);
            if (wx != 0.f) sum += wy * wx * dy[oy * p.outWidth + ox];
        }
    }
    p.out[i] = sum;
}

struct PoolParams {
    const float* x;
    const float* dy;
    float* out;
    int planes, height, width, outHeight, outWidth;
    int kernelY, kernelX, strideY, strideX, top, left, bottom, right, dilationY, dilationX;
    int largest, countPadding;
};

__device__ __forceinline__ bool inside(const PoolParams& p, int iy, int ix) {
    return unsigned(iy) < unsigned(p.height) && unsigned(ix) < unsigned(p.width);
}
// The divisor of an average: elements of the window inside the image, or inside the padded image.
__device__ __forceinline__ int population(const PoolParams& p, int oy, int ox) {
    int rows = 0, columns = 0;
    for (int ky = 0; ky < p.kernelY; ky++) {
        int iy = oy * p.strideY - p.top + ky * p.dilationY;
        rows += p.countPadding ? iy < p.height + p.bottom : iy >= 0 && iy < p.height;
    }
    for (int kx = 0; kx < p.kernelX; kx++) {
        int ix = ox * p.strideX - p.left + kx * p.dilationX;
        columns += p.countPadding ? ix < p.width + p.right : ix >= 0 && ix < p.width;
    }
    return max(1, rows * columns);
}
// Index of the first largest element of a window, the last NaN if there is one, -1 for an empty window.
__device__ __forceinline__ int winner(const PoolParams& p, const float* x, int oy, int ox) {
    int best = -1;
    for (int ky = 0; ky < p.kernelY; ky++)
        for (int kx = 0; kx < p.kernelX; kx++) {
            int iy = oy * p.strideY - p.top + ky * p.dilationY, ix = ox * p.strideX - p.left + kx * p.dilationX;
            if (!inside(p, iy, ix)) continue;
            float v = x[iy * p.width + ix];
            if (best < 0 || v > x[best] || v != v) best = iy * p.width + ix;
        }
    return best;
}

KERNEL(pool, PoolParams) {
    int i = GLOBAL_INDEX;
    int area = p.outHeight * p.outWidth;
    if (i >= p.planes * area) return;
    int plane = i / area, pixel = i - plane * area, oy = pixel / p.outWidth, ox = pixel - oy * p.outWidth;
    const float* x = p.x + (long long)plane * p.height * p.width;
    if (p.largest) {
        int best = winner(p, x, oy, ox);
        p.out[i] = best < 0 ? -INFINITY : x[best];
        return;
    }
    float sum = 0;
    for (int ky = 0; ky < p.kernelY; ky++)
        for (int kx = 0; kx < p.kernelX; kx++) {
            int iy = oy * p.strideY - p.top + ky * p.dilationY, ix = ox * p.strideX - p.left + kx * p.dilationX;
            if (inside(p, iy, ix)) sum += x[iy * p.width + ix];
        }
    p.out[i] = sum / population(p, oy, ox);
}

KERNEL(pool_input, PoolParams) {
    int i = GLOBAL_INDEX;
    int area = p.height * p.width;
    if (i >= p.planes * area) return;
    int plane = i / area, pixel = i - plane * area, iy = pixel / p.width, ix = pixel - iy * p.width;
    const float* x = p.x ? p.x + (long long)plane * area : nullptr;
    const float* dy = p.dy + (long long)plane * p.outHeight * p.outWidth;
    float sum = 0;
    for (int ky = 0; ky < p.kernelY; ky++) {
        int y = iy + p.top - ky * p.dilationY;
        if (y < 0 || y % p.strideY || y / p.strideY >= p.outHeight) continue;
        for (int kx = 0; kx < p.kernelX; kx++) {
            int z = ix + p.left - kx * p.dilationX;
            if (z < 0 || z % p.strideX || z / p.strideX >= p.outWidth) continue;
            int oy = y / p.strideY, ox = z / p.strideX;
            float gradient = dy[oy * p.outWidth + ox];
            if (p.largest)
                sum += winner(p, x, oy, ox) == pixel ? gradient : 0.f;
            else
                sum += gradient / population(p, oy, ox);
        }
    }
    p.out[i] = sum;
}
