package sightline.kernels.cuda.half;

import java.util.ArrayList;
import java.util.List;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Pixels;

/**
 * A dense 3x3 convolution whose result only a 1x1 convolution reads: together one kernel, where there is one for their sizes,
 * so that what lies between them never comes to memory; else one after the other.
 *
 * @param expand the first
 * @param project the second, which reads what the first makes
 * @param label of the second in reports; the first has the emitter's
 */
record FusedBottleneck(DenseLayer expand, DenseLayer project, String label) {

    /** The kernels that compute both; none where their sizes or what is done to their sums is not what kernels are made for. */
    private List<FusedTile> tiles() {
        boolean fits = project.activation() == 0 && project.pointwise() && expand.residual() == null;
        int stride = expand.strideY();
        return fits && expand.neighbours(stride)
                ? FusedTile.candidates(expand.x(), expand.y().channels(), stride, project.y())
                : List.of();
    }

    /** All that its time depends on. */
    private String signature() {
        return expand.signature() + ", then " + project.signature();
    }

    /** Picks one way to compute it, each of its two layers included. */
    Candidate choose(Chooser chooser) {
        Candidate first = chooser.choose(expand.signature(), expand.candidates());
        Candidate second = chooser.choose(project.signature(), project.candidates());
        Candidate apart = new Candidate(
                "apart",
                Math.max(first.shared(), second.shared()),
                Math.max(first.capability(), second.capability()),
                emitter -> {
                    first.emission().accept(emitter);
                    emitter.label(label);
                    second.emission().accept(emitter);
                });
        List<FusedTile> tiles = tiles();
        if (tiles.isEmpty()) {
            return apart;
        }
        List<Candidate> all = new ArrayList<>(tiles.stream().map(this::fused).toList());
        all.add(tiles.getFirst().fills(project.y()) ? all.size() : 0, apart);
        return chooser.choose(signature(), all);
    }

    private Candidate fused(FusedTile tile) {
        return new Candidate(tile.kernel(), tile.shared(), ConvolutionTile.HOPPER, emitter -> {
            Pixels x = expand.x();
            Pixels y = project.y();
            Params params = tile.params(
                            x,
                            emitter.constant(expand.filters()),
                            emitter.constant(project.filters()),
                            expand.y().channels(),
                            emitter.vector(expand.bias()),
                            emitter.vector(project.bias()),
                            project.residual(),
                            y)
                    .int32(expand.activation());
            double operands =
                    x.bytes() + expand.filters().byteSize() + project.filters().byteSize();
            double results = y.bytes() * (project.residual() == null ? 1 : 2);
            emitter.grid(
                    "conv_fused",
                    tile.kernel(),
                    tile.grid(y),
                    tile.threads(),
                    tile.shared(),
                    params,
                    expand.flops() + project.flops(),
                    operands + results);
        });
    }
}
