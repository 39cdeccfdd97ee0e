// SPDX-License-Identifier: Apache-2.0
package dev.lapwing;

/** A payload is larger than the connection allows; nothing was sent. */
public final class PayloadTooLargeException extends InvalidMessageException {
    private static final long serialVersionUID = 1L;

    /** An error with both sizes, in bytes. */
    public PayloadTooLargeException(String topic, long bytes, long limitBytes) {
        super(
                "Payload for topic '%s' has %d bytes; the limit is %d. Publish less, or raise maxPayloadBytes"
                        .formatted(topic, bytes, limitBytes));
    }
}
