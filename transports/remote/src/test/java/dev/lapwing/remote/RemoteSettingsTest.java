// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.InvalidUriException;
import dev.lapwing.spi.TransportUri;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.SplittableRandom;

class RemoteSettingsTest {

    @Test
    void addressIsAHostAndAPort() {
        assertThat(authority("lapwing://localhost:8080")).isEqualTo("localhost:8080");
        assertThat(authority("lapwing://example.org")).isEqualTo("example.org:3030");
        assertThat(authority("lapwing://[::1]:99/")).isEqualTo("[::1]:99");
    }

    @Test
    void addressThatIsNoneIsRefused() {
        for (String uri :
                new String[] {
                    "lapwing:",
                    "lapwing:data",
                    "lapwing://",
                    "lapwing://a:0",
                    "lapwing://a:70000",
                    "lapwing://a:b",
                    "lapwing://a/b",
                    "lapwing://user@host",
                    "lapwing://a b"
                }) {
            assertThatThrownBy(() -> authority(uri))
                    .as(uri)
                    .isInstanceOf(InvalidUriException.class);
        }
    }

    @Test
    void valueOutOfItsRangeIsRefused() {
        for (String option :
                new String[] {"lanes=0", "lanes=65", "heartbeat=0ms", "longest-pause=x"}) {
            assertThatThrownBy(() -> authority("lapwing://a?" + option))
                    .as(option)
                    .isInstanceOf(InvalidUriException.class)
                    .hasMessageContaining(option.substring(0, option.indexOf('=')));
        }
    }

    @Test
    void pausesDoubleUpToTheLongestAndAreSpread() {
        var backoff = new Backoff(Duration.ofSeconds(2), new SplittableRandom(1));

        assertThat(backoff.pause(0)).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(backoff.pause(2)).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        assertThat(backoff.pause(1000)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    private static String authority(String uri) {
        return RemoteSettings.of(TransportUri.parse(uri)).server().authority();
    }
}
