package sightline.config.ledger;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import sightline.config.time.TimeSource;

/**
 * The ledger of a running process.
 *
 * <p>Two nested maps find an account without building a key. Lost tickets come through one reference queue, which is
 * looked at (one volatile read while it is empty) whenever a ticket is opened or a snapshot taken, so there is no
 * thread to supervise.
 */
final class LiveLedger implements Ledger {

    private final TimeSource time;
    private final ConcurrentMap<String, ConcurrentMap<String, Account>> stages = new ConcurrentHashMap<>();
    private final AtomicInteger accounts = new AtomicInteger();
    private final ReferenceQueue<Ticket> dropped = new ReferenceQueue<>();

    LiveLedger(TimeSource time) {
        this.time = time;
    }

    @Override
    public Ticket open(String camera, String stage) {
        reap();
        return account(camera, stage).open();
    }

    @Override
    public Ticket open(String camera, String stage, long epoch, long sequence) {
        reap();
        Account account = account(camera, stage);
        return account.seen(epoch, sequence) ? account.openAgain() : account.open();
    }

    @Override
    public LedgerSnapshot snapshot() {
        reap();
        List<LedgerRow> rows = new ArrayList<>();
        stages.values().forEach(cameras -> cameras.values().forEach(account -> rows.add(account.row())));
        rows.sort(Comparator.comparing(LedgerRow::stage).thenComparing(LedgerRow::camera));
        return new LedgerSnapshot(time.nanos(), rows);
    }

    private Account account(String camera, String stage) {
        ConcurrentMap<String, Account> cameras = stages.get(stage);
        if (cameras == null) {
            cameras = stages.computeIfAbsent(stage, name -> new ConcurrentHashMap<>());
        }
        Account account = cameras.get(camera);
        return account != null ? account : admit(cameras, camera, stage);
    }

    private Account admit(ConcurrentMap<String, Account> cameras, String camera, String stage) {
        // Camera names arrive as record keys, so their number is not ours to trust.
        String name = accounts.get() < MAX_ACCOUNTS ? camera : OVERFLOW;
        return cameras.computeIfAbsent(name, key -> {
            accounts.incrementAndGet();
            return new Account(key, stage, dropped);
        });
    }

    private void reap() {
        for (Reference<? extends Ticket> gone = dropped.poll(); gone != null; gone = dropped.poll()) {
            if (gone instanceof Slip slip) {
                slip.account.lose(slip);
            }
        }
    }
}
