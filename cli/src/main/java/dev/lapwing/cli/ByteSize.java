// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import picocli.CommandLine.TypeConversionException;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, as people write it.
 *
 * @param bytes from 0 up
 */
record ByteSize(long bytes) {

    private static final Pattern SHAPE = Pattern.compile("(\\d{1,12})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    /** Reads {@code 1048576}, {@code 512KiB}, {@code 1MiB}. */
    static ByteSize parse(String text) {
        Matcher shape = SHAPE.matcher(text.strip());
        if (!shape.matches()) {
            throw new TypeConversionException(
                    "'%s' is not a size; write it like 512KiB, 1MiB or 1048576".formatted(text));
        }
        long number = Long.parseLong(shape.group(1));
        int shift = 0;
        while (shape.group(2) != null && !UNITS[shift].equals(shape.group(2))) {
            shift++;
        }
        if (number > Long.MAX_VALUE >> 10 * shift) {
            throw new TypeConversionException("'%s' is too large".formatted(text));
        }
        return new ByteSize(number << 10 * shift);
    }

    /** The number where an int is needed; what is too large becomes the largest. */
    int toInt() {
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }

    /** For people: {@code 17 B}, {@code 1.5 KiB}. */
    @Override
    public String toString() {
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < UNITS.length - 1) {
            size /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", size, UNITS[unit]);
    }
}
