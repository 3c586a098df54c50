package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.cuda.program.Array32;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Strided;
import sightline.kernels.graph.Value;

/** An expression while it is put together: leaves, constants and operations, each the one register that it makes. */
public final class ExpressionDraft {
    static final int NUMBERS = 8;
    static final int OPERATIONS = 16;
    /** Leaves and numbers, and operations, of what is not interpreted. */
    private static final int MANY = 16;

    private static final int MOST = 48;
    /** Added to the codes of sums along rows. */
    static final int ROWS = 192;

    /** Registers from here on are constants, and from there on results of operations until they have their places. */
    static final int NUMBER = 64;

    static final int MADE = 128;

    private final int[] shape;
    private final int size;
    private final boolean byRows;
    private final Map<Value, Integer> registers = new LinkedHashMap<>();
    private final List<ExpressionLeaf> leaves = new ArrayList<>();
    private final List<Float> numbers = new ArrayList<>();
    private final List<Made> made = new ArrayList<>();

    /** Where a draft was, to go back to. */
    public record Mark(Map<Value, Integer> registers, int leaves, int numbers, int made) {}

    /** An operation by its code in chain.cu, the registers that it reads, and the value that it makes. */
    public record Made(Value value, int code, int first, int second) {}

    /** An expression over a shape, without sums. */
    public ExpressionDraft(int[] shape) {
        this(shape, false);
    }

    /** @param byRows whether sums along the last axis may be a part, which the interpreter knows nothing of */
    public ExpressionDraft(int[] shape, boolean byRows) {
        this.shape = shape;
        this.size = new Array32(null, shape, false).size();
        this.byRows = byRows;
    }

    boolean byRows() {
        return byRows;
    }

    /** Whether an array has one element a row. */
    public boolean aRow(int[] other) {
        int last = shape.length - 1;
        return byRows
                && other.length == shape.length
                && other[last] == 1
                && Arrays.equals(other, 0, last, shape, 0, last);
    }

    /** The register of a sum along rows, by the code of a reduction. */
    public int sum(Value value, int op, int operand) {
        return operation(value, ROWS + op, operand, operand);
    }

    /** Whether an operation sums along rows. */
    public static boolean sums(Made made) {
        return made.code >= ROWS;
    }

    /** Whether a register holds the same along a row; never where no sums are a part. */
    boolean alongRows(int register) {
        if (!byRows || register >= NUMBER && register < MADE) {
            return false;
        }
        if (register < NUMBER) {
            int[] strides = leaves.get(register).strides();
            return strides != null && (strides[shape.length - 1] == 0);
        }
        Made m = made.get(register - MADE);
        return sums(m) || plain(m.first) && plain(m.second) && (alongRows(m.first) || alongRows(m.second));
    }

    private boolean plain(int register) {
        return register >= NUMBER && register < MADE || alongRows(register);
    }

    /** Sums along rows that must be known before a register is, one behind the other. */
    int depth(int register) {
        if (register < MADE) {
            return 0;
        }
        Made m = made.get(register - MADE);
        return Math.max(depth(m.first), depth(m.second)) + (sums(m) ? 1 : 0);
    }

    /** Leaves that computing a register reads once the sums along rows are there. */
    Set<Integer> reads(int register) {
        Set<Integer> read = new HashSet<>();
        reads(register, read);
        return read;
    }

    private void reads(int register, Set<Integer> read) {
        if (register >= MADE) {
            Made m = made.get(register - MADE);
            if (!sums(m)) {
                reads(m.first, read);
                reads(m.second, read);
            }
        } else if (register < NUMBER) {
            read.add(register);
        }
    }

    /** What it is computed over. */
    public int[] shape() {
        return shape;
    }

    /** Elements of that. */
    public int size() {
        return size;
    }

    /** The register of a value, or -1. */
    public int known(Value value) {
        return registers.getOrDefault(value, -1);
    }

    /** Where it is now. */
    public Mark mark() {
        return new Mark(new LinkedHashMap<>(registers), leaves.size(), numbers.size(), made.size());
    }

    /** Forgets what came since. */
    public void back(Mark mark) {
        registers.clear();
        registers.putAll(mark.registers);
        leaves.subList(mark.leaves, leaves.size()).clear();
        numbers.subList(mark.numbers, numbers.size()).clear();
        made.subList(mark.made, made.size()).clear();
    }

    /** Bytes an element that leaves read which came since. */
    public double bytesSince(Mark mark) {
        return leaves.subList(mark.leaves, leaves.size()).stream()
                .mapToDouble(leaf -> leaf.bytes(shape))
                .sum();
    }

    /** The register of a constant, or -1 where there is no room for it. */
    public int number(Value value, float number) {
        if (numbers.size() == (byRows ? MANY : NUMBERS)) {
            return -1;
        }
        numbers.add(number);
        registers.put(value, NUMBER + numbers.size() - 1);
        return known(value);
    }

    /** The register of what is read, or -1 where there is no room for it. */
    public int leaf(Value value, ExpressionLeaf leaf) {
        if (leaves.size() == (byRows ? MANY : ExpressionKernel.LEAVES)) {
            return -1;
        }
        leaves.add(leaf);
        registers.put(value, leaves.size() - 1);
        return known(value);
    }

    /** The register of what an operation makes, or -1 where there is no room for it. */
    public int operation(Value value, int code, int first, int second) {
        if (made.size() == (byRows ? MOST : OPERATIONS)) {
            return -1;
        }
        made.add(new Made(value, code, first, second));
        registers.put(value, MADE + made.size() - 1);
        return known(value);
    }

    /** Whether four neighbours can be read at once there. */
    public boolean walks(int base, int[] strides) {
        return base % 4 == 0
                && Strided.of(shape, Array32.stridesOf(shape), strides).byFour();
    }

    /** Whether all that is read and made lies so. */
    public boolean fits() {
        if (size == 0 || size % 4 != 0 || leaves.isEmpty()) {
            return false;
        }
        return leaves.stream().allMatch(leaf -> leaf.strides() == null || walks(leaf.base(), leaf.strides()));
    }

    /** Whether every leaf is an array as it is. */
    public boolean plain() {
        return leaves.stream().allMatch(leaf -> leaf.strides() != null && leaf.base() == 0 && !leaf.narrow());
    }

    /** How many there are. */
    public int operations() {
        return made.size();
    }

    /** What it reads, by register. */
    public List<ExpressionLeaf> leaves() {
        return leaves;
    }

    List<Float> numbers() {
        return numbers;
    }

    /** Its operations, in order. */
    public List<Made> made() {
        return made;
    }

    /** Values that operations make here, the last one last. */
    public List<Value> inner() {
        return made.stream().map(Made::value).toList();
    }

    /** Bytes an element that computing a value reads. */
    public double bytes(Value value) {
        Set<Integer> read = new HashSet<>();
        reach(known(value), read);
        return read.stream().mapToDouble(leaf -> leaves.get(leaf).bytes(shape)).sum();
    }

    private void reach(int register, Set<Integer> read) {
        if (register >= MADE) {
            reach(made.get(register - MADE).first, read);
            reach(made.get(register - MADE).second, read);
        } else if (register < NUMBER) {
            read.add(register);
        }
    }

    @Override
    public String toString() {
        return Arrays.toString(shape) + " of " + leaves.size() + " leaves by " + made.size() + " operations";
    }
}
