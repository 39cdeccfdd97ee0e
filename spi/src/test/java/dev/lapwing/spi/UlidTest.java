// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The first is the example of the specification. */
class UlidTest {

    @ParameterizedTest
    @CsvSource({
        "01ARZ3NDEKTSV4RRFFQ69G5FAV, 1469922850259",
        "00000000000000000000000000, 0",
        "7ZZZZZZZZZZZZZZZZZZZZZZZZZ, 281474976710655",
        "8ZZZZZZZZZZZZZZZZZZZZZZZZZ, -1",
        "01ARZ3NDEKTSV4RRFFQ69G5FA, -1",
        "01ARZ3NDEKTSV4RRFFQ69G5FAVX, -1",
        "01ARZ3NDEKTSV4RRFFQ69G5FAU, -1",
        "01arz3ndektsv4rrffq69g5fav, -1",
        "01ARZ3NDEKTSV4RRFFQ69G5FA订, -1",
        "'', -1"
    })
    void tellsItsTime(String text, long millis) {
        assertThat(Ulid.millis(text)).isEqualTo(millis);
    }
}
