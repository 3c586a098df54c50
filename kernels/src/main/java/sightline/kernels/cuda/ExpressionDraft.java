package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sightline.kernels.graph.Value;

/** An expression while it is put together: leaves, constants and operations, each the one register that it makes. */
final class ExpressionDraft {
    static final int LEAVES = 8;
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
    record Mark(Map<Value, Integer> registers, int leaves, int numbers, int made) {}

    record Made(Value value, int code, int first, int second) {}

    ExpressionDraft(int[] shape) {
        this(shape, false);
    }

    /** @param byRows whether sums along the last axis may be a part, which the interpreter knows nothing of */
    ExpressionDraft(int[] shape, boolean byRows) {
        this.shape = shape;
        this.size = new Array32(null, shape, false).size();
        this.byRows = byRows;
    }

    boolean byRows() {
        return byRows;
    }

    /** Whether an array has one element a row. */
    boolean aRow(int[] other) {
        int last = shape.length - 1;
        return byRows
                && other.length == shape.length
                && other[last] == 1
                && Arrays.equals(other, 0, last, shape, 0, last);
    }

    /** The register of a sum along rows, by the code of a reduction. */
    int sum(Value value, int op, int operand) {
        return operation(value, ROWS + op, operand, operand);
    }

    /** Whether an operation sums along rows. */
    static boolean sums(Made made) {
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

    int[] shape() {
        return shape;
    }

    int size() {
        return size;
    }

    int known(Value value) {
        return registers.getOrDefault(value, -1);
    }

    Mark mark() {
        return new Mark(new LinkedHashMap<>(registers), leaves.size(), numbers.size(), made.size());
    }

    void back(Mark mark) {
        registers.clear();
        registers.putAll(mark.registers);
        leaves.subList(mark.leaves, leaves.size()).clear();
        numbers.subList(mark.numbers, numbers.size()).clear();
        made.subList(mark.made, made.size()).clear();
    }

    /** Bytes an element that leaves read which came since. */
    double bytesSince(Mark mark) {
        return leaves.subList(mark.leaves, leaves.size()).stream()
                .mapToDouble(leaf -> leaf.bytes(shape))
                .sum();
    }

    int number(Value value, float number) {
        if (numbers.size() == (byRows ? MANY : NUMBERS)) {
            return -1;
        }
        numbers.add(number);
        registers.put(value, NUMBER + numbers.size() - 1);
        return known(value);
    }

    int leaf(Value value, ExpressionLeaf leaf) {
        if (leaves.size() == (byRows ? MANY : LEAVES)) {
            return -1;
        }
        leaves.add(leaf);
        registers.put(value, leaves.size() - 1);
        return known(value);
    }

    int operation(Value value, int code, int first, int second) {
        if (made.size() == (byRows ? MOST : OPERATIONS)) {
            return -1;
        }
        made.add(new Made(value, code, first, second));
        registers.put(value, MADE + made.size() - 1);
        return known(value);
    }

    /** Whether four neighbours can be read at once there. */
    boolean walks(int base, int[] strides) {
        return base % 4 == 0
                && Strided.of(shape, Array32.stridesOf(shape), strides).byFour();
    }

    /** Whether all that is read and made lies so. */
    boolean fits() {
        if (size == 0 || size % 4 != 0 || leaves.isEmpty()) {
            return false;
        }
        return leaves.stream().allMatch(leaf -> leaf.strides() == null || walks(leaf.base(), leaf.strides()));
    }

    /** Whether every leaf is an array as it is. */
    boolean plain() {
        return leaves.stream().allMatch(leaf -> leaf.strides() != null && leaf.base() == 0 && !leaf.narrow());
    }

    int operations() {
        return made.size();
    }

    List<ExpressionLeaf> leaves() {
        return leaves;
    }

    List<Float> numbers() {
        return numbers;
    }

    List<Made> made() {
        return made;
    }

    /** Values that operations make here, the last one last. */
    List<Value> inner() {
        return made.stream().map(Made::value).toList();
    }

    /** Bytes an element that computing a value reads. */
    double bytes(Value value) {
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
