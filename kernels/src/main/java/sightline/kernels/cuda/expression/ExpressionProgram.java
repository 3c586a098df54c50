package sightline.kernels.cuda.expression;

import static sightline.kernels.cuda.expression.ExpressionDraft.MADE;
import static sightline.kernels.cuda.expression.ExpressionDraft.NUMBER;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sightline.kernels.cuda.expression.ExpressionDraft.Made;

/**
 * What the interpreter of chain.cu is told of an expression.
 *
 * @param operations code, left register, right register, where to, a byte each
 * @param sources registers of results
 * @param registers how many it takes
 */
record ExpressionProgram(int[] operations, int[] sources, int registers) {
    /** What the operation before made, and where what only the next one reads goes. */
    private static final int LAST = 62;

    private static final int NOWHERE = 63;

    /** Gives each result of an operation that is read later than next a register that nothing reads any more. */
    static ExpressionProgram of(ExpressionDraft draft, List<ExpressionResult> results) {
        List<Made> made = draft.made();
        int[] last = lastReaders(made, results);
        Map<Integer, Integer> places = new HashMap<>();
        List<Integer> free = new ArrayList<>();
        int count = draft.leaves().size();
        for (int leaf = 0; leaf < count; leaf++) {
            places.put(leaf, leaf);
        }
        for (int number = 0; number < draft.numbers().size(); number++) {
            places.put(NUMBER + number, NUMBER + number);
        }
        int[] operations = new int[made.size()];
        for (int i = 0; i < made.size(); i++) {
            Made m = made.get(i);
            int before = MADE + i - 1;
            int first = m.first() == before ? LAST : places.get(m.first());
            int second = m.second() == before ? LAST : places.get(m.second());
            for (int operand : new int[] {m.first(), m.second()}) {
                int place = places.getOrDefault(operand, NOWHERE);
                if (last[operand] == i && place < LAST && !free.contains(place)) {
                    free.add(place);
                }
            }
            int to = NOWHERE;
            if (last[MADE + i] > i + 1) {
                to = free.isEmpty() ? count++ : free.removeFirst();
                places.put(MADE + i, to);
            }
            operations[i] = m.code() | first << 8 | second << 16 | to << 24;
        }
        int end = MADE + made.size() - 1;
        int[] sources = results.stream()
                .mapToInt(r -> r.source() == end && end >= MADE ? LAST : places.get(r.source()))
                .toArray();
        return new ExpressionProgram(operations, sources, count);
    }

    /** The last operation that reads each register; one behind all for results. */
    private static int[] lastReaders(List<Made> made, List<ExpressionResult> results) {
        int[] last = new int[MADE + made.size()];
        for (int i = 0; i < made.size(); i++) {
            last[made.get(i).first()] = i;
            last[made.get(i).second()] = i;
        }
        results.forEach(result -> last[result.source()] = made.size());
        return last;
    }
}
