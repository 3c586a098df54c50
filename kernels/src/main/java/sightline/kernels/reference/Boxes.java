package sightline.kernels.reference;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sightline.kernels.graph.Finding;

/** What {@link Finding.Boxes} says, literally. */
final class Boxes {
    private static final int ROW = Finding.Boxes.ROW;

    private final Finding.Boxes op;
    private final List<Array> maps;

    private Boxes(Finding.Boxes op, List<Array> maps) {
        this.op = op;
        this.maps = maps;
    }

    /** A box before suppression. */
    private record Candidate(double logit, int label, float left, float top, float right, float bottom) {
        private double area() {
            return ((double) right - left) * ((double) bottom - top);
        }

        boolean covers(Candidate weaker, double overlap) {
            double width = (double) Math.min(right, weaker.right) - Math.max(left, weaker.left);
            double height = (double) Math.min(bottom, weaker.bottom) - Math.max(top, weaker.top);
            if (label != weaker.label || !(width > 0 && height > 0)) {
                return false;
            }
            double both = width * height;
            return both / (area() + weaker.area() - both) > overlap;
        }
    }

    static Array find(Finding.Boxes op, List<Array> maps, Array out) {
        Boxes boxes = new Boxes(op, maps);
        for (int picture = 0; picture < out.dim(0); picture++) {
            boxes.find(picture, out);
        }
        return out;
    }

    private void find(int picture, Array out) {
        List<Candidate> candidates = new ArrayList<>();
        for (int level = 0; level < op.strides().size(); level++) {
            collect(level, picture, candidates);
        }
        candidates.sort(Comparator.comparingDouble(Candidate::logit).reversed());
        List<Candidate> kept = new ArrayList<>();
        for (Candidate c : candidates.subList(0, Math.min(op.candidates(), candidates.size()))) {
            if (kept.size() < op.most() && kept.stream().noneMatch(k -> k.covers(c, op.overlap()))) {
                kept.add(c);
            }
        }
        for (int i = 0; i < op.most(); i++) {
            int row = (picture * op.most() + i) * ROW;
            if (i < kept.size()) {
                Candidate c = kept.get(i);
                out.reals[row] = c.left;
                out.reals[row + 1] = c.top;
                out.reals[row + 2] = c.right;
                out.reals[row + 3] = c.bottom;
                out.reals[row + 4] = c.logit;
                out.reals[row + 5] = c.label;
            } else {
                out.reals[row + 5] = -1;
            }
        }
    }

    private void collect(int level, int picture, List<Candidate> candidates) {
        Array logits = maps.get(2 * level);
        int plane = logits.dim(2) * logits.dim(3);
        int size = logits.dim(1) * plane;
        for (int i = 0; i < size; i++) {
            double logit = logits.reals[picture * size + i];
            if (logit > op.least()) {
                candidates.add(candidate(level, picture, logit, i / plane, i % plane));
            }
        }
    }

    private Candidate candidate(int level, int picture, double logit, int label, int cell) {
        Array distances = maps.get(2 * level + 1);
        int width = distances.dim(3);
        int plane = distances.dim(2) * width;
        double stride = op.strides().get(level);
        double x = (cell % width + 0.5) * stride;
        double y = (cell / width + 0.5) * stride;
        float[] edges = new float[4];
        for (int side = 0; side < 4; side++) {
            double v = distances.reals[(picture * 4 + side) * plane + cell];
            double away = stride * Math.exp(Math.clamp(v, -op.reach(), op.reach()));
            double centre = side % 2 == 0 ? x : y;
            edges[side] = (float) (side < 2 ? centre - away : centre + away);
        }
        return new Candidate(logit, label, edges[0], edges[1], edges[2], edges[3]);
    }
}
