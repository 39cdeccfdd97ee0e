// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

/** The account of what is open on a channel. */
class RabbitTagsTest {
    private final RabbitTags<String> tags = new RabbitTags<>();

    @Test
    void tagsGoOnFromOneAndAreTakenOnce() {
        assertThat(tags.add(List.of("a", "b"))).isEqualTo(1);
        assertThat(tags.add(List.of("c"))).isEqualTo(3);
        assertThat(tags.remove(2)).isEqualTo("b");
        assertThat(tags.remove(2)).isNull();
        assertThat(tags.lowest()).isEqualTo(1);
        assertThat(tags.removeTo(3)).containsExactly("a", "c");
        assertThat(tags.open()).isZero();
        assertThat(tags.lowest()).isEqualTo(4);
    }

    @Test
    void tagsThatWereTakenBackAreGivenAgain() {
        tags.add(List.of("a", "b", "c"));
        tags.remove(1);
        assertThat(tags.takeBackFrom(2)).containsExactly("b", "c");
        assertThat(tags.add(List.of("d", "e"))).isEqualTo(2);
        assertThat(tags.remove(2)).isEqualTo("d");
        assertThat(tags.remove(3)).isEqualTo("e");
        assertThat(tags.takeBackFrom(4)).isEmpty();
        assertThat(tags.add(List.of("f"))).isEqualTo(4);
    }

    @Test
    void whatIsClosedGivesNoMoreTags() {
        tags.add(List.of("a"));
        assertThat(tags.close()).containsExactly("a");
        assertThat(tags.add(List.of("b"))).isZero();
        assertThat(tags.takeBackFrom(2)).isEmpty();
    }

    @Test
    void manyOpenTagsAreKeptApart() {
        List<String> many = IntStream.range(0, 1000).mapToObj(Integer::toString).toList();
        tags.add(many);
        tags.removeTo(500);
        tags.add(many);
        assertThat(tags.remove(501)).isEqualTo("500");
        assertThat(tags.remove(1001)).isEqualTo("0");
        assertThat(tags.open()).isEqualTo(1498);
        assertThat(tags.find(each -> each.equals("700"))).isEqualTo("700");
    }
}
