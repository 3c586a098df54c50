// Arrays copied into places of another one, several in one launch, four elements a thread. Memory-bound; what it saves is the
// start of a kernel for each of many small pieces.
#include "kernel.cuh"

constexpr int PIECES = 8;

struct JoinParams {
    const uint4* in[PIECES];
    uint4* out;
    int count, row;       // pieces; fours from a row of the result to the next
    int first[PIECES];    // the thread that begins with each piece
    int length[PIECES];   // fours of a piece's row
    int base[PIECES];     // where its first row begins in the result
    int total;
};

KERNEL(join_pieces, JoinParams) {
    int i = GLOBAL_INDEX;
    if (i >= p.total) return;
    int piece = 0;
    for (int k = 1; k < p.count; k++) piece = i >= p.first[k] ? k : piece;
    i -= p.first[piece];
    int length = p.length[piece], row = i / length;
    p.out[row * p.row + p.base[piece] + (i - row * length)] = p.in[piece][i];
}
