// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import io.netty.handler.codec.http.HttpHeaderNames;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which web pages may use the server. A browser sends the page's origin with every request
 * that could do harm, and any page that its user visits could reach a server on this machine: so
 * only the server's own pages, and those that the options name, are let in. Programs that are no
 * browsers send no origin.
 */
final class Origins {
    private final Set<String> allowed;
    private final boolean loopbackOnly;

    /**
     * Rules.
     *
     * @param loopbackOnly whether the server is bound to a loopback address; then a page whose host
     *     is a name of somebody else is foreign, even if that name leads here
     */
    Origins(Set<String> allowed, boolean loopbackOnly) {
        this.allowed = allowed;
        this.loopbackOnly = loopbackOnly;
    }

    /**
     * Lets a request pass.
     *
     * @throws Refusal if it comes from the page of an origin that is not allowed
     */
    void check(Request request) {
        Optional<String> origin = request.header(HttpHeaderNames.ORIGIN);
        if (origin.isEmpty() || isListed(origin.get()) || isOwn(origin.get(), request)) {
            return;
        }
        throw new Refusal(
                Problem.of(
                        403,
                        "origin-not-allowed",
                        "This page may not use the server",
                        "The origin '%s' is not allowed; start the server with it among the allowed origins"
                                .formatted(Target.printable(origin.get()))));
    }

    /** The header lines that let a page of a listed origin read an answer. */
    List<String> corsLines(Request request) {
        Optional<String> origin = request.header(HttpHeaderNames.ORIGIN);
        if (allowed.isEmpty() || origin.isEmpty() || !isListed(origin.get())) {
            return List.of();
        }
        return List.of(
                "access-control-allow-origin: " + origin.get() + "\r\n",
                "vary: origin\r\n",
                "access-control-expose-headers: retry-after, allow\r\n");
    }

    private boolean isListed(String origin) {
        return allowed.contains("*") || allowed.contains(origin);
    }

    private boolean isOwn(String origin, Request request) {
        Optional<String> host = request.header(HttpHeaderNames.HOST);
        int scheme = origin.indexOf("://");
        return host.isPresent()
                && scheme > 0
                && origin.substring(scheme + 3).equalsIgnoreCase(host.get())
                && (!loopbackOnly || isLoopback(hostOf(origin)));
    }

    private static @Nullable String hostOf(String origin) {
        try {
            return new URI(origin).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static boolean isLoopback(@Nullable String host) {
        String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.equals("[::1]")
                || name.matches("127(\\.\\d{1,3}){3}");
    }
}
