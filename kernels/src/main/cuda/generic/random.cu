// Philox4x32-10 (Salmon et al., SC 2011). The normal numbers are built from additions, multiplications, divisions and
// square roots in float64 alone, each rounded as IEEE 754 says and never contracted (build.sh passes -fmad=false for
// this file), so that every engine gives the same bits. Bound by float64 arithmetic for NORMAL, by stores else.
#include "kernel.cuh"

struct RandomParams {
    const int* seed;  // key and offset, 32 bits each, sign-extended
    void* out;
    int n, distribution;  // 0 bits, 1 uniform, 2 normal
};

__device__ void philox_block(long long key, long long counter, uint32_t (&c)[4]) {
    c[0] = uint32_t(counter);
    c[1] = uint32_t((unsigned long long)counter >> 32);
    c[2] = c[3] = 0;
    uint32_t k0 = uint32_t(key), k1 = uint32_t((unsigned long long)key >> 32);
    for (int round = 0; round < 10; round++) {
        unsigned long long p0 = 0xD2511F53ull * c[0], p1 = 0xCD9E8D57ull * c[2];
        c[0] = uint32_t(p1 >> 32) ^ c[1] ^ k0;
        c[2] = uint32_t(p0 >> 32) ^ c[3] ^ k1;
        c[1] = uint32_t(p1);
        c[3] = uint32_t(p0);
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
}

__device__ double natural_logarithm(double u) {
    int exponent;
    double m = frexp(u, &exponent) * 2;
    exponent = exponent - 1;
    if (m > 1.4142135623730951) {
        m = m / 2;
        exponent = exponent + 1;
    }
    double s = (m - 1) / (m + 1), square = s * s, sum = 0;
    for (int k = 23; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
    return exponent * 0.6931471805599453 + 2 * s * sum;
}

__device__ double turn(double t, bool sine) {
    int quarter = int(4 * t + 0.5);
    double angle = (t - quarter * 0.25) * 6.283185307179586, square = angle * angle, c = 0, s = 0;
    for (int k = 18; k >= 2; k -= 2) {
        c = (c + 1) * (-square / ((k - 1) * k));
        s = (s + 1) * (-square / (k * (k + 1)));
    }
    c = c + 1;
    s = (s + 1) * angle;
    switch ((quarter + (sine ? 3 : 0)) & 3) {
        case 0: return c;
        case 1: return -s;
        case 2: return -c;
        default: return s;
    }
}

__device__ float normal_of(uint32_t radiusBits, uint32_t angleBits, bool sine) {
    double u = (double(radiusBits) + 1) * 0x1p-32;
    double radius = sqrt(-2 * natural_logarithm(u));
    return float(radius * turn(double(angleBits) * 0x1p-32, sine));
}

KERNEL(philox, RandomParams) {
    int block = GLOBAL_INDEX;
    if (block * 4 >= p.n) return;
    uint32_t words[4];
    philox_block(p.seed[0], (long long)p.seed[1] + block, words);
    for (int w = 0; w < 4 && block * 4 + w < p.n; w++) {
        int i = block * 4 + w;
        if (p.distribution == 0) static_cast<uint32_t*>(p.out)[i] = words[w];
        if (p.distribution == 1) static_cast<float*>(p.out)[i] = float(words[w] >> 8) * 0x1p-24f;
        if (p.distribution == 2) static_cast<float*>(p.out)[i] = normal_of(words[w & 2], words[w | 1], w & 1);
    }
}
