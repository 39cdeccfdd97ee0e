// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import java.util.List;
import java.util.Set;

/**
 * Opens transports of one kind; found with a {@link java.util.ServiceLoader}. Has a public
 * constructor without parameters and keeps no state.
 */
public interface TransportProvider {

    /** The transport's name in errors and documents: "embedded", "rabbitmq". */
    String name();

    /** The URI schemes that it serves, in lower case, without the colon. */
    Set<String> schemes();

    /**
     * Every URI option that it knows; the runtime refuses all others and names the nearest. The
     * option {@code wait} is the runtime's own, for every transport.
     */
    List<TransportOption> options();

    /**
     * The ways to use it that differ in what they can do, the usual one first; needs no broker.
     * Empty where only a connection can tell.
     */
    default List<TransportMode> modes() {
        return List.of();
    }

    /**
     * Connects, and fails fast: to wait for a broker that is not there is the runtime's business,
     * which calls this again. The options in the URI are known ones; their values are not checked
     * yet.
     *
     * @throws dev.lapwing.InvalidUriException if the address or a value is not valid
     * @throws dev.lapwing.ConnectionFailedException if the broker cannot be reached; the text names
     *     the broker and what to do, and never holds a password
     * @throws dev.lapwing.AccessDeniedException if the broker can be reached and refuses the user,
     *     the password or the virtual host; the text never holds a password
     */
    Transport connect(TransportUri uri, TransportContext context);
}
