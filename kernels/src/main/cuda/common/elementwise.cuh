// What one element is made of another: the functions and the arithmetic of the graph, by code.
#pragma once
#include "tensor_core.cuh"

// In the order of the graph's Function, then casts. Change both or neither.
struct Unary {
    enum Code {
        NEG, ABS, SIGN, SQUARE, SQRT, RECIPROCAL, EXP, LOG, SIN, COS, ERF, FLOOR, CEIL, ROUND, SIGMOID, TANH, SOFTPLUS,
        RELU, RELU6, HARD_SIGMOID, HARD_SWISH, SILU, GELU_TANH, GELU_ERF,
        CLAMP, NOT, TO_FLOAT, TO_WHOLE, TO_TRUTH, FLOAT_TO_TRUTH, NARROW,
        WHOLE_NEG, WHOLE_ABS, WHOLE_SIGN, WHOLE_SQUARE, WHOLE_RELU, WHOLE_CLAMP, WRAP_I8, WRAP_U8
    };
};

// The quotient is right to two units in the last place.
__device__ __forceinline__ float sigmoid(float x) { return __fdividef(1.f, 1.f + expf(-x)); }

// NaN stays NaN, unlike in fmin and fmax.
__device__ __forceinline__ float limited(float x, float low, float high) {
    return x < low ? low : x > high ? high : x;
}

// The functions of the graph.
__device__ __forceinline__ float function_of(int op, float x) {
    switch (op) {
        case Unary::NEG: return -x;
        case Unary::ABS: return fabsf(x);
        case Unary::SIGN: return x > 0.f ? 1.f : x < 0.f ? -1.f : x;
        case Unary::SQUARE: return x * x;
        case Unary::SQRT: return sqrtf(x);
        case Unary::RECIPROCAL: return 1.f / x;
        case Unary::EXP: return expf(x);
        case Unary::LOG: return logf(x);
        case Unary::SIN: return sinf(x);
        case Unary::COS: return cosf(x);
        case Unary::ERF: return erff(x);
        case Unary::FLOOR: return floorf(x);
        case Unary::CEIL: return ceilf(x);
        case Unary::ROUND: return rintf(x);
        case Unary::SIGMOID: return sigmoid(x);
        case Unary::TANH: return tanhf(x);
        case Unary::SOFTPLUS: return fmaxf(x, 0.f) + log1pf(expf(-fabsf(x)));
        case Unary::RELU: return x > 0.f || x != x ? x : 0.f;
        case Unary::RELU6: return limited(x, 0.f, 6.f);
        case Unary::HARD_SIGMOID: return limited(x + 3.f, 0.f, 6.f) / 6.f;
        case Unary::HARD_SWISH: return x * (limited(x + 3.f, 0.f, 6.f) / 6.f);
        case Unary::SILU: return x * sigmoid(x);
        case Unary::GELU_TANH: return 0.5f * x * (1.f + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
        case Unary::GELU_ERF: return 0.5f * x * (1.f + erff(x * 0.7071067812f));
        default: return x;
    }
}

// In the order of the graph's Arithmetic, Relation and Logic; the same again for integers.
struct Binary {
    enum Code { ADD, SUB, MUL, DIV, POW, MAX, MIN, EQ, NE, LT, LE, GT, GE, AND, OR, XOR, WHOLE = 32 };
};

__device__ __forceinline__ float binary_of(int op, float a, float b) {
    switch (op) {
        case Binary::ADD: return a + b;
        case Binary::SUB: return a - b;
        case Binary::MUL: return a * b;
        case Binary::DIV: return a / b;
        case Binary::POW: return powf(a, b);
        case Binary::MAX: return a > b || a != a ? a : b;
        default: return a < b || a != a ? a : b;
    }
}

// An activation, and its derivative, by the activation's code; of those that have gradients of their own.
__device__ __forceinline__ float activated(int code, float z) {
    switch (code) {
        case RELU_ACT: return z > 0.f || z != z ? z : 0.f;
        case RELU6_ACT: return z < 0.f ? 0.f : z > 6.f ? 6.f : z;
        case HARD_SWISH_ACT: return z * (fminf(fmaxf(z + 3.f, 0.f), 6.f) / 6.f);
        case SILU_ACT: return z * sigmoid(z);
        default: return z;
    }
}
__device__ __forceinline__ float slope(int code, float z) {
    switch (code) {
        case RELU_ACT: return z > 0.f ? 1.f : 0.f;
        case RELU6_ACT: return z > 0.f && z < 6.f ? 1.f : 0.f;
        case HARD_SWISH_ACT: return z <= -3.f ? 0.f : z >= 3.f ? 1.f : z * (1.f / 3.f) + 0.5f;
        case SILU_ACT: {
            float s = sigmoid(z);
            return s + z * s * (1.f - s);
        }
        default: return 1.f;
    }
}
