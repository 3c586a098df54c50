package sightline.pipeline.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsLoader;
import sightline.pipeline.settings.AllSettings;

/** The settings of a command: defaults, then a file, then the environment, then single ones. */
public final class SettingsOptions {
    @Option(
            names = "--settings",
            paramLabel = "YAML",
            description = "A file of settings; sightline settings --format yaml prints one with all defaults.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "One setting, over file and environment.")
    private List<String> assignments = new ArrayList<>();

    /**
     * What is in force.
     *
     * @throws sightline.config.settings.SettingsException with all that is wrong, before anything is started
     */
    public Settings load() {
        SettingsLoader loader = SettingsLoader.of(AllSettings.REGISTRY);
        files.forEach(loader::file);
        loader.environment(System.getenv());
        assignments.forEach(loader::set);
        return loader.load();
    }
}
