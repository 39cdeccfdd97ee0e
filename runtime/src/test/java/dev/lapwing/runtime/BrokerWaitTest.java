// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.AccessDeniedException;
import dev.lapwing.ConnectOptions;
import dev.lapwing.ConnectionFailedException;
import dev.lapwing.ConnectionState;
import dev.lapwing.InvalidUriException;
import dev.lapwing.Lapwing;
import dev.lapwing.LapwingException;
import dev.lapwing.reference.ReferenceBroker;
import dev.lapwing.reference.ReferenceSettings;
import dev.lapwing.spi.Transport;
import dev.lapwing.spi.TransportContext;
import dev.lapwing.spi.TransportOption;
import dev.lapwing.spi.TransportProvider;
import dev.lapwing.spi.TransportUri;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;

class BrokerWaitTest {

    private final Queue<LapwingException> failures = new ArrayDeque<>();

    /** A broker that fails some attempts, and calls its link closed each time. */
    private final class Late implements TransportProvider {
        @Override
        public String name() {
            return "late";
        }

        @Override
        public Set<String> schemes() {
            return Set.of("late");
        }

        @Override
        public List<TransportOption> options() {
            return List.of();
        }

        @Override
        public Transport connect(TransportUri uri, TransportContext context) {
            assertThat(uri.options()).isEmpty();
            LapwingException failure = failures.poll();
            if (failure != null) {
                context.state().accept(new ConnectionState.Closed("it did not work"));
                throw failure;
            }
            return ReferenceBroker.named("late", ReferenceSettings.perMessage()).connect(context);
        }
    }

    private Lapwing connect(String uri, ConnectOptions options) {
        return RuntimeConnector.open(
                TransportUri.parse(uri), new TransportDirectory(List.of(new Late())), options);
    }

    private void fail(int times) {
        for (int at = 0; at < times; at++) {
            failures.add(new ConnectionFailedException("nobody listens at late:x"));
        }
    }

    @Test
    void brokerThatIsNotThereIsAFailureAtOnce() {
        fail(2);
        assertThatThrownBy(() -> connect("late:x", ConnectOptions.defaults()))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessage("nobody listens at late:x");
        assertThat(failures).hasSize(1);
    }

    @Test
    void uriOptionWaitsForTheBroker() {
        fail(2);
        try (var lapwing = connect("late:x?wait=30s", ConnectOptions.defaults())) {
            assertThat(lapwing.state()).isInstanceOf(ConnectionState.Connected.class);
            lapwing.publish("a", "there");
        }
    }

    @Test
    void connectOptionWaitsForTheBroker() {
        fail(1);
        var options = ConnectOptions.defaults().withWait(Duration.ofSeconds(30));
        try (var lapwing = connect("late:x", options)) {
            lapwing.publish("a", "there");
        }
    }

    @Test
    void waitEndsWithTheLastFailure() {
        fail(100);
        assertThatThrownBy(() -> connect("late:x?wait=150ms", ConnectOptions.defaults()))
                .isInstanceOf(ConnectionFailedException.class)
                .hasMessageContaining("nobody listens at late:x")
                .hasMessageContaining("gave up after PT0.15S");
        assertThat(failures).hasSizeBetween(90, 99);
    }

    @Test
    void refusalIsNotWaitedFor() {
        failures.add(new AccessDeniedException("the password is wrong"));
        assertThatThrownBy(() -> connect("late:x?wait=30s", ConnectOptions.defaults()))
                .isInstanceOf(AccessDeniedException.class);
        failures.add(new InvalidUriException("no such option"));
        assertThatThrownBy(() -> connect("late:x?wait=30s", ConnectOptions.defaults()))
                .isInstanceOf(InvalidUriException.class);
        assertThatThrownBy(() -> connect("late:x?wait=soon", ConnectOptions.defaults()))
                .isInstanceOf(InvalidUriException.class)
                .hasMessageContaining("'wait'");
    }
}
