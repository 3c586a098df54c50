package sightline.kernels.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sightline.kernels.cuda.ExpressionDraft.Made;
import sightline.kernels.cuda.Ptx.Bank;

/**
 * Computes elements of an expression in the registers of a kernel: neighbours by accesses of up to 16 bytes, the loads of all
 * leaves ahead of everything else. What is the same for neighbours (a row's mean, a channel's scale) is computed once for them.
 */
final class ExpressionCompiler {
    private static final int LINE = 16;
    private static final int WIDE = 8;
    private static final int FOUR = 4;
    private static final int STRUCTURE = 48;
    private static final int PAIR = 16;

    private final Ptx ptx = new Ptx();
    private final PtxMath math = new PtxMath(ptx);
    private final ExpressionDraft draft;
    /** Where an axis begins that is counted by another index; 0 first. */
    private final int[] cuts;

    private final int width;
    private final boolean[] runs;
    private final String[] pointers;
    private final String[] scalePointers;

    /**
     * @param cuts the axis at which each index begins, 0 first
     * @param results that are stored elementwise
     */
    ExpressionCompiler(ExpressionDraft draft, int[] cuts, List<ExpressionResult> results) {
        this.draft = draft;
        this.cuts = cuts;
        this.pointers = new String[draft.leaves().size()];
        this.scalePointers = new String[draft.leaves().size()];
        int last = cuts.length - 1;
        List<int[]> all = new ArrayList<>();
        draft.leaves().forEach(leaf -> all.add(strides(leaf)));
        results.forEach(result -> all.add(result.strides()));
        Strided walk = Strided.of(
                part(draft.shape(), last), all.stream().map(s -> part(s, last)).toArray(int[][]::new));
        this.runs = new boolean[draft.leaves().size()];
        for (int leaf = 0; leaf < runs.length; leaf++) {
            runs[leaf] = walk.strides()[leaf][walk.last()] == 1;
        }
        int[] bases = Stream.concat(
                        draft.leaves().stream().map(ExpressionLeaf::base),
                        results.stream().map(ExpressionResult::base))
                .mapToInt(Integer::intValue)
                .toArray();
        boolean eight = narrow(results)
                && walk.by(WIDE)
                && IntStream.range(0, all.size()).allMatch(i -> aligned(i, all.get(i), bases[i]));
        this.width = eight ? WIDE : FOUR;
    }

    Ptx ptx() {
        return ptx;
    }

    PtxMath math() {
        return math;
    }

    /** Neighbours that are computed at once. */
    int width() {
        return width;
    }

    /** Whether nothing of the array's size is float32, so that eight neighbours are an access. */
    private boolean narrow(List<ExpressionResult> results) {
        boolean leaves = IntStream.range(0, runs.length).allMatch(i -> {
            ExpressionLeaf leaf = draft.leaves().get(i);
            return leaf.strides() == null || leaf.narrow() || leaf.bytes(draft.shape()) <= 1;
        });
        return leaves && results.stream().noneMatch(result -> result.kind() == 0);
    }

    /** Whether all runs of eight neighbours begin at multiples of eight. */
    private boolean aligned(int operand, int[] strides, int base) {
        return operand < runs.length && !runs[operand]
                || base % WIDE == 0
                        && IntStream.range(0, cuts[cuts.length - 1])
                                .allMatch(axis -> draft.shape()[axis] == 1 || strides[axis] % WIDE == 0);
    }

    private int[] strides(ExpressionLeaf leaf) {
        return leaf.strides() == null ? Array32.stridesOf(draft.shape()) : leaf.strides();
    }

    /** Of values by axis, those of the axes that an index counts. */
    private int[] part(int[] byAxis, int index) {
        return Arrays.copyOfRange(byAxis, cuts[index], index + 1 < cuts.length ? cuts[index + 1] : byAxis.length);
    }

    /** Bytes that computing all neighbours once loads, of arrays that have them all. */
    int loaded() {
        return IntStream.range(0, runs.length)
                .filter(leaf -> runs[leaf])
                .map(leaf -> width * size(draft.leaves().get(leaf)))
                .sum();
    }

    private static int size(ExpressionLeaf leaf) {
        return leaf.strides() == null ? 1 : leaf.narrow() ? 2 : 4;
    }

    /** Reads the pointers that a launch brings; ahead of all else. */
    void begin() {
        for (int leaf = 0; leaf < pointers.length; leaf++) {
            pointers[leaf] = pointer(leaf, false);
            if (draft.leaves().get(leaf).strides() == null) {
                scalePointers[leaf] = pointer(leaf, true);
            }
        }
    }

    String result(int which, boolean scales) {
        return pointer((draft.byRows() ? draft.leaves().size() : ExpressionDraft.LEAVES) + which, scales);
    }

    /** Of leaves and results by rows there are pairs of pointers alone, else structures as chain.cu has them. */
    private String pointer(int which, boolean scales) {
        return pointer((draft.byRows() ? PAIR : STRUCTURE) * which + (scales ? 8 : 0));
    }

    private String pointer(int at) {
        String given = ptx.make(Bank.ADDRESS, "ld.param.u64", "[given+" + at + "]");
        return ptx.make(Bank.ADDRESS, "cvta.to.global.u64", given);
    }

    /**
     * A place for each index of a kernel.
     *
     * @param index registers
     * @param moved elements by which the index lies behind the one of another place, whose registers may serve where strides
     *     are the same everywhere; for each index
     */
    record Place(String[] index, Place from, int[] moved) {
        static Place at(String... index) {
            return new Place(index, null, new int[index.length]);
        }

        /** The same further on in one index. */
        Place further(Ptx ptx, int which, int by) {
            if (by == 0) {
                return this;
            }
            String[] registers = index.clone();
            registers[which] = ptx.word("add.s32", index[which], by);
            int[] all = new int[index.length];
            all[which] = by;
            return new Place(registers, this, all);
        }
    }

    /** Places whose loads are under way together, and what then is in registers there. */
    List<Elements> load(List<Place> places, List<String> valid) {
        List<Elements> all = elements(places, valid);
        for (Elements elements : all) {
            IntStream.range(0, runs.length).forEach(elements::fetch);
        }
        return all;
    }

    /** The same with nothing loaded yet. */
    List<Elements> elements(List<Place> places, List<String> valid) {
        List<Elements> all = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Place place = places.get(i);
            all.add(new Elements(place, place.from() == null ? null : all.getFirst(), valid.get(i)));
        }
        return all;
    }

    /** What is the same along a row, by the draft's registers; filled while a kernel is written. */
    private final Map<Integer, String[]> rows = new HashMap<>();

    /** Tells what a row's sum is. */
    void row(int register, String sum) {
        rows.put(register, new String[] {sum});
    }

    /** The elements of one place. */
    final class Elements {
        private final Place place;
        private final Address[] addresses = new Address[runs.length];
        private final Address[] scales = new Address[runs.length];
        private final Map<Integer, List<String>> fetched = new HashMap<>();
        private final Map<Integer, String> fetchedScales = new HashMap<>();
        private final Map<Integer, String[]> held = new HashMap<>();
        private final PtxIndex[] indexes;
        private final String valid;

        private Elements(Place place, Elements from, String valid) {
            this.place = place;
            this.valid = valid;
            this.indexes = IntStream.range(0, cuts.length)
                    .mapToObj(i -> new PtxIndex(ptx, place.index()[i], part(draft.shape(), i)))
                    .toArray(PtxIndex[]::new);
            for (int i = 0; i < runs.length; i++) {
                ExpressionLeaf leaf = draft.leaves().get(i);
                addresses[i] = address(
                        pointers[i], size(leaf), strides(leaf), leaf.base(), from == null ? null : from.addresses[i]);
                if (leaf.strides() == null && leaf.whole()) {
                    scales[i] = new Address(scalePointers[i], 0);
                } else if (leaf.strides() == null) {
                    String linear = offset(strides(leaf));
                    String group = ptx.word("shr.u32", linear, 4);
                    scales[i] = new Address(ptx.make(Bank.ADDRESS, "mad.wide.u32", group, 2, scalePointers[i]), 0);
                }
            }
        }

        /** Where an array of these strides stands. */
        private Address address(String pointer, int size, int[] strides, int base, Address other) {
            boolean steady = other != null;
            long moved = 0;
            for (int i = 0; steady && i < cuts.length; i++) {
                int by = place.moved()[i];
                int step = by == 0 ? 0 : PtxIndex.step(part(draft.shape(), i), part(strides, i));
                steady = step >= 0;
                moved += (long) by * step * size;
            }
            if (steady && moved == (int) moved) {
                return new Address(other.register, other.bytes + (int) moved);
            }
            String offset = offset(strides);
            String register = offset == null ? pointer : ptx.make(Bank.ADDRESS, "mad.wide.s32", offset, size, pointer);
            return new Address(register, base * size);
        }

        private String offset(int[] strides) {
            String offset = null;
            for (int i = 0; i < cuts.length; i++) {
                offset = indexes[i].offset(part(strides, i), offset);
            }
            return offset;
        }

        /** Loads a leaf, where that was not done. */
        void fetch(int which) {
            if (fetched.containsKey(which)) {
                return;
            }
            ExpressionLeaf leaf = draft.leaves().get(which);
            ptx.where(valid, () -> {
                fetched.put(which, leaf.strides() == null ? codes(which) : numbers(which, leaf.narrow()));
                if (scales[which] != null) {
                    fetchedScales.put(which, ptx.word("ld.global.u16", scales[which]));
                }
            });
        }

        /** Forgets what was computed, and leaves that are cheap to load again. */
        void forget() {
            held.clear();
            fetched.keySet().removeIf(leaf -> draft.leaves().get(leaf).bytes(draft.shape()) < 1);
        }

        private List<String> codes(int leaf) {
            return vector(Bank.WORD, "ld.global", "b32", addresses[leaf], width / 4);
        }

        private List<String> numbers(int leaf, boolean narrow) {
            if (!runs[leaf]) {
                return List.of(
                        narrow
                                ? ptx.word("ld.global.u16", addresses[leaf])
                                : ptx.number("ld.global.f32", addresses[leaf]));
            }
            if (narrow) {
                return vector(Bank.WORD, "ld.global", "b32", addresses[leaf], width / 2);
            }
            List<String> all = new ArrayList<>();
            for (int at = 0; at < width; at += FOUR) {
                all.addAll(vector(Bank.FLOAT, "ld.global", "f32", addresses[leaf].further(LINE * at / FOUR), FOUR));
            }
            return all;
        }

        private List<String> vector(Bank bank, String instruction, String type, Address from, int count) {
            List<String> registers =
                    Stream.generate(() -> ptx.fresh(bank)).limit(count).toList();
            if (count == 1) {
                ptx.into(registers.getFirst(), instruction + "." + type, from);
            } else {
                ptx.into(braced(registers), instruction + ".v" + count + "." + type, from);
            }
            return registers;
        }

        /** What a register of the draft holds: a number for each neighbour, or one for all. */
        String[] read(int register) {
            if (register >= ExpressionDraft.NUMBER && register < ExpressionDraft.MADE) {
                return new String[] {Ptx.literal(draft.numbers().get(register - ExpressionDraft.NUMBER))};
            }
            Map<Integer, String[]> known = draft.alongRows(register) ? rows : held;
            String[] value = known.get(register);
            if (value == null) {
                value = register >= ExpressionDraft.MADE ? made(register) : decode(register);
                known.put(register, value);
            }
            return value;
        }

        private String[] made(int register) {
            Made m = draft.made().get(register - ExpressionDraft.MADE);
            String[] a = read(m.first());
            String[] b = read(m.second());
            return IntStream.range(0, Math.max(a.length, b.length))
                    .mapToObj(i -> math.apply(m.code(), a[i % a.length], b[i % b.length]))
                    .toArray(String[]::new);
        }

        /** The same, a number for each neighbour. */
        String[] each(int register) {
            String[] one = read(register);
            return IntStream.range(0, width).mapToObj(i -> one[i % one.length]).toArray(String[]::new);
        }

        private String[] decode(int index) {
            ExpressionLeaf leaf = draft.leaves().get(index);
            fetch(index);
            List<String> registers = fetched.get(index);
            if (leaf.strides() == null) {
                String scale = widened(ptx.word("shl.b32", fetchedScales.get(index), 16));
                return registers.stream().flatMap(four -> eights(four, scale)).toArray(String[]::new);
            }
            if (!leaf.narrow()) {
                return registers.toArray(String[]::new);
            }
            return runs[index]
                    ? registers.stream()
                            .flatMap(two -> Stream.of(
                                    widened(ptx.word("shl.b32", two, 16)),
                                    widened(ptx.word("and.b32", two, "0xffff0000"))))
                            .toArray(String[]::new)
                    : new String[] {widened(ptx.word("shl.b32", registers.getFirst(), 16))};
        }

        private String widened(String bits) {
            return ptx.number("mov.b32", bits);
        }

        /** Four E4M3 codes times their scale, by way of float16, which holds them all. */
        private Stream<String> eights(String four, String scale) {
            List<String> numbers = new ArrayList<>();
            String low = ptx.fresh(Bank.HALF);
            String high = ptx.fresh(Bank.HALF);
            ptx.into(braced(List.of(low, high)), "mov.b32", four);
            for (String pair : List.of(low, high)) {
                String both = ptx.word("cvt.rn.f16x2.e4m3x2", pair);
                List<String> halves = List.of(ptx.fresh(Bank.HALF), ptx.fresh(Bank.HALF));
                ptx.into(braced(halves), "mov.b32", both);
                halves.forEach(half -> numbers.add(math.product(ptx.number("cvt.f32.f16", half), scale)));
            }
            return numbers.stream();
        }

        /** Stores a register of the draft as a result says, where a truth holds; null is always. */
        void store(ExpressionResult result, String pointer, String valid) {
            Address to = address(pointer, result.kind() == 0 ? 4 : 2, result.strides(), result.base(), null);
            String[] numbers = each(result.source());
            if (result.kind() == 0) {
                for (int at = 0; at < width; at += FOUR) {
                    List<String> four = List.of(numbers).subList(at, at + FOUR);
                    String where = to.further(4 * at).toString();
                    ptx.where(valid, () -> ptx.line("st.global.v4.f32 " + where + ", " + braced(four)));
                }
                return;
            }
            List<String> pairs = IntStream.range(0, width / 2)
                    .mapToObj(i -> ptx.word("cvt.rn.bf16x2.f32", numbers[2 * i + 1], numbers[2 * i]))
                    .toList();
            ptx.where(valid, () -> ptx.line("st.global.v" + pairs.size() + ".b32 " + to + ", " + braced(pairs)));
        }
    }

    static String braced(List<String> registers) {
        return "{" + String.join(", ", registers) + "}";
    }

    /** Bytes behind what a register points to. */
    record Address(String register, int bytes) {
        Address further(int by) {
            return new Address(register, bytes + by);
        }

        @Override
        public String toString() {
            return "[" + register + "+" + bytes + "]";
        }
    }
}
