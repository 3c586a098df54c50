package sightline.kernels.cuda;

import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import sightline.kernels.cuda.driver.DeviceMemory;
import sightline.kernels.cuda.driver.EventTimer;
import sightline.kernels.cuda.driver.PinnedMemory;
import sightline.kernels.cuda.program.CopyEngine;
import sightline.kernels.cuda.program.Launch;
import sightline.kernels.cuda.program.Slot;
import sightline.kernels.cuda.program.Step;

/**
 * Runs a layer's steps as they would run amid a network: the level-2 cache holds what the layer before has just written, if
 * that fits, and nothing else. On memory of its own, filled with numbers as activations are, so no session is disturbed but
 * by sharing the device.
 *
 * <p>Called from any thread; memory is taken when it is first needed and given back by {@link #close}.
 */
final class LayerTrial implements Tuner.Trial, AutoCloseable {
    private static final long ALIGNMENT = 256;
    private static final long LEAST_SWEEP = 64L << 20;
    private static final long STAGE = 4 << 20;
    /** Two halves of 0.08: what a layer that is overwritten before each trial reads. */
    private static final int WRITTEN = 0x2d;

    private final CudaDevice device;
    private DeviceMemory scratch;
    private DeviceMemory sweep;

    LayerTrial(CudaDevice device) {
        this.device = device;
    }

    @Override
    public float milliseconds(List<Step> steps) {
        return device.call(() -> time(steps));
    }

    private float time(List<Step> steps) {
        Map<Slot, Long> places = new HashMap<>();
        long end = 0;
        for (Step step : steps) {
            for (Slot slot : step.slots()) {
                if (places.putIfAbsent(slot, end) == null) {
                    end += (slot.bytes() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
                }
            }
        }
        prepare(end);
        long base = scratch.address();
        CopyEngine copyEngine = device.facts().copyEngine();
        List<Launch> launches = steps.stream()
                .map(s -> s.bind(slot -> base + places.get(slot), copyEngine))
                .toList();
        launches.forEach(device::prepare);
        Slot before = steps.getFirst().params().slots().getFirst();
        try (EventTimer timer = new EventTimer(device.context())) {
            // Takes the device long enough for the host to issue the rest, which then runs without gaps.
            sweep.fillAsync(0, 0, sweep.bytes());
            scratch.fillAsync(places.get(before), WRITTEN, before.bytes());
            return timer.milliseconds(() -> launches.forEach(device::issue));
        }
    }

    private void prepare(long bytes) {
        if (sweep == null) {
            sweep = device.allocate(Math.max(LEAST_SWEEP, 2L * device.facts().cache()), "trying kernels");
        }
        if (scratch == null || scratch.bytes() < bytes) {
            if (scratch != null) {
                scratch.close();
                scratch = null;
            }
            scratch = device.allocate(bytes, "trying kernels");
            fill();
        }
    }

    private void fill() {
        try (PinnedMemory stage = new PinnedMemory(STAGE)) {
            SplittableRandom random = new SplittableRandom(1);
            for (long i = 0; i < STAGE / 2; i++) {
                short half = Float.floatToFloat16((float) random.nextGaussian() / 4);
                stage.segment().setAtIndex(ValueLayout.JAVA_SHORT, i, half);
            }
            for (long at = 0; at < scratch.bytes(); at += STAGE) {
                scratch.writeAsync(at, stage, 0, Math.min(STAGE, scratch.bytes() - at));
            }
            device.synchronize("filling memory to try kernels in");
        }
    }

    @Override
    public void close() {
        device.run(() -> {
            if (scratch != null) {
                scratch.close();
            }
            if (sweep != null) {
                sweep.close();
            }
        });
    }
}
