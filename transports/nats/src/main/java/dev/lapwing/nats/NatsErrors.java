// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.nats;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.Capability;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.LapwingException;
import dev.lapwing.PublishResult;
import dev.lapwing.TopicConflictException;
import dev.lapwing.UnsupportedCapabilityException;
import dev.lapwing.spi.BrokerAddress;

import io.nats.client.AuthenticationException;
import io.nats.client.JetStreamApiException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Locale;

import javax.net.ssl.SSLException;

/** What the client's and the server's errors mean. */
final class NatsErrors {

    static final int NO_RESPONDERS = 503;

    private static final int STREAM_NOT_FOUND = 10059;
    private static final int CONSUMER_NOT_FOUND = 10014;
    private static final int NAME_IN_USE = 10058;
    private static final int SUBJECTS_OVERLAP = 10065;
    private static final int FILTER_TOO_WIDE = 10093;
    private static final int NOT_ENABLED = 10076;
    private static final int NOT_ENABLED_FOR_ACCOUNT = 10039;

    private NatsErrors() {}

    /** Why no link could be made. */
    static LapwingException connecting(
            NatsSettings settings, Throwable failure, @Nullable Throwable told) {
        String where = settings.address().shown();
        if (failure instanceof AuthenticationException || isDenied(failure) || isDenied(told)) {
            return new AccessDeniedException(
                    "NATS at %s refused %s; check the user and the password, token or ?credentials of the URI"
                            .formatted(where, who(settings.address())),
                    failure);
        }
        Throwable tls = cause(told, SSLException.class);
        if (tls != null) {
            return new ConnectionFailedException(
                    "TLS with NATS at %s failed: %s; if its certificate is not trusted, name the authority that signed it with ?ca=FILE, and the host as the certificate does"
                            .formatted(where, tls.getMessage()),
                    tls);
        }
        return new ConnectionFailedException(
                "NATS at %s cannot be reached: %s; check that the server runs there, and whether it wants TLS (tls://)"
                        .formatted(where, reason(told == null ? failure : told)),
                failure);
    }

    /** Who connects, for people; a token is not shown. */
    private static String who(BrokerAddress address) {
        if (address.user().isEmpty()) {
            return "a user without a name";
        }
        return address.password().isPresent()
                ? "the user '" + address.user().get() + "'"
                : "the token";
    }

    /** An error of a call to the server about a stream or a consumer. */
    static LapwingException of(String what, Exception failure) {
        if (failure instanceof JetStreamApiException api) {
            String text =
                    "%s: NATS says '%s' (%d)"
                            .formatted(what, api.getErrorDescription(), api.getApiErrorCode());
            return switch (api.getApiErrorCode()) {
                case NAME_IN_USE, SUBJECTS_OVERLAP -> new TopicConflictException(text, failure);
                case NOT_ENABLED, NOT_ENABLED_FOR_ACCOUNT -> noJetStream(what, failure);
                case FILTER_TOO_WIDE ->
                        new UnsupportedCapabilityException(
                                NatsProvider.NAME,
                                Capability.PATTERNS,
                                "the pattern is wider than each subject of the stream; subscribe"
                                        + " once for each of its subjects");
                default -> new LapwingException(text, failure);
            };
        }
        if (failure instanceof IllegalStateException) {
            return new ConnectionFailedException(
                    "%s: the link to NATS is down; try again when it is up".formatted(what),
                    failure);
        }
        return isNobody(failure)
                ? noJetStream(what, failure)
                : new LapwingException("%s: %s".formatted(what, reason(failure)), failure);
    }

    /** What the server does not permit, in its words. */
    static LapwingException denied(String what, String text) {
        return new AccessDeniedException(
                "%s: NATS says '%s'; give the user this permission, or connect as another"
                        .formatted(what, text));
    }

    private static LapwingException noJetStream(String what, Exception failure) {
        return new ConnectionFailedException(
                "%s does not answer: the server has no JetStream for this user, or it is not ready; start the server with -js, or connect with ?mode=core"
                        .formatted(what),
                failure);
    }

    /** Whether nobody answers for JetStream. */
    static boolean isNobody(Exception failure) {
        return failure instanceof IOException
                && String.valueOf(failure.getMessage()).contains("no response waiting");
    }

    /** Whether the stream or the consumer is not there. */
    static boolean isMissing(Exception failure) {
        return failure instanceof JetStreamApiException api
                && (api.getApiErrorCode() == STREAM_NOT_FOUND
                        || api.getApiErrorCode() == CONSUMER_NOT_FOUND);
    }

    /** A refusal that stands in the answer to a publish. */
    static PublishResult refused(String topic, JetStreamApiException failure) {
        boolean busy = failure.getErrorCode() == 503 || failure.getErrorCode() == 507;
        return new PublishResult.Refused(
                "NATS does not store in topic '%s': %s (%d)"
                        .formatted(topic, failure.getErrorDescription(), failure.getApiErrorCode()),
                busy);
    }

    private static boolean isDenied(@Nullable Throwable failure) {
        return failure != null
                && String.valueOf(failure.getMessage())
                        .toLowerCase(Locale.ROOT)
                        .contains("authorization violation");
    }

    private static @Nullable Throwable cause(
            @Nullable Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (kind.isInstance(each)) {
                return each;
            }
        }
        return null;
    }

    /** An error in words. */
    static String reason(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
    }
}
