// What large products are told, and how their results are cut in tiles and sums in pieces: see product_wide.cu.
#pragma once
#include "tensor_core.cuh"

struct ProductWideParams {
    TileMap a, b;
    const uint16_t* left;     // [segment][z % aGroups][m][k], or [k][m]
    const uint16_t* right;    // [segment][z % bGroups][n][k], or [k][n]
    const float* rowBias;     // one a row of each of aGroups, may be null
    const float* columnBias;  // one a column, may be null
    float* y;                 // [z][m][n]
    uint16_t* rounded;        // instead of y where it is not null
    float* parts;             // [pair of tiles beyond the whole ones][piece][block of the pair][tile]
    int m, n, k, segments, outputs, aGroups, bGroups, whole, splits;
};

constexpr int DEPTH = 64, PAIR = 2;
constexpr int BAND = 2048;  // rows walked together before the next columns, so that operands stay in L2

// A tile of results, or a piece of its sums.
struct WideTile {
    int m0, n0, y, a, b;       // which of y, of left and right operands
    int from, to, pieces;      // steps of the sum, and how many a segment has
    int part;                  // which of the parts, or negative
};

struct WideTiles {
    const ProductWideParams& p;
    int rows, width, group, rowPairs, columns, each, tail, items;
    __device__ WideTiles(const ProductWideParams& params, int tileRows, int tileColumns)
        : p(params),
          rows(tileRows),
          width(tileColumns),
          group((BAND + PAIR * rows - 1) / (PAIR * rows)),
          rowPairs((params.m + PAIR * rows - 1) / (PAIR * rows)),
          columns((params.n + width - 1) / width),
          each(rowPairs * columns),
          tail(each * params.outputs - params.whole),
          items(params.whole + tail * params.splits) {}
    // Of a pair of tiles, whole or not.
    __device__ WideTile place(int index) const {
        WideTile t;
        t.y = index / each;
        index -= t.y * each;
        int band = index / (group * columns), within = index - band * group * columns;
        int tall = min(group, rowPairs - band * group), column = within / tall;
        t.m0 = (band * group + within - column * tall) * PAIR * rows;
        t.n0 = column * width;
        t.a = t.y % p.aGroups;
        t.b = t.y % p.bGroups;
        return t;
    }
    __device__ WideTile at(int item, int rank) const {
        bool whole = item < p.whole;
        int piece = whole ? 0 : (item - p.whole) / tail, index = item - piece * tail, of = whole ? 1 : p.splits;
        WideTile t = place(index);
        t.m0 += rank * rows;
        t.pieces = (p.k + DEPTH - 1) / DEPTH;
        long long all = (long long)p.segments * t.pieces;
        t.from = int(all * piece / of);
        t.to = int(all * (piece + 1) / of);
        t.part = whole ? -1 : ((index - p.whole) * of + piece) * PAIR + rank;
        return t;
    }
};
