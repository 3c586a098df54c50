package sightline.operators.litepose;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sightline.config.domain.Frame;
import sightline.config.domain.Keypoint;
import sightline.kernels.engine.CompileOptions;
import sightline.kernels.engine.Engine;
import sightline.kernels.engine.SplitSession;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.CentredWarp;
import sightline.kernels.weights.Weights;

/**
 * LitePose on an engine that can stop on its way: peaks come back, people are put together here, and the engine, which
 * still holds the maps, looks for the joints that they lack, of a batch of pictures at once.
 *
 * <p>Threading: one thread at a time. What it says of a batch holds until the next one.
 */
final class Looker implements AutoCloseable {
    private final SplitSession session;
    private final Tensor sought;
    private final int joints;
    private final float[] peaks;
    private final int rows;
    private final float[] summits;

    private Looker(SplitSession session) {
        this.session = session;
        this.sought = session.input(LitePose.SOUGHT);
        Value found = session.graph().output(LitePose.PEAKS);
        this.joints = Math.toIntExact(found.size(1));
        this.peaks = new float[Math.toIntExact(found.shape().elements())];
        this.rows = Math.toIntExact(sought.dim(0));
        this.summits = new float[rows * Finding.Summits.ROW];
    }

    /** @param graph see {@link LitePose#looking} */
    static Optional<Looker> open(Engine engine, Graph graph, Weights weights, CompileOptions options) {
        return engine.compileSplit(graph, weights, options, Set.of(LitePose.SOUGHT))
                .map(Looker::new);
    }

    /** Looks at up to a batch of frames. Empty where the engine does not take pictures as they are. */
    Optional<Evidence> look(List<Frame> frames, CentredWarp warp) {
        return session.runPictures(
                        frames.stream().map(Frame::pixels).toList(),
                        warp,
                        Poser.RECIPE.resampling(),
                        Poser.RECIPE.normalisation())
                .map(out -> {
                    copy(out.get(LitePose.PEAKS), peaks);
                    return new Seen();
                });
    }

    private static void copy(Tensor from, float[] to) {
        MemorySegment.copy(from.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, to, 0, to.length);
    }

    private final class Seen implements Evidence {
        @Override
        public List<List<Peak>> peaks(int picture) {
            List<List<Peak>> all = new ArrayList<>(joints);
            for (int joint = 0; joint < joints; joint++) {
                List<Peak> some = new ArrayList<>();
                for (int i = 0; i < Peaks.BEST; i++) {
                    int row = ((picture * joints + joint) * Peaks.BEST + i) * Finding.Peaks.ROW;
                    if (peaks[row] >= 0) {
                        some.add(peak(row));
                    }
                }
                all.add(some);
            }
            return all;
        }

        private Peak peak(int row) {
            return new Peak(
                    (int) peaks[row],
                    (int) peaks[row + 1],
                    peaks[row + 2],
                    new float[] {peaks[row + 3]},
                    peaks[row + 4],
                    peaks[row + 5]);
        }

        @Override
        public List<Keypoint> find(List<Missing> missing) {
            List<Keypoint> found = new ArrayList<>(missing.size());
            for (int from = 0; from < missing.size(); from += rows) {
                seek(missing.subList(from, Math.min(missing.size(), from + rows)), found);
            }
            return found;
        }

        private void seek(List<Missing> some, List<Keypoint> found) {
            for (int i = 0; i < rows; i++) {
                boolean asked = i < some.size();
                long row = (long) i * Finding.Summits.SOUGHT;
                sought.set(row, asked ? some.get(i).picture() : -1);
                sought.set(row + 1, asked ? some.get(i).joint() : -1);
                sought.set(row + 2, asked ? some.get(i).tag()[0] : 0);
            }
            copy(session.finish().get(LitePose.SUMMITS), summits);
            for (int i = 0; i < some.size(); i++) {
                int row = i * Finding.Summits.ROW;
                float value = summits[row + 2];
                found.add(
                        value > 0
                                ? new Peak(
                                                (int) summits[row],
                                                (int) summits[row + 1],
                                                value,
                                                new float[0],
                                                summits[row + 3],
                                                summits[row + 4])
                                        .keypoint()
                                : NOWHERE);
            }
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
