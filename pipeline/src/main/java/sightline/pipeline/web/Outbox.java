package sightline.pipeline.web;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What waits for one client. Control messages keep their order and are never thinned: when more than the limit wait, the
 * client is too slow to be served truthfully and {@link #offer} says so. Data waits in one slot a source, where a newer
 * value supersedes an older one without losing its turn.
 *
 * <p>All methods may be called from any thread; critical sections only touch the collections.
 */
final class Outbox {
    private final int controlLimit;
    private final ArrayDeque<Message> control = new ArrayDeque<>();
    private final Map<String, Message> data = new LinkedHashMap<>();
    private long superseded;

    Outbox(int controlLimit) {
        this.controlLimit = controlLimit;
    }

    /** Takes a message; false if it is control and the queue is full. */
    synchronized boolean offer(Message message) {
        if (message.isControl()) {
            if (control.size() >= controlLimit) {
                return false;
            }
            control.add(message);
        } else if (data.put(message.slot(), message) != null) {
            superseded++;
        }
        return true;
    }

    /** The next message to send, control first; {@code null} if nothing waits. */
    synchronized Message poll() {
        Message next = control.poll();
        if (next != null) {
            return next;
        }
        Iterator<Message> oldest = data.values().iterator();
        if (!oldest.hasNext()) {
            return null;
        }
        next = oldest.next();
        oldest.remove();
        return next;
    }

    synchronized boolean isEmpty() {
        return control.isEmpty() && data.isEmpty();
    }

    synchronized long superseded() {
        return superseded;
    }

    /** Forgets data of channels that are no longer wanted. */
    synchronized void retainChannels(java.util.Set<String> channels) {
        data.values().removeIf(m -> !channels.contains(m.channel()));
    }
}
