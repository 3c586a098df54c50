package sightline.kernels.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.lang.Thread.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Conv;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.onnx.NativeCalls.Held;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.testing.Parity;
import sightline.kernels.weights.RandomWeights;
import sightline.kernels.weights.Weights;

class NativeCallsTest {
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path folder;

    /** Two threads that make networks and run them for ever, in a process of their own. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            Thread.ofPlatform().start(Child::work);
            work();
        }

        private static void work() {
            GraphBuilder g = GraphBuilder.named("deep");
            Value x = g.input("image", Shape.of(1, 8, 24, 24));
            for (int i = 0; i < 100; i++) {
                x = g.in("c" + i).conv2d(g.hardSwish(x), Conv.of(8, 3));
            }
            g.output("map", x);
            Graph graph = g.build();
            Map<String, Tensor> in = Parity.inputs(graph, 1);
            Weights weights = RandomWeights.of(graph, 1);
            for (long made = 1; ; made++) {
                try (Session session = new OnnxEngine().compile(graph, weights)) {
                    session.run(in);
                }
                if (made == 3) {
                    System.out.println("running");
                }
            }
        }
    }

    /** Where the environment went away under a run, about every second process crashed instead. */
    @RepeatedTest(6)
    void aProcessThatIsAskedToEndWhileNetworksRunEndsInOrder() throws Exception {
        Path errors = folder.resolve("hs_err.log");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ErrorFile=" + errors,
                "--enable-native-access=ALL-UNNAMED",
                Child.class.getName());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.redirectErrorStream(true).start();
        try (BufferedReader out = process.inputReader()) {
            assertThat(out.readLine()).isEqualTo("running");
            // Unlike the process's own method it leaves the streams open.
            process.toHandle().destroy();
            assertThat(out.lines().filter(line -> !line.equals("running"))).isEmpty();
            assertThat(process.waitFor()).isEqualTo(128 + 15);
            assertThat(errors).doesNotExist();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theEndWaitsForACallAndLetsNoneBegin() throws Exception {
        var calls = new NativeCalls(System::nanoTime);
        calls.enter();
        Thread end = waiting(() -> calls.end(LONG));
        Thread late = waiting(calls::enter);
        calls.leave();
        end.join();
        assertThat(late.isAlive()).isTrue();
    }

    @Test
    void heldWorkMayStillCallAndEndsFirst() throws Exception {
        var calls = new NativeCalls(System::nanoTime);
        Held held = calls.hold();
        calls.enter();
        Thread end = waiting(() -> calls.end(LONG));
        calls.leave();
        calls.enter();
        calls.leave();
        assertThat(end.isAlive()).isTrue();
        held.close();
        held.close();
        end.join();
        assertThat(waiting(calls::enter).isAlive()).isTrue();
    }

    @Test
    void whatNeverEndsIsNotWaitedForForEver() {
        var clock = new AtomicLong();
        var calls = new NativeCalls(() -> clock.getAndAdd(Duration.ofMillis(10).toNanos()));
        Held held = calls.hold();
        calls.enter();
        calls.end(Duration.ofMillis(50));
        assertThat(clock).hasValueGreaterThan(Duration.ofMillis(100).toNanos());
        held.close();
    }

    /** A thread that has come to where it waits. */
    private static Thread waiting(Runnable work) {
        Thread thread = Thread.ofPlatform().daemon().start(work);
        await().until(() -> Set.of(State.WAITING, State.TIMED_WAITING).contains(thread.getState()));
        return thread;
    }
}
