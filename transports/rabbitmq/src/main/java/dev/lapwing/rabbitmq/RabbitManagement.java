// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.LapwingException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The management plugin's HTTP API. */
final class RabbitManagement {
    private final RabbitConnector connector;
    private final RabbitSettings settings;
    private final URI address;
    private final HttpClient http;

    /** A queue and the topic or pattern that it is bound to. */
    record Bound(String topics, String queue) {}

    RabbitManagement(RabbitConnector connector) {
        this.connector = connector;
        this.settings = connector.settings();
        this.address = settings.management().orElseThrow();
        this.http = client();
    }

    private HttpClient client() {
        var builder = HttpClient.newBuilder().connectTimeout(settings.connectTimeout());
        if (address.getScheme().equals("https")) {
            builder.sslContext(connector.trust());
        }
        return builder.build();
    }

    /** Every queue that outlives its connection, with what it is bound to. */
    List<Bound> bound(RabbitNames names) {
        return settings.exchange().isDefault() ? queues() : bindings(names);
    }

    private List<Bound> queues() {
        var all = new ArrayList<Bound>();
        for (Map<?, ?> queue :
                list("/queues/" + encoded(settings.vhost()) + "?columns=name,exclusive")) {
            if (!Boolean.TRUE.equals(queue.get("exclusive"))) {
                all.add(new Bound(text(queue, "name"), text(queue, "name")));
            }
        }
        return all;
    }

    private List<Bound> bindings(RabbitNames names) {
        List<String> exchanges =
                settings.exchange().ignoresTopics()
                        ? List.of(settings.exchange().name(), names.exchange("_"))
                        : List.of(settings.exchange().name());
        var stay = queues().stream().map(Bound::queue).collect(java.util.stream.Collectors.toSet());
        var all = new ArrayList<Bound>();
        for (String exchange : exchanges) {
            String path =
                    "/exchanges/%s/%s/bindings/source"
                            .formatted(encoded(settings.vhost()), encoded(exchange));
            for (Map<?, ?> binding : list(path)) {
                String queue = text(binding, "destination");
                if ("queue".equals(binding.get("destination_type")) && stay.contains(queue)) {
                    all.add(new Bound(RabbitNames.topics(text(binding, "routing_key")), queue));
                }
            }
        }
        return all.stream().distinct().toList();
    }

    /** How many messages of a queue are with consumers, as of a few seconds ago. */
    long unsettled(String queue) {
        Object told =
                get("/queues/%s/%s".formatted(encoded(settings.vhost()), encoded(queue)))
                        .orElse(null);
        return told instanceof Map<?, ?> map
                        && map.get("messages_unacknowledged") instanceof Number count
                ? count.longValue()
                : 0;
    }

    private List<Map<?, ?>> list(String path) {
        var all = new ArrayList<Map<?, ?>>();
        if (get(path).orElse(null) instanceof List<?> list) {
            for (Object each : list) {
                if (each instanceof Map<?, ?> map) {
                    all.add(map);
                }
            }
        }
        return all;
    }

    private static String text(Map<?, ?> map, String name) {
        return String.valueOf(map.get(name));
    }

    /** What is there; empty if there is nothing. */
    private Optional<Object> get(String path) {
        HttpResponse<byte[]> response = send(path);
        return switch (response.statusCode()) {
            case 200 -> Optional.ofNullable(parse(response.body()));
            case 404 -> Optional.empty();
            case 401, 403 ->
                    throw new AccessDeniedException(
                            "The management API at %s refuses user '%s'; give one with the tag management: management=http://user:password@host:15672"
                                    .formatted(shown(), login()[0]));
            default ->
                    throw new LapwingException(
                            "The management API at %s answers with status %d; is it RabbitMQ's management plugin?"
                                    .formatted(shown(), response.statusCode()));
        };
    }

    private @Nullable Object parse(byte[] body) {
        try {
            return RabbitJson.parse(body);
        } catch (JacksonException e) {
            throw new LapwingException(
                    "The management API at %s answers with what is no JSON; is it RabbitMQ's management plugin?"
                            .formatted(shown()),
                    e);
        }
    }

    private HttpResponse<byte[]> send(String path) {
        String[] login = login();
        String secret =
                Base64.getEncoder()
                        .encodeToString(
                                (login[0] + ":" + login[1]).getBytes(StandardCharsets.UTF_8));
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(shown() + "/api" + path))
                        .timeout(settings.connectTimeout())
                        .header("Authorization", "Basic " + secret)
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new ConnectionFailedException(
                    "The management API at %s cannot be reached: %s. Enable the plugin rabbitmq_management, or correct the option management"
                            .formatted(shown(), RabbitErrors.reason(e)),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException(
                    "The thread was interrupted while it waited for the management API", e);
        }
    }

    /** The address without user and password. */
    private String shown() {
        int port = address.getPort();
        return "%s://%s%s"
                .formatted(address.getScheme(), address.getHost(), port < 0 ? "" : ":" + port);
    }

    private String[] login() {
        String given = address.getUserInfo();
        if (given == null) {
            return new String[] {settings.user(), settings.password()};
        }
        int colon = given.indexOf(':');
        return colon < 0
                ? new String[] {given, ""}
                : new String[] {given.substring(0, colon), given.substring(colon + 1)};
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
