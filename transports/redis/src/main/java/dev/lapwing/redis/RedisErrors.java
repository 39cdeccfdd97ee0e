// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.InvalidUriException;
import dev.lapwing.LapwingException;
import dev.lapwing.Message;
import dev.lapwing.PublishResult;
import dev.lapwing.TopicConflictException;

import java.net.UnknownHostException;
import java.util.Set;

import javax.net.ssl.SSLException;

/** Turns what the server or its client says into errors that name the thing and what to do. */
final class RedisErrors {
    /** Replies to a command that may be taken later, by the same server. */
    private static final Set<String> PASSING =
            Set.of(
                    "OOM",
                    "READONLY",
                    "LOADING",
                    "BUSY",
                    "MISCONF",
                    "NOREPLICAS",
                    "MASTERDOWN",
                    "CLUSTERDOWN",
                    "TRYAGAIN");

    private RedisErrors() {}

    /** The first word of an error reply, which is its kind. */
    static String code(String reply) {
        int space = reply.indexOf(' ');
        return space < 0 ? reply : reply.substring(0, space);
    }

    static boolean passes(String reply) {
        return PASSING.contains(code(reply));
    }

    /** What a publish is told of an error reply. */
    static PublishResult refused(String topic, String reply) {
        String advice =
                switch (code(reply)) {
                    case "WRONGTYPE" ->
                            "the key '%s' exists and is no stream; take another topic, or a prefix"
                                    .formatted(topic);
                    case "OOM" -> "the server's memory is full; trim streams or raise maxmemory";
                    case "READONLY" -> "the server is a replica; connect to the primary";
                    case "NOPERM" ->
                            "the user may not do it; ask for the right in the server's ACL";
                    case "MOVED", "ASK" ->
                            "the server is part of a cluster, which is not supported; connect to a"
                                    + " single server";
                    default -> "";
                };
        String reason = "the server replied " + reply + (advice.isEmpty() ? "" : ": " + advice);
        return new PublishResult.Refused(reason, passes(reply));
    }

    /** What a publish is told whose link broke before the reply. */
    static PublishResult unsent(boolean written, String why) {
        return written
                ? new PublishResult.Unknown("the link broke before the reply: " + why)
                : new PublishResult.Refused("the link is down: " + why, true);
    }

    /** What a publish is told whose payload the server would not take. */
    static PublishResult tooLong(Message message, long longest) {
        return new PublishResult.Refused(
                "the payload has %d bytes, and the server's proto-max-bulk-len is %d; raise it, or make the payload smaller"
                        .formatted(message.payload().length, longest),
                false);
    }

    /** The error of a call that was replied to with an error. */
    static LapwingException of(RedisSettings settings, String what, String reply) {
        String text = "%s failed on %s: %s".formatted(what, settings, reply);
        return switch (code(reply)) {
            case "WRONGTYPE" ->
                    new TopicConflictException(
                            text
                                    + "; the key exists and is no stream, take another topic or a"
                                    + " prefix");
            case "NOAUTH", "WRONGPASS", "NOPERM" ->
                    new AccessDeniedException(
                            text + "; give a user and a password that may do this");
            case "LOADING", "MASTERDOWN", "CLUSTERDOWN" ->
                    new ConnectionFailedException(text + "; try again when the server is ready");
            case "MOVED", "ASK" ->
                    new ConnectionFailedException(
                            text + "; a cluster is not supported, connect to a single server");
            default -> new LapwingException(text);
        };
    }

    /**
     * The error of a connection that could not be made.
     *
     * @param refusal what the server was overheard to answer; empty for nothing
     */
    static LapwingException connecting(
            RedisSettings settings, String server, String refusal, Throwable failure) {
        Throwable root = failure;
        for (Throwable at = failure; at != null; at = at.getCause()) {
            root = at;
            if (at instanceof SSLException
                    || at instanceof io.lettuce.core.RedisCommandExecutionException) {
                break;
            }
        }
        String reply = String.valueOf(root.getMessage());
        if (root instanceof SSLException) {
            return new ConnectionFailedException(
                    ("No trusted TLS link to Redis at %s: %s; give the CA of its certificate with"
                                    + " ?ca=FILE, and connect by a name that is in the certificate")
                            .formatted(server, reply),
                    failure);
        }
        if (root instanceof io.lettuce.core.RedisCommandExecutionException) {
            return handshake(settings, server, reply);
        }
        if (!refusal.isEmpty()) {
            return handshake(settings, server, refusal);
        }
        return new ConnectionFailedException(
                "Redis at %s cannot be reached: %s; %s"
                        .formatted(server, words(root), advice(settings)),
                failure);
    }

    private static LapwingException handshake(RedisSettings settings, String server, String reply) {
        return switch (code(reply)) {
            case "NOAUTH" ->
                    new AccessDeniedException(
                            ("Redis at %s asks for a password; write it into the URI:"
                                 + " redis://:password@host, or redis://user:password@host")
                                    .formatted(server));
            case "WRONGPASS", "NOPERM" -> denied(settings, server, reply);
            case "ERR" ->
                    reply.contains("AUTH")
                            ? denied(settings, server, reply)
                            : reply.contains("DB index")
                                    ? new InvalidUriException(
                                            ("Redis at %s has no database %d: %s; take a smaller"
                                                            + " number in the path of the URI")
                                                    .formatted(server, settings.database(), reply))
                                    : unready(server, reply);
            default -> unready(server, reply);
        };
    }

    private static AccessDeniedException denied(
            RedisSettings settings, String server, String reply) {
        return new AccessDeniedException(
                "Redis at %s refused %s: %s; check the user and the password in the URI"
                        .formatted(
                                server,
                                settings.address()
                                        .user()
                                        .map(user -> "user '" + user + "'")
                                        .orElse("the password"),
                                reply));
    }

    private static ConnectionFailedException unready(String server, String reply) {
        return new ConnectionFailedException(
                "Redis at %s refused the connection: %s; try again when it is ready"
                        .formatted(server, reply));
    }

    private static String words(Throwable failure) {
        if (failure instanceof UnknownHostException) {
            return "its name is not known";
        }
        String message = failure.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
    }

    private static String advice(RedisSettings settings) {
        return settings.tls()
                ? "check that it runs there and speaks TLS on that port"
                : "check that it runs there, and that host and port are right";
    }

    /** The error of a call whose link broke before its reply. */
    static ConnectionFailedException broken(RedisSettings settings, String why) {
        return new ConnectionFailedException(
                "The link to Redis at %s broke before the reply: %s"
                        .formatted(settings.shown(), why));
    }
}
