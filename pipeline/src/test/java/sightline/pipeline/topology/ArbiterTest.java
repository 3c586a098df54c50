package sightline.pipeline.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Who comes first, by a clock that is set by hand. */
class ArbiterTest {
    private static final Duration WORK = Duration.ofMillis(100);

    private final AtomicLong now = new AtomicLong(1);
    private final Arbiter arbiter = new Arbiter(now::get);

    @Test
    void mainBeforeFusionBeforePreviewBeforeFinalBeforeTraining() {
        assertThat(Claim.values())
                .containsExactly(Claim.MAIN, Claim.FUSION, Claim.PREVIEW, Claim.FINAL, Claim.TRAINING)
                .isSortedAccordingTo((a, b) -> Integer.compare(a.nice(), b.nice()));
    }

    @ParameterizedTest
    @EnumSource
    void claimThatIsBehindMakesAllWeakerOnesRestLongerAndNoStrongerOne(Claim behind) {
        arbiter.behind(behind);
        for (Claim claim : Claim.values()) {
            assertThat(arbiter.mustYield(claim)).as("%s", claim).isEqualTo(behind.isStrongerThan(claim));
        }
        now.addAndGet(Arbiter.BEHIND_FOR.toNanos());
        for (Claim claim : Claim.values()) {
            assertThat(arbiter.mustYield(claim)).as("%s, a second later", claim).isFalse();
        }
    }

    @Test
    void restKeepsTheShareAndAFifthOfItWhileTheMainPathIsBehind() {
        assertThat(arbiter.rest(Claim.FINAL, WORK)).isEqualTo(Duration.ofMillis(300));
        arbiter.behind(Claim.MAIN);
        assertThat(arbiter.rest(Claim.FINAL, WORK)).isEqualTo(Duration.ofMillis(1900));
        assertThat(arbiter.rest(Claim.FUSION, WORK)).isZero();
    }

    @Test
    void threadsAreAsNiceAsTheirClaim() {
        assumeTrue(Files.exists(Path.of("/proc/thread-self/stat")), "the system does not tell of threads");
        assertThat(niceOf(Claim.MAIN)).isLessThan(niceOf(Claim.PREVIEW));
        assertThat(niceOf(Claim.PREVIEW)).isLessThan(niceOf(Claim.FINAL));
    }

    private int niceOf(Claim claim) {
        Scheduler thread = arbiter.thread("nice", claim);
        try {
            return Mono.fromCallable(ArbiterTest::nice).subscribeOn(thread).block(Duration.ofSeconds(10));
        } finally {
            thread.dispose();
        }
    }

    /** The 19th field of the thread's own line; the name, which is the second, may hold blanks. */
    private static int nice() throws IOException {
        String line = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(line.substring(line.lastIndexOf(')') + 2).split(" ")[16]);
    }
}
