package sightline.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sightline.config.domain.Pixels;
import sightline.kernels.engine.PendingRun;
import sightline.kernels.engine.Session;
import sightline.kernels.graph.Graph;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.graph.Value;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.DType;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.vision.Normalisation;
import sightline.kernels.vision.Placement;
import sightline.kernels.vision.Resampling;
import sightline.kernels.vision.TestPicture;
import sightline.kernels.weights.Weights;

/** Runs that overlap, on a device on which nothing happens before somebody waits for it. */
@Timeout(60)
class OverlappedRunsTest {
    private static final Placement FRAMING = Compressed.FRAMING;
    private static final int BATCH = 4;
    private static final int ONE = 3 * 20 * 24;
    /** Runs that may be under way: one in a lane, one that waits, one that computes and one that is read. */
    private static final int ROOM = 4;

    @RegisterExtension
    static final TestDevice DEVICE = TestDevice.emulated();

    @RegisterExtension
    static final FakeNvJpeg DECODER = new FakeNvJpeg();

    @AfterEach
    void whole() {
        EmulatedDriver.lose(0);
    }

    /** What it sees twice, and how often it ran. */
    private static Graph counting() {
        GraphBuilder g = GraphBuilder.named("counting");
        Value x = g.input("x", Shape.of(BATCH, 3, 20, 24));
        Value count = g.add(g.readState("count", DType.F32, Shape.of(1)), 1);
        g.writeState("count", count);
        g.output("y", g.add(x, x));
        g.output("runs", g.add(count, 0));
        return g.build();
    }

    private static CudaSession session() {
        return DEVICE.engine(Storage.FLOAT32).compile(counting(), Weights.none());
    }

    private static PendingRun begin(Session session, List<? extends Pixels> pictures) {
        return session.beginPictures(
                        pictures.stream().map(Pixels.class::cast).toList(),
                        FRAMING,
                        Resampling.LINEAR,
                        Normalisation.IMAGENET)
                .orElseThrow();
    }

    private static List<Compressed> batch(SplittableRandom random) {
        return random.ints(1 + random.nextInt(BATCH)).mapToObj(Compressed::new).toList();
    }

    private static void fill(Tensor tensor, float value) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.set(i, value);
        }
    }

    private record Begun(PendingRun run, List<Compressed> pictures, float[] wanted) {
        /** Whether it has its own pictures' answer. */
        double finish() {
            try (run) {
                Map<String, Tensor> outputs = run.outputs().orElseThrow();
                int floats = pictures.size() * ONE;
                assertThat(Arrays.copyOf(outputs.get("y").toFloats(), floats))
                        .containsExactly(Arrays.copyOf(wanted, floats));
                assertThat(pictures).allSatisfy(p -> assertThat(p.decoded()).isZero());
                return outputs.get("runs").get(0);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void manyRunsUnderWayEachHaveTheirOwnAnswerAndNoneIsLostOrDoneTwice(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        List<Double> counts = new ArrayList<>();
        try (CudaSession session = session();
                CudaSession other = session()) {
            Deque<Begun> underWay = new ArrayDeque<>();
            for (int i = 0; i < 24; i++) {
                List<Compressed> pictures = batch(random);
                underWay.add(new Begun(begin(session, pictures), pictures, Compressed.wanted(other, pictures)));
                session.awaitTurn();
                while (underWay.size() > random.nextInt(3)) {
                    counts.add(underWay.remove().finish());
                }
            }
            while (!underWay.isEmpty()) {
                counts.add(underWay.removeLast().finish());
            }
            assertThat(counts).hasSize(24).doesNotHaveDuplicates();
            assertThat(session.state("count").get(0)).isEqualTo(24);
        }
    }

    @Test
    void anAnswerStaysUntilItsRunIsClosedHoweverManyAreBegunMeanwhile() {
        List<Compressed> first = List.of(new Compressed(1));
        try (CudaSession session = session()) {
            float[] wanted = Compressed.wanted(session, first).clone();
            PendingRun run = begin(session, first);
            Tensor answer = run.outputs().orElseThrow().get("y");
            for (int i = 0; i < 9; i++) {
                try (PendingRun another = begin(session, List.of(new Compressed(100 + i)))) {
                    assertThat(another.outputs()).isPresent();
                }
            }
            assertThat(Arrays.copyOf(answer.toFloats(), ONE)).containsExactly(Arrays.copyOf(wanted, ONE));
            run.close();
        }
    }

    @Test
    void whoBeginsMoreThanThereIsRoomForWaitsUntilOneIsClosed() throws Exception {
        try (CudaSession session = session()) {
            List<PendingRun> runs = new ArrayList<>();
            for (int i = 0; i < ROOM; i++) {
                runs.add(begin(session, List.of(new Compressed(i))));
            }
            CountDownLatch there = new CountDownLatch(1);
            CompletableFuture<PendingRun> another = CompletableFuture.supplyAsync(() -> {
                there.countDown();
                return begin(session, List.of(new Compressed(99)));
            });
            there.await();
            runs.get(2).close();
            another.get().close();
            // Closed once they are over, which those of another lane need not be yet.
            runs.forEach(PendingRun::close);
            assertThat(session.state("count").get(0)).isEqualTo(ROOM + 1);
        }
    }

    @Test
    void pictureThatTheDeviceCannotDecodeIsDecodedByItsOwner() {
        List<Compressed> pictures = List.of(new Compressed(1), new Compressed(2).cutShort(), new Compressed(3));
        try (CudaSession session = session()) {
            float[] wanted = Compressed.wanted(session, pictures).clone();
            try (PendingRun run = begin(session, pictures)) {
                float[] got = run.outputs().orElseThrow().get("y").toFloats();
                assertThat(Arrays.copyOf(got, 3 * ONE)).containsExactly(Arrays.copyOf(wanted, 3 * ONE));
            }
            assertThat(pictures.stream().map(Compressed::decoded)).containsExactly(0, 1, 0);
        }
    }

    @Test
    void pictureThatNobodyCanDecodeFailsItsRunAndNeitherTheOneBeforeNorTheOneBehind() {
        List<Compressed> good = List.of(new Compressed(1), new Compressed(3));
        try (CudaSession session = session()) {
            float[] wanted = Compressed.wanted(session, good).clone();
            try (PendingRun before = begin(session, good);
                    PendingRun broken = begin(session, List.of(new Compressed(1), new Compressed(2).broken()));
                    PendingRun behind = begin(session, good)) {
                assertThatThrownBy(broken::outputs).hasMessageContaining("broken for everybody");
                for (PendingRun run : List.of(before, behind)) {
                    float[] got = run.outputs().orElseThrow().get("y").toFloats();
                    assertThat(Arrays.copyOf(got, 2 * ONE)).containsExactly(Arrays.copyOf(wanted, 2 * ONE));
                }
            }
            assertThat(session.state("count").get(0)).isEqualTo(3);
        }
    }

    @Test
    void picturesOfMoreSizesThanAreKeptAreSeenWhileOthersAreUnderWay() {
        try (CudaSession session = session()) {
            Deque<PendingRun> runs = new ArrayDeque<>();
            for (int width = 60; width < 70; width++) {
                Placement framing = Placement.fit(width, 31, 24, 20);
                Pixels picture = TestPicture.random(width, 31, width);
                runs.add(session.beginPictures(List.of(picture), framing, Resampling.LINEAR, Normalisation.IMAGENET)
                        .orElseThrow());
                if (runs.size() == 3) {
                    try (PendingRun oldest = runs.remove()) {
                        assertThat(oldest.outputs()).isPresent();
                    }
                }
            }
            runs.forEach(PendingRun::close);
        }
    }

    @Test
    void tensorsThatAreWrittenWhereTheyAreCopiedFromAreSeenToo() {
        try (CudaSession session = session()) {
            List<PendingRun> runs = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                float value = i;
                runs.add(session.beginTensors(inputs -> fill(inputs.get("x"), value))
                        .orElseThrow());
            }
            for (int i = 0; i < 4; i++) {
                assertThat(runs.get(i).outputs().orElseThrow().get("y").toFloats())
                        .containsOnly(2f * i);
                runs.get(i).close();
            }
        }
    }

    @Test
    void whatFailsToWriteItsTensorsFailsItsRunAlone() {
        try (CudaSession session = session();
                PendingRun broken = session.beginTensors(inputs -> {
                            throw new IllegalArgumentException("nothing to write");
                        })
                        .orElseThrow()) {
            assertThatThrownBy(broken::outputs).hasMessage("nothing to write");
            try (PendingRun next =
                    session.beginTensors(inputs -> fill(inputs.get("x"), 1)).orElseThrow()) {
                assertThat(next.outputs()).isPresent();
            }
        }
    }

    @Test
    void closingASessionWhileRunsAreUnderWayEndsThemAndGivesEverythingBack() {
        long before = DEVICE.get().bytesHeld();
        CudaSession session = session();
        List<PendingRun> runs = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            runs.add(begin(session, List.of(new Compressed(i))));
        }
        Tensor read = runs.getFirst().outputs().orElseThrow().get("y");
        session.close();
        assertThat(DEVICE.get().bytesHeld()).isEqualTo(before);
        assertThatThrownBy(() -> read.get(0))
                .as("not memory of somebody else")
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> begin(session, List.of(new Compressed(1)))).hasMessage("The session is closed");
        runs.forEach(PendingRun::close);
        runs.forEach(PendingRun::close);
    }

    @Test
    void aSessionGivesItsMemoryUpWhenNothingIsUnderWayAndNotBefore() {
        try (CudaSession session = session()) {
            PendingRun run = begin(session, List.of(new Compressed(1)));
            assertThat(DEVICE.get().<Boolean>call(session::evict)).isFalse();
            run.close();
            assertThat(DEVICE.get().<Boolean>call(session::evict)).isTrue();
            assertThat(session.deviceBytes()).isZero();
            try (PendingRun again = begin(session, List.of(new Compressed(1)))) {
                assertThat(again.outputs().orElseThrow().get("runs").get(0)).isEqualTo(2);
            }
        }
    }

    @Test
    void whereThereIsNoRoomForRunsThatOverlapTheCallerIsLeftToRunOneAfterAnother() {
        long alone;
        try (CudaSession session = session()) {
            alone = session.deviceBytes();
        }
        try (CudaDevice small = EmulatedDriver.device(alone + ONE);
                CudaSession session = new CudaEngine(small, Storage.FLOAT32).compile(counting(), Weights.none())) {
            assertThat(session.beginTensors(inputs -> {})).isEmpty();
            assertThat(small.bytesHeld()).isEqualTo(alone);
            session.awaitTurn();
        }
    }

    @Test
    void runsThatWereUnderWayWhenTheContextWasLostAreToBeDoneAgainInTheNextOne() {
        List<String> said = new ArrayList<>();
        List<Compressed> pictures = List.of(new Compressed(1));
        CudaDevice device = EmulatedDriver.device();
        try (SteadyEngine engine = new SteadyEngine(
                        SteadyEngine.of(device, new CudaEngine(device, Storage.FLOAT32)),
                        new ReferenceEngine(),
                        said::add);
                Session session = engine.compile(counting(), Weights.none())) {
            float[] wanted = Compressed.wanted(session, pictures).clone();
            List<PendingRun> runs = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                runs.add(begin(session, pictures));
            }
            EmulatedDriver.lose(719);
            List<Optional<Map<String, Tensor>>> outputs =
                    runs.stream().map(PendingRun::outputs).toList();
            assertThat(outputs.getLast()).isEmpty();
            runs.forEach(PendingRun::close);
            try (PendingRun again = begin(session, pictures)) {
                float[] got = again.outputs().orElseThrow().get("y").toFloats();
                assertThat(Arrays.copyOf(got, ONE)).containsExactly(Arrays.copyOf(wanted, ONE));
            }
            assertThat(device.generation()).isEqualTo(2);
            assertThat(said).singleElement().asString().endsWith("It was reopened.");
        }
    }
}
