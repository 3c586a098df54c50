package sightline.pipeline.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import sightline.config.time.TimeSource;
import sightline.pipeline.npm.Npm;

/** Every view against axe-core's rules for WCAG 2.2 A and AA, in both themes. */
class AccessibilityTest {
    private static Chromium chromium;
    private static String axe;

    @BeforeAll
    static void start() throws Exception {
        Path folder = Npm.require("axe-core", "4.10.3");
        chromium = Chromium.start();
        axe = Files.readString(folder.resolve("axe.min.js"));
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"DARK", "LIGHT"})
    void everyViewCanBeUsedByEverybody(ColorScheme theme) {
        var picture = new FakePicture(7, 9);
        try (var server = DashboardServer.start(picture, WebSettings.defaults());
                BrowserContext context = chromium.browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(1280, 800)
                        .setColorScheme(theme)
                        .setBypassCSP(true))) {
            var time = Flux.interval(Duration.ofMillis(100))
                    .onBackpressureDrop()
                    .subscribe(i -> picture.step(TimeSource.system().nanos()));
            try {
                Page page = context.newPage();
                page.navigate(server.url());
                for (String view : new String[] {
                    "live",
                    "map",
                    "events",
                    "track/plaza%2Fwest%2F1.1",
                    "camera/cam-north-west",
                    "imagery",
                    "zones",
                    "system",
                    "settings"
                }) {
                    page.navigate(server.url() + "#/" + view);
                    assertThat(page.locator(".pulse")).hasText("live");
                    assertThat(page.locator("#view h1")).not().hasCount(0);
                    assertThat(violations(page)).as(view + " " + theme).isEqualTo("[]");
                }
            } finally {
                time.dispose();
            }
        }
    }

    private static String violations(Page page) {
        page.evaluate("() => {" + axe + "; window.axe = axe; }");
        return (String) page.evaluate("""
                async () => {
                    const found = await axe.run(document, {
                        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
                        resultTypes: ['violations'],
                    });
                    if (found.passes.length < 8) return 'axe looked at almost nothing';
                    return JSON.stringify(found.violations.map((v) => ({
                        rule: v.id,
                        help: v.help,
                        where: v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary),
                    })));
                }""");
    }
}
