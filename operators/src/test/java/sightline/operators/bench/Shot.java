package sightline.operators.bench;

/**
 * One exposure of a camera on its way, with when it came where: nanoseconds of this process. Handed from thread to thread.
 *
 * @param <P> what came of it
 */
final class Shot<P> {
    final int camera;
    /** Of the camera's exposures, from 0. */
    final int number;
    /** When it was to be made. */
    final long planned;
    /** Whether it is part of the account, not of the time before. */
    final boolean counted;

    final P picture;
    /** When its picture left the camera, which is late where the sender was. */
    final long sent;

    private long arrived;
    private long taken;
    private long detected;
    private long fused;

    Shot(int camera, int number, long planned, boolean counted, P picture, long sent) {
        this.camera = camera;
        this.number = number;
        this.planned = planned;
        this.counted = counted;
        this.picture = picture;
        this.sent = sent;
    }

    void arrive() {
        arrived = System.nanoTime();
    }

    void take() {
        taken = System.nanoTime();
    }

    void detect() {
        detected = System.nanoTime();
    }

    void fuse() {
        fused = System.nanoTime();
    }

    long age() {
        return fused - planned;
    }

    /** How long it was on its way to each place: sender, arrival, batch, boxes, fused state. */
    long[] legs() {
        return new long[] {sent - planned, arrived - sent, taken - arrived, detected - taken, fused - detected};
    }
}
