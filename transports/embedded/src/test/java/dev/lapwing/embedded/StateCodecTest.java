// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lapwing.ConnectionFailedException;
import dev.lapwing.TopicPattern;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

final class StateCodecTest {
    private static final PatternGroup PATTERN =
            new PatternGroup(TopicPattern.parse("orders.>"), "billing");

    /** One record of each kind, and its bytes; these never change. */
    private static final List<Golden> GOLDEN =
            List.of(
                    new Golden(new StateRecord.Identity("abc", 7), "01010703616263"),
                    new Golden(new StateRecord.Running(true), "010201"),
                    new Golden(new StateRecord.TopicCreated(300, "订单"), "0103ac0206e8aea2e58d95"),
                    new Golden(new StateRecord.TopicDropped(3), "010403"),
                    new Golden(
                            new StateRecord.GroupCreated(new GroupState(5, 3, "g", 1000)),
                            "01050503e8070167"),
                    new Golden(new StateRecord.GroupDropped(5), "010605"),
                    new Golden(
                            new StateRecord.PatternJoined(PATTERN),
                            "0107086f72646572732e3e0762696c6c696e67"),
                    new Golden(
                            new StateRecord.PatternLeft(PATTERN),
                            "0108086f72646572732e3e0762696c6c696e67"),
                    new Golden(
                            new StateRecord.Settled(5, new long[] {10, 2, 300, 1}),
                            "010905020a02a00201"),
                    new Golden(
                            new StateRecord.SettledWords(5, 64, new long[] {-1, 5}),
                            "010a054002ffffffffffffffff0000000000000005"),
                    new Golden(
                            new StateRecord.Attempted(5, new long[] {10, 2, 0, 11, 1, 300}),
                            "010b05020a02000b01ac02"),
                    new Golden(new StateRecord.Delivered(5, 1000), "010c05e807"),
                    new Golden(new StateRecord.IdsKnown(3, 99), "010d0363"),
                    new Golden(new StateRecord.IdSeen(3, "x", -1, 300), "010e0300ac020178"));

    private record Golden(StateRecord change, String hex) {}

    @Test
    void everyKindKeepsItsBytes() {
        for (Golden golden : GOLDEN) {
            assertThat(HexFormat.of().formatHex(StateCodec.encode(golden.change())))
                    .as(golden.change().toString())
                    .isEqualTo(golden.hex());
        }
    }

    @Test
    void everyKindComesBack() {
        for (Golden golden : GOLDEN) {
            ByteBuffer source = ByteBuffer.wrap(HexFormat.of().parseHex(golden.hex()));
            StateRecord read = StateCodec.decode(source);
            assertThat(source.remaining()).isZero();
            assertThat(read.getClass()).isEqualTo(golden.change().getClass());
            assertThat(HexFormat.of().formatHex(StateCodec.encode(read))).isEqualTo(golden.hex());
        }
    }

    @Test
    void positionsBecomeRuns() {
        assertThat(StateRecord.Settled.of(1, new long[] {7, 5, 6, 6, 9}).runs())
                .containsExactly(5, 3, 9, 1);
    }

    @Test
    void unknownKindOrVersionIsAClearError() {
        for (String hex : List.of("010f", "0201")) {
            assertThatThrownBy(
                            () -> StateCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
                    .isInstanceOf(ConnectionFailedException.class)
                    .hasMessageContaining("use the version that wrote it, or a newer one");
        }
    }
}
