package sightline.config.contract;

import java.util.Optional;
import sightline.config.domain.DeadLetter;
import sightline.config.domain.Origin;

/** The header {@link Headers#DEAD_LETTER}. */
final class DeadLetterWire {

    private DeadLetterWire() {}

    static sightline.config.wire.DeadLetter write(DeadLetter letter) {
        return sightline.config.wire.DeadLetter.newBuilder()
                .setTopic(letter.topic())
                .setPartition(letter.partition())
                .setOffset(letter.offset())
                .setStage(letter.stage())
                .setFailure(letter.failure())
                .setMessage(letter.message())
                .setStackTrace(letter.stackTrace())
                .setValueSha256(letter.valueSha256())
                .setValueBytes(letter.valueBytes())
                .setAttempt(letter.attempt())
                .setReplayable(letter.replayable())
                .setBuried(Stamps.write(letter.buriedNanos()))
                .setOrigin(letter.origin().map(Names::write).orElse(sightline.config.wire.Origin.ORIGIN_UNSPECIFIED))
                .build();
    }

    static DeadLetter read(sightline.config.wire.DeadLetter in) {
        Checks.present("buried", in.hasBuried());
        return new DeadLetter(
                Checks.named("topic", in.getTopic()),
                in.getPartition(),
                in.getOffset(),
                Checks.named("stage", in.getStage()),
                in.getFailure(),
                in.getMessage(),
                in.getStackTrace(),
                in.getValueSha256(),
                in.getValueBytes(),
                in.getAttempt(),
                in.getReplayable(),
                Stamps.read("buried", in.getBuried()),
                origin(in));
    }

    private static Optional<Origin> origin(sightline.config.wire.DeadLetter in) {
        return in.getOrigin() == sightline.config.wire.Origin.ORIGIN_UNSPECIFIED
                ? Optional.empty()
                : Optional.of(Names.read(in.getOrigin()));
    }
}
