package sightline.pipeline.settings;

import sightline.config.evidence.EvidenceSettings;
import sightline.config.settings.SettingsRegistry;
import sightline.pipeline.web.WebKeys;

/** The registry of the product. A stage that has settings adds its group here, by name. */
public final class AllSettings {

    public static final SettingsRegistry REGISTRY = SettingsRegistry.builder()
            .group(EvidenceSettings.GROUP)
            .group(WebKeys.GROUP)
            .otherVariable("SIGHTLINE_DATA")
            .otherVariable("SIGHTLINE_JAVA_HOME")
            .otherVariable("SIGHTLINE_OPTS")
            .otherVariable("SIGHTLINE_BOOTSTRAP_SERVERS")
            .build();

    private AllSettings() {}
}
