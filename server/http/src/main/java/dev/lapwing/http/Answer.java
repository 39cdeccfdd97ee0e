// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.util.List;

/**
 * The answer to a request, before it is known how the connection goes on.
 *
 * @param status the HTTP status
 * @param mediaType the body's content type; empty for an answer without a body
 * @param body the body; not copied
 * @param headers header lines that belong to it, each with its line end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, String mediaType, byte[] body, List<String> headers) {

    private static final byte[] NOTHING = {};

    static Answer json(int status, byte[] body) {
        return new Answer(status, "application/json", body, List.of());
    }

    static Answer empty(int status, List<String> headers) {
        return new Answer(status, "", NOTHING, headers);
    }
}
