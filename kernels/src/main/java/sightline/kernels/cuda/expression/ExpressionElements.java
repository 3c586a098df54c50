package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import sightline.kernels.cuda.expression.ExpressionDraft.Made;
import sightline.kernels.cuda.expression.Ptx.Bank;

/** The elements of an expression at one place of a kernel, in its registers: loaded, computed and stored there. */
final class ExpressionElements {
    private static final int LINE = 16;
    private static final int FOUR = 4;

    private final ExpressionCompiler compiler;
    private final Ptx ptx;
    private final PtxMath math;
    private final ExpressionDraft draft;
    private final int width;
    private final PtxPlace place;
    private final PtxAddress[] addresses;
    private final PtxAddress[] scales;
    private final Map<Integer, List<String>> fetched = new HashMap<>();
    private final Map<Integer, String> fetchedScales = new HashMap<>();
    private final Map<Integer, String[]> held = new HashMap<>();
    private final PtxIndex[] indexes;
    private final String valid;

    ExpressionElements(ExpressionCompiler compiler, PtxPlace place, ExpressionElements from, String valid) {
        this.compiler = compiler;
        this.ptx = compiler.ptx();
        this.math = compiler.math();
        this.draft = compiler.draft();
        this.width = compiler.width();
        this.addresses = new PtxAddress[draft.leaves().size()];
        this.scales = new PtxAddress[draft.leaves().size()];
        this.place = place;
        this.valid = valid;
        this.indexes = IntStream.range(0, compiler.indexes())
                .mapToObj(i -> new PtxIndex(ptx, place.index()[i], compiler.part(draft.shape(), i)))
                .toArray(PtxIndex[]::new);
        for (int i = 0; i < draft.leaves().size(); i++) {
            ExpressionLeaf leaf = draft.leaves().get(i);
            addresses[i] = address(
                    compiler.pointer(i),
                    ExpressionCompiler.size(leaf),
                    compiler.strides(leaf),
                    leaf.base(),
                    from == null ? null : from.addresses[i]);
            if (leaf.strides() == null && leaf.whole()) {
                scales[i] = new PtxAddress(compiler.scales(i), 0);
            } else if (leaf.strides() == null) {
                String linear = offset(compiler.strides(leaf));
                String group = ptx.word("shr.u32", linear, 4);
                scales[i] = new PtxAddress(ptx.make(Bank.ADDRESS, "mad.wide.u32", group, 2, compiler.scales(i)), 0);
            }
        }
    }

    /** Where an array of these strides stands. */
    private PtxAddress address(String pointer, int size, int[] strides, int base, PtxAddress other) {
        boolean steady = other != null;
        long moved = 0;
        for (int i = 0; steady && i < compiler.indexes(); i++) {
            int by = place.moved()[i];
            int step = by == 0 ? 0 : PtxIndex.step(compiler.part(draft.shape(), i), compiler.part(strides, i));
            steady = step >= 0;
            moved += (long) by * step * size;
        }
        if (steady && moved == (int) moved) {
            return new PtxAddress(other.register(), other.bytes() + (int) moved);
        }
        String offset = offset(strides);
        String register = offset == null ? pointer : ptx.make(Bank.ADDRESS, "mad.wide.s32", offset, size, pointer);
        return new PtxAddress(register, base * size);
    }

    private String offset(int[] strides) {
        String offset = null;
        for (int i = 0; i < compiler.indexes(); i++) {
            offset = indexes[i].offset(compiler.part(strides, i), offset);
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
        if (!compiler.runs(leaf)) {
            return List.of(
                    narrow ? ptx.word("ld.global.u16", addresses[leaf]) : ptx.number("ld.global.f32", addresses[leaf]));
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

    private List<String> vector(Bank bank, String instruction, String type, PtxAddress from, int count) {
        List<String> registers =
                Stream.generate(() -> ptx.fresh(bank)).limit(count).toList();
        if (count == 1) {
            ptx.into(registers.getFirst(), instruction + "." + type, from);
        } else {
            ptx.into(Ptx.braced(registers), instruction + ".v" + count + "." + type, from);
        }
        return registers;
    }

    /** What a register of the draft holds: a number for each neighbour, or one for all. */
    String[] read(int register) {
        if (register >= ExpressionDraft.NUMBER && register < ExpressionDraft.MADE) {
            return new String[] {Ptx.literal(draft.numbers().get(register - ExpressionDraft.NUMBER))};
        }
        Map<Integer, String[]> known = draft.alongRows(register) ? compiler.rows() : held;
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
        return compiler.runs(index)
                ? registers.stream()
                        .flatMap(two -> Stream.of(
                                widened(ptx.word("shl.b32", two, 16)), widened(ptx.word("and.b32", two, "0xffff0000"))))
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
        ptx.into(Ptx.braced(List.of(low, high)), "mov.b32", four);
        for (String pair : List.of(low, high)) {
            String both = ptx.word("cvt.rn.f16x2.e4m3x2", pair);
            List<String> halves = List.of(ptx.fresh(Bank.HALF), ptx.fresh(Bank.HALF));
            ptx.into(Ptx.braced(halves), "mov.b32", both);
            halves.forEach(half -> numbers.add(math.product(ptx.number("cvt.f32.f16", half), scale)));
        }
        return numbers.stream();
    }

    /** Stores a register of the draft as a result says, where a truth holds; null is always. */
    void store(ExpressionResult result, String pointer, String valid) {
        PtxAddress to = address(pointer, result.kind() == 0 ? 4 : 2, result.strides(), result.base(), null);
        String[] numbers = each(result.source());
        if (result.kind() == 0) {
            for (int at = 0; at < width; at += FOUR) {
                List<String> four = List.of(numbers).subList(at, at + FOUR);
                String where = to.further(4 * at).toString();
                ptx.where(valid, () -> ptx.line("st.global.v4.f32 " + where + ", " + Ptx.braced(four)));
            }
            return;
        }
        List<String> pairs = IntStream.range(0, width / 2)
                .mapToObj(i -> ptx.word("cvt.rn.bf16x2.f32", numbers[2 * i + 1], numbers[2 * i]))
                .toList();
        ptx.where(valid, () -> ptx.line("st.global.v" + pairs.size() + ".b32 " + to + ", " + Ptx.braced(pairs)));
    }
}
