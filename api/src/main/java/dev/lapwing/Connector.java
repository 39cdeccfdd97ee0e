// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/**
 * The runtime's door: {@link Lapwing#connect} finds it with a {@link java.util.ServiceLoader}.
 * Programs do not call it.
 */
public interface Connector {
    /** Opens a connection; see {@link Lapwing#connect(String, ConnectOptions)}. */
    Lapwing connect(String uri, ConnectOptions options);
}
