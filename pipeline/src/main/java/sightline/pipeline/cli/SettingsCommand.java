package sightline.pipeline.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sightline.config.settings.MemoryBudget;
import sightline.config.settings.Reference;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsException;
import sightline.config.settings.SettingsLoader;
import sightline.pipeline.settings.AllSettings;

/** {@code sightline settings}: the reference of all keys, and what a file makes of them. */
@Command(
        name = "settings",
        description = "Explains the settings, or checks a file of them.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all is well", "1:the settings cannot be used, as said", "2:the arguments are off"})
final class SettingsCommand implements Callable<Integer> {

    enum Format {
        HELP,
        YAML,
        MARKDOWN,
        HTML,
        VALUES,
        BUDGET
    }

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PREFIX", defaultValue = "", description = "Only keys that begin so.")
    private String prefix;

    @Option(
            names = "--format",
            defaultValue = "help",
            description = "help, yaml (a file of all defaults), markdown, html, values (what is in force and who said"
                    + " so) or budget (what all bounds allow to be held in memory); default ${DEFAULT-VALUE}.")
    private Format format;

    @Option(names = "--file", paramLabel = "YAML", description = "A settings file to check.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting, over file and environment.")
    private List<String> assignments = new ArrayList<>();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        SettingsLoader loader = SettingsLoader.of(AllSettings.REGISTRY);
        files.forEach(loader::file);
        loader.environment(System.getenv());
        assignments.forEach(loader::set);
        Settings settings;
        try {
            settings = loader.load();
        } catch (SettingsException e) {
            e.problems().forEach(out::println);
            return 1;
        }
        switch (format) {
            case HELP -> out.print(Reference.help(AllSettings.REGISTRY, prefix));
            case YAML -> out.print(Reference.yaml(AllSettings.REGISTRY));
            case MARKDOWN -> out.print(Reference.markdown(AllSettings.REGISTRY));
            case HTML -> out.print(Reference.html(AllSettings.REGISTRY));
            case BUDGET -> out.print(MemoryBudget.of(settings).table());
            case VALUES -> {
                for (Setting<?> setting : AllSettings.REGISTRY.settings()) {
                    if (setting.key().startsWith(prefix)) {
                        out.println(value(setting, settings) + "  (" + settings.place(setting) + ")");
                    }
                }
            }
        }
        out.flush();
        return 0;
    }

    private static <T> String value(Setting<T> setting, Settings settings) {
        return setting.key() + "=" + setting.format(settings.get(setting));
    }
}
