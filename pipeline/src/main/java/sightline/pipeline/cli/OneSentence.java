package sightline.pipeline.cli;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** A failed command ends with one sentence that names the cause; the stack trace is for {@code -Dsightline.trace}. */
final class OneSentence implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (Boolean.getBoolean("sightline.trace")) {
            failure.printStackTrace(command.getErr());
        }
        Throwable cause = failure;
        while (cause.getMessage() == null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        command.getErr()
                .println(command.getColorScheme().errorText("sightline " + command.getCommandName() + ": " + message));
        return command.getCommandSpec().exitCodeOnExecutionException();
    }
}
