package sightline.pipeline.topology;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Threads of stages that may wait for storage or a commit, unlike Reactor's own. */
final class Threads {
    private Threads() {}

    /** One daemon thread. */
    @SuppressWarnings("ThreadPriorityCheck") // a hint on top of the share that stages keep by themselves
    static Scheduler single(String name, int priority) {
        return Schedulers.newSingle(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setPriority(priority);
            return thread;
        });
    }
}
