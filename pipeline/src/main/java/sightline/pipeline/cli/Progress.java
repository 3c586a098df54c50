package sightline.pipeline.cli;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/**
 * How far long work is, on one line that is written over again. Silent where nobody watches (no terminal), so that logs
 * stay readable.
 */
public final class Progress {

    private static final int BAR = 24;
    private static final int WIDTH = 110;

    private final PrintStream out;
    private final boolean watched;

    Progress(PrintStream out, boolean watched) {
        this.out = out;
        this.watched = watched;
    }

    /** On standard error if that is a terminal. */
    public static Progress onTerminal() {
        return new Progress(System.err, isTerminal());
    }

    static boolean isTerminal() {
        // No console at all is what a JVM without a terminal may say too.
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }

    /**
     * Shows the present state.
     *
     * @param share done of all, 0..1; NaN where the end is not known
     * @param text what is being done
     */
    public void show(double share, String text) {
        if (!watched) {
            return;
        }
        String line = Double.isNaN(share) ? text : bar(share) + text;
        out.print("\r" + fitted(line));
        out.flush();
    }

    /** Leaves the line. */
    public void done() {
        if (watched) {
            out.println();
        }
    }

    static String bar(double share) {
        double held = Math.clamp(share, 0, 1);
        int full = (int) Math.round(held * BAR);
        return String.format(Locale.ROOT, "[%s%s] %3.0f %% ", "#".repeat(full), "-".repeat(BAR - full), 100 * held);
    }

    private static String fitted(String line) {
        return line.length() >= WIDTH ? line.substring(0, WIDTH) : line + " ".repeat(WIDTH - line.length());
    }
}
