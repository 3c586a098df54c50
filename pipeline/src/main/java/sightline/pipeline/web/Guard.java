package sightline.pipeline.web;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;

/**
 * Who may come in. With a token set, every request but health and the page's own files must show it: as a bearer token, or as the
 * cookie that opening the page once with {@code ?token=} leaves behind. Without a token the server listens on loopback
 * only, and then requests must name a loopback host, which keeps rebound domain names of foreign pages out. Anything that
 * changes something, and the live feed, must come from the same origin.
 */
final class Guard {
    private static final String COOKIE = "sightline";
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' blob:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'; require-trusted-types-for 'script'";
    private static final String FOXGLOVE = "https://app.foxglove.dev";
    private static final Set<String> OPEN = Set.of("/healthz", "/readyz");

    private final WebSettings settings;

    Guard(WebSettings settings) {
        this.settings = settings;
    }

    /** Sets the headers that every answer has, then lets the request pass or ends it. */
    void handle(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.putHeader("content-security-policy", POLICY)
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("cross-origin-opener-policy", "same-origin")
                .putHeader("cross-origin-resource-policy", "same-origin");
        HttpServerRequest request = context.request();
        if (settings.token().isEmpty() && !namesLoopback(request)) {
            end(context, 421, "this server answers to loopback names only; set web.token to open it");
        } else if (changes(request) && !sameOrigin(request) && !isFoxglove(request)) {
            end(context, 403, "this must come from the dashboard's own page");
        } else if (settings.token().isPresent() && !OPEN.contains(context.normalizedPath())) {
            authenticate(context, settings.token().get());
        } else {
            context.next();
        }
    }

    private void authenticate(RoutingContext context, String token) {
        HttpServerRequest request = context.request();
        String offered = request.getParam("token");
        boolean inAddress = offered != null && request.method() == HttpMethod.GET && matches(offered, token);
        if (inAddress && "websocket".equalsIgnoreCase(request.getHeader("upgrade"))) {
            // Viewers that can neither set headers nor keep cookies have only the address.
            context.next();
            return;
        }
        if (inAddress) {
            Cookie cookie = Cookie.cookie(COOKIE, token)
                    .setHttpOnly(true)
                    .setPath("/")
                    .setSameSite(CookieSameSite.STRICT)
                    .setSecure(settings.tls().isPresent());
            context.response().addCookie(cookie);
            context.response().setStatusCode(303).putHeader("location", "/").end();
            return;
        }
        String bearer = request.getHeader("authorization");
        Cookie cookie = request.getCookie(COOKIE);
        boolean shown = bearer != null && bearer.startsWith("Bearer ") && matches(bearer.substring(7), token)
                || cookie != null && matches(cookie.getValue(), token);
        if (shown) {
            context.next();
        } else {
            context.response().putHeader("www-authenticate", "Bearer realm=\"sightline\"");
            end(context, 401, "a token is needed: open the page once with ?token=... or send it as a bearer token");
        }
    }

    private static boolean changes(HttpServerRequest request) {
        return request.method() != HttpMethod.GET && request.method() != HttpMethod.HEAD
                || "websocket".equalsIgnoreCase(request.getHeader("upgrade"));
    }

    /** Browsers send Origin with every such request; other programs send none and hold no cookie of ours. */
    private static boolean sameOrigin(HttpServerRequest request) {
        String origin = request.getHeader("origin");
        String host = request.getHeader("host");
        if (origin == null) {
            return true;
        }
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getAuthority());
        } catch (IllegalArgumentException notAnOrigin) {
            return false;
        }
    }

    /** Foxglove's own page may watch, which is all that its endpoint lets anybody do. */
    private static boolean isFoxglove(HttpServerRequest request) {
        return request.path().equals("/foxglove") && FOXGLOVE.equals(request.getHeader("origin"));
    }

    private static boolean namesLoopback(HttpServerRequest request) {
        return request.authority() != null
                && WebSettings.isLoopback(request.authority().host());
    }

    private static boolean matches(String offered, String token) {
        return MessageDigest.isEqual(offered.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static void end(RoutingContext context, int status, String why) {
        context.response()
                .setStatusCode(status)
                .putHeader("content-type", "text/plain; charset=utf-8")
                .end(why + "\n");
    }
}
