package sightline.pipeline.topology;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Threads of stages that may wait for storage or a commit, unlike Reactor's own. Stages ask the {@link Arbiter} for them. */
final class Threads {
    private static final MethodHandle SETPRIORITY = setpriority();

    private Threads() {}

    /** One daemon thread that is so nice to others. */
    static Scheduler single(String name, int nice) {
        return Schedulers.newSingle(task -> {
            Thread thread = new Thread(
                    () -> {
                        if (nice > 0) {
                            giveWay(nice);
                        }
                        task.run();
                    },
                    name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Java's priorities mean nothing on Linux, nice values do, and there they belong to threads: "who 0" is the caller.
     * The nicest thread gets 1.5 % of a core that another one wants.
     */
    private static void giveWay(int nice) {
        if (SETPRIORITY != null) {
            try {
                int ignored = (int) SETPRIORITY.invokeExact(0, 0, nice);
            } catch (Throwable e) {
                throw new IllegalStateException("setpriority takes three integers", e);
            }
        }
    }

    @SuppressWarnings("restricted") // three integers in, one out: nothing to corrupt
    private static MethodHandle setpriority() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("setpriority")
                .map(at -> linker.downcallHandle(at, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT)))
                .orElse(null);
    }
}
