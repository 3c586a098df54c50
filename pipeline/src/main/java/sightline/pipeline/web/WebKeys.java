package sightline.pipeline.web;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import sightline.config.settings.Setting;
import sightline.config.settings.Settings;
import sightline.config.settings.SettingsGroup;

/** The keys of the dashboard. */
public final class WebKeys {
    private static final WebSettings DEFAULTS = WebSettings.defaults();

    public static final Setting<String> HOST = Setting.text("web.host", DEFAULTS.host())
            .doc("Address to listen on; anything but a loopback address needs web.token.");

    public static final Setting<Integer> PORT =
            Setting.integer("web.port", 8080).within(0, 65_535).doc("Port of the page; 0 takes any free one.");

    public static final Setting<String> TOKEN = Setting.text("web.token", "")
            .doc("What clients must show, as a bearer token or once as ?token=; empty for none.");

    public static final Setting<String> CERTIFICATE =
            Setting.text("web.tls.certificate", "").doc("Certificate chain in PEM; empty for plain HTTP.");

    public static final Setting<String> KEY =
            Setting.text("web.tls.key", "").doc("Private key of the certificate in PEM.");

    public static final Setting<Integer> MAX_CLIENTS = Setting.integer("web.max-clients", DEFAULTS.maxClients())
            .within(1, 10_000)
            .doc("Live connections at a time; one more is refused with a reason.");

    public static final Setting<Integer> CONTROL_QUEUE = Setting.integer("web.control-queue", DEFAULTS.controlQueue())
            .within(16, 65_536)
            .unit("messages")
            .doc("Control messages that may wait for one page before it is disconnected.");

    public static final Setting<Long> WRITE_QUEUE = Setting.size("web.write-queue", DEFAULTS.writeQueueBytes())
            .within(16L << 10, 64L << 20)
            .doc("Bytes that may wait in one page's socket before data is held back.");

    public static final Setting<Duration> STALL_TIMEOUT = Setting.duration("web.stall-timeout", DEFAULTS.stallTimeout())
            .within(Duration.ofSeconds(1), Duration.ofMinutes(10))
            .doc("How long a page may take nothing before it is disconnected.");

    public static final Setting<Duration> PREVIEW_INTERVAL = Setting.duration(
                    "web.preview-interval", DEFAULTS.previewInterval())
            .within(Duration.ofMillis(20), Duration.ofMinutes(1))
            .doc("Shortest time between two previews of one camera.");

    public static final SettingsGroup GROUP = SettingsGroup.of(
            "web",
            "The dashboard: page, live feed, metrics.",
            HOST,
            PORT,
            TOKEN,
            CERTIFICATE,
            KEY,
            MAX_CLIENTS,
            CONTROL_QUEUE,
            WRITE_QUEUE,
            STALL_TIMEOUT,
            PREVIEW_INTERVAL);

    private WebKeys() {}

    /** What the settings say of the dashboard; fails with a sentence where they do not fit together. */
    public static WebSettings read(Settings settings) {
        String certificate = settings.get(CERTIFICATE);
        String key = settings.get(KEY);
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("web.tls.certificate and web.tls.key are set together or not at all");
        }
        return new WebSettings(
                settings.get(HOST),
                settings.get(PORT),
                Optional.of(settings.get(TOKEN)).filter(token -> !token.isEmpty()),
                certificate.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new WebSettings.Tls(Path.of(certificate), Path.of(key))),
                settings.get(MAX_CLIENTS),
                settings.get(CONTROL_QUEUE),
                Math.toIntExact(settings.get(WRITE_QUEUE)),
                settings.get(STALL_TIMEOUT),
                settings.get(PREVIEW_INTERVAL));
    }
}
