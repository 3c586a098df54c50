package sightline.config.contract;

import sightline.config.domain.RenderRequest;
import sightline.config.domain.RenderResult;
import sightline.config.domain.RenderResult.Verdict;

/** {@code render.request.v1} and {@code render.result.v1}. */
final class RenderWire {

    private RenderWire() {}

    static sightline.config.wire.RenderRequest write(RenderRequest request) {
        return sightline.config.wire.RenderRequest.newBuilder()
                .setEvent(request.brief().event())
                .setBrief(BriefWire.write(request.brief()))
                .setDepictor(request.depictor())
                .setSeed(request.seed())
                .setBudgetMs(request.budgetMillis())
                .setDeadline(Stamps.write(request.deadlineNanos()))
                .setPriority(request.priority())
                .setWidthPx(request.width())
                .setHeightPx(request.height())
                .setOrigin(Names.write(request.origin()))
                .build();
    }

    static RenderRequest read(sightline.config.wire.RenderRequest in) {
        Checks.present("brief", in.hasBrief());
        Checks.present("deadline", in.hasDeadline());
        if (!in.getEvent().equals(in.getBrief().getEvent())) {
            throw new IllegalArgumentException("event is " + in.getEvent() + ", but the brief is of "
                    + in.getBrief().getEvent());
        }
        if (in.getWidthPx() <= 0 || in.getHeightPx() <= 0) {
            throw new IllegalArgumentException("a picture of " + in.getWidthPx() + "x" + in.getHeightPx());
        }
        return new RenderRequest(
                BriefWire.read(in.getBrief()),
                Checks.named("depictor", in.getDepictor()),
                in.getSeed(),
                in.getBudgetMs(),
                Stamps.read("deadline", in.getDeadline()),
                in.getPriority(),
                in.getWidthPx(),
                in.getHeightPx(),
                Names.read(in.getOrigin()));
    }

    static sightline.config.wire.RenderResult write(RenderResult result) {
        return sightline.config.wire.RenderResult.newBuilder()
                .setEvent(result.event())
                .setViewpoint(result.viewpoint())
                .setDepictor(result.depictor())
                .setSeed(result.seed())
                .setImage(result.image())
                .setScore(result.score())
                .setVerdict(write(result.verdict()))
                .setReason(result.reason())
                .setEngine(result.engine())
                .setDigest(result.digest())
                .setProgress(result.progress())
                .setTime(Stamps.write(result.timeNanos()))
                .setOrigin(Names.write(result.origin()))
                .build();
    }

    static RenderResult read(sightline.config.wire.RenderResult in) {
        Checks.present("time", in.hasTime());
        return new RenderResult(
                Checks.named("event", in.getEvent()),
                in.getViewpoint(),
                in.getDepictor(),
                in.getSeed(),
                in.getImage(),
                Checks.unit("score", in.getScore()),
                read(in.getVerdict()),
                in.getReason(),
                in.getEngine(),
                in.getDigest(),
                Checks.unit("progress", in.getProgress()),
                Stamps.read("time", in.getTime()),
                Names.read(in.getOrigin()));
    }

    private static sightline.config.wire.RenderResult.Verdict write(Verdict verdict) {
        return switch (verdict) {
            case ACCEPTED -> sightline.config.wire.RenderResult.Verdict.ACCEPTED;
            case REJECTED -> sightline.config.wire.RenderResult.Verdict.REJECTED;
            case EXEMPT -> sightline.config.wire.RenderResult.Verdict.EXEMPT;
            case REFUSED -> sightline.config.wire.RenderResult.Verdict.REFUSED;
            case FAILED -> sightline.config.wire.RenderResult.Verdict.FAILED;
        };
    }

    private static Verdict read(sightline.config.wire.RenderResult.Verdict verdict) {
        return switch (verdict) {
            case ACCEPTED -> Verdict.ACCEPTED;
            case REJECTED -> Verdict.REJECTED;
            case EXEMPT -> Verdict.EXEMPT;
            case REFUSED -> Verdict.REFUSED;
            case FAILED -> Verdict.FAILED;
            case VERDICT_UNSPECIFIED, UNRECOGNIZED -> throw Checks.unknown("verdict", verdict);
        };
    }
}
