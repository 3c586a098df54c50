package sightline.pipeline.settings;

import sightline.config.evidence.EvidenceSettings;
import sightline.config.settings.SettingsRegistry;
import sightline.pipeline.topology.DepictionKeys;
import sightline.pipeline.topology.FusionKeys;
import sightline.pipeline.topology.KafkaKeys;
import sightline.pipeline.topology.PerceptionKeys;
import sightline.pipeline.topology.RuleKeys;
import sightline.pipeline.topology.SourceKeys;
import sightline.pipeline.web.WebKeys;

/** The registry of the product. A stage that has settings adds its group here, by name. */
public final class AllSettings {

    public static final SettingsRegistry REGISTRY = SettingsRegistry.builder()
            .group(SourceKeys.GROUP)
            .group(KafkaKeys.GROUP)
            .group(PerceptionKeys.GROUP)
            .group(FusionKeys.GROUP)
            .group(RuleKeys.GROUP)
            .group(DepictionKeys.GROUP)
            .group(EvidenceSettings.GROUP)
            .group(WebKeys.GROUP)
            .require(
                    "fusion.deadline-least must not be above fusion.deadline-most",
                    s -> s.get(FusionKeys.DEADLINE_LEAST).compareTo(s.get(FusionKeys.DEADLINE_MOST)) <= 0)
            .require(
                    "sources.stalled-after must not be above sources.restart-after",
                    s -> s.get(SourceKeys.STALLED_AFTER).compareTo(s.get(SourceKeys.RESTART_AFTER)) <= 0)
            .require(
                    "sources.first-backoff must not be above sources.longest-backoff",
                    s -> s.get(SourceKeys.FIRST_BACKOFF).compareTo(s.get(SourceKeys.LONGEST_BACKOFF)) <= 0)
            .require("perception.detector.side must be a multiple of 32", s -> s.get(PerceptionKeys.SIDE) % 32 == 0)
            .otherVariable("SIGHTLINE_DATA")
            .otherVariable("SIGHTLINE_JAVA_HOME")
            .otherVariable("SIGHTLINE_OPTS")
            .otherVariable("SIGHTLINE_BOOTSTRAP_SERVERS")
            .build();

    private AllSettings() {}
}
