// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.kafka;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.InvalidTopicException;
import dev.lapwing.LapwingException;
import dev.lapwing.PublishResult;
import dev.lapwing.TopicConflictException;

import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns what Kafka's clients throw into what Lapwing tells. */
final class KafkaErrors {

    private final KafkaSettings settings;

    KafkaErrors(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * Waits for an answer of the admin client, which has a time-out of its own.
     *
     * @param doing what is being done, to stand behind "while": "listing topics"
     */
    <T> T get(KafkaFuture<T> answer, String doing) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw told(cause(e), doing);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException("The thread was interrupted while " + doing, e);
        }
    }

    /** As {@link #get(KafkaFuture, String)}, for at most so long. */
    <T> T get(KafkaFuture<T> answer, long millis, String doing) {
        try {
            return answer.get(millis, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw told(cause(e), doing);
        } catch (TimeoutException e) {
            throw unreachable(e, doing);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LapwingException("The thread was interrupted while " + doing, e);
        }
    }

    /** What to tell of a failure. */
    LapwingException told(Throwable cause, String doing) {
        return switch (cause) {
            case LapwingException known -> known;
            case SslAuthenticationException e ->
                    new ConnectionFailedException(
                            "The certificate of %s is not trusted, or names another host (%s); give the authority that signed it as ca=FILE, and connect by the name in the certificate"
                                    .formatted(settings.shown(), rootText(e)),
                            e);
            case AuthenticationException e ->
                    new AccessDeniedException(
                            "The broker %s refused %s (%s); check user, password and the option sasl"
                                    .formatted(settings.shown(), user(), e.getMessage()),
                            e);
            case AuthorizationException e ->
                    new AccessDeniedException(
                            "The broker %s does not allow %s this while %s (%s); ask for an ACL"
                                    .formatted(settings.shown(), user(), doing, e.getMessage()),
                            e);
            case GroupIdNotFoundException e -> otherKind(e, doing);
            case InconsistentGroupProtocolException e -> otherKind(e, doing);
            case org.apache.kafka.common.errors.TimeoutException e -> unreachable(e, doing);
            case org.apache.kafka.common.errors.InvalidTopicException e ->
                    new LapwingException(
                            "The broker %s refused the name of a topic while %s: %s"
                                    .formatted(settings.shown(), doing, e.getMessage()),
                            e);
            case InvalidReplicationFactorException e ->
                    new LapwingException(
                            "The broker %s cannot make that many copies while %s (%s); set the option replication"
                                    .formatted(settings.shown(), doing, e.getMessage()),
                            e);
            case ConfigException e ->
                    new ConnectionFailedException(
                            "%s cannot be connected to: %s"
                                    .formatted(settings.shown(), e.getMessage()),
                            e);
            default ->
                    new LapwingException(
                            "The broker %s failed while %s: %s"
                                    .formatted(settings.shown(), doing, text(cause)),
                            cause);
        };
    }

    private TopicConflictException otherKind(Throwable cause, String doing) {
        return new TopicConflictException(
                "There is a group of that name and of another kind at %s (while %s: %s); take another name, set the options groups and protocol to its kind, or delete it when it has no members"
                        .formatted(settings.shown(), doing, text(cause)),
                cause);
    }

    private ConnectionFailedException unreachable(Throwable cause, String doing) {
        return new ConnectionFailedException(
                "The broker %s did not answer while %s (%s); is it running, does its advertised.listeners name an address that can be reached from here, and does the option tls fit its port?"
                        .formatted(settings.shown(), doing, text(cause)),
                cause);
    }

    private String user() {
        return settings.address()
                .user()
                .map(name -> "the user '" + name + "'")
                .orElse("a connection without a user");
    }

    /** What lies behind an error of a future; the error itself if there is nothing. */
    static Throwable cause(Throwable error) {
        Throwable cause = error.getCause();
        return cause == null ? error : cause;
    }

    private static String rootText(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return text(root);
    }

    private static String text(Throwable error) {
        return error.getMessage() != null ? error.getMessage() : error.getClass().getSimpleName();
    }

    /** How a send that failed with this has ended. */
    static PublishResult result(String topic, Throwable error) {
        return switch (error) {
            case LapwingException e -> refused(text(e), !permanent(e));
            case RecordTooLargeException e ->
                    refused(
                            "the message is too large for topic '%s' (%s); raise max.message.bytes of the topic or message.max.bytes of the broker, or publish less"
                                    .formatted(topic, text(e)),
                            false);
            case NotEnoughReplicasAfterAppendException e ->
                    new PublishResult.Unknown(
                            "topic '%s' has it, with too few copies (%s)"
                                    .formatted(topic, text(e)));
            case NotEnoughReplicasException e ->
                    refused(
                            "topic '%s' has too few copies in step (%s)".formatted(topic, text(e)),
                            true);
            case UnknownTopicOrPartitionException e ->
                    refused("topic '%s' is gone (%s)".formatted(topic, text(e)), true);
            case UnknownTopicIdException e ->
                    refused("topic '%s' is gone (%s)".formatted(topic, text(e)), true);
            case UnknownServerException e ->
                    new PublishResult.Unknown("the broker failed: " + text(e));
            case RetriableException e ->
                    new PublishResult.Unknown(
                            "no confirmation for topic '%s': %s".formatted(topic, text(e)));
            case ApiException e ->
                    refused("topic '%s' refused it: %s".formatted(topic, text(e)), false);
            default ->
                    new PublishResult.Unknown(
                            "no confirmation for topic '%s': %s".formatted(topic, text(error)));
        };
    }

    private static boolean permanent(LapwingException error) {
        return error instanceof AccessDeniedException || error instanceof InvalidTopicException;
    }

    static PublishResult.Refused refused(String reason, boolean retriable) {
        return new PublishResult.Refused(reason, retriable);
    }
}
