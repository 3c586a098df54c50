package sightline.pipeline.metrics;

import io.prometheus.metrics.tracer.common.SpanContext;
import sightline.config.contract.Traceparent;

/**
 * Which trace the current thread measures for, so that histograms can keep it as an exemplar. Set for the moment of
 * recording only, from the frame's {@code traceparent}.
 */
final class TraceScope implements SpanContext {
    /** The two ids of a {@code traceparent}. */
    private record Trace(String traceId, String spanId, boolean sampled) {}

    private static final ThreadLocal<Trace> CURRENT = new ThreadLocal<>();

    /** Runs the recording under that trace; an empty or malformed one is none. */
    void run(String traceparent, Runnable recording) {
        Trace trace = parse(traceparent);
        if (trace == null) {
            recording.run();
            return;
        }
        CURRENT.set(trace);
        try {
            recording.run();
        } finally {
            CURRENT.remove();
        }
    }

    private static Trace parse(String traceparent) {
        return traceparent == null || !Traceparent.valid(traceparent)
                ? null
                : new Trace(
                        Traceparent.trace(traceparent),
                        Traceparent.span(traceparent),
                        Traceparent.sampled(traceparent));
    }

    @Override
    public String getCurrentTraceId() {
        Trace trace = CURRENT.get();
        return trace == null ? null : trace.traceId();
    }

    @Override
    public String getCurrentSpanId() {
        Trace trace = CURRENT.get();
        return trace == null ? null : trace.spanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        Trace trace = CURRENT.get();
        return trace != null && trace.sampled();
    }

    @Override
    public void markCurrentSpanAsExemplar() {}
}
