// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import dev.lapwing.ClosedException;
import dev.lapwing.InvalidMessageException;
import dev.lapwing.InvalidPositionException;
import dev.lapwing.InvalidTopicException;
import dev.lapwing.LapwingException;
import dev.lapwing.PayloadTooLargeException;
import dev.lapwing.PublishRefusedException;
import dev.lapwing.PublishUnknownException;
import dev.lapwing.UnsupportedCapabilityException;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;

/** Says to a client what an exception means for it. */
final class Failures {
    private static final System.Logger LOG = System.getLogger("dev.lapwing.http");

    private Failures() {}

    /** The problem behind an exception; what nobody expected is logged and told without details. */
    static Problem problem(Throwable failure) {
        return switch (failure) {
            case Refusal refusal -> refusal.problem();
            case InvalidTopicException e -> Problem.invalidTopic(e.getMessage());
            case PayloadTooLargeException e -> Problem.tooLarge(e.getMessage());
            case InvalidPositionException e -> Problem.badRequest(e.getMessage());
            case InvalidMessageException e -> Problem.badRequest(e.getMessage());
            case UnsupportedCapabilityException e ->
                    Problem.of(
                            501, "not-supported", "The transport cannot do this", e.getMessage());
            case PublishRefusedException e when e.isRetriable() ->
                    Problem.unavailable("Not stored: " + e.getMessage());
            case PublishRefusedException e ->
                    Problem.of(503, "refused", "Not stored", "Not stored: " + e.getMessage());
            case PublishUnknownException e -> unknown(e);
            case ClosedException e -> Problem.unavailable(e.getMessage());
            case LapwingException e -> unexpected(e);
            default -> unexpected(failure);
        };
    }

    /** A connection failed; that its client went away is nothing to tell. */
    static void ofConnection(Throwable failure) {
        if (!(failure instanceof IOException || failure instanceof UncheckedIOException)) {
            unexpected(failure);
        }
    }

    private static Problem unknown(PublishUnknownException e) {
        return Problem.of(
                504,
                "unknown",
                "It may be stored or not",
                e.getMessage() + ". Send it again with the same message id to store it once");
    }

    private static Problem unexpected(Throwable failure) {
        LOG.log(Level.ERROR, "A request failed in a way that nobody expected", failure);
        return Problem.of(
                500,
                "internal-error",
                "The server has a fault",
                "The server's log tells what happened");
    }

    /** The problem behind a request that could not be decoded. */
    static Problem undecodable(Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException e ->
                    Problem.of(
                            414,
                            "uri-too-long",
                            "The request line is too long",
                            "The request line is longer than %d bytes; send less in the query"
                                    .formatted(ServerPipeline.MAX_LINE_BYTES));
            case TooLongHttpHeaderException e ->
                    Problem.of(
                            431,
                            "headers-too-large",
                            "The headers are too large",
                            "The headers take more than %d bytes; send less"
                                    .formatted(ServerPipeline.MAX_HEADER_BYTES));
            default ->
                    Problem.badRequest(
                            "This is not HTTP/1.1: "
                                    + Target.printable(String.valueOf(cause.getMessage())));
        };
    }
}
