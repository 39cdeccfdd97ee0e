// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a NATS server is set up.
 *
 * @param user the user that clients have to be, if any
 * @param password that user's password; empty without a user
 * @param jetStream whether the server has JetStream
 * @param certificates the server's certificate, if it speaks TLS only
 * @param config further lines of its configuration file, such as {@code max_payload: 1KB}
 */
public record NatsOptions(
        Optional<String> user,
        String password,
        boolean jetStream,
        Optional<Certificates> certificates,
        List<String> config) {

    /** With JetStream; no user, no TLS. */
    public static NatsOptions standard() {
        return new NatsOptions(Optional.empty(), "", true, Optional.empty(), List.of());
    }

    /** With one user and a password. */
    public NatsOptions withUser(String name, String secret) {
        return new NatsOptions(Optional.of(name), secret, jetStream, certificates, config);
    }

    /** Without JetStream, so that it keeps nothing. */
    public NatsOptions withoutJetStream() {
        return new NatsOptions(user, password, false, certificates, config);
    }

    /** With TLS only. */
    public NatsOptions withTls(Certificates wanted) {
        return new NatsOptions(user, password, jetStream, Optional.of(wanted), config);
    }

    /** With further lines in the configuration file. */
    public NatsOptions withConfig(String... lines) {
        List<String> all = new ArrayList<>(config);
        all.addAll(List.of(lines));
        return new NatsOptions(user, password, jetStream, certificates, List.copyOf(all));
    }
}
