package sightline.pipeline.cli.tail;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import sightline.sensors.kafka.Intake;

/** Reads {@code --from}: {@code oldest}, {@code newest}, an instant, or how long ago as in {@code 90s} or {@code 2h}. */
public final class From implements ITypeConverter<Intake.Start> {

    @Override
    public Intake.Start convert(String text) {
        return switch (text) {
            case "oldest" -> Intake.oldest();
            case "newest" -> Intake.newest();
            default -> new Intake.Start.Since(instant(text));
        };
    }

    private static Instant instant(String text) {
        try {
            return Character.isDigit(text.charAt(0)) && !text.contains("T")
                    ? Instant.now().minus(Duration.parse(iso(text)))
                    : Instant.parse(text);
        } catch (DateTimeException | IndexOutOfBoundsException e) {
            throw new TypeConversionException(
                    "'" + text + "' is none of oldest, newest, 2026-01-31T12:00:00Z, 90s, 15m, 2h, 1d");
        }
    }

    private static String iso(String text) {
        return text.endsWith("d") ? "P" + text : "PT" + text;
    }
}
