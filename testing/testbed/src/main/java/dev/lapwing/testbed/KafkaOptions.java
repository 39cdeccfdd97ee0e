// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a Kafka server is set up.
 *
 * @param user the user that clients have to be (SASL/PLAIN), if any
 * @param password that user's password; empty without a user
 * @param certificates the server's certificate, if it speaks TLS only
 * @param config further lines of its {@code server.properties}
 * @param jvm further options of its JVM, such as {@code -Xmx1g}
 */
public record KafkaOptions(
        Optional<String> user,
        String password,
        Optional<Certificates> certificates,
        List<String> config,
        List<String> jvm) {

    /** Share groups on, topics made only when asked for; no user, no TLS, a small JVM. */
    public static KafkaOptions standard() {
        return new KafkaOptions(Optional.empty(), "", Optional.empty(), List.of(), List.of());
    }

    /** With one user and a password. */
    public KafkaOptions withUser(String name, String secret) {
        return new KafkaOptions(Optional.of(name), secret, certificates, config, jvm);
    }

    /** With TLS only. */
    public KafkaOptions withTls(Certificates wanted) {
        return new KafkaOptions(user, password, Optional.of(wanted), config, jvm);
    }

    /** With further lines in {@code server.properties}; a later line wins. */
    public KafkaOptions withConfig(String... lines) {
        return new KafkaOptions(user, password, certificates, joined(config, lines), jvm);
    }

    /** With further options of the JVM; a later one wins. */
    public KafkaOptions withJvm(String... options) {
        return new KafkaOptions(user, password, certificates, config, joined(jvm, options));
    }

    private static List<String> joined(List<String> present, String... further) {
        List<String> all = new ArrayList<>(present);
        all.addAll(List.of(further));
        return List.copyOf(all);
    }
}
