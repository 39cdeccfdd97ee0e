// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.http;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a length of time as people write it: {@code 500ms}, {@code 30s}, {@code PT30S}. */
final class TimeSpan {
    private static final Pattern WITH_UNIT = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

    private TimeSpan() {}

    static Duration parse(String name, String text) {
        Matcher matcher = WITH_UNIT.matcher(text.toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long count = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new Refusal(
                    Problem.badRequest(
                            "%s is '%s'; write a number with a unit, such as 500ms, 30s, 5m, 2h or 1d"
                                    .formatted(name, Target.printable(text))));
        }
    }
}
