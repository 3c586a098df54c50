package sightline.operators.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import sightline.operators.fusion.bench.Crowd;
import sightline.operators.phd.ReplayWindow;
import sightline.operators.phd.SensorScan;

/**
 * The fusion stage behind a detector whose weights are random and see nothing: each picture that was detected in hands the
 * scan of the simulated {@link Crowd} that its camera would have seen then to its node's filter. Scans are made beforehand;
 * nodes of ten cameras share a few workers. {@link #fuse} may be called by any thread, in any order: filters replay what comes
 * late, by up to a fifth of a second.
 */
final class CrowdFusion implements AutoCloseable {
    private static final int WORKERS = 4;

    private final List<SensorScan[]> scans = new ArrayList<>();
    private final List<ReplayWindow> nodes;
    private final List<ExecutorService> workers = new ArrayList<>();

    /**
     * @param cameras of {@link Crowd#RATE} scans a second
     * @param exposures of each camera
     */
    CrowdFusion(int cameras, int exposures) {
        Crowd crowd = new Crowd(7);
        nodes = Crowd.nodes(cameras);
        for (int k = 0; k < exposures; k++) {
            crowd.walk();
            SensorScan[] seen = new SensorScan[cameras];
            for (int camera = 0; camera < cameras; camera++) {
                long nanos = k * Crowd.PERIOD_NANOS + camera * Crowd.PERIOD_NANOS / cameras;
                seen[camera] = crowd.sensorScan(camera, k, nanos);
            }
            scans.add(seen);
        }
        for (int i = 0; i < WORKERS; i++) {
            workers.add(Executors.newSingleThreadExecutor());
        }
    }

    /**
     * Fuses what a camera saw in its exposure of that number.
     *
     * @param fused told by the node's worker, once the node's state holds it, what became of it
     */
    void fuse(int camera, int exposure, Consumer<ReplayWindow.Outcome> fused) {
        int node = Crowd.node(camera);
        workers.get(node % WORKERS).execute(() -> {
            fused.accept(nodes.get(node).offer(scans.get(exposure)[camera]));
        });
    }

    /** Waits until everything handed over is fused. */
    @Override
    public void close() {
        workers.forEach(ExecutorService::shutdown);
        try {
            for (ExecutorService worker : workers) {
                if (!worker.awaitTermination(10, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("fusion is still at work after 10 s");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
