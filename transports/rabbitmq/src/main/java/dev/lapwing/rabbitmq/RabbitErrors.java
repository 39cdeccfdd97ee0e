// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.LapwingException;
import dev.lapwing.TopicConflictException;

import org.jspecify.annotations.Nullable;

import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLException;

/** What the client throws, in words and types of Lapwing. */
final class RabbitErrors {
    private static final int SHOWN = 300;

    private RabbitErrors() {}

    /** Why a connection could not be made. */
    static LapwingException connecting(RabbitSettings settings, Exception failure) {
        if (failure instanceof AuthenticationFailureException
                || failure instanceof PossibleAuthenticationFailureException) {
            return new AccessDeniedException(
                    "%s refuses user '%s' or the password; give the right ones in the URI, and note that user guest may connect from the broker's own machine only"
                            .formatted(settings.broker(), settings.user()),
                    failure);
        }
        ShutdownSignalException signal = signal(failure);
        int code = signal == null ? 0 : code(signal);
        if (code == AMQP.NOT_ALLOWED || code == AMQP.ACCESS_REFUSED) {
            return new AccessDeniedException(
                    "%s refuses virtual host '%s' to user '%s': %s. Make it with rabbitmqctl add_vhost, and permit it with rabbitmqctl set_permissions"
                            .formatted(
                                    settings.broker(),
                                    settings.vhost(),
                                    settings.user(),
                                    reason(failure)),
                    failure);
        }
        return new ConnectionFailedException(
                "%s cannot be reached: %s. %s"
                        .formatted(settings.broker(), reason(failure), advice(settings, failure)),
                failure);
    }

    private static String advice(RabbitSettings settings, Exception failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SSLException) {
                return "Give the CA that signed its certificate as ca=FILE, use the host name that"
                        + " the certificate has, and check that the port speaks TLS";
            }
        }
        return settings.tls()
                ? "Start it, or check host and port; amqps is on port 5671 as a rule"
                : "Start it, or check host and port";
    }

    /** Why a queue or an exchange cannot be had. */
    static LapwingException using(RabbitSettings settings, String thing, Throwable failure) {
        ShutdownSignalException signal = signal(failure);
        String reason = reason(failure);
        return switch (signal == null ? 0 : code(signal)) {
            case AMQP.ACCESS_REFUSED ->
                    new AccessDeniedException(
                            "%s refuses %s to user '%s': %s. Permit it with rabbitmqctl set_permissions"
                                    .formatted(settings.broker(), thing, settings.user(), reason),
                            failure);
            case AMQP.PRECONDITION_FAILED, AMQP.NOT_ALLOWED ->
                    new TopicConflictException(
                            "%s is on %s with other settings than the URI has: %s. Give the URI the settings that it has, add declare=false, or delete it there"
                                    .formatted(thing, settings.broker(), reason),
                            failure);
            case AMQP.RESOURCE_LOCKED ->
                    new TopicConflictException(
                            "%s on %s belongs to another connection alone: %s. Use another name, or take exclusive out of the URI"
                                    .formatted(thing, settings.broker(), reason),
                            failure);
            case AMQP.NOT_FOUND ->
                    new LapwingException(
                            "%s is not on %s: %s. Make it there, or take declare=false out of the URI"
                                    .formatted(thing, settings.broker(), reason),
                            failure);
            default ->
                    new ConnectionFailedException(
                            "%s broke off while %s was set up: %s. Try again"
                                    .formatted(settings.broker(), thing, reason),
                            failure);
        };
    }

    /** Whether the broker said no to one channel, and would again. */
    static boolean isFinal(Throwable failure) {
        ShutdownSignalException signal = signal(failure);
        return signal != null
                && !signal.isHardError()
                && switch (code(signal)) {
                    case AMQP.ACCESS_REFUSED,
                            AMQP.PRECONDITION_FAILED,
                            AMQP.NOT_ALLOWED,
                            AMQP.RESOURCE_LOCKED,
                            AMQP.NOT_FOUND ->
                            true;
                    default -> false;
                };
    }

    /** Whether the broker did not answer on one channel: one queue may be busy, or stuck. */
    static boolean isSilence(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof TimeoutException) {
                return true;
            }
        }
        return false;
    }

    /** The signal that an error came from. */
    static @Nullable ShutdownSignalException signal(@Nullable Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof ShutdownSignalException signal) {
                return signal;
            }
        }
        return null;
    }

    /** The broker's reply code; 0 where it gave none. */
    static int code(ShutdownSignalException signal) {
        return switch (signal.getReason()) {
            case AMQP.Channel.Close close -> close.getReplyCode();
            case AMQP.Connection.Close close -> close.getReplyCode();
            case null, default -> 0;
        };
    }

    /** What the broker or the machine said, for people. */
    static String reason(Throwable failure) {
        ShutdownSignalException signal = signal(failure);
        if (signal != null) {
            return reason(signal);
        }
        String text =
                switch (failure) {
                    case UnknownHostException e -> "unknown host " + e.getMessage();
                    case SocketTimeoutException e -> "no answer in time";
                    case TimeoutException e -> "no answer in time";
                    default ->
                            failure.getMessage() == null
                                    ? failure.getClass().getSimpleName()
                                    : failure.getMessage();
                };
        return shorten(text);
    }

    private static String reason(ShutdownSignalException signal) {
        Method method = signal.getReason();
        return switch (method) {
            case AMQP.Channel.Close close -> shorten(close.getReplyText());
            case AMQP.Connection.Close close -> shorten(close.getReplyText());
            case null, default ->
                    signal.getCause() == null
                                    || signal.getCause() instanceof ShutdownSignalException
                            ? "the link broke"
                            : "the link broke (" + reason(signal.getCause()) + ")";
        };
    }

    private static String shorten(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
