package sightline.kernels.cuda.expression;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import sightline.kernels.cuda.program.Emitter;
import sightline.kernels.cuda.program.ExpressionKernel;
import sightline.kernels.cuda.program.Params;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Step;
import sightline.kernels.graph.Value;

/**
 * Makes one kernel of sums along rows and of the expression that reads them, as in norms: what would be emitted without is caught,
 * and all that it stores is stored by the one kernel instead. Where that does not run, what was caught does.
 */
public final class WholeRows {
    private final Emitter emitter;
    private final Chain32 chain;
    private final Function<Value, ExpressionDraft> drafts;
    private boolean catching;

    /** @param drafts of values that sums along rows are a part of; null for others */
    public WholeRows(Emitter emitter, Chain32 chain, Function<Value, ExpressionDraft> drafts) {
        this.emitter = emitter;
        this.chain = chain;
        this.drafts = drafts;
    }

    /**
     * @param work emits what stores a value; false where it cannot
     * @return what it says
     */
    public boolean emit(Value value, BooleanSupplier work) {
        ExpressionDraft draft = catching ? null : drafts.apply(value);
        if (draft == null) {
            return work.getAsBoolean();
        }
        boolean[] done = new boolean[1];
        List<Step> steps = new ArrayList<>();
        catching = true;
        Map<Params, List<ExpressionResult>> stored;
        try {
            stored = chain.recorded(() -> steps.addAll(emitter.caught(() -> done[0] = work.getAsBoolean())));
        } finally {
            catching = false;
        }
        if (!done[0] || !joined(draft, steps, stored)) {
            emitter.release(steps);
        }
        return done[0];
    }

    private boolean joined(ExpressionDraft draft, List<Step> steps, Map<Params, List<ExpressionResult>> stored) {
        List<Step> parts = new ArrayList<>();
        List<Step> before = new ArrayList<>();
        List<ExpressionResult> results = new ArrayList<>();
        Set<Slot> written = new HashSet<>();
        for (Step step : steps) {
            List<ExpressionResult> own = stored.getOrDefault(step.params(), List.of());
            boolean part = !own.isEmpty()
                    && own.stream().allMatch(r -> r.value() != null && draft.known(r.value()) >= ExpressionDraft.MADE);
            (part ? parts : before).add(step);
            if (part) {
                own.forEach(result -> results.add(result.in(draft)));
                own.forEach(result -> written.add(result.slot()));
            }
        }
        boolean apart = before.stream().flatMap(step -> step.slots().stream()).noneMatch(written::contains)
                && draft.leaves().stream().noneMatch(leaf -> written.contains(leaf.slot()));
        ExpressionKernel compiled = parts.size() < 2 || !apart ? null : ExpressionKernels.whole(draft, results);
        if (compiled == null) {
            return false;
        }
        List<Step> needed =
                emitter.caught(() -> draft.leaves().forEach(leaf -> leaf.slot().need()));
        emitter.release(before);
        emitter.release(needed);
        chain.whole(compiled, draft, results, parts);
        return true;
    }
}
