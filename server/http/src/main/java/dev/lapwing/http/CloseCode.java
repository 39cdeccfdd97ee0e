// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

/** Why the server closes a WebSocket, as RFC 6455 numbers it; from 4000 up it is our own. */
final class CloseCode {
    static final int NORMAL = 1000;

    /** The server stops: connect again, from where the reason says. */
    static final int GOING_AWAY = 1001;

    static final int PROTOCOL_ERROR = 1002;
    static final int TOO_BIG = 1009;

    /** The topic cannot be read any more. */
    static final int INTERNAL_ERROR = 1011;

    /** The client does not keep up: connect again, from where the reason says. */
    static final int SLOW = 4000;

    /** The client gave no sign of life. */
    static final int SILENT = 4001;

    private CloseCode() {}
}
