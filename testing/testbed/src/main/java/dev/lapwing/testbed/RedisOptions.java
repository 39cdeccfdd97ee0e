// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a Redis server is set up.
 *
 * @param password what {@code default} has to give, if anything
 * @param certificates the server's certificate, if it speaks TLS only
 * @param arguments further arguments of {@code redis-server}, such as {@code --maxmemory 1mb}
 */
public record RedisOptions(
        Optional<String> password, Optional<Certificates> certificates, List<String> arguments) {

    /** Every write is on the disk before it is acknowledged; no password, no TLS. */
    public static RedisOptions standard() {
        return new RedisOptions(Optional.empty(), Optional.empty(), List.of());
    }

    /** With a password for the default user. */
    public RedisOptions withPassword(String wanted) {
        return new RedisOptions(Optional.of(wanted), certificates, arguments);
    }

    /** With TLS only. */
    public RedisOptions withTls(Certificates wanted) {
        return new RedisOptions(password, Optional.of(wanted), arguments);
    }

    /** With further arguments, the later ones win. */
    public RedisOptions withArguments(String... further) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(further));
        return new RedisOptions(password, certificates, List.copyOf(all));
    }
}
