package sightline.kernels.cuda.half;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.cuda.half.DenseLayer.Placement;
import sightline.kernels.cuda.pattern.AttentionPattern;
import sightline.kernels.cuda.pattern.Centring;
import sightline.kernels.cuda.pattern.ChannelMeans;
import sightline.kernels.cuda.pattern.ConvolutionPlan;
import sightline.kernels.cuda.pattern.Folding;
import sightline.kernels.cuda.pattern.Weights32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.Pixels;
import sightline.kernels.cuda.single.Findings;
import sightline.kernels.cuda.single.Lowering32;
import sightline.kernels.cuda.single.MapStack;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Convolution.Window;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Finding;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Spatial;
import sightline.kernels.graph.Value;
import sightline.kernels.tensor.Tensor;

/**
 * Takes the nodes for which a half-precision kernel exists, with what can be fused into it, and leaves the rest to the
 * float32 lowering; values cross between the two layouts where they must.
 */
public final class HalfLowering {
    private static final int STEM_LIMIT = 64;

    private final HalfEmitter half;
    private final Findings findings;
    private final Lowering32 exact;
    private final Folding folding;
    private final Map<Node, AttentionPattern> attentions;
    private final Set<Node> done = new HashSet<>();
    private final Map<Value, Pixels> pixels = new HashMap<>();
    private final ChannelMeans means;
    private final Centring centring;
    /** What the channels of images are stored less; nothing for most. */
    private final Map<Value, float[]> centres = new HashMap<>();
    /** Images that are stored less something, made whole for a reader that cannot bear it. */
    private final Map<Value, Pixels> whole = new HashMap<>();

    /** Looks at a graph of which {@code exact} lowers the rest. */
    public HalfLowering(Graph graph, Emitter emitter, Lowering32 exact, Weights32 weights, Chooser chooser) {
        this.half = new HalfEmitter(emitter, chooser);
        this.findings = new Findings(emitter);
        this.exact = exact;
        this.folding = new Folding(graph, weights);
        this.attentions = AttentionPattern.find(graph, folding);
        attentions.values().forEach(match -> done.addAll(match.inner()));
        this.means = ChannelMeans.of(graph, folding, attentions);
        this.centring = Centring.of(graph, folding, means);
    }

    /** Lowers the node if it has a fast form. */
    public boolean take(Node node) {
        if (done.contains(node)) {
            return true;
        }
        AttentionPattern attention = attentions.get(node);
        if (attention != null) {
            attend(attention);
            return true;
        }
        return switch (node.op()) {
            case Convolution.Conv2d conv -> convolution(node, conv);
            case Convolution.ConvTranspose2d conv -> transposed(node, conv);
            case Linear.MatMul product -> linear(node, product);
            case Spatial.Resize resize -> resize(node, resize);
            case Elementwise.Binary ignored -> sum(node);
            case Elementwise.Unary ignored -> activation(node);
            case Layout.Concat concat -> concat(node, concat);
            case Reduction.Reduce reduce -> average(node, reduce);
            case Norm.LayerNorm norm -> layerNorm(node, norm);
            case Finding find -> find(node, find);
            default -> false;
        };
    }

    /** Makes sure that a value can be read as float32. */
    public void restore(Value value) {
        if (!exact.knows(value) && pixels.containsKey(value)) {
            exact.define(value, half.toArray(pixels(value), Lowering32.shape(value)));
        }
    }

    private boolean ready(Value value) {
        return pixels.containsKey(value)
                || (exact.knows(value)
                        && value.shape().rank() == 4
                        && value.dtype().isReal());
    }

    /** As it is stored, less its centre. */
    private Pixels stored(Value value) {
        return pixels.computeIfAbsent(value, v -> half.fromArray(exact.array(v)));
    }

    private Pixels pixels(Value value) {
        Pixels stored = stored(value);
        float[] centre = centres.get(value);
        return centre == null ? stored : whole.computeIfAbsent(value, v -> half.raised(stored, centre));
    }

    private void store(Value value, Pixels y, float[] centre) {
        pixels.put(value, y);
        if (centre != null) {
            centres.put(value, centre);
        }
    }

    private void finish(ConvolutionPlan plan, Pixels y, float[] centre) {
        done.addAll(plan.covered());
        store(plan.result(), y, centre);
    }

    /**
     * What happens to a convolution's sums before they are stored.
     *
     * @param addend null for none
     * @param shift added to the bias: what the addend is stored less, less the centre; null for nothing
     * @param centre what the result is stored less, null for nothing
     */
    private record End(Pixels addend, float[] shift, float[] centre) {}

    private End end(ConvolutionPlan plan, Node convolution) {
        Value residual = plan.residual();
        float[] lent = residual == null ? null : centres.get(residual);
        if (residual != null && plan.activation() != 0 && !plan.residualFirst()) {
            // No bias reaches what is added after an activation.
            boolean passes = centring.passes(plan.result());
            return new End(passes ? stored(residual) : pixels(residual), null, passes ? lent : null);
        }
        // One of two convolutions under a common norm stores what the graph has no value for.
        boolean named = plan.scale() == null || plan.result() != convolution.output();
        float[] centre = named && plan.activation() == 0 ? centring.of(plan.result()) : null;
        return new End(residual == null ? null : stored(residual), Folding.plus(lent, centre, -1), centre);
    }

    private static float[] bias(ConvolutionPlan plan, End end, float[] lacking) {
        float[] sum = Folding.plus(Folding.plus(lacking, plan.shift(), 1), end.shift(), 1);
        return Packing.padded(sum, lacking.length);
    }

    private static int size(Value value, int axis) {
        return Math.toIntExact(value.size(axis));
    }

    private Pixels roomFor(Value value) {
        return half.room(size(value, 0), size(value, 2), size(value, 3), size(value, 1));
    }

    private boolean convolution(Node node, Convolution.Conv2d op) {
        Tensor weight = folding.known(node.input(1));
        boolean biasKnown = node.inputs().size() < 3 || folding.known(node.input(2)) != null;
        if (weight == null || !biasKnown) {
            return false;
        }
        int filters = size(node.output(), 1);
        int channels = size(node.input(0), 1);
        if (op.groups() == 1) {
            dense(node, op.window(), weight, filters, channels);
            return true;
        }
        if (op.groups() == channels && filters == channels) {
            return depthwise(node, op.window(), weight, channels);
        }
        int width = channels / op.groups();
        boolean pointwise =
                weight.dim(2) == 1 && weight.dim(3) == 1 && op.window().equals(Window.of(1, 0));
        if (pointwise
                && filters == channels
                && (width == 16 || width == 32)
                && node.inputs().size() == 2) {
            MemorySegment packed = Packing.grouped(weight.toFloats(), filters, width);
            pixels.put(node.output(), half.grouped(pixels(node.input(0)), packed, width));
            return true;
        }
        return false;
    }

    private void dense(Node node, Window window, Tensor weight, int filters, int channels) {
        int ky = Math.toIntExact(weight.dim(2));
        int kx = Math.toIntExact(weight.dim(3));
        ConvolutionPlan plan = ConvolutionPlan.of(node, folding, this::ready);
        Pixels y = roomFor(plan.result());
        End end = end(plan, node);
        float[] w = weight.toFloats();
        boolean stem = channels == 3
                && !pixels.containsKey(node.input(0))
                && ky == 3
                && kx == 3
                && filters % 8 == 0
                && filters <= STEM_LIMIT
                && plan.residual() == null
                && window.equals(Window.of(window.strideY(), window.top()));
        if (stem) {
            float[] swapped = new float[w.length];
            for (int f = 0; f < filters; f++) {
                for (int k = 0; k < 27; k++) {
                    swapped[k * filters + f] = w[f * 27 + k] * (plan.scale() == null ? 1 : plan.scale()[f]);
                }
            }
            float[] bias = bias(plan, end, new float[filters]);
            half.stem(exact.array(node.input(0)), swapped, bias, y, window.strideY(), window.top(), plan.activation());
            finish(plan, y, end.centre());
            return;
        }
        DenseLayer layer = dense(node, y, plan, end);
        finish(plan, y, end.centre());
        Node next = ky == 3 && kx == 3 ? folding.onlyUse(plan.result()) : null;
        if (next != null && folding.pointwise(next)) {
            done.add(next);
            ConvolutionPlan after = ConvolutionPlan.of(next, folding, this::ready);
            Pixels projected = roomFor(after.result());
            End last = end(after, next);
            half.bottleneck(new FusedBottleneck(layer, dense(next, projected, after, last), Emitter.layer(next)));
            finish(after, projected, last.centre());
        } else {
            half.dense(layer);
        }
    }

    private DenseLayer dense(Node node, Pixels y, ConvolutionPlan plan, End end) {
        Value input = node.input(0);
        Tensor weight = folding.known(node.input(1));
        Window window = ((Convolution.Conv2d) node.op()).window();
        boolean pointwise = folding.pointwise(node);
        Pixels x = pointwise ? stored(input) : pixels(input);
        int filters = Math.toIntExact(weight.dim(0));
        int channels = Math.toIntExact(weight.dim(1));
        int ky = Math.toIntExact(weight.dim(2));
        int kx = Math.toIntExact(weight.dim(3));
        int taps = ky * kx;
        float[] w = weight.toFloats();
        Packing.Filters from = (f, c, t) -> w[(f * channels + c) * taps + t];
        float[] lacking = Packing.lacking(
                from, filters, channels, taps, plan.scale(), means.of(input), pointwise ? centres.get(input) : null);
        return new DenseLayer(
                x,
                Packing.dense(from, filters, channels, taps, x.stored(), plan.scale()),
                bias(plan, end, lacking),
                end.addend(),
                y,
                ky,
                kx,
                window.strideY(),
                window.strideX(),
                window.dilationY(),
                window.dilationX(),
                new Placement(y.height(), y.width(), window.top(), window.left(), 1, 1, 0, 0),
                plan.activation(),
                plan.residualFirst());
    }

    private boolean depthwise(Node node, Window window, Tensor weight, int channels) {
        if (!folding.depthwise(node)) {
            return false;
        }
        int k = Math.toIntExact(weight.dim(2));
        // The kernel adds nothing after its activation: a residual stays a sum of its own.
        ConvolutionPlan plan = ConvolutionPlan.of(node, folding, value -> false);
        Value input = node.input(0);
        Pixels y = roomFor(plan.result());
        float[] w = weight.toFloats();
        float[] packed = Packing.depthwise(w, channels, k * k, plan.scale());
        Pixels x = centring.bears(node) ? stored(input) : pixels(input);
        float[] raised = centring.bears(node) ? centres.get(input) : null;
        float[] centre = centring.of(plan.result());
        half.depthwise(new DepthwiseLayer(
                x,
                packed,
                Packing.padded(
                        Folding.plus(plan.shift(), Packing.depthwiseShare(packed, channels, raised), 1), channels),
                Packing.padded(means.of(input, raised), channels),
                Packing.padded(raised, channels),
                Packing.padded(centre, channels),
                y,
                k,
                window.strideY(),
                window.top(),
                plan.activation()));
        finish(plan, y, centre);
        return true;
    }

    private boolean transposed(Node node, Convolution.ConvTranspose2d op) {
        Tensor weight = folding.known(node.input(1));
        Window window = op.window();
        int s = window.strideY();
        boolean plain = weight != null
                && op.groups() == 1
                && (node.inputs().size() < 3 || folding.known(node.input(2)) != null)
                && window.strideX() == s
                && window.dilationX() == 1
                && window.dilationY() == 1
                && weight.dim(2) == weight.dim(3)
                && window.top() == window.left()
                && weight.dim(2) >= s;
        if (!plain) {
            return false;
        }
        int k = Math.toIntExact(weight.dim(2));
        int pad = window.top();
        int channels = size(node.input(0), 1);
        int filters = size(node.output(), 1);
        ConvolutionPlan plan = ConvolutionPlan.of(node, folding, this::ready);
        Pixels x = pixels(node.input(0));
        End end = end(plan, node);
        Pixels y = roomFor(plan.result());
        float[] w = weight.toFloats();
        // Output row s*u + r - pad takes input rows u - j through taps r + s*j: a plain convolution for each phase r.
        for (int ry = 0; ry < s; ry++) {
            for (int rx = 0; rx < s; rx++) {
                int ty = (k - ry + s - 1) / s;
                int tx = (k - rx + s - 1) / s;
                int phaseY = ry;
                int phaseX = rx;
                Packing.Filters from = (f, c, t) -> {
                    int tapY = phaseY + s * (ty - 1 - t / tx);
                    int tapX = phaseX + s * (tx - 1 - t % tx);
                    return w[((c * filters + f) * k + tapY) * k + tapX];
                };
                MemorySegment packed = Packing.dense(from, filters, channels, ty * tx, x.stored(), plan.scale());
                float[] lacking =
                        Packing.lacking(from, filters, channels, ty * tx, plan.scale(), means.of(node.input(0)), null);
                float[] bias = bias(plan, end, lacking);
                int rows = (y.height() - 1 + pad - ry) / s + 1;
                int columns = (y.width() - 1 + pad - rx) / s + 1;
                Placement at = new Placement(rows, columns, ty - 1, tx - 1, s, s, ry - pad, rx - pad);
                half.dense(new DenseLayer(
                        x,
                        packed,
                        bias,
                        end.addend(),
                        y,
                        ty,
                        tx,
                        1,
                        1,
                        1,
                        1,
                        at,
                        plan.activation(),
                        plan.residualFirst()));
            }
        }
        finish(plan, y, end.centre());
        return true;
    }

    private boolean linear(Node node, Linear.MatMul op) {
        Tensor weight = folding.known(node.input(1));
        Value in = node.input(0);
        if (weight == null || !op.transposeB() || op.transposeA() || in.shape().rank() != 2 || weight.rank() != 2) {
            return false;
        }
        int filters = size(node.output(), 1);
        int channels = size(in, 1);
        Pixels x = pixels(in);
        Pixels y = half.room(size(in, 0), 1, 1, filters);
        float[] w = weight.toFloats();
        MemorySegment packed = Packing.dense((f, c, t) -> w[f * channels + c], filters, channels, 1, x.stored(), null);
        Placement at = new Placement(1, 1, 0, 0, 1, 1, 0, 0);
        half.dense(new DenseLayer(x, packed, null, null, y, 1, 1, 1, 1, 1, 1, at, 0, false));
        pixels.put(node.output(), y);
        return true;
    }

    private boolean resize(Node node, Spatial.Resize op) {
        if (!pixels.containsKey(node.input(0))) {
            return false;
        }
        Value result = node.output();
        Node next = folding.onlyUse(result);
        Value other = Folding.otherAddend(next, result);
        boolean fuse = other != null && pixels.containsKey(other);
        Value end = fuse ? next.output() : result;
        boolean passes = centring.passes(end);
        Pixels x = passes ? stored(node.input(0)) : pixels(node.input(0));
        Pixels addend = !fuse ? null : passes ? stored(other) : pixels(other);
        float[] centre = passes ? Folding.plus(centres.get(node.input(0)), fuse ? centres.get(other) : null, 1) : null;
        store(end, half.resize(x, op, size(result, 2), size(result, 3), addend), centre);
        if (fuse) {
            done.add(next);
        }
        return true;
    }

    private boolean sum(Node node) {
        Value a = node.input(0);
        Value other = Folding.otherAddend(node, a);
        if (other == null || !pixels.containsKey(a) || !pixels.containsKey(other)) {
            return false;
        }
        Node next = folding.onlyUse(node.output());
        int code = Folding.activation(next);
        boolean passes = code <= 0 && centring.passes(node.output());
        Pixels one = passes ? stored(a) : pixels(a);
        Pixels two = passes ? stored(other) : pixels(other);
        float[] centre = passes ? Folding.plus(centres.get(a), centres.get(other), 1) : null;
        store(code > 0 ? next.output() : node.output(), half.sum(one, two, Math.max(code, 0)), centre);
        if (code > 0) {
            done.add(next);
        }
        return true;
    }

    private boolean activation(Node node) {
        int code = Folding.activation(node);
        if (code <= 0 || !pixels.containsKey(node.input(0))) {
            return false;
        }
        pixels.put(node.output(), half.sum(pixels(node.input(0)), null, code));
        return true;
    }

    private boolean concat(Node node, Layout.Concat op) {
        boolean images = node.output().shape().rank() == 4
                && node.output().shape().axis(op.axis()) == 1
                && node.inputs().stream().allMatch(v -> pixels.containsKey(v) && v.size(1) % 8 == 0);
        if (!images) {
            return false;
        }
        Pixels y = roomFor(node.output());
        int at = 0;
        for (Value input : node.inputs()) {
            half.copyChannels(pixels(input), 0, y, at, size(input, 1));
            at += size(input, 1);
        }
        pixels.put(node.output(), y);
        return true;
    }

    private boolean average(Node node, Reduction.Reduce op) {
        boolean image = op.kind() == Reduction.Kind.MEAN
                && node.input(0).shape().rank() == 4
                && pixels.containsKey(node.input(0))
                && op.axes().stream()
                        .map(node.input(0).shape()::axis)
                        .sorted()
                        .toList()
                        .equals(List.of(2, 3));
        if (!image) {
            return false;
        }
        exact.define(node.output(), half.average(pixels(node.input(0)), Lowering32.shape(node.output())));
        return true;
    }

    private boolean layerNorm(Node node, Norm.LayerNorm op) {
        Value x = node.input(0);
        boolean known = node.inputs().stream().skip(1).allMatch(v -> folding.known(v) != null);
        boolean channels = x.shape().axis(op.axis()) == 1 && size(x, 1) <= HalfEmitter.NORM_CHANNELS;
        if (!pixels.containsKey(x) || !known || !channels) {
            return false;
        }
        float[] scale = node.inputs().size() > 1 ? folding.vector(node.input(1)) : null;
        float[] shift = node.inputs().size() > 2 ? folding.vector(node.input(2)) : null;
        pixels.put(node.output(), half.norm(pixels(x), scale, shift, op.epsilon()));
        return true;
    }

    /** Maps are looked at where they lie. */
    private boolean find(Node node, Finding op) {
        exact.define(
                node.output(),
                findings.lower(
                        op,
                        node.inputs(),
                        v -> pixels.containsKey(v) ? MapStack.of(pixels(v)) : MapStack.of(exact.array(v)),
                        exact::array));
        return true;
    }

    private void attend(AttentionPattern match) {
        List<Value> sources = match.sources();
        Pixels first = pixels(sources.getFirst());
        Pixels second = sources.size() > 1 ? pixels(sources.get(1)) : null;
        pixels.put(
                match.result().output(), half.attention(first, second, match.heads(), match.width(), match.epsilon()));
    }
}
