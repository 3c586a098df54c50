package sightline.pipeline.topology;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Threads of stages that may wait for storage or a commit, unlike Reactor's own. */
final class Threads {
    private static final MethodHandle SETPRIORITY = setpriority();
    private static final int NICEST = 19;

    private Threads() {}

    /** One daemon thread. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint on top of the share that stages keep by themselves
    static Scheduler single(String name, int priority) {
        return Schedulers.newSingle(task -> {
            Thread thread = new Thread(
                    () -> {
                        if (priority == Thread.MIN_PRIORITY) {
                            yieldToEverybody();
                        }
                        task.run();
                    },
                    name);
            thread.setDaemon(true);
            thread.setPriority(priority);
            return thread;
        });
    }

    /**
     * Java's priorities mean nothing on Linux, nice values do, and there they belong to threads: "who 0" is the caller.
     * The nicest thread gets 1.5 % of a core that another one wants.
     */
    private static void yieldToEverybody() {
        if (SETPRIORITY != null) {
            try {
                int ignored = (int) SETPRIORITY.invokeExact(0, 0, NICEST);
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
