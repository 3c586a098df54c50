package sightline.pipeline.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import sightline.config.time.TimeSource;
import sightline.sensors.geometry.CameraModel;
import sightline.sensors.geometry.WorldPoint;

/** The page in a real browser, over the seeded crowd. Screenshots of every view are left in target/screenshots. */
class DashboardPageTest {
    private static final String TRACK = "plaza%2Fwest%2F1.1";

    private static Chromium chromium;

    private final FakePicture picture = new FakePicture(7, 9);
    private final List<String> errors = new ArrayList<>();
    private DashboardServer server;
    private Disposable time;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    }

    @AfterAll
    static void stopBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void open() {
        server = DashboardServer.start(picture, WebSettings.defaults());
        time = Flux.interval(Duration.ofMillis(100))
                .onBackpressureDrop()
                .subscribe(i -> picture.step(TimeSource.system().nanos()));
        context = chromium.browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 800));
        page = context.newPage();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text() + " at " + message.location());
            }
        });
        page.onPageError(error -> errors.add(error));
    }

    @AfterEach
    void close() {
        time.dispose();
        context.close();
        server.close();
    }

    private void show(String view) {
        page.navigate(server.url() + "#/" + view);
        assertThat(page.locator(".pulse")).hasText("live");
    }

    @ParameterizedTest
    @CsvSource({
        "live, .camera canvas[aria-label*='objects found'], 4",
        "map, .tracks tbody tr, 9",
        "events, .timeline .event, 1",
        "track/" + TRACK + ", .contributions li, 5",
        "camera/cam-north-west, canvas[aria-label*='objects found'], 1",
        "system, figure.latency, 5",
        "settings, .settings tbody tr, 10",
        "imagery, .imagery > *, 1",
        "zones, .zone-list li, 1"
    })
    void everyViewShowsLiveDataWithoutAnError(String view, String what, int atLeast) {
        show(view);
        assertThat(page.locator(what).nth(atLeast - 1)).isVisible();
        assertThat(page.locator("#origin .badge")).hasText("SIMULATED");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", view.replaceAll("\\W+", "-") + ".png")));
        assertThat(errors).isEmpty();
    }

    @Test
    void aZoneThatIsDrawnOnTheMapRaisesItsEvents() {
        show("zones");
        Locator canvas = page.locator(".map canvas");
        for (double[] corner : new double[][] {{3, 3}, {21, 3}, {21, 13}, {3, 13}}) {
            double[] at = onScreen(canvas, corner[0], corner[1]);
            page.mouse().click(at[0], at[1]);
        }
        page.getByLabel("Name").fill("whole plaza");
        page.getByRole(AriaRole.BUTTON, named("Save zone")).click();
        assertThat(page.locator(".zone-list")).containsText("whole plaza");
        page.navigate(server.url() + "#/events");
        assertThat(page.locator(".timeline")).containsText("entered whole plaza");
        page.locator(".event", new Page.LocatorOptions().setHasText("entered whole plaza"))
                .first()
                .click();
        assertThat(page.locator(".detail .contributions li")).hasCount(5);
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "event.png")));
        assertThat(errors).isEmpty();
    }

    @Test
    void aZoneCanBeDrawnWithTheKeyboardAlone() {
        show("zones");
        page.locator(".map canvas").focus();
        for (String key : List.of(
                "Shift+ArrowLeft",
                "Enter",
                "Shift+ArrowDown",
                "Shift+ArrowDown",
                "Enter",
                "Shift+ArrowRight",
                "Shift+ArrowRight",
                "Enter")) {
            page.keyboard().press(key);
        }
        page.getByLabel("Name").fill("corner");
        page.getByLabel("Name").press("Enter");
        assertThat(page.locator(".zone-list")).containsText("corner");
        assertThat(picture.commands).containsExactly("put corner");
    }

    @Test
    void aClickOnATrackOpensItsReceipt() {
        show("map");
        assertThat(page.locator(".tracks tbody tr")).hasCount(9);
        time.dispose();
        await().until(() ->
                ((Number) page.evaluate("async () => (await import('/js/store.js')).store.tick.tick")).longValue()
                        == picture.ticks());
        var somebody = new Crowd(7, 9).at(picture.ticks() / 10.0).getFirst();
        double[] at = onScreen(page.locator(".map canvas"), somebody.east(), somebody.north());
        page.mouse().click(at[0], at[1]);
        assertThat(page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("Receipt"))
                        .locator(".contributions li"))
                .hasCount(5);
        assertThat(page.locator(".panel")).containsText("Not heard");
        assertThat(page.locator(".panel")).containsText("exposed after the late window");
    }

    @Test
    void aCameraCanBeRemovedAndBroughtBack() {
        show("camera/cam-south-east");
        page.getByRole(AriaRole.BUTTON, named("Remove")).click();
        assertThat(page.locator(".camera")).hasAttribute("data-state", "REMOVED");
        page.getByRole(AriaRole.BUTTON, named("Bring back")).click();
        assertThat(page.locator(".camera")).hasAttribute("data-state", "LIVE");
        assertThat(picture.commands).containsExactly("drop cam-south-east", "add cam-south-east");
    }

    @Test
    void aCameraIsGivenAnotherSource() {
        show("camera/cam-south-east");
        page.getByLabel("Pictures from").selectOption("video");
        page.getByLabel("File").fill("gate.mp4");
        page.getByLabel("Frames a second").fill("7");
        page.getByRole(AriaRole.BUTTON, named("Change the source")).click();
        assertThat(page.locator("#announce")).hasText("cam-south-east has another source");
        page.getByLabel("Pictures from").selectOption("topic");
        page.getByRole(AriaRole.BUTTON, named("Change the source")).click();
        await().untilAsserted(() -> assertThat(picture.commands)
                .containsExactly("add cam-south-east video:gate.mp4@7", "add cam-south-east topic"));
        assertThat(errors).isEmpty();
    }

    @Test
    void aZoneThatIsDrawnInACamerasPictureLiesOnTheGround() {
        show("zones");
        page.getByLabel("Draw on").selectOption("cam-north-west");
        Locator canvas = page.locator(".stage .camera canvas");
        assertThat(canvas).hasAttribute("aria-label", Pattern.compile("objects found"));
        CameraModel camera = CameraModel.of(Plaza.site()
                .sensor("cam-north-west")
                .orElseThrow()
                .calibration()
                .orElseThrow());
        BoundingBox box = canvas.boundingBox();
        double[][] corners = {{9, 6}, {14, 6}, {14, 10}};
        for (int i = 0; i < corners.length; i++) {
            var at = camera.project(WorldPoint.ground(corners[i][0], corners[i][1]))
                    .orElseThrow();
            page.mouse().click(box.x + at.u() * box.width / Plaza.WIDTH, box.y + at.v() * box.height / Plaza.HEIGHT);
            assertThat(page.getByLabel("Corners")).hasValue(Pattern.compile("(\\S+ \\S+\\s*){" + (i + 1) + "}"));
        }
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "zone-in-picture.png")));
        page.getByLabel("Name").fill("middle");
        page.getByRole(AriaRole.BUTTON, named("Save zone")).click();
        assertThat(page.locator(".zone-list")).containsText("middle");
        var outline = picture.site().site().zones().stream()
                .filter(z -> z.name().equals("middle"))
                .findFirst()
                .orElseThrow()
                .outline();
        for (double[] corner : corners) {
            assertThat(outline)
                    .as("a click is a pixel wide, and that is some centimetres on the ground")
                    .anySatisfy(p -> assertThat(Math.hypot(p.east() - corner[0], p.north() - corner[1]))
                            .isLessThan(0.4));
        }
        assertThat(errors).isEmpty();
    }

    @Test
    void thePageComesBackByItselfAfterTheServerDid() {
        show("live");
        int port = server.port();
        server.close();
        assertThat(page.locator(".pulse")).not().hasText("live");
        server = DashboardServer.start(picture, WebSettings.defaults().withAddress("127.0.0.1", port));
        assertThat(page.locator(".pulse")).hasText("live", new LocatorAssertions.HasTextOptions().setTimeout(20_000));
    }

    @Test
    void thePageSaysThatTheBrokerIsAwayAndThatItIsBack() {
        show("live");
        assertThat(page.locator("#trouble")).isHidden();
        picture.unready = List.of(new Readiness("kafka", false, "broker away since 12:00: connection refused."));
        assertThat(page.locator(".pulse")).hasText("broker away");
        assertThat(page.locator("#trouble")).containsText("connection refused");
        picture.unready = List.of();
        assertThat(page.locator(".pulse")).hasText("live");
        assertThat(page.locator("#trouble")).isHidden();
    }

    @Test
    void theTimelineMarksEachEventAndAMarkLeadsToIt() {
        show("events");
        Locator marks = page.locator(".timestrip .marks a");
        assertThat(marks.first()).isVisible();
        String words = marks.first().getAttribute("title");
        // Events crowd at the right end; the mark itself is what is tested, not who lies on top of it.
        marks.first().dispatchEvent("click");
        assertThat(page.locator(".detail .sentence")).hasText(words.substring(9));
        assertThat(errors).isEmpty();
    }

    @Test
    void layersThatNoNetworkFillsCannotBeSwitched() {
        show("live");
        assertThat(page.getByRole(AriaRole.BUTTON, named("Boxes"))).isEnabled();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Skeletons"))).isEnabled();
        picture.boxesOnly = true;
        page.reload();
        assertThat(page.locator(".camera canvas[aria-label*='objects found']").first())
                .isVisible();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Skeletons"))).isDisabled();
        assertThat(page.getByRole(AriaRole.BUTTON, named("Masks"))).isDisabled();
    }

    @Test
    void whatTheServerCannotDoIsSaidToWhoAsked() {
        picture.depicts = false;
        show("events");
        page.locator(".event").first().click();
        page.getByRole(AriaRole.BUTTON, named("Draw")).click();
        assertThat(page.locator(".detail [role=alert]")).hasText("no depictor is configured");
    }

    @Test
    void theThemeIsKeptAndThePhoneSeesEverythingWithoutScrollingSideways() {
        show("live");
        page.getByRole(AriaRole.BUTTON, named("Switch to")).click();
        assertThat(page.locator("html")).hasAttribute("data-theme", Pattern.compile("light|dark"));
        String chosen = page.locator("html").getAttribute("data-theme");
        page.setViewportSize(390, 844);
        for (String view : List.of("live", "map", "events", "system", "zones", "imagery")) {
            show(view);
            assertThat(page.locator("html").getAttribute("data-theme")).isEqualTo(chosen);
            Object wider = page.evaluate("document.getElementById('view').scrollWidth - innerWidth");
            assertThat(((Number) wider).intValue()).as(view).isLessThanOrEqualTo(0);
        }
        assertThat(errors).isEmpty();
    }

    private static Page.GetByRoleOptions named(String name) {
        return new Page.GetByRoleOptions().setName(name);
    }

    /** Where a place on the ground is drawn, by the page's own arithmetic. */
    private double[] onScreen(Locator canvas, double east, double north) {
        assertThat(canvas).isVisible();
        BoundingBox box = canvas.boundingBox();
        Object at = page.evaluate("""
                async ([e, n, width, height]) => {
                    const { Viewport, extent } = await import('/js/map/viewport.js');
                    const { store } = await import('/js/store.js');
                    const view = Object.assign(new Viewport(), { width, height });
                    view.fit(extent(store.site));
                    return [view.x(e), view.y(n)];
                }\
                """, List.of(east, north, box.width, box.height));
        List<?> xy = (List<?>) at;
        return new double[] {box.x + ((Number) xy.get(0)).doubleValue(), box.y + ((Number) xy.get(1)).doubleValue()};
    }
}
