package sightline.kernels.cuda.single;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import sightline.kernels.cuda.expression.Chain32;
import sightline.kernels.cuda.expression.WholeRowKernel;
import sightline.kernels.cuda.pattern.Folding;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.HostArrays;
import sightline.kernels.cuda.program.Packed;
import sightline.kernels.cuda.single.Term.Literal;
import sightline.kernels.cuda.single.Term.Operation;
import sightline.kernels.cuda.single.Term.RowSum;
import sightline.kernels.cuda.single.Term.Unpacked;
import sightline.kernels.cuda.single.Term.View;
import sightline.kernels.graph.Adjoint;
import sightline.kernels.graph.Attention;
import sightline.kernels.graph.Convolution;
import sightline.kernels.graph.Elementwise;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.Layout;
import sightline.kernels.graph.Linear;
import sightline.kernels.graph.Node;
import sightline.kernels.graph.Norm;
import sightline.kernels.graph.Reduction;
import sightline.kernels.graph.Source;
import sightline.kernels.graph.Value;

/** Decides which nodes of a graph wait as terms of {@link Expressions}, and what reads terms rather than arrays. */
final class Deferral {
    private final Emitter emitter;
    private final Elements32 elements;
    private final Map<Value, Array32> arrays;
    private final Expressions expressions;
    private final Graph graph;
    private final Map<Value, List<Node>> uses;

    private static final int FOUR = 4;

    Deferral(
            Emitter emitter,
            Elements32 elements,
            BatchNorm32 slopes,
            EightBits32 packing,
            Rounded rounded,
            Graph graph,
            Map<Value, Array32> arrays,
            Function<Value, Array32> lowered) {
        this.emitter = emitter;
        this.elements = elements;
        this.arrays = arrays;
        this.graph = graph;
        this.uses = graph.uses();
        this.expressions = new Expressions(
                emitter, rounded, graph, lowered, arrays::containsKey, this::bearsRounding, new Expressions.Eager() {
                    @Override
                    public void operation(Operation operation, List<Array32> operands, Array32 out) {
                        int code = operation.code();
                        if (code >= Chain32.SLOPE) {
                            slopes.slope(operands.get(0), operands.get(1), code - Chain32.SLOPE, out);
                        } else if (code >= Chain32.ARITHMETIC) {
                            elements.binary(code - Chain32.ARITHMETIC, operands.get(0), operands.get(1), out);
                        } else {
                            elements.unary(code, operands.getFirst(), out);
                        }
                    }

                    @Override
                    public void view(View view, Array32 out) {
                        elements.copy(view.of(), view.base(), view.strides(), out, 0, out.strides(), out.shape());
                    }

                    @Override
                    public void sum(RowSum sum, Array32 operand, Array32 out) {
                        new Reduction32(emitter).alongRows(operand, out, sum.op());
                    }

                    @Override
                    public void unpack(Packed packed, Array32 out) {
                        packing.unpack(packed, out);
                    }
                });
    }

    /** Whether a node waits from here on, or is the one kernel that reads terms. */
    boolean takes(Node node) {
        return switch (node.op()) {
            case Elementwise.Unary op -> waits(node, Codes.of(op.function()));
            case Elementwise.Binary op -> waits(node, Chain32.ARITHMETIC + Codes.of(op.arithmetic()));
            case Adjoint.ActivationInput op -> waits(node, Chain32.SLOPE + Folding.activation(op.function()));
            case Layout.Slice op -> slice(op, node);
            case Layout.Permute op -> permute(op, node);
            case Layout.Concat op -> concat(op, node);
            case Reduction.Reduce op -> reduce(op, node);
            default -> false;
        };
    }

    /** An array and a number that it is to be multiplied by. */
    record Scaled(Array32 array, float factor) {}

    /** A value that waits as a product with a number, or null. */
    Scaled scaled(Value value) {
        boolean product = expressions.waits(value)
                && expressions.term(value) instanceof Operation operation
                && operation.code() == Chain32.ARITHMETIC + Codes.of(Elementwise.Arithmetic.MUL)
                && expressions.term(value.node().input(1)) instanceof Literal;
        return product
                ? new Scaled(
                        arrays.get(value.node().input(0)),
                        ((Literal) expressions.term(value.node().input(1))).value())
                : null;
    }

    /** An array and an activation that it is to go through. */
    record Activated(Array32 array, int activation) {}

    /** A value that waits as an activation that kernels apply as they read, or null. */
    Activated activated(Value value) {
        boolean waits = expressions.waits(value)
                && expressions.term(value) instanceof Operation
                && value.node().op() instanceof Elementwise.Unary unary
                && Adjoint.ActivationInput.FUNCTIONS.contains(unary.function());
        return waits ? new Activated(arrays.get(value.node().input(0)), Folding.activation(value.node())) : null;
    }

    /** Whether all that reads a product's result takes it in bfloat16, as mixed precision does between layers. */
    boolean bearsRounding(Value value) {
        return value.shape().elements() >= Expressions.LARGE
                && value.shape().elements() % FOUR == 0
                && !graph.outputs().containsValue(value)
                && uses.getOrDefault(value, List.of()).stream().allMatch(user -> bearsRounding(user, value));
    }

    private boolean bearsRounding(Node user, Value value) {
        return switch (user.op()) {
            case Elementwise.Unary op -> true;
            case Elementwise.Binary op -> true;
            case Adjoint.ActivationInput op -> true;
            case Reduction.Reduce op -> true;
            case Linear.MatMul op -> true;
            case Linear.Softmax op -> user.input(0) == value;
            case Attention op -> true;
            case Adjoint.AttentionInputs op -> true;
            case Convolution.Conv2d op -> user.input(0) == value && (op.groups() == 1 || op.groups() == value.size(1));
            case Convolution.ConvTranspose2d op -> user.input(0) == value && op.groups() == value.size(1);
            case Adjoint.ConvWeight op -> op.groups() == value.size(1) || ofStem(op, user, value);
            case Norm.BatchNorm op -> op.training() && user.input(0) == value;
            case Adjoint.BatchNormInput op -> user.input(0) == value || user.input(1) == value;
            case Layout.Slice op -> bearsRounding(user.output());
            case Layout.Reshape op -> bearsRounding(user.output());
            case Layout.Permute op -> turnsForProducts(op, user);
            default -> false;
        };
    }

    /** Whether it is the gradient behind a network's first convolution. */
    private static boolean ofStem(Adjoint.ConvWeight op, Node node, Value value) {
        long channels = node.input(0).size(1);
        return node.input(1) == value
                && Stem32.takes(op.window(), op.groups(), op.kernelY(), op.kernelX(), channels, value.size(1));
    }

    /** Whether products read a permutation as it lies, or it is copied in runs and rounded for them on the way. */
    private boolean turnsForProducts(Layout.Permute op, Node node) {
        int last = op.order().size() - 1;
        boolean runs = op.order().get(last) == last && expressions.feedsProduct(node.output());
        return runs || op.order().equals(List.of(0, 2, 1)) && bearsRounding(node.output());
    }

    /** Tells of a node that was lowered, where others may read more than its array. */
    void lowered(Node node) {
        expressions.own(node.output());
        if (node.op() instanceof Source.Fill fill && node.output().shape().elements() == 1 && !whole(node.output())) {
            expressions.also(node.output(), new Literal((float) fill.value()));
        }
        if (node.op() instanceof Layout.Reshape && expressions.waits(node.input(0))) {
            Term term = expressions.term(node.input(0));
            if (term instanceof Unpacked) {
                expressions.also(node.output(), term);
            } else if (term instanceof View view) {
                View other = view.reshaped(shape(node.input(0)), shape(node.output()));
                if (other != null) {
                    expressions.also(node.output(), other);
                }
            }
        }
    }

    /** A value that waits in groups of eight bits, as those; else null. */
    Packed packed(Value value) {
        boolean groups = expressions.waits(value)
                && expressions.term(value) instanceof Unpacked unpacked
                && !unpacked.packed().whole();
        return groups ? ((Unpacked) expressions.term(value)).packed() : null;
    }

    /** Keeps what waits in eight bits as a term. */
    void unpacked(Value value, Packed packed) {
        put(value, new Unpacked(packed));
    }

    /** Whether a product reads a value as it is. */
    boolean feedsProduct(Value value) {
        return expressions.feedsProduct(value);
    }

    /** Packs rows that wait; null where they must be written first. */
    Packed pack(Array32 rows, EightBits32 packing) {
        return expressions.pack(rows, packing);
    }

    private static int[] shape(Value value) {
        return Lowering32.shape(value);
    }

    private static boolean whole(Value value) {
        return HostArrays.whole(value.dtype());
    }

    private void put(Value value, Term term) {
        arrays.put(value, expressions.put(value, term, emitter.array(whole(value), shape(value))));
    }

    private boolean waits(Node node, int code) {
        if (whole(node.output()) || node.inputs().stream().anyMatch(Deferral::whole)) {
            return false;
        }
        put(node.output(), new Operation(code, node.inputs()));
        return true;
    }

    /** The value as a view: of another array while it waits as one, else of its own. */
    private View view(Value value) {
        if (expressions.waits(value) && expressions.term(value) instanceof View view) {
            return view;
        }
        Array32 array = arrays.get(value);
        return new View(array, 0, array.strides());
    }

    private boolean slice(Layout.Slice op, Node node) {
        View from = view(node.input(0));
        int axis = node.output().shape().axis(op.axis());
        int[] strides = from.strides().clone();
        int base = from.base() + Math.toIntExact(op.start().length()) * strides[axis];
        strides[axis] *= op.step();
        put(node.output(), new View(from.of(), base, strides));
        return true;
    }

    private boolean permute(Layout.Permute op, Node node) {
        View from = view(node.input(0));
        int[] strides =
                op.order().stream().mapToInt(axis -> from.strides()[axis]).toArray();
        seen(node.output(), new View(from.of(), from.base(), strides));
        return true;
    }

    private void seen(Value value, View view) {
        if (view.whole(shape(value))) {
            arrays.put(value, view.of().reshaped(shape(value)));
            expressions.own(value);
        } else {
            put(value, view);
        }
    }

    /** Whether all that reads a product of images wants its matrices with rows for columns. */
    boolean wantsTurned(Value value) {
        List<Node> users = uses.getOrDefault(value, List.of());
        return !users.isEmpty()
                && !graph.outputs().containsValue(value)
                && users.stream().allMatch(this::turns);
    }

    private boolean turns(Node node) {
        if (node.op() instanceof Layout.Permute op) {
            return op.order().equals(List.of(0, 2, 1));
        }
        Value image = node.op() instanceof Layout.Reshape ? node.input(0) : null;
        boolean flat = image != null
                && image.shape().rank() == 4
                && node.output().shape().rank() == 3
                && node.output().size(0) == image.size(0)
                && node.output().size(1) == image.size(1);
        return flat && wantsTurned(node.output());
    }

    /** Tells of a value whose matrices were made with rows for columns. */
    void turned(Value value, Array32 turned) {
        int[] shape = shape(value);
        int rows = shape[1];
        int columns = shape[2] * shape[3];
        put(value, new View(turned, 0, new int[] {rows * columns, 1, shape[3] * rows, rows}));
    }

    /** Each piece is written, or copied, where it belongs. */
    private boolean concat(Layout.Concat op, Node node) {
        Array32 out = emitter.array(whole(node.output()), shape(node.output()));
        int axis = node.output().shape().axis(op.axis());
        Join32 join = new Join32(emitter);
        int at = 0;
        for (Value value : node.inputs()) {
            Array32 piece = arrays.get(value);
            int base = at * out.inner(axis);
            at += piece.dim(axis);
            View view = view(value);
            if (view.of() == piece
                    && (expressions.writeInto(value, out, base, out.strides()) || copied(value, out, base))) {
                continue;
            }
            if (view.of() != piece || !join.takes(piece, out, axis, base)) {
                elements.copy(view.of(), view.base(), view.strides(), out, base, out.strides(), piece.shape());
            }
        }
        join.emit(out, axis);
        arrays.put(node.output(), out);
        return true;
    }

    /** Copies what a reshape sees of a waiting view right into its place, in the view's own axes; false where it is none. */
    private boolean copied(Value value, Array32 out, int base) {
        Value seen = value.node().op() instanceof Layout.Reshape ? value.node().input(0) : value;
        if (!expressions.waits(seen) || !(expressions.term(seen) instanceof View view)) {
            return false;
        }
        View part = new View(out, base, out.strides()).reshaped(shape(value), shape(seen));
        if (part == null) {
            return false;
        }
        elements.copy(view.of(), view.base(), view.strides(), out, base, part.strides(), shape(seen));
        return true;
    }

    /** Whether it reduces rows that expressions over whole rows reduce on their way, and the result has an element a row. */
    private static boolean alongRows(boolean[] reduced, Value value, Node node) {
        int last = reduced.length - 1;
        boolean only = reduced[last]
                && IntStream.range(0, last).noneMatch(axis -> reduced[axis])
                && node.output().shape().rank() == reduced.length;
        return only
                && value.shape().elements() >= Expressions.LARGE
                && WholeRowKernel.holds(Math.toIntExact(value.size(-1)));
    }

    private boolean reduce(Reduction.Reduce op, Node node) {
        Value value = node.input(0);
        if (whole(value)) {
            return false;
        }
        boolean[] reduced = new boolean[value.shape().rank()];
        op.axes().forEach(axis -> reduced[value.shape().axis(axis)] = true);
        if (alongRows(reduced, value, node)) {
            put(node.output(), new RowSum(value, Codes.of(op.kind())));
            return true;
        }
        Array32 out = emitter.array(false, shape(node.output()));
        if (!expressions.reduce(value, reduced, Codes.of(op.kind()), out)) {
            return false;
        }
        arrays.put(node.output(), out);
        return true;
    }
}
