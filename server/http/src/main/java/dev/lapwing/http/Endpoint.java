// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

/** What answers the requests of one path. Called on event loops: it never blocks. */
interface Endpoint {

    /** The methods that it answers, as the header {@code Allow} lists them. */
    String methods();

    /** The largest body that a request may have, in bytes; 0 where a body is not looked at. */
    default long maxBodyBytes(Request request) {
        return 0;
    }

    /**
     * Answers a request, now or later, by {@link Exchange#answer} or {@link Exchange#complete}.
     *
     * @throws Refusal if the request is wrong
     */
    void answer(Exchange exchange, Request request, byte[] body);
}
