// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

/** What to do about the code with which the server closed a WebSocket. */
enum CloseCode {
    /** The subscriber read too slowly: go on at once. */
    SLOW,
    /** The same subscription would be closed again: give up. */
    REFUSED,
    /** Shutdown, overload, or an error of the server: come back later. */
    PASSING;

    static CloseCode of(int code) {
        return switch (code) {
            case 4000 -> SLOW;
            case 1002, 1003, 1007, 1008, 1009, 1010 -> REFUSED;
            default -> PASSING;
        };
    }
}
