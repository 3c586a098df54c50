package sightline.kernels.cuda;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import sightline.kernels.cuda.driver.CudaFailure;
import sightline.kernels.cuda.driver.DeviceStream;
import sightline.kernels.cuda.driver.NvJpeg;

/**
 * What a device does beside its own stream: batches are prepared in a few lanes, each a thread with a stream and a decoder
 * of its own, results are copied back in another stream, and a thread waits for them. Preparing goes ahead of the networks'
 * blocks wherever a multiprocessor has room, since the device waits for a batch that is late.
 *
 * <p>Of one context: made and closed on the device's thread, which lanes never wait for.
 */
final class Lanes implements AutoCloseable {
    /** Batches that are prepared at a time, each by a thread and a decoder of its own. */
    static final String PROPERTY = "sightline.cuda.lanes";

    /** On an H200 two had the files of 44 cameras of 1920x1080 ready beside EfficientViT-L2, none of them too late. */
    private static final int USUAL = 2;

    private final CudaDevice device;
    private final List<Lane> lanes;
    private final DeviceStream back;
    private final DeviceThread watch;
    private int next;

    /** One of them; its stream and decoder are its thread's. */
    final class Lane {
        private final DeviceThread thread;
        private final DeviceStream stream;
        private Optional<NvJpeg> decoder;

        private Lane(int number) {
            thread = new DeviceThread("cuda-" + device.ordinal() + "-lane-" + number);
            stream = device.makeStream(true);
        }

        DeviceStream stream() {
            return stream;
        }

        /** Opened when it is first wanted; empty where nvJPEG is not. */
        Optional<NvJpeg> decoder() {
            if (decoder == null) {
                decoder = NvJpeg.open();
            }
            return decoder;
        }

        /** Without waiting for it; once all is closed it is refused. */
        void submit(Runnable work) {
            hand(thread, work);
        }

        private void close() {
            thread.run(() -> {
                if (decoder != null) {
                    decoder.ifPresent(NvJpeg::close);
                }
            });
            thread.close();
            stream.close();
        }
    }

    Lanes(CudaDevice device) {
        this.device = device;
        this.back = device.makeStream(true);
        this.watch = new DeviceThread("cuda-" + device.ordinal() + "-watch");
        this.lanes = IntStream.range(0, Math.max(1, Integer.getInteger(PROPERTY, USUAL)))
                .mapToObj(Lane::new)
                .toList();
    }

    int count() {
        return lanes.size();
    }

    /** Waits until nothing is in their streams; a lost context counts as nothing. */
    void settle() {
        for (Lane lane : lanes) {
            try {
                lane.stream.synchronize("waiting for lanes");
            } catch (CudaFailure lost) {
                if (lost.kind() != CudaFailure.Kind.STICKY) {
                    throw lost;
                }
            }
        }
    }

    /** Where results are copied back; the device's thread alone. */
    DeviceStream back() {
        return back;
    }

    /** In turn. */
    synchronized int next() {
        next = (next + 1) % lanes.size();
        return next;
    }

    Lane lane(int number) {
        return lanes.get(number);
    }

    /** On the thread that waits for results, after what it was given before. */
    void watch(Runnable work) {
        hand(watch, work);
    }

    private static void hand(DeviceThread thread, Runnable work) {
        try {
            thread.hand(work);
        } catch (RejectedExecutionException over) {
            throw new IllegalStateException("The device was closed or its context lost", over);
        }
    }

    /** What it held went with its context. */
    void forget() {
        lanes.forEach(lane -> lane.thread.close());
        watch.close();
    }

    @Override
    public void close() {
        lanes.forEach(Lane::close);
        watch.close();
        back.close();
    }
}
