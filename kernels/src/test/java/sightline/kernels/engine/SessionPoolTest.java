package sightline.kernels.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import sightline.kernels.graph.GraphBuilder;
import sightline.kernels.graph.Shape;
import sightline.kernels.reference.ReferenceEngine;
import sightline.kernels.tensor.Tensor;
import sightline.kernels.weights.Weights;

class SessionPoolTest {
    private static Session session() {
        GraphBuilder g = GraphBuilder.named("net");
        g.output("y", g.relu(g.input("x", Shape.of(1))));
        return new ReferenceEngine().compile(g.build(), Weights.none());
    }

    @Test
    void noMoreSessionsThanTheBoundAreEverLent() throws InterruptedException {
        try (SessionPool pool = new SessionPool(2, SessionPoolTest::session)) {
            SessionPool.Lease a = pool.tryBorrow().orElseThrow();
            SessionPool.Lease b = pool.tryBorrow().orElseThrow();
            assertThat(pool.tryBorrow()).isEmpty();
            assertThat(pool.borrow(Duration.ofMillis(5))).isEmpty();
            a.close();
            a.close();
            assertThat(pool.tryBorrow().orElseThrow().session()).isSameAs(a.session());
            assertThat(pool.tryBorrow()).isEmpty();
            b.close();
            assertThat(pool.size()).isEqualTo(2);
        }
    }

    @Test
    void aLeasedSessionOutlivesThePoolUntilItIsReturned() {
        SessionPool pool = new SessionPool(1, SessionPoolTest::session);
        SessionPool.Lease lease = pool.tryBorrow().orElseThrow();
        pool.close();
        Tensor x = Tensor.of(new float[] {-1}, 1);
        assertThat(lease.session().run(x).toFloats()).containsExactly(0);
        lease.close();
        assertThatThrownBy(() -> lease.session().run(x)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(pool::tryBorrow).hasMessageContaining("closed");
    }

    @Test
    void aSessionThatCannotBeMadeTakesNoPlace() {
        SessionPool pool = new SessionPool(1, () -> {
            throw new EngineException("no");
        });
        assertThatThrownBy(pool::tryBorrow).isInstanceOf(EngineException.class);
        assertThatThrownBy(pool::tryBorrow).isInstanceOf(EngineException.class);
    }
}
