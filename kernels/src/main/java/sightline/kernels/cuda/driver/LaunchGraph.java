package sightline.kernels.cuda.driver;

import java.util.List;
import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.CUstreamCaptureMode;
import jcuda.driver.JCudaDriver;
import sightline.kernels.cuda.program.Launch;

/**
 * A list of launches captured once and replayed with a single driver call, which costs microseconds however many
 * kernels it holds. Lives and dies on the device's thread.
 */
public final class LaunchGraph implements AutoCloseable {
    /** A grid of more would keep the blocks of the next from their places, or wait in them while others could work. */
    private static final long FEW_BLOCKS = 264;

    /** A block that takes more of a multiprocessor's shared memory could only wait for the one before to leave. */
    private static final int MUCH_SHARED = 100 << 10;

    private final DeviceContext context;
    private final CUgraphExec executable = new CUgraphExec();
    private boolean closed;

    private LaunchGraph(DeviceContext context) {
        this.context = context;
    }

    /** Copies that {@code before} and {@code after} issue become part of the graph. */
    public static LaunchGraph capture(DeviceContext context, Runnable before, List<Launch> launches, Runnable after) {
        launches.forEach(context::prepare);
        LaunchGraph graph = new LaunchGraph(context);
        Calls.check(
                JCudaDriver.cuStreamBeginCapture(
                        context.stream().handle(), CUstreamCaptureMode.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL),
                "beginning a capture");
        CUgraph captured = new CUgraph();
        try {
            before.run();
            for (int i = 0; i < launches.size(); i++) {
                // The first follows a copy, which it cannot overlap with.
                if (i > 0 && overlaps(launches.get(i - 1)) && overlaps(launches.get(i))) {
                    context.follow(launches.get(i));
                } else {
                    context.issue(launches.get(i));
                }
            }
            after.run();
        } finally {
            Calls.check(JCudaDriver.cuStreamEndCapture(context.stream().handle(), captured), "ending a capture");
        }
        Calls.check(JCudaDriver.cuGraphInstantiate(graph.executable, captured, 0), "building a CUDA graph");
        Calls.check(JCudaDriver.cuGraphDestroy(captured), "dropping a captured graph");
        return graph;
    }

    private static boolean overlaps(Launch launch) {
        return launch.blocks() <= FEW_BLOCKS && launch.sharedBytes() <= MUCH_SHARED;
    }

    /** Issues all of it in the context's stream. */
    public void replay() {
        Calls.check(JCudaDriver.cuGraphLaunch(executable, context.stream().handle()), "replaying a CUDA graph");
    }

    @Override
    public void close() {
        if (!closed && !context.gone()) {
            closed = true;
            Calls.check(JCudaDriver.cuGraphExecDestroy(executable), "dropping a CUDA graph");
        }
    }
}
