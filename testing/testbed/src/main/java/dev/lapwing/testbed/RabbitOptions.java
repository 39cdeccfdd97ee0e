// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a RabbitMQ server is set up.
 *
 * @param certificates the server's certificate, if it speaks TLS only
 * @param config further lines of its {@code rabbitmq.conf}
 */
public record RabbitOptions(Optional<Certificates> certificates, List<String> config) {

    /** With the management plugin; no TLS. */
    public static RabbitOptions standard() {
        return new RabbitOptions(Optional.empty(), List.of());
    }

    /** With TLS only, but for the management plugin. */
    public RabbitOptions withTls(Certificates wanted) {
        return new RabbitOptions(Optional.of(wanted), config);
    }

    /** With further lines in {@code rabbitmq.conf}; a later line wins. */
    public RabbitOptions withConfig(String... lines) {
        List<String> all = new ArrayList<>(config);
        all.addAll(List.of(lines));
        return new RabbitOptions(certificates, List.copyOf(all));
    }
}
